"""One run of ingestion: skip the unchanged, replace the changed, drop the vanished."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.chunk import CHUNKING, chunk
from ingest.describe import describe
from ingest.errors import RunStopped, SourceError
from ingest.library.library import Library, Writing, content_hash_of
from ingest.library.runs import Wish
from ingest.parse.dispatch import parse
from ingest.records import IngestRun, Outcome, Report, Row, Source
from ingest.sources import folder

Progress = Callable[[int, int, str], None]
"""Told how many sources are done, how many there are, and which one is next."""


class EmbedsPassages(Protocol):
    """What ingestion needs of an embedder."""

    @property
    def identity(self) -> str:
        """The model's name with what tells its weights apart."""
        ...

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        ...

    @property
    def window(self) -> int:
        """How many tokens the model reads."""
        ...

    def count_tokens(self, text: str) -> int:
        """How many tokens a text is."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text."""
        ...


class Pipeline:
    """Takes reports from where they lie into a library.

    One run at a time, in one thread, by the library's owner.

    Args:
        library: what is filled.
        embedder: makes the vectors.
        largest: size in bytes above which a file is not read.
    """

    def __init__(self, library: Library, embedder: EmbedsPassages, largest: int) -> None:
        self._library = library
        self._embedder = embedder
        self._largest = largest

    def run(self, wish: Wish, progress: Progress, stopped: Callable[[], bool]) -> IngestRun:
        """Do what is wished.

        A source that cannot be ingested costs only itself: it is a row with its reason, and
        a version of it that is in the library stays.

        Args:
            wish: which paths, and whether to drop what is gone.
            progress: told before each source.
            stopped: asked before each source whether to break off.

        Returns:
            What became of every source.

        Raises:
            SourceError: a path is missing and the wish does not force it.
            RunStopped: broken off; what was done stays done.
            LibraryError: the library cannot be written.
            EmbedderError: the embedder cannot be loaded.
        """
        began = time.monotonic()
        paths = [Path(path) for path in wish.paths]
        if wish.drop:
            rows = self._drop(self._gone(paths, []))
            return IngestRun(tuple(rows), (), "", round(time.monotonic() - began, 3))
        missing = [path for path in paths if not path.exists()]
        if missing and not wish.force:
            raise SourceError(
                f"{missing[0]} is not there; nothing was changed. If its reports are to be "
                "dropped, say so with --prune --force"
            )
        found = folder.sources([path for path in paths if path not in missing])
        gone = self._gone(paths, found)
        before = len(gone) + len(found)
        rows = []
        for source in found:
            if stopped():
                raise RunStopped(f"stopped after {len(rows)} of {len(found)} files")
            progress(len(rows), len(found), source.name)
            rows.append(self._take(source, gone))
        progress(len(rows), len(found), "")
        self._forgive(paths, {row.name for row in rows if row.outcome is Outcome.FAILED})
        refused = ""
        if gone and wish.prune:
            if 2 * len(gone) > before and not wish.force:
                refused = (
                    f"{len(gone)} of {before} reports are gone from {', '.join(wish.paths)}; that "
                    "is more than half, so they were kept. To drop them: --prune --force"
                )
            else:
                rows.extend(self._drop(gone))
                gone = {}
        return IngestRun(
            tuple(rows), tuple(gone.values()), refused, round(time.monotonic() - began, 3)
        )

    def _gone(self, paths: Iterable[Path], found: Iterable[Source]) -> dict[str, str]:
        """Addresses under the paths that the library read before and that are not there now."""
        there = {source.uri for source in found}
        known: dict[str, str] = {}
        for path in paths:
            uri = folder.uri_of(path)
            known |= {
                origin: name
                for origin, name in self._library.catalog.origins_under(uri).items()
                if origin == uri or origin.startswith(f"{uri.rstrip('/')}/")
            }
        return {uri: name for uri, name in known.items() if uri not in there}

    def _drop(self, gone: Mapping[str, str]) -> list[Row]:
        for uri in gone:
            self._library.catalog.remove_origin(uri)
        return [Row(name, Outcome.DROPPED) for name in gone.values()]

    def _forgive(self, paths: Iterable[Path], failed: set[str]) -> None:
        """Forget failures of files under the paths that are mended or gone."""
        roots = [folder.uri_of(path) for path in paths]
        self._library.catalog.forgive(
            [
                failure.uri
                for failure in self._library.catalog.failures()
                if failure.name not in failed
                and any(failure.uri == r or failure.uri.startswith(f"{r}/") for r in roots)
            ]
        )

    def _take(self, source: Source, gone: dict[str, str]) -> Row:
        try:
            content = folder.read(source, self._largest)
            return self._known(source, content, gone) or self._write(source, content)
        except SourceError as error:
            self._library.catalog.fail(source, str(error))
            return Row(source.name, Outcome.FAILED, str(error))

    def _known(self, source: Source, content: bytes, gone: dict[str, str]) -> Row | None:
        """The row of a source whose content the library holds; None of any other."""
        catalog = self._library.catalog
        same = catalog.reports_with(content_hash_of(content))
        if not same:
            return None
        here = next((report for report in same if report.uri == source.uri), None)
        if here is not None:
            if (here.name, here.shelf) != (source.name, source.shelf):
                catalog.add_origin(source, here.id)
            return Row(source.name, Outcome.UNCHANGED)
        moved = next((r for r in same if r.uri in gone or not folder.exists(r.uri)), None)
        if moved is not None:
            catalog.move_origin(moved.uri, source)
            gone.pop(moved.uri, None)
            return Row(source.name, Outcome.RENAMED, f"was {moved.name}")
        catalog.add_origin(source, same[0].id)
        return Row(source.name, Outcome.UNCHANGED, f"a copy of {same[0].name}")

    def _write(self, source: Source, content: bytes) -> Row:
        """Parse, describe, chunk, embed and put one report."""
        library, embedder = self._library, self._embedder
        parsed = parse(content, source.name)
        description = describe(parsed, source.name)
        content_hash = content_hash_of(content)
        before = self._revised(source)
        report_id = before.id if before else library.report_id_for(source, content_hash)
        library.bind(Writing(embedder.identity, embedder.dimension, CHUNKING))
        passages = chunk(parsed, description, report_id, embedder.count_tokens, embedder.window)
        unwritten = library.unwritten(passages)
        vectors = embedder.embed_passages([passage.embedded for passage in unwritten])
        library.put(report_id, source, content, parsed, description, passages, unwritten, vectors)
        outcome = Outcome.CHANGED if before else Outcome.ADDED
        return Row(source.name, outcome, passages=len(unwritten))

    def _revised(self, source: Source) -> Report | None:
        """The report whose next version this source is; None where it begins a report.

        A report that is read from a second address too keeps its version there, so that a
        change at one of them begins a report of its own.
        """
        catalog = self._library.catalog
        here = catalog.report_at(source.uri)
        return here if here and catalog.origins_of(here.id) == [source.uri] else None
