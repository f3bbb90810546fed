"""Plain text: paragraphs, headings, list items and table rows by how the lines lie."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from ingest.language.dates import find_date
from ingest.parse.characters import decode
from ingest.parse.front_matter import split_front_matter
from ingest.records import Block, BlockKind, ParsedReport

_LIST_ITEM = re.compile(
    r"(?:[-*+•●▪◦‣–]|\(?\d{1,2}[.)]|（?[一二三四五六七八九十]{1,3}[、）])\s*(?=\S)"
)
_DASHED = re.compile(r"[-*+–]\S")  # "-5 %" and "**" are no list items
_CELL_GAP = re.compile(r"\t+|\s{3,}|\s\|\s")
_CLOSED = re.compile(r"[.。!！;；,，、…](?:[\"'”’」』）)\]]|\s)*\Z")
_SENTENCE_MARK = re.compile(r"[.!?;。！？；]")

_HEADING_WIDTH = 130  # columns; a Chinese character takes two
_WRAP_WIDTHS = range(50, 121)
_WRAPPED_LINES = 3  # fewer may be as long as each other by chance


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without the white space around it."""

    start: int
    end: int
    text: str

    @property
    def width(self) -> int:
        """Columns it takes; wide characters take two."""
        return sum(map(_columns, self.text))

    @property
    def first_word_width(self) -> int:
        """Columns of the least that a line break could not have parted."""
        if _columns(self.text[0]) == 2:
            return 2
        return sum(map(_columns, self.text.split(maxsplit=1)[0]))

    @property
    def is_row(self) -> bool:
        """Whether it has the gaps of a table's row."""
        return len(_CELL_GAP.findall(self.text)) >= 2

    @property
    def is_list_item(self) -> bool:
        """Whether it begins like an entry of a list."""
        return _LIST_ITEM.match(self.text) is not None and _DASHED.match(self.text) is None


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
            parted = line.is_row or line.is_list_item or before.is_row
            if wrap is not None and not parted and _is_full(before, line, wrap):
                paragraphs[-1].append(line)
            else:
                paragraphs.append([line])
    kinds: list[BlockKind] = []
    for index in reversed(range(len(paragraphs))):
        following = paragraphs[index + 1] if index + 1 < len(paragraphs) else None
        kinds.append(_kind(paragraphs[index], following, kinds[-1] if kinds else None))
    return tuple(
        Block(kind, lines[0].start, lines[-1].end, None, place)
        for place, (lines, kind) in enumerate(zip(paragraphs, reversed(kinds), strict=True), 1)
    )


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
    widths = sorted(before.width for before, _ in pairs)
    wrap = widths[(len(widths) - 1) * 9 // 10]
    full = [before for before, line in pairs if _is_full(before, line, wrap)]
    open_ended = [line for line in full if not _CLOSED.search(line.text)]
    broken = len(full) >= max(_WRAPPED_LINES, len(pairs) * 0.6)
    return wrap if wrap in _WRAP_WIDTHS and broken and len(open_ended) * 3 >= len(full) else None


def _is_full(line: _Line, following: _Line, wrap: int) -> bool:
    """Whether the first word of the following line would not have fitted on this one."""
    return line.width + 1 + following.first_word_width > wrap


def _kind(
    lines: list[_Line], following: list[_Line] | None, following_kind: BlockKind | None
) -> BlockKind:
    """What a paragraph is, by its form and by what follows it.

    A heading is a short line that no full stop closes, before a paragraph longer than
    itself, a list, a line with a day in it (a dateline), or another heading.
    """
    line = lines[0]
    if line.is_row:
        return BlockKind.TABLE_ROW
    usual = BlockKind.LIST_ITEM if line.is_list_item else BlockKind.PARAGRAPH
    if following is None or len(lines) > 1 or line.width > _HEADING_WIDTH:
        return usual
    if _CLOSED.search(line.text) or line.text[0] in "(（[【" or find_date(line.text):
        return usual
    if not any(map(str.isalpha, line.text)):
        return usual
    if following_kind is BlockKind.HEADING:
        return BlockKind.HEADING
    if following_kind is BlockKind.LIST_ITEM:
        return usual if line.is_list_item else BlockKind.HEADING
    if (
        len(following) == 1
        and following[0].width <= _HEADING_WIDTH
        and find_date(following[0].text)
    ):
        return BlockKind.HEADING
    length = following[-1].end - following[0].start
    says_something = any(_SENTENCE_MARK.search(each.text) for each in following)
    longer = length > len(line.text) and says_something
    return BlockKind.HEADING if longer and following_kind is BlockKind.PARAGRAPH else usual


def _columns(character: str) -> int:
    """Columns a character takes."""
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
