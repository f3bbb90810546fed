"""The vectors of sentences and rows, kept beside the library's indexes.

They make answers quick and are made at ingestion, but the owner needs none of them: what is
missing is embedded when it is asked for, and `repair` makes it anew. So they have a file of their
own, which may be deleted at any time. Who asks beside the owner does need the passages' own
(`ingest.library.exact`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Column, LargeBinary, MetaData, String, Table, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from ingest.library.database import open_database, reading, transaction
from ingest.library.rows import batches
from ingest.stretches import Stretches

metadata = MetaData()
_kept = Table(
    "stretches",
    metadata,
    Column("embedder", String, primary_key=True),
    Column("passage_id", String, primary_key=True),
    # pairs of offsets, four bytes each, little-endian
    Column("spans", LargeBinary, nullable=False),
    # the passage's vector and those of its stretches, two bytes a number, little-endian
    Column("vectors", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
_SPAN, _NUMBER = np.dtype("<i4"), np.dtype("<f2")
_PAGE = 2_000  # passages read at once


class StretchStore:
    """The vectors of sentences and rows of one library.

    Every method raises `LibraryError` when the database fails.

    Args:
        path: of its file; made where it is missing.
        reads_only: it is another process that keeps vectors there; the file must be there.
    """

    def __init__(self, path: Path, *, reads_only: bool = False) -> None:
        self._engine = open_database(path, metadata.create_all, reads_only=reads_only)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def keep(self, embedder: str, passage_ids: Sequence[str], made: Sequence[Stretches]) -> None:
        """Keep the vectors of passages; what is there already is replaced.

        Args:
            embedder: identity of the one that made them.
            passage_ids: n ids.
            made: of each of them.
        """
        rows = [
            {
                "embedder": embedder,
                "passage_id": passage_id,
                "spans": each.spans.astype(_SPAN).tobytes(),
                "vectors": np.vstack([each.whole, each.vectors]).astype(_NUMBER).tobytes(),
            }
            for passage_id, each in zip(passage_ids, made, strict=True)
        ]
        if rows:
            with transaction(self._engine) as connection:
                connection.execute(insert(_kept).prefix_with("OR REPLACE"), rows)

    def of(self, embedder: str, passage_ids: Sequence[str]) -> Mapping[str, Stretches]:
        """The vectors of passages by their ids; those that are not kept are left out."""
        found = {}
        with reading(self._engine) as connection:
            for some in batches(passage_ids):
                query = select(_kept.c.passage_id, _kept.c.spans, _kept.c.vectors).where(
                    _kept.c.embedder == embedder, _kept.c.passage_id.in_(some)
                )
                for passage_id, spans, vectors in connection.execute(query):
                    offsets = np.frombuffer(spans, _SPAN).reshape(-1, 2).astype(np.int32)
                    rows = np.frombuffer(vectors, _NUMBER).astype(np.float32)
                    rows = rows.reshape(len(offsets) + 1, -1)
                    found[passage_id] = Stretches(rows[0], offsets, rows[1:])
        return found

    def wholes(
        self, embedder: str, dimension: int
    ) -> Iterator[tuple[list[str], NDArray[np.float32]]]:
        """The vectors of all passages as wholes, without those of their sentences and rows.

        Args:
            embedder: identity of the one that made them.
            dimension: of its vectors.

        Yields:
            Some passage ids, each id once in all and in order, and a row for each of them.
        """
        whole = func.substr(_kept.c.vectors, 1, dimension * _NUMBER.itemsize)
        query = select(_kept.c.passage_id, whole).where(_kept.c.embedder == embedder)
        with reading(self._engine) as connection:
            for page in connection.execute(query.order_by(_kept.c.passage_id)).partitions(_PAGE):
                rows = np.frombuffer(b"".join(row for _, row in page), _NUMBER)
                yield (
                    [passage_id for passage_id, _ in page],
                    rows.astype(np.float32).reshape(len(page), dimension),
                )

    def ids(self, embedder: str) -> set[str]:
        """The ids of all passages of which one embedder's vectors are kept."""
        with reading(self._engine) as connection:
            query = select(_kept.c.passage_id).where(_kept.c.embedder == embedder)
            return set(connection.scalars(query))

    def remove(self, passage_ids: Sequence[str]) -> None:
        """Forget passages, whoever made their vectors; ids of none are passed over."""
        with transaction(self._engine) as connection:
            for some in batches(passage_ids):
                connection.execute(delete(_kept).where(_kept.c.passage_id.in_(some)))

    def keep_only(self, embedders: Iterable[str]) -> None:
        """Forget the vectors of all other embedders."""
        with transaction(self._engine) as connection:
            connection.execute(delete(_kept).where(_kept.c.embedder.not_in(list(embedders))))
