"""The owner's work: take runs from the queue, and follow folders as files come and go.

Everything that changes the library goes through the queue, whoever asked for it: a command
beside a running bot, the folder that is followed, the command that is itself the owner.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import structlog
import watchfiles

from ingest.errors import FootnoteError, RunStopped
from ingest.formats import SUFFIXES
from ingest.library.library import Library
from ingest.library.runs import ENDED, QueuedRun, State, Task, Wish
from ingest.records import Findings, IngestRun, Outcome
from ingest.sources import folder
from ingest.taking import Progress, Stopped

_log = structlog.get_logger(__name__)
_GLANCE_SECONDS = 0.3  # how often the queue is looked at, and progress noted
_RECOVERY_SECONDS = 2.0  # how long to wait after a failure before the next attempt
_LOOK_UP_MILLISECONDS = 500  # how often a rest in the watch is used to see that all is there
_IDLE_SECONDS = 60.0  # how long the queue is empty before what works for it is sent to rest
_DUE_SECONDS = 30.0  # how often it is seen whether something of the list of sources is due
_TIDY_SECONDS = 3_600.0  # how often the library is tidied from then on
_LOOKING = frozenset({Task.CHECK, Task.EXPORT})  # these change nothing
_ONCE = frozenset({Task.DROP, Task.EXPORT})  # what these have done they refuse to do again


Work = Callable[[Wish, Progress, Stopped], IngestRun | Findings]
"""Does what is wished, tells its progress, and asks whether to break off."""


class Service:
    """The owner's work, in threads of their own.

    Args:
        library: the library owned.
        work: does one run.
        tidy: called at the end of each run that may have changed the library, and when there has
            been nothing to do for a while, then now and again; that it fails costs no run. It
            asks whether to break off.
        rest: called after it when there has been nothing to do for a while.
        is_due: asked now and again, while folders are followed, whether something of the list of
            sources is to be fetched.
    """

    def __init__(
        self,
        library: Library,
        work: Work,
        tidy: Callable[[Stopped], None] = lambda _: None,
        rest: Callable[[], None] = lambda: None,
        is_due: Callable[[], bool] = lambda: False,
    ) -> None:
        self._library = library
        self._work = work
        self._tidy = tidy
        self._rest = rest
        self._is_due = is_due
        self._stopping = Event()
        self._threads: list[Thread] = []
        # queued because of what is followed; one may be done while the next waits
        self._followed: deque[int] = deque(maxlen=2)
        self._refreshing: int | None = None  # the last run queued because something was due

    def start(self, follow: Sequence[Path] = (), last: int | None = None) -> int | None:
        """Begin to work the queue, and to follow folders, in threads of their own.

        Args:
            follow: folders whose files are ingested now and whenever they change, and
                whose reports are dropped when their files go.
            last: a run behind which none is begun: what comes after it is left in the queue.

        Returns:
            The id of the run that ingests the followed folders for the first time; None
            where none is followed.
        """
        self._library.runs.requeue_unfinished()
        first = None
        if follow:
            wish = Wish(tuple(str(path.resolve()) for path in follow), prune=True)
            first = self._library.runs.queue(wish)
            self._followed.append(first)
            self._tell_of_others(wish)
            # at first everything is tried again; later, what failed waits for its file to change
            self._begin(self._follow, replace(wish, patient=True))
            self._begin(self._keep_fresh)
        self._begin(self._work_queue, last)
        return first

    def stop(self) -> None:
        """Break off the run being done, and wait for that; what it took stays in the library.

        The run is left to the next owner, as whoever waits for it expects; one that only
        following asked for is taken out of the queue, since who follows next asks anew.
        """
        self._stopping.set()
        for thread in self._threads:
            thread.join()
        for run_id in (*self._followed, self._refreshing):
            if run_id in self._waiting():
                self._library.runs.cancel(run_id)

    def _begin(self, work: Callable[..., None], *arguments: object) -> None:
        thread = Thread(target=work, args=arguments, name=f"ingest-{len(self._threads)}")
        self._threads.append(thread)
        thread.start()

    def _tell_of_others(self, wish: Wish) -> None:
        """Say that the library answers from reports outside the followed folders too."""
        roots = tuple(f"{folder.uri_of(Path(path)).rstrip('/')}/" for path in wish.paths)
        uris = [each.uri for each in self._library.catalog.standing()]
        others = [uri for uri in uris if not uri.startswith(roots)]
        if others:
            _log.warning(
                "the library holds reports from outside the followed folder too",
                reports=len(others),
                one_of_them=others[0],
                to_leave_them_out="python -m ingest drop FOLDER",
            )

    def _work_queue(self, last: int | None) -> None:
        runs = self._library.runs
        in_doubt = False
        rests_at = time.monotonic() + _IDLE_SECONDS
        while not self._stopping.is_set():
            try:
                if in_doubt:
                    # the end of a run could not be noted: whoever waits for it must not wait
                    # for ever, and to do it again costs little
                    runs.requeue_unfinished()
                    in_doubt = False
                if last is not None and runs.run(last).state in ENDED:
                    return
                run = runs.take()
                if run is not None:
                    self._do(run)
                    rests_at = time.monotonic() + _IDLE_SECONDS
                    continue
                if time.monotonic() > rests_at:
                    self._tidy_up(self._stopping.is_set)
                    self._rest()
                    rests_at = time.monotonic() + _TIDY_SECONDS
                self._stopping.wait(_GLANCE_SECONDS)
            except FootnoteError as error:
                in_doubt = True
                _log.error("the queue of ingestion could not be worked", reason=str(error))
                self._stopping.wait(_RECOVERY_SECONDS)

    def _do(self, run: QueuedRun) -> None:
        runs = self._library.runs
        noted = looked = 0.0
        cancelled = False

        def progress(done: int, total: int, current: str) -> None:
            nonlocal noted
            if not current or time.monotonic() - noted > _GLANCE_SECONDS:
                noted = time.monotonic()
                runs.progress(run.id, done, total, current)

        def stopped() -> bool:
            nonlocal looked, cancelled
            if time.monotonic() - looked > _GLANCE_SECONDS:
                looked = time.monotonic()
                cancelled = runs.is_cancelled(run.id)
            return cancelled or self._stopping.is_set()

        try:
            result = self._work(run.wish, progress, stopped)
        except RunStopped as error:
            runs.stop(run.id, str(error))
        except FootnoteError as error:
            runs.refuse(run.id, f"{error}{_in_doubt(run)}")
            # a warning: a command that waits for the run says it itself
            _log.warning("refused", task=str(run.wish.task), reason=str(error))
        except BaseException as error:  # noqa: BLE001 (who waits must hear of it, a panic of Rust code included)
            runs.refuse(run.id, f"it broke off ({type(error).__name__}: {error})")
            _log.exception("broke off", task=str(run.wish.task))
        else:
            if run.wish.task not in _LOOKING:
                self._tidy_up(stopped)
            runs.finish(run.id, result)
            _tell_of(result)

    def _tidy_up(self, stopped: Stopped) -> None:
        """Tidy the library; what was asked for is done, whether that can be or not."""
        try:
            self._tidy(stopped)
        except RunStopped:
            pass  # the next time goes on there
        except FootnoteError as error:
            _log.error("the library could not be tidied", reason=str(error))
        except BaseException:  # noqa: BLE001 (the queue must be worked on, after a panic of Rust code too)
            _log.exception("the library could not be tidied")

    def _follow(self, wish: Wish) -> None:
        """Queue a run whenever something changes under the paths."""
        while not self._stopping.is_set():
            try:
                self._watch(wish)
                self._stopping.wait(_GLANCE_SECONDS)
            except (FootnoteError, OSError, RuntimeError) as error:
                _log.error(
                    "the folder cannot be followed; changes in it are not seen",
                    paths=wish.paths,
                    reason=str(error),
                )
                self._stopping.wait(_RECOVERY_SECONDS)

    def _watch(self, wish: Wish) -> None:
        """Follow the folders that stand at the paths, until one is gone or another in its place."""
        watched = _identities(wish)
        if None in watched:
            return
        stands = False
        for changes in watchfiles.watch(
            *wish.paths,
            watch_filter=lambda _, path: may_concern_reports(path, wish.paths),
            stop_event=self._stopping,
            rust_timeout=_LOOK_UP_MILLISECONDS,
            yield_on_timeout=True,
        ):
            # once when the watch stands too: a file may have come while it was set up
            if changes or not stands:
                self._queue_once(wish)
            stands = True
            # a folder that is made anew may look like the old one and is not watched
            made_anew = any(path in wish.paths for _, path in changes)
            if made_anew or _identities(wish) != watched:
                break

    def _keep_fresh(self) -> None:
        """Queue a run whenever something of the list of sources is due."""
        said = ""
        while not self._stopping.is_set():
            try:
                if self._refreshing not in self._open() and self._is_due():
                    wish = Wish(task=Task.REFRESH, patient=True)
                    self._refreshing = self._library.runs.queue(wish)
                said = ""
            except FootnoteError as error:
                if str(error) != said:  # once, not every time it is looked at
                    said = str(error)
                    _log.error("the list of sources cannot be read", reason=said)
            self._stopping.wait(_DUE_SECONDS)

    def _open(self) -> set[int]:
        """The runs that have not ended."""
        return {run.id for run in self._library.runs.waiting()}

    def _queue_once(self, wish: Wish) -> None:
        """Queue a run, unless one like it waits already and will see what this one would."""
        if self._followed[-1] not in self._waiting():
            self._followed.append(self._library.runs.queue(wish))

    def _waiting(self) -> set[int]:
        """The runs that nobody has begun."""
        return {run.id for run in self._library.runs.waiting() if run.state is State.QUEUED}


def _in_doubt(run: QueuedRun) -> str:
    """What is added where a run is refused, since it may have been done before."""
    if run.again and run.wish.task in _ONCE:
        return " (this run was begun before, and may have been done then)"
    return ""


def _tell_of(result: IngestRun | Findings) -> None:
    """Log what came of a run."""
    if isinstance(result, Findings):
        for wrong in result.wrong:
            _log.warning("found", wrong=wrong)
        for done in result.done:
            _log.info("done", what=done)
        return
    counts = {str(o): result.count(o) for o in Outcome if result.count(o)}
    changed = set(counts) - {str(Outcome.UNCHANGED)}
    (_log.info if changed else _log.debug)("ingested", **counts, seconds=result.seconds)
    for row in result.rows:
        if row.outcome is Outcome.FAILED:
            _log.warning("not ingested", report=row.name, reason=row.reason)
    if result.refused:
        _log.warning("not dropped", reason=result.refused)


def _identities(wish: Wish) -> list[tuple[int, int] | None]:
    """Device and inode of what stands at each path; None where nothing does."""
    found: list[tuple[int, int] | None] = []
    for path in wish.paths:
        try:
            status = Path(path).stat()
            found.append((status.st_dev, status.st_ino))
        except (FileNotFoundError, NotADirectoryError):
            found.append(None)
    return found


def may_concern_reports(path: str, roots: Sequence[str]) -> bool:
    """Whether a change may be one of reports: at no hidden place, of no file of another kind.

    The library may be kept below the folder that is followed; what a run writes there must
    not set off the next.

    Args:
        path: what came, changed or went: a file or folder.
        roots: the paths followed, one of them above it.
    """
    place = Path(path)
    above = (root for root in roots if place.is_relative_to(root))
    below = next((place.relative_to(root) for root in above), place)
    hidden = any(part.startswith(".") for part in below.parts)
    # what is gone may have been a folder, whatever its name looks like
    read = place.suffix.lower() in SUFFIXES or place.suffix == folder.SIDECAR
    return not hidden and (read or not place.is_file())
