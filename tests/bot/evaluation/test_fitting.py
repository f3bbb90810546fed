"""Tests of fitting what decides between answering and not knowing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.evaluation.fitting import (
    FEWEST_ANSWERABLE,
    FEWEST_UNANSWERABLE,
    Example,
    fit,
    is_enough,
    outcome_of,
)
from bot.research.trust import FEATURES
from ingest.errors import EvaluationError


def evidence(value: float, **others: float) -> dict[str, float]:
    """A sentence of which one value is known of every feature, save some."""
    return {**dict.fromkeys(FEATURES, value), **others}


def drawn(seed: int, answerable: int = 40, unanswerable: int = 20) -> list[Example]:
    """Questions whose evidence has more of each feature where they are answerable, mostly."""
    chance = np.random.default_rng(seed)
    examples = []
    for number in range(answerable + unanswerable):
        is_so = number < answerable
        weighed = [
            {
                name: float(np.clip(chance.normal(0.65 if is_so and best else 0.35, 0.15), 0, 1))
                for name in FEATURES
            }
            for best in (False, True, False)
        ]
        examples.append(Example(is_so, tuple(weighed)))
    return examples


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.04, 0.1, 0.3]))
def test_what_was_fitted_keeps_its_promise(seed: int, refused: float) -> None:
    """Of the questions it was fitted to no more answerable ones are refused than the share."""
    examples = drawn(seed)
    fitted = fit(examples, refused)
    assert fitted.seen == outcome_of(fitted.weights, examples)
    assert fitted.seen.wrongly_refused <= refused + 1e-9
    assert all(weight >= 0 for weight in fitted.weights.weights.values())
    assert 0 <= fitted.weights.bound <= 1


def test_what_tells_the_kinds_apart_weighs_most() -> None:
    """Of one feature that differs and others that are chance, the one decides, also unseen."""
    chance = np.random.default_rng(7)
    examples = []
    for number in range(60):
        is_so = number % 3 > 0
        weighed = {name: float(chance.uniform()) for name in FEATURES}
        weighed["coverage"] = 0.9 if is_so else 0.1
        examples.append(Example(is_so, (weighed,)))
    fitted = fit(examples, 0.04)
    weights = fitted.weights.weights
    assert max(weights, key=lambda name: weights[name]) == "coverage"
    assert fitted.unseen.precision > 0.95
    assert fitted.unseen.rightly_refused > 0.95


def test_the_best_evidence_stands_for_a_question() -> None:
    """Where evidence ranked later tells the kinds apart and the first does not, it is found."""
    chance = np.random.default_rng(3)
    examples = []
    for number in range(60):
        is_so = number < 40
        first = evidence(0.5, coverage=float(chance.uniform(0.3, 0.5)))
        other = evidence(0.5, coverage=float(chance.uniform(0.7, 0.9) if is_so else 0.2))
        examples.append(Example(is_so, (first, other)))
    fitted = fit(examples, 0.0)
    assert fitted.seen.rightly_refused == 1.0


def test_more_of_anything_is_never_trusted_less() -> None:
    """A feature that goes with unanswerable questions is left out, not counted against them."""
    examples = [
        Example(is_so, (evidence(0.5, coverage=value + 0.4 * is_so, sources=0.9 - 0.8 * is_so),))
        for is_so, value in [(number < 40, 0.01 * (number % 7)) for number in range(60)]
    ]
    weights = fit(examples, 0.04).weights.weights
    assert weights["sources"] == 0
    assert weights["coverage"] > 0


def test_only_the_features_that_are_named_weigh() -> None:
    """The others weigh nothing, however well they tell."""
    weights = fit(drawn(1), 0.04, ["coverage"]).weights.weights
    assert {name for name, weight in weights.items() if weight} == {"coverage"}
    assert set(weights) == set(FEATURES)


def test_questions_without_evidence_are_refused_whatever_is_fitted() -> None:
    """They count among the refused, of either kind, and among those that may be."""
    without = [Example(True, ()), Example(False, ())]
    fitted = fit([*drawn(2), *without], 0.1)
    assert fitted.seen.wrongly_refused <= 0.1
    assert fitted.curve[-1].answered == pytest.approx(60 / 62)


def test_what_tells_nothing_apart_cannot_be_fitted() -> None:
    """Where all evidence is alike there is nothing to decide by, and that is said."""
    alike = [Example(number < 40, (evidence(0.5),)) for number in range(60)]
    with pytest.raises(EvaluationError, match="tells the answerable"):
        fit(alike, 0.04)


@pytest.mark.parametrize(
    ("answerable", "unanswerable", "enough"),
    [
        (FEWEST_ANSWERABLE, FEWEST_UNANSWERABLE, True),
        (FEWEST_ANSWERABLE - 1, FEWEST_UNANSWERABLE, False),
        (FEWEST_ANSWERABLE, FEWEST_UNANSWERABLE - 1, False),
    ],
)
def test_few_questions_are_too_few(answerable: int, unanswerable: int, enough: bool) -> None:
    """Both kinds are counted, those without evidence not."""
    examples = [*drawn(0, answerable, unanswerable), Example(True, ()), Example(False, ())]
    assert is_enough(examples) is enough


def test_fitting_again_gives_the_same() -> None:
    """Nothing in it is chance."""
    assert fit(drawn(5), 0.04) == fit(drawn(5), 0.04)
