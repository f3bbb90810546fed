"""What the dense index keeps to, with Chroma inside the process and as a server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.errors import IndexUnavailable, SettingsError
from ingest.library.vectors import Chroma, Vectors, embedded, served
from tests.e2e.chroma import chroma_server


@pytest.fixture(params=["embedded", "server"])
async def vectors(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Vectors]:
    """An empty index of each kind."""
    if request.param == "embedded":
        with closing(Chroma(partial(embedded, tmp_path))) as chroma:
            yield chroma.vectors("passages")
        return
    async with chroma_server(tmp_path) as address:
        with closing(Chroma(partial(served, address))) as chroma:
            yield chroma.vectors("passages")


def unit(*numbers: float) -> NDArray[np.float32]:
    """A vector of length 1 in a direction."""
    vector = np.array(numbers, dtype=np.float32)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


EAST, NORTH, NORTH_EAST = unit(1, 0), unit(0, 1), unit(1, 1)


async def test_the_nearest_come_first_with_their_cosine(vectors: Vectors) -> None:
    """Passages are ordered by cosine similarity, which is told."""
    vectors.add(["e", "n", "ne"], ["r", "r", "r"], np.stack([EAST, NORTH, NORTH_EAST]))
    found = vectors.nearest(EAST, 3, None)
    assert [passage for passage, _ in found] == ["e", "ne", "n"]
    assert np.allclose([score for _, score in found], [1, np.sqrt(0.5), 0], atol=1e-5)
    assert len(vectors.nearest(EAST, 2, None)) == 2


async def test_reports_limit_what_is_found(vectors: Vectors) -> None:
    """Only passages of the reports named are found; of none, nothing."""
    vectors.add(["a", "b", "c"], ["r1", "r2", "r3"], np.stack([EAST, EAST, NORTH]))
    assert {p for p, _ in vectors.nearest(EAST, 5, ["r2", "r3"])} == {"b", "c"}
    assert vectors.nearest(EAST, 5, []) == []


async def test_a_passage_added_again_stays_one(vectors: Vectors) -> None:
    """What a crash left half done can be done again."""
    for _ in range(2):
        vectors.add(["a"], ["r"], np.stack([EAST]))
    assert vectors.count() == 1
    vectors.add([], [], np.empty((0, 2), dtype=np.float32))
    assert vectors.count() == 1


async def test_more_than_chroma_takes_at_once(vectors: Vectors) -> None:
    """A batch of any size is written, in pieces of the size that Chroma takes."""
    ids = [f"p{number}" for number in range(5_600)]
    angles = np.linspace(0, np.pi, len(ids))
    rows = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    vectors.add(ids, ["r"] * len(ids), rows)
    assert vectors.count() == len(ids)


async def test_an_empty_index_finds_nothing(vectors: Vectors) -> None:
    """A search before the first report is no error."""
    assert vectors.nearest(EAST, 5, None) == []


async def test_a_vector_of_another_dimension_is_an_error(vectors: Vectors) -> None:
    """Chroma's refusal is Footnote's own error."""
    vectors.add(["a"], ["r"], np.stack([EAST]))
    with pytest.raises(IndexUnavailable, match="could not search"):
        vectors.nearest(unit(1, 0, 0), 5, None)


@pytest.mark.parametrize("url", ["chroma:8000", "ftp://chroma", "http://", ""])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    """The error names the setting and shows how it is written."""
    with pytest.raises(SettingsError, match="CHROMA_URL"):
        served(url)


def test_a_server_that_is_not_there_is_named() -> None:
    """Nobody answers: the error says where."""
    with pytest.raises(IndexUnavailable, match=r"http://127\.0\.0\.1:9"):
        served("http://127.0.0.1:9")
