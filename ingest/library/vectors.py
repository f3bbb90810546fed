"""The dense index: vectors of passages in Chroma, embedded or on a server.

Chroma is given vectors and ids and asked for the nearest. It computes no embedding, holds
no text, and what it finds is confirmed by the catalog.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from ingest.errors import IndexUnavailable, SettingsError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.types import Where
    from chromadb.config import Settings

_PAGE = 2_000  # records read at once
# Chroma 1.5.9 may hang for ever, or stop answering, when the disk fills up under it
_LEAST_FREE = 64_000_000


class Chroma:
    """Chroma, inside this process or on a server, opened on first need: it takes a while.

    Every method raises `IndexUnavailable` when Chroma fails.

    Args:
        connect: gives its client; `embedded` or `served` with where it is.
        folder: where it keeps its files; None where a server does.
    """

    def __init__(self, connect: Callable[[], ClientAPI], folder: Path | None = None) -> None:
        self._connect = connect
        self._folder = folder
        self._opening = Lock()
        self._client: ClientAPI | None = None

    def vectors(self, collection: str) -> Vectors:
        """The vectors in a collection; it is made where it is missing."""
        return Vectors(self._opened(), collection, self._folder)

    def collections(self) -> set[str]:
        """The names of all collections."""
        client = self._opened()
        with _wrapped("list its collections"):
            return {collection.name for collection in client.list_collections()}

    def forget(self, collection: str) -> None:
        """Delete a collection, if there is one."""
        if collection in self.collections():
            with _wrapped("delete a collection"):
                self._opened().delete_collection(collection)

    def set_aside(self) -> Path | None:
        """Move the folder out of the way where it cannot be used, so that a new one is made.

        Returns:
            Where it lies now; None where Chroma can be used.
        """
        try:
            self.collections()
        except IndexUnavailable:
            if self._folder is None:
                raise
        else:
            return None
        self.close()
        self._client = None
        aside = self._folder.with_name(f"{self._folder.name}-damaged-{uuid.uuid4().hex[:8]}")
        with _wrapped("move its folder"):
            self._folder.rename(aside)
        return aside

    def close(self) -> None:
        """Let go of Chroma's files or connections; nothing may be asked afterwards."""
        if self._client is None:
            return
        with _wrapped("close"):
            self._client.close()  # type: ignore[attr-defined]  # its interface leaves it out
            # Chroma 1.5.9 leaves the connections of its HTTP clients open
            for client in (self._client, getattr(self._client, "_admin_client", None)):
                session = getattr(getattr(client, "_server", None), "_session", None)
                if session is not None:
                    session.close()

    def _opened(self) -> ClientAPI:
        with self._opening:
            if self._client is None:
                self._client = self._connect()
            return self._client


class Vectors:
    """The vectors of the passages in one collection.

    Every method raises `IndexUnavailable` when Chroma fails.

    Args:
        client: from `embedded` or `served`.
        collection: name of the collection; made where it is missing.
        folder: where Chroma keeps its files; None where a server does.
    """

    def __init__(self, client: ClientAPI, collection: str, folder: Path | None = None) -> None:
        self._folder = folder
        with _wrapped("open"):
            self._batch = client.get_max_batch_size()
            self._collection = client.get_or_create_collection(
                collection,
                configuration={"hnsw": {"space": "cosine"}},
                embedding_function=None,
            )

    def count(self) -> int:
        """How many vectors the index holds, superseded ones included."""
        with _wrapped("count"):
            return self._collection.count()

    def add(
        self, passage_ids: Sequence[str], reports: Sequence[str], vectors: NDArray[np.float32]
    ) -> None:
        """Add the vectors of passages; a passage that is there already stays as it is.

        Args:
            passage_ids: n ids, none twice.
            reports: the report of each.
            vectors: n rows, one per id, in the embedder's dimension.

        Raises:
            IndexUnavailable: also where the disk is so full that Chroma is not to be trusted.
        """
        for start in range(0, len(passage_ids), self._batch):
            end = start + self._batch
            self._see_room()
            with _wrapped("write"):
                self._collection.add(
                    ids=list(passage_ids[start:end]),
                    embeddings=vectors[start:end],
                    metadatas=[{"report": report} for report in reports[start:end]],
                )

    def remove(self, passage_ids: Sequence[str]) -> None:
        """Remove the vectors of passages; ids of none are passed over."""
        for start in range(0, len(passage_ids), self._batch):
            self._see_room()
            with _wrapped("delete"):
                self._collection.delete(ids=list(passage_ids[start : start + self._batch]))

    def _see_room(self) -> None:
        if self._folder is None:
            return
        free = shutil.disk_usage(self._folder).free
        if free < _LEAST_FREE:
            raise IndexUnavailable(
                f"the disk of {self._folder} is full: {free / 1e6:.0f} MB are free, and Chroma "
                f"needs {_LEAST_FREE / 1e6:.0f} MB to write safely; free some, then try again"
            )

    def ids(self) -> set[str]:
        """The ids of every passage that the index holds."""
        found: set[str] = set()
        while True:
            with _wrapped("read"):
                page = self._collection.get(limit=_PAGE, offset=len(found), include=[])["ids"]
            found.update(page)
            if len(page) < _PAGE:
                return found

    def of(self, passage_ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors of passages by their ids, each one row; those it lacks are left out."""
        found: dict[str, NDArray[np.float32]] = {}
        for start in range(0, len(passage_ids), _PAGE):
            with _wrapped("read"):
                page = self._collection.get(
                    ids=list(passage_ids[start : start + _PAGE]), include=["embeddings"]
                )
            rows = page["embeddings"]
            for passage_id, row in zip(page["ids"], [] if rows is None else rows, strict=True):
                found[passage_id] = np.asarray(row, dtype=np.float32)
        return found

    def nearest(
        self, vector: NDArray[np.float32], limit: int, reports: Sequence[str] | None
    ) -> list[tuple[str, float]]:
        """The passages nearest to a vector.

        Args:
            vector: one row in the embedder's dimension.
            limit: how many at most.
            reports: only passages of these reports; None for all.

        Returns:
            Passage ids with their cosine similarity (-1 to 1), most similar first.
        """
        if reports is not None and not reports:
            return []
        with _wrapped("search"):
            among = cast("Where", {"report": {"$in": list(reports)}}) if reports else None
            found = self._collection.query(
                query_embeddings=vector[np.newaxis],
                n_results=limit,
                where=among,
                include=["distances"],
            )
        distances = found["distances"] or [[]]
        return [
            # Chroma's cosine distance is 1 - cosine similarity
            (passage_id, 1.0 - distance)
            for passage_id, distance in zip(found["ids"][0], distances[0], strict=True)
        ]


def embedded(folder: Path) -> ClientAPI:
    """Chroma inside this process, which must own the library.

    Raises:
        IndexUnavailable: the folder cannot be opened.
    """
    # imported here: it takes a second that a run without Chroma need not wait for
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient

    with _wrapped("open"):
        try:
            return chromadb.PersistentClient(str(folder), settings=_quiet())
        except BaseException:
            # Chroma 1.5.9 keeps what it could not start, and gives it to whoever asks next
            SharedSystemClient._identifier_to_system.pop(str(folder), None)  # noqa: SLF001
            raise


def served(url: str) -> ClientAPI:
    """Chroma as a server of its own.

    Args:
        url: such as "http://chroma:8000".

    Raises:
        SettingsError: the URL is none.
        IndexUnavailable: nobody answers there.
    """
    import chromadb

    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsError(f"CHROMA_URL is {url!r}; write it like http://chroma:8000")
    secure = parts.scheme == "https"
    with _wrapped(f"reach the server at {url}"):
        return chromadb.HttpClient(
            host=parts.hostname,
            port=parts.port or (443 if secure else 8000),
            ssl=secure,
            settings=_quiet(),
        )


def _quiet() -> Settings:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


@contextmanager
def _wrapped(doing: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise IndexUnavailable(
            f"Chroma could not {doing} ({type(error).__name__}: {error}); "
            "see that its folder is writable and its disk not full, or its server running, then "
            "try again"
        ) from error
