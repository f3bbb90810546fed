"""One run of ingestion: skip the unchanged, replace the changed, drop the vanished."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from ingest.errors import SourceError
from ingest.language.likeness import text_hash_of
from ingest.library.catalog import Catalog
from ingest.library.library import Library
from ingest.library.runs import Task, Wish
from ingest.records import (
    Event,
    Filter,
    IngestRun,
    Outcome,
    Row,
    Source,
    Told,
)
from ingest.sources import folder
from ingest.sources.listing import FolderEntry
from ingest.sources.online import Result
from ingest.sources.web import canonical, is_address
from ingest.taking import Engine, Progress, Seen, Stopped, Taking, source_at

_NOT_THERE = "the folder is not there; nothing of it was changed. Check the list of sources"


class Online(Protocol):
    """What gives the reports on the web that are due."""

    def __call__(self, catalog: Catalog, *, again: bool) -> Iterator[Result]:
        """Those of a library with a catalog, and what failed before if it is tried again."""
        ...


class Pipeline:
    """Takes reports from where they lie into a library.

    One run at a time, in one thread, by the library's owner.

    Args:
        library: what is filled.
        engine: parses, cuts and embeds.
        largest: size in bytes above which a file is not read.
        model: the setting by which the embedder is loaded; None where there is none.
        folders: of which the list of sources says something.
        online: gives what is due of the list's addresses and feeds, and notes that it was;
            None where nothing is fetched.
    """

    def __init__(
        self,
        library: Library,
        engine: Engine,
        largest: int,
        model: str | None = None,
        folders: Sequence[FolderEntry] = (),
        online: Online | None = None,
    ) -> None:
        self._library = library
        self._engine = engine
        self._largest = largest
        self._model = model
        self._folders = folders
        self._online = online

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
        if wish.task is Task.DESCRIBE:
            row = self._describe(wish, progress, stopped)
            return IngestRun((row,), (), "", round(time.monotonic() - began, 3))
        last = self._library.history.events(limit=1)
        if wish.task is Task.DROP:
            rows = self._drop_all(wish.paths)
            rows.extend(self._say_again(last, progress, stopped))
            return IngestRun(tuple(rows), (), "", round(time.monotonic() - began, 3))
        missing = [path for path in paths if not _is_there(path)]
        lacking: list[Row] = []
        if wish.task is Task.REFRESH and 0 < len(missing) < len(paths):
            # a folder of the list that is not there costs only itself, and its reports stay
            lacking = [Row(str(path), Outcome.FAILED, _NOT_THERE) for path in missing]
            paths = [path for path in paths if path not in missing]
        elif missing and not wish.force:
            raise SourceError(
                f"{missing[0]} is not there; nothing was changed. Check the path; if its reports "
                "are to be dropped, say so with --prune --force"
            )
        found = [
            self._listed(source)
            for source in folder.sources(
                [path for path in paths if path not in missing], root_of=self._root_of
            )
        ]
        known = self._seen(paths)
        there = {source.uri for source in found}
        gone = {uri: name for uri, (name, _, _) in known.items() if uri not in there}
        one_run = Taking(
            self._library, self._engine, self._largest, self._model, found, known, gone,
            progress, stopped,
        )  # fmt: skip
        rows, failed = one_run.take(patient=wish.patient)
        if wish.task is Task.REFRESH and self._online is not None:
            online = self._online(self._library.catalog, again=not wish.patient)
            rows.extend(one_run.take_online(online))
        self._forgive([folder.uri_of(path) for path in paths], there, failed)
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
        rows.extend(self._say_again(last, progress, stopped))
        rows.extend(lacking)
        return IngestRun(
            tuple(rows), tuple(gone.values()), refused, round(time.monotonic() - began, 3)
        )

    def _describe(self, wish: Wish, progress: Progress, stopped: Stopped) -> Row:
        """Keep what somebody says of a report, and describe it anew."""
        catalog = self._library.catalog
        report_id = wish.report or ""
        catalog.correct(report_id, wish.said)
        row = self._describe_live(report_id, progress, stopped)
        if row is None:
            raise SourceError(
                "the report is withdrawn; what was said of it is kept for when it is back"
            )
        return row

    def _describe_live(self, report_id: str, progress: Progress, stopped: Stopped) -> Row | None:
        """Describe a report anew by what is said of it now; None of one that is withdrawn."""
        found = self._library.reports(Filter(reports=frozenset({report_id})), 0, 1)
        standing = [each for each in self._library.catalog.standing_of(report_id) if each.live]
        if not found or not standing:
            return None
        source = source_at(standing[0])
        one_run = Taking(
            self._library, self._engine, self._largest, self._model, [source], {}, {}, progress,
            stopped,
        )  # fmt: skip
        return one_run.describe(found[0], source)

    def _say_again(
        self, last: Sequence[Event], progress: Progress, stopped: Stopped
    ) -> Iterator[Row]:
        """Describe anew what came back since some event as it was before people spoke of it.

        Where the newest of the places of a report goes, what an older one holds is live again.
        """
        since = last[0].id if last else 0
        changed = {event.report for event in self._library.history.events(after=since)}
        for report_id in sorted(changed & self._library.catalog.corrected()):
            row = self._describe_live(report_id, progress, stopped)
            if row is not None and row.outcome is Outcome.CHANGED:
                yield row

    def _root_of(self, path: Path) -> Path:
        """The folder by which the library knows what lies around a path; the path itself else.

        A folder inside one that was ingested keeps its names and its shelf, also where it is
        ingested by itself.
        """
        place = Path(os.path.realpath(path))
        for around in (place, *place.parents):
            known = self._library.catalog.one_below(folder.uri_of(around))
            root = folder.root_of(*known) if known is not None else None
            if root is not None and place.is_relative_to(root):
                return root
        return path

    def _listed(self, source: Source) -> Source:
        """A source with what the list of sources says of its folder; the nearest one counts."""
        around = [
            entry
            for entry in self._folders
            if source.uri.startswith(f"{folder.uri_of(entry.path).rstrip('/')}/")
        ]
        if not around:
            return source
        nearest = max(around, key=lambda entry: len(entry.path.parts))
        told = source.told
        seen = source.seen
        if nearest.publisher is not None:
            told = (*told, Told("sources.toml", {"publisher": nearest.publisher}))
            seen = seen and f"{seen} {text_hash_of(nearest.publisher)[:8]}"
        return replace(source, shelf=nearest.shelf or source.shelf, told=told, seen=seen)

    def _seen(self, paths: Iterable[Path]) -> Seen:
        """What the library reads from addresses under the paths."""
        return self._library.catalog.seen_under([folder.uri_of(path) for path in paths])

    def _drop_all(self, paths: Sequence[str]) -> list[Row]:
        """Drop what was read from under paths and addresses, and forget what could not be."""
        roots = [
            canonical(path) if is_address(path) else folder.uri_of(Path(path)) for path in paths
        ]
        seen = self._library.catalog.seen_under(roots)
        if not seen:
            raise SourceError(
                f"the library holds no report from {', '.join(paths)}; nothing was "
                "changed. Check the path"
            )
        rows = self._drop({uri: name for uri, (name, _, _) in seen.items()})
        self._forgive(roots, set(), set())
        return rows

    def _drop(self, gone: Mapping[str, str]) -> list[Row]:
        self._library.catalog.remove_origins(list(gone))
        return [Row(name, Outcome.DROPPED) for name in gone.values()]

    def _forgive(self, roots: Sequence[str], there: set[str], failed: set[str]) -> None:
        """Forget failures that are mended, or whose source under the roots is gone."""
        self._library.catalog.forgive(
            [
                failure.uri
                for failure in self._library.catalog.failures()
                if failure.uri not in failed
                and (failure.uri in there or _is_under(failure.uri, roots))
            ]
        )


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
