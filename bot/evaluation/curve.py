"""How precise answers are if more or fewer questions are answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Weighed:
    """A question, decided by a number.

    Attributes:
        trust: in its best evidence, 0 to 1; None where it has none and is refused anyhow.
        answerable: whether the reports answer it.
    """

    trust: float | None
    answerable: bool

    def answered(self, bound: float) -> bool:
        """Whether it is answered where trust must reach that bound."""
        return self.trust is not None and self.trust >= bound


@dataclass(frozen=True, slots=True)
class Point:
    """What comes of a set of questions.

    Attributes:
        answered: share of all questions that is answered, 0 to 1.
        precision: share of the answered ones that is answerable, 0 to 1; 1 where none is
            answered.
        wrongly_refused: share of the answerable ones that is refused, 0 to 1.
        rightly_refused: share of the unanswerable ones that is refused, 0 to 1.
    """

    answered: float
    precision: float
    wrongly_refused: float
    rightly_refused: float


def point_of(decided: Sequence[tuple[bool, bool]]) -> Point:
    """Return what comes of questions.

    Args:
        decided: of each whether it was answered, and whether it is answerable; at least one of
            each kind.
    """
    answered = sum(was for was, _ in decided)
    answerable = sum(is_so for _, is_so in decided)
    rightly = sum(was and is_so for was, is_so in decided)
    unanswerable = len(decided) - answerable
    return Point(
        answered / len(decided),
        rightly / answered if answered else 1.0,
        (answerable - rightly) / answerable,
        (unanswerable - (answered - rightly)) / unanswerable,
    )


def curve_of(questions: Sequence[Weighed]) -> list[Point]:
    """Return what comes of questions for every bound that tells any of them apart.

    Args:
        questions: at least one answerable and one that is not.

    Returns:
        From where the fewest are answered to where all are that have any evidence.
    """
    total = len(questions)
    answerable = sum(each.answerable for each in questions)
    weighed = [(each.trust, each.answerable) for each in questions if each.trust is not None]
    curve: list[Point] = []
    answered = rightly = 0
    for _, alike in groupby(sorted(weighed, reverse=True), key=lambda each: each[0]):
        for _, is_so in alike:
            answered += 1
            rightly += is_so
        curve.append(
            Point(
                answered / total,
                rightly / answered,
                (answerable - rightly) / answerable,
                1 - (answered - rightly) / (total - answerable),
            )
        )
    return curve


def bound_of(trusts: Sequence[float | None], refused: float) -> float:
    """Return the highest bound that refuses no more than a share of questions.

    Args:
        trusts: in the best evidence of each question, 0 to 1; None where there is none, which is
            refused whatever the bound. At least one is not None.
        refused: the share, 0 to 1.

    Returns:
        The bound. Where the questions without evidence are more than the share already, the one
        that refuses no others.
    """
    held = sorted(trust for trust in trusts if trust is not None)
    # a share such as 0.29 of 100 is a hair less than 29
    allowed = int(refused * len(trusts) + 1e-9) - (len(trusts) - len(held))
    return held[min(max(allowed, 0), len(held) - 1)]
