"""Fitting what decides between answering and not knowing to questions that are known.

A question is answered if any of its evidence can be trusted, so what is known is known of the
evidence together: of an answerable question some answers, of another none does. As in MI-SVM
(Andrews, Tsochantaridis and Hofmann, "Support vector machines for multiple-instance learning",
2003) the evidence that stands for a question is chosen by what was fitted, and fitting and
choosing take turns until nothing changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.evaluation.curve import Point, Weighed, bound_of, curve_of, point_of
from bot.research.trust import FEATURES, Weights
from ingest.errors import EvaluationError

FEWEST_ANSWERABLE = 20
FEWEST_UNANSWERABLE = 10
_FOLDS = 5
_TURNS = 10  # of fitting and choosing; most end after two or three
_LEAST_SPREAD = 1e-9  # of a feature that tells anything


@dataclass(frozen=True, slots=True)
class Example:
    """A question of which it is known whether the reports answer it.

    Attributes:
        answerable: whether they do.
        weighed: of each of its evidence what is weighed, best first, by the names of `FEATURES`.
    """

    answerable: bool
    weighed: tuple[Mapping[str, float], ...]


class Fitted(NamedTuple):
    """What was fitted, and how well it does.

    Attributes:
        weights: fitted to all examples.
        curve: of examples that were not fitted to when they were weighed.
        unseen: what comes of such examples by bounds that were chosen without them.
        seen: what comes of the examples that the weights were fitted to.
    """

    weights: Weights
    curve: list[Point]
    unseen: Point
    seen: Point


def is_enough(examples: Sequence[Example]) -> bool:
    """Whether enough examples of both kinds have evidence; of the others nothing is learnt."""
    held = [each.answerable for each in examples if each.weighed]
    return sum(held) >= FEWEST_ANSWERABLE and len(held) - sum(held) >= FEWEST_UNANSWERABLE


def fit(examples: Sequence[Example], refused: float, names: Sequence[str] = FEATURES) -> Fitted:
    """Fit a logistic regression, and the bound from which on evidence answers.

    The features are standardised, the weights kept small (L2), and both kinds of questions count
    the same however many there are. A weight that comes out negative would have more of what
    speaks for an answer count against it: its feature is left out.

    Args:
        examples: the questions, enough of them (`is_enough`).
        refused: share of the answerable ones that may be refused, 0 to 1.
        names: the features that are weighed; the others weigh nothing.

    Returns:
        What was fitted, and how well it does.

    Raises:
        EvaluationError: nothing that is weighed tells the two kinds apart.
    """
    weights = _bounded(_fitted(examples, names), examples, refused)
    weighed: list[Weighed] = []
    decided: list[tuple[bool, bool]] = []
    for seen, unseen in _folds(examples):
        held_out = _bounded(_fitted(seen, names), seen, refused)
        for example in unseen:
            question = Weighed(_trust(held_out, example), example.answerable)
            weighed.append(question)
            decided.append((question.answered(held_out.bound), example.answerable))
    return Fitted(weights, curve_of(weighed), point_of(decided), outcome_of(weights, examples))


def outcome_of(weights: Weights, examples: Sequence[Example]) -> Point:
    """Return what comes of examples by some weights and their bound."""
    questions = [Weighed(_trust(weights, each), each.answerable) for each in examples]
    return point_of([(each.answered(weights.bound), each.answerable) for each in questions])


def _trust(weights: Weights, example: Example) -> float | None:
    """Trust in the best evidence; None where there is none."""
    return max((weights.trust(each) for each in example.weighed), default=None)


def _bounded(weights: Weights, examples: Sequence[Example], refused: float) -> Weights:
    """Weights with the bound that refuses no more than a share of the answerable examples."""
    trusts = [_trust(weights, each) for each in examples if each.answerable]
    return Weights(weights.weights, weights.intercept, bound_of(trusts, refused))


def _folds(examples: Sequence[Example]) -> list[tuple[list[Example], list[Example]]]:
    """Examples cut into those to fit to and those held out, each held out once."""
    kinds: dict[tuple[bool, bool], list[int]] = {}
    for place, example in enumerate(examples):
        kinds.setdefault((example.answerable, bool(example.weighed)), []).append(place)
    # dealt out kind by kind, so that each fold has its share of each
    fold_of = {
        place: dealt % _FOLDS
        for dealt, place in enumerate(place for kind in sorted(kinds) for place in kinds[kind])
    }
    return [
        (
            [each for place, each in enumerate(examples) if fold_of[place] != fold],
            [each for place, each in enumerate(examples) if fold_of[place] == fold],
        )
        for fold in range(_FOLDS)
    ]


def _fitted(examples: Sequence[Example], names: Sequence[str]) -> Weights:
    """Weights without a bound."""
    held = [each for each in examples if each.weighed]
    rows = [np.array([[one[name] for name in names] for one in each.weighed]) for each in held]
    answerable = np.array([each.answerable for each in held])
    # all features speak for an answer: to begin with, the one that has most of all of them
    every = np.concatenate(rows)
    scale = np.maximum(every.std(axis=0), _LEAST_SPREAD)
    chosen = [int(np.argmax((row / scale).sum(axis=1))) for row in rows]
    for _ in range(_TURNS):
        picked = np.array([row[place] for row, place in zip(rows, chosen, strict=True)])
        slopes, intercept = _regression(picked, answerable)
        again = [int(np.argmax(row @ slopes)) for row in rows]
        if again == chosen:
            break
        chosen = again
    weights = dict.fromkeys(FEATURES, 0.0) | dict(zip(names, slopes.tolist(), strict=True))
    return Weights(weights, intercept, bound=0.0)


def _regression(
    rows: NDArray[np.float64], answerable: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], float]:
    """Slopes, one a column and none negative, and the intercept."""
    # takes a second to import, and only who calibrates needs it
    from sklearn.linear_model import LogisticRegression

    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    slopes = np.zeros(rows.shape[1])
    kept = np.flatnonzero(spread > _LEAST_SPREAD)
    while kept.size:
        standard = (rows[:, kept] - mean[kept]) / spread[kept]
        model = LogisticRegression(class_weight="balanced", max_iter=1000)
        model.fit(standard, answerable)
        found = model.coef_[0]
        if (found > 0).all():
            slopes[kept] = found / spread[kept]
            return slopes, float(model.intercept_[0] - slopes @ mean)
        kept = kept[found > 0]
    raise EvaluationError(
        "nothing that is weighed tells the answerable questions from the others; look with "
        "'python -m bot evaluate' whether the file says rightly which are which"
    )
