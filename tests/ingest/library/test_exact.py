"""What searching for the nearest passages keeps to, in Chroma and beside its owner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sqlalchemy import delete

from ingest.chunk import chunk
from ingest.errors import IndexUnavailable
from ingest.language.likeness import text_hash_of
from ingest.library.database import open_database, transaction
from ingest.library.exact import ExactVectors
from ingest.library.indexes import Writing
from ingest.library.library import Library, Put
from ingest.library.migrate import migrate
from ingest.library.schema import placements
from ingest.library.search import Dense, Search
from ingest.library.stretches import StretchStore
from ingest.library.view import View
from ingest.stretches import Embedded, Stretches
from tests.ingest.library.shelves import (
    EMBEDDER,
    described,
    fresh_library,
    parsed,
    put,
    source,
)

DIMENSION = 16
REPORTS = [f"r{number}" for number in range(8)]
LINES = 10  # passages of each report


def halved(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    """Rows of length 1, in numbers that two bytes hold."""
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float16).astype(np.float32)


def shelve(library: Library, report: str, rows: NDArray[np.float32]) -> None:
    """Put a report into a library whose passages have these vectors."""
    library.bind(Writing("random", rows.shape[1], "paragraphs"))
    text = "\n".join(f"Line {number} of {report}." for number in range(len(rows)))
    passages = chunk(parsed(text), described(report), report, EMBEDDER.count_tokens, 256)
    assert len(passages) == len(rows)
    nothing = np.empty((0, rows.shape[1]), dtype=np.float32)
    spans = np.empty((0, 2), dtype=np.int32)
    made = Embedded(rows, [Stretches(row, spans, nothing) for row in rows])
    library.put(
        [
            Put(
                report,
                source(report),
                text.encode(),
                text_hash_of(text),
                parsed(text),
                described(report),
                passages,
                passages,
                made,
            )
        ]
    )


def searched(library: Library) -> Search:
    """The index of a library."""
    search = library.search()
    assert search is not None
    return search


def beside(library: Library) -> ExactVectors:
    """The same index, searched without Chroma."""
    return ExactVectors(library.searches.store, library.view, searched(library).index)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library of passages with vectors by chance."""
    with closing(fresh_library(tmp_path_factory.mktemp("shelf"))) as library:
        chance = np.random.default_rng(7)
        for report in REPORTS:
            shelve(library, report, halved(chance.normal(size=(LINES, DIMENSION))))
        yield library


@pytest.fixture(params=["chroma", "exact"])
def dense(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Dense]:
    """Three passages in three directions, of the reports e, n and ne, each way."""
    with closing(fresh_library(tmp_path)) as library:
        for report, row in (("e", [1.0, 0]), ("n", [0, 1.0]), ("ne", [1.0, 1.0])):
            shelve(library, report, halved(np.array([row])))
        yield searched(library).vectors if request.param == "chroma" else beside(library)


EAST = np.array([1, 0], dtype=np.float32)


def test_the_nearest_come_first_with_their_cosine(dense: Dense) -> None:
    """Passages are ordered by cosine similarity, which is told, however long the vector is."""
    for length in (1, 3):
        found = dense.nearest(length * EAST, 9, None)
        assert np.allclose([score for _, score in found], [1, np.sqrt(0.5), 0], atol=1e-3)
        assert len({passage for passage, _ in found}) == 3
        assert dense.nearest(length * EAST, 2, None) == found[:2]
    assert dense.count() == 3


def test_reports_limit_what_is_found(dense: Dense) -> None:
    """Only passages of the reports named are found; of none and of strangers, nothing."""
    every = [passage for passage, _ in dense.nearest(EAST, 9, None)]
    assert [each for each, _ in dense.nearest(EAST, 9, ["ne", "n", "ne"])] == every[1:]
    assert [each for each, _ in dense.nearest(EAST, 1, ["n", "ne"])] == every[1:2]
    assert dense.nearest(EAST, 9, []) == []
    assert dense.nearest(EAST, 9, ["nobody's"]) == []


def test_a_vector_of_another_dimension_is_an_error(dense: Dense) -> None:
    """A question of another embedder is refused, never answered by chance."""
    with pytest.raises(IndexUnavailable, match=r"could not .*search"):
        dense.nearest(np.ones(3, dtype=np.float32), 5, None)


@given(
    seed=st.integers(0, 2**32 - 1),
    limit=st.integers(1, 100),
    among=st.none() | st.sets(st.sampled_from([*REPORTS, "nobody's"])),
)
def test_both_find_the_same(shelf: Library, seed: int, limit: int, among: set[str] | None) -> None:
    """Whatever is looked for, in whichever reports: the same passages in the same order.

    Two that are as near as a float can tell may change places.
    """
    vector = np.random.default_rng(seed).normal(size=DIMENSION).astype(np.float32)
    reports = None if among is None else sorted(among)
    chroma = searched(shelf).vectors.nearest(vector, limit, reports)
    exact = beside(shelf).nearest(vector, limit, reports)
    asked = set(REPORTS) if among is None else among & set(REPORTS)
    assert len(exact) == min(limit, LINES * len(asked))
    assert [score for _, score in exact] == sorted((score for _, score in exact), reverse=True)
    assert np.allclose([score for _, score in exact], [score for _, score in chroma], atol=1e-5)
    there, places = dict(chroma), dict(exact)
    assert all(abs(places[each] - there[each]) < 1e-5 for each in places.keys() & there.keys())
    least = min(places.values(), default=0.0)
    assert all(places[each] - least < 1e-5 for each in places.keys() - there.keys())


def test_an_index_in_which_nothing_stands_finds_nothing(tmp_path: Path) -> None:
    """A search before the first report is no error."""
    with closing(fresh_library(tmp_path)) as library:
        library.bind(Writing("random", 2, "paragraphs"))
        assert (beside(library).count(), beside(library).nearest(EAST, 5, None)) == (0, [])


def test_what_is_kept_of_others_is_not_found(tmp_path: Path) -> None:
    """Neither vectors of another embedder nor those of passages that stand in no index count."""
    with closing(fresh_library(tmp_path)) as library:
        shelve(library, "e", EAST[np.newaxis])
        [(passage, _)] = beside(library).nearest(EAST, 5, None)
        nothing = np.empty((0, 2), dtype=np.float32)
        kept = Stretches(EAST, np.empty((0, 2), dtype=np.int32), nothing)
        library.searches.store.keep("random", ["left over"], [kept])
        library.searches.store.keep("another", [passage], [kept])
        assert [each for each, _ in beside(library).nearest(EAST, 5, None)] == [passage]


def test_superseded_passages_are_found_too(tmp_path: Path) -> None:
    """As in Chroma, they are left to the catalog, which knows who may be shown them."""
    with closing(fresh_library(tmp_path)) as library:
        first = put(library, source("a.txt"), "Copper is cheap.")
        put(library, source("a.txt"), "Copper is dear.", report_id=first)
        assert beside(library).count() == searched(library).vectors.count() == 2


def test_passages_without_a_vector_are_told(tmp_path: Path) -> None:
    """Vectors that an older Footnote did not keep are an error that says what to do."""
    with closing(fresh_library(tmp_path)) as library:
        put(library, source("a.txt"), "Copper is cheap.\nTin is dear.")
        [(passage, _)] = searched(library).vectors.nearest(EMBEDDER.embed_query("tin"), 1, None)
        library.searches.store.remove([passage])
        with pytest.raises(
            IndexUnavailable,
            match=r"1 of the library's 2 passages .* stop its owner .* 'python -m ingest repair'",
        ):
            beside(library)


def test_what_is_swept_meanwhile_is_not_missed(tmp_path: Path) -> None:
    """A passage that the owner removes after the catalog was asked is no longer needed."""
    with closing(fresh_library(tmp_path)) as library:
        shelve(library, "e", halved(np.array([[1.0, 0], [0, 1.0]])))
        search = searched(library)
        [(swept, _)] = search.vectors.nearest(EAST, 1, None)

        class Sweeping(StretchStore):
            """As the first vectors are read, the owner has just swept a passage."""

            def wholes(
                self, embedder: str, dimension: int
            ) -> Iterator[tuple[list[str], NDArray[np.float32]]]:
                with transaction(catalog) as connection:
                    connection.execute(delete(placements).where(placements.c.passage_id == swept))
                self.remove([swept])
                yield from super().wholes(embedder, dimension)

        catalog = open_database(tmp_path / "library" / "catalog.sqlite", migrate)
        store = Sweeping(tmp_path / "library" / "stretches.sqlite")
        exact = ExactVectors(store, View(catalog), search.index)
        assert exact.count() == 1
        assert swept not in dict(exact.nearest(EAST, 5, None))
        store.close()
        catalog.dispose()
