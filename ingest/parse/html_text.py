"""The text that a reader sees of an element of a web page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.parse.raised import raised

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped] # lxml ships no types

# trafilatura hands back elements of its own (lb, hi, ref) in place of the page's.
BREAKS = frozenset({"br", "lb"})
INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "font"}
    | {"hi", "i", "ins", "kbd", "label", "mark", "nobr", "q", "ref", "samp", "small", "span"}
    | {"strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
)
_RAISED = "//sup | //span[contains(translate(@style, ' ', ''), 'vertical-align:super')]"


def flat_text(element: HtmlElement) -> str:
    """Return all text of an element, what is parted on the page parted by white space."""
    if element.tag in BREAKS:
        return "\n"
    line = spaced(element.text)
    for child in element:
        apart = "" if child.tag in INLINE else " "
        line += apart + flat_text(child) + apart + spaced(child.tail)
    return line


def bracket_raised(root: HtmlElement) -> None:
    """Rewrite what a page sets above the line, so that it makes no other figure: see `raised`."""
    for element in root.xpath(_RAISED):
        said = flat_text(element)
        written = raised(_before(element), said) if said.strip() else said
        if written != said:
            for child in list(element):
                element.remove(child)
            element.text = written


def _before(element: HtmlElement) -> str:
    """What stands before an element on its line, down to the nearest text."""
    while True:
        for each in element.itersiblings(preceding=True):
            inline = each.tag in INLINE
            text = (flat_text(each) if inline else "") + spaced(each.tail)
            if text.strip() or not inline:
                return text
        above = element.getparent()
        if above is None:
            return ""
        if above.tag not in INLINE or spaced(above.text).strip():
            return spaced(above.text)
        element = above


def spaced(text: str | None) -> str:
    """Return a text with one space for every run of white space."""
    return re.sub(r"\s+", " ", text or "")
