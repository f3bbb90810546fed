"""Whether what was said to a question is what should have been said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.evaluation.questions import Asked
from bot.research.model import Answer, Citation, NotFound, Statement
from bot.research.researcher import Findings
from ingest.records import Report


class Outcome(StrEnum):
    """What came of a question."""

    QUOTED = "quoted"
    CITED = "cited"
    MISSED = "answered otherwise"
    ANSWERED = "answered"
    REFUSED = "rightly refused"
    WRONGLY_REFUSED = "wrongly refused"
    WRONGLY_ANSWERED = "wrongly answered"
    UNJUDGED = "not judged"

    @property
    def good(self) -> bool | None:
        """Whether it is what should have come; None where that is not known."""
        if self is Outcome.UNJUDGED:
            return None
        return self in {Outcome.QUOTED, Outcome.CITED, Outcome.ANSWERED, Outcome.REFUSED}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one question, held against what should have.

    Attributes:
        asked: the question, and what should come of it.
        found: what was said.
        trust: in the best evidence, 0 to 1.
        quoted: one of the fragments stands in a quoted statement; None where none is named.
        cited: a cited passage holds one of the fragments and is of the report that is named;
            None where neither is named.
        verbatim: every statement stands in its report at the offsets given, letter for letter.
    """

    asked: Asked
    found: Answer | NotFound
    trust: float
    quoted: bool | None
    cited: bool | None
    verbatim: bool

    @property
    def answered(self) -> bool:
        """Whether the reports are said to answer it."""
        return isinstance(self.found, Answer)

    @property
    def outcome(self) -> Outcome:
        """What came of it, in a word."""
        if self.asked.answerable is None:
            return Outcome.UNJUDGED
        if not self.answered:
            return Outcome.WRONGLY_REFUSED if self.asked.answerable else Outcome.REFUSED
        if not self.asked.answerable:
            return Outcome.WRONGLY_ANSWERED
        if self.quoted:
            return Outcome.QUOTED
        if self.cited and self.quoted is None:
            return Outcome.CITED
        return Outcome.ANSWERED if self.cited is None else Outcome.MISSED


def judge(asked: Asked, findings: Findings, text_of: Callable[[Report], str]) -> Verdict:
    """Hold what was said against what should have been.

    Args:
        asked: the question, and what should come of it.
        findings: what came of it.
        text_of: gives the whole text of a report.

    Returns:
        The verdict.

    Raises:
        LibraryError: a report's text is gone.
    """
    found = findings.found
    statements = found.statements if isinstance(found, Answer) else ()
    citations = found.citations if isinstance(found, Answer) else ()
    quoted = cited = None
    if asked.must_quote:
        quoted = any(_holds(text, asked) for s in statements for text in (quotation_of(s), s.told))
    if asked.must_quote or asked.report:
        cited = any(_is_wanted(citation, asked) for citation in citations)
    return Verdict(
        asked,
        found,
        findings.trust,
        quoted,
        cited,
        all(_is_verbatim(s, text_of(s.citation.report)) for s in statements),
    )


def quotation_of(statement: Statement) -> str:
    """A statement with what must be read with it, in one line."""
    return _flowing(f"{statement.lead} {statement.text}")


def _is_wanted(citation: Citation, asked: Asked) -> bool:
    """Whether a passage is one that must be cited."""
    if asked.report and not _is_named(citation.report, asked.report):
        return False
    return not asked.must_quote or _holds(citation.passage.text, asked)


def _holds(text: str, asked: Asked) -> bool:
    """Whether a text holds one of the fragments, however the lines of both are broken."""
    text = _flowing(text)
    return any(_flowing(fragment) in text for fragment in asked.must_quote)


def _is_named(report: Report, name: str) -> bool:
    """Whether a report is called so: by its file, with or without folders, address or title."""
    names = (report.name, report.name.rpartition("/")[2], report.uri, report.description.title)
    return _flowing(name).casefold() in {_flowing(each).casefold() for each in names}


def _is_verbatim(statement: Statement, text: str) -> bool:
    """Whether nothing but lead, white space and sentence stands at a statement's offsets."""
    there = text[statement.start : statement.end]
    if len(there) < len(statement.lead) + len(statement.text):
        return False
    between = there[len(statement.lead) : len(there) - len(statement.text)]
    return (
        there.startswith(statement.lead) and there.endswith(statement.text) and not between.strip()
    )


def _flowing(text: str) -> str:
    return " ".join(text.split())
