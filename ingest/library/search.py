"""Searching one index of the library: what it finds, the catalog confirms."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.errors import IndexUnavailable, LibraryError
from ingest.library.exact import ExactVectors
from ingest.library.indexes import Index
from ingest.library.stretches import StretchStore
from ingest.library.vectors import Chroma, Vectors
from ingest.library.view import View
from ingest.library.words import Words
from ingest.records import Filter, Hit, Look
from ingest.stretches import Stretches

_SPARE = 5  # of so many that are wanted, one more is asked for


class Dense(Protocol):
    """The dense side of an index, as it is searched."""

    def count(self) -> int:
        """How many vectors it holds, superseded ones included."""
        ...

    def nearest(
        self, vector: NDArray[np.float32], limit: int, reports: Sequence[str] | None
    ) -> list[tuple[str, float]]:
        """The passages nearest to a vector, of some reports or of all, with their cosine."""
        ...


class Search:
    """One index, both ways.

    Args:
        index: which.
        view: confirms what is found.
        dense: opens its dense side; called once, on first need, since Chroma takes a while.
        words: its lexical side.
        store: keeps the vectors of sentences and rows.
    """

    def __init__(
        self,
        index: Index,
        view: View,
        dense: Callable[[], Dense],
        words: Words,
        store: StretchStore,
    ) -> None:
        self.index = index
        self.words = words
        self._store = store
        self._view = view
        self._open_dense = dense
        self._dense: Dense | None = None

    @property
    def dense(self) -> Dense:
        """The dense side, as it is searched.

        Raises:
            IndexUnavailable: it cannot be opened.
        """
        if self._dense is None:
            self._dense = self._open_dense()
        return self._dense

    @property
    def vectors(self) -> Vectors:
        """The dense side, as it is written.

        Raises:
            IndexUnavailable: it cannot be opened.
            LibraryError: another process owns the library.
        """
        if not isinstance(self.dense, Vectors):
            raise _others()
        return self.dense

    def nearest(self, vector: NDArray[np.float32], wanted: Filter, limit: int) -> list[Hit]:
        """The passages nearest to a vector that a filter lets through.

        Args:
            vector: one row, of the embedder that wrote the index.
            wanted: which reports, and as of when.
            limit: how many at most.

        Returns:
            Hits scored by cosine similarity (-1 to 1), most similar first.

        Raises:
            LibraryError: an index or the catalog failed.
        """
        return self.find([Look(limit, vector=vector)], wanted)[0]

    def matching(self, text: str, wanted: Filter, limit: int) -> list[Hit]:
        """The passages that match a text's words best and that a filter lets through.

        Returns:
            Hits scored by BM25 (0 upwards), best first, `limit` of them at most.

        Raises:
            LibraryError: an index or the catalog failed.
        """
        return self.find([Look(limit, text=text)], wanted)[0]

    def find(self, looks: Sequence[Look], wanted: Filter) -> list[list[Hit]]:
        """Search for several things at once; the catalog confirms them all at one moment.

        Args:
            looks: what is looked for.
            wanted: which reports, and as of when.

        Returns:
            For each of the looks its hits, best first.

        Raises:
            LibraryError: an index or the catalog failed.
        """
        reports = self._view.report_ids(wanted)
        # some may be superseded; each that is found has to be confirmed
        most = [look.limit + look.limit // _SPARE + 1 for look in looks]
        found = [self._look(*each, reports) for each in zip(looks, most, strict=True)]
        while True:
            ids = {passage_id for each in found for passage_id, _ in each}
            confirmed = self._view.confirm(list(ids), wanted, self.index.id)
            short = [
                place
                for place, each in enumerate(found)
                if len(each) == most[place]
                and sum(passage_id in confirmed for passage_id, _ in each) < looks[place].limit
            ]
            if not short:
                break
            # an index holds superseded passages too; where they crowd out the others, it is
            # asked for more
            for place in short:
                most[place] *= 4
                found[place] = self._look(looks[place], most[place], reports)
        return [
            [
                Hit(*confirmed[passage_id], score)
                # of passages that score the same the order is the ids': an index made anew
                # would give them in another one
                for passage_id, score in sorted(each, key=lambda it: (-it[1], it[0]))
                if passage_id in confirmed
            ][: look.limit]
            for look, each in zip(looks, found, strict=True)
        ]

    def stretches(self, passage_ids: Sequence[str]) -> Mapping[str, Stretches]:
        """The vectors of passages, and of their sentences and rows, by the passages' ids.

        Those of which none are kept are left out.

        Raises:
            LibraryError: their file cannot be read.
        """
        return self._store.of(self.index.writing.embedder, passage_ids)

    def keep_stretches(self, passage_ids: Sequence[str], made: Sequence[Stretches]) -> None:
        """Keep the vectors of passages, and of their sentences and rows.

        Args:
            passage_ids: n ids.
            made: of each of them; none where none were made.

        Raises:
            LibraryError: their file cannot be written.
        """
        if made:
            self._store.keep(self.index.writing.embedder, passage_ids, made)

    def without_stretches(self, passage_ids: Sequence[str]) -> list[str]:
        """Those of the passages of whose sentences and rows no vectors are kept.

        Raises:
            LibraryError: their file cannot be read.
        """
        kept = self._store.ids(self.index.writing.embedder)
        return [passage_id for passage_id in passage_ids if passage_id not in kept]

    def _look(
        self, look: Look, most: int, reports: Sequence[str] | None
    ) -> list[tuple[str, float]]:
        """What an index finds, confirmed by nobody yet."""
        among = reports
        if look.reports is not None:
            among = sorted(look.reports if reports is None else look.reports & set(reports))
        if look.vector is not None:
            return self.dense.nearest(look.vector, most, among)
        return self.words.matching(look.text, most, among)


class Searches:
    """The indexes of one library, opened as they are needed.

    What changes one raises `LibraryError` where another process owns the library.

    Args:
        home: the library's folder.
        chroma: holds the dense sides; None where another process owns the library, beside which
            it is only searched.
        view: confirms what is found.
        store: keeps the vectors of passages, sentences and rows.
    """

    def __init__(self, home: Path, chroma: Chroma | None, view: View, store: StretchStore) -> None:
        self.store = store
        self._home = home
        self._chroma = chroma
        self._view = view
        self._open: dict[str, Search] = {}
        self._opening = Lock()

    def of(self, index: Index) -> Search:
        """The search of an index, the same one each time.

        Raises:
            IndexUnavailable: its words cannot be opened.
        """
        with self._opening:
            if index.collection not in self._open:
                folder = self._home / index.words
                if self._chroma is None and not folder.is_dir():
                    raise IndexUnavailable(
                        f"the lexical index in {folder} is not there; ask again in a moment, and "
                        "if it stays so run 'python -m ingest repair'"
                    )
                dense = partial(self._opened, index)
                words = Words(folder)
                self._open[index.collection] = Search(index, self._view, dense, words, self.store)
            return self._open[index.collection]

    def forget(self, index: Index) -> None:
        """Delete an index: its collection, and its folder of words.

        Raises:
            IndexUnavailable: one of them cannot be deleted.
        """
        with self._opening:
            self._open.pop(index.collection, None)
        self._owned().forget(index.collection)
        self._remove_folder(index.words)

    def strays(self, indexes: Sequence[Index]) -> list[str]:
        """The collections and folders of words of this library that none of its indexes names.

        Raises:
            IndexUnavailable: Chroma cannot be asked.
        """
        collections = {index.collection for index in indexes}
        folders = {index.words for index in indexes}
        mine = {name.rsplit("-", 1)[0] for name in collections if name.count("-") > 1}
        return sorted(
            [
                name
                for name in self._owned().collections() - collections
                if name.rsplit("-", 1)[0] in mine
            ]
            + [path.name for path in self._home.glob("words*") if path.name not in folders]
        )

    def remove_strays(self, indexes: Sequence[Index]) -> list[str]:
        """Delete what `strays` names; the names.

        Raises:
            IndexUnavailable: Chroma fails, or a folder cannot be deleted.
        """
        found = self.strays(indexes)
        for name in found:
            if name.startswith("words"):
                self._remove_folder(name)
            else:
                self._owned().forget(name)
        return found

    def set_aside(self) -> Path | None:
        """Move the folder of an embedded Chroma that cannot be used out of the way.

        Returns:
            Where it lies now; None where Chroma can be used.

        Raises:
            IndexUnavailable: it is a server, or the folder cannot be moved.
        """
        with self._opening:
            aside = self._owned().set_aside()
            if aside is not None:
                self._open.clear()
            return aside

    def close(self) -> None:
        """Let go of all of them; nothing may be asked afterwards."""
        if self._chroma is not None:
            self._chroma.close()
        self.store.close()

    def _opened(self, index: Index) -> Dense:
        """The dense side of an index."""
        if self._chroma is None:
            return ExactVectors(self.store, self._view, index)
        return self._chroma.vectors(index.collection)

    def _owned(self) -> Chroma:
        """What holds the dense sides, to be changed."""
        if self._chroma is None:
            raise _others()
        return self._chroma

    def _remove_folder(self, name: str) -> None:
        try:
            shutil.rmtree(self._home / name)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise IndexUnavailable(
                f"the folder {self._home / name} cannot be deleted ({error}); delete it by hand"
            ) from error


def _others() -> LibraryError:
    return LibraryError(
        "another process owns the library, beside which it is only asked; let that one change it, "
        "or stop it first"
    )
