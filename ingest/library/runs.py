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

from sqlalchemy import Connection, Engine, insert, select, update

from ingest.errors import LibraryError
from ingest.library.database import transaction
from ingest.library.schema import runs
from ingest.records import IngestRun, Outcome, Row


class State(StrEnum):
    """How far a run is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants ingested.

    Attributes:
        paths: files and folders, absolute.
        prune: drop reports under the paths whose source is gone.
        force: also when a path is missing or more than half is gone.
        drop: ingest nothing; drop every report under the paths, whether it is there or not.
    """

    paths: tuple[str, ...]
    prune: bool = False
    force: bool = False
    drop: bool = False


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
        reason: why it was refused or stopped; empty otherwise.
        ended_at: when it ended, UTC; None before.
    """

    id: int
    state: State
    wish: Wish
    done: int
    total: int
    current: str
    result: IngestRun | None
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
            row = connection.execute(
                select(runs).where(runs.c.state == State.QUEUED).order_by(runs.c.id).limit(1)
            ).one_or_none()
            if row is None:
                return None
            _set(connection, row.id, state=State.RUNNING)
            return _queued_run(row)

    def requeue_unfinished(self) -> None:
        """Queue again what an owner that died had begun. For a new owner, once."""
        with transaction(self._engine) as connection:
            connection.execute(
                update(runs).where(runs.c.state == State.RUNNING).values(state=State.QUEUED)
            )

    def progress(self, run_id: int, done: int, total: int, current: str) -> None:
        """Note how far a run is."""
        with transaction(self._engine) as connection:
            _set(connection, run_id, done=done, total=total, current=current)

    def finish(self, run_id: int, result: IngestRun) -> None:
        """Note what came of a run."""
        self._end(run_id, State.DONE, json.dumps(asdict(result)))

    def refuse(self, run_id: int, reason: str) -> None:
        """Note that a run could not be done, and why."""
        self._end(run_id, State.REFUSED, json.dumps({"reason": reason}))

    def stop(self, run_id: int, reason: str) -> None:
        """Note that a run was broken off, and why."""
        self._end(run_id, State.STOPPED, json.dumps({"reason": reason}))

    def run(self, run_id: int) -> QueuedRun:
        """A run by its id.

        Raises:
            LibraryError: there is none.
        """
        with transaction(self._engine) as connection:
            row = connection.execute(select(runs).where(runs.c.id == run_id)).one_or_none()
        if row is None:
            raise LibraryError(f"the library has no run {run_id} of ingestion")
        return _queued_run(row)

    def running(self) -> QueuedRun | None:
        """The run that is being done; None while ingestion rests."""
        return self._newest(State.RUNNING)

    def last_done(self) -> QueuedRun | None:
        """The last run that was done; None before the first."""
        return self._newest(State.DONE)

    def _newest(self, state: State) -> QueuedRun | None:
        with transaction(self._engine) as connection:
            row = connection.execute(
                select(runs).where(runs.c.state == state).order_by(runs.c.id.desc()).limit(1)
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
        wish=Wish(**{**wish, "paths": tuple(wish["paths"])}),
        done=row.done,
        total=row.total,
        current=row.current,
        result=_ingest_run(result) if "rows" in result else None,
        reason=result.get("reason", ""),
        ended_at=row.ended_at,
    )


def _ingest_run(result: dict[str, Any]) -> IngestRun:
    rows = tuple(Row(**{**row, "outcome": Outcome(row["outcome"])}) for row in result["rows"])
    return IngestRun(rows, tuple(result["vanished"]), result["refused"], result["seconds"])
