"""Replies as Discord's components.

Prose and quotations stand free; sources and passages lie in boxes, since Discord cannot
fold. A box under a spoiler would take as much room blurred as open and make a secret of
what is evidence. So passages are set small instead: the answer is read first, what stands
behind it is one glance below, and search and screen readers find it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any

from discord import ui

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
from bot.chat.split import split
from bot.frontends.discord.buttons import ReportsButton
from bot.frontends.discord.escape import literal

Item = ui.Item[Any]

COMPONENTS = 40
CHARACTERS = 4_000
# Beyond 10,170 bytes of UTF-8 (text, and 12 for each text component) Discord answers 500
# (measured by others: github.com/discord/discord-api-docs, 8554). What other components cost
# is not known, hence the room.
BYTES = 9_000
BUTTONS_IN_A_ROW = 5
# Wider tables wrap on a phone, and a wrapped table is no table.
TABLE_WIDTH = 40


def views(reply: Reply) -> list[ui.LayoutView]:
    """A reply as messages in reading order, each within Discord's limits.

    A reply in which nothing is to be seen gives no message.
    """
    layouts = [_items(part) for part in split(reply, _fits)]
    return [_view(items) for items in layouts if items]


def _view(items: list[Item]) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)  # its buttons are dynamic: nothing has to wait for them
    for item in items:
        view.add_item(item)
    return view


def _fits(reply: Reply) -> bool:
    parts = list(_walk(_items(reply)))
    texts = [part.content for part in parts if isinstance(part, ui.TextDisplay)]
    return (
        len(parts) <= COMPONENTS
        and sum(map(len, texts)) <= CHARACTERS
        and sum(len(text.encode()) for text in texts) <= BYTES
    )


def _walk(items: Sequence[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        if isinstance(item, ui.Container | ui.ActionRow):
            yield from item.walk_children()


def _items(reply: Reply) -> list[Item]:
    """The top-level components of a reply, which may be too many for one message."""
    shown = [block for block in reply.blocks if _text(block)]
    items: list[Item] = []
    for boxed, group in groupby(zip(_boxes(shown), shown, strict=True), key=lambda pair: pair[0]):
        blocks = [block for _, block in group]
        items.append(_box(blocks) if boxed else ui.TextDisplay(_joined(blocks)))
    for first in range(0, len(reply.buttons), BUTTONS_IN_A_ROW):
        row = reply.buttons[first : first + BUTTONS_IN_A_ROW]
        items.append(ui.ActionRow(*map(ReportsButton.of, row)))
    return items


def _boxes(blocks: Sequence[Block]) -> list[type[Block] | None]:
    """For each block the kind of box it lies in; a heading lies where what it heads lies."""
    boxes: list[type[Block] | None] = []
    below: type[Block] | None = None
    for block in reversed(blocks):
        if not isinstance(block, Heading):
            below = type(block) if isinstance(block, Footnote | PassageQuote) else None
        boxes.append(below)
    return boxes[::-1]


def _box(blocks: Sequence[Block]) -> ui.Container[Any]:
    """A box around sources or passages, with a line between passages."""
    box: ui.Container[Any] = ui.Container()
    piece: list[Block] = []
    for block in blocks:
        piece.append(block)
        if isinstance(block, PassageQuote):
            _add_below_line(box, piece)
            piece = []
    if piece:
        _add_below_line(box, piece)
    return box


def _add_below_line(box: ui.Container[Any], blocks: Sequence[Block]) -> None:
    if box.children:
        box.add_item(ui.Separator())
    box.add_item(ui.TextDisplay(_joined(blocks)))


def _joined(blocks: Sequence[Block]) -> str:
    """Blocks as one text: an empty line between them, none where they belong together."""
    text = _text(blocks[0])
    for above, block in pairwise(blocks):
        close = isinstance(above, Heading) or (
            type(above) is type(block) and isinstance(block, Footnote | Note)
        )
        text += ("\n" if close else "\n\n") + _text(block)
    return text


def _text(block: Block) -> str:
    """A block in Discord's markdown; empty where it holds nothing to be seen."""
    match block:
        case Heading(text):
            return _prefixed("### ", _one_line(text))
        case Paragraph(text):
            return literal(text).strip()
        case Note(text):
            return _prefixed("-# ", text)
        case Quotation():
            return _quotation(block)
        case Footnote(number, title, details):
            return " · ".join((f"-# [{number}] {_bold(title)}", *map(_escaped, details)))
        case PassageQuote(number, label, text):
            return f"**[{number}]** {_bold(label)}\n{_prefixed('-# ', text)}".strip()
        case Table(heads, rows):
            return _table(heads, rows)


def _quotation(block: Quotation) -> str:
    """The sentence and its footnote; below, whose statement it is."""
    opening, closing = block.marks
    between = " " if block.lead else ""
    spoken = literal(f"{opening}{block.lead}{between}")
    for text, figure in block.runs:
        # a mark of emphasis must not stand alone on a line of the quote
        one_line = text.strip() and not re.search(r"[\r\n]", text)
        spoken += f"**{literal(text)}**" if figure and one_line else literal(text)
    quoted = _quoted("> ", spoken + literal(closing))
    below = _escaped(words.below(block.speaker, block.remark))
    said = f"\n> — *{below}*" if below else ""
    return f"{quoted} **{block.footnotes}**{said}"


def _prefixed(prefix: str, text: str) -> str:
    """The text with a prefix before each line."""
    return _quoted(prefix, literal(text))


def _quoted(prefix: str, markdown: str) -> str:
    """Markdown with a prefix before each line; empty lines would end a quote, so they go."""
    lines = markdown.strip().split("\n")
    return "\n".join(f"{prefix}{line}" for line in lines if line.strip())


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _escaped(text: str) -> str:
    return literal(_one_line(text))


def _bold(text: str) -> str:
    return f"**{_escaped(text)}**" if text.strip() else ""


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns in a code block where they are narrow; otherwise a line for each row."""
    cells = [[_one_line(cell) for cell in row] for row in (heads, *rows)]
    if not any(cell for row in cells for cell in row):
        return ""
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    # in a code block nothing can be escaped, and a backtick could end it
    fenced = not any("`" in cell for row in cells for cell in row)
    if fenced and sum(widths) + 2 * len(widths) <= TABLE_WIDTH:
        first, *others = (_columns(row, widths) for row in cells)
        rule = "  ".join("─" * width for width in widths)
        return "\n".join(("```", first, rule, *others, "```"))
    head = _bold(" · ".join(cell for cell in cells[0] if cell))
    lines = (" · ".join(literal(cell) or "–" for cell in row) for row in cells[1:])
    return "\n".join((head, *(f"- {line}" for line in lines))).strip()


def _columns(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)
    )
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    """How many columns a text takes in a fixed-width face: Chinese two each, accents none."""
    return sum(
        0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in "WF")
        for letter in text
    )
