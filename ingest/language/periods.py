"""Stretches of time that reports cover: quarters, halves, years, and those of fiscal calendars.

A quarter is "Q3 2023", a year "FY 2023". A fiscal quarter has its fiscal name, "Q3 FY 2024", only
where the report says it in words and the end of the fiscal year it prints bears that out;
otherwise it is called by the quarter of the calendar that its middle day lies in.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from ingest.language.dates import printed_dates
from ingest.language.quarters import HALVES, QUARTERS, read_part
from ingest.records import Period

_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_REPORT = re.compile(r"报告?$")
_HALF_YEAR = re.compile(rf"{_YEAR}\s?年半年度?")

_YEARS = tuple(
    re.compile(written, re.IGNORECASE)
    for written in (
        rf"(?:(?:FY|CY|fiscal(?: year)?|financial year|calendar year|year)\s*'?)?{_YEAR}",
        r"FY\s*'?(?P<year>\d\d)",
        rf"{_YEAR}\s?(?:财年|年(?:年?度)?(?:报告?)?)",
    )
)
_BETWEEN_DAYS = re.compile(r"\s*(?:to|until|[-–—~]|至|到)\s*", re.IGNORECASE)

_YEAR_END = re.compile(r"\b(?:fiscal |financial )?year ended\b[\s:,]{0,4}", re.IGNORECASE)
_DAY_WITHIN = 24  # characters a printed day takes at most
_WEEKS_ENDED = re.compile(
    r"\b(12|13|14|16|17|twelve|thirteen|fourteen|sixteen|seventeen)[ -]weeks? (?:period )?ended",
    re.IGNORECASE,
)
_WEEKS = {"twelve": 12, "thirteen": 13, "fourteen": 14, "sixteen": 16, "seventeen": 17}
_IN_WEEKS = re.compile(r"\b5[23](?:-| )?(?: ?(?:or|and|/) ?5[23])?[- ]?week", re.IGNORECASE)
_NAMED_QUARTER = re.compile(
    r"\b(?P<word>first|second|third|fourth) (?P<early>fiscal )?quarters? (?:of |for |in )?(?:the )?"
    r"(?P<late>fiscal )?(?:years? )?(?P<year>20\d\d|19\d\d)"
    r"|\bQ(?P<digit>[1-4])\s*(?P<short>FY|fiscal )?\s*(?:year )?'?(?P<named>(?:20)?\d\d)\b",
    re.IGNORECASE,
)
_FISCAL_YEAR = re.compile(r"\b(?:fiscal|FY)\s*(?:year )?(?P<year>20\d\d|19\d\d)\b", re.IGNORECASE)

_QUARTER_DAYS = 91.3
_OFF = 13  # days a fiscal quarter may end away from three, six or nine months of its year


def calendar_quarter(year: int, number: int) -> Period:
    """Return a quarter of the calendar, `number` from 1 to 4."""
    return Period(*_months(year, number * 3 - 2, number * 3), f"Q{number} {year}")


def calendar_half(year: int, number: int) -> Period:
    """Return a half of a year of the calendar, `number` 1 or 2."""
    return Period(*_months(year, number * 6 - 5, number * 6), f"H{number} {year}")


def calendar_year(year: int) -> Period:
    """Return a year of the calendar."""
    return Period(*_months(year, 1, 12), f"FY {year}")


def between(first: date, last: date) -> Period:
    """Return the period between two days, both its own; a calendar's period has its name."""
    year = last.year
    known = [calendar_year(year), *(calendar_half(year, half) for half in (1, 2))]
    known += [calendar_quarter(year, number) for number in (1, 2, 3, 4)]
    return next(
        (each for each in known if (each.first, each.last) == (first, last)),
        Period(first, last, f"{first.isoformat()} to {last.isoformat()}"),
    )


def read_period(text: str) -> Period | None:
    """Read a period as people write it.

    Args:
        text: nothing but the period: "Q3 2023", "3Q23", "H1 2023", "FY2023", "2023",
            "2023-07-01..2023-09-30", "2023年第三季度", "2023年年度报告". A year alone is the
            calendar's: one that is not has to be written by its days.

    Returns:
        The period, None if it is none that can be read.
    """
    text = " ".join(text.replace("..", " to ").split())
    days = list(printed_dates(text))
    if len(days) == 2 and days[0].start == 0 and days[1].end == len(text):
        parted = _BETWEEN_DAYS.fullmatch(text[days[0].end : days[1].start])
        ordered = days[0].day <= days[1].day
        return between(days[0].day, days[1].day) if parted and ordered else None
    covered = _REPORT.sub("", text)
    for manners, made in ((QUARTERS, calendar_quarter), (HALVES, calendar_half)):
        for match in filter(None, (manner.fullmatch(covered) for manner in manners)):
            part = read_part(match)
            # of a fiscal one only the filing knows the days
            if part.year is not None and not part.fiscal:
                return made(part.year, part.number)
    if half := _HALF_YEAR.fullmatch(covered):
        return calendar_half(int(half["year"]), 1)
    years = (manner.fullmatch(text) for manner in _YEARS)
    year = next(filter(None, years), None)
    return calendar_year(_full_year(year["year"])) if year else None


def fiscal_quarter(last: date, text: str) -> Period:
    """Return the quarter that ends on a day, as a filing lets one say it.

    It begins behind the end of the fiscal year where that is printed and lies a quarter back;
    else as many weeks back as are printed ("13 weeks ended"), or 13 where the company counts in
    weeks, which it does where it says so or where the quarter ends within a month; else it is
    three months long.

    Args:
        last: its last day.
        text: the filing's.
    """
    end, number = _year_before(last, text)
    first = _first_of_quarter(last, text, end if number == 1 else None)
    return Period(first, last, _quarter_name(first, last, number, end, text))


def fiscal_year(last: date, text: str) -> Period:
    """Return the fiscal year that ends on a day.

    It begins behind the end of the year before where that is printed, else 52 weeks back where
    the company counts in weeks, else a year back. It is called by the year it ends in; one that
    ends by February by the year before, where the text says that more often.

    Args:
        last: its last day.
        text: the filing's.
    """
    ends = [day for day in _year_ends(text) if 357 <= (last - day).days <= 378]
    if ends:
        first = max(ends) + timedelta(days=1)
    elif _counts_in_weeks(last, text):
        first = last - timedelta(days=52 * 7 - 1)
    else:
        first = _months(last.year, last.month - 11, last.month)[0]
    year = (last - timedelta(days=10)).year
    if last.month <= 2:
        said = Counter(int(match["year"]) for match in _FISCAL_YEAR.finditer(text))
        year = max((year, year - 1), key=lambda each: said[each])
    return Period(first, last, f"FY {year}")


def _quarter_name(first: date, last: date, number: int, end: date | None, text: str) -> str:
    """What a quarter is called, the `number`th of the fiscal year behind `end`; 0 is unknown."""
    middle = first + (last - first) / 2
    calendar = f"Q{(middle.month + 2) // 3} {middle.year}"
    if end is None or number == 0:
        return calendar
    year = (end + timedelta(days=355)).year
    if f"Q{number} {year}" == calendar and (end.month, end.day) >= (12, 18):
        return calendar
    # where both calendars give it one number, only what is called fiscal tells of the fiscal one
    fiscal = calendar.startswith(f"Q{number}")
    named = {said for place, said in _named_quarters(text, fiscal=fiscal) if place == number}
    if year in named:
        return f"Q{number} FY {year}"
    early = end.month <= 2  # some call a year that ends so early by the one before
    return f"Q{number} FY {year - 1}" if early and year - 1 in named else calendar


def _named_quarters(text: str, *, fiscal: bool) -> Iterator[tuple[int, int]]:
    """Number and year of the quarters a text names, `fiscal` for those it calls fiscal alone."""
    for match in _NAMED_QUARTER.finditer(text):
        if fiscal and not (match["early"] or match["late"] or match["short"]):
            continue
        number = int(match["digit"] or _ORDINALS[match["word"].lower()])
        yield number, _full_year(match["named"] or match["year"])


def _year_before(last: date, text: str) -> tuple[date | None, int]:
    """The end of the fiscal year before a quarter, and the quarter's number behind it."""
    for end in sorted(_year_ends(text), reverse=True):
        days = (last - end).days
        number = round(days / _QUARTER_DAYS)
        if 1 <= number <= 3 and abs(days - number * _QUARTER_DAYS) <= _OFF:
            return end, number
    return None, 0


def _year_ends(text: str) -> set[date]:
    """The days on which a text says that a year ended."""
    ends: set[date] = set()
    for match in _YEAR_END.finditer(text):
        found = next(printed_dates(text[match.end() : match.end() + _DAY_WITHIN]), None)
        if found is not None and found.start == 0:
            ends.add(found.day)
    return ends


def _first_of_quarter(last: date, text: str, year_end: date | None) -> date:
    """The first day of a quarter, the day behind `year_end` where that is known."""
    if year_end is not None:
        return year_end + timedelta(days=1)
    printed = Counter(match[1].lower() for match in _WEEKS_ENDED.finditer(text))
    if printed:
        ((weeks, _),) = printed.most_common(1)
        return last - timedelta(days=(_WEEKS.get(weeks) or int(weeks)) * 7 - 1)
    if _counts_in_weeks(last, text):
        return last - timedelta(days=13 * 7 - 1)
    return _months(last.year, last.month - 2, last.month)[0]


def _counts_in_weeks(last: date, text: str) -> bool:
    """Whether a company's quarters are so many weeks rather than three months."""
    within = last.day != monthrange(last.year, last.month)[1]
    return within or _IN_WEEKS.search(text) is not None


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    """First and last day of some months of a year; a first month before January is last year's."""
    begin = date(year, first, 1) if first > 0 else date(year - 1, first + 12, 1)
    return begin, date(year, last, monthrange(year, last)[1])


def _full_year(written: str) -> int:
    """A year written with two digits or four."""
    return int(written) + (2000 if len(written) == 2 else 0)
