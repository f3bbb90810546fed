"""The index that answers, with the embedder that wrote it, whichever they are by now."""

from __future__ import annotations

from threading import Lock

import structlog

from bot.research.researcher import Reading
from ingest.chunk import CHUNKING
from ingest.embed import Embedder
from ingest.library.indexes import Index, Writing
from ingest.library.library import Library

_log = structlog.get_logger(__name__)


class CurrentReading:
    """Gives what a question is answered with.

    The library may be moved to another embedder while questions are asked: until that one is
    loaded, they go to the index before.

    Args:
        library: the library.
        model: the embedder of the index that answers now, as it is loaded.
    """

    def __init__(self, library: Library, model: str) -> None:
        self._library = library
        self._model = model
        self._embedder = Embedder(model)
        self._next: Embedder | None = None
        self._index: Index | None = None
        self._changing = Lock()

    def warm(self) -> None:
        """Begin to load the embedder, without waiting for it."""
        self._embedder.warm()

    def make_ready(self) -> None:
        """Open Chroma while the model loads; refuse a library that another model wrote.

        Raises:
            LibraryMismatch: another model wrote it.
            LibraryError: the library cannot be opened.
            EmbedderError: the model cannot be loaded.
        """
        search = self._library.search()
        if search is not None:
            search.vectors.count()
        embedder = self._embedder
        writing = Writing(embedder.identity, embedder.dimension, CHUNKING, self._model)
        self._index = self._library.bind(writing)

    def __call__(self) -> Reading:
        """What to search, and what to embed the question with.

        Raises:
            LibraryError: the catalog failed.
            EmbedderError: the embedder that the library was moved to cannot be loaded.
        """
        live = self._library.indexes.live()
        with self._changing:
            if live is not None and live != self._index:
                self._change(live)
            searches, index = self._library.searches, self._index
            return Reading(searches.of(index) if index else self._library, self._embedder)

    def close(self) -> None:
        """End the embedder's thread."""
        self._embedder.close()
        if self._next is not None:
            self._next.close()

    def _change(self, live: Index) -> None:
        """Go over to another index, once its embedder is loaded."""
        if self._index is not None and live.writing.embedder != self._index.writing.embedder:
            if self._next is None:
                self._next = Embedder(live.writing.model or self._model)
                _log.info("the library was moved to another embedder", to=live.writing.embedder)
            if not self._next.warm().done():
                return
            self._embedder.close()
            self._embedder, self._next = self._next, None
        self._index = live
