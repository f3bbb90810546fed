"""Cutting a reply that is longer than a platform allows, losing nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from bot.chat import words
from bot.chat.model import (
    Block,
    Footnote,
    Heading,
    Note,
    Paragraph,
    PassageQuote,
    Quotation,
    Reply,
    Table,
)
from ingest.language.sentences import sentences


def split(reply: Reply, fits: Callable[[Reply], bool]) -> list[Reply]:
    """Cut a reply into replies that each fit.

    Blocks are kept whole where they fit; one that does not is cut at the end of a line,
    else of a sentence, else of a word, else anywhere. All text is kept but the white space
    at a cut. The buttons stay with the last part.

    Args:
        reply: what is to be said.
        fits: whether a platform takes a reply as one message. A part of what fits fits.

    Returns:
        The parts in reading order, at least one.

    Raises:
        ValueError: not even a single character fits.
    """

    def enough_room(blocks: list[Block]) -> bool:
        # every part is measured with the buttons, since any may turn out to be the last
        return fits(Reply(tuple(blocks), reply.buttons))

    parts: list[list[Block]] = [[]]
    for block in reply.blocks:
        for piece in _pieces(block, lambda piece: enough_room([piece])):
            if parts[-1] and not enough_room([*parts[-1], piece]):
                parts.append([])
            parts[-1].append(piece)
    *earlier, last = parts
    return [*(Reply(tuple(blocks)) for blocks in earlier), Reply(tuple(last), reply.buttons)]


def _pieces(block: Block, fits: Callable[[Block], bool]) -> Iterator[Block]:
    """The block itself if it fits, else parts of it that do."""
    if fits(block):
        yield block
        return
    match block:
        case Table(heads, rows) if len(rows) > 1:
            middle = len(rows) // 2
            yield from _pieces(Table(heads, rows[:middle]), fits)
            yield from _pieces(Table(heads, rows[middle:]), fits)
        case Table(heads, rows):
            lines = [
                f"{head}: {cell}" for row in rows for head, cell in zip(heads, row, strict=True)
            ]
            yield from _pieces(Paragraph("\n".join(lines or heads)), fits)
        case Footnote(number, title, details):
            yield from _pieces(Note(f"[{number}] " + " · ".join((title, *details))), fits)
        case Quotation(lead, text) if lead:
            figures = _moved(block.figures, len(lead) + 1)
            whole = replace(block, lead="", text=f"{lead} {text}", figures=figures)
            yield from _pieces(whole, fits)
        case PassageQuote() if not fits(replace(block, text=block.text.strip()[:1])):
            yield from _pieces(Note(block.label), fits)
            yield from _pieces(replace(block, label=""), fits)
        case Quotation() if not fits(replace(block, text=block.text.strip()[:1])):
            yield from _pieces(Note(words.below(block.speaker, block.remark)), fits)
            yield from _pieces(replace(block, speaker="", remark=""), fits)
        case Heading() | Paragraph() | Note() | Quotation() | PassageQuote():
            rest = block.text
            while rest:
                part = partial(_part, block, len(block.text) - len(rest))
                cut = _cut(rest, part, fits)
                yield part(rest[:cut].rstrip() or rest[:cut])
                rest = rest[cut:].lstrip()


def _part(
    block: Heading | Paragraph | Note | Quotation | PassageQuote, begin: int, text: str
) -> Block:
    """A block with nothing but that text of its own which begins at an offset."""
    if isinstance(block, Quotation):
        return replace(block, text=text, figures=_moved(block.figures, -begin))
    return replace(block, text=text)


def _moved(spans: Iterable[tuple[int, int]], by: int) -> tuple[tuple[int, int], ...]:
    """Spans of a text that begins so many characters later; those that end before it go."""
    return tuple((start + by, end + by) for start, end in spans if end + by > 0)


def _cut(text: str, part: Callable[[str], Block], fits: Callable[[Block], bool]) -> int:
    """The offset behind the longest beginning of the text that fits, at the best boundary."""
    if fits(part(text)):
        return len(text)
    for ends in _boundaries(text):
        cut = bisect_right(ends, 0, key=lambda end: 0 if fits(part(text[:end].rstrip())) else 1)
        if cut and text[: ends[cut - 1]].strip():
            return ends[cut - 1]
    raise ValueError("a reply cannot be cut: the platform's limit leaves no room for its text")


def _boundaries(text: str) -> Iterator[list[int]]:
    """Where a text may be cut, best first: behind lines, sentences, words, characters."""
    yield [place + 1 for place, letter in enumerate(text) if letter == "\n"]
    yield [end for _, end in sentences(text)]
    yield [place + 1 for place, letter in enumerate(text) if letter.isspace()]
    yield list(range(1, len(text)))
