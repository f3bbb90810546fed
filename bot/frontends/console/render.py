"""A reply as something a terminal shows."""

from __future__ import annotations

import unicodedata
from textwrap import indent

from rich.console import Group, RenderableType
from rich.table import Table as RichTable
from rich.text import Text

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

_INDENT = "    "
_HARMLESS = "\n\t\u200c\u200d"  # the last two join letters and pictures, or keep them apart


def render(reply: Reply) -> RenderableType:
    """A reply in a terminal's manner; its texts are shown as they are, never as markup.

    Returns:
        What rich prints.
    """
    return Group(*(_block(block) for block in reply.blocks))


def _block(block: Block) -> RenderableType:
    match block:
        case Heading(text):
            return Text(f"\n{shown(text)}", style="bold underline")
        case Paragraph(text):
            return Text(shown(text))
        case Note(text):
            return Text(f"\n{shown(text)}", style="dim italic")
        case Quotation():
            return _quotation(block)
        case Footnote(number, title, details):
            line = Text(f"[{number}] ", style="cyan")
            line.append(shown(title), style="default")
            return line.append(f" · {shown(' · '.join(details))}", style="dim")
        case PassageQuote(number, label, text):
            head = Text(f"[{number}] {shown(label)}", style="dim")
            return Group(head, Text(indent(shown(text), _INDENT), style="dim"))
        case Table():
            return _table(block)


def _quotation(block: Quotation) -> Text:
    opening, closing = block.marks
    line = Text(opening)
    if block.lead:
        line.append(f"{shown(block.lead)} ", style="dim")
    for text, figure in block.runs:
        line.append(shown(text), style="bold" if figure else "default")
    line.append(closing)
    if block.speaker:
        line.append(f" ({words.as_stated_by(shown(block.speaker))})")
    if block.remark:
        line.append(f" ({shown(block.remark)})", style="yellow")
    return line.append(f" {block.footnotes}", style="cyan")


def _table(block: Table) -> RichTable:
    table = RichTable(show_edge=False, header_style="bold")
    for head in block.heads:
        table.add_column(Text(shown(head)), overflow="fold")
    for row in block.rows:
        # rich measures a cell before it widens tabs
        table.add_row(*(Text(shown(cell).expandtabs(4)) for cell in row))
    return table


def shown(text: str) -> str:
    """A text without the control characters by which it could steer a terminal."""
    return "".join(c if c.isprintable() or c in _HARMLESS or _is_space(c) else "�" for c in text)


def _is_space(character: str) -> bool:
    """Whether it is a space of any width, which Python does not count as printable."""
    return unicodedata.category(character) == "Zs"
