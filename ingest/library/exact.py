"""The passages nearest to a vector without Chroma, for who asks beside the library's owner.

Two processes on one embedded Chroma lose vectors, so that only the owner opens it. The vectors of
passages are kept a second time, beside those of their sentences (`ingest.library.stretches`),
where any process may read them; they are few enough to be compared with one by one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.errors import IndexUnavailable
from ingest.library.indexes import Index
from ingest.library.stretches import StretchStore
from ingest.library.view import View

UNKEPT = "stop its owner and ask again, or run 'python -m ingest repair', which makes them"
"""What to do where vectors are missing that an older Footnote did not keep."""


class ExactVectors:
    """The vectors of the passages in one index, in memory: four bytes a number.

    They are read when it is made; what is written afterwards is not among them.

    Args:
        store: keeps the vectors.
        view: knows which passages the index holds.
        index: the index.

    Raises:
        IndexUnavailable: passages of the index have no vector kept.
        LibraryError: the catalog or the vectors cannot be read.
    """

    def __init__(self, store: StretchStore, view: View, index: Index) -> None:
        writing = index.writing
        reports = view.placed(index.id)
        self._ids: list[str] = []
        matrix = np.empty((len(reports), writing.dimension), dtype=np.float32)
        for passage_ids, rows in store.wholes(writing.embedder, writing.dimension):
            places = [place for place, each in enumerate(passage_ids) if each in reports]
            begin = len(self._ids)
            matrix[begin : begin + len(places)] = _of_length_1(rows[places])
            self._ids += [passage_ids[place] for place in places]
        self._matrix = matrix[: len(self._ids)]
        lacking = reports.keys() - set(self._ids)
        # the owner may have swept some since the catalog was asked
        if lacking and (lacking := lacking & view.placed(index.id).keys()):
            raise IndexUnavailable(
                f"the vectors of {len(lacking)} of the library's {len(reports)} passages are kept "
                f"nowhere but in Chroma, which is its owner's: {UNKEPT}"
            )
        rows_of: dict[str, list[int]] = {}
        for row, passage_id in enumerate(self._ids):
            rows_of.setdefault(reports[passage_id], []).append(row)
        self._rows_of = {report: np.array(rows) for report, rows in rows_of.items()}

    def count(self) -> int:
        """How many vectors there are, those of superseded passages included."""
        return len(self._ids)

    def nearest(
        self, vector: NDArray[np.float32], limit: int, reports: Sequence[str] | None
    ) -> list[tuple[str, float]]:
        """The passages nearest to a vector, of all of them.

        Args:
            vector: one row in the embedder's dimension.
            limit: how many at most.
            reports: only passages of these reports; None for all.

        Returns:
            Passage ids with their cosine similarity (-1 to 1), most similar first.

        Raises:
            IndexUnavailable: the vector is of another dimension.
        """
        if vector.shape != self._matrix.shape[1:]:
            raise IndexUnavailable(
                f"a vector of {vector.size} numbers could not be searched for among vectors of "
                f"{self._matrix.shape[1]}; leave EMBEDDER as it was when the library was written"
            )
        rows = np.arange(len(self._ids)) if reports is None else self._rows(reports)
        scores: NDArray[np.float32] = (self._matrix @ _of_length_1(vector[np.newaxis])[0])[rows]
        if limit < len(rows):
            best = np.argpartition(-scores, limit - 1)[:limit]
            rows, scores = rows[best], scores[best]
        order = np.argsort(-scores, kind="stable")
        return [(self._ids[rows[place]], float(scores[place])) for place in order]

    def _rows(self, reports: Sequence[str]) -> NDArray[np.int64]:
        """Where the vectors of some reports' passages stand."""
        held = [self._rows_of[report] for report in set(reports) if report in self._rows_of]
        return np.sort(np.concatenate([np.empty(0, dtype=np.int64), *held]))


def _of_length_1(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    made: NDArray[np.float32] = rows / np.maximum(lengths, np.finfo(np.float32).tiny)
    return made
