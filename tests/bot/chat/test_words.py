"""Tests of how places in reports are named."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import words
from bot.research.model import Citation, Limit, LimitKind, NotFound, Question, Reason
from ingest.records import Description, Passage, Report


@pytest.mark.parametrize(
    ("section", "named"),
    [
        ("", "page 4"),
        ("Risks", "page 4, Risks"),
        ("Item 1. Financial\n Statements", "page 4, Item 1. Financial Statements"),
        (
            "Condensed consolidated statements of comprehensive income (unaudited)",
            "page 4, Condensed consolidated statements of comprehensive income…",
        ),
        ("铜" * 61, f"page 4, {'铜' * 60}…"),
    ],
)
def test_a_place_names_its_section(section: str, named: str) -> None:
    """The section stands behind the page, on one line, a long one cut at a word."""
    assert words.within(words.page(4), section) == named


@given(section=st.text())
def test_no_section_makes_a_place_long(section: str) -> None:
    """Whatever a section is called, its place is one line of some seventy characters."""
    named = words.within("page 4", section)
    assert named.startswith("page 4")
    assert len(named) <= len("page 4, …") + words.LONGEST_SECTION
    assert len(named.splitlines()) == 1


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        (Limit(LimitKind.PUBLISHERS, ("CITIC", "Quill")), "CITIC, Quill"),
        (Limit(LimitKind.REPORTS, ("Metals 2024",)), "Metals 2024"),
        (Limit(LimitKind.DATES, since=date(2024, 1, 1)), "since 1 Jan 2024"),
        (Limit(LimitKind.DATES, until=date(2024, 1, 1)), "until 1 Jan 2024"),
        (
            Limit(LimitKind.DATES, since=date(2024, 1, 1), until=date(2024, 3, 31)),
            "published 1 Jan 2024 to 31 Mar 2024",
        ),
        (
            Limit(LimitKind.DATES, since=date(2024, 1, 1), until=date(2024, 1, 1)),
            "on 1 Jan 2024",
        ),
        (Limit(LimitKind.AS_OF, until=date(2024, 1, 1)), "as of 1 Jan 2024"),
    ],
)
def test_a_limit_is_told(limit: Limit, told: str) -> None:
    """What was read out of the words of a question is told in words, and how to undo it."""
    assert words.understood((limit,)) == f"Asked of: {told}. {words.EVERYTHING}"


def near(publisher: str | None, published: date | None) -> Citation:
    """A near passage of a report."""
    about = Description("Metals", publisher, published, "en", 9)
    at = datetime(2024, 2, 8, tzinfo=UTC)
    report = Report("r", 1, about, "metals.pdf", "file:///r", "general", "0" * 64, at)
    return Citation(1, Passage("p", "r", 0, 0, 4, 1, 1, "Metals", "Tin.", ""), report)


SINCE_MARCH = (Limit(LimitKind.DATES, since=date(2024, 3, 1)),)
OF_QUILL = (Limit(LimitKind.PUBLISHERS, ("Quill",)),)


@pytest.mark.parametrize(
    ("reason", "nearest", "limits", "behind"),
    [
        (Reason.NOTHING, [("Quill", date(2024, 2, 8))], (), ""),
        (Reason.NOT_THIS, [("Quill", date(2024, 2, 8))], SINCE_MARCH, ""),
        (
            Reason.OTHER_DATES,
            # a day within the limits is no other date, and an undated report has none
            [("A", date(2024, 2, 8)), ("A", date(2024, 4, 1)), ("A", None)],
            SINCE_MARCH,
            " Nearest: 8 Feb 2024.",
        ),
        (
            Reason.OTHER_PUBLISHERS,
            [("Heron", None), ("Quill", None), (None, None), ("Heron", None)],
            OF_QUILL,
            " Nearest: Heron.",
        ),
        (Reason.OTHER_PUBLISHERS, [(None, None)], OF_QUILL, ""),
    ],
)
def test_why_the_reports_do_not_say_is_told(
    reason: Reason,
    nearest: list[tuple[str | None, date | None]],
    limits: tuple[Limit, ...],
    behind: str,
) -> None:
    """Of other dates and other publishers the nearest are named, those asked for never."""
    question = Question("Tin?", datetime(2024, 5, 1, tzinfo=UTC))
    citations = tuple(near(publisher, published) for publisher, published in nearest)
    told = words.reason(NotFound(question, citations, reason, limits))
    assert told == words.REASONS[reason] + behind
