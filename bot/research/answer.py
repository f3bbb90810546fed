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
from bot.research.speaker import Attribution, attribute
from bot.research.trust import trusted, why_not

_STATEMENTS = 3
_NEAREST = 3
_BEHIND = 0.12  # a further statement may score this much less than the best


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
    able = trusted(query, ranked)
    if not able:
        return NotFound(
            query.question,
            tuple(
                Citation(number, candidate.hit.passage, candidate.hit.report)
                for number, candidate in enumerate(candidates[:_NEAREST], start=1)
            ),
            why_not(query, candidates),
            query.limits,
        )
    statements: list[Statement] = []
    citations: dict[str, Citation] = {}
    shown: set[str] = set()  # sentences, leads included
    for evidence in able:
        if len(statements) == _STATEMENTS or able[0].score - evidence.score > _BEHIND:
            break
        if _flowing(evidence.text) in shown:
            continue
        passage = evidence.hit.passage
        citation = citations.setdefault(
            passage.id, Citation(len(citations) + 1, passage, evidence.hit.report)
        )
        statements.append(_statement(evidence, citation, shown))
    return Answer(query.question, tuple(statements), tuple(citations.values()), query.limits)


def _statement(evidence: Evidence, citation: Citation, shown: set[str]) -> Statement:
    """The statement, without a lead where that is shown already; adds what it shows."""
    passage = evidence.hit.passage
    texts = [passage.text[start:end] for start, end in evidence.sentences]
    attribution = (
        Attribution(None, evidence.place) if evidence.told else attribute(texts, evidence.place)
    )
    lead = {_flowing(text) for text in texts[attribution.first : evidence.place]}
    first = attribution.first if shown.isdisjoint(lead) else evidence.place
    shown |= lead | {_flowing(evidence.text)}
    start, end = evidence.sentences[evidence.place]
    begin = evidence.sentences[first][0]
    return Statement(
        text=passage.text[start:end],
        lead=passage.text[begin:start].rstrip(),
        start=passage.start + begin,
        end=passage.start + end,
        speaker=attribution.speaker,
        citation=citation,
        told=evidence.told,
    )


def _flowing(text: str) -> str:
    """A sentence however its lines are broken: reports are printed more than once."""
    return " ".join(text.split())
