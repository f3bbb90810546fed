"""Plain text: paragraphs, headings, list items and table rows by how the lines lie."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.language.rows import BETWEEN_CELLS
from ingest.parse.captions import unit_of
from ingest.parse.characters import decode
from ingest.parse.front_matter import split_front_matter
from ingest.parse.shapes import columns, is_closed, is_list_item, kind_of
from ingest.parse.tables import head_rows, heads_of
from ingest.records import Block, BlockKind, ParsedReport, Table

_CELL_GAP = re.compile(r"\t+|\s{3,}|\s\|\s")
_BAR = re.compile(r"\s\|\s")
_WRAP_WIDTHS = range(50, 121)
_WRAPPED_LINES = 3  # fewer may be as long as each other by chance


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without the white space around it."""

    start: int
    end: int
    text: str

    @property
    def first_word_width(self) -> int:
        """Columns of the least that a line break could not have parted."""
        wide = columns(self.text[0]) == 2
        return 2 if wide else columns(self.text.split(maxsplit=1)[0])

    @property
    def is_row(self) -> bool:
        """Whether it has the gaps of a table's row."""
        return len(_CELL_GAP.findall(self.text)) >= 2


def parse_text(content: bytes, name: str) -> ParsedReport:
    """Parse a plain text file.

    Paragraphs are parted by empty lines, or stand one on a line; lines broken at a fixed
    width are one paragraph, the line breaks inside it. A front matter is not part of the text.

    Args:
        content: the file's bytes.
        name: its name, for messages.

    Returns:
        The report; its text is the file's own, but for the gaps between the cells of a table
        whose columns are plain, where bars stand.

    Raises:
        ParseError: the bytes are no text, or the front matter cannot be read.
    """
    stated, text = split_front_matter(decode(content, name), name)
    return replace(report_of(text), stated=stated, stated_in="front matter")


def report_of(text: str) -> ParsedReport:
    r"""Return a plain text whose line breaks are all "\n" as a report that states nothing."""
    blocks = text_blocks(text)
    tables: list[Table] = []
    rewritten: dict[int, str] = {}  # by place of its block
    for run in _runs_of_rows(text, blocks):
        rows = _rows_of([text[block.start : block.end] for block in run], _indents(text, run))
        if rows is None:
            continue
        rewritten |= {
            block.paragraph: BETWEEN_CELLS.join(row) for block, row in zip(run, rows, strict=True)
        }
        above = blocks[run[0].paragraph - 2] if run[0].paragraph > 1 else None
        over = text[above.start : above.end] if above is not None else ""
        heads = heads_of(rows[: head_rows(rows)])
        unit = unit_of(over)
        if any(heads) or unit:
            tables.append(Table(run[0].paragraph, run[-1].paragraph, heads, unit))
    return replace(_with_rows(text, blocks, rewritten), tables=tuple(tables))


def text_blocks(text: str) -> tuple[Block, ...]:
    r"""Find the blocks of a plain text whose line breaks are all "\n"."""
    groups = _groups(text)
    wrap = _wrap_width(groups)
    paragraphs: list[list[_Line]] = []
    for group in groups:
        paragraphs.append([group[0]])
        for before, line in pairwise(group):
            parted = line.is_row or is_list_item(line.text) or before.is_row
            if wrap is not None and not parted and _is_full(before, line, wrap):
                paragraphs[-1].append(line)
            else:
                paragraphs.append([line])
    blocks: list[Block] = []
    following: str | None = None
    kind: BlockKind | None = None
    for place in range(len(paragraphs), 0, -1):
        lines = paragraphs[place - 1]
        start, end = lines[0].start, lines[-1].end
        is_row = lines[0].is_row
        kind = BlockKind.TABLE_ROW if is_row else kind_of(text[start:end], following, kind)
        following = text[start:end]
        blocks.append(Block(kind, start, end, None, place))
    return tuple(reversed(blocks))


def _runs_of_rows(text: str, blocks: Sequence[Block]) -> list[list[Block]]:
    """Rows that follow each other line by line, several of them."""
    runs: list[list[Block]] = [[]]
    for block in blocks:
        if block.kind is not BlockKind.TABLE_ROW:
            runs.append([])
            continue
        if runs[-1] and text.count("\n", runs[-1][-1].end, block.start) > 1:
            runs.append([])
        runs[-1].append(block)
    return [run for run in runs if len(run) > 1]


def _indents(text: str, run: Sequence[Block]) -> list[int]:
    """How far in each row begins."""
    return [block.start - (text.rfind("\n", 0, block.start) + 1) for block in run]


def _rows_of(lines: Sequence[str], indents: Sequence[int]) -> list[list[str]] | None:
    """The cells of the rows of a table, None where their columns are not plain.

    Bars and single tabs part cells, empty ones too. Wide gaps tell columns only where every row
    has as many; a row set further in than all below it has none above their labels.
    """
    if all(_BAR.search(line) for line in lines):
        rows = [[cell.strip() for cell in _BAR.split(line.strip("|"))] for line in lines]
        return [[cell.strip("| ") for cell in row] for row in rows]
    gap = "\t" if all("\t" in line for line in lines) else r"\s{3,}"
    rows = [[" ".join(cell.split()) for cell in re.split(gap, line)] for line in lines]
    width = max(map(len, rows))
    least = min(indents)
    for row, indent in zip(rows, indents, strict=True):
        if len(row) == width - 1 and indent > least:
            row.insert(0, "")
    plain = all(len(row) == width and BETWEEN_CELLS not in "".join(row) for row in rows)
    return rows if plain else None


def _with_rows(text: str, blocks: Sequence[Block], rewritten: Mapping[int, str]) -> ParsedReport:
    """A text with some of its rows written anew."""
    pieces: list[str] = []
    moved: list[Block] = []
    behind = length = 0
    for block in blocks:
        between = text[behind : block.start]
        said = rewritten.get(block.paragraph, "").strip() or text[block.start : block.end]
        start = length + len(between)
        moved.append(replace(block, start=start, end=start + len(said)))
        pieces += [between, said]
        behind, length = block.end, start + len(said)
    pieces.append(text[behind:])
    return ParsedReport("".join(pieces), tuple(moved))


def _groups(text: str) -> list[list[_Line]]:
    """The lines that hold something, grouped by the empty lines between them."""
    groups: list[list[_Line]] = []
    start, apart = 0, True
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            begin = start + len(raw) - len(raw.lstrip())
            line = _Line(begin, begin + len(stripped), stripped)
            if apart:
                groups.append([])
            groups[-1].append(line)
        apart = not stripped
        start += len(raw) + 1
    return groups


def _wrap_width(groups: list[list[_Line]]) -> int | None:
    """The width at which the lines are broken, None if a line break ends a paragraph.

    Lines broken at a width are nearly as long as it, as often as not in mid-sentence.
    """
    pairs = [pair for group in groups for pair in pairwise(group)]
    if len(pairs) < _WRAPPED_LINES:
        return None
    widths = sorted(columns(before.text) for before, _ in pairs)
    wrap = widths[(len(widths) - 1) * 9 // 10]
    full = [before for before, line in pairs if _is_full(before, line, wrap)]
    open_ended = [line for line in full if not is_closed(line.text)]
    broken = len(full) >= max(_WRAPPED_LINES, len(pairs) * 0.6)
    return wrap if wrap in _WRAP_WIDTHS and broken and len(open_ended) * 3 >= len(full) else None


def _is_full(line: _Line, following: _Line, wrap: int) -> bool:
    """Whether the first word of the following line would not have fitted on this one."""
    return columns(line.text) + 1 + following.first_word_width > wrap
