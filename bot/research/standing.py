"""How much a question wants one report before another, whatever its passages say.

What is added is of the scale of a passage's own score, which is at most 1.4 or so: a report that
is named outweighs a passage that fits a little better, and no more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import PurePath

from bot.research.model import Part
from bot.research.times import Time, Times, times_in
from ingest.records import Company, Description, Report

_PUBLISHER = 0.3
_COMPANY = 0.5
_TITLE = 0.5
_TIME = 0.5
_NEWEST, _NEWEST_OF_ALL = 0.5, 0.05  # of the reports that are named; where none is
# of a report of the month or year that is named, which many are of; of one a day off the day that
# is named; and of one of the year but neither of the day nor of the month
_MONTH, _YEAR, _NEXT_DAY, _YEAR_ALONE = 0.66, 0.33, 0.5, 0.2
_RECENT = 0.01  # between the newest and the oldest: it breaks ties


def standings(part: Part, reports: Iterable[Report]) -> dict[str, float]:
    """Return how much each report is wanted, from 0 upwards, by its id.

    Args:
        part: a question, or one of the things it asks.
        reports: that may be wanted, each once.
    """
    held = list({report.id: report for report in reports}.values())
    found = {report.id: _named(part, report) for report in held}
    for report in held:
        found[report.id] += _TIME * in_time(report, part.times)
    order = sorted(held, key=lambda report: (_day_of(report.description), report.id))
    for place, report in enumerate(order):
        found[report.id] += _RECENT * place / max(len(order) - 1, 1)
    if part.wishes.newest and order:
        most = max(_named(part, report) for report in held)
        wanted = [report for report in order if _named(part, report) == most]
        latest = _day_of(wanted[-1].description)
        for report in wanted:
            if _day_of(report.description) == latest:
                found[report.id] += _NEWEST if most else _NEWEST_OF_ALL
    return found


def in_time(report: Report, times: Times) -> float:
    """Return how far a report is of a time that a question names, 0 to 1.

    A quarter is that of the report's own name where it has one there ("2023 Q1 AAPL.pdf"), since
    whoever named it so will ask for it so; else its fiscal quarter or that of the calendar,
    since people say either.
    """
    return max((_agreement(report, time) for time in times.named), default=0.0)


def about(company: Company, description: Description) -> bool:
    """Return whether a report is about a company."""
    names = {name.casefold() for name in company.names}
    return bool(
        set(company.tickers) & set(description.tickers)
        or names & {name.casefold() for name in description.companies}
        or (description.publisher or "").casefold() in names
    )


def _named(part: Part, report: Report) -> float:
    described, wishes = report.description, part.wishes
    return (
        _PUBLISHER * (described.publisher in wishes.publishers)
        + _COMPANY * any(about(company, described) for company in wishes.companies)
        + _TITLE * (report.id in wishes.reports)
    )


def _agreement(report: Report, time: Time) -> float:
    if time.quarter or time.half:
        return _in_period(report, time)
    published = report.description.published
    if time.first != time.last and not time.month:
        return 0.0
    if not time.month:
        covers = report.description.period
        years = {covers.first.year, covers.last.year} if covers else set()
        if published:
            years.add(published.year)
        return _YEAR * (time.first in years)
    if published is None:
        return 0.0
    if not time.first <= published.year <= time.last:
        return 0.0
    if time.day is None and published.month == time.month:
        return _MONTH
    if time.day is not None and published.month == time.month:
        apart = abs(published.day - time.day)
        return 1.0 if apart == 0 else _NEXT_DAY if apart == 1 else _YEAR_ALONE
    return _YEAR_ALONE * (time.first == time.last)


def _in_period(report: Report, time: Time) -> float:
    for name in (PurePath(report.name).stem, report.description.title):
        said = [each for each in times_in(name).named if each.quarter or each.half]
        if said:
            return float(any(time.agrees(each) for each in said))
    period = report.description.period
    if period is None:
        return 0.0
    middle = period.first + (period.last - period.first) / 2
    calendar = Time(
        middle.year,
        middle.year,
        quarter=(middle.month + 2) // 3 if time.quarter else None,
        half=(middle.month + 5) // 6 if time.half else None,
    )
    named = [each for each in times_in(period.name).named if each.quarter or each.half]
    return float(any(time.agrees(each) for each in (*named, calendar)))


def _day_of(described: Description) -> date:
    """The day a report is of: the end of what it covers, else when it was published."""
    if described.period is not None:
        return described.period.last
    return described.published or date.min
