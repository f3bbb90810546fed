"""The vectors of sentences and rows: kept, replaced, forgotten, and never needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ingest.language.stretches import stretches
from ingest.library.stretches import StretchStore
from ingest.records import Filter
from ingest.stretches import Stretches
from tests.ingest.library.shelves import EMBEDDER, fresh_library, put, source


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StretchStore]:
    """A store of its own."""
    store = StretchStore(tmp_path / "stretches.sqlite")
    yield store
    store.close()


def made(*spans: tuple[int, int], seed: int = 0) -> Stretches:
    """The vectors of a passage with stretches at these offsets."""
    rows = np.random.default_rng(seed).normal(size=(len(spans) + 1, 8)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return Stretches(rows[0], np.array(spans, dtype=np.int32).reshape(-1, 2), rows[1:])


def test_what_is_kept_is_read_again(store: StretchStore) -> None:
    """Spans come back as they were, vectors to half precision; what is not kept is left out."""
    kept = [made((0, 15), (16, 70_000)), made(seed=1)]
    store.keep("words", ["a", "b"], kept)
    found = store.of("words", ["b", "a", "c"])
    assert set(found) == {"a", "b"}
    for one, other in zip(kept, [found["a"], found["b"]], strict=True):
        assert np.array_equal(one.spans, other.spans)
        assert np.allclose(one.whole, other.whole, atol=1e-3)
        assert one.vectors.shape == other.vectors.shape
        assert np.allclose(one.vectors, other.vectors, atol=1e-3)
        assert other.whole.dtype == other.vectors.dtype == np.float32


def test_passages_are_read_as_wholes(store: StretchStore) -> None:
    """However many are kept, each comes once, in the order of the ids, with its vector alone."""
    kept = {f"{number:04}": made((0, 1), seed=number) for number in range(4_100)}
    store.keep("words", list(kept), list(kept.values()))
    store.keep("others", ["a"], [made((0, 1))])
    found = list(store.wholes("words", 8))
    assert len(found) > 1
    assert [each for ids, _ in found for each in ids] == list(kept)
    rows = np.concatenate([rows for _, rows in found])
    assert rows.dtype == np.float32
    assert np.allclose(rows, [each.whole for each in kept.values()], atol=1e-3)
    assert list(store.wholes("nobody", 8)) == []


def test_each_embedder_has_its_own(store: StretchStore) -> None:
    """A passage has vectors of several embedders while an index is made anew."""
    store.keep("one", ["a", "b"], [made((0, 1)), made((0, 2))])
    store.keep("two", ["a"], [made((0, 3))])
    assert store.of("two", ["a"])["a"].spans.tolist() == [[0, 3]]
    assert (store.ids("one"), store.ids("two"), store.ids("none")) == ({"a", "b"}, {"a"}, set())
    store.keep_only({"one"})
    assert (store.ids("one"), store.ids("two")) == ({"a", "b"}, set())


def test_what_is_kept_again_is_replaced_and_what_is_removed_is_gone(store: StretchStore) -> None:
    """A passage is kept once for each embedder; ids of none are passed over."""
    store.keep("one", ["a"], [made((0, 1))])
    store.keep("one", ["a"], [made((0, 1), (2, 3))])
    assert store.of("one", ["a"])["a"].spans.tolist() == [[0, 1], [2, 3]]
    store.remove(["a", "nobody's"])
    assert store.ids("one") == set()


def test_a_passage_that_is_put_has_vectors_of_its_stretches(tmp_path: Path) -> None:
    """Its spans are those that can be quoted, and each vector is that of its sentence."""
    library = fresh_library(tmp_path)
    put(library, source("a.txt"), "Copper is dear. Tin is cheap.")
    [hit] = library.matching("copper", Filter(), 9)
    found = library.stretches([hit.passage.id])[hit.passage.id]
    assert [tuple(span) for span in found.spans.tolist()] == stretches(hit.passage)
    near = found.vectors @ EMBEDDER.embed_query("tin")
    start, end = found.spans[int(near.argmax())]
    assert hit.passage.text[start:end] == "Tin is cheap."
    search = library.search()
    assert search is not None
    assert search.without_stretches([hit.passage.id, "unknown"]) == ["unknown"]
    library.close()
