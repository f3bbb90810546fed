"""From a question to candidates: dense and lexical search, fused, and the reports that are wanted.

How far a passage answers one thing that is asked is the sum of

- its cosine similarity and its BM25 score, each as a share of the best one found. A sum of
  normalised scores tells more than one of ranks (Bruch, Gai and Ingber, "An analysis of fusion
  functions for hybrid retrieval", ACM TOIS 2023);
- the share of the content words that it holds, each weighed by its rarity;
- how much its report is wanted (`standing`).

To that of the whole question is added that of the part of it which it answers best, and of the
question before. docs/decisions/0007-ranking.md shows how the weights were chosen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.research.asks import Asks
from bot.research.gather import Found, Gathered, Searcher, gather
from bot.research.model import Candidate, Part
from bot.research.nearness import Stretches
from bot.research.parts import Span
from bot.research.sought import all_of, coverage, sought_of
from bot.research.standing import standings
from bot.research.times import Time, Times
from ingest.records import Filter, Hit

_DENSE, _LEXICAL, _COVERAGE = 0.4, 0.6, 0.4
_OF_PART, _OF_EARLIER = 0.5, 0.6
_EVENT_COVERED = 0.5  # of what is said of an event, in a report that may date it


def retrieve(
    asks: Asks,
    vectors: NDArray[np.float32],
    wanted: Filter,
    searcher: Searcher,
    reads: float = 1.0,
) -> list[Candidate]:
    """Search both ways for all that is asked, and order what is found.

    Args:
        asks: what is looked for.
        vectors: of each of them, a row each, in the order of `Asks.all`.
        wanted: which reports may be searched.
        searcher: the library.
        reads: how much of the question the embedder can read, 0 to 1.

    Returns:
        Candidates, best first, each passage once.

    Raises:
        LibraryError: the library cannot be searched.
    """
    gathered = gather(asks, vectors, wanted, searcher)
    if not gathered.hits:
        return []
    ids, hits = list(gathered.hits), list(gathered.hits.values())
    kept = searcher.stretches(ids)
    similar = _similar(gathered, vectors, kept)
    weigh = _Weighing(hits, similar, reads)
    whole = asks.whole
    if asks.event is not None:
        last = len(asks.all) - 1
        event = weigh(asks.event, last, gathered.found[last])
        times = _time_of(asks.event, asks.span, hits, event, gathered.found[last])
        whole = replace(whole, times=times or whole.times)
    weighed = [
        weigh(part, place, gathered.found[place])
        for place, part in enumerate((whole, *asks.all[1:]))
    ]
    score = weighed[0]
    if asks.parts:
        score = score + _OF_PART * np.max(weighed[1 : 1 + len(asks.parts)], axis=0)
    if asks.earlier is not None:
        score = score + _OF_EARLIER * weighed[1 + len(asks.parts)]
    order = sorted(range(len(ids)), key=lambda place: (-score[place], ids[place]))
    return [
        Candidate(hits[place], float(score[place]), float(similar[0][place]), kept.get(ids[place]))
        for place in order
    ]


def is_dated(asks: Asks, candidates: Sequence[Candidate]) -> bool:
    """Whether what was found tells of the event by which a question says when.

    Args:
        asks: what is looked for.
        candidates: what was found.

    Returns:
        True of a question that names no event.
    """
    if asks.event is None:
        return True
    covered = _covered(asks.event, [all_of(each.hit.passage) for each in candidates])
    return max(covered, default=0.0) >= _EVENT_COVERED


class _Weighing:
    """How far passages answer one thing that is asked.

    Args:
        hits: the passages.
        similar: their cosine similarities to each thing that is asked, a row each.
        reads: how much of the question the embedder can read.
    """

    def __init__(self, hits: Sequence[Hit], similar: NDArray[np.float64], reads: float) -> None:
        self._ids = [hit.passage.id for hit in hits]
        self._reports = [hit.report for hit in hits]
        self._texts = [all_of(hit.passage) for hit in hits]
        self._similar = similar
        self._dense = _DENSE * reads

    def __call__(self, part: Part, place: int, found: Found) -> NDArray[np.float64]:
        """The score of each passage."""
        covered = np.array(_covered(part, self._texts))
        lexical = np.array([found.lexical.get(each, 0.0) for each in self._ids])
        standing = standings(part, self._reports)
        score = np.array([standing[report.id] for report in self._reports])
        score += self._dense * _share(np.maximum(self._similar[place], 0))
        score += _LEXICAL * _share(lexical)
        # what the embedder cannot read, the words must tell
        score += (_COVERAGE + _DENSE - self._dense) * _share(covered)
        return score


def _similar(
    gathered: Gathered, vectors: NDArray[np.float32], kept: Mapping[str, Stretches]
) -> NDArray[np.float64]:
    """Cosine similarities of all passages to each thing that is asked, a row each.

    Of a passage whose vector is not kept, those that the searches found.
    """
    similar = np.array(
        [
            [found.dense.get(passage_id, 0.0) for passage_id in gathered.hits]
            for found in gathered.found
        ]
    )
    for place, passage_id in enumerate(gathered.hits):
        if passage_id in kept:
            similar[:, place] = vectors @ kept[passage_id].whole
    return similar


def _covered(asked: Part, texts: Sequence[str]) -> list[float]:
    """The share of what is asked that each text holds, each word weighed by its rarity."""
    sought = sought_of(asked)
    held = [sought.held(text) for text in texts]
    rarity = sought.rarity(held)
    return [coverage(each, rarity) for each in held]


def _time_of(
    asked: Part, span: Span, hits: Sequence[Hit], score: NDArray[np.float64], found: Found
) -> Times | None:
    """When an event was, by the report that tells it best; None where none tells it."""
    covered = _covered(asked, [all_of(hit.passage) for hit in hits])
    told = [
        place
        for place, hit in enumerate(hits)
        if hit.report.description.published
        and (hit.passage.id in found.dense or hit.passage.id in found.lexical)
        # else it tells of another event
        and covered[place] >= _EVENT_COVERED
    ]
    best = max(told, key=lambda place: float(score[place]), default=None)
    day = None if best is None else hits[best].report.description.published
    if day is None:
        return None
    time = Time(day.year, day.year)
    if span is not Span.YEAR:
        time = time._replace(month=day.month)
    if span is Span.DAY:
        time = time._replace(day=day.day)
    return Times(frozenset({time}))


def _share(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores as shares of the best."""
    most = scores.max()
    return scores / most if most > 0 else scores
