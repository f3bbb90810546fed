"""Tests of the embedder that comes with Footnote; the model is the real one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ingest.embed import Embedder
from ingest.errors import EmbedderError


@pytest.fixture(scope="module")
def embedder() -> Iterator[Embedder]:
    """The default embedder, loaded once."""
    made = Embedder()
    yield made
    made.close()


def test_the_default_model_says_what_it_is(embedder: Embedder) -> None:
    """Name with the beginning of the weights' hash, dimension and window are the model's."""
    assert embedder.identity == "all-MiniLM-L6-v2@53aa51172d14"
    assert (embedder.dimension, embedder.window) == (384, 256)


def test_vectors_have_length_one_and_keep_the_order_of_texts(embedder: Embedder) -> None:
    """Texts of any length come back in the order given, each of length 1."""
    texts = [f"{'copper and ' * (n * 7 % 20)}number {n}" for n in range(40)]
    together = embedder.embed_passages(texts)
    assert together.shape == (40, 384)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    for place in (0, 17, 39):
        [alone] = embedder.embed_passages([texts[place]])
        assert float(together[place] @ alone) > 0.9999


def test_a_question_lies_nearest_to_what_answers_it(embedder: Embedder) -> None:
    """Meaning, not words, decides which text is near."""
    texts = ["The firm earned 5 billion dollars in sales.", "Rain is expected on Friday."]
    similarity = embedder.embed_passages(texts) @ embedder.embed_query("What was the revenue?")
    assert similarity[0] > similarity[1]


def test_nothing_to_embed_is_no_rows(embedder: Embedder) -> None:
    """No texts give an empty array of the right width."""
    assert embedder.embed_passages([]).shape == (0, 384)


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("copper", 1), ("copper price", 2)])
def test_tokens_are_counted_without_the_models_markers(
    embedder: Embedder, text: str, tokens: int
) -> None:
    """The count is of the text alone."""
    assert embedder.count_tokens(text) == tokens


def test_a_model_that_is_none_is_a_clear_error(tmp_path: Path) -> None:
    """The error names the setting to change."""
    broken = Embedder(str(tmp_path))
    with pytest.raises(EmbedderError, match="EMBEDDER must be"):
        broken.embed_query("anything")
    broken.close()


def test_making_an_embedder_imports_no_torch() -> None:
    """Only the first use pays for torch."""
    code = (
        "import sys; from ingest.embed import Embedder; e = Embedder(); e.close(); "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
