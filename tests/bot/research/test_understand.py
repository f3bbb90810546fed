"""Tests of what a question is taken to mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.model import Limit, LimitKind, Query, Question, Turn
from bot.research.telling import Kind
from bot.research.understand import understand
from ingest.records import Company, Filter, Known

ASKED = datetime(2024, 3, 1, tzinfo=UTC)
APPLE = Company(("Apple Inc.",), ("AAPL",))
KNOWN = Known(
    ("CITIC Securities", "Heron Research", "Quill"),
    (("one", "Sora shocked to release"), ("two", "Copper in Chile")),
    (APPLE,),
)
ALL = "As of 28 February 2024, what has CITIC said about Sora since January?"
OF_REPORT = "What is said in the report 'Sora shocked to release'?"


def understood(text: str, wanted: Filter | None = None, *history: str) -> Query:
    """What a question asked on a March day is taken to mean."""
    turns = tuple(Turn(each) for each in history)
    return understand(Question(text, ASKED, wanted or Filter(), turns), KNOWN)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("How big is the copper market?", ("copper", "market")),
        ("What does Heron's note say about GPT-5?", ("heron", "note", "gpt-5")),
        ("How much is it?", ("is", "it")),
        ("铜价多少？", ("铜价", "价多")),
    ],
)
def test_content_words_remain(text: str, terms: tuple[str, ...]) -> None:
    """Words that only ask are left out, unless nothing else is left."""
    assert understood(text).terms == terms


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("How much does the B100 cost?", {"b100"}),
        ("When will GPT-5 arrive?", {"gpt-5"}),
        ("Is the H20 faster than the H100's brother?", {"h20", "h100"}),
        ("Revenue in Q3 2023, FY24 and the 1990s, up 5x", set()),
        ("Copper prices in Chile", set()),
        ("A 60-second film of mid-2024, 3.5x as long, for 1.5bn", set()),
    ],
)
def test_codes_are_recognised(text: str, codes: set[str]) -> None:
    """A code mixes letters and digits; a quarter or a multiple is none."""
    assert understood(text).codes == codes


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("How many ships sailed?", {"ships", "sailed"}),
        ("How many cargo ships did Chile send?", {"cargo", "ships"}),
        ("how many are there?", set()),
        ("How many dollars did Chile raise?", set()),
        ("How much copper is there?", set()),
    ],
)
def test_what_is_counted_is_known(text: str, counted: set[str]) -> None:
    """What stands behind "how many", up to the next word that says nothing, is counted."""
    assert understood(text).counted == counted


def test_limits_among_the_words_narrow_the_filter() -> None:
    """What the words limit is told, and is searched for alone."""
    query = understood(ALL)
    assert query.limits == (
        Limit(LimitKind.PUBLISHERS, ("CITIC Securities",)),
        Limit(LimitKind.DATES, since=date(2024, 1, 1)),
        Limit(LimitKind.AS_OF, until=date(2024, 2, 28)),
    )
    assert query.filter.publishers == frozenset({"CITIC Securities"})
    assert query.filter.since == date(2024, 1, 1)
    assert query.filter.as_of == datetime(2024, 2, 28, 23, 59, 59, 999999, UTC)


def test_a_report_that_is_named_is_a_limit() -> None:
    """A question of what stands in a report is asked of that report, which is told by its title."""
    query = understood(OF_REPORT)
    assert query.limits == (Limit(LimitKind.REPORTS, ("Sora shocked to release",)),)
    assert query.filter.reports == query.wishes.reports == {"one"}


@pytest.mark.parametrize("kind", list(LimitKind))
def test_limits_that_are_undone_are_not_read(kind: LimitKind) -> None:
    """A kind that was undone neither limits nor is wished for; the others stay."""
    for text in (ALL, OF_REPORT):
        asked = Question(text, ASKED)
        before = understand(asked, KNOWN).limits
        query = understand(replace(asked, undone=frozenset({kind})), KNOWN)
        assert query.limits == tuple(limit for limit in before if limit.kind is not kind)
        if kind is LimitKind.PUBLISHERS:
            assert query.filter.publishers is None
            assert not query.wishes.publishers
        if kind is LimitKind.REPORTS:
            assert query.filter.reports is None
            assert not query.wishes.reports


def test_limits_never_let_through_what_the_question_does_not() -> None:
    """Limits among the words are those of the question's own filter, and more."""
    own = Filter(
        publishers=frozenset({"Quill"}),
        since=date(2024, 2, 1),
        until=date(2024, 2, 20),
        as_of=datetime(2024, 2, 10, tzinfo=UTC),
    )
    filtered = understood(ALL, own).filter
    assert filtered == replace(own, publishers=frozenset())
    assert understood("What has CITIC said since January?", own).filter.since == own.since


def test_a_comparison_is_limited_to_no_side() -> None:
    """The other side may be one that the library knows by another name."""
    query = understood("Compare what CITIC says with what the others say.")
    assert query.kind is Kind.COMPARISON
    assert query.limits == ()
    assert query.wishes.publishers == {"CITIC Securities"}


def test_wishes_are_read() -> None:
    """Publishers, strangers, companies, the newest and several reports are wished for."""
    query = understood("How has AAPL's debt changed up to its latest 10-Q, according to Reuters?")
    wishes = query.wishes
    assert wishes.companies == (APPLE,)
    assert wishes.strangers == ("Reuters",)
    assert wishes.newest
    assert wishes.across
    assert query.limits == ()


def test_times_counted_from_today_are_searched_for_as_reports_write_them() -> None:
    """What was last year is searched for by the year's number."""
    assert "2023" in understood("What did copper cost last year?").terms


def test_a_follow_up_is_understood_in_full() -> None:
    """Text, words and kind are those of what is meant; the question stays as it was asked."""
    query = understood("and in 2030?", None, "How many ships will sail in 2025?")
    assert query.text == "How many ships will sail in 2030?"
    assert query.question.text == "and in 2030?"
    assert query.kind is Kind.COUNT
    assert query.counted == {"ships"}
    assert understood("Who said that?", None, "How many ships sail?").kind is Kind.PERSON
    assert understood("它怎么样？", None, "铜什么时候上涨？").kind is Kind.ANYTHING


_SAID = """
    CITIC Heron says according to report 'Sora shocked to release' since January 2023 published in
    as of 28 February 2024 , before last month ? Compare AAPL 研报 截至 中信 为什么
"""
PARTS = _SAID.split()
ASKED_TEXT = st.lists(st.sampled_from(PARTS), max_size=12).map(" ".join) | st.text(max_size=40)
DAYS = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))
OWN = st.builds(
    Filter,
    shelves=st.none() | st.just(frozenset({"metals"})),
    publishers=st.none() | st.frozensets(st.sampled_from(KNOWN.publishers)),
    since=DAYS,
    until=DAYS,
    reports=st.none() | st.frozensets(st.sampled_from(["one", "two"])),
    as_of=st.none() | st.datetimes(timezones=st.just(UTC)),
)


@given(text=ASKED_TEXT, own=OWN, history=st.lists(ASKED_TEXT, max_size=2))
def test_any_question_is_understood_and_no_filter_widened(
    text: str, own: Filter, history: list[str]
) -> None:
    """Whatever is asked, nobody reads by it what they may not read or did not ask for."""
    found = understood(text, own, *history).filter
    assert found.shelves == own.shelves
    assert own.publishers is None or (found.publishers or frozenset()) <= own.publishers
    assert own.publishers is None or found.publishers is not None
    assert own.reports is None or (found.reports is not None and found.reports <= own.reports)
    assert own.since is None or (found.since is not None and found.since >= own.since)
    assert own.until is None or (found.until is not None and found.until <= own.until)
    assert own.as_of is None or (found.as_of is not None and found.as_of <= own.as_of)


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        ("Who is the chief executive of Heron?", {"chief", "executive"}),
        ("Who is Heron's CEO?", {"ceo"}),
        ("Who was the CEO of Heron?", {"ceo"}),
        ("鹭铜业的董事长是谁？", {"董事", "事长"}),
        ("Who sold the mine?", set()),
        ("Who is the individual that sold the mine?", set()),
    ],
)
def test_an_office_that_is_asked_for_must_be_named(question: str, counted: set[str]) -> None:
    """Who holds an office is told by a sentence that speaks of the office."""
    assert understood(question).counted == counted
