"""Plain text: paragraphs, headings, list items and table rows by how the lines lie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from ingest.parse.characters import decode
from ingest.parse.front_matter import split_front_matter
from ingest.parse.shapes import columns, is_closed, is_list_item, kind_of
from ingest.records import Block, BlockKind, ParsedReport

_CELL_GAP = re.compile(r"\t+|\s{3,}|\s\|\s")
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
        The report; its text is the file's own.

    Raises:
        ParseError: the bytes are no text, or the front matter cannot be read.
    """
    stated, text = split_front_matter(decode(content, name), name)
    return ParsedReport(text, text_blocks(text), stated)


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
