"""Cutting a report into passages that the embedder reads whole.

A passage is a paragraph with the headings above it, a list with the line that leads into
it, or the rows of a table; what is longer than the embedder's window is cut between
sentences into parts of like length. Paragraphs too short to say much by themselves go with
the next of their page and section. Cutting starts anew at each of these groups, so that a
revision changes the passages of the paragraphs it changed and few others.

What a passage says by its place is put into its header: the title, house and day of its
report, the headings it stands under, the heads of its table's columns.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest.language.rows import BETWEEN_CELLS
from ingest.language.sentences import sentences
from ingest.records import Block, BlockKind, Description, ParsedReport, Passage, Table

# named in the library, which refuses to mix passages cut by different rules
CHUNKING = "sections-2"
# of the window, at most: title, house and day; the headings above; the heads of columns
_TITLE_SHARE, _SECTION_SHARE, _COLUMNS_SHARE = 4, 8, 5
_UNDER = " › "
_UNKNOWN_LEVEL = 99  # below every heading whose level is known
# letters of paragraphs that are a passage by themselves: about eighty words
_ENOUGH = 480
_PROSE = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_MARKERS = 3  # tokens a model adds at both ends, and one for the line break under the header


@dataclass(frozen=True, slots=True)
class _Unit:
    """A stretch of text that stays whole where it fits: a sentence, heading or row."""

    start: int
    end: int
    block: Block

    @property
    def is_cut(self) -> bool:
        """Whether it is less than its block."""
        return (self.start, self.end) != (self.block.start, self.block.end)


def chunk(
    parsed: ParsedReport,
    description: Description,
    report_id: str,
    count_tokens: Callable[[str], int],
    window: int,
) -> list[Passage]:
    """Cut a report into passages.

    Args:
        parsed: its text and blocks.
        description: what the header above each embedded passage says.
        report_id: whose passages they are.
        count_tokens: tokens of a text, as the embedder counts them.
        window: tokens the embedder reads.

    Returns:
        Passages in reading order that together hold all of the text but white space; what
        is embedded of each (header and text) is within the window.
    """
    top = _header(description, count_tokens, window // _TITLE_SHARE)
    sections = _Sections(description.title)
    passages: list[Passage] = []
    for group, table in _groups(parsed):
        sections.enter(group, parsed.text)
        heads, unit = (table.heads, table.unit) if table else ((), "")
        columns = _columns(heads, unit)
        while columns and count_tokens(columns) > window // _COLUMNS_SHARE:
            # the first ones stay: the newest year stands there
            columns = columns.rpartition(BETWEEN_CELLS)[0]
        # over the part that holds the group's own headings, and over the others
        over, within = (
            _nearest(path, count_tokens, window // _SECTION_SHARE)
            for path in (sections.above, sections.of(group[-1]))
        )
        longest = max(count_tokens(_lines(top, path, columns)) for path in (over, within))
        room = window - longest - _MARKERS

        def fits(start: int, end: int, room: int = room) -> bool:
            return count_tokens(parsed.text[start:end]) <= room

        units = [each for block in group for each in _units(block, parsed.text, fits)]
        for part in _parts(units, parsed.text, count_tokens, room):
            start, end = part[0].start, part[-1].end
            body = next((u.block for u in part if u.block.kind is not BlockKind.HEADING), None)
            block = body or part[0].block
            # what stands in the part itself needs no telling
            begins = table is None or part[0].block.paragraph <= table.first
            headed = any(each.block.kind is BlockKind.HEADING for each in part)
            header = _lines(top, over if headed else within, "" if begins else columns)
            text = parsed.text[start:end]
            # of a row that is cut, the cells do not stand below the heads
            whole = not any(each.block.kind is BlockKind.TABLE_ROW and each.is_cut for each in part)
            section = _UNDER.join(sections.of(part[-1].block))
            groups = _groups_in(part, table if whole else None)
            seed = "\n".join((report_id, header, section, _columns(heads, unit), *groups, text))
            passages.append(
                Passage(
                    id=hashlib.sha256(seed.encode()).hexdigest()[:32],
                    report=report_id,
                    ordinal=len(passages),
                    start=start,
                    end=end,
                    page=block.page,
                    paragraph=block.paragraph,
                    header=header,
                    text=text,
                    section=section,
                    heads=heads if whole else (),
                    unit=unit if whole else "",
                    groups=groups,
                )
            )
    return passages


class _Sections:
    """The headings in force, by level, while a report is read from its beginning.

    Args:
        title: of the report, which is no section of it.
    """

    def __init__(self, title: str) -> None:
        self._title = _flowing(title)
        self._stack: list[tuple[int, str]] = []
        self._within: dict[int, tuple[str, ...]] = {}
        self.above: tuple[str, ...] = ()

    def enter(self, group: Sequence[Block], text: str) -> None:
        """Go on to a group; `above` is then what stands over it, its own headings left out."""
        headings = [block for block in group if block.kind is BlockKind.HEADING]
        level = min((block.level or _UNKNOWN_LEVEL for block in headings), default=None)
        kept = [each for each in self._stack if level is None or each[0] < level]
        self.above = tuple(heading for _, heading in kept)
        self._within = {}
        for block in group:
            if block.kind is BlockKind.HEADING:
                level, heading = (
                    block.level or _UNKNOWN_LEVEL,
                    _flowing(text[block.start : block.end]),
                )
                self._stack = [each for each in self._stack if each[0] < level]
                if heading != self._title:
                    self._stack.append((level, heading))
            self._within[block.paragraph] = tuple(heading for _, heading in self._stack)

    def of(self, block: Block) -> tuple[str, ...]:
        """The headings that a block of the group stands under, itself if it is one."""
        return self._within[block.paragraph]


def _lines(*lines: str) -> str:
    """Those of the lines of a header that say something."""
    return "\n".join(filter(None, lines))


def _flowing(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def _columns(heads: Sequence[str], unit: str) -> str:
    """What stands above a table's columns, and its unit, on one line; empty where nothing."""
    columns = BETWEEN_CELLS.join(heads).strip(BETWEEN_CELLS)
    return f"{columns} ({unit})" if columns and unit else columns or unit


def _groups_in(part: Sequence[_Unit], table: Table | None) -> tuple[str, ...]:
    """What each of the rows in a part stands under; nothing where none does."""
    if table is None or not table.groups:
        return ()
    rows = dict.fromkeys(
        unit.block.paragraph for unit in part if unit.block.kind is BlockKind.TABLE_ROW
    )
    groups = tuple(table.groups[row - table.first] for row in rows)
    return groups if any(groups) else ()


def _nearest(path: Sequence[str], count_tokens: Callable[[str], int], limit: int) -> str:
    """A path of headings on a line, the uppermost left out where it is too long."""
    line = _UNDER.join(path)
    while line and count_tokens(line) > limit:
        line = line.partition(_UNDER)[2]
    return line


def _header(description: Description, count_tokens: Callable[[str], int], limit: int) -> str:
    """Title, publisher and date; an overlong title is cut at a word, here and nowhere else."""
    publisher = description.publisher or ""
    # a filing's title begins with its company, which publishes it
    rest = ["" if publisher in description.title else publisher]
    rest.append(description.published.isoformat() if description.published else "")
    title = description.title
    while title and count_tokens(header := _joined(title, *rest)) > limit:
        title = title[: len(title) * 3 // 4].rpartition(" ")[0] or title[: len(title) // 2]
    return header if title else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _groups(parsed: ParsedReport) -> Iterator[tuple[list[Block], Table | None]]:
    """Blocks that belong together: headings with what is below them, lists, tables.

    Each with the table whose rows it holds, where that has heads or a unit.
    """
    tables = {
        place: table for table in parsed.tables for place in range(table.first, table.last + 1)
    }
    group: list[Block] = []
    short = True  # what the group holds so far says little by itself
    for block in parsed.blocks:
        # where one table follows another, or what looks like a row of none
        parted = (
            bool(group)
            and group[-1].kind is block.kind is BlockKind.TABLE_ROW
            and tables.get(group[-1].paragraph) is not tables.get(block.paragraph)
        )
        if group and (parted or not _continues(group[-1], block, parsed.text, short=short)):
            yield group, tables.get(group[-1].paragraph)
            group = []
        group.append(block)
        short = _weight(parsed.text[group[0].start : block.end]) < _ENOUGH
    if group:
        yield group, tables.get(group[-1].paragraph)


def _continues(above: Block, below: Block, text: str, *, short: bool) -> bool:
    if above.kind is BlockKind.HEADING:
        return True
    if short and {above.kind, below.kind} <= _PROSE and above.page == below.page:
        return True
    if below.kind in {BlockKind.LIST_ITEM, BlockKind.TABLE_ROW}:
        leads = text[above.start : above.end].endswith((":", "："))
        return above.kind is below.kind or leads
    return False


def _weight(text: str) -> int:
    """How much a text says: its length, a Chinese character for three letters."""
    return len(text) + 2 * len(_CHINESE.findall(text))


def _units(block: Block, text: str, fits: Callable[[int, int], bool]) -> Iterator[_Unit]:
    spans = (
        sentences(text[block.start : block.end])
        if block.kind in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM}
        else [(0, block.end - block.start)]
    )
    for start, end in spans:
        yield from _fitting(_Unit(block.start + start, block.start + end, block), text, fits)


def _fitting(unit: _Unit, text: str, fits: Callable[[int, int], bool]) -> Iterator[_Unit]:
    """The unit, or where it is longer than a passage can be, its parts, cut between words."""
    start = unit.start
    while not fits(start, unit.end):
        spaces = [place for place in range(start + 1, unit.end) if text[place].isspace()]
        ends = spaces if spaces and fits(start, spaces[0]) else list(range(start + 1, unit.end))
        # the longest beginning that fits; a single character is taken whatever it costs
        last = bisect_right(ends, 0, key=lambda end: 0 if fits(start, end) else 1)
        end = ends[max(last - 1, 0)]
        yield _Unit(start, end, unit.block)
        start = end + len(text[end : unit.end]) - len(text[end : unit.end].lstrip())
    yield _Unit(start, unit.end, unit.block)


def _parts(
    units: Sequence[_Unit], text: str, count_tokens: Callable[[str], int], room: int
) -> Iterator[list[_Unit]]:
    """The units of a group in as few parts as fit, none much shorter than the others."""
    total = count_tokens(text[units[0].start : units[-1].end])
    even = total / max(-(-total // room), 1)
    part: list[_Unit] = []
    for unit in units:
        if part:
            taken = count_tokens(text[part[0].start : part[-1].end])
            overfull = count_tokens(text[part[0].start : unit.end]) > room
            enough = taken >= even and part[-1].block.kind is not BlockKind.HEADING
            if overfull or enough:
                yield part
                part = []
        part.append(unit)
    yield part
