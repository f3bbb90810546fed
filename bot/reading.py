"""The index that answers, with the embedder that wrote it, whichever they are by now."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol

import structlog

from bot.research.researcher import Embeds, Reading
from ingest.chunk import CHUNKING
from ingest.embed import Embedder
from ingest.errors import IndexUnavailable, LibraryMismatch
from ingest.library.indexes import Index, IndexState, Writing
from ingest.library.library import Library
from ingest.library.search import Search
from ingest.records import Filter, Hit, Known, Look, Report
from ingest.stretches import Stretches

_log = structlog.get_logger(__name__)
_PAUSE_SECONDS = 30.0  # how long an embedder that could not be loaded is let be


class LoadedEmbedder(Embeds, Protocol):
    """What is needed of an embedder beside embedding: that it loads meanwhile, and what it is."""

    @property
    def identity(self) -> str:
        """The model's name with what tells its weights apart."""
        ...

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        ...

    def warm(self) -> Future[Any]:
        """Begin to load the model, without waiting for it; done once it is loaded."""
        ...

    def close(self) -> None:
        """End it, after what it was asked."""
        ...


@dataclass(slots=True)
class _Coming:
    """The embedder that the library was moved to, until questions go to it.

    Attributes:
        writing: of the index that it wrote.
        embedder: being loaded; None while none is.
        failure: why it could not be loaded, the last time.
        again_at: when to try again, by the monotonic clock.
    """

    writing: Writing
    embedder: LoadedEmbedder | None = None
    failure: BaseException | None = None
    again_at: float = 0.0


class CurrentReading:
    """Gives what a question is answered with.

    The library may be moved to another embedder while questions are asked: until that one is
    loaded, they go to the index before, as long as it is there.

    Args:
        library: the library.
        model: the embedder of the index that answers now, as it is loaded.
        make_embedder: gives the embedder of a name, not loaded yet.
        pause: seconds until an embedder that could not be loaded is tried again.
    """

    def __init__(
        self,
        library: Library,
        model: str,
        make_embedder: Callable[[str], LoadedEmbedder] = Embedder,
        pause: float = _PAUSE_SECONDS,
    ) -> None:
        self._library = library
        self._model = model
        self._make_embedder = make_embedder
        self._pause = pause
        self._embedder = make_embedder(model)
        self._coming: _Coming | None = None
        self._searcher: _Searcher | None = None
        self._changing = Lock()

    @property
    def identity(self) -> str:
        """What the embedder that questions go to is; known after `make_ready`."""
        return self._embedder.identity

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
            search.dense.count()
        index = self._library.bind(_writing_of(self._embedder, self._model))
        self._searcher = self._opened(index)

    def __call__(self) -> Reading:
        """What to search, and what to embed the question with; asked after `make_ready`.

        Raises:
            LibraryError: the catalog failed, or the library was moved to another embedder which
                is not there yet, and the index before is there no more.
            EmbedderError: likewise, since that embedder cannot be loaded.
        """
        with self._changing:
            standing = self._library.indexes.all(IndexState.LIVE, IndexState.RETIRED)
            for index in standing:
                if index.state is IndexState.LIVE:
                    self._turn_to(index)
            searcher = self._searcher
            if searcher is None or searcher.index.collection not in _collections(standing):
                if self._coming is not None and self._coming.failure is not None:
                    # raised many times: the calls that led to it before are not kept
                    raise self._coming.failure.with_traceback(None)
                raise _moving()
            return Reading(searcher, self._embedder)

    def close(self) -> None:
        """End the embedders' threads; no question may be under way."""
        self._embedder.close()
        if self._coming is not None and self._coming.embedder is not None:
            self._coming.embedder.close()

    def _turn_to(self, live: Index) -> None:
        """Go over to the index that answers, once the embedder that wrote it is loaded."""
        if self._searcher is not None and _is_alike(self._searcher.index.writing, live.writing):
            self._searcher = self._opened(live)
        elif (embedder := self._arrived(live.writing)) is not None:
            self._searcher = self._opened(live)
            # The one before is not closed: a question may still use it. Its thread ends when
            # nothing holds it any more, as every thread of a pool does.
            self._embedder = embedder
        else:
            return
        self._coming = None

    def _arrived(self, writing: Writing) -> LoadedEmbedder | None:
        """The embedder of a writing; None until it is loaded, which is begun here."""
        coming = self._coming
        if coming is None or coming.writing != writing:
            _log.info("the library was moved to another embedder", to=writing.embedder)
            coming = self._coming = _Coming(writing)
        if coming.embedder is None:
            if time.monotonic() < coming.again_at:
                return None
            coming.embedder = self._make_embedder(writing.model or self._model)
        loading = coming.embedder.warm()
        if not loading.done():
            return None
        failure = loading.exception() or _misfit(coming.embedder, writing)
        if failure is None:
            return coming.embedder
        if coming.failure is None:
            _log.error(
                "questions cannot go to the embedder that the library was moved to",
                to=writing.embedder,
                reason=str(failure),
                meanwhile="they go to the index before, while it is kept",
            )
        coming.failure = failure
        coming.again_at = time.monotonic() + self._pause
        coming.embedder.close()
        coming.embedder = None
        return None

    def _opened(self, index: Index) -> _Searcher:
        """An index that answers at this moment, with both its sides open.

        They are opened while it answers: opened later, what was deleted would be made anew.
        """
        search = self._library.searches.of(index)
        if self._searcher is not None and self._searcher.search is search:
            return self._searcher
        search.dense.count()
        return _Searcher(self._library, search, index)


class _Searcher:
    """An index that is searched as long as it is there.

    Args:
        library: knows whether it is.
        search: the index, open.
        index: as the catalog knew it when it was opened.
    """

    def __init__(self, library: Library, search: Search, index: Index) -> None:
        self.index = index
        self._library = library
        self.search = search

    def find(self, looks: Sequence[Look], wanted: Filter) -> list[list[Hit]]:
        """What is found for several looks at once; see `Search.find`."""
        return self._seen(lambda: self.search.find(looks, wanted))

    def reports(self, wanted: Filter, offset: int, limit: int) -> list[Report]:
        """Reports, newest first; see `Library.reports`."""
        return self._library.reports(wanted, offset, limit)

    def with_before(self, hit: Hit) -> Hit | None:
        """A passage and the one before it as one; see `Library.with_before`."""
        return self._library.with_before(hit)

    def stretches(self, passage_ids: Sequence[str]) -> Mapping[str, Stretches]:
        """The vectors of passages and of their sentences; see `Search.stretches`."""
        return self.search.stretches(passage_ids)

    def known(self, wanted: Filter) -> Known:
        """The names that the library holds; see `Library.known`."""
        return self._library.known(wanted)

    def _seen(self, search: Callable[[], list[list[Hit]]]) -> list[list[Hit]]:
        """What a search finds, if the index was there until its end.

        Of an index that is deleted the catalog confirms no passage: to find nothing in it
        would look like reports that do not say.
        """
        try:
            hits = search()
        except IndexUnavailable as error:
            if self.index.collection in _collections(self._library.indexes.all(IndexState.LIVE)):
                raise
            raise _moving() from error
        standing = self._library.indexes.all(IndexState.LIVE, IndexState.RETIRED)
        if self.index.collection not in _collections(standing):
            raise _moving()
        return hits


def _collections(indexes: list[Index]) -> set[str]:
    return {index.collection for index in indexes}


def _writing_of(embedder: LoadedEmbedder, model: str | None) -> Writing:
    return Writing(embedder.identity, embedder.dimension, CHUNKING, model)


def _is_alike(one: Writing, other: Writing) -> bool:
    """Whether what wrote an index can read the other; by what name it is loaded is the same."""
    return (one.embedder, one.dimension, one.chunking) == (
        other.embedder,
        other.dimension,
        other.chunking,
    )


def _misfit(embedder: LoadedEmbedder, writing: Writing) -> LibraryMismatch | None:
    """What is wrong where an embedder that was loaded is not the one that wrote an index."""
    loaded = _writing_of(embedder, writing.model)
    if _is_alike(loaded, writing):
        return None
    return LibraryMismatch(
        f"the library was moved to {writing.embedder} ({writing.dimension} numbers, "
        f"{writing.chunking}), but what is loaded as {writing.model} here is {loaded.embedder} "
        f"({loaded.dimension} numbers, {loaded.chunking}); let this process have the same "
        "model and the same Footnote as the library's owner, or restart it"
    )


def _moving() -> IndexUnavailable:
    return IndexUnavailable(
        "the library is being moved to another embedder, which is not loaded yet; ask again in "
        "a moment"
    )
