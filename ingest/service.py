"""The owner's work: take runs from the queue, and follow folders as files come and go.

Everything that is ingested goes through the queue, whoever asked for it: a command beside
a running bot, the folder that is followed, the command that is itself the owner.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event, Thread

import structlog
import watchfiles

from ingest.errors import FootnoteError, RunStopped
from ingest.library.library import Library
from ingest.library.runs import QueuedRun, Wish
from ingest.pipeline import Pipeline
from ingest.records import Outcome
from ingest.sources import folder

_log = structlog.get_logger(__name__)
_GLANCE_SECONDS = 0.3  # how often the queue is looked at, and progress noted

_LOOK_UP_MILLISECONDS = 500  # how often a rest in the watch is used to see that all is there


class Service:
    """Ingestion in a process that owns the library.

    Args:
        library: the library owned.
        pipeline: does one run.
    """

    def __init__(self, library: Library, pipeline: Pipeline) -> None:
        self._library = library
        self._pipeline = pipeline
        self._stopping = Event()
        self._threads: list[Thread] = []

    def start(self, follow: Sequence[Path] = ()) -> int | None:
        """Begin to work the queue, and to follow folders, in threads of their own.

        Args:
            follow: folders whose files are ingested now and whenever they change, and
                whose reports are dropped when their files go.

        Returns:
            The id of the run that ingests the followed folders for the first time; None
            where none is followed.
        """
        self._library.runs.requeue_unfinished()
        first = None
        if follow:
            wish = Wish(tuple(str(path.resolve()) for path in follow), prune=True)
            first = self._library.runs.queue(wish)
            self._tell_of_others(wish)
            self._begin(self._follow, wish)
        self._begin(self._work)
        return first

    def stop(self) -> None:
        """Stop after the file being taken, and wait for that."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _begin(self, work: Callable[..., None], *arguments: object) -> None:
        thread = Thread(target=work, args=arguments, name=f"ingest-{len(self._threads)}")
        self._threads.append(thread)
        thread.start()

    def _tell_of_others(self, wish: Wish) -> None:
        """Say that the library answers from reports outside the followed folders too."""
        roots = tuple(f"{folder.uri_of(Path(path)).rstrip('/')}/" for path in wish.paths)
        uris = self._library.catalog.origins_under("")
        others = [uri for uri in uris if not uri.startswith(roots)]
        if others:
            _log.warning(
                "the library holds reports from outside the followed folder too",
                reports=len(others),
                one_of_them=others[0],
                to_leave_them_out="python -m ingest drop FOLDER",
            )

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                run = self._library.runs.take()
                if run is not None:
                    self._do(run)
                    continue
            except FootnoteError as error:
                _log.error("the queue of ingestion could not be worked", reason=str(error))
            self._stopping.wait(_GLANCE_SECONDS)

    def _do(self, run: QueuedRun) -> None:
        runs = self._library.runs
        noted = 0.0

        def progress(done: int, total: int, current: str) -> None:
            nonlocal noted
            if not current or time.monotonic() - noted > _GLANCE_SECONDS:
                noted = time.monotonic()
                runs.progress(run.id, done, total, current)

        try:
            result = self._pipeline.run(run.wish, progress, self._stopping.is_set)
        except RunStopped as error:
            runs.stop(run.id, str(error))
        except FootnoteError as error:
            runs.refuse(run.id, str(error))
            _log.error("ingestion refused", reason=str(error))
        except Exception as error:  # noqa: BLE001 (who waits must hear of it; the queue goes on)
            runs.refuse(run.id, f"ingestion broke off ({type(error).__name__}: {error})")
            _log.exception("ingestion broke off")
        else:
            runs.finish(run.id, result)
            counts = {str(o): result.count(o) for o in Outcome if result.count(o)}
            changed = set(counts) - {str(Outcome.UNCHANGED)}
            (_log.info if changed else _log.debug)("ingested", **counts, seconds=result.seconds)
            for row in result.rows:
                if row.outcome is Outcome.FAILED:
                    _log.warning("not ingested", report=row.name, reason=row.reason)
            if result.refused:
                _log.warning("not dropped", reason=result.refused)

    def _follow(self, wish: Wish) -> None:
        while not self._stopping.is_set():
            if not _all_there(wish):
                self._stopping.wait(_GLANCE_SECONDS)
                continue
            watched = False
            for changes in watchfiles.watch(
                *wish.paths,
                stop_event=self._stopping,
                rust_timeout=_LOOK_UP_MILLISECONDS,
                yield_on_timeout=True,
            ):
                # once when the watch stands too: a file may have come while it was set up
                if changes or not watched:
                    self._library.runs.queue(wish)
                watched = True
                if not _all_there(wish):
                    break


def _all_there(wish: Wish) -> bool:
    return all(Path(path).exists() for path in wish.paths)
