"""How far evidence can be trusted to answer a question, and why none can.

What evidence must hold to be an answer at all (a figure where one is asked for, the product that
is named) is not weighed: without it there is none. The rest is weighed by logistic regression,
fitted on questions of which it is known whether the reports answer them.
docs/decisions/0002-not-knowing.md shows on which, and the curve.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.research.model import Candidate, Evidence, LimitKind, Query, Reason
from bot.research.sought import Sought, all_of, coverage

FEATURES = ("similarity", "coverage", "sources")
"""What is weighed, each 0 to 1 or so, more of it being more to be trusted:

- similarity: cosine of the evidence to the question.
- coverage: share of the question's content words, weighed by rarity, that it covers.
- sources: 1 where the library holds a report of every publisher that is named, else less.
"""

_ON_SUBJECT = 0.5  # cosine, or share of the words, of a passage that is on the subject
_READ = 0.5  # share of a question that an embedder must be able to read to be asked


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression.

    Attributes:
        weights: of each of `FEATURES`.
        intercept: what is added to their sum.
        bound: trust, 0 to 1, from which on evidence answers.
    """

    weights: Mapping[str, float]
    intercept: float
    bound: float

    def trust(self, features: Mapping[str, float]) -> float:
        """Return how far evidence with these features can be trusted, 0 to 1."""
        total = self.intercept + sum(self.weights[name] * features[name] for name in FEATURES)
        return 1 / (1 + math.exp(-max(min(total, 50.0), -50.0)))


@dataclass(frozen=True, slots=True)
class Calibration:
    """What decides between answering and not knowing.

    Attributes:
        embedder: identity of the one it was fitted with.
        read: for questions that the embedder can read.
        unread: for others, as Chinese ones to an English model: their words alone decide.
    """

    embedder: str
    read: Weights
    unread: Weights

    def of(self, reads: float) -> Weights:
        """Return the weights for a question of which the embedder reads that share, 0 to 1."""
        return self.read if reads >= _READ else self.unread


SHIPPED = Calibration(
    "all-MiniLM-L6-v2@53aa51172d14",
    read=Weights(
        {"similarity": 13.25, "coverage": 3.26, "sources": 6.76},
        intercept=-12.4,
        bound=0.491,
    ),
    unread=Weights(
        {"similarity": 0.0, "coverage": 3.66, "sources": 0.0},
        intercept=-0.88,
        bound=0.422,
    ),
)
"""Fitted with the embedder that comes with Footnote."""


def features(query: Query, evidence: Evidence) -> dict[str, float]:
    """Return what is weighed of evidence, by the names in `FEATURES`.

    Args:
        query: what is asked.
        evidence: a sentence or row.
    """
    held, strangers = len(query.wishes.publishers), len(query.wishes.strangers)
    return {
        "similarity": evidence.similarity,
        "coverage": evidence.coverage,
        "sources": held / (held + strangers) if strangers else 1.0,
    }


def able(ranked: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence that holds what an answer must hold, in the order given."""
    return [evidence for evidence in ranked if evidence.fits and evidence.named]


def trusted(query: Query, ranked: Sequence[Evidence], weights: Weights) -> list[Evidence]:
    """Return the evidence that answers a question, in the order given.

    Args:
        query: what is asked.
        ranked: sentences and rows, best first.
        weights: of the calibration, for this question.
    """
    return [
        evidence
        for evidence in able(ranked)
        if weights.trust(features(query, evidence)) >= weights.bound
    ]


def why_not(
    query: Query, candidates: Sequence[Candidate], beyond: Sequence[Evidence] = ()
) -> Reason:
    """Return why no evidence answers a question.

    Args:
        query: what is asked.
        candidates: passages, best first.
        beyond: evidence that would answer it, were it not for its limits.
    """
    if beyond:
        dated = any(limit.kind in {LimitKind.DATES, LimitKind.AS_OF} for limit in query.limits)
        return Reason.OTHER_DATES if dated else Reason.OTHER_PUBLISHERS
    sought = Sought(query.terms)
    held = [sought.held(all_of(candidate.hit.passage)) for candidate in candidates]
    rarity = sought.rarity(held)
    for candidate, each in zip(candidates, held, strict=True):
        if candidate.similarity >= _ON_SUBJECT or coverage(each, rarity) >= _ON_SUBJECT:
            return Reason.NOT_THIS
    return Reason.NOTHING
