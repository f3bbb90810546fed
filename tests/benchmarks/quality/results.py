"""What a run of `make bench-quality` measured, and the table it prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.table import Table

from tests.benchmarks.quality.measures import Measures

OURS = "Footnote"


@dataclass(frozen=True, slots=True)
class Answers:
    """What came of the answers to the questions of a set.

    Attributes:
        answerable: questions that the documents answer.
        quoted: those whose quoted sentences hold the evidence.
        cited: those whose cited passages hold it.
        wrongly_refused: those that were refused.
        unanswerable: questions that the documents do not answer.
        refused: those that were refused.
        statements: sentences quoted.
        misquoted: those that do not stand in their report at the offsets given.
    """

    answerable: int
    quoted: int
    cited: int
    wrongly_refused: int
    unanswerable: int
    refused: int
    statements: int
    misquoted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """What one pipeline reached on one set.

    Attributes:
        set_name: of the questions.
        pipeline: its name.
        passages: that the documents were cut into.
        measures: of its rankings, on average over the answerable questions.
        milliseconds: that the questions took, the median and the 95th of a hundred.
        answers: of Footnote; None of what only searches.
        embedding: milliseconds that torch takes to embed the questions, 32-bit, the median;
            None of what was not measured beside it.
    """

    set_name: str
    pipeline: str
    passages: int
    measures: Measures
    milliseconds: tuple[float, float]
    answers: Answers | None = None
    embedding: float | None = None


def milliseconds_of(seconds: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile of times, in milliseconds."""
    return float(np.median(seconds)) * 1_000, float(np.percentile(seconds, 95)) * 1_000


def table_of(lines: Sequence[Line]) -> Table:
    """Return the table: the pipelines of each set together, the best of each measure marked."""
    table = Table(title="Answers, beside the usual pipelines")
    table.add_column("set", no_wrap=True)
    table.add_column("pipeline", no_wrap=True)
    for head in (
        "nDCG\n@10", "Recall\n@10", "MRR\n@10", "hit\n@5", "evidence\nquoted", "evidence\ncited",
        "unanswerable\nrefused", "wrongly\nrefused", "ms\nmedian", "ms\np95",
    ):  # fmt: skip
        table.add_column(head, justify="right", no_wrap=True)
    for name in dict.fromkeys(line.set_name for line in lines):
        of_set = [line for line in lines if line.set_name == name]
        for place, line in enumerate(of_set):
            table.add_row(
                name if place == 0 else "",
                line.pipeline,
                *_measured(line, of_set),
                *_answered(line.answers),
                *(f"{each:.0f}" for each in line.milliseconds),
                end_section=place == len(of_set) - 1,
            )
    return table


def told(lines: Sequence[Line]) -> list[str]:
    """Return what is said below the table: what quoting and answering took."""
    ours = [line for line in lines if line.answers is not None]
    statements = sum(line.answers.statements for line in ours if line.answers)
    wrong = [text for line in ours if line.answers for text in line.answers.misquoted]
    said = [f"quoted sentences that stand verbatim at the offsets given: "
            f"{statements - len(wrong):,} of {statements:,}"]  # fmt: skip
    for line in ours:
        if line.embedding:
            median, slow = (each / line.embedding for each in line.milliseconds)
            said.append(
                f"{line.set_name}, {line.passages:,} passages: torch embeds a question in "
                f"{line.embedding:.1f} ms; an answer takes {median:.1f} times that "
                f"(median), {slow:.1f} times (p95)"
            )
    return said


def _measured(line: Line, of_set: Sequence[Line]) -> list[str]:
    cells = []
    for name in ("ndcg", "recall", "reciprocal_rank", "hit"):
        value = getattr(line.measures, name)
        best = max(getattr(each.measures, name) for each in of_set)
        shown = f"{value:.3f}".removeprefix("0")
        cells.append(f"[bold]{shown}[/]" if value == best else shown)
    return cells


def _answered(answers: Answers | None) -> list[str]:
    if answers is None:
        return [""] * 4
    return [
        _share(answers.quoted, answers.answerable),
        _share(answers.cited, answers.answerable),
        f"{answers.refused} of {answers.unanswerable}" if answers.unanswerable else "–",
        _share(answers.wrongly_refused, answers.answerable),
    ]


def _share(count: int, of: int) -> str:
    return f"{100 * count / of:.1f} %" if of else "–"
