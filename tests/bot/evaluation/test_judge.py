"""Tests of holding what was said against what should have been."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.evaluation.judge import Outcome, judge
from bot.evaluation.questions import Asked
from bot.research.model import Answer, NotFound
from bot.research.trust import SHIPPED
from ingest.records import Report
from tests.bot.evaluation.saying import TEXT, answer, findings, not_found, report
from tests.bot.research.reading_room import ReadingRoom

SAID = answer()


def text_of(_: Report) -> str:
    """The text of every report."""
    return TEXT


def asked(*must_quote: str, cite: str = "", answerable: bool | None = True, line: int = 1) -> Asked:
    """A question, and what should come of it."""
    return Asked(line, SAID.question, must_quote, cite, answerable)


@pytest.mark.parametrize(
    ("expected", "found", "quoted", "cited", "outcome"),
    [
        (asked("9 dollars"), SAID, True, True, Outcome.QUOTED),
        (asked("nothing", "It costs 9 dollars"), SAID, True, True, Outcome.QUOTED),
        (asked("costs\n\n9  dollars"), SAID, True, True, Outcome.QUOTED),
        (asked("Copper is scarce"), SAID, False, True, Outcome.MISSED),
        (asked("It is scarce"), SAID, False, False, Outcome.MISSED),
        (asked("9 DOLLARS"), SAID, False, False, Outcome.MISSED),
        (
            asked("is scarce. It costs"),
            answer(lead="Copper is scarce."),
            True,
            True,
            Outcome.QUOTED,
        ),
        (asked("Price: 9"), answer(told="Price: 9 dollars"), True, False, Outcome.QUOTED),
        (asked("9 dollars"), not_found(), False, False, Outcome.WRONGLY_REFUSED),
        (asked(cite="copper.md"), SAID, None, True, Outcome.CITED),
        (asked(cite="metals/copper.md"), SAID, None, True, Outcome.CITED),
        (asked(cite="COPPER  in a hurry"), SAID, None, True, Outcome.CITED),
        (asked(cite="file:///metals/copper.md"), SAID, None, True, Outcome.CITED),
        (asked(cite="copper"), SAID, None, False, Outcome.MISSED),
        (asked("9 dollars", cite="tin.md"), SAID, True, False, Outcome.QUOTED),
        (asked(), SAID, None, None, Outcome.ANSWERED),
        (asked(answerable=False), SAID, None, None, Outcome.WRONGLY_ANSWERED),
        (asked(answerable=False), not_found(), None, None, Outcome.REFUSED),
        (asked(answerable=None), SAID, None, None, Outcome.UNJUDGED),
        (asked(answerable=None), not_found(), None, None, Outcome.UNJUDGED),
    ],
)
def test_an_answer_is_held_against_what_must_be_said(
    expected: Asked,
    found: Answer | NotFound,
    quoted: bool | None,
    cited: bool | None,
    outcome: Outcome,
) -> None:
    """Fragments are looked for in what is quoted and cited however lines break; case counts."""
    verdict = judge(expected, findings(found), text_of)
    assert (verdict.quoted, verdict.cited, verdict.outcome) == (quoted, cited, outcome)


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_is_good_or_bad_but_one(outcome: Outcome) -> None:
    """Only what is not judged is neither."""
    assert (outcome.good is None) == (outcome is Outcome.UNJUDGED)


@pytest.mark.parametrize(
    ("text", "start", "verbatim"),
    [
        (TEXT, 0, True),
        (TEXT.replace("9 dollars", "8 dollars"), 0, False),
        (TEXT.replace("scarce. It", "scarce, yes. It"), 0, False),
        (TEXT, 1, False),
        ("", 0, False),
    ],
)
def test_a_statement_that_differs_by_a_letter_is_not_verbatim(
    text: str, start: int, verbatim: bool
) -> None:
    """At its offsets stand its lead, white space and its sentence, and nothing else."""
    said = answer(lead="Copper is scarce.")
    [statement] = said.statements
    said = replace(said, statements=(replace(statement, start=start),))
    assert judge(asked(), findings(said), lambda _: text).verbatim is verbatim


def test_the_text_of_the_report_that_is_cited_is_read() -> None:
    """Verbatim is what stands in the cited report, not in another."""
    said = answer(of=report("tin.md"))
    texts = {"tin.md": "Tin is cheap.", "metals/copper.md": TEXT}
    assert not judge(asked(), findings(said), lambda of: texts[of.name]).verbatim


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("What does copper cost?", Outcome.QUOTED),
        ("Who won the chess tournament?", Outcome.WRONGLY_REFUSED),
    ],
)
def test_what_a_library_says_is_judged(room: ReadingRoom, question: str, outcome: Outcome) -> None:
    """An answer out of a real library is quoted, cited and verbatim; a refusal has no trust."""
    shelves = room.lay_out("Copper costs 9 dollars a kilo.\nTin is cheap.")
    wanted = asked("9 dollars a kilo", cite="1.txt")
    wanted = replace(wanted, question=replace(wanted.question, text=question, filter=shelves))
    found = room.researcher.examine(wanted.question)
    verdict = judge(wanted, found, room.library.text_of)
    assert verdict.outcome is outcome
    assert verdict.verbatim
    if outcome is Outcome.QUOTED:
        assert verdict.cited
        assert found.trust == max(map(SHIPPED.of(found.reads).trust, found.weighed))
        assert found.found == room.researcher.ask_now(wanted.question)
