"""Tests of how much a question wants one report before another."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.research.model import Part, Wishes
from bot.research.standing import about, in_time, standings
from bot.research.times import times_in
from ingest.records import Company, Description, Period, Report

HERON = Company(("Heron", "Heron Copper Inc."), ("HRN",))


def report(
    identity: str,
    *,
    title: str = "Metals",
    name: str = "metals.pdf",
    publisher: str | None = "Quill",
    published: date | None = date(2024, 2, 8),
    tickers: tuple[str, ...] = (),
    companies: tuple[str, ...] = (),
    period: Period | None = None,
) -> Report:
    """A report about metals."""
    return Report(
        id=identity,
        version=1,
        description=Description(
            title,
            publisher,
            published,
            "en",
            None,
            tickers=tickers,
            companies=companies,
            period=period,
        ),
        name=name,
        uri=f"file:///{name}",
        shelf="general",
        content_hash="0" * 64,
        live_from=datetime(2024, 2, 8, tzinfo=UTC),
    )


def part(text: str, **wishes: object) -> Part:
    """What is asked, with wishes."""
    return Part(text, tuple(text.lower().split()), times_in(text), Wishes(**wishes))  # type: ignore[arg-type]  # of many types


THIRD_FISCAL = Period(date(2023, 4, 2), date(2023, 7, 1), "Q3 FY 2023")


@pytest.mark.parametrize(
    ("question", "of", "share"),
    [
        ("on 8 February 2024", report("a"), 1.0),
        ("on 9 February 2024", report("a"), 0.5),
        ("in February 2024", report("a"), 0.66),
        ("in March 2024", report("a"), 0.2),
        ("in 2024", report("a"), 0.33),
        ("in 2023", report("a"), 0.0),
        ("in 2024", report("a", published=None), 0.0),
        ("2024年2月8日", report("a"), 1.0),
        # a fiscal quarter, and that of the calendar, where the name says nothing
        ("in Q3 2023", report("a", period=THIRD_FISCAL), 1.0),
        ("in Q2 2023", report("a", period=THIRD_FISCAL), 1.0),
        ("in Q1 2023", report("a", period=THIRD_FISCAL), 0.0),
        # whoever names a file so asks so
        ("in Q3 2023", report("a", period=THIRD_FISCAL, name="2023 Q3 HRN.pdf"), 1.0),
        ("in Q2 2023", report("a", period=THIRD_FISCAL, name="2023 Q3 HRN.pdf"), 0.0),
        ("in Q3 2023", report("a", title="Heron Q3 2023 results"), 1.0),
        ("in Q3 2023", report("a"), 0.0),
        ("in H1 2023", report("a", period=THIRD_FISCAL), 1.0),
        ("what does copper cost", report("a"), 0.0),
    ],
)
def test_a_report_is_of_a_time_that_is_named(question: str, of: Report, share: float) -> None:
    """A day tells more than a month, which tells more than a year."""
    assert in_time(of, times_in(question)) == pytest.approx(share)


@pytest.mark.parametrize(
    ("wanted", "better", "worse"),
    [
        (
            part("copper", companies=(HERON,)),
            report("a", tickers=("HRN",)),
            report("b", tickers=("TIN",)),
        ),
        (
            part("copper", companies=(HERON,)),
            report("a", companies=("heron copper inc.",)),
            report("b"),
        ),
        (
            part("copper", publishers=frozenset({"Heron"})),
            report("a", publisher="Heron"),
            report("b", published=date(2024, 3, 1)),
        ),
        (
            part("copper", reports=frozenset({"a"})),
            report("a"),
            report("b", published=date(2024, 3, 1)),
        ),
        (
            part("copper in Q3 2023"),
            report("a", period=THIRD_FISCAL),
            report("b", published=date(2024, 3, 1)),
        ),
        # all else being equal the newer one, and an undated one last
        (part("copper"), report("a", published=date(2024, 3, 1)), report("b")),
        (part("copper"), report("a"), report("b", published=None)),
        # the latest of a company, not the latest of all
        (
            part("copper", companies=(HERON,), newest=True),
            report("a", tickers=("HRN",), published=date(2024, 1, 1)),
            report("b", published=date(2024, 3, 1)),
        ),
    ],
)
def test_what_is_wished_for_comes_first(wanted: Part, better: Report, worse: Report) -> None:
    """A report that is named, by company, publisher, title or time, is wanted more."""
    found = standings(wanted, [worse, better])
    assert found[better.id] > found[worse.id] >= 0


def test_the_latest_outweighs_what_is_a_little_older() -> None:
    """Who asks for the latest wants it more than a tie-breaker would."""
    old = report("a", tickers=("HRN",))
    new = report("b", tickers=("HRN",), published=date(2024, 2, 9))
    gains = []
    for wishes in ({}, {"newest": True}, {"companies": (HERON,), "newest": True}):
        found = standings(part("copper", **wishes), [old, new])
        gains.append(found["b"] - found["a"])
    # of all reports the newest may be on anything; of a company's it is what was asked for
    assert gains[2] > 5 * gains[1] > 10 * gains[0] > 0


def test_a_company_is_known_by_its_ticker_name_or_filings() -> None:
    """A filing's publisher is the company that it is about."""
    assert about(HERON, report("a", publisher="HERON").description)
    assert about(HERON, report("a", tickers=("HRN",)).description)
    assert not about(HERON, report("a").description)
    assert standings(part("copper"), []) == {}
