"""What every embedder keeps to, the real one and the one that stands in for it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from bot.research.researcher import Embeds
from ingest.embed import Embedder
from ingest.engine import EmbedsPassages
from tests.embedders import WordEmbedder


class Both(EmbedsPassages, Embeds):
    """An embedder as ingestion and research need it."""


@pytest.fixture(scope="module", params=[WordEmbedder, Embedder])
def embedder(request: pytest.FixtureRequest) -> Iterator[Both]:
    """Each embedder in turn."""
    made = request.param()
    yield made
    if isinstance(made, Embedder):
        made.close()


def test_it_says_what_it_is(embedder: Both) -> None:
    """Identity, dimension and window are stated and stay as they are."""
    assert embedder.identity
    assert (embedder.identity, embedder.dimension) == (embedder.identity, embedder.dimension)
    assert embedder.window >= 16


def test_a_row_of_length_one_for_each_text(embedder: Both) -> None:
    """As many rows as texts, each of length 1 and of the stated dimension, none for none."""
    vectors = embedder.embed_passages(["Copper is dear.", "Wheat", "铜价上涨"])
    assert vectors.shape == (3, embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert embedder.embed_passages([]).shape == (0, embedder.dimension)


def test_a_question_is_a_single_vector(embedder: Both) -> None:
    """Each question has one vector of length 1, whatever is asked beside it."""
    vectors = embedder.embed_queries(["What does copper cost?", "And tin?"])
    assert vectors.shape == (2, embedder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    [alone] = embedder.embed_queries(["What does copper cost?"])
    assert np.allclose(vectors[0], alone, atol=1e-4)


def test_stretches_are_read_with_what_stands_around_them(embedder: Both) -> None:
    """Each stretch has a vector of length 1; the passage's is what it is without them."""
    texts = ["Copper is dear. It is red.", "Wheat", "Tin is cheap. Iron is old. Zinc is grey."]
    spans = [[(0, 15), (16, 26)], [], [(0, 13), (14, 26), (27, 40)]]
    vectors, parts = embedder.embed_parted(texts, spans)
    assert np.allclose(vectors, embedder.embed_passages(texts), atol=1e-5)
    assert [part.shape for part in parts] == [
        (2, embedder.dimension),
        (0, embedder.dimension),
        (3, embedder.dimension),
    ]
    for part in parts:
        assert np.allclose(np.linalg.norm(part, axis=1), 1, atol=1e-5)
    near = np.concatenate(parts) @ embedder.embed_queries(["Is copper dear?"])[0]
    assert int(near.argmax()) == 0
    empty, none = embedder.embed_parted([], [])
    assert empty.shape == (0, embedder.dimension)
    assert none == []


def test_it_says_how_much_it_can_read(embedder: Both) -> None:
    """All of plain English, and never more than all or less than nothing."""
    assert embedder.reads("What does copper cost?") == 1
    assert embedder.reads("") == 1
    assert 0 <= embedder.reads("纳斯达克摘牌通知") <= 1


def test_the_same_text_has_the_same_vector_wherever_it_stands(embedder: Both) -> None:
    """Neither the order of texts nor their company changes a vector."""
    texts = ["Copper is dear.", "Rain falls on the plain.", "Wheat " * 40]
    together, reversed_ = embedder.embed_passages(texts), embedder.embed_passages(texts[::-1])
    assert np.allclose(together, reversed_[::-1], atol=1e-4)


def test_what_shares_words_is_nearer_than_what_does_not(embedder: Both) -> None:
    """A question lies nearer to the text that speaks of the same."""
    similarity = (
        embedder.embed_passages(["Copper costs nine dollars.", "The cat sleeps."])
        @ embedder.embed_queries(["What does copper cost?"])[0]
    )
    assert similarity[0] > similarity[1]


def test_tokens_add_up(embedder: Both) -> None:
    """No text has none, and two texts side by side have no more than both."""
    assert embedder.count_tokens("") == 0
    one, other = embedder.count_tokens("copper is"), embedder.count_tokens("dear now")
    assert 0 < embedder.count_tokens("copper is dear now") <= one + other
