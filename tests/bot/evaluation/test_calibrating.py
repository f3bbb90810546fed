"""Tests of fitting a calibration for both kinds of questions."""

from __future__ import annotations

import re

import pytest

from bot.evaluation.calibrating import READ, UNREAD, calibrate
from bot.research.researcher import Findings
from bot.research.trust import SHIPPED
from ingest.errors import EvaluationError
from tests.bot.evaluation.saying import not_found
from tests.bot.evaluation.test_fitting import drawn

Known = list[tuple[bool, Findings]]


def known(answerable: int, unanswerable: int, reads: float = 1.0) -> Known:
    """Questions of which an embedder reads that share."""
    return [
        (each.answerable, Findings(not_found(), each.weighed, 0.5, reads))
        for each in drawn(4, answerable, unanswerable)
    ]


def test_both_kinds_are_fitted_where_there_are_enough_of_both() -> None:
    """Each is fitted to its own questions; no vector decides of those that are not read."""
    made = calibrate([*known(40, 20), *known(30, 15, reads=0.1)], SHIPPED, "words", 0.1)
    assert made.calibration.embedder == "words"
    assert set(made.fitted) == set(made.before) == {READ, UNREAD}
    assert made.left == {}
    assert made.calibration.read == made.fitted[READ].weights
    assert made.calibration.unread == made.fitted[UNREAD].weights
    assert made.calibration.read.weights["similarity"] > 0
    assert made.calibration.unread.weights["similarity"] == 0
    assert [line.name for line in made.lines] == [READ, UNREAD]


def test_a_kind_with_too_few_stays_as_it_was() -> None:
    """What decided before goes on deciding, and how many there were is told."""
    made = calibrate([*known(40, 20), *known(5, 3, reads=0.0)], SHIPPED, "words", 0.04)
    assert made.calibration.unread == SHIPPED.unread
    assert set(made.fitted) == {READ}
    assert "5 answerable and 3 unanswerable" in made.left[UNREAD]


@pytest.mark.parametrize(
    ("questions", "told"),
    [
        ([], "no question says whether it is answerable"),
        (known(19, 10), "19 answerable and 10 unanswerable"),
        (known(20, 9), "20 answerable and 9 unanswerable"),
        (known(19, 9, reads=0.0), f"{UNREAD}: since it has 19"),
    ],
)
def test_too_few_of_both_are_refused(questions: Known, told: str) -> None:
    """Nothing is fitted to a handful, and the error says how many are needed."""
    with pytest.raises(EvaluationError, match=re.escape(told)) as caught:
        calibrate(questions, SHIPPED, "words", 0.04)
    assert "add questions" in str(caught.value)
