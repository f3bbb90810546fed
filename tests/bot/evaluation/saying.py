"""Reports, answers and verdicts made for the tests of evaluating."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.evaluation.judge import Verdict
from bot.evaluation.questions import Asked
from bot.research.model import Answer, Citation, NotFound, Question, Reason, Statement
from bot.research.researcher import Findings
from ingest.records import Description, Passage, Report

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
TEXT = "Copper is scarce. It costs\n9 dollars a kilo. Tin is cheap."


def report(name: str = "metals/copper.md", title: str = "Copper in a hurry") -> Report:
    """A report whose text is `TEXT`."""
    described = Description(title, "Heron Research", date(2024, 2, 8), "en", None)
    return Report("r1", 1, described, name, f"file:///{name}", "general", "hash", NOON)


def answer(
    sentence: str = "It costs\n9 dollars a kilo.",
    lead: str = "",
    *,
    of: Report | None = None,
    told: str = "",
    asked: str = "What does copper cost?",
) -> Answer:
    """An answer of one sentence of `TEXT`, with what stands before it."""
    passage = Passage("p1", "r1", 0, 0, len(TEXT), None, 1, "", TEXT)
    citation = Citation(1, passage, of or report())
    end = TEXT.index(sentence) + len(sentence)
    start = TEXT.index(lead or sentence)
    statement = Statement(sentence, lead, start, end, None, citation, told)
    return Answer(Question(asked, NOON), (statement,), (citation,))


def not_found(reason: Reason = Reason.NOT_THIS, asked: str = "What does zinc cost?") -> NotFound:
    """That the reports do not say."""
    return NotFound(Question(asked, NOON), (), reason)


def findings(found: Answer | NotFound, trust: float = 0.9) -> Findings:
    """What came of a question."""
    return Findings(found, (), trust, 1.0)


def verdict(
    found: Answer | NotFound,
    answerable: bool | None,
    *,
    quoted: bool | None = None,
    cited: bool | None = None,
    verbatim: bool = True,
    line: int = 1,
) -> Verdict:
    """A verdict as it is wanted."""
    must_quote = () if quoted is None else ("9 dollars",)
    report_name = "" if cited is None else "copper.md"
    asked = Asked(line, found.question, must_quote, report_name, answerable)
    return Verdict(asked, found, 0.9, quoted, cited, verbatim)
