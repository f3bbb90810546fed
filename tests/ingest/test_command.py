"""Tests of `python -m ingest` as a process; none of them needs the embedder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.errors import LibraryOwned
from ingest.library.library import Library
from ingest.library.ownership import Ownership
from ingest.library.runs import State
from tests.ingest.library.shelves import fresh_library
from tests.ingest.mill import wait_until

_PROJECT = Path(__file__).parents[2]


@contextmanager
def started(home: Path, *arguments: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """The command at work in a folder, its library in `library` there."""
    names = ("PATH", "HOME")
    env = {name: os.environ[name] for name in names if name in os.environ}
    command = [sys.executable, "-m", "ingest", *arguments]
    with subprocess.Popen(
        command,
        cwd=home,
        env={**env, "PYTHONPATH": str(_PROJECT), "LIBRARY_DIR": "library", **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ran(home: Path, *arguments: str, **settings: str) -> tuple[int, str, str]:
    """Run the command to its end; its exit code, standard output and standard error."""
    with started(home, *arguments, **settings) as process:
        output, errors = process.communicate(timeout=60)
    return process.returncode, output, errors


def words_of(table: str) -> str:
    """What a table says, without its lines and line breaks."""
    return " ".join(table.translate(dict.fromkeys(map(ord, "│┃─┌┐└┘├┤"), " ")).split())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a folder of one report that holds nothing."""
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "[red]a :100:.txt").touch()
    return tmp_path


@pytest.fixture
def library(home: Path) -> Iterator[Library]:
    """The catalog and the queue of the command's library."""
    library = fresh_library(home)
    yield library
    library.close()


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ((), "COMMAND"),
        (("--prune",), "PATH"),
        (("drop", "reports", "--prune"), "unrecognized arguments: --prune"),
    ],
)
def test_a_command_that_is_none_is_a_usage_error(
    tmp_path: Path, arguments: tuple[str, ...], hint: str
) -> None:
    """What cannot be understood changes nothing, exits with 2 and says what was expected."""
    code, output, errors = ran(tmp_path, *arguments)
    assert (code, output) == (2, "")
    assert "usage: python -m ingest" in errors
    assert hint in errors
    assert not (tmp_path / "library").exists()


def test_a_run_in_which_everything_fails_says_why(home: Path, library: Library) -> None:
    """Such a run exits with 1; the table and the status name the file as it is, and the reason."""
    for arguments in (("--force", "reports"), ("add", "reports", "--prune")):
        code, output, errors = ran(home, *arguments)
        assert (code, errors) == (1, "")
        assert output.startswith("1 failed · ")
        assert "[red]a :100:.txt failed" in words_of(output)
        assert "is empty; copy it again" in words_of(output)
    code, output, errors = ran(home, "status")
    assert (code, errors) == (0, "")
    assert "[red]a :100:.txt" in output
    assert "is empty; copy it again" in words_of(output)
    assert [failure.name for failure in library.catalog.failures()] == ["[red]a :100:.txt"]


@pytest.mark.parametrize(
    ("arguments", "settings", "message"),
    [
        (("nowhere",), {}, "nowhere is not there; nothing was changed. Check the path"),
        (("drop", "reports"), {}, "the library holds no report from"),
        (
            ("status",),
            {"LARGEST_FILE_MB": "0", "LOG_LEVEL": "LOUD"},
            "a setting cannot be used: LARGEST_FILE_MB: Input should be greater than 0; LOG_LEVEL:",
        ),
        (("status",), {"LIBRARY_DIR": "/dev/null"}, "set LIBRARY_DIR to one that can be written"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    home: Path, arguments: tuple[str, ...], settings: dict[str, str], message: str
) -> None:
    """An error is one line that says what to do, without a traceback; the exit code is 1."""
    code, output, errors = ran(home, *arguments, **settings)
    assert (code, output) == (1, "")
    assert errors.startswith("error: ")
    assert errors.count("\n") == 1
    assert message in errors


def test_who_waits_for_an_owner_that_leaves_goes_on(home: Path, library: Library) -> None:
    """A run that its owner broke off is done all the same, by the command that waits for it."""
    owner = Ownership(home / "library")
    owner.take("the bot [bold]")
    with started(home, "reports") as process:
        assert process.stderr is not None
        told = process.stderr.readline()
        assert told.startswith("queued for the library's owner, the bot [bold] (process ")
        run = library.runs.take()
        assert run is not None
        assert run.wish.paths == (str(home / "reports"),)
        library.runs.stop(run.id, "stopped after 0 of 1 files")
        owner.give_up()
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (1, "")
    assert output.startswith("1 failed · ")
    last = library.runs.last_done()
    assert last is not None
    assert last.id == run.id + 1


def test_who_waits_for_an_owner_that_dies_does_its_work(home: Path, library: Library) -> None:
    """A run that a dead owner had begun is begun anew, by the command that waits for it."""
    owner = Ownership(home / "library")
    owner.take("the bot")
    with started(home, "reports") as process:
        wait_until(lambda: library.runs.take() is not None)
        # as the kernel does it when a process dies
        owner.give_up()
        output, _ = process.communicate(timeout=60)
    assert (process.returncode, output[:8]) == (1, "1 failed")


def test_who_no_longer_wants_to_wait_leaves_the_run_to_the_owner(
    home: Path, library: Library
) -> None:
    """Interrupted, a command that waits says who goes on; its run stays in the queue."""
    owner = Ownership(home / "library")
    owner.take("the bot")
    try:
        with started(home, "reports") as process:
            assert process.stderr is not None
            assert process.stderr.readline().startswith("queued")
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=60)
    finally:
        owner.give_up()
    assert (process.returncode, output) == (1, "")
    # a line that is interrupted while it is written may be written twice
    assert errors.splitlines()[-1].startswith("left to the library's owner, the bot (process ")
    assert "Traceback" not in errors
    run = library.runs.take()
    assert run is not None
    assert run.wish.paths == (str(home / "reports"),)


def test_an_interrupted_run_is_broken_off(home: Path, library: Library) -> None:
    """Interrupted while it works, a command stops soon, says so, and owns the library no more."""
    for number in range(4_000):
        (home / "reports" / f"{number}.txt").touch()
    with started(home, "reports") as process:
        wait_until(lambda: bool((run := library.runs.running()) and run.done))
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (1, "")
    assert errors == "stopping; what was done stays done, the next run goes on from there\n"
    stopped = library.runs.run(1)
    assert stopped.state is State.STOPPED
    assert stopped.reason.endswith(" of 4001 files; run it again to go on")
    ownership = Ownership(home / "library")
    ownership.take("another")
    ownership.give_up()


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_a_follower_ends_when_told_to(home: Path, library: Library, end: signal.Signals) -> None:
    """It owns the library while it follows, sees what changes, and exits with 0 on a signal."""
    with started(home, "follow", REPORTS_DIR="reports") as process:
        wait_until(lambda: len(library.catalog.failures()) == 1)
        with pytest.raises(LibraryOwned, match=r"python -m ingest follow reports \(process "):
            Ownership(home / "library").take("another")
        (home / "reports" / "b.txt").touch()
        wait_until(lambda: len(library.catalog.failures()) == 2)
        process.send_signal(end)
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (0, "")
    assert "not ingested" in errors
    assert "Traceback" not in errors
    runs = [library.runs.run(number) for number in (1, 2)]
    assert {run.state for run in runs} <= {State.DONE, State.STOPPED}
