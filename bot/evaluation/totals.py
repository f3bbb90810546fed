"""How many questions came out as they should, and whether that is enough."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.evaluation.judge import Verdict
from bot.evaluation.questions import Fault


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What is enough, each a share, 0 to 1.

    Attributes:
        quoted: of the questions with fragments, at least so many quote one.
        cited: of the questions with fragments or a report, at least so many cite it.
        refused: of the unanswerable questions, at least so many are refused.
        wrongly_refused: of the answerable questions, at most so many are refused.
    """

    quoted: float = 0.9
    cited: float = 0.9
    refused: float = 0.8
    wrongly_refused: float = 0.05


@dataclass(frozen=True, slots=True)
class Measure:
    """One total.

    Attributes:
        name: what is counted.
        count: how many.
        total: of how many; 0 where no question says anything of it.
        threshold: the share, 0 to 1, that is enough.
        at_most: the share must not be more than the threshold, instead of not less.
    """

    name: str
    count: int
    total: int
    threshold: float
    at_most: bool = False

    @property
    def share(self) -> float | None:
        """The share, 0 to 1; None of nothing."""
        return self.count / self.total if self.total else None

    @property
    def met(self) -> bool:
        """Whether it is enough; of nothing it is."""
        if self.share is None:
            return True
        return self.share <= self.threshold if self.at_most else self.share >= self.threshold


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came of a file of questions.

    Attributes:
        file: its name.
        verdicts: on every question, in order.
        faults: lines that could not be read.
        measures: the totals.
    """

    file: str
    verdicts: tuple[Verdict, ...]
    faults: tuple[Fault, ...]
    measures: tuple[Measure, ...]

    @property
    def met(self) -> bool:
        """Whether all is enough; a line that was lost proves nothing, so none may be."""
        return not self.faults and all(measure.met for measure in self.measures)


def measures_of(verdicts: Sequence[Verdict], thresholds: Thresholds) -> tuple[Measure, ...]:
    """Return the totals, in the order they are told; that all is verbatim is no matter of degree.

    Args:
        verdicts: on every question.
        thresholds: what is enough.
    """
    answerable = [v for v in verdicts if v.asked.answerable]
    unanswerable = [v for v in verdicts if v.asked.answerable is False]
    statements = [v for v in verdicts if v.answered]
    return (
        _counted("quoted", (v.quoted for v in answerable), thresholds.quoted),
        _counted("cited", (v.cited for v in answerable), thresholds.cited),
        _counted("rightly refused", (not v.answered for v in unanswerable), thresholds.refused),
        _counted(
            "wrongly refused",
            (not v.answered for v in answerable),
            thresholds.wrongly_refused,
            at_most=True,
        ),
        _counted("verbatim", (v.verbatim for v in statements), 1.0),
    )


def _counted(
    name: str, held: Iterable[bool | None], threshold: float, *, at_most: bool = False
) -> Measure:
    known = [each for each in held if each is not None]
    return Measure(name, sum(known), len(known), threshold, at_most)
