"""What a line of text is by its form alone."""

from __future__ import annotations

import re
import unicodedata

from ingest.language.dates import find_date
from ingest.records import BlockKind

_LIST_ITEM = re.compile(
    r"(?:[-*+–]\s|[•●▪◦‣]|\(?\d{1,2}[.)](?!\d)|\([a-z]\)|（?[一二三四五六七八九十]{1,3}[、）])\s*(?=\S)"
)
_NUMBERED = re.compile(r"\d{1,2}\.|[一二三四五六七八九十]{1,3}、")  # as headings are, too
_CLOSED = re.compile(r"[.。!！;；,，、…](?:[\"'”’」』）)\]]|\s)*\Z")
_SENTENCE_MARK = re.compile(r"[.!?;](?:\s|[\"'”’)]|\Z)|[。！？；]")
_OPENS_ASIDE = "(（[【"
_HEADING_WIDTH = 130


def columns(text: str) -> int:
    """Return how many columns a text takes in type of one width; wide characters take two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def is_closed(text: str) -> bool:
    """Tell whether a text ends with a mark that ends a sentence or a clause."""
    return _CLOSED.search(text) is not None


def is_list_item(text: str) -> bool:
    """Tell whether a line begins with a bullet or a number as the entries of a list do."""
    return _LIST_ITEM.match(text) is not None


def kind_of(text: str, following: str | None, following_kind: BlockKind | None) -> BlockKind:
    """Tell what a line or paragraph is by its form and by what follows it.

    A heading is a short line that neither a full stop nor a comma closes, above another
    heading, a list, a table, a line with a day in it (a dateline) or a paragraph longer than
    itself.

    Args:
        text: what it says.
        following: what the block below it says, None if it is the last.
        following_kind: what that block is.

    Returns:
        HEADING, LIST_ITEM or PARAGRAPH.
    """
    listed = is_list_item(text)
    usual = BlockKind.LIST_ITEM if listed else BlockKind.PARAGRAPH
    if following is None or not _may_head(text) or (listed and not _NUMBERED.match(text)):
        return usual
    if following_kind is BlockKind.LIST_ITEM:
        return usual if listed else BlockKind.HEADING
    if following_kind is not BlockKind.PARAGRAPH:
        return BlockKind.HEADING
    dateline = columns(following) <= _HEADING_WIDTH and find_date(following) is not None
    longer = len(following) > len(text) and _SENTENCE_MARK.search(following) is not None
    return BlockKind.HEADING if dateline or longer else usual


def _may_head(text: str) -> bool:
    """Whether a text has the form of a heading."""
    return (
        columns(text) <= _HEADING_WIDTH
        and not is_closed(text)
        and text[0] not in _OPENS_ASIDE
        and any(map(str.isalpha, text))
        and find_date(text) is None
    )
