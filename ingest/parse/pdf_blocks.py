"""Blocks out of the lines of a PDF: paragraphs put together again, tables row by row."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.parse.pdf_lines import Line
from ingest.parse.shapes import columns, is_closed, is_list_item, kind_of
from ingest.parse.writer import ReportWriter
from ingest.records import BlockKind

_ALIKE = 0.07  # share by which the heights of lines in one type may differ
_LARGER = 1.07  # times the height of most lines: the type of a heading
_LOOSER = 1.25  # times the usual distance of lines: the space between paragraphs
_UNKNOWN_PITCH = 1.4  # heights from line to line in a type of which there is little
_WIDE_GAP = 3.0  # heights; nothing but columns is so far apart
_FIGURE = re.compile(r"\W{0,3}\d.{0,20}|n/?a|[-–—]", re.IGNORECASE)
_SUBHEAD_COLUMNS = 110
_SUBHEADS = 2
_HEADING_COLUMNS = 200
_WORD = re.compile(r"[a-z]+")
_PARTED_END = re.compile(r"\S+-$")
_PARTED_WORD = re.compile(r"([a-z]+)- ([a-z]+)\W*")


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines that are one block."""

    lines: list[Line]
    is_row: bool


class _Type:
    """How a document is set: its usual type, how far apart lines stand, where columns end."""

    def __init__(self, lines: Sequence[Line]) -> None:
        heights: Counter[float] = Counter()
        pitches: defaultdict[int, Counter[float]] = defaultdict(Counter)
        self._columns: defaultdict[tuple[int, int], list[Line]] = defaultdict(list)
        for line in lines:
            heights[_rounded(line.height)] += len(line.text)
            if len(line.cells) == 1:
                self._columns[line.page, round(line.height)].append(line)
        for above, line in pairwise(lines):
            if _alike(above, line) and above.page == line.page and above.bottom > line.bottom:
                pitches[round(line.height)][_rounded(above.bottom - line.bottom)] += 1
        self.height = heights.most_common(1)[0][0] if heights else 0.0
        self._pitches = {
            height: min(pitch for pitch, count in counts.items() if count == max(counts.values()))
            for height, counts in pitches.items()
        }

    def is_heading(self, line: Line) -> bool:
        """Whether a line is set larger than the text."""
        return line.height > self.height * _LARGER

    def is_close(self, above: Line, line: Line) -> bool:
        """Whether two lines stand no farther apart than those of one paragraph."""
        pitch = self._pitches.get(round(line.height), line.height * _UNKNOWN_PITCH)
        beside = line.left > above.right or line.right < above.left
        return not beside and 0 < above.bottom - line.bottom <= pitch * _LOOSER

    def is_full(self, line: Line, following: Line) -> bool:
        """Whether the next line's first word would not have fitted on a line."""
        edge = max(
            other.right
            for other in [line, *self._columns[line.page, round(line.height)]]
            if abs(other.left - line.left) <= 3 * line.height
        )
        return line.right + line.height / 4 + following.first_word > edge - 1


def write_blocks(lines: Sequence[Line], writer: ReportWriter) -> None:
    """Write the blocks of a document.

    Lines make a paragraph where the first word of one would not have fitted on the one
    before and they stand as close as lines do; a paragraph may go on on the next page. A row
    of a table is its cells, "cell | cell".

    Args:
        lines: the lines of all its pages in reading order.
        writer: where the blocks go.
    """
    setting = _Type(lines)
    whole = (_PARTED_END.sub("", line.text.lower()) for line in lines)
    words = {word for text in whole for word in _WORD.findall(text)}
    blocks: list[_Block] = []
    open_block: _Block | None = None  # a running line does not end a paragraph
    for line, is_row in zip(lines, _rows(lines), strict=True):
        if open_block and not is_row and _continues(open_block.lines[-1], line, setting):
            open_block.lines.append(line)
            continue
        blocks.append(_Block([line], is_row))
        if not line.running:
            open_block = None if is_row else blocks[-1]
    texts = [_text(block, words) for block in blocks]
    kinds: list[BlockKind] = []
    following: str | None = None
    kind: BlockKind | None = None
    for block, text in zip(reversed(blocks), reversed(texts), strict=True):
        if block.lines[0].running:
            kinds.append(BlockKind.PARAGRAPH)
            continue
        if block.is_row:
            kind = BlockKind.TABLE_ROW
        elif setting.is_heading(block.lines[0]) and _is_short(text):
            kind = BlockKind.HEADING
        else:
            kind = kind_of(text, following, kind)
        following = text
        kinds.append(kind)
    for block, text, kind in zip(blocks, texts, reversed(kinds), strict=True):
        writer.add(kind, text, block.lines[0].page)


def _rows(lines: Sequence[Line]) -> list[bool]:
    """Which lines are rows of a table.

    Rows have cells; between two of them, one or two short lines are rows as well: what heads
    those below, or the beginning of a long label.
    """
    rows = [
        len(line.cells) > 2
        or (len(line.cells) == 2 and (line.gap > _WIDE_GAP or _is_figure(line.cells[1])))
        for line in lines
    ]
    places = [place for place, is_row in enumerate(rows) if is_row]
    for first, last in pairwise(places):
        between = lines[first + 1 : last]
        if len(between) <= _SUBHEADS and all(_may_be_row(line, lines[last]) for line in between):
            rows[first:last] = [True] * (last - first)
    return rows


def _is_figure(cell: str) -> bool:
    """Whether a cell is a number, with its unit perhaps, or the mark for none."""
    return _FIGURE.fullmatch(cell) is not None


def _may_be_row(line: Line, row: Line) -> bool:
    """Whether a line has the form of a label that belongs to a table with the given row."""
    short = columns(line.text) <= _SUBHEAD_COLUMNS and not is_closed(line.text)
    return short and line.page == row.page and _alike(line, row) and not line.running


def _continues(above: Line, line: Line, setting: _Type) -> bool:
    """Whether a line goes on with the paragraph of the line before it."""
    if line.running or not _alike(above, line) or is_list_item(line.text):
        return False
    if above.page != line.page:
        open_ended = not is_closed(above.text) and not line.text[0].isupper()
        return open_ended and not setting.is_heading(line) and setting.is_full(above, line)
    if not setting.is_close(above, line):
        return False
    unfinished = above.text.endswith("-") or setting.is_heading(line)
    return unfinished or setting.is_full(above, line)


def _text(block: _Block, words: set[str]) -> str:
    """What a block says; words of the document tell which hyphens only part a line."""
    if block.is_row:
        return " | ".join(block.lines[0].cells)
    text = block.lines[0].text
    for line in block.lines[1:]:
        parted = _PARTED_WORD.fullmatch(f"{text.rsplit(maxsplit=1)[-1]} {line.text.split()[0]}")
        if parted and (parted[1] + parted[2] in words or parted[1] not in words):
            text = text[:-1] + line.text
        elif text.endswith("-") or columns(text[-1] + line.text[0]) == 4:
            text += line.text
        else:
            text += f" {line.text}"
    return text


def _is_short(text: str) -> bool:
    """Whether a text in large type is a heading and not a sentence set large."""
    return columns(text) <= _HEADING_COLUMNS and not is_closed(text)


def _alike(one: Line, other: Line) -> bool:
    """Whether two lines are set in one size of type."""
    return abs(one.height - other.height) <= _ALIKE * one.height


def _rounded(points: float) -> float:
    """A length to half a point."""
    return round(points * 2) / 2
