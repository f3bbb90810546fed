"""The stretches of the calendar that a question names, counted from the day it is asked on.

"Last year", "五年前10月" and "January" are days only to who knows what day it is.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ingest.language.dates import month_number, printed_dates
from ingest.language.periods import calendar_half, calendar_quarter
from ingest.language.quarters import FULL_YEAR, HALVES, QUARTERS, YearPart, read_part

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?"
    # a verb otherwise
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|(?-i:May)(?=[\s,]*(?:\d|of|$|[?.])))"
    r"\b\.?"
)
# "march" and "mar" are words too
_MONTH_ALONE = re.compile(
    r"\b(?P<month>(?-i:January|February|March|April|June|July|August|September|October|November"
    r"|December|(?<=in )May|(?<=since )May|(?<=before )May|(?<=after )May|(?<=until )May))\b"
    r"(?:\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?![.,%]\d))?",
)
_DAY_AND_MONTH = re.compile(rf"\b(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?: of)? {_MONTH}", re.IGNORECASE)
_MONTH_OF_YEAR = re.compile(
    rf"\b{_MONTH},?\s(?:of )?(?P<year>{FULL_YEAR})"
    rf"|(?<![\d./-])(?P<iso>{FULL_YEAR})[-/.](?P<isomonth>1[0-2]|0[1-9])(?![\d/.-])"
    rf"|(?P<chinese>{FULL_YEAR})\s?年\s?(?P<number>1[0-2]|[1-9])\s?月份?",
    re.IGNORECASE,
)
_YEAR = re.compile(rf"(?<![A-Za-z\d_.,$€£¥-])(?P<year>{FULL_YEAR})(?![A-Za-z_])年?")
_WORDS = "one two three four five six seven eight nine ten eleven twelve"
_ENGLISH = tuple(_WORDS.split())
_CHINESE = "一二三四五六七八九十"
_NUMBERS = {
    **{word: number for number, word in enumerate(_ENGLISH, start=1)},
    **{word: number for number, word in enumerate(_CHINESE, start=1)},
    **dict.fromkeys(("a", "an"), 1),
    **dict(zip(("两", "十一", "十二", "半"), (2, 11, 12, 6), strict=True)),
}
_NUMBER = rf"\d{{1,2}}|{'|'.join(_ENGLISH)}|an?\b"
_CHINESE_NUMBER = r"\d{1,2}|十[一二]?|[一二两三四五六七八九]"

# what stands before a year and needs no "in"
_GOVERNED = re.compile(
    r"\b(?:in|of|for|since|from|until|before|after|by|to|than|during|and|or|between|the|with)\s+$",
    re.IGNORECASE,
)
_CHINESE_RELATIVE_YEAR = re.compile(
    rf"(?:(?P<named>今年|去年|前年)(?!同期|以来最)|(?P<ago>{_CHINESE_NUMBER})年前的?)"
    rf"(?:第?(?P<quarter>[一二三四1-4])季度?|(?P<half>[上下])半年"
    rf"|(?P<month>{_CHINESE_NUMBER})月份?(?:(?P<day>\d{{1,2}})[日号])?|(?P<today>今[天日]))?"
)
_CHINESE_RELATIVE = re.compile(
    rf"(?P<monthsago>{_CHINESE_NUMBER})个月(?:之|以)?前|(?P<daysago>{_CHINESE_NUMBER})[天日](?:之|以)?前"
    r"|(?P<lastmonth>上个?月)|(?P<thismonth>本月|这个月)"
    r"|(?P<lastweek>上周|上(?:个)?星期)|(?P<thisweek>本周|这(?:个)?星期|这周)"
    r"|(?P<lastquarter>上个?季度)|(?P<thisquarter>本季度|这个季度)"
    r"|(?P<yesterday>昨[天日])|(?P<today>今天|今日(?!头条|资本))"
)
_ENGLISH_RELATIVE_YEAR = re.compile(
    rf"\b(?:{_MONTH},?\s(?:of\s)?)?(?:(?P<named>this|(?<!the )last) year\b(?!-)"
    rf"|(?P<ago>{_NUMBER}) years? ago\b)",
    re.IGNORECASE,
)
_ENGLISH_RELATIVE = re.compile(
    rf"\b(?:(?P<monthsago>{_NUMBER}) months? ago|(?P<daysago>{_NUMBER}) days? ago"
    r"|(?P<lastmonth>(?<!the )last month)|(?P<thismonth>this month)"
    r"|(?P<lastweek>(?<!the )last week)|(?P<thisweek>this week)"
    r"|(?P<lastquarter>last quarter)|(?P<thisquarter>this quarter)"
    r"|(?P<yesterday>yesterday)|(?P<today>today))\b",
    re.IGNORECASE,
)
_ROLLING = re.compile(
    rf"\b(?:last|past|previous|recent)\s+(?:(?P<number>{_NUMBER})\s+)?"
    r"(?P<unit>day|week|month|year)s?\b(?!\s+(?:of|ended|ending|to)\b)"
    rf"|(?:最近|近|过去)(?:的)?(?P<zh>{_CHINESE_NUMBER}|半)?个?(?P<zhunit>天|日|周|星期|月|年)(?!前)",
    re.IGNORECASE,
)
_UNITS = {"天": "day", "日": "day", "周": "week", "星期": "week", "月": "month", "年": "year"}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the calendar that a question names.

    Attributes:
        first: its first day.
        last: its last day.
        start: offset of its first character in the question.
        end: offset behind its last character.
        written: how it is written by who does not know what day it is; empty where it is
            written so already, or where a fiscal calendar may be meant.
        rolling: it is so many days, weeks, months or years up to now.
        is_day: it is a day.
    """

    first: date
    last: date
    start: int
    end: int
    written: str = ""
    rolling: bool = False
    is_day: bool = False


def stretches_in(text: str, today: date) -> list[Stretch]:
    """Return the stretches of the calendar that a question names, in order.

    Args:
        text: the question.
        today: the day it is asked on. A month or a day without a year is the last that began.
    """
    found: list[Stretch] = []
    rest = text
    for manner in _MANNERS:
        for each in list(manner(rest, today)):
            found.append(each)
            rest = f"{rest[: each.start]}{'#' * (each.end - each.start)}{rest[each.end :]}"
    return sorted(found, key=lambda each: each.start)


def written_out(text: str, today: date) -> str:
    """Return a question with the years, months and days that it counts from today written out.

    Args:
        text: "What was sold last year?", "五年前10月".
        today: the day it is asked on.

    Returns:
        "What was sold 2023?", "2019年10月". "Last quarter" stays: a fiscal one may be meant.
    """
    for each in reversed(stretches_in(text, today)):
        if each.written:
            text = f"{text[: each.start]}{each.written}{text[each.end :]}"
    return text


def months_before(day: date, months: int) -> date:
    """Return the day so many months earlier, or the last of its month where it has no such day."""
    whole = day.year * 12 + day.month - 1 - months
    year, month = max(whole // 12, 1), whole % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _of_month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _latest(month: int, day: int | None, today: date) -> tuple[date, date] | None:
    """The last month or day of such a name that began by today."""
    for year in (today.year, today.year - 1):
        first, last = _of_month(year, month)
        if day is not None:
            if not 1 <= day <= last.day:
                return None
            first = last = date(year, month, day)
        if first <= today:
            return first, last
    return None


def _printed(text: str, today: date) -> Iterator[Stretch]:
    for each in printed_dates(text):
        yield Stretch(each.day, each.day, each.start, each.end, is_day=True)


def _parts_of_years(text: str, today: date) -> Iterator[Stretch]:
    taken: list[tuple[int, int]] = []
    for manners, made in ((QUARTERS, calendar_quarter), (HALVES, calendar_half)):
        for manner in manners:
            for match in manner.finditer(text):
                part: YearPart = read_part(match)
                if part.fiscal or any(a < match.end() and match.start() < b for a, b in taken):
                    continue
                taken.append(match.span())
                years = (part.year,) if part.year else (today.year, today.year - 1)
                periods = [made(year, part.number) for year in years]
                period = next((each for each in periods if each.first <= today), periods[-1])
                yield Stretch(period.first, period.last, *match.span())


def _months_named(text: str, today: date) -> Iterator[Stretch]:
    for match in _MONTH_OF_YEAR.finditer(text):
        year = int(match["year"] or match["iso"] or match["chinese"])
        month = month_number(match["isomonth"] or match["number"] or match["month"])
        yield Stretch(*_of_month(year, month), *match.span())


def _months_alone(text: str, today: date) -> Iterator[Stretch]:
    for manner in (_DAY_AND_MONTH, _MONTH_ALONE):
        for match in manner.finditer(text):
            day = int(match["day"]) if match["day"] else None
            span = _latest(month_number(match["month"]), day, today)
            if span is not None:
                yield Stretch(*span, *match.span(), is_day=day is not None)
        text = manner.sub(lambda match: "#" * len(match[0]), text)


def _years(text: str, today: date) -> Iterator[Stretch]:
    for match in _YEAR.finditer(text):
        year = int(match["year"])
        yield Stretch(date(year, 1, 1), date(year, 12, 31), *match.span())


def _relative_years(text: str, today: date) -> Iterator[Stretch]:
    for match in _ENGLISH_RELATIVE_YEAR.finditer(text):
        year = _year_meant(match, today)
        if match["month"]:
            month = month_number(match["month"])
            written = f"{match['month']} {year}"
            yield Stretch(*_of_month(year, month), *match.span(), written)
        else:
            days = date(year, 1, 1), date(year, 12, 31)
            bare = not _GOVERNED.search(text[: match.start()])
            alone = bare and not text.startswith(("'", "’"), match.end())
            yield Stretch(*days, *match.span(), f"in {year}" if alone else str(year))
    for match in _CHINESE_RELATIVE_YEAR.finditer(text):
        if (stretch := _chinese_of_year(match, _year_meant(match, today), today)) is not None:
            yield stretch


def _chinese_of_year(match: re.Match[str], year: int, today: date) -> Stretch | None:
    """A year counted from this one, with a quarter, a half, a month or a day of it."""
    span = match.span()
    if match["quarter"] or match["half"]:
        made, word = (calendar_quarter, "quarter") if match["quarter"] else (calendar_half, "half")
        number = {"上": 1, "下": 2}.get(match[word]) or _number(match[word])
        written = f"{year}年{match[0][match.start(word) - match.start() :]}"
        period = made(year, number)
        return Stretch(period.first, period.last, *span, written)
    if match["today"]:
        day = months_before(today, 12 * (today.year - year))
        return Stretch(day, day, *span, _chinese_day(day), is_day=True)
    if match["month"] is None:
        days = date(year, 1, 1), date(year, 12, 31)
        return Stretch(*days, *span, f"{year}年")
    month = _number(match["month"])
    if not 1 <= month <= 12:
        return None
    first, last = _of_month(year, month)
    if match["day"] is None:
        return Stretch(first, last, *span, f"{year}年{month}月")
    if not 1 <= int(match["day"]) <= last.day:
        return None
    day = date(year, month, int(match["day"]))
    return Stretch(day, day, *span, _chinese_day(day), is_day=True)


def _relative(text: str, today: date) -> Iterator[Stretch]:
    for manner, chinese in ((_ENGLISH_RELATIVE, False), (_CHINESE_RELATIVE, True)):
        for match in manner.finditer(text):
            said = match.lastgroup or ""
            back = _number(match[said]) if said in {"monthsago", "daysago"} else 0
            if said.endswith("week"):
                monday = today - timedelta(days=today.weekday() + 7 * (said == "lastweek"))
                yield Stretch(monday, monday + timedelta(days=6), *match.span())
            elif said.endswith("quarter"):
                day = months_before(today, 3 * (said == "lastquarter"))
                period = calendar_quarter(day.year, (day.month + 2) // 3)
                yield Stretch(period.first, period.last, *match.span())
            elif "month" in said:
                day = months_before(today, 1 if said == "lastmonth" else back)
                written = f"{day.year}年{day.month}月" if chinese else f"{day:%B %Y}"
                yield Stretch(*_of_month(day.year, day.month), *match.span(), written)
            else:
                day = today - timedelta(days=1 if said == "yesterday" else back)
                # "what it does today" is what it does now
                written = "" if said == "today" else f"{day:%B} {day.day}, {day.year}"
                written = _chinese_day(day) if chinese else written
                yield Stretch(day, day, *match.span(), written, is_day=True)


def _rolling(text: str, today: date) -> Iterator[Stretch]:
    for match in _ROLLING.finditer(text):
        said = match["number"] or match["zh"]
        unit = match["unit"].lower() if match["unit"] else _UNITS[match["zhunit"]]
        if said is None and match["zhunit"] and match[0].startswith("近"):
            continue  # "近日", "附近年"
        if said == "半" and unit != "year":
            continue
        number = 1 if said is None else _number(said)
        if unit in {"day", "week"}:
            first = today - timedelta(days=number * (7 if unit == "week" else 1))
        else:
            months = number * (12 if unit == "year" and said != "半" else 1)
            first = months_before(today, months)
        yield Stretch(first, today, *match.span(), rolling=True)


def _year_meant(match: re.Match[str], today: date) -> int:
    if match["ago"]:
        back = _number(match["ago"])
    else:
        back = {"去年": 1, "last": 1, "前年": 2}.get(match["named"].lower(), 0)
    return max(today.year - back, 1)


def _number(said: str) -> int:
    return int(said) if said.isdigit() else _NUMBERS.get(said.lower(), 1)


def _chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


_MANNERS: tuple[Callable[[str, date], Iterator[Stretch]], ...] = (
    *(_printed, _relative_years, _relative, _rolling, _parts_of_years, _months_named),
    *(_months_alone, _years),
)
