"""Quarters and halves of years, as people write them in English and Chinese."""

from __future__ import annotations

import re
from typing import NamedTuple

FULL_YEAR = r"(?:19|20)\d\d(?!\d|[.,]\d|\s?%)"
"""A year of four digits that is no amount."""

ANY_YEAR = rf"(?:(?P<year>{FULL_YEAR})|['’]?(?P<short>\d\d)(?!\d))"
"""A year of four digits or two."""

_ORDINAL = r"first|second|third|fourth|1st|2nd|3rd|4th"
_NUMBERS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "上": 1,
    "下": 2,
}
_OF = r"(?:\s*(?:of|in))?\s*(?:the )?(?:(?P<fiscal>FY|fiscal(?: year)?)|CY|year)?\s*"
_CLOSE = r"(?:\s?[-,]?\s?(?:(?P<fiscal>FY)|CY)?\s?"

QUARTERS = tuple(
    re.compile(written, re.IGNORECASE)
    for written in (
        rf"(?<![\d.,])(?P<year>{FULL_YEAR})\s?年?\s?[-,]?\s?第?"
        r"(?:Q(?P<number>[1-4])\b|(?P<word>[一二三四1-4])季度?)",
        rf"\bQ(?P<number>[1-4])(?![\d]){_OF}[-,]?\s?(?:{ANY_YEAR})?",
        rf"\b(?P<number>[1-4])Q{_CLOSE}{ANY_YEAR})?(?![A-Za-z\d])",
        rf"\b(?P<word>{_ORDINAL})[ -](?:fiscal )?quarter\b,?(?:{_OF}(?P<year>{FULL_YEAR}))?",
        r"第(?P<word>[一二三四1-4])季度?",
    )
)
"""Manners of writing a quarter, with or without its year; read by `read_part`."""

HALVES = tuple(
    re.compile(written, re.IGNORECASE)
    for written in (
        rf"(?<![\d.,])(?P<year>{FULL_YEAR})\s?年?\s?[-,]?\s?"
        r"(?:H(?P<number>[12])\b|(?P<word>[上下])半年)",
        rf"\bH(?P<number>[12])(?![\d]){_OF}[-,]?\s?(?:{ANY_YEAR})?(?![A-Za-z\d])",
        rf"\b(?P<number>[12])H{_CLOSE}{ANY_YEAR})?(?![A-Za-z\d])",
        rf"\b(?P<word>first|second)[ -]half\b,?(?:{_OF}(?P<year>{FULL_YEAR}))?",
        r"(?P<word>[上下])半年",
    )
)
"""Manners of writing a half of a year, likewise."""


class YearPart(NamedTuple):
    """A quarter or a half of a year.

    Attributes:
        number: 1 to 4 of a quarter, 1 or 2 of a half.
        year: None where it is not told.
        fiscal: it is called one of a fiscal year.
    """

    number: int
    year: int | None
    fiscal: bool


def read_part(match: re.Match[str]) -> YearPart:
    """Return what a match of `QUARTERS` or `HALVES` names."""
    groups = match.groupdict()
    word = (groups.get("number") or groups["word"]).lower()
    number = int(word) if word.isdigit() else _NUMBERS[word]
    fiscal = bool(groups.get("fiscal")) or "fiscal" in match[0].lower()
    return YearPart(number, year_named(match), fiscal)


def year_named(match: re.Match[str]) -> int | None:
    """Return the year in the group `year` of a match, or of two digits in `short`; else None."""
    groups = match.groupdict()
    if year := groups.get("year"):
        return int(year)
    short = groups.get("short")
    return 2000 + int(short) if short else None
