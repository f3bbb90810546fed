"""How good a ranking is: the usual measures, over documents ranked best first, each once.

Relevance is graded: a number above 0 for what is relevant, the more the higher; what is not
named is not relevant. A question to which nothing is relevant has no measure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

CUT = 10
"""Places of a ranking that are looked at."""

_HIT = 5


@dataclass(frozen=True, slots=True)
class Measures:
    """What a ranking reached, or rankings on average; each 0 to 1.

    Attributes:
        ndcg: normalised discounted cumulative gain at 10.
        recall: share of what is relevant among the first ten.
        reciprocal_rank: 1 over the place of the first that is relevant, 0 beyond the tenth.
        hit: something relevant is among the first five.
    """

    ndcg: float
    recall: float
    reciprocal_rank: float
    hit: float


def measures_of(ranking: Sequence[str], relevant: Mapping[str, int]) -> Measures:
    """Measure a ranking.

    Args:
        ranking: ids, best first, none twice.
        relevant: relevance above 0 by id; at least one.

    Raises:
        ValueError: nothing is relevant, or an id stands twice in the ranking.
    """
    if not relevant:
        raise ValueError("nothing is relevant, so there is nothing to measure")
    if len(set(ranking)) != len(ranking):
        raise ValueError("an id stands twice in the ranking")
    first = ranking[:CUT]
    best = sorted(relevant.values(), reverse=True)[:CUT]
    places = [place for place, each in enumerate(first, start=1) if each in relevant]
    return Measures(
        ndcg=_gain(relevant.get(each, 0) for each in first) / _gain(best),
        recall=len(places) / len(relevant),
        reciprocal_rank=1 / places[0] if places else 0.0,
        hit=float(bool(places) and places[0] <= _HIT),
    )


def mean(measures: Sequence[Measures]) -> Measures:
    """Return the mean of each measure over questions, at least one."""
    count = len(measures)
    return Measures(
        sum(each.ndcg for each in measures) / count,
        sum(each.recall for each in measures) / count,
        sum(each.reciprocal_rank for each in measures) / count,
        sum(each.hit for each in measures) / count,
    )


def _gain(relevances: Iterable[int]) -> float:
    """Discounted cumulative gain: the sum of relevance / log2(place + 1).

    Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 2002,
    with the discount that trec_eval uses.
    """
    return sum(
        relevance / math.log2(place + 1) for place, relevance in enumerate(relevances, start=1)
    )
