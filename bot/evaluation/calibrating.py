"""Fitting a calibration: one for the questions that the embedder can read, one for the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.evaluation.chart import Line
from bot.evaluation.curve import Point
from bot.evaluation.fitting import (
    FEWEST_ANSWERABLE,
    FEWEST_UNANSWERABLE,
    Example,
    Fitted,
    fit,
    is_enough,
    outcome_of,
)
from bot.research.researcher import Findings
from bot.research.trust import FEATURES, Calibration
from ingest.errors import EvaluationError

READ = "questions that the embedder reads"
UNREAD = "questions that it does not read"
_WORDS = tuple(name for name in FEATURES if name != "similarity")  # no vector is behind them


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A calibration that was fitted, and how well it does; by the names of the two kinds.

    Attributes:
        calibration: what decides from now on.
        fitted: of each kind that was fitted.
        before: what came of the same questions by what decided before.
        left: why a kind was left as it was; only of kinds that were asked at all.
    """

    calibration: Calibration
    fitted: Mapping[str, Fitted]
    before: Mapping[str, Point]
    left: Mapping[str, str]

    @property
    def lines(self) -> list[Line]:
        """The curves, for a chart."""
        return [Line(name, each.curve, each.unseen) for name, each in self.fitted.items()]


def calibrate(
    known: Sequence[tuple[bool, Findings]], current: Calibration, embedder: str, refused: float
) -> Calibrated:
    """Fit what decides between answering and not knowing.

    Args:
        known: of each question whether the reports answer it, and what was found.
        current: what decides now; a kind with too few questions stays as it has it.
        embedder: identity of the one that answered.
        refused: share of the answerable questions that may be refused, 0 to 1.

    Returns:
        The calibration, and how well it does.

    Raises:
        EvaluationError: there are too few questions of either kind, or nothing that is weighed
            tells the answerable ones from the others.
    """
    kinds = {READ: (current.read, FEATURES), UNREAD: (current.unread, _WORDS)}
    weights = {name: of for name, (of, _) in kinds.items()}
    fitted: dict[str, Fitted] = {}
    before: dict[str, Point] = {}
    left: dict[str, str] = {}
    for name, (now, names) in kinds.items():
        examples = [
            Example(answerable, findings.weighed)
            for answerable, findings in known
            if current.of(findings.reads) is now
        ]
        if is_enough(examples):
            fitted[name] = fit(examples, refused, names)
            before[name] = outcome_of(now, examples)
            weights[name] = fitted[name].weights
        elif examples:
            left[name] = _too_few(examples)
    if not fitted:
        told = "; ".join(f"{name}: {reason}" for name, reason in left.items())
        raise EvaluationError(
            f"there is too little to fit to ({told or 'no question says whether it is answerable'})"
            "; add questions, each with what must be quoted or with whether it is answerable"
        )
    calibration = Calibration(embedder, weights[READ], weights[UNREAD])
    return Calibrated(calibration, fitted, before, left)


def _too_few(examples: Sequence[Example]) -> str:
    held = [each.answerable for each in examples if each.weighed]
    return (
        f"since it has {sum(held)} answerable and {len(held) - sum(held)} unanswerable questions "
        f"for which there is any evidence, and {FEWEST_ANSWERABLE} and {FEWEST_UNANSWERABLE} are "
        "needed"
    )
