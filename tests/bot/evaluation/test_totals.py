"""Tests of counting what came of questions."""

from __future__ import annotations

import pytest

from bot.evaluation.judge import Verdict
from bot.evaluation.questions import Fault
from bot.evaluation.totals import Evaluation, Measure, Thresholds, measures_of
from tests.bot.evaluation.saying import answer, not_found, verdict

SAID, REFUSED = answer(), not_found()


def counted(*verdicts: Verdict) -> dict[str, tuple[int, int]]:
    """Each measure by its name: how many of how many."""
    return {each.name: (each.count, each.total) for each in measures_of(verdicts, Thresholds())}


def test_each_measure_counts_the_questions_that_say_anything_of_it() -> None:
    """Quoted and cited are of the answerable with something to find; refusals of their kind."""
    assert counted(
        verdict(SAID, True, quoted=True, cited=True),
        verdict(SAID, True, quoted=False, cited=True, verbatim=False),
        verdict(SAID, True, cited=False),
        verdict(SAID, True),
        verdict(REFUSED, True, quoted=False, cited=False),
        verdict(SAID, False),
        verdict(REFUSED, False),
        verdict(SAID, None),
        verdict(REFUSED, None),
    ) == {
        "quoted": (1, 3),
        "cited": (2, 4),
        "rightly refused": (1, 2),
        "wrongly refused": (1, 5),
        "verbatim": (5, 6),
    }


@pytest.mark.parametrize(
    ("measure", "share", "met"),
    [
        (Measure("quoted", 9, 10, 0.9), 0.9, True),
        (Measure("quoted", 8, 10, 0.9), 0.8, False),
        (Measure("refused", 1, 20, 0.05, at_most=True), 0.05, True),
        (Measure("refused", 2, 20, 0.05, at_most=True), 0.1, False),
        (Measure("quoted", 0, 0, 0.9), None, True),
    ],
)
def test_a_threshold_is_met_when_it_is_reached(
    measure: Measure, share: float | None, met: bool
) -> None:
    """At least and at most include the threshold; of nothing it is met."""
    assert (measure.share, measure.met) == (share, met)


@pytest.mark.parametrize(
    ("thresholds", "failing"),
    [
        (Thresholds(0.5, 0.5, 0.5, 0.5), set()),
        (Thresholds(0.6, 0.5, 0.5, 0.5), {"quoted"}),
        (Thresholds(0.5, 0.6, 0.5, 0.5), {"cited"}),
        (Thresholds(0.5, 0.5, 0.6, 0.5), {"rightly refused"}),
        (Thresholds(0.5, 0.5, 0.5, 0.4), {"wrongly refused"}),
    ],
)
def test_each_threshold_is_of_its_own_measure(thresholds: Thresholds, failing: set[str]) -> None:
    """What one threshold asks for, no other measure has to reach."""
    measures = measures_of(
        [
            verdict(SAID, True, quoted=True, cited=True),
            verdict(REFUSED, True, quoted=False, cited=False),
            verdict(SAID, False),
            verdict(REFUSED, False),
        ],
        thresholds,
    )
    assert {each.name for each in measures if not each.met} == failing


def test_one_letter_that_differs_is_too_much() -> None:
    """That all is verbatim has no threshold to choose."""
    measures = measures_of(
        [verdict(SAID, None), verdict(SAID, None, verbatim=False)], Thresholds(0, 0, 0, 1)
    )
    assert [each.name for each in measures if not each.met] == ["verbatim"]


def test_an_evaluation_that_lost_a_line_is_not_met() -> None:
    """What could not be asked proves nothing, however good the rest is."""
    measures = measures_of([verdict(SAID, True)], Thresholds())
    assert Evaluation("q.jsonl", (), (), measures).met
    assert not Evaluation("q.jsonl", (), (Fault(3, "it is not JSON"),), measures).met
