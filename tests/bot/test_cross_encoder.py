"""Tests of the cross-encoder, with a tiny one that is built here: no weights are fetched."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    BertTokenizer,
    PreTrainedModel,
)

from bot.cross_encoder import CrossEncoder
from bot.research.rank import Reranks
from ingest.errors import EmbedderError

WORDS = ["copper", "wheat", "price", "rose", "fell", "what", "did", "the", "of", "rain"]
TEXTS = ["copper price rose", "wheat price fell", "rain", "the rain fell the rain fell the rain"]


def kept(folder: Path, kind: type[PreTrainedModel], labels: int = 1) -> str:
    """A folder with a model of chance, the same each time, that knows a few words."""
    torch.manual_seed(7)
    folder.mkdir()
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        initializer_range=1.0,
    )
    config.num_labels = labels
    kind(config).save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CrossEncoder]:
    """The tiny cross-encoder, loaded once."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    made = CrossEncoder(kept(folder, BertForSequenceClassification))
    yield made
    made.close()


def test_each_text_has_a_score_of_its_own(encoder: CrossEncoder) -> None:
    """As many scores as texts, from 0 to 1, none alike, and it is what ranking asks for."""
    reranker: Reranks = encoder
    scores = reranker.scores("what did copper", TEXTS)
    assert scores.shape == (len(TEXTS),)
    assert scores.dtype == np.float32
    assert np.all((scores > 0) & (scores < 1))
    assert len({round(float(score), 5) for score in scores}) == len(TEXTS)


def test_scores_follow_their_texts(encoder: CrossEncoder) -> None:
    """A text has the same score wherever it stands, and another for another question."""
    forwards = encoder.scores("what did copper", TEXTS)
    backwards = encoder.scores("what did copper", TEXTS[::-1])
    assert np.allclose(forwards, backwards[::-1], atol=1e-5)
    assert not np.allclose(forwards, encoder.scores("what did the wheat", TEXTS), atol=1e-5)


def test_nothing_to_read_is_no_scores(encoder: CrossEncoder) -> None:
    """No texts give no scores, and what is longer than the model reads is cut."""
    assert encoder.scores("what", []).shape == (0,)
    assert encoder.scores("what", ["copper rose " * 500]).shape == (1,)


@pytest.mark.parametrize(
    ("kind", "labels"), [(BertModel, 1), (BertForSequenceClassification, 3)], ids=["plain", "three"]
)
def test_a_model_without_one_score_is_refused(
    tmp_path: Path, kind: type[PreTrainedModel], labels: int
) -> None:
    """An embedding model would be scored by chance, and three labels are no score."""
    wrong = CrossEncoder(kept(tmp_path / "wrong", kind, labels))
    with pytest.raises(EmbedderError, match=r"gives no score .* set RERANKER"):
        wrong.scores("what", ["copper"])
    wrong.close()


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_without_a_model_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    """The error names the folder and the setting to change, whether or not there is a folder."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    folder = tmp_path / "none"
    if there:
        folder.mkdir()
    missing = CrossEncoder(str(folder))
    with pytest.raises(EmbedderError, match=r"none' cannot be loaded .* RERANKER must be"):
        missing.scores("what", ["copper"])
    missing.close()


def test_making_a_cross_encoder_imports_no_torch() -> None:
    """Only the first use pays for torch."""
    code = (
        "import sys; from bot.cross_encoder import CrossEncoder; c = CrossEncoder('x'); c.close(); "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
