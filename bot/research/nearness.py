"""How near stretches of passages are in meaning to what is asked.

The library keeps the vector of every sentence and row. What it does not keep (a report that was
taken in before it did, a row told otherwise than it stands) is embedded on the spot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray


class EmbedsSentences(Protocol):
    """What ranking needs of an embedder."""

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text."""
        ...


class Stretches(Protocol):
    """The vectors of one passage."""

    @property
    def whole(self) -> NDArray[np.float32]:
        """Of all of it, of length 1."""
        ...

    @property
    def spans(self) -> NDArray[np.int32]:
        """First and last offset in its text of each of n stretches, n rows."""
        ...

    @property
    def vectors(self) -> NDArray[np.float32]:
        """Of each of them, n rows of length 1."""
        ...


class Stretch(NamedTuple):
    """A stretch of a passage.

    Attributes:
        passage: id of the passage.
        start: offset in its text.
        end: offset behind its last character.
        said: what is embedded where no vector of it is kept.
    """

    passage: str
    start: int
    end: int
    said: str


class Nearness:
    """Cosine similarities to all that is asked.

    Args:
        asked: vectors of what is asked, a row each.
        kept: vectors of passages by their ids.
        embedder: embeds what is not kept.
    """

    def __init__(
        self,
        asked: NDArray[np.float32],
        kept: Mapping[str, Stretches],
        embedder: EmbedsSentences,
    ) -> None:
        self._asked = asked
        self._embedder = embedder
        self._kept = {
            (passage, int(start), int(end)): vector
            for passage, stretches in kept.items()
            for (start, end), vector in zip(stretches.spans, stretches.vectors, strict=True)
        }

    def __call__(self, stretches: Sequence[Stretch]) -> NDArray[np.float64]:
        """Return the similarity of each stretch to each thing that is asked.

        Args:
            stretches: n of them.

        Returns:
            A row for each thing that is asked, n columns, each from -1 to 1.

        Raises:
            EmbedderError: the embedder fails.
        """
        missing = list(dict.fromkeys(each.said for each in stretches if each[:3] not in self._kept))
        made = dict(zip(missing, self._embedder.embed_passages(missing), strict=True))
        vectors = [
            self._kept[each[:3]] if each[:3] in self._kept else made[each.said]
            for each in stretches
        ]
        similar: NDArray[np.float64] = (self._asked @ np.stack(vectors).T).astype(np.float64)
        return similar
