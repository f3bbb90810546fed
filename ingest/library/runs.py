"""The queue of ingestion: who wants what ingested, how far it is, and what came of it.

The queue lives in the catalog's database, so that a command beside a running bot can leave
its run there and watch the owner of the library do it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update

from ingest.errors import LibraryError
from ingest.library.database import reading, transaction
from ingest.library.schema import runs
from ingest.records import Findings, IngestRun, Outcome, Row


class State(StrEnum):
    """How far a run is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    STOPPED = "stopped"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"


ENDED = frozenset({State.DONE, State.REFUSED, State.STOPPED, State.CANCELLED})


class Task(StrEnum):
    """What can be asked of the owner of a library."""

    INGEST = "ingest"
    DROP = "drop"
    CHECK = "check"
    REPAIR = "repair"
    REBUILD = "rebuild"
    REEMBED = "reembed"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants done with the library.

    Attributes:
        paths: files and folders, absolute: to ingest, to drop every report from, or the one
            file to export to.
        prune: drop reports under the paths whose source is gone.
        force: also when a path is missing or more than half is gone.
        patient: pass over a file that failed before and has not changed since.
        task: what is to be done.
        model: the embedder to move to.
    """

    paths: tuple[str, ...] = ()
    prune: bool = False
    force: bool = False
    patient: bool = False
    task: Task = Task.INGEST
    model: str | None = None


@dataclass(frozen=True, slots=True)
class QueuedRun:
    """A run in the queue.

    Attributes:
        id: counts the runs of the library.
        state: how far it is.
        wish: what is to be ingested.
        done: sources taken so far.
        total: sources in all; 0 before they are counted.
        current: name of the source being taken.
        result: what came of it, once it is done.
        reason: why it was refused, stopped or cancelled; empty otherwise.
        ended_at: when it ended, UTC; None before.
    """

    id: int
    state: State
    wish: Wish
    done: int
    total: int
    current: str
    result: IngestRun | Findings | None
    reason: str
    ended_at: datetime | None


class Runs:
    """The queue in the catalog's database.

    Every method raises `LibraryError` when the database fails.

    Args:
        engine: the catalog's.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def queue(self, wish: Wish) -> int:
        """Queue a run; its id."""
        with transaction(self._engine) as connection:
            run_id: int = connection.scalars(
                insert(runs)
                .returning(runs.c.id)
                .values(
                    state=State.QUEUED,
                    request=json.dumps(asdict(wish)),
                    queued_at=datetime.now(UTC),
                )
            ).one()
            return run_id

    def take(self) -> QueuedRun | None:
        """Begin the oldest queued run; None where there is none. For the owner alone."""
        with transaction(self._engine) as connection:
            oldest = select(func.min(runs.c.id)).where(runs.c.state == State.QUEUED)
            # one statement: a run that is cancelled meanwhile is not begun
            row = connection.execute(
                update(runs)
                .where(runs.c.id == oldest.scalar_subquery(), runs.c.state == State.QUEUED)
                .values(state=State.RUNNING, done=0, total=0, current="")
                .returning(*runs.c)
            ).one_or_none()
            return _queued_run(row) if row is not None else None

    def requeue_unfinished(self) -> None:
        """Queue again what an owner that died had begun. For a new owner, once."""
        with transaction(self._engine) as connection:
            connection.execute(
                update(runs).where(runs.c.state == State.RUNNING).values(state=State.QUEUED)
            )
            connection.execute(
                update(runs)
                .where(runs.c.state == State.CANCELLING)
                .values(state=State.CANCELLED, ended_at=datetime.now(UTC))
            )

    def progress(self, run_id: int, done: int, total: int, current: str) -> None:
        """Note how far a run is."""
        with transaction(self._engine) as connection:
            _set(connection, run_id, done=done, total=total, current=current)

    def cancel(self, run_id: int) -> State:
        """Take a run out of the queue, or ask for the one being done to be broken off.

        Returns:
            How far the run is now: cancelled, cancelling, or ended before.

        Raises:
            LibraryError: there is no such run.
        """
        with transaction(self._engine) as connection:
            for before, after in (
                (State.QUEUED, State.CANCELLED),
                (State.RUNNING, State.CANCELLING),
            ):
                connection.execute(
                    update(runs)
                    .where(runs.c.id == run_id, runs.c.state == before)
                    .values(state=after)
                )
        return self.run(run_id).state

    def is_cancelled(self, run_id: int) -> bool:
        """Whether a run is to be broken off."""
        return self.run(run_id).state is State.CANCELLING

    def finish(self, run_id: int, result: IngestRun | Findings) -> None:
        """Note what came of a run."""
        self._end(run_id, State.DONE, json.dumps(asdict(result)))

    def refuse(self, run_id: int, reason: str) -> None:
        """Note that a run could not be done, and why."""
        self._end(run_id, State.REFUSED, json.dumps({"reason": reason}))

    def stop(self, run_id: int, reason: str) -> None:
        """Note that a run was broken off, by whom asked for or by the owner's end, and why."""
        state = State.CANCELLED if self.is_cancelled(run_id) else State.STOPPED
        self._end(run_id, state, json.dumps({"reason": reason}))

    def run(self, run_id: int) -> QueuedRun:
        """A run by its id.

        Raises:
            LibraryError: there is none.
        """
        with reading(self._engine) as connection:
            row = connection.execute(select(runs).where(runs.c.id == run_id)).one_or_none()
        if row is None:
            raise LibraryError(f"the library has no run {run_id} of ingestion")
        return _queued_run(row)

    def waiting(self) -> list[QueuedRun]:
        """The runs that have not ended, the one being done first, then in their order."""
        open_states = [state for state in State if state not in ENDED]
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(runs)
                .where(runs.c.state.in_(open_states))
                .order_by(runs.c.state == State.QUEUED, runs.c.id)
            )
            return [_queued_run(row) for row in rows]

    def running(self) -> QueuedRun | None:
        """The run that is being done; None while ingestion rests."""
        begun = (run for run in self.waiting() if run.state is not State.QUEUED)
        return next(begun, None)

    def last_done(self) -> QueuedRun | None:
        """The last run that was done; None before the first."""
        with reading(self._engine) as connection:
            row = connection.execute(
                select(runs).where(runs.c.state == State.DONE).order_by(runs.c.id.desc()).limit(1)
            ).one_or_none()
        return _queued_run(row) if row is not None else None

    def _end(self, run_id: int, state: State, result: str) -> None:
        with transaction(self._engine) as connection:
            _set(connection, run_id, state=state, result=result, ended_at=datetime.now(UTC))


def _set(connection: Connection, run_id: int, **values: object) -> None:
    connection.execute(update(runs).where(runs.c.id == run_id).values(**values))


def _queued_run(row: Any) -> QueuedRun:
    wish = json.loads(row.request)
    result = json.loads(row.result) if row.result else {}
    return QueuedRun(
        id=row.id,
        state=State(row.state),
        wish=_wish(wish),
        done=row.done,
        total=row.total,
        current=row.current,
        result=_result(result),
        reason=result.get("reason", ""),
        ended_at=row.ended_at,
    )


def _wish(kept: dict[str, Any]) -> Wish:
    # "drop" was a field of its own in the first queue
    task = Task.DROP if kept.pop("drop", False) else Task(kept.pop("task", Task.INGEST))
    return Wish(**{**kept, "paths": tuple(kept["paths"]), "task": task})


def _result(kept: dict[str, Any]) -> IngestRun | Findings | None:
    if "rows" in kept:
        rows = tuple(Row(**{**row, "outcome": Outcome(row["outcome"])}) for row in kept["rows"])
        return IngestRun(rows, tuple(kept["vanished"]), kept["refused"], kept["seconds"])
    if "done" in kept:
        return Findings(tuple(kept["wrong"]), tuple(kept["done"]), kept["seconds"])
    return None
