"""Cutting a report into passages that the embedder reads whole.

A passage is a paragraph with the headings above it, a list with the line that leads into
it, or the rows of a table; what is longer than the embedder's window is cut between
sentences into parts of like length. Cutting starts anew at each of these groups, so that a
revision changes the passages of the paragraphs it changed and no others.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest.language.sentences import sentences
from ingest.records import Block, BlockKind, Description, ParsedReport, Passage

# named in the library, which refuses to mix passages cut by different rules
CHUNKING = "paragraphs-1"
_HEADER_SHARE = 4  # a header takes a quarter of the window at most
_MARKERS = 3  # tokens a model adds at both ends, and one for the line break under the header


@dataclass(frozen=True, slots=True)
class _Unit:
    """A stretch of text that stays whole where it fits: a sentence, heading or row."""

    start: int
    end: int
    block: Block


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
    header = _header(description, count_tokens, window // _HEADER_SHARE)
    room = window - count_tokens(header) - _MARKERS

    def fits(start: int, end: int) -> bool:
        return count_tokens(parsed.text[start:end]) <= room

    passages: list[Passage] = []
    for group in _groups(parsed.blocks, parsed.text):
        units = [unit for block in group for unit in _units(block, parsed.text, fits)]
        for part in _parts(units, parsed.text, count_tokens, room):
            start, end = part[0].start, part[-1].end
            body = next((u.block for u in part if u.block.kind is not BlockKind.HEADING), None)
            block = body or part[0].block
            text = parsed.text[start:end]
            seed = f"{report_id}\n{header}\n{text}".encode()
            passages.append(
                Passage(
                    id=hashlib.sha256(seed).hexdigest()[:32],
                    report=report_id,
                    ordinal=len(passages),
                    start=start,
                    end=end,
                    page=block.page,
                    paragraph=block.paragraph,
                    header=header,
                    text=text,
                )
            )
    return passages


def _header(description: Description, count_tokens: Callable[[str], int], limit: int) -> str:
    """Title, publisher and date; an overlong title is cut at a word, here and nowhere else."""
    rest = [description.publisher or ""]
    rest.append(description.published.isoformat() if description.published else "")
    title = description.title
    while title and count_tokens(header := _joined(title, *rest)) > limit:
        title = title[: len(title) * 3 // 4].rpartition(" ")[0] or title[: len(title) // 2]
    return header if title else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _groups(blocks: Sequence[Block], text: str) -> Iterator[list[Block]]:
    """Blocks that belong together: headings with what is below them, lists, tables."""
    group: list[Block] = []
    for block in blocks:
        if group and not _continues(group[-1], block, text):
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _continues(above: Block, below: Block, text: str) -> bool:
    if above.kind is BlockKind.HEADING:
        return True
    if below.kind in {BlockKind.LIST_ITEM, BlockKind.TABLE_ROW}:
        leads = text[above.start : above.end].endswith((":", "："))
        return above.kind is below.kind or leads
    return False


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
