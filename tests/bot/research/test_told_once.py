"""Tests of figures that several reports tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.research.model import Answer, Evidence
from bot.research.told_once import told_once
from tests.bot.research.test_answer import concluded, evidence, passage


def of_day(text: str, report: str, day: int | None, told: str = "") -> Evidence:
    """Evidence of a report of a day in February 2024."""
    hit = passage(text, report)
    published = date(2024, 2, day) if day else None
    about = replace(hit.report.description, published=published)
    return replace(
        evidence(hit), hit=replace(hit, report=replace(hit.report, description=about)), told=told
    )


def test_the_newer_report_tells_and_the_older_is_a_footnote() -> None:
    """What two reports say of one figure is one statement with both footnotes."""
    found = concluded(
        of_day("Copper costs 9,000 dollars.", "old", 3),
        of_day("Copper is red and dear, 5% dearer.", "other", 3),
        of_day("Copper costs 9 thousand dollars.", "new", 5),
    )
    assert isinstance(found, Answer)
    first, second = found.statements
    assert (first.text, second.text) == (
        "Copper costs 9 thousand dollars.",
        "Copper is red and dear, 5% dearer.",
    )
    assert [c.report.id for c in (first.citation, *first.also)] == ["new", "old"]
    assert [c.number for c in (first.citation, *first.also, second.citation)] == [1, 2, 3]
    assert [c.number for c in found.citations] == [1, 2, 3]


def test_a_row_of_two_tables_is_told_once() -> None:
    """Rows are compared as they are told; of one report the first stays alone."""
    rows = [
        of_day("Tin | 9", "a", 3, "tin, 2023: 9 dollars"),
        of_day("Tin | 9 | 8", "a", 3, "Tin, 2023: 9 dollars"),
        of_day("Tin | 8 | 9", "b", None, "Tin, 2023: 9 dollars"),
        of_day("Tin | 8", "b", None, "tin, 2022: 8 dollars"),
    ]
    kept = told_once(rows)
    assert [once.evidence.text for once in kept] == ["Tin | 9", "Tin | 8"]
    assert [[hit.report.id for hit in once.also] for once in kept] == [["b"], []]


def test_two_further_footnotes_are_enough() -> None:
    """A figure that every report repeats does not fill the answer with footnotes."""
    [once] = told_once([of_day("Copper costs 9 dollars.", name, 3) for name in "abcdef"])
    assert [hit.report.id for hit in once.also] == ["b", "c"]
