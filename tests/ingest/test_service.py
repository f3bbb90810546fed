"""Tests of the owner's work: the queue, and folders that are followed."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import watchfiles
from numpy.typing import NDArray
from sqlalchemy import func, select
from structlog.testing import capture_logs

from ingest.errors import LibraryError, RunStopped
from ingest.library.database import open_database, transaction
from ingest.library.migrate import migrate
from ingest.library.runs import QueuedRun, State, Task, Wish
from ingest.library.schema import runs as runs_table
from ingest.records import Findings, IngestRun
from ingest.service import Service, may_concern_reports
from ingest.taking import Stopped
from tests.embedders import WordEmbedder
from tests.ingest.mill import Mill, wait_until

COPPER = "Copper is cheap this year."
CHIPS = "Chips are scarce again."
WHEAT = "Wheat is dull, says everybody."


class _Panic(BaseException):
    """What a fault in Rust code is to Python: no Exception."""


class Panicking(WordEmbedder):
    """An embedder with a text it does not survive."""

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row for each text.

        Raises:
            _Panic: a text speaks of panic.
        """
        if any("panic" in text for text in texts):
            raise _Panic("index out of bounds")
        return super().embed_passages(texts)


class Owner:
    """A mill with a service, and what the queue says of it.

    Args:
        home: an empty folder.

    Attributes:
        mill: what is ingested, by whom and into what.
        service: not started yet.
    """

    def __init__(self, home: Path) -> None:
        self.mill = Mill(home, Panicking())
        self.runs = self.mill.library.runs
        self._engine = open_database(home / "library" / "catalog.sqlite", migrate)
        self.service = self.successor()

    def successor(self) -> Service:
        """The service of an owner that comes next."""
        return Service(self.mill.library, self.mill.pipeline.run)

    def queue(self, *paths: Path) -> int:
        """Queue a run; its id."""
        return self.runs.queue(Wish(tuple(map(str, paths))))

    def ended(self, *run_ids: int) -> list[QueuedRun]:
        """Wait for runs to end; how they did."""
        wait_until(lambda: all(self.runs.run(run_id).ended_at for run_id in run_ids))
        return [self.runs.run(run_id) for run_id in run_ids]

    def shows(self, **files: str | None) -> None:
        """Wait until the library shows these texts for files, by name without suffix."""
        live = self.mill.live
        wait_until(lambda: all(live(f"{name}.txt") == text for name, text in files.items()))

    def count(self, state: State | None = None) -> int:
        """How many runs there are, or are in a state."""
        query = select(func.count()).select_from(runs_table)
        if state is not None:
            query = query.where(runs_table.c.state == state)
        with transaction(self._engine) as connection:
            return connection.scalar(query) or 0

    def close(self) -> None:
        """Stop, and close the library."""
        self.mill.embedder.gate.set()
        self.service.stop()
        self.mill.library.close()
        self._engine.dispose()


def result_of(run: QueuedRun) -> IngestRun:
    """What came of a run of ingestion that was done."""
    assert isinstance(run.result, IngestRun)
    return run.result


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[Owner]:
    """An owner that has not begun to work."""
    owner = Owner(tmp_path)
    yield owner
    owner.close()


def test_the_queue_is_worked_in_order(owner: Owner) -> None:
    """What was queued first is done first, each run with its own result."""
    paths = [
        owner.mill.write(f"{name}.txt", f"{name} is dear.") for name in ("tin", "gold", "zinc")
    ]
    queued = [owner.queue(path) for path in paths]
    owner.service.start()
    queued.append(owner.queue(paths[0]))
    done = owner.ended(*queued)
    assert [run.state for run in done] == [State.DONE] * 4
    ends = [run.ended_at for run in done if run.ended_at]
    assert ends == sorted(ends)
    rows = [row for run in done for row in result_of(run).rows]
    assert [(row.name, row.outcome) for row in rows] == [
        ("tin.txt", "added"),
        ("gold.txt", "added"),
        ("zinc.txt", "added"),
        ("", "unchanged"),
    ]


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (lambda mill: mill.reports / "nowhere", "nowhere is not there; nothing was changed"),
        (
            lambda mill: mill.write("panic.txt", "A panic in the market."),
            "it broke off (_Panic: index out of bounds)",
        ),
    ],
)
def test_a_run_that_fails_does_not_stop_the_next(
    owner: Owner, prepare: Callable[[Mill], Path], reason: str
) -> None:
    """Whoever waits for a run hears why it came to nothing; the queue goes on."""
    bad, good = owner.queue(prepare(owner.mill)), owner.queue(owner.mill.write("a.txt", COPPER))
    owner.service.start()
    refused, done = owner.ended(bad, good)
    assert (refused.state, refused.result) == (State.REFUSED, None)
    assert reason in refused.reason
    assert done.state is State.DONE
    assert owner.mill.live("a.txt") == COPPER


def test_a_run_whose_end_cannot_be_noted_is_done_again(owner: Owner, tmp_path: Path) -> None:
    """While the queue cannot be written nobody is told anything; afterwards the run ends."""
    with closing(sqlite3.connect(tmp_path / "library" / "catalog.sqlite")) as database:
        database.execute(
            "CREATE TRIGGER full BEFORE UPDATE ON runs WHEN NEW.ended_at IS NOT NULL "
            "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
        database.commit()
        run_id = owner.queue(owner.mill.write("a.txt", COPPER))
        with capture_logs() as logs:
            owner.service.start()
            wait_until(lambda: any("disk full" in entry.get("reason", "") for entry in logs))
            database.execute("DROP TRIGGER full")
            database.commit()
        [done] = owner.ended(run_id)
    assert done.state is State.DONE
    assert owner.mill.live("a.txt") == COPPER


def test_what_a_dead_owner_left_is_done(owner: Owner) -> None:
    """A run begun by an owner that died, and one it never came to, are done by the next."""
    begun = owner.queue(owner.mill.write("a.txt", COPPER))
    waiting = owner.queue(owner.mill.write("b.txt", CHIPS))
    assert owner.runs.take() is not None
    assert owner.service.start() is None
    assert [run.state for run in owner.ended(begun, waiting)] == [State.DONE] * 2
    owner.shows(a=COPPER, b=CHIPS)


def test_stop_breaks_a_run_off_and_the_next_owner_goes_on(owner: Owner) -> None:
    """The run waits for the next owner, no thread is left, and that one does only the rest."""
    mill = owner.mill
    for number in range(15):
        mill.write(f"{number}.txt", f"Copper costs {number} today.")
    mill.embedder.gate.clear()
    run_id = owner.queue(mill.reports)
    owner.service.start()
    wait_until(lambda: owner.count(State.RUNNING) == 1)
    stopping = threading.Thread(target=owner.service.stop)
    stopping.start()
    mill.embedder.gate.set()
    stopping.join()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ingest-")]
    left = owner.runs.run(run_id)
    assert (left.state, left.result, left.ended_at) == (State.QUEUED, None, None)
    owner.service = owner.successor()
    owner.service.start()
    [done] = owner.ended(run_id)
    assert done.state is State.DONE
    assert len(result_of(done).rows) == 15
    assert len(mill.embedder.embedded) == 15


def test_a_stopped_service_leaves_the_queue_alone(owner: Owner) -> None:
    """What nobody came to waits for the next owner; stopping twice does no harm."""
    owner.service.start([owner.mill.reports])
    owner.service.stop()
    owner.service.stop()
    left = owner.queue(owner.mill.write("a.txt", COPPER))
    assert owner.runs.run(left).state is State.QUEUED


def test_what_only_following_asked_for_ends_with_it(owner: Owner) -> None:
    """Who follows next asks anew; another command does not do it first."""
    mill = owner.mill
    for number in range(15):
        mill.write(f"{number}.txt", f"Copper costs {number} today.")
    mill.embedder.gate.clear()
    first = owner.service.start([mill.reports])
    assert first is not None
    wait_until(lambda: owner.count(State.RUNNING) == 1)
    mill.write("one more.txt", WHEAT)
    wait_until(lambda: owner.count(State.QUEUED) == 1)
    stopping = threading.Thread(target=owner.service.stop)
    stopping.start()
    mill.embedder.gate.set()
    stopping.join()
    assert owner.count(State.CANCELLED) == owner.count()


def test_behind_its_last_run_a_service_begins_none(owner: Owner) -> None:
    """What was queued before is done, in order; what comes after is left to the next owner."""
    paths = [
        owner.mill.write(f"{name}.txt", f"{name} is dear.") for name in ("tin", "gold", "zinc")
    ]
    before, last, after = (owner.queue(path) for path in paths)
    owner.service.start(last=last)
    wait_until(lambda: not any(each.name.startswith("ingest-") for each in threading.enumerate()))
    assert [run.state for run in owner.ended(before, last)] == [State.DONE] * 2
    assert owner.runs.run(after).state is State.QUEUED


def found_nothing(_wish: Wish, _told: object, _stopped: object) -> Findings:
    """Do nothing, and find nothing wrong."""
    return Findings((), (), 0.0)


def refused(_wish: Wish, _told: object, _stopped: object) -> Findings:
    """Do what was done before, which cannot be.

    Raises:
        LibraryError: always.
    """
    raise LibraryError("all.tar.gz is there already")


@pytest.mark.parametrize(
    ("task", "said"),
    [
        (Task.EXPORT, "all.tar.gz is there already (this run was begun before, and may have been"),
        (Task.DROP, "all.tar.gz is there already (this run was begun before, and may have been"),
        (Task.CHECK, "all.tar.gz is there already"),
    ],
)
def test_a_run_that_may_have_been_done_says_so(owner: Owner, task: Task, said: str) -> None:
    """What can be done once only, and was begun by an owner that died, is refused with a doubt."""
    owner.service = Service(owner.mill.library, refused)
    begun = owner.runs.queue(Wish(task=task))
    owner.runs.take()
    fresh = owner.runs.queue(Wish(task=task))
    owner.service.start()
    again, first = owner.ended(begun, fresh)
    assert again.reason.startswith(said)
    assert (again.reason == first.reason) is (task is Task.CHECK)
    assert first.reason == "all.tar.gz is there already"


@pytest.mark.parametrize("task", list(Task))
def test_the_library_is_tidied_after_what_may_have_changed_it(owner: Owner, task: Task) -> None:
    """Once a run, before its end is told; not after what only looks."""
    tidied: list[bool] = []
    run_id = owner.runs.queue(Wish(task=task))

    def tidy(_stopped: Stopped) -> None:
        tidied.append(owner.runs.run(run_id).ended_at is None)

    owner.service = Service(owner.mill.library, found_nothing, tidy)
    owner.service.start()
    owner.ended(run_id)
    assert tidied == ([] if task in {Task.CHECK, Task.EXPORT} else [True])


@pytest.mark.parametrize(
    ("fault", "logged"),
    [
        (LibraryError("the disk is full"), True),
        (_Panic("index out of bounds"), True),
        (RunStopped("stopped; run it again to go on"), False),
    ],
)
def test_a_library_that_cannot_be_tidied_costs_no_run(
    owner: Owner, fault: BaseException, logged: bool
) -> None:
    """What was asked for is done, the fault is told, and the queue is worked on."""

    def tidy(_stopped: Stopped) -> None:
        raise fault

    owner.service = Service(owner.mill.library, owner.mill.pipeline.run, tidy)
    queued = [owner.queue(owner.mill.write(name, COPPER)) for name in ("a.txt", "b.txt")]
    with capture_logs() as logs:
        owner.service.start()
        done = owner.ended(*queued)
    assert [run.state for run in done] == [State.DONE] * 2
    assert ("the library could not be tidied" in [entry["event"] for entry in logs]) is logged


def test_an_owner_at_rest_tidies_now_and_again(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing is asked for, the library is tidied all the same, then the workers rest."""
    monkeypatch.setattr("ingest.service._GLANCE_SECONDS", 0.01)
    monkeypatch.setattr("ingest.service._IDLE_SECONDS", 0.02)
    monkeypatch.setattr("ingest.service._TIDY_SECONDS", 0.02)
    happened: list[str] = []
    owner.service = Service(
        owner.mill.library,
        found_nothing,
        lambda _: happened.append("tidied"),
        lambda: happened.append("rested"),
    )
    owner.service.start()
    wait_until(lambda: len(happened) >= 4)
    assert happened[:4] == ["tidied", "rested"] * 2


def test_a_stop_breaks_tidying_off(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    """An owner that is to leave is not held up by what the next one can go on with."""
    monkeypatch.setattr("ingest.service._IDLE_SECONDS", 0.0)
    tidying = threading.Event()

    def tidy(stopped: Stopped) -> None:
        tidying.set()
        wait_until(stopped)

    owner.service = Service(owner.mill.library, found_nothing, tidy)
    owner.service.start()
    assert tidying.wait(30)
    owner.service.stop()


def test_a_folder_is_followed_when_its_last_run_is_forgotten(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many runs were queued since a file last changed, the next change is seen."""
    monkeypatch.setattr("ingest.library.runs._KEPT_RUNS", 1)
    owner.service.start([owner.mill.reports])
    wait_until(lambda: 0 < owner.count(State.DONE) == owner.count())
    elsewhere = owner.mill.reports.with_name("elsewhere")
    elsewhere.mkdir()
    for _ in range(4):
        owner.ended(owner.queue(elsewhere))
    owner.mill.write("a.txt", COPPER)
    owner.shows(a=COPPER)


def test_a_folder_is_followed(owner: Owner) -> None:
    """A file that comes is taken, one that changes is revised, one that goes is dropped."""
    mill = owner.mill
    mill.write("a.txt", COPPER)
    mill.write("b.txt", WHEAT)
    first = owner.service.start([mill.reports])
    assert first is not None
    [done] = owner.ended(first)
    assert done.wish == Wish((str(mill.reports),), prune=True)
    owner.shows(a=COPPER, b=WHEAT)
    mill.write("c.txt", CHIPS)
    owner.shows(a=COPPER, b=WHEAT, c=CHIPS)
    mill.write("c.txt", "Chips are plenty.")
    owner.shows(c="Chips are plenty.")
    (mill.reports / "a.txt").unlink()
    owner.shows(a=None, b=WHEAT, c="Chips are plenty.")
    folder = mill.reports / "metals"
    mill.write("metals/tin.txt", COPPER)
    wait_until(lambda: mill.live("metals/tin.txt") == COPPER)
    folder.rename(mill.reports / "tins.2024")
    wait_until(lambda: mill.live("tins.2024/tin.txt") == COPPER)


def test_what_is_said_beside_a_followed_report_is_seen(owner: Owner) -> None:
    """A file beside a report that comes, changes or goes describes it without being asked."""
    mill = owner.mill
    mill.write("a.txt", COPPER)
    owner.service.start([mill.reports])
    owner.shows(a=COPPER)
    for publisher in ("Heron", "Egret", None):
        if publisher is None:
            (mill.reports / "a.toml").unlink()
        else:
            mill.write("a.toml", f'publisher = "{publisher}"')
        wait_until(lambda expected=publisher: mill.known("a.txt").publisher == expected)  # type: ignore[misc]  # one step's own
    assert mill.live("a.txt") == COPPER


def test_a_folder_that_comes_later_is_followed(owner: Owner) -> None:
    """A folder that is missing at start is refused, then taken as soon as it is there."""
    mill = owner.mill
    mill.reports.rmdir()
    first = owner.service.start([mill.reports])
    assert first is not None
    assert owner.ended(first)[0].state is State.REFUSED
    mill.reports.mkdir()
    mill.write("a.txt", COPPER)
    owner.shows(a=COPPER)
    mill.write("b.txt", CHIPS)
    owner.shows(a=COPPER, b=CHIPS)


@pytest.mark.parametrize("how", ["deleted", "moved", "moved above"])
def test_a_folder_that_is_made_anew_is_followed(owner: Owner, how: str) -> None:
    """A folder that was deleted and made again, or put in place of it, is seen like the first."""
    mill = owner.mill
    followed = mill.write("metals/a.txt", COPPER).parent
    owner.service.start([followed])
    wait_until(lambda: mill.live("metals/a.txt") == COPPER)
    wait_until(lambda: owner.count(State.DONE) == owner.count())
    if how == "deleted":
        shutil.rmtree(followed)
    else:
        gone = followed if how == "moved" else mill.reports
        gone.rename(gone.with_name("old"))
    mill.write("metals/a.txt", COPPER)
    mill.write("metals/b.txt", CHIPS)
    wait_until(lambda: mill.live("metals/b.txt") == CHIPS)
    mill.write("metals/c.txt", WHEAT)
    wait_until(lambda: mill.live("metals/c.txt") == WHEAT)


def test_changes_during_a_run_make_one_more_run(owner: Owner) -> None:
    """However much changes while a run is held up, one more run is queued and sees it all."""
    mill = owner.mill
    mill.write("a.txt", COPPER)
    mill.embedder.gate.clear()
    owner.service.start([mill.reports])
    wait_until(lambda: owner.count(State.RUNNING) == 1)
    names = [f"{number}.txt" for number in range(4)]
    # sees each change as the service does, so that none is made before the last was seen
    watch = watchfiles.watch(mill.reports, rust_timeout=100, yield_on_timeout=True)
    next(watch)
    for name in names:
        mill.write(name, f"{name} speaks of copper.")
        assert any(path.endswith(name) for changes in watch for _, path in changes)
    watch.close()
    assert owner.count(State.QUEUED) <= 1
    mill.embedder.gate.set()
    wait_until(lambda: all(mill.live(name) for name in names))


@pytest.mark.parametrize(
    ("name", "concerns"),
    [
        ("a.txt", True),
        ("metals/A.PDF", True),
        ("gone.md", True),
        ("metals", True),
        ("gone", True),
        ("gone.2024", True),
        ("note.pdf.toml", True),
        ("metals/note.toml", True),
        (".note.toml", False),
        ("", True),
        ("picture.png", False),
        ("library/catalog.sqlite-wal", False),
        (".footnote/catalog.sqlite", False),
        (".footnote/words/a.txt", False),
        (".hidden.txt", False),
        ("metals/.unfinished.txt", False),
    ],
)
def test_only_what_may_be_a_report_sets_off_a_run(
    tmp_path: Path, name: str, concerns: bool
) -> None:
    """Hidden places, the library among them, and files of other kinds are no reports."""
    # a hidden folder may be followed itself
    root = tmp_path / ".reports"
    for there in (
        *("picture.png", "library/catalog.sqlite-wal", "metals/A.PDF"),
        *("note.pdf.toml", "metals/note.toml", ".note.toml"),
    ):
        (root / there).parent.mkdir(parents=True, exist_ok=True)
        (root / there).touch()
    assert may_concern_reports(str(root / name), [str(tmp_path / "other"), str(root)]) is concerns


def test_reports_from_elsewhere_are_told(owner: Owner) -> None:
    """An owner that follows a folder says what else the library answers from."""
    elsewhere = owner.mill.reports.with_name("elsewhere")
    elsewhere.mkdir()
    (elsewhere / "old.txt").write_text(COPPER, encoding="utf-8")
    owner.mill.run(elsewhere)
    with capture_logs() as logs:
        owner.service.start([owner.mill.reports])
    [told] = [entry for entry in logs if "outside the followed folder" in entry["event"]]
    assert (told["reports"], told["one_of_them"]) == (1, (elsewhere / "old.txt").as_uri())
