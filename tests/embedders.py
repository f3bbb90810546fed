"""An embedder whose vectors follow from the words, so that a ranking can fail."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.language.words import stem, words


class WordEmbedder:
    """Texts that share words lie near each other; the rest is chance, fixed by the words.

    Args:
        identity: the name it gives itself.
        dimension: of its vectors.
        window: tokens it claims to read; a token is a word.
    """

    def __init__(self, identity: str = "words", dimension: int = 64, window: int = 256) -> None:
        self.identity = identity
        self.dimension = dimension
        self.window = window
        self.embedded: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    def count_tokens(self, text: str) -> int:
        """Words of the text, and every other sign that is no space."""
        return len(words(text)) + sum(not c.isalnum() and not c.isspace() for c in text)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text; waits while the gate is closed."""
        self.gate.wait()
        self.embedded.extend(texts)
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return np.stack([self._embed(text) for text in texts])

    def embed_parted(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        """The vectors of texts, and of their stretches by the stretches' own words."""
        vectors = self.embed_passages(texts)
        parts = [
            [self._embed(text[start:end]) for start, end in each]
            for text, each in zip(texts, spans, strict=True)
        ]
        return vectors, [
            np.array(part, dtype=np.float32).reshape(-1, self.dimension) for part in parts
        ]

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a question; waits while the gate is closed."""
        self.gate.wait()
        return self._embed(text)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of questions; waits while the gate is closed."""
        self.gate.wait()
        return np.stack([self._embed(text) for text in texts])

    def reads(self, text: str) -> float:
        """All of it: a word is a word."""
        return 1.0

    def _embed(self, text: str) -> NDArray[np.float32]:
        total = np.full(self.dimension, 1e-3)
        for word in words(text):
            digest = hashlib.sha256(stem(word).encode()).digest()
            total += np.random.default_rng(int.from_bytes(digest[:8])).normal(size=self.dimension)
        vector: NDArray[np.float32] = (total / np.linalg.norm(total)).astype(np.float32)
        return vector
