"""Whether an answer holds what a set gives as evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.research.model import Answer, NotFound, Statement
from ingest.language.words import words
from ingest.library.library import Library
from tests.benchmarks.quality.found import holds
from tests.benchmarks.quality.sets import Asked

_SHORT_WORDS, _SHORT_CHARACTERS = 4, 12
_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_FEWEST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one question.

    Attributes:
        answered: Footnote said that the documents say.
        quoted: a quoted sentence holds the evidence.
        cited: a cited passage does.
        statements: how many sentences were quoted.
        misquoted: those that do not stand in their report at the offsets given.
    """

    answered: bool
    quoted: bool
    cited: bool
    statements: int
    misquoted: tuple[str, ...]


class Judge:
    """Holds answers against what the sets say.

    What a set gives as evidence tells what is asked of an answer:

    - fragments (seeds): one of them stands in what is quoted, or in a passage cited.
    - an answer that is short and stands in a relevant document word for word (a name, a number,
      a day): it stands in a sentence quoted from one, or in a passage cited from one.
    - an answer of many words with figures, as a model wrote it (sec10q): a figure of three
      digits or more that is no year, of any of its figures, stands in what is quoted or cited
      from a relevant document, whatever its unit ("$37.2 billion" is 37,200 in a table of
      millions).
    - anything else (yes and no, a comparison, an explanation): what is quoted or cited is from
      a relevant document.

    Args:
        library: holds the reports' texts.
        documents: which documents each report is, by its id.
        texts: of the documents, by their ids.
    """

    def __init__(
        self,
        library: Library,
        documents: Mapping[str, tuple[str, ...]],
        texts: Mapping[str, str],
    ) -> None:
        self._library = library
        self._documents = documents
        self._texts = texts

    def __call__(self, asked: Asked, found: Answer | NotFound) -> Verdict:
        """Return the verdict on what came back for a question."""
        if isinstance(found, NotFound):
            return Verdict(False, False, False, 0, ())
        quoted = [(each.citation.report.id, _shown(each)) for each in found.statements]
        cited = [(each.report.id, each.passage.text) for each in found.citations]
        return Verdict(
            answered=True,
            quoted=any(self._is_evidence(asked, *each) for each in quoted),
            cited=any(self._is_evidence(asked, *each) for each in cited),
            statements=len(found.statements),
            misquoted=tuple(each.text for each in found.statements if not self._stands(each)),
        )

    def _is_evidence(self, asked: Asked, report: str, text: str) -> bool:
        if asked.fragments:
            return holds(asked.fragments, text)
        if not asked.relevant.keys() & set(self._documents[report]):
            return False
        if self._is_literal(asked):
            return asked.answer.casefold() in text.casefold()
        figures = set(figures_in(asked.answer))
        return not figures or not figures.isdisjoint(figures_in(text))

    def _is_literal(self, asked: Asked) -> bool:
        """Whether an answer is short and stands in a relevant document."""
        answer = asked.answer.strip()
        short = len(answer) <= _SHORT_CHARACTERS or len(words(answer)) <= _SHORT_WORDS
        return short and any(
            answer.casefold() in self._texts.get(document, "").casefold()
            for document in asked.relevant
        )

    def _stands(self, statement: Statement) -> bool:
        """Whether a statement stands in its report, verbatim, at the offsets given."""
        whole = self._library.text_of(statement.citation.report)[statement.start : statement.end]
        lead = whole.removesuffix(statement.text)
        return whole.endswith(statement.text) and lead.rstrip() == statement.lead


def figures_in(text: str) -> Iterator[str]:
    """Yield the significant digits of figures of three digits or more that are no years."""
    for figure in _FIGURE.findall(text):
        digits = re.sub(r"\D", "", figure).strip("0")
        if len(digits) >= _FEWEST_DIGITS and not _YEAR.fullmatch(figure):
            yield digits


def _shown(statement: Statement) -> str:
    return f"{statement.lead} {statement.text} {statement.told}"
