"""The queue of ingestion: who wants what ingested, how far it is, and what came of it.

The queue lives in the catalog's database, so that a command beside a running bot can leave
its run there and watch the owner of the library do it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    Engine,
    Select,
    delete,
    func,
    insert,
    select,
    type_coerce,
    update,
)

from ingest.errors import LibraryError
from ingest.library.database import reading, transaction
from ingest.library.schema import runs
from ingest.records import Findings, IngestRun, Outcome, Row

_KEPT_RUNS = 1_000  # of those that have ended
_UNCHANGED = Row("", Outcome.UNCHANGED)


class State(StrEnum):
    """How far a run is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"


ENDED = frozenset({State.DONE, State.REFUSED, State.CANCELLED})
_OPEN = tuple(state for state in State if state not in ENDED)


class Task(StrEnum):
    """What can be asked of the owner of a library."""

    INGEST = "ingest"
    REFRESH = "refresh"
    DESCRIBE = "describe"
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
        report: id of the report that is described.
        said: what is said of it, by the keys of `ParsedReport.stated`; an empty value takes back
            what was said before.
    """

    paths: tuple[str, ...] = ()
    prune: bool = False
    force: bool = False
    patient: bool = False
    task: Task = Task.INGEST
    model: str | None = None
    report: str | None = None
    said: Mapping[str, str] = field(default_factory=dict)


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
        result: what came of it, once it is done; the rows of what is plainly unchanged come
            last and without their names.
        reason: why it was refused or cancelled; empty otherwise.
        ended_at: when it ended, UTC; None before.
        again: it was begun before and may have been done, but its end was not noted.
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
    again: bool = False


class Runs:
    """The queue in the catalog's database.

    Every method raises `LibraryError` when the database fails.

    Args:
        engine: the catalog's.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def queue(self, wish: Wish) -> int:
        """Queue a run; its id. Of those that ended long ago, some are forgotten."""
        with transaction(self._engine) as connection:
            _forget(connection)
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
            begun = select(runs.c.id, runs.c.request).where(runs.c.state == State.RUNNING)
            for run_id, request in connection.execute(begun).all():
                again = json.dumps({**json.loads(request), "again": True})
                _set(connection, run_id, state=State.QUEUED, request=again)
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
            ended = {"state": State.CANCELLED, "ended_at": datetime.now(UTC)}
            _move(connection, run_id, State.QUEUED, **ended)
            _move(connection, run_id, State.RUNNING, state=State.CANCELLING)
        return self.run(run_id).state

    def is_cancelled(self, run_id: int) -> bool:
        """Whether a run is to be broken off."""
        return self.run(run_id).state is State.CANCELLING

    def finish(self, run_id: int, result: IngestRun | Findings) -> None:
        """Note what came of a run."""
        self._end(run_id, State.DONE, _kept(result))

    def refuse(self, run_id: int, reason: str) -> None:
        """Note that a run could not be done, and why."""
        self._end(run_id, State.REFUSED, {"reason": reason})

    def stop(self, run_id: int, reason: str) -> None:
        """Note that a run was broken off.

        Args:
            run_id: which; where that was asked for it is cancelled, and where its owner leaves
                it is queued again, for the next one.
            reason: why, for whoever asked for it.
        """
        ended = {
            "state": State.CANCELLED,
            "result": json.dumps({"reason": reason}),
            "ended_at": datetime.now(UTC),
        }
        with transaction(self._engine) as connection:
            _move(connection, run_id, State.CANCELLING, **ended)
            _move(connection, run_id, State.RUNNING, state=State.QUEUED)

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
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(runs)
                .where(runs.c.state.in_(_OPEN))
                .order_by(runs.c.state == State.QUEUED, runs.c.id)
            )
            return [_queued_run(row) for row in rows]

    def running(self) -> QueuedRun | None:
        """The run that is being done; None while ingestion rests."""
        begun = (run for run in self.waiting() if run.state is not State.QUEUED)
        return next(begun, None)

    def last_done(self) -> QueuedRun | None:
        """The last run of ingestion that was done; None before the first."""
        with reading(self._engine) as connection:
            row = connection.execute(
                select(runs).where(runs.c.id == _last_ingest().scalar_subquery())
            ).one_or_none()
        return _queued_run(row) if row is not None else None

    def _end(self, run_id: int, state: State, result: dict[str, Any]) -> None:
        with transaction(self._engine) as connection:
            kept = json.dumps(result)
            _set(connection, run_id, state=state, result=kept, ended_at=datetime.now(UTC))


def _set(connection: Connection, run_id: int, **values: object) -> None:
    connection.execute(update(runs).where(runs.c.id == run_id).values(**values))


def _move(connection: Connection, run_id: int, before: State, **values: object) -> None:
    """Change a run that is in a state, and in no other."""
    connection.execute(
        update(runs).where(runs.c.id == run_id, runs.c.state == before).values(**values)
    )


def _last_ingest() -> Select[int]:
    """The id of the last run that was done and brought in or dropped something."""
    task = type_coerce(runs.c.request, JSON)["task"].as_string()
    return select(func.max(runs.c.id)).where(
        runs.c.state == State.DONE,
        # the first queue knew no other tasks, and named none
        func.coalesce(task, Task.INGEST).in_((Task.INGEST, Task.REFRESH, Task.DROP)),
    )


def _forget(connection: Connection) -> None:
    """Delete all but the newest runs that have ended, and the last of ingestion."""
    ended = runs.c.state.not_in(_OPEN)
    newest = select(runs.c.id).where(ended).order_by(runs.c.id.desc())
    spare = newest.offset(_KEPT_RUNS).limit(1).scalar_subquery()
    last = _last_ingest().scalar_subquery()
    connection.execute(
        delete(runs).where(ended, runs.c.id <= spare, runs.c.id.is_distinct_from(last))
    )


def _queued_run(row: Any) -> QueuedRun:
    wish = json.loads(row.request)
    again = wish.pop("again", False)
    result = json.loads(row.result) if row.result else {}
    return QueuedRun(
        id=row.id,
        # an owner that left once ended its run so
        state=State.CANCELLED if row.state == "stopped" else State(row.state),
        wish=_wish(wish),
        done=row.done,
        total=row.total,
        current=row.current,
        result=_result(result),
        reason=result.get("reason", ""),
        ended_at=row.ended_at,
        again=again,
    )


def _wish(kept: dict[str, Any]) -> Wish:
    # "drop" was a field of its own in the first queue
    task = Task.DROP if kept.pop("drop", False) else Task(kept.pop("task", Task.INGEST))
    return Wish(**{**kept, "paths": tuple(kept["paths"]), "task": task})


def _kept(result: IngestRun | Findings) -> dict[str, Any]:
    """A result as it is kept: of what is plainly unchanged the number, which may be great."""
    if isinstance(result, Findings):
        return asdict(result)
    told = tuple(row for row in result.rows if row.outcome is not Outcome.UNCHANGED or row.reason)
    unchanged = len(result.rows) - len(told)
    return {**asdict(replace(result, rows=told)), "unchanged": unchanged}


def _result(kept: dict[str, Any]) -> IngestRun | Findings | None:
    if "rows" in kept:
        rows = tuple(Row(**{**row, "outcome": Outcome(row["outcome"])}) for row in kept["rows"])
        rows += (_UNCHANGED,) * kept.get("unchanged", 0)
        return IngestRun(rows, tuple(kept["vanished"]), kept["refused"], kept["seconds"])
    if "done" in kept:
        return Findings(tuple(kept["wrong"]), tuple(kept["done"]), kept["seconds"])
    return None
