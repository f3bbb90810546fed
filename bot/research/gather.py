"""What the two searches of the library find for each thing that is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.research.asks import Asks
from bot.research.model import Part
from bot.research.nearness import Stretches
from bot.research.standing import standings
from ingest.records import Filter, Hit, Known, Look, Report

_DEPTH = 50  # passages taken from each search for the whole question
_DEPTH_OF_PART = 30
_LOOKED_AT = 200  # reports among which those that are wanted are chosen
_CHOSEN = 8  # reports that are searched by themselves


class Searcher(Protocol):
    """What retrieval needs of the library."""

    def find(self, looks: Sequence[Look], wanted: Filter) -> list[list[Hit]]:
        """Search for several things at one moment of the library.

        Returns:
            For each of them its hits, best first, scored by cosine similarity (-1 to 1) where a
            vector was looked for, by BM25 (0 upwards) where words were.
        """
        ...

    def reports(self, wanted: Filter, offset: int, limit: int) -> list[Report]:
        """Reports, newest first, `limit` of them from `offset` on."""
        ...

    def with_before(self, hit: Hit) -> Hit | None:
        """A passage and the one before it as one; None where they do not belong together."""
        ...

    def known(self, wanted: Filter) -> Known:
        """The publishers, titles and companies of the live reports on a filter's shelves."""
        ...

    def stretches(self, passage_ids: Sequence[str]) -> Mapping[str, Stretches]:
        """The vectors of passages by their ids; those that are not kept are left out."""
        ...


@dataclass(slots=True)
class Found:
    """What the searches for one thing found.

    Attributes:
        dense: cosine similarities by passage.
        lexical: BM25 scores by passage.
    """

    dense: dict[str, float] = field(default_factory=dict)
    lexical: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Gathered:
    """What all searches found.

    Attributes:
        hits: every passage found, by its id.
        found: for each thing that is asked, in the order of `Asks.all`.
    """

    hits: dict[str, Hit] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)


def gather(
    asks: Asks, vectors: NDArray[np.float32], wanted: Filter, searcher: Searcher
) -> Gathered:
    """Search both ways for each thing that is asked.

    Args:
        asks: what is looked for.
        vectors: of each of them, a row each, in the order of `Asks.all`.
        wanted: which reports may be searched.
        searcher: the library.

    Raises:
        LibraryError: the library cannot be searched.
    """
    chosen = _chosen(asks.whole, wanted, searcher)
    looks: list[Look] = []
    of: list[int] = []  # which of the things each look is for
    for place, (part, vector) in enumerate(zip(asks.all, vectors, strict=True)):
        depth = _DEPTH if place == 0 else _DEPTH_OF_PART
        for reports in (None, chosen) if chosen and place == 0 else (None,):
            looks.append(Look(depth, vector=vector, reports=reports))
            looks.append(Look(depth, " ".join(part.terms), reports=reports))
            of += [place, place]
    gathered = Gathered({}, [Found() for _ in asks.all])
    for place, look, hits in zip(of, looks, searcher.find(looks, wanted), strict=True):
        found = gathered.found[place]
        scores = found.lexical if look.vector is None else found.dense
        for hit in hits:
            gathered.hits.setdefault(hit.passage.id, hit)
            scores[hit.passage.id] = hit.score
    return gathered


def _chosen(part: Part, wanted: Filter, searcher: Searcher) -> frozenset[str]:
    """The ids of the reports that a question wants before all others, few or none."""
    wishes = part.wishes
    narrowed = wanted
    if wishes.companies:
        names = {n for company in wishes.companies for n in (*company.names, *company.tickers)}
        narrowed = replace(wanted, companies=frozenset(names))
    elif wishes.publishers:
        narrowed = replace(wanted, publishers=wishes.publishers)
    elif wishes.reports:
        return wishes.reports & (wanted.reports or wishes.reports)
    elif not wishes.newest:
        return frozenset()
    if wanted.publishers is not None and narrowed.publishers != wanted.publishers:
        narrowed = replace(narrowed, publishers=wishes.publishers & wanted.publishers)
    reports = searcher.reports(narrowed, 0, _LOOKED_AT)
    standing = standings(part, reports)
    best = sorted(reports, key=lambda report: (-standing[report.id], report.id))
    return frozenset(report.id for report in best[:_CHOSEN])
