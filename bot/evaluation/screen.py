"""An evaluation and a calibration in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.evaluation.calibrating import Calibrated
from bot.evaluation.chart import text_of
from bot.evaluation.judge import Verdict, quotation_of
from bot.evaluation.questions import Fault
from bot.evaluation.totals import Evaluation, Measure
from bot.frontends.console.render import shown
from bot.research.model import Answer

_LONGEST = 160  # characters of a quotation that are shown
_YES, _NO = Text("yes", "green"), Text("no", "red")


def evaluation_told(evaluation: Evaluation) -> RenderableType:
    """A row for each question, the totals, and the lines that could not be read.

    Whatever a question or a report holds, it is shown and never obeyed.
    """
    questions = _table(
        "Question", "Found", "Quoted", "Cited", "Refused", "Trust", "First quotation"
    )
    for verdict in evaluation.verdicts:
        questions.add_row(
            Text(shown(verdict.asked.question.text)),
            Text("yes" if verdict.answered else "no"),
            _mark(verdict.quoted),
            _mark(verdict.cited),
            _refused(verdict),
            Text(f"{verdict.trust:.2f}"),
            Text(_first_quotation(verdict)),
        )
    totals = _table("", "", "Share", "Wanted", "")
    for measure in evaluation.measures:
        totals.add_row(*_total(measure))
    parts: list[RenderableType] = [questions, Text(), totals]
    if evaluation.faults:
        parts += [Text(), faults_told(evaluation.faults)]
    return Group(*parts)


def faults_told(faults: Sequence[Fault]) -> RenderableType:
    """The lines that could not be read, one below the other."""
    return Group(
        *(Text(f"line {line} is left out: {shown(reason)}", "red") for line, reason in faults)
    )


def calibration_told(calibrated: Calibrated) -> RenderableType:
    """What was fitted, how well it does beside what decided before, and the curves."""
    parts: list[RenderableType] = []
    for name, fitted in calibrated.fitted.items():
        table = _table(name, "Wrongly refused", "Rightly refused", "Precision", "Answered")
        for label, point in (
            ("as before", calibrated.before[name]),
            ("as fitted", fitted.seen),
            ("on questions not fitted to", fitted.unseen),
        ):
            shares = (
                point.wrongly_refused,
                point.rightly_refused,
                point.precision,
                point.answered,
            )
            table.add_row(label, *(f"{share:.1%}" for share in shares))
        weights = ", ".join(f"{of} {weight:.2f}" for of, weight in fitted.weights.weights.items())
        parts += [
            table,
            Text(
                f"weights: {weights}; intercept {fitted.weights.intercept:.2f}; answered from a "
                f"trust of {fitted.weights.bound:.2f} on",
                "dim",
            ),
            Text(),
        ]
    parts += [Text(f"{name}: left as it was, {reason}") for name, reason in calibrated.left.items()]
    return Group(*parts, Text(text_of(calibrated.lines)))


def sign_of(measure: Measure) -> str:
    """Whether a measure is met; a dash of nothing."""
    return "–" if measure.share is None else "✓" if measure.met else "✗"


def wanted_of(measure: Measure) -> str:
    """What is wanted of a measure, in words."""
    if measure.threshold == 1 and not measure.at_most:
        return "all"
    return f"at {'most' if measure.at_most else 'least'} {measure.threshold:.0%}"


def _table(*heads: str) -> Table:
    return Table(*heads, box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))


def _total(measure: Measure) -> tuple[Text, ...]:
    style = "" if measure.share is None else "green" if measure.met else "red"
    return (
        Text(measure.name),
        Text(f"{measure.count} of {measure.total}"),
        Text("" if measure.share is None else f"{measure.share:.1%}"),
        Text(wanted_of(measure)),
        Text(sign_of(measure), style),
    )


def _mark(held: bool | None) -> Text:
    return Text() if held is None else _YES if held else _NO


def _refused(verdict: Verdict) -> Text:
    if verdict.asked.answerable is None:
        return Text()
    if verdict.asked.answerable:
        return Text() if verdict.answered else Text("wrongly", "red")
    return _NO if verdict.answered else _YES


def _first_quotation(verdict: Verdict) -> str:
    if not isinstance(verdict.found, Answer):
        return f"({verdict.found.reason})"
    said = shown(quotation_of(verdict.found.statements[0]))
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
