"""Days printed in a text, as English and Chinese reports print them.

Only what names a day is a date: "February 2024" is not one, nor is "03/04/2024", of which
nobody can tell which number is the month.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?P<{0}>(?:19|20)\d\d)"
_DAY = r"(?P<{0}>\d{{1,2}})(?:st|nd|rd|th)?"
_GAP = r"[\s,-]{1,3}"

# One alternative a manner of writing; the groups of a manner share a letter:
# a 2024-02-28, b 2024年2月28日, c February 28, 2024, d 28 Feb 2024, e 28/02/2024.
_PRINTED = re.compile(
    r"(?<![^\W\u3400-\u9fff])(?<![./-])(?:"  # Chinese stands right in front of its dates
    + _YEAR.format("ya")
    + r"(?P<sep>[-/.])(?P<ma>\d{1,2})(?P=sep)(?P<da>\d{1,2})(?:(?=T\d)|(?![\w/-]|\.\d))|"
    + _YEAR.format("yc")
    + r"\s?年\s?(?P<mc>\d{1,2})\s?月\s?(?P<dc>\d{1,2})\s?[日号]|"
    + _MONTH.format("mb")
    + r"\s{0,2}"
    + _DAY.format("db")
    + _GAP
    + _YEAR.format("yb")
    + r"(?!\w)|"
    + _DAY.format("dd")
    + r"(?:\s+of)?"
    + _GAP
    + _MONTH.format("md")
    + _GAP
    + _YEAR.format("yd")
    + r"(?!\w)|"
    + r"(?P<fe>\d{1,2})(?P<slash>[/.-])(?P<ge>\d{1,2})(?P=slash)"
    + _YEAR.format("ye")
    + r"(?![\w/-]|\.\d))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A day as it stands in a text.

    Attributes:
        day: the day.
        start: offset of its first character.
        end: offset behind its last character.
    """

    day: date
    start: int
    end: int


def printed_dates(text: str) -> Iterator[PrintedDate]:
    """Yield the days printed in a text, in order; what is no day of the calendar is none."""
    for match in _PRINTED.finditer(text):
        day = _day(match)
        if day is not None:
            yield PrintedDate(day, match.start(), match.end())


def find_date(text: str) -> date | None:
    """Return the first day printed in a text, None where there is none."""
    first = next(printed_dates(text), None)
    return None if first is None else first.day


def month_number(written: str) -> int:
    """Return the number of a month, which is written as a number or as an English name."""
    return int(written) if written.isdigit() else _MONTHS.index(written[:3].lower()) + 1


def _day(match: re.Match[str]) -> date | None:
    """The day a match of `_PRINTED` names, None if the calendar has no such day."""
    group = match.groupdict()
    for manner in "acbd":
        if group[f"y{manner}"] is not None:
            return _calendar_day(
                group[f"y{manner}"], month_number(group[f"m{manner}"]), group[f"d{manner}"]
            )
    first, second = int(group["fe"]), int(group["ge"])
    if first == second or second > 12:
        return _calendar_day(group["ye"], first, group["ge"])
    if first > 12:
        return _calendar_day(group["ye"], second, group["fe"])
    return None


def _calendar_day(year: str, month: int, day: str) -> date | None:
    """The day, None if the calendar has none such."""
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None
