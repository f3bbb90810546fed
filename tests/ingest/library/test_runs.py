"""Tests of the queue of ingestion."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ingest.errors import LibraryError
from ingest.library.database import open_database
from ingest.library.runs import Runs, State, Task, Wish
from ingest.library.schema import metadata
from ingest.records import Findings, IngestRun, Outcome, Row

WISH = Wish(("/reports",), prune=True)
RESULT = IngestRun((Row("a.txt", Outcome.ADDED, "", 3),), ("b.txt",), "too many", 1.5)


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    """An empty queue."""
    return Runs(open_database(tmp_path / "catalog.sqlite", metadata.create_all))


def test_runs_are_taken_in_the_order_they_were_queued(runs: Runs) -> None:
    """First queued, first done, each once."""
    first, second = runs.queue(WISH), runs.queue(Wish(("/other",)))
    taken = [runs.take(), runs.take()]
    assert [run.id for run in taken if run] == [first, second]
    assert [run.wish for run in taken if run] == [WISH, Wish(("/other",))]
    assert runs.take() is None


def test_whoever_waits_sees_progress_and_result(runs: Runs) -> None:
    """Progress is seen while a run is done, its result after."""
    run_id = runs.queue(WISH)
    runs.take()
    runs.progress(run_id, 1, 3, "b.txt")
    running = runs.running()
    assert running is not None
    assert (running.id, running.done, running.total, running.current) == (run_id, 1, 3, "b.txt")
    runs.finish(run_id, RESULT)
    done = runs.run(run_id)
    assert (done.state, done.result) == (State.DONE, RESULT)
    assert done.ended_at is not None
    assert runs.running() is None
    assert runs.last_done() == done


@pytest.mark.parametrize(
    ("end", "state"), [(Runs.refuse, State.REFUSED), (Runs.stop, State.CANCELLED)]
)
def test_a_run_that_came_to_nothing_says_why(
    runs: Runs, end: Callable[[Runs, int, str], None], state: State
) -> None:
    """A run that was refused, or broken off as was asked for, has a reason and no result."""
    run_id = runs.queue(WISH)
    runs.take()
    if state is State.CANCELLED:
        runs.cancel(run_id)
    end(runs, run_id, "the disk is full")
    ended = runs.run(run_id)
    assert (ended.state, ended.result, ended.reason) == (state, None, "the disk is full")
    assert ended.ended_at is not None


def test_a_run_that_its_owner_leaves_is_queued_again(runs: Runs) -> None:
    """Broken off by nobody's wish, it is the next owner's to do, and was not done before."""
    run_id = runs.queue(WISH)
    runs.take()
    runs.stop(run_id, "stopped after 1 of 3 files")
    left = runs.run(run_id)
    assert (left.state, left.reason, left.ended_at) == (State.QUEUED, "", None)
    again = runs.take()
    assert again is not None
    assert (again.id, again.wish, again.again) == (run_id, WISH, False)


def test_what_a_dead_owner_had_begun_is_taken_again(runs: Runs) -> None:
    """A new owner does what the one before it left unfinished, and knows that it was begun."""
    run_id = runs.queue(WISH)
    begun = runs.take()
    assert begun is not None
    assert not begun.again
    assert runs.take() is None
    runs.requeue_unfinished()
    again = runs.take()
    assert again is not None
    assert (again.id, again.wish, again.again) == (run_id, WISH, True)


def test_a_run_taken_out_of_the_queue_has_ended(runs: Runs) -> None:
    """It is not begun, and it says when it ended."""
    run_id = runs.queue(WISH)
    assert runs.cancel(run_id) is State.CANCELLED
    assert runs.take() is None
    assert runs.run(run_id).ended_at is not None


def test_a_run_that_an_owner_of_before_stopped_is_read(runs: Runs, tmp_path: Path) -> None:
    """A state that is no more is read as a run that was broken off."""
    run_id = runs.queue(WISH)
    with closing(sqlite3.connect(tmp_path / "catalog.sqlite")) as database:
        database.execute("UPDATE runs SET state = 'stopped', result = '{\"reason\": \"left\"}'")
        database.commit()
    assert runs.waiting() == []
    stopped = runs.run(run_id)
    assert (stopped.state, stopped.reason) == (State.CANCELLED, "left")


def test_what_is_unchanged_is_kept_as_a_number(runs: Runs, tmp_path: Path) -> None:
    """However many files are unchanged, a result stays small and counts them; others keep rows."""
    told = (
        Row("a.txt", Outcome.UNCHANGED, "a copy of b.txt"),
        Row("c.txt", Outcome.FAILED, "empty"),
    )
    unchanged = tuple(Row(f"{number}.txt", Outcome.UNCHANGED) for number in range(10_000))
    run_id = runs.queue(WISH)
    runs.finish(run_id, IngestRun((*unchanged, *told), (), "", 1.5))
    result = runs.run(run_id).result
    assert isinstance(result, IngestRun)
    assert result.rows[:2] == told
    assert (len(result.rows), result.count(Outcome.UNCHANGED)) == (10_002, 10_001)
    with closing(sqlite3.connect(tmp_path / "catalog.sqlite")) as database:
        [(size,)] = database.execute("SELECT length(result) FROM runs")
    assert size < 500


def test_a_result_with_every_row_is_read(runs: Runs, tmp_path: Path) -> None:
    """What was kept before the unchanged became a number is read as it is."""
    run_id = runs.queue(WISH)
    kept = (
        '{"rows": [{"name": "a.txt", "outcome": "unchanged", "reason": "", "passages": 0}], '
        '"vanished": [], "refused": "", "seconds": 1.5}'
    )
    with closing(sqlite3.connect(tmp_path / "catalog.sqlite")) as database:
        database.execute("UPDATE runs SET state = 'done', result = ?", (kept,))
        database.commit()
    result = IngestRun((Row("a.txt", Outcome.UNCHANGED),), (), "", 1.5)
    assert runs.run(run_id).result == result


def test_runs_that_ended_long_ago_are_forgotten(
    runs: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest that ended stay, with those that have not ended and the last of ingestion."""
    monkeypatch.setattr("ingest.library.runs._KEPT_RUNS", 2)
    waiting = runs.queue(WISH)
    older, last = runs.queue(WISH), runs.queue(WISH)
    for run_id in (older, last):
        runs.finish(run_id, RESULT)
    checks = [runs.queue(Wish(task=Task.CHECK)) for _ in range(4)]
    for run_id in checks:
        runs.finish(run_id, Findings((), (), 1.0))
    new = runs.queue(WISH)
    with closing(sqlite3.connect(tmp_path / "catalog.sqlite")) as database:
        kept = [run_id for (run_id,) in database.execute("SELECT id FROM runs ORDER BY id")]
    assert kept == [waiting, last, *checks[-2:], new]


def test_the_last_run_of_ingestion_is_told(runs: Runs, tmp_path: Path) -> None:
    """What brings reports in or drops them counts, of the first queue too; nothing else does."""
    assert runs.last_done() is None
    ingested, dropped, checked = (
        runs.queue(wish) for wish in (WISH, Wish(task=Task.DROP), Wish(task=Task.CHECK))
    )
    for run_id, expected in ((ingested, ingested), (dropped, dropped), (checked, dropped)):
        runs.finish(run_id, RESULT)
        last = runs.last_done()
        assert last is not None
        assert last.id == expected
    first_queue = '{"paths": ["/reports"], "prune": false, "force": false, "drop": true}'
    with closing(sqlite3.connect(tmp_path / "catalog.sqlite")) as database:
        database.execute("UPDATE runs SET request = ? WHERE id = ?", (first_queue, checked))
        database.commit()
    last = runs.last_done()
    assert last is not None
    assert (last.id, last.wish.task) == (checked, Task.DROP)


def test_a_run_that_is_none_is_an_error(runs: Runs) -> None:
    """An id that was never given out leads to no run."""
    with pytest.raises(LibraryError, match="no run 7"):
        runs.run(7)
