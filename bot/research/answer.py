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
# What the best evidence must reach for the reports to be said to answer, by its cosine
# similarity and its coverage of the question's words together.
_ENOUGH = 0.85


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
    able = [sentence for sentence in ranked if _answers(query, sentence)]
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
    for sentence in able:
        if len(statements) == _STATEMENTS or able[0].score - sentence.score > _BEHIND:
            break
        if any(_same(sentence, statement) for statement in statements):
            continue
        passage = sentence.hit.passage
        citation = citations.setdefault(
            passage.id, Citation(len(citations) + 1, passage, sentence.hit.report)
        )
        statements.append(_statement(sentence, citation))
    return Answer(query.question, tuple(statements), tuple(citations.values()))


def confidence(sentence: Evidence) -> float:
    """How well a sentence is supported as evidence: similarity plus coverage, 0 to 2."""
    return sentence.similarity + sentence.coverage


def _answers(query: Query, sentence: Evidence) -> bool:
    if query.wants_figure and not sentence.has_figure:
        return False
    return confidence(sentence) >= _ENOUGH


def _statement(sentence: Evidence, citation: Citation) -> Statement:
    passage = sentence.hit.passage
    texts = [passage.text[start:end] for start, end in sentence.sentences]
    attribution = attribute(texts, sentence.place)
    start, end = sentence.sentences[sentence.place]
    first = sentence.sentences[attribution.first][0]
    return Statement(
        text=passage.text[start:end],
        lead=passage.text[first:start].rstrip(),
        start=passage.start + first,
        end=passage.start + end,
        speaker=attribution.speaker,
        citation=citation,
    )


def _same(sentence: Evidence, statement: Statement) -> bool:
    """Whether a sentence is shown already, alone or as the lead of another."""
    passage = sentence.hit.passage
    start = passage.start + sentence.sentences[sentence.place][0]
    shown = statement.citation.passage
    inside = shown.report == passage.report and statement.start <= start < statement.end
    return inside or sentence.text == statement.text
