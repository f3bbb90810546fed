"""Tests of how both searches become one list."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.research.model import Candidate, Question
from bot.research.retrieve import retrieve
from bot.research.understand import understand
from ingest.library.library import Library
from ingest.records import Filter, Hit
from tests.bot.research.reading_room import NOON, ReadingRoom
from tests.ingest.library.shelves import put, source

METALS = (
    "Copper is dear in Chile.",
    "Copper is cheap, and so is tin.",
    "Tin comes from Peru.",
    "Zinc and lead come from mines of silver.",
    "Copper, copper, copper and no other metal is sold in Chile.",
)


def retrieved(room: ReadingRoom, question: str, wanted: Filter) -> list[Candidate]:
    """The candidates for a question."""
    query = understand(Question(question, NOON, wanted))
    return retrieve(query, room.embedder.embed_query(question), room.library)


@pytest.mark.parametrize(
    ("question", "texts", "scores"),
    [
        # the first of both searches
        ("copper", ["Copper is dear."], [1 / 61 + 1 / 61]),
        # none of its words matches: it is found by its vector alone
        ("tin", ["Copper is dear."], [1 / 61]),
        # the first of both before the second of one
        ("tin", ["Copper is dear.", "Tin is cheap."], [1 / 61 + 1 / 61, 1 / 62]),
        # the second of one before the third
        ("tin", ["Tin.", "Zinc is old.", "Lead is old."], [2 / 61, 1 / 62, 1 / 63]),
        ("tin", [], []),
    ],
)
def test_a_rank_counts_one_part_in_sixty_and_the_rank(
    room: ReadingRoom, question: str, texts: list[str], scores: list[float]
) -> None:
    """The score is the sum over both searches of 1 / (60 + rank)."""
    found = retrieved(room, question, room.lay_out(*texts))
    assert [candidate.score for candidate in found] == pytest.approx(scores)


@pytest.mark.parametrize("question", ["copper in Chile", "tin of Peru", "silver mines", "rain"])
def test_each_passage_is_there_once_in_the_order_of_the_sum(
    room: ReadingRoom, question: str
) -> None:
    """The list holds what either search found, best first, and agrees with their own ranks."""
    wanted = room.lay_out(*METALS)
    vector = room.embedder.embed_query(question)
    terms = " ".join(understand(Question(question, NOON)).terms)
    expected: dict[str, float] = {}
    for hits in (
        room.library.nearest(vector, wanted, 50),
        room.library.matching(terms, wanted, 50),
    ):
        for place, hit in enumerate(hits):
            expected[hit.passage.id] = expected.get(hit.passage.id, 0) + 1 / (61 + place)
    found = retrieved(room, question, wanted)
    ids = [candidate.hit.passage.id for candidate in found]
    assert len(ids) == len(METALS)
    assert len(set(ids)) == len(ids)
    assert {c.hit.passage.id: c.score for c in found} == pytest.approx(expected)
    order = [(-candidate.score, candidate.hit.passage.id) for candidate in found]
    assert order == sorted(order)


class RevisedMeanwhile:
    """A library of which a report is revised between the first two searches.

    Args:
        library: is searched.
        revise: revises it.
    """

    def __init__(self, library: Library, revise: Callable[[], object]) -> None:
        self._library = library
        self._revisions = [revise]

    def nearest(self, vector: NDArray[np.float32], wanted: Filter, limit: int) -> list[Hit]:
        """What the library finds, before it is revised."""
        hits = self._library.nearest(vector, wanted, limit)
        if self._revisions:
            self._revisions.pop()()
        return hits

    def matching(self, text: str, wanted: Filter, limit: int) -> list[Hit]:
        """What the library finds."""
        return self._library.matching(text, wanted, limit)


def test_a_report_that_is_revised_meanwhile_is_found_as_it_is(own_room: ReadingRoom) -> None:
    """No candidate is of the version before: a question is answered from one version alone."""
    library, where = own_room.library, source("copper.txt")
    report_id = put(library, where, "Copper costs 31 dollars.\nTin is cheap.")
    revised = "Copper costs 33 dollars.\nTin is cheap."
    searcher = RevisedMeanwhile(library, lambda: put(library, where, revised, report_id=report_id))
    query = understand(Question("What does copper cost?", NOON))
    vector = own_room.embedder.embed_query("What does copper cost?")
    found = [candidate.hit for candidate in retrieve(query, vector, searcher)]
    assert {hit.report.version for hit in found} == {2}
    assert {text for hit in found for text in hit.passage.text.splitlines()} == set(
        revised.splitlines()
    )


def test_only_what_the_filter_lets_through_is_found(room: ReadingRoom) -> None:
    """Both searches are given the question's filter."""
    wanted = room.lay_out("Copper is dear.", "Tin is cheap.")
    room.lay_out("Copper is dear elsewhere.")
    found = retrieved(room, "copper", wanted)
    assert wanted.shelves == frozenset(candidate.hit.report.shelf for candidate in found)
    assert len(found) == 2
    assert retrieved(room, "copper", Filter(shelves=frozenset({"nowhere"}))) == []
