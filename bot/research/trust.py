"""Which evidence can be trusted to answer a question, and why none can.

docs/decisions/0002-not-knowing.md shows how the bounds were chosen.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.research.model import Candidate, Evidence, Query, Reason
from ingest.language.tongue import language_of

# What evidence must reach for the reports to be said to answer: its cosine similarity and its
# coverage of the question's words together.
_ENOUGH = 0.6
# To a model that knows no Chinese, as the default one, all of it looks alike: of a Chinese question
# the words must be covered.
_ENOUGH_CHINESE_WORDS = 0.25


def trusted(query: Query, ranked: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence that answers a question, in the order given.

    Args:
        query: what is asked.
        ranked: sentences, best first.
    """
    chinese = language_of(query.question.text) == "zh"
    return [
        evidence
        for evidence in ranked
        if _answers(evidence) and (not chinese or evidence.coverage >= _ENOUGH_CHINESE_WORDS)
    ]


def why_not(query: Query, candidates: Sequence[Candidate]) -> Reason:
    """Return why no evidence answers a question.

    Args:
        query: what is asked.
        candidates: passages, best first.
    """
    return Reason.NOT_THIS if candidates else Reason.NOTHING


def _answers(evidence: Evidence) -> bool:
    supported = evidence.similarity + evidence.coverage >= _ENOUGH
    return evidence.fits and evidence.named and supported
