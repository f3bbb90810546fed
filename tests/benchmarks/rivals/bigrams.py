"""Chinese for the rivals' lexical sides: without it they find next to nothing.

Pairs of neighbouring characters, and words of the Latin alphabet and numbers.
"""

from __future__ import annotations

import re

PATTERN = r"(?=([\u4e00-\u9fff]{2}|(?<![a-z0-9])[a-z0-9]{2,}))"
"""Finds them all in a text in small letters, overlapping."""


def bigrams(text: str) -> list[str]:
    """The pairs of Chinese characters and the other words of a text, in order."""
    return re.findall(PATTERN, text.lower())
