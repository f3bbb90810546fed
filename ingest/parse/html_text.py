"""The text that a reader sees of an element of a web page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped] # lxml ships no types

# trafilatura hands back elements of its own (lb, hi, ref) in place of the page's.
BREAKS = frozenset({"br", "lb"})
INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "big", "cite", "code", "data", "del", "em", "font", "hi", "i"}
    | {"ins", "kbd", "label", "mark", "q", "ref", "s", "samp", "small", "span", "strong", "sub"}
    | {"sup", "time", "tt", "u", "var"}
)


def flat_text(element: HtmlElement) -> str:
    """Return all text of an element, what is parted on the page parted by white space."""
    if element.tag in BREAKS:
        return "\n"
    line = spaced(element.text)
    for child in element:
        apart = "" if child.tag in INLINE else " "
        line += apart + flat_text(child) + apart + spaced(child.tail)
    return line


def spaced(text: str | None) -> str:
    """Return a text with one space for every run of white space."""
    return re.sub(r"\s+", " ", text or "")
