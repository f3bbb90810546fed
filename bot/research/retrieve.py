"""From a query to candidates: dense and lexical search, fused."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.research.model import Candidate, Query
from ingest.records import Filter, Hit

_DEPTH = 50  # passages taken from each search
# Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual
# rank learning methods", SIGIR 2009: score = sum over searches of 1 / (60 + rank)
_RANK_OFFSET = 60


class Searcher(Protocol):
    """What retrieval needs of the library."""

    def nearest(self, vector: NDArray[np.float32], wanted: Filter, limit: int) -> list[Hit]:
        """The passages nearest to a vector, scored by cosine similarity, best first."""
        ...

    def matching(self, text: str, wanted: Filter, limit: int) -> list[Hit]:
        """The passages matching a text's words best, scored by BM25, best first."""
        ...


def retrieve(query: Query, vector: NDArray[np.float32], searcher: Searcher) -> list[Candidate]:
    """Search both ways and fuse what is found by reciprocal rank.

    Args:
        query: what is asked.
        vector: of the question.
        searcher: the library.

    Returns:
        Candidates, best first, each passage once.

    Raises:
        LibraryError: the library cannot be searched.
    """
    scores: dict[str, float] = {}
    hits: dict[str, Hit] = {}
    for found in _of_one_moment(query, vector, searcher):
        for rank, hit in enumerate(found, start=1):
            hits.setdefault(hit.passage.id, hit)
            scores[hit.passage.id] = scores.get(hit.passage.id, 0.0) + 1 / (_RANK_OFFSET + rank)
    ordered = sorted(scores, key=lambda passage_id: (-scores[passage_id], passage_id))
    return [Candidate(hits[passage_id], scores[passage_id]) for passage_id in ordered]


def _of_one_moment(
    query: Query, vector: NDArray[np.float32], searcher: Searcher
) -> tuple[list[Hit], list[Hit]]:
    """What both searches find, no report in two versions.

    A report that is revised between the two would be quoted as it was and as it is; then both
    are searched again.
    """
    while True:
        found = (
            searcher.nearest(vector, query.filter, _DEPTH),
            searcher.matching(" ".join(query.terms), query.filter, _DEPTH),
        )
        versions = {(hit.report.id, hit.report.version) for hits in found for hit in hits}
        if len(versions) == len({report_id for report_id, _ in versions}):
            return found
