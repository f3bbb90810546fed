"""The owner of a library: the one process that writes it, with all it needs for that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

import structlog

from ingest.archive import export_library
from ingest.embed import DEFAULT_MODEL, Embedder
from ingest.engine import Engine, Limits
from ingest.errors import SettingsError
from ingest.library.library import Library
from ingest.library.runs import Task, Wish
from ingest.pipeline import Online, Pipeline
from ingest.records import Findings, IngestRun
from ingest.refresh import due_now, fetched
from ingest.service import Service
from ingest.sources.guard import Guard, open_hosts
from ingest.sources.listing import Listing, read_listing
from ingest.sources.online import Web
from ingest.sources.web import Bounds, Fetcher
from ingest.taking import Progress, Stopped
from ingest.upkeep import Upkeep

_log = structlog.get_logger(__name__)
_MEGABYTE = 1_000_000


class Keeping(Protocol):
    """The settings by which a library is kept; see `ingest.settings` for what they mean."""

    @property
    def embedder(self) -> str | None:
        """The embedder that is set."""
        ...

    @property
    def largest_file_mb(self) -> int:
        """Size above which a file is not read."""
        ...

    @property
    def sources_file(self) -> Path:
        """The list of sources."""
        ...

    @property
    def fetch_open_hosts(self) -> str:
        """Hosts of one's own network that may be asked, comma-separated."""
        ...

    @property
    def parse_seconds(self) -> int:
        """Time after which a file is given up."""
        ...

    @property
    def parse_megabytes(self) -> int:
        """Memory above which a file is given up."""
        ...

    @property
    def keep_versions_days(self) -> int | None:
        """How long versions that ended are kept."""
        ...


class Tasks:
    """Does what is asked of the owner of a library.

    Args:
        library: the library owned.
        settings: what it is kept by.
    """

    def __init__(self, library: Library, settings: Keeping) -> None:
        self._library = library
        self._settings = settings
        self._engines: dict[str, Engine] = {}
        # one for all runs: it remembers when it asked each host last
        self._fetcher: Fetcher | None = None
        self._listing: Listing | None = None
        kept_days = settings.keep_versions_days
        kept_for = None if kept_days is None else timedelta(days=kept_days)
        self._upkeep = Upkeep(library, self._engine_for, kept_for)

    def do(self, wish: Wish, progress: Progress, stopped: Stopped) -> IngestRun | Findings:
        """Do one thing.

        Args:
            wish: what.
            progress: told how far it is.
            stopped: asked now and then whether to break off.

        Returns:
            What came of it.

        Raises:
            FootnoteError: it cannot be done; what was done stays done.
        """
        match wish.task:
            case Task.CHECK:
                return self._upkeep.check(progress, stopped)
            case Task.REPAIR:
                return self._upkeep.repair(progress, stopped)
            case Task.REBUILD:
                return self._upkeep.rebuild(progress, stopped)
            case Task.REEMBED:
                return self._upkeep.reembed(wish.model or DEFAULT_MODEL, progress, stopped)
            case Task.EXPORT:
                return export_library(self._library, Path(wish.paths[0]), progress, stopped)
            case Task.INGEST | Task.REFRESH | Task.DESCRIBE | Task.DROP:
                return self._ingest(wish, progress, stopped)

    def tidy(self, stopped: Stopped) -> None:
        """Put the library in order, as `Upkeep.tidy` does.

        Args:
            stopped: asked now and then whether to break off.

        Raises:
            FootnoteError: it cannot be done.
        """
        self._upkeep.tidy(stopped)

    def rest(self) -> None:
        """End the processes that work for it until they are needed again."""
        for engine in self._engines.values():
            engine.rest()

    def close(self) -> None:
        """End them for good."""
        for engine in self._engines.values():
            engine.close()

    def _ingest(self, wish: Wish, progress: Progress, stopped: Stopped) -> IngestRun:
        model = model_of(self._settings, self._library)
        largest = self._settings.largest_file_mb * _MEGABYTE
        listing = self._listing_for(wish)
        pipeline = Pipeline(
            self._library,
            self._engine_for(model),
            largest,
            model,
            listing.folders,
            self._online(listing),
        )
        return pipeline.run(wish, progress, stopped)

    def _listing_for(self, wish: Wish) -> Listing:
        """The list of sources; where it cannot be used, what it named the last time it could.

        A slip in it must not end the following of folders, nor move their reports to other
        shelves. Who asks for what it names learns of it.
        """
        try:
            self._listing = listing_of(self._settings)
        except SettingsError:
            if wish.task in (Task.DROP, Task.DESCRIBE):
                return self._listing or Listing(self._settings.sources_file.name)
            if wish.task is Task.REFRESH or self._listing is None:
                raise
        return self._listing

    def is_due(self) -> bool:
        """Tell whether it is time to fetch something that the list of sources names.

        Raises:
            FootnoteError: the list cannot be used, or the catalog failed.
        """
        return bool(due_now(listing_of(self._settings), self._library.catalog))

    def _online(self, listing: Listing) -> Online:
        if self._fetcher is None:
            named = self._settings.fetch_open_hosts.split(",")
            opened = open_hosts([host.strip() for host in named if host.strip()])
            bounds = Bounds(largest=self._settings.largest_file_mb * _MEGABYTE)
            self._fetcher = Fetcher(Guard(opened), bounds=bounds)
        return partial(fetched, listing, Web(self._fetcher, listing.name))

    def _engine_for(self, model: str | None) -> Engine:
        name = model or model_of(self._settings, self._library)
        if name not in self._engines:
            limits = Limits(self._settings.parse_seconds, self._settings.parse_megabytes)
            self._engines[name] = Engine(partial(Embedder, name), limits)
        return self._engines[name]


def followed(settings: Keeping, own: Path) -> list[Path]:
    """The folders that an owner follows: its own, and those of the list of sources that are there.

    Args:
        settings: name the list.
        own: the folder followed in any case.

    Raises:
        SettingsError: the list cannot be used.
    """
    listed = [entry.path for entry in listing_of(settings).folders]
    for path in listed:
        if not path.is_dir():
            _log.warning("a listed folder is not there and not followed", folder=str(path))
    return [own, *(path for path in listed if path.is_dir() and path != own.resolve())]


def listing_of(settings: Keeping) -> Listing:
    """What the list of sources names; nothing where there is no list.

    Raises:
        SettingsError: it cannot be used.
    """
    path = settings.sources_file
    return read_listing(path) if path.exists() else Listing(path.name)


def model_of(settings: Keeping, library: Library) -> str:
    """The embedder to load: the one that is set, else the library's own, else the one shipped.

    Raises:
        LibraryError: the catalog failed.
    """
    index = library.indexes.live()
    return settings.embedder or (index.writing.model if index else None) or DEFAULT_MODEL


@contextmanager
def working(library: Library, settings: Keeping) -> Iterator[Service]:
    """Work a library's queue for the length of a block, as its owner.

    Args:
        library: the library, which this process owns (`ingest.library.ownership`).
        settings: how it is kept.

    Yields:
        The service, not started yet; at the end it is stopped, and the processes that worked
        for it are ended.
    """
    tasks = Tasks(library, settings)
    service = Service(library, tasks.do, tasks.tidy, tasks.rest, tasks.is_due)
    with closing(tasks):
        try:
            yield service
        finally:
            service.stop()
