"""Tests of what is set side by side where a question compares."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.research.model import Answer, Evidence, Question, View
from bot.research.understand import understand
from bot.research.views import compared
from ingest.language.periods import calendar_quarter
from tests.bot.research.reading_room import NOON
from tests.bot.research.test_answer import concluded, evidence, passage

ACROSS = Question("How do publishers differ on copper, compared with tin?", NOON)


def piece(
    text: str,
    publisher: str | None,
    day: int = 8,
    score: float = 1.0,
    quarter: int | None = None,
) -> Evidence:
    """Evidence of a publisher's report of a day in February 2024, or on a quarter of 2023."""
    hit = passage(text, f"{publisher}-{day}-{quarter}")
    period = calendar_quarter(2023, quarter) if quarter else None
    about = replace(
        hit.report.description, publisher=publisher, published=date(2024, 2, day), period=period
    )
    report = replace(hit.report, description=about)
    return replace(evidence(hit, score=score), hit=replace(hit, report=report))


def said(*ranked: Evidence, question: Question = ACROSS) -> tuple[list[str], tuple[View, ...]]:
    """The statements of an answer, and its views."""
    found = concluded(*ranked, question=question)
    assert isinstance(found, Answer)
    return [statement.text for statement in found.statements], found.views


def test_each_publisher_has_a_view_in_order_of_time() -> None:
    """The best of each publisher comes before a second of any, the older view first."""
    texts, views = said(
        piece("Copper is dear.", "Quill", 9),
        piece("Copper is scarce.", "Quill", 9, 0.99),
        piece("Copper is cheap.", "Heron", 3, 0.8),
        piece("Copper is red.", "Wren", 5, 0.95),
    )
    assert texts == ["Copper is cheap.", "Copper is red.", "Copper is dear.", "Copper is scarce."]
    assert views == (
        View("Heron", date(2024, 2, 3), (0,)),
        View("Wren", date(2024, 2, 5), (1,)),
        View("Quill", date(2024, 2, 9), (2, 3)),
    )


def test_of_one_publisher_each_quarter_has_a_view() -> None:
    """Reports of one house are told apart by what they cover, and that is in order too."""
    texts, views = said(
        piece("Copper is dear.", "Quill", 9, quarter=3),
        piece("Copper is scarce.", "Quill", 9, 0.99, quarter=1),
        piece("Copper is cheap.", "Quill", 20, 0.9, quarter=2),
    )
    assert texts == ["Copper is scarce.", "Copper is cheap.", "Copper is dear."]
    assert [view.label for view in views] == ["Q1 2023", "Q2 2023", "Q3 2023"]


def test_a_view_of_several_days_has_none() -> None:
    """Where the reports of a view are of several days its heading names none."""
    _, views = said(
        piece("Copper is dear.", "Quill", 9),
        piece("Copper is cheap.", "Heron", 3, 0.95),
        piece("Copper is scarce.", "Quill", 7, 0.99),
    )
    assert [(view.label, view.published) for view in views] == [
        ("Heron", date(2024, 2, 3)),
        ("Quill", None),
    ]


def test_there_are_four_views_and_six_statements_at_most() -> None:
    """A fifth publisher has no view, and no view has a third before the last of the six."""
    ranked = [
        piece(f"Copper is {colour} for {name}.", name, 5 + at, 1 - at / 100)
        for colour in ("red", "brown", "dark")
        for at, name in enumerate(["Quill", "Heron", "Wren", "Finch", "Rook"])
    ]
    ranked.sort(key=lambda each: -each.score)
    texts, views = said(*ranked)
    assert len(texts) == 6
    assert [view.label for view in views] == ["Quill", "Heron", "Wren", "Finch"]
    assert sorted(place for view in views for place in view.statements) == list(range(6))


@pytest.mark.parametrize(
    ("ranked", "question"),
    [
        # nothing compares
        (
            [piece("Copper is dear.", "Quill"), piece("Copper is red.", "Heron")],
            Question("What is copper like?", NOON),
        ),
        # one report
        ([piece("Copper is dear.", "Quill"), piece("Copper is red.", "Quill")], ACROSS),
        # far behind the best
        ([piece("Copper is dear.", "Quill"), piece("Copper is red.", "Heron", 8, 0.7)], ACROSS),
        # of nothing that the question names
        (
            [piece("Heron Labs is dear.", "Quill"), piece("Copper is red.", "Wren")],
            Question("How do publishers differ on Heron Labs?", NOON),
        ),
        # another says it in the same words
        ([piece("Copper is dear.", "Quill"), piece("Copper is dear.", "Heron")], ACROSS),
    ],
)
def test_else_there_are_no_views(ranked: list[Evidence], question: Question) -> None:
    """Without two sides of about the same standing the best is told, as to any question."""
    texts, views = said(*ranked, question=question)
    assert texts[0] == ranked[0].text
    assert views == ()


def test_the_best_of_all_is_never_left_out() -> None:
    """Where the best is of none of the publishers named, nothing is set side by side."""
    query = understand(ACROSS)
    named = replace(query, wishes=replace(query.wishes, publishers=frozenset({"Quill", "Wren"})))
    ranked = [
        piece("Copper is cheap.", "Heron"),
        piece("Copper is dear.", "Quill"),
        piece("Copper is red.", "Wren"),
    ]
    assert compared(named, ranked, ranked) == []
    assert [side.label for side in compared(named, ranked[1:], ranked[1:])] == ["Quill", "Wren"]
