"""A reply as Telegram messages: escaped HTML, within the limits of one message.

Telegram takes 4,096 characters after its entities are parsed and heeds the first 100
entities of a message (https://core.telegram.org/bots/api#sendmessage). Characters are
counted here in UTF-16 code units, the unit of Telegram's own offsets, so that a text is
never longer than Telegram takes however it counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from html import escape
from unicodedata import east_asian_width

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

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
from bot.frontends.telegram.buttons import encode

MOST_CHARACTERS = 4096
MOST_ENTITIES = 100
PHONE_WIDTH = 35
"""Columns of fixed-width text that a phone shows without breaking a line."""

# a row of so few cells is one line
_PAIR = 2

# Telegram shows control characters as spaces and drops carriage returns, marks that turn
# the writing direction and three combining lines. Doing so first keeps a text that is
# nothing else from being sent as an empty message.
_SHOWN_AS = {
    **dict.fromkeys((*range(10), *range(11, 32)), " "),
    **dict.fromkeys((ord("\r"), *range(0x2028, 0x202F), 0x030A, 0x0333, 0x033F), ""),
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """One message, ready to send.

    Attributes:
        html: its text, in Telegram's HTML.
        keyboard: the buttons below it; None where there are none.
    """

    html: str
    keyboard: InlineKeyboardMarkup | None


@dataclass(frozen=True, slots=True)
class _Fragment:
    """A stretch of HTML that is whole in itself.

    Attributes:
        html: every tag in it is closed.
        length: UTF-16 code units it shows.
        entities: entities it holds.
    """

    html: str = ""
    length: int = 0
    entities: int = 0

    def __add__(self, other: _Fragment) -> _Fragment:
        """This and then the other."""
        return _Fragment(
            self.html + other.html, self.length + other.length, self.entities + other.entities
        )


def render(reply: Reply) -> list[Rendered]:
    """The messages that say a reply, in reading order; none where it says nothing.

    Nothing of the reply is lost; its buttons are below the last message.
    """
    parts = [(_whole(part), part) for part in split(reply, _fits)]
    shown = [(fragment, part) for fragment, part in parts if fragment.length]
    return [Rendered(fragment.html, _keyboard(part)) for fragment, part in shown]


def _fits(reply: Reply) -> bool:
    """Whether Telegram takes the reply as one message."""
    whole = _whole(reply)
    return whole.length <= MOST_CHARACTERS and whole.entities <= MOST_ENTITIES


def _keyboard(reply: Reply) -> InlineKeyboardMarkup | None:
    if not reply.buttons:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(b.label, callback_data=encode(b.command)) for b in reply.buttons]]
    )


def _whole(reply: Reply) -> _Fragment:
    """All blocks: an empty line between two, none between two footnotes."""
    whole = _Fragment()
    before: Block | None = None
    for block in reply.blocks:
        fragment = _block(block)
        if not fragment.html.strip():
            continue
        if before is not None:
            together = isinstance(block, Footnote) and isinstance(before, Footnote)
            whole += _plain("\n" if together else "\n\n")
        whole += fragment
        before = block
    return whole


def _block(block: Block) -> _Fragment:
    match block:
        case Heading(text):
            return _tagged("b", text)
        case Paragraph(text):
            return _plain(text)
        case Note(text):
            return _tagged("i", text)
        case Quotation():
            return _quotation(block)
        case Footnote(number, title, details):
            return _lines([_plain(f"[{number}] {title}"), _tagged("i", " · ".join(details))])
        case PassageQuote(number, label, text):
            return _lines(
                [
                    _tagged("b", f"[{number}] {label}".rstrip()),
                    _tagged("blockquote expandable", text),
                ]
            )
        case Table():
            return _table(block)


def _quotation(quotation: Quotation) -> _Fragment:
    """The sentence and its footnote; below, whose statement it is."""
    opening, closing = quotation.marks
    between = " " if quotation.lead and quotation.text else ""
    quoted = _plain(f"{opening}{quotation.lead}{between}")
    for text, figure in quotation.runs:
        quoted += (figure and _tagged("b", text)) or _plain(text)
    quoted += _plain(f"{closing} ") + _tagged("b", quotation.footnotes)
    below = words.below(quotation.speaker, quotation.remark)
    return _lines([quoted, _tagged("i", f"— {below}" if below else "")])


def _table(table: Table) -> _Fragment:
    """Aligned columns where a phone has room for them, else a line or two for each row."""
    aligned = _aligned(table)
    if aligned is not None:
        return _tagged("pre", aligned)
    paired = len(table.heads) <= _PAIR
    rows = [
        _lines([_tagged("b", row[0]), _plain(_joined(row[1:]))], between=" · " if paired else "\n")
        for row in table.rows
    ]
    heads = _tagged("i", _joined(table.heads))
    return _lines([heads, *rows], between="\n" if paired else "\n\n")


def _aligned(table: Table) -> str | None:
    """The table in columns, None where it is wider than a phone or a cell has several lines."""
    lines = [table.heads, *table.rows] if any(table.heads) else list(table.rows)
    if any("\n" in cell for line in lines for cell in line):
        return None
    widths = [max(map(_columns, column)) for column in zip(*lines, strict=True)]
    if sum(widths) + 2 * (len(widths) - 1) > PHONE_WIDTH:
        return None
    return "\n".join(
        "  ".join(
            cell + " " * (width - _columns(cell)) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def _columns(text: str) -> int:
    """Columns of a fixed-width font that a text takes; a wide character takes two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _joined(cells: Iterable[str]) -> str:
    return " · ".join(cell for cell in cells if cell)


def _plain(text: str) -> _Fragment:
    shown = text.translate(_SHOWN_AS)
    return _Fragment(escape(shown, quote=False), _units(shown))


def _tagged(tag: str, text: str) -> _Fragment:
    """The text within a tag; nothing at all where the text is empty."""
    inside = _plain(text)
    if not inside.html.strip():
        return _Fragment()
    name = tag.split()[0]
    return _Fragment(f"<{tag}>{inside.html}</{name}>", inside.length, 1)


def _lines(fragments: Iterable[_Fragment], between: str = "\n") -> _Fragment:
    """The fragments one below the other, without those that show nothing."""
    shown = [fragment for fragment in fragments if fragment.html.strip()]
    if not shown:
        return _Fragment()
    return reduce(lambda above, below: above + _plain(between) + below, shown)


def _units(text: str) -> int:
    """UTF-16 code units of a text."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
