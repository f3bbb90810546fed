"""Tests of the queue of ingestion."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import LibraryError
from ingest.library.database import open_database
from ingest.library.runs import Runs, State, Wish
from ingest.library.schema import metadata
from ingest.records import IngestRun, Outcome, Row

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


@pytest.mark.parametrize("end", [Runs.refuse, Runs.stop])
def test_a_run_that_came_to_nothing_says_why(runs: Runs, end: object) -> None:
    """A refused or stopped run has a reason and no result."""
    assert callable(end)
    run_id = runs.queue(WISH)
    runs.take()
    end(runs, run_id, "the disk is full")
    ended = runs.run(run_id)
    assert ended.state in {State.REFUSED, State.STOPPED}
    assert (ended.result, ended.reason) == (None, "the disk is full")


def test_what_a_dead_owner_had_begun_is_taken_again(runs: Runs) -> None:
    """A new owner does what the one before it left unfinished."""
    run_id = runs.queue(WISH)
    runs.take()
    assert runs.take() is None
    runs.requeue_unfinished()
    again = runs.take()
    assert again is not None
    assert again.id == run_id


def test_a_run_that_is_none_is_an_error(runs: Runs) -> None:
    """An id that was never given out leads to no run."""
    with pytest.raises(LibraryError, match="no run 7"):
        runs.run(7)
