"""The times that a question or the head of a column names, and whether one rules out the other.

What a text leaves open rules nothing out: "Q3" may be of any year, "July 1, 2023" may end a
stretch of any length. A fiscal quarter may be any quarter of the calendar, so that quarters and
months never rule each other out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from ingest.language.dates import month_number, printed_dates
from ingest.language.quarters import (
    ANY_YEAR,
    FULL_YEAR,
    HALVES,
    QUARTERS,
    read_part,
    year_named,
)

_EARLIEST, _LATEST = 0, 9999
_QUARTER, _HALF, _YEAR = 3, 6, 12  # months

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?"
    # a verb otherwise
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|(?-i:May)(?=[\s,’'-]*\d|$)"
    r"|(?<=in )(?-i:May))\b\.?"
)
# growth from one to the next, shares of a whole, and when a report was written
_NO_TIME = re.compile(
    r"\b(?:quarter|half|year|month)s?[ -](?:over|on|to)[ -](?:quarter|half|year|month)s?\b"
    r"|\b(?:a|one|three) quarters? of (?!(?:19|20)\d\d)"
    r"|\bhalf an?\b|(?<!first )(?<!second )\bhalf of\b|[同环]比"
    r"|(?<!Q[1-4] )(?<!quarter )(?:\b[A-Z][a-z]{2,8}\s)?"
    r"\b(?:19|20)\d\d (?:report|note|paper|study|survey)s?\b",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"(?<![\d.,])(?P<first>{FULL_YEAR})\s?[AEF年]?\s?(?:[-–—~～至到]|to|through|until)\s?(?:FY)?"
    rf"(?P<last>{FULL_YEAR})[AEF]?年?"
    rf"|\bbetween (?P<begins>{FULL_YEAR}) and (?P<ends>{FULL_YEAR})",
    re.IGNORECASE,
)
_SINCE = re.compile(
    rf"\b(?:since|after) (?:FY)?(?P<a>{FULL_YEAR})|(?P<b>{FULL_YEAR})\s?年?(?:以来|以后|起)",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    rf"\b(?:until|before|up to) (?:FY)?(?P<a>{FULL_YEAR})|(?P<b>{FULL_YEAR})\s?年?(?:以前|之前)",
    re.IGNORECASE,
)
_MONTHS_NAMED = tuple(
    re.compile(written, re.IGNORECASE)
    for written in (
        rf"(?<![\d.,])(?P<year>{FULL_YEAR})\s?年\s?(?P<number>1[0-2]|[1-9])\s?月(?!\s?\d)",
        rf"(?<![\d.,/-])(?P<year>{FULL_YEAR})[-/.](?P<number>1[0-2]|0?[1-9])(?![\d/.-])",
        rf"\b{_MONTH}(?:[\s,'’-]{{0,2}}(?:of )?(?P<year>{FULL_YEAR})|[-'’](?P<short>\d\d)(?!\d)"
        r"|\s?(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d.%]|,\d))?",
        r"(?<!\d)(?P<number>1[0-2]|[1-9])\s?月(?:(?P<day>[0-3]?\d)\s?[日号])?",
    )
)
_FISCAL_YEARS = re.compile(
    rf"\b(?:FY|fiscal(?: year)?|financial year)\s?{ANY_YEAR}[AEF]?\b"
    rf"|(?P<chinese>{FULL_YEAR})\s?(?:财年|年度|年全年)",
    re.IGNORECASE,
)
_BARE_YEARS = re.compile(
    rf"(?:(?<![A-Za-z\d_.,$€£¥])|(?<=\bCY))(?P<year>{FULL_YEAR})(?:\s?[AEF]\b|年|(?![A-Za-z_]))",
    re.IGNORECASE,
)
_SPANS = tuple(
    (re.compile(written, re.IGNORECASE), months)
    for written, months in (
        (r"\bfirst three quarters\b|前三季度", 9),
        (r"\b(?:three|3)[ -]months?\b|\b(?:13|14|thirteen|fourteen)[ -]weeks?\b", _QUARTER),
        (r"\b(?:six|6)[ -]months?\b|\b(?:26|27|twenty-six)[ -]weeks?\b|半年", _HALF),
        (r"\b(?:nine|9)[ -]months?\b|\b(?:39|40|thirty-nine)[ -]weeks?\b", 9),
        (r"\b(?:twelve|12)[ -]months?\b|\b(?:5[23]|fifty-two|fifty-three)[ -]weeks?\b", _YEAR),
        (r"\b(?:fiscal|financial|full|whole|calendar)[ -]year\b|\byears? ended\b|全年|年度", _YEAR),
        (r"\bannual(?:ly)?\b", _YEAR),
        (r"\bquarter(?:s|ly)?\b|季度", _QUARTER),
    )
)
_LINKS = re.compile(
    r"\b(?:of|the|in|at|as|on|and|to|from|for|end(?:ed|ing)?|years?|months?|fiscal|CY|unaudited)\b"
    r"|[年月日止截至]",
    re.IGNORECASE,
)


class Time(NamedTuple):
    """A time that a text names, what it leaves open being None.

    Attributes:
        first: its year, or the first of several.
        last: its year, or the last of several.
        quarter: 1 to 4.
        half: 1 or 2.
        month: 1 to 12.
        day: of the month.
    """

    first: int = _EARLIEST
    last: int = _LATEST
    quarter: int | None = None
    half: int | None = None
    month: int | None = None
    day: int | None = None

    def agrees(self, other: Time) -> bool:
        """Whether both can be of one time."""
        years = max(self.first, other.first) <= min(self.last, other.last)
        return years and all(
            one is None or another is None or one == another
            for one, another in zip(self[2:], other[2:], strict=True)
        )

    @property
    def is_year(self) -> bool:
        """Whether it is one year and nothing within it."""
        return self.first == self.last and not any(self[2:])


@dataclass(frozen=True, slots=True)
class Times:
    """What a text says of time.

    Attributes:
        named: the times it names.
        spans: how long a stretch it speaks of, in months.
        rest: what else the text says.
    """

    named: frozenset[Time] = frozenset()
    spans: frozenset[int] = frozenset()
    rest: str = field(default="", compare=False)

    @property
    def alone(self) -> bool:
        """Whether the text names times and says nothing else."""
        return self.says_any and not any(map(str.isalnum, _LINKS.sub(" ", self.rest)))

    @property
    def says_any(self) -> bool:
        """Whether it names a time or speaks of a stretch of it."""
        return bool(self.named or self.spans)

    @property
    def is_years(self) -> bool:
        """Whether it names whole years: "2023", "FY 2023"."""
        return (
            bool(self.named) and all(time.is_year for time in self.named) and self.spans <= {_YEAR}
        )

    @property
    def _is_within_year(self) -> bool:
        """Whether it speaks of less than a year."""
        return (bool(self.spans) and _YEAR not in self.spans) or (
            bool(self.named) and all(time.month and not time.day for time in self.named)
        )

    def within(self, other: Times) -> Times:
        """What these times and those around them say together: "Q3" in "2023"."""
        both = {
            Time(
                max(one.first, another.first),
                min(one.last, another.last),
                *(
                    mine if mine is not None else its
                    for mine, its in zip(one[2:], another[2:], strict=True)
                ),
            )
            for one in self.named
            for another in other.named
            if one.agrees(another)
        }
        return Times(frozenset(both) or self.named | other.named, self.spans | other.spans)

    def rules_out(self, told: Times) -> bool:
        """Whether who asks for these times is not answered by what is told of others.

        Args:
            told: what a head or a label says.
        """
        if self.spans and told.spans and not self.spans & told.spans:
            return True
        if self._is_within_year and told.is_years:
            return True  # a year's figure is none of its quarters'
        return bool(self.named and told.named) and not self._agree(told)

    def meets(self, told: Times) -> bool:
        """Whether it is told of these times: of one of them, or of a stretch as long."""
        if self.rules_out(told):
            return False
        return bool(self.named and told.named) or bool(self.spans & told.spans)

    def _agree(self, told: Times) -> bool:
        return any(one.agrees(another) for one in self.named for another in told.named)


@lru_cache(maxsize=4096)  # the heads of a table are asked of for each of its rows
def times_in(text: str) -> Times:
    """Return what a text says of time."""
    rest = _NO_TIME.sub(" ", text)
    named: set[Time] = set()
    spans: set[int] = set()

    def take(manner: re.Pattern[str], made: Callable[[re.Match[str]], Time | None]) -> bool:
        """Take out of the rest what is written in a manner."""
        nonlocal rest
        found = [(match, made(match)) for match in manner.finditer(rest)]
        for match, time in reversed(found):
            if time is not None:
                named.add(time)
                rest = f"{rest[: match.start()]} {rest[match.end() :]}"
        return any(time is not None for _, time in found)

    for day in reversed(list(printed_dates(rest))):
        named.add(Time(day.day.year, day.day.year, None, None, day.day.month, day.day.day))
        rest = f"{rest[: day.start]} {rest[day.end :]}"
    take(_RANGE, _years_between)
    take(_SINCE, lambda m: Time(first=int(m["a"] or m["b"])))
    take(_UNTIL, lambda m: Time(last=int(m["a"] or m["b"])))
    for manner in QUARTERS:
        if take(manner, lambda m: _within(m)._replace(quarter=read_part(m).number)):
            spans.add(_QUARTER)
    for manner in HALVES:
        if take(manner, lambda m: _within(m)._replace(half=read_part(m).number)):
            spans.add(_HALF)
    for manner in _MONTHS_NAMED:
        take(manner, _month)
    if take(_FISCAL_YEARS, _within):
        spans.add(_YEAR)
    take(_BARE_YEARS, _within)
    for manner, months in _SPANS:
        rest, count = manner.subn(" ", rest)
        if count:
            spans.add(months)
    return Times(frozenset(named), frozenset(spans), rest)


def _years_between(match: re.Match[str]) -> Time:
    """The years from one to another."""
    years = [int(year) for year in match.groups() if year]
    return Time(min(years), max(years))


def _within(match: re.Match[str]) -> Time:
    """The year that a match names; any where it names none."""
    chinese = match.groupdict().get("chinese")
    year = int(chinese) if chinese else year_named(match)
    return Time() if year is None else Time(year, year)


def _month(match: re.Match[str]) -> Time:
    groups = match.groupdict()
    month = month_number(groups.get("month") or groups["number"])
    day = groups.get("day")
    return _within(match)._replace(month=month, day=int(day) if day else None)
