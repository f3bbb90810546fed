"""Tests of what is told of risks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.research.model import Answer, Evidence, Question
from bot.research.risk_sections import in_risk_sections
from tests.bot.research.reading_room import NOON
from tests.bot.research.test_answer import concluded, evidence, passage

RISKS = Question("What are the risks of copper?", NOON)


def under(
    section: str, text: str, report: str = "r", place: int = 0, score: float = 1.0
) -> Evidence:
    """A sentence of a passage under a section of a report."""
    hit = passage(text, report)
    return replace(
        evidence(hit, place, score), hit=replace(hit, passage=replace(hit.passage, section=section))
    )


@pytest.mark.parametrize(
    ("section", "text", "place", "of_risks"),
    [
        ("Copper › Risk factors", "Mines may close.", 0, True),
        ("铜 › 风险提示", "铜矿可能停产。", 0, True),
        ("Risk factors › Outlook", "Mines may close.", 0, False),
        ("Outlook", "Mines may close.", 0, False),
        ("", "Risk warning: mines may close.", 0, True),
        ("", "风险提示：铜矿可能停产。", 0, True),
        ("Outlook", "Risks\n\nMines may close.", 1, True),
        # a heading further down ends what stands under the one above
        ("Risks", "Outlook\n\nMines may close.", 1, False),
        # what only speaks of risks
        ("Outlook", "Copper has few risks. Mines may close.", 1, False),
    ],
)
def test_a_risk_section_is_known_by_its_heading(
    section: str, text: str, place: int, of_risks: bool
) -> None:
    """The nearest heading above says whether risks are told: of the section or in the passage."""
    assert bool(in_risk_sections([under(section, text, place=place)])) is of_risks


def texts(*ranked: Evidence, question: Question = RISKS) -> list[str]:
    """The statements of an answer."""
    found = concluded(*ranked, question=question)
    assert isinstance(found, Answer)
    return [statement.text for statement in found.statements]


def test_risk_sections_come_first_one_report_after_the_other() -> None:
    """Of each report at most three pieces, then what else is best."""
    best = under("Outlook", "Copper is risky.", "a")
    first = [under("Risks", f"Copper may fail Chile {n}.", "b", score=0.9) for n in "vwxy"]
    other = under("Risks", "Copper may fail Peru.", "c", score=0.95)
    ranked = [best, first[0], other, *first[1:]]
    assert texts(*ranked) == [
        *("Copper may fail Chile v.", "Copper may fail Chile w.", "Copper may fail Chile x."),
        "Copper may fail Peru.",
    ]
    assert texts(best, other) == ["Copper may fail Peru.", "Copper is risky."]
    assert texts(best, other, question=Question("What is copper like?", NOON))[0] == (
        "Copper is risky."
    )


def test_six_risks_are_enough() -> None:
    """However many reports tell of risks, six pieces are told."""
    ranked = [
        under("Risks", f"Copper may fail {place} {report}.", report)
        for report in "abc"
        for place in ("Chile", "Peru", "China")
    ]
    assert len(texts(*ranked)) == 6
