"""One run of ingestion: skip the unchanged, replace the changed, drop the vanished."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import structlog
from numpy.typing import NDArray

from ingest.chunk import CHUNKING, chunk
from ingest.describe import describe
from ingest.errors import FootnoteError, RunStopped, SourceError
from ingest.library.library import Library, Writing, content_hash_of
from ingest.library.runs import Wish
from ingest.parse.dispatch import parse
from ingest.records import IngestRun, Outcome, Passage, Report, Row, Source
from ingest.sources import folder

_log = structlog.get_logger(__name__)
_AT_ONCE = 64  # passages embedded between two looks at whether to stop

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
            stopped: asked before each source, and while a long one is embedded, whether to
                break off.

        Returns:
            What became of every source.

        Raises:
            SourceError: a path is missing and the wish does not force it, cannot be looked
                at, or is to be dropped and was never ingested.
            RunStopped: broken off; what was done stays done.
            LibraryError: the library cannot be written.
            EmbedderError: the embedder cannot be loaded.
        """
        began = time.monotonic()
        paths = [Path(path) for path in wish.paths]
        if wish.drop:
            rows = self._drop_all(paths)
            return IngestRun(tuple(rows), (), "", round(time.monotonic() - began, 3))
        missing = [path for path in paths if not _is_there(path)]
        if missing and not wish.force:
            raise SourceError(
                f"{missing[0]} is not there; nothing was changed. Check the path; if its reports "
                "are to be dropped, say so with --prune --force"
            )
        found = folder.sources([path for path in paths if path not in missing])
        known = self._origins(paths)
        there = {source.uri for source in found}
        gone = {uri: name for uri, name in known.items() if uri not in there}
        rows = []
        failed: set[str] = set()

        def each(sources: Iterable[Source]) -> Iterator[Source]:
            for source in sources:
                if stopped():
                    raise RunStopped(
                        f"stopped after {len(rows)} of {len(found)} files; run it again to go on"
                    )
                progress(len(rows), len(found), source.name)
                yield source

        # what the library knows is settled first: a report that was moved is found at its new
        # address before another one that was put at its old address can pass for its revision
        unknown: list[Source] = []
        for write, sources in ((False, found), (True, unknown)):
            for source in each(sources):
                row = self._take(source, gone, stopped, write=write)
                if row is None:
                    unknown.append(source)
                    continue
                rows.append(row)
                if row.outcome is Outcome.FAILED:
                    failed.add(source.uri)
        progress(len(rows), len(found), "")
        self._forgive(paths, there, failed)
        refused = ""
        if gone and wish.prune:
            if 2 * len(gone) > len(known) and not wish.force:
                refused = (
                    f"{len(gone)} of {len(known)} reports are gone from {', '.join(wish.paths)}; "
                    "that is more than half, so they were kept. To drop them: --prune --force"
                )
            else:
                rows.extend(self._drop(gone))
                gone = {}
        return IngestRun(
            tuple(rows), tuple(gone.values()), refused, round(time.monotonic() - began, 3)
        )

    def _origins(self, paths: Iterable[Path]) -> dict[str, str]:
        """Addresses under the paths that the library reads reports from, with their names."""
        roots = [folder.uri_of(path) for path in paths]
        return {
            origin: name
            for root in roots
            for origin, name in self._library.catalog.origins_under(root).items()
            if _is_under(origin, [root])
        }

    def _drop_all(self, paths: Sequence[Path]) -> list[Row]:
        """Drop what was read from under the paths, and forget what could not be."""
        rows = self._drop(self._origins(paths))
        if not rows:
            raise SourceError(
                f"the library holds no report from {', '.join(map(str, paths))}; nothing was "
                "changed. Check the path"
            )
        self._forgive(paths, set(), set())
        return rows

    def _drop(self, gone: Mapping[str, str]) -> list[Row]:
        for uri in gone:
            self._library.catalog.remove_origin(uri)
        return [Row(name, Outcome.DROPPED) for name in gone.values()]

    def _forgive(self, paths: Iterable[Path], there: set[str], failed: set[str]) -> None:
        """Forget failures that are mended, or whose source under the paths is gone."""
        roots = [folder.uri_of(path) for path in paths]
        self._library.catalog.forgive(
            [
                failure.uri
                for failure in self._library.catalog.failures()
                if failure.uri not in failed
                and (failure.uri in there or _is_under(failure.uri, roots))
            ]
        )

    def _take(
        self,
        source: Source,
        gone: dict[str, str],
        stopped: Callable[[], bool],
        *,
        write: bool,
    ) -> Row | None:
        """The row of a source; None of one the library does not know, unless it may `write` it."""
        try:
            content = folder.read(source, self._largest)
            row = self._known(source, content, gone)
            return self._write(source, content, stopped) if row is None and write else row
        except SourceError as error:
            reason = str(error)
        except FootnoteError:
            raise
        except Exception as error:  # noqa: BLE001 (one report must not cost the others, whatever it sets off)
            _log.exception("a report set off a fault of Footnote", report=source.name)
            reason = (
                f"{source.name} could not be taken, which is a fault of Footnote "
                f"({type(error).__name__}: {error}); save it anew or in another format"
            )
        self._library.catalog.fail(source, reason)
        return Row(source.name, Outcome.FAILED, reason)

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
        moved = next((report for report in same if not self._stands(report)), None)
        if moved is not None:
            catalog.move_origin(moved.uri, source)
            gone.pop(moved.uri, None)
            return Row(source.name, Outcome.RENAMED, f"was {moved.name}")
        catalog.add_origin(source, same[0].id)
        return Row(source.name, Outcome.UNCHANGED, f"a copy of {same[0].name}")

    def _stands(self, report: Report) -> bool:
        """Whether a report's content stands where it was last read."""
        try:
            content = folder.read(Source(report.uri, report.name, report.shelf), self._largest)
        except SourceError:
            return False
        return content_hash_of(content) == report.content_hash

    def _write(self, source: Source, content: bytes, stopped: Callable[[], bool]) -> Row:
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
        vectors = self._embed(source, unwritten, stopped)
        library.put(report_id, source, content, parsed, description, passages, unwritten, vectors)
        outcome = Outcome.CHANGED if before else Outcome.ADDED
        return Row(source.name, outcome, passages=len(unwritten))

    def _embed(
        self, source: Source, passages: Sequence[Passage], stopped: Callable[[], bool]
    ) -> NDArray[np.float32]:
        texts = [passage.embedded for passage in passages]
        vectors = [self._embedder.embed_passages(texts[:_AT_ONCE])]
        for start in range(_AT_ONCE, len(texts), _AT_ONCE):
            if stopped():
                raise RunStopped(f"stopped in the middle of {source.name}; run it again to go on")
            vectors.append(self._embedder.embed_passages(texts[start : start + _AT_ONCE]))
        return np.concatenate(vectors)

    def _revised(self, source: Source) -> Report | None:
        """The report whose next version this source is; None where it begins a report.

        A report that is read from a second address too keeps its version there, so that a
        change at one of them begins a report of its own.
        """
        catalog = self._library.catalog
        here = catalog.report_at(source.uri)
        return here if here and catalog.origins_of(here.id) == [source.uri] else None


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        # what cannot be seen must not seem to have vanished
        raise SourceError(
            f"{path} cannot be looked at ({error.strerror}); check the path and its permissions"
        ) from error


def _is_under(uri: str, roots: Iterable[str]) -> bool:
    return any(uri == root or uri.startswith(f"{root.rstrip('/')}/") for root in roots)
