"""From evidence to an answer, or to not knowing."""

from __future__ import annotations

from collections.abc import Sequence

from bot.research.model import (
    Answer,
    Candidate,
    Citation,
    Evidence,
    NotFound,
    Query,
    Statement,
)
from bot.research.speaker import attribute

_STATEMENTS = 3
_NEAREST = 3
_BEHIND = 0.12  # a further statement may score this much less than the best
# What evidence must reach for the reports to be said to answer: its cosine similarity and its
# coverage of the question's words together. docs/decisions/0002-not-knowing.md shows the curve.
_ENOUGH = 0.6


def conclude(
    query: Query, ranked: Sequence[Evidence], candidates: Sequence[Candidate]
) -> Answer | NotFound:
    """Answer with the best evidence if it is good enough.

    Args:
        query: what is asked.
        ranked: sentences, best first.
        candidates: passages, best first; shown as the nearest where nothing answers.

    Returns:
        The answer, or that the reports do not say.
    """
    able = [evidence for evidence in ranked if _answers(evidence)]
    if not able:
        return NotFound(
            query.question,
            tuple(
                Citation(number, candidate.hit.passage, candidate.hit.report)
                for number, candidate in enumerate(candidates[:_NEAREST], start=1)
            ),
        )
    statements: list[Statement] = []
    citations: dict[str, Citation] = {}
    for evidence in able:
        if len(statements) == _STATEMENTS or able[0].score - evidence.score > _BEHIND:
            break
        if any(_same(evidence, statement) for statement in statements):
            continue
        passage = evidence.hit.passage
        citation = citations.setdefault(
            passage.id, Citation(len(citations) + 1, passage, evidence.hit.report)
        )
        statements.append(_statement(evidence, citation))
    return Answer(query.question, tuple(statements), tuple(citations.values()))


def _answers(evidence: Evidence) -> bool:
    supported = evidence.similarity + evidence.coverage >= _ENOUGH
    return evidence.fits and evidence.named and supported


def _statement(evidence: Evidence, citation: Citation) -> Statement:
    passage = evidence.hit.passage
    texts = [passage.text[start:end] for start, end in evidence.sentences]
    attribution = attribute(texts, evidence.place)
    start, end = evidence.sentences[evidence.place]
    first = evidence.sentences[attribution.first][0]
    return Statement(
        text=passage.text[start:end],
        lead=passage.text[first:start].rstrip(),
        start=passage.start + first,
        end=passage.start + end,
        speaker=attribution.speaker,
        citation=citation,
    )


def _same(evidence: Evidence, statement: Statement) -> bool:
    """Whether a sentence is shown already, alone or as the lead of another."""
    passage = evidence.hit.passage
    start = passage.start + evidence.sentences[evidence.place][0]
    shown = statement.citation.passage
    inside = shown.report == passage.report and statement.start <= start < statement.end
    return inside or evidence.text == statement.text
