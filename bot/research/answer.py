"""From evidence to an answer, or to not knowing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.research.forecasts import is_forecast
from bot.research.model import (
    Answer,
    Candidate,
    Citation,
    Evidence,
    LimitKind,
    NotFound,
    Query,
    Reason,
    Statement,
)
from bot.research.speaker import Attribution, attribute

_STATEMENTS = 4
_NEAREST = 3
_BEHIND = 0.12  # a further statement may score this much less than the best


def conclude(
    query: Query,
    able: Sequence[Evidence],
    candidates: Sequence[Candidate],
    reason: Reason = Reason.NOT_THIS,
) -> Answer | NotFound:
    """Answer with the best evidence if there is any.

    Args:
        query: what is asked.
        able: sentences and rows that can be trusted to answer it, best first.
        candidates: passages, best first; shown as the nearest where nothing answers.
        reason: why, where nothing does.

    Returns:
        The answer, or that the reports do not say.
    """
    if not able:
        return NotFound(
            query.question,
            tuple(
                Citation(number, candidate.hit.passage, candidate.hit.report)
                for number, candidate in enumerate(candidates[:_NEAREST], start=1)
            ),
            reason,
            query.limits,
        )
    today = _today(query)
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
        statements.append(_statement(evidence, citation, shown, today))
    return Answer(query.question, tuple(statements), tuple(citations.values()), query.limits)


def _today(query: Query) -> date:
    """The day from which the age of reports is counted."""
    as_of = (limit.until for limit in query.limits if limit.kind is LimitKind.AS_OF)
    return next((day for day in as_of if day), query.question.asked_at.date())


def _years(published: date | None, today: date) -> int:
    if published is None:
        return 0
    before_birthday = (today.month, today.day) < (published.month, published.day)
    return max(today.year - published.year - before_birthday, 0)


def _statement(evidence: Evidence, citation: Citation, shown: set[str], today: date) -> Statement:
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
    published = citation.report.description.published
    return Statement(
        text=passage.text[start:end],
        lead=passage.text[begin:start].rstrip(),
        start=passage.start + begin,
        end=passage.start + end,
        speaker=attribution.speaker,
        citation=citation,
        told=evidence.told,
        forecast=is_forecast(evidence.told or evidence.text, published),
        years=_years(published, today),
    )


def _flowing(text: str) -> str:
    """A sentence however its lines are broken: reports are printed more than once."""
    return " ".join(text.split())
