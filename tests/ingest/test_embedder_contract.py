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
    """A question has one vector of length 1."""
    vector = embedder.embed_query("What does copper cost?")
    assert vector.shape == (embedder.dimension,)
    assert np.isclose(np.linalg.norm(vector), 1, atol=1e-5)


def test_the_same_text_has_the_same_vector_wherever_it_stands(embedder: Both) -> None:
    """Neither the order of texts nor their company changes a vector."""
    texts = ["Copper is dear.", "Rain falls on the plain.", "Wheat " * 40]
    together, reversed_ = embedder.embed_passages(texts), embedder.embed_passages(texts[::-1])
    assert np.allclose(together, reversed_[::-1], atol=1e-4)


def test_what_shares_words_is_nearer_than_what_does_not(embedder: Both) -> None:
    """A question lies nearer to the text that speaks of the same."""
    similarity = embedder.embed_passages(
        ["Copper costs nine dollars.", "The cat sleeps."]
    ) @ embedder.embed_query("What does copper cost?")
    assert similarity[0] > similarity[1]


def test_tokens_add_up(embedder: Both) -> None:
    """No text has none, and two texts side by side have no more than both."""
    assert embedder.count_tokens("") == 0
    one, other = embedder.count_tokens("copper is"), embedder.count_tokens("dear now")
    assert 0 < embedder.count_tokens("copper is dear now") <= one + other
