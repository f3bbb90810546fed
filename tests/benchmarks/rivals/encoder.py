"""The embedding model, as all rivals use it: none embeds again what one has embedded before."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

_BATCH = 64


class Encoder:
    """Embeds with sentence-transformers, as the classes of LangChain, LlamaIndex and txtai do.

    Vectors of passages are kept in a folder: to embed the same text again would measure nothing.
    A question is embedded whenever it is asked.

    Args:
        model: folder of the model.
        folder: where the vectors are kept.
    """

    def __init__(self, model: str, folder: Path) -> None:
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(model, local_files_only=True, device="cpu")
        self._file = folder / "vectors.npz"
        self._kept: dict[str, Any] = {}
        if self._file.is_file():
            with np.load(self._file) as kept:
                self._kept = dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))

    def passages(self, texts: Sequence[str]) -> Any:
        """The vectors of texts: n rows of length 1."""
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        missing = {
            key: text for key, text in zip(keys, texts, strict=True) if key not in self._kept
        }
        if missing:
            vectors = self._model.encode(
                list(missing.values()), batch_size=_BATCH, normalize_embeddings=True
            )
            self._kept.update(zip(missing, vectors, strict=True))
            np.savez(self._file, keys=list(self._kept), vectors=np.stack([*self._kept.values()]))
        return np.stack([self._kept[key] for key in keys])

    def question(self, text: str) -> Any:
        """The vector of a question, of length 1."""
        return self._model.encode(text, normalize_embeddings=True)
