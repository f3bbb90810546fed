"""Tests of `python -m ingest` as a process; none of them needs the embedder."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ingest.errors import LibraryOwned
from ingest.library.library import Library
from ingest.library.ownership import Ownership
from ingest.library.runs import Runs, State, Task, Wish
from ingest.records import IngestRun, Source
from ingest.sources.folder import uri_of
from tests.ingest.library.shelves import described, fresh_library, put, source
from tests.ingest.mill import wait_until
from tests.ingest.sources.server import sends, serving

_PROJECT = Path(__file__).parents[2]


@contextmanager
def started(
    home: Path,
    *arguments: str | bytes,
    interpreted: Sequence[str] = ("-m", "ingest"),
    **settings: str,
) -> Iterator[subprocess.Popen[str]]:
    """The command at work in a folder, its library in `library` there."""
    names = ("PATH", "HOME")
    env = {name: os.environ[name] for name in names if name in os.environ}
    command: list[str | bytes] = [sys.executable, *interpreted, *arguments]
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


def ran(home: Path, *arguments: str | bytes, **settings: str) -> tuple[int, str, str]:
    """Run the command to its end; its exit code, standard output and standard error."""
    with started(home, *arguments, **settings) as process:
        output, errors = process.communicate(timeout=60)
    return process.returncode, output, errors


def words_of(table: str) -> str:
    """What a table says, without its lines and line breaks."""
    return " ".join(table.translate({ord("─"): " "}).split())


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


def test_a_command_that_is_none_is_a_usage_error(tmp_path: Path) -> None:
    """What cannot be understood changes nothing, exits with 2 and says what was expected."""
    code, output, errors = ran(tmp_path, "drop", "reports", "--prune")
    assert (code, output) == (2, "")
    assert "usage: python -m ingest" in errors
    assert "unrecognized arguments: --prune" in errors
    assert not (tmp_path / "library").exists()


def test_a_run_in_which_everything_fails_says_why(home: Path, library: Library) -> None:
    """Such a run exits with 1; the table and the status name the file as it is, and the reason."""
    for arguments in (("--force", "reports"), ("add", "reports", "--prune")):
        code, output, errors = ran(home, *arguments)
        assert (code, errors) == (1, "")
        assert output.startswith("1 failed · ")
        assert "failed [red]a :100:.txt" in words_of(output)
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
        (
            (),
            {"SOURCES_FILE": "reports"},
            "reports cannot be read (Is a directory); check the path",
        ),
        ((), {"FETCH_OPEN_HOSTS": "a b"}, "FETCH_OPEN_HOSTS: 'a b' is no host; write intranet"),
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


def test_nothing_typed_takes_what_there_is(home: Path, library: Library) -> None:
    """Without a word the folder of reports is ingested; where there is none that is said."""
    code, output, errors = ran(home)
    assert (code, errors) == (1, "")
    assert output.startswith("1 failed · ")
    assert "failed [red]a :100:.txt" in words_of(output)
    assert library.runs.run(1).wish == Wish((str(home / "reports"),), task=Task.REFRESH)
    (home / "reports" / "[red]a :100:.txt").unlink()
    code, output, errors = ran(home)
    assert (code, errors, "failed" in output) == (0, "", False)
    assert library.catalog.failures() == []
    (home / "reports").rmdir()
    code, output, errors = ran(home)
    assert (code, output) == (1, "")
    assert re.fullmatch(r"error: .*reports is not there; nothing was changed\. .*\n", errors)


def test_nothing_typed_takes_what_is_listed(tmp_path: Path, library: Library) -> None:
    """Folders are, and addresses and feeds that are due, whether a folder of reports is there.

    What failed is tried again each time, since somebody asked for it.
    """
    (tmp_path / "reports" / "[red]a :100:.txt").unlink()
    (tmp_path / "reports").rmdir()
    with serving({"/empty.txt": sends(content_type="text/plain")}) as server:
        web = f'[[url]]\nurl = "{server.url("/empty.txt")}"\n\n'
        web += f'[[feed]]\nurl = "{server.url("/feed")}"\n\n'
        opened = {"FETCH_OPEN_HOSTS": f"127.0.0.1:{server.port}"}
        (tmp_path / "sources.toml").write_text(web, encoding="utf-8")
        code, output, errors = ran(tmp_path, **opened)
        assert (code, errors) == (1, "")
        assert output.startswith("2 failed · ")
        assert "is empty" in words_of(output)
        assert "cannot be fetched (status 404)" in words_of(output)
        assert sorted(server.paths()) == ["/empty.txt", "/feed"]
        (tmp_path / "ores").mkdir()
        (tmp_path / "ores" / "tin.txt").touch()
        folders = '[[folder]]\npath = "ores"\n'
        (tmp_path / "listed.toml").write_text(web + folders, encoding="utf-8")
        code, output, _ = ran(tmp_path, "refresh", SOURCES_FILE="listed.toml", **opened)
        assert (code, output.startswith("3 failed · ")) == (1, True)
        assert sorted(server.paths()) == ["/empty.txt", "/empty.txt", "/feed", "/feed"]
        code, output, errors = ran(tmp_path, SOURCES_FILE="listed.toml")
        assert "is closed to Footnote" in words_of(output)
        assert "FETCH_OPEN_HOSTS" in words_of(output)
    assert library.runs.run(2).wish.paths == (str(tmp_path / "ores"),)
    assert set(library.catalog.visits()) == {server.url("/empty.txt"), server.url("/feed")}


def test_who_waits_for_an_owner_that_leaves_goes_on(home: Path, library: Library) -> None:
    """A run that its owner broke off is done all the same, by the command that waits for it.

    What others queued behind it is left to them.
    """
    owner = Ownership(home / "library")
    owner.take("the bot [bold]")
    with started(home, "reports") as process:
        assert process.stderr is not None
        told = process.stderr.readline()
        assert told.startswith("queued for the library's owner, the bot [bold] (process ")
        run = library.runs.take()
        assert run is not None
        assert run.wish.paths == (str(home / "reports"),)
        other = library.runs.queue(Wish(task=Task.CHECK))
        library.runs.stop(run.id, "stopped after 0 of 1 files")
        owner.give_up()
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (1, "")
    assert output.startswith("1 failed · ")
    last = library.runs.last_done()
    assert last is not None
    assert last.id == run.id
    assert library.runs.run(other).state is State.QUEUED


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
    """Interrupted, a command that waits says that its run stays in the queue, and for whom."""
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
    told = errors.splitlines()[-1]
    assert told.startswith("left in the queue for the library's owner, the bot (process ")
    assert told.endswith("or the next one; to take it back: python -m ingest cancel 1")
    assert "Traceback" not in errors
    run = library.runs.take()
    assert run is not None
    assert run.wish.paths == (str(home / "reports"),)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_is_broken_off(
    home: Path, library: Library, end: signal.Signals
) -> None:
    """Interrupted while it works, a command stops soon, says so, and owns the library no more.

    Its run is not left to whoever comes next.
    """
    for number in range(4_000):
        (home / "reports" / f"{number}.txt").touch()
    with started(home, "reports") as process:
        wait_until(lambda: bool((run := library.runs.running()) and run.done))
        process.send_signal(end)
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (1, "")
    assert errors == "stopping; what was done stays done, the next run goes on from there\n"
    stopped = library.runs.run(1)
    assert stopped.state is State.CANCELLED
    assert stopped.reason.endswith(" of 4001 files; run it again to go on")
    ownership = Ownership(home / "library")
    ownership.take("another")
    ownership.give_up()


def test_what_others_left_stays_when_a_command_is_interrupted(home: Path, library: Library) -> None:
    """A run that was begun before its own is put back, for whoever owns the library next."""
    for number in range(4_000):
        (home / "reports" / f"{number}.txt").touch()
    left = library.runs.queue(Wish((str(home / "reports"),)))
    with started(home, "check") as process:
        wait_until(lambda: bool((run := library.runs.running()) and run.done))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert library.runs.run(left).state is State.QUEUED
    assert library.runs.run(left + 1).state is State.CANCELLED


_WATCHED = """
import os
import signal
import sys
import ingest.__main__ as command
from ingest.errors import IndexUnavailable
from ingest.library.opening import open_library

opened = []

def opening(*where):
    opened.append(open_library(*where))
    opened[0].search().vectors.count()
    return opened[0]

class Watched(command.Ownership):
    def give_up(self):
        # as by somebody who is out of patience
        os.kill(os.getpid(), signal.SIGINT)
        try:
            opened[0].search().vectors.count()
        except IndexUnavailable:
            print("Chroma was closed before")
        super().give_up()

command.open_library = opening
command.Ownership = Watched
sys.exit(command.main(sys.argv[1:]))
"""


@pytest.mark.parametrize("command", ["check", "follow"])
def test_the_library_is_let_go_before_another_may_own_it(
    home: Path, library: Library, command: str
) -> None:
    """Two processes never have one Chroma open, even where a signal comes while one ends."""
    put_versions(library, home)
    library.searches.close()
    with started(home, command, interpreted=("-c", _WATCHED), REPORTS_DIR="reports") as process:
        if command == "follow":
            wait_until(lambda: len(library.catalog.failures()) == 1)
            process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert output.startswith("Chroma was closed before\n")


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
    assert {run.state for run in runs} <= {State.DONE, State.CANCELLED}


def put_versions(library: Library, home: Path) -> str:
    """A report whose second version says another figure; its id."""
    where = Source(uri_of(home / "reports" / "copper.md"), "copper.md", "metals")
    about = described("Copper in a hurry", "Heron Research", date(2024, 2, 8))
    report_id = put(library, where, "Copper costs 9,000 dollars.\nTin is calm.", about)
    put(library, where, "Copper costs 9,100 dollars.\nTin is calm.", about, report_id)
    return report_id


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("list", "--shelf", "markets"), "0 reports\n"),
        (("list", "--as-of", "2020-01-01"), "0 reports as of 2020-01-01 23:59:59 UTC"),
        (("list", "--shelf", "metals", "--publisher", "HERON"), "1 report\n"),
        (("show", "reports/copper.md"), "version 2"),
        (("show", "in a HURRY"), "version 2"),
        (("history",), "revised"),
        (("history", "copper", "--limit", "1"), "the newest 1; --limit says how many"),
        (("history", "--since", "2999-01-01"), "nothing happened"),
        (("diff", "copper"), "Copper costs [-9,000-]{+9,100+} dollars."),
        (("diff", "copper", "--from", "2", "--to", "1"), "[-9,100-]{+9,000+}"),
        (("status",), "Owner        the bot (process "),
        (("queue",), "waiting"),
        (("cancel",), "run 1, check: it was taken out of the queue"),
    ],
)
def test_what_only_looks_works_beside_an_owner_and_without_the_model(
    home: Path, library: Library, arguments: tuple[str, ...], said: str
) -> None:
    """Neither Chroma nor torch is imported, and nobody is waited for."""
    put_versions(library, home)
    library.searches.close()
    library.runs.queue(Wish(task=Task.CHECK))
    owner = Ownership(home / "library")
    owner.take("the bot")
    try:
        code, output, errors = ran(home, *arguments, PYTHONPROFILEIMPORTTIME="1")
    finally:
        owner.give_up()
    assert code == 0
    assert said in output
    imported = {line.split("|")[-1].strip() for line in errors.splitlines()}
    assert "ingest.library.vectors" in imported
    assert not imported & {"chromadb", "torch", "sentence_transformers", "ingest.owner", "alembic"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "cobalt"), "no report is called 'cobalt'; 'python -m ingest list' shows them"),
        (("show", b"\xff"), "no report is called"),
        (("diff", "copper", "--to", "3"), "there is no version 3 of the report; it has 1, 2"),
        (("diff", "copper", "--from", "0"), "there is no version 0 of the report"),
        (("describe", "cobalt", "--title", "Tin"), "no report is called 'cobalt'"),
        (("describe", "copper"), "nothing was said of the report; see: python -m ingest describe"),
        (("describe", "copper", "--kind", "rumour"), 'write "broker report", "filing" or "news"'),
        (("drop", "https://a.example/"), "the library holds no report from https://a.example/"),
        (("cancel",), "nothing waits and nothing is being done"),
        (("cancel", "9"), "the library has no run 9"),
        (("import", "nowhere.tar.gz"), "nowhere.tar.gz is not there, or is no file"),
    ],
)
def test_what_cannot_be_shown_is_one_line(
    home: Path, library: Library, arguments: tuple[str | bytes, ...], message: str
) -> None:
    """Whoever asks for what there is not learns what there is; the exit code is 1."""
    put_versions(library, home)
    code, output, errors = ran(home, *arguments)
    assert (code, output) == (1, "")
    assert errors.startswith("error: ")
    assert errors.count("\n") == 1
    assert message in errors


def test_a_text_that_may_mean_several_reports_names_them(home: Path, library: Library) -> None:
    """Up to ten, with as much of their ids as tells them apart."""
    for number in range(12):
        put(library, source(f"copper-{number}.md"), f"Copper {number}.")
    code, _, errors = ran(home, "show", "copper")
    assert code == 1
    assert errors.startswith("error: 'copper' may be any of ")
    assert len(re.findall(r"\b[0-9a-f]{8} \(copper-\d+\.md\)", errors)) == 10
    assert errors.endswith(" and 2 more; give the beginning of an id\n")


def test_a_report_with_one_version_has_no_difference(home: Path, library: Library) -> None:
    """That is said, and is no error."""
    put(library, source("a.txt"), "Tin is calm.")
    assert ran(home, "diff", "a.txt") == (0, "a.txt has one version; it was never revised\n", "")


def test_a_version_that_was_swept_has_no_difference(home: Path, library: Library) -> None:
    """What is no longer kept cannot be compared; the setting that decides it is named."""
    put_versions(library, home)
    library.inventory.sweep(library.inventory.ended_before(datetime.now(UTC)), datetime.now(UTC))
    code, _, errors = ran(home, "diff", "copper")
    assert code == 1
    assert "what version 1 said is no longer kept; KEEP_VERSIONS_DAYS" in errors
    code, output, _ = ran(home, "show", "copper")
    assert (code, "swept" in output) == (0, True)


def test_which_run_is_meant_must_be_said_where_there_are_several(
    home: Path, library: Library
) -> None:
    """Nothing is cancelled that was not meant; one that has ended cannot be."""
    first, second = (library.runs.queue(Wish(task=Task.CHECK)) for _ in range(2))
    code, _, errors = ran(home, "cancel")
    assert (code, "runs 1, 2 have not ended; say which" in errors) == (1, True)
    code, output, _ = ran(home, "cancel", str(second))
    assert (code, output) == (0, "run 2, check: it was taken out of the queue\n")
    code, _, errors = ran(home, "cancel", str(second))
    assert (code, "run 2 has ended already" in errors) == (1, True)
    assert library.runs.run(first).state is State.QUEUED


def test_a_run_that_a_dead_owner_left_can_be_cancelled(home: Path, library: Library) -> None:
    """Nobody is waited for; the next owner does not do it."""
    run_id = library.runs.queue(Wish(task=Task.REBUILD))
    library.runs.take()
    code, output, _ = ran(home, "cancel")
    assert (code, output) == (0, "run 1, rebuild: it was taken out of the queue\n")
    assert library.runs.run(run_id).state is State.CANCELLED
    assert not Ownership(home / "library").is_held()


@pytest.mark.parametrize(
    ("end", "said", "codes"),
    [
        (
            lambda runs: runs.stop(1, "stopped after 0 of 1 files"),
            "stopped after 0 of 1 files",
            (0, 1),
        ),
        (lambda runs: runs.finish(1, IngestRun((), (), "", 1.0)), "it was done", (1, 0)),
    ],
)
def test_who_cancels_waits_until_the_run_has_ended(
    home: Path,
    library: Library,
    end: Callable[[Runs], None],
    said: str,
    codes: tuple[int, int],
) -> None:
    """What became of it is said: it was broken off, or done before it could be."""
    owner = Ownership(home / "library")
    owner.take("the bot")
    try:
        with started(home, "reports") as waiting:
            wait_until(lambda: library.runs.take() is not None)
            with started(home, "cancel", "1") as cancelling:
                wait_until(lambda: library.runs.is_cancelled(1))
                end(library.runs)
                output, errors = cancelling.communicate(timeout=60)
            _, waited = waiting.communicate(timeout=60)
    finally:
        owner.give_up()
    assert (output, errors) == (f"run 1, ingest: {said}\n", "")
    assert (cancelling.returncode, waiting.returncode) == codes
    assert (f"error: run 1: {said}" in waited) == (codes[1] == 1)


def test_a_library_is_checked_mended_exported_and_restored(home: Path, library: Library) -> None:
    """What is wrong exits with 3 and is named; what is restored holds the same."""
    put_versions(library, home)
    library.close()
    code, output, errors = ran(home, "check")
    assert (code, errors) == (0, "")
    assert re.search(r"^all well · \d+\.\d s$", output, re.MULTILINE)
    for folder in (home / "library").glob("words-*"):
        shutil.rmtree(folder)
    code, output, _ = ran(home, "check")
    assert code == 3
    assert output.startswith("wrong: ")
    assert "1 wrong · " in output
    code, output, _ = ran(home, "repair")
    assert (code, "all well" in output) == (0, True)
    assert ran(home, "check")[0] == 0
    code, output, errors = ran(home, "export", "all.tar.gz")
    assert (code, errors) == (0, "")
    assert f"wrote {home / 'all.tar.gz'}" in output
    code, _, errors = ran(home, "export", "all.tar.gz")
    assert (code, "all.tar.gz is there already" in errors) == (1, True)
    code, output, errors = ran(home, "import", "all.tar.gz", LIBRARY_DIR="restored")
    assert (code, errors) == (0, "")
    before, after = (ran(home, "list", LIBRARY_DIR=name) for name in ("library", "restored"))
    assert before == after
    code, _, errors = ran(home, "import", "all.tar.gz")
    assert (code, "holds reports" in errors) == (1, True)
    assert not Ownership(home / "restored").is_held()


def test_a_run_done_before_its_owner_died_says_so(home: Path, library: Library) -> None:
    """Who waits for an archive that is there already learns that it may be the one it wants."""
    put_versions(library, home)
    library.searches.close()
    owner = Ownership(home / "library")
    owner.take("the bot")
    with started(home, "export", "all.tar.gz") as process:
        wait_until(lambda: library.runs.take() is not None)
        (home / "all.tar.gz").touch()
        owner.give_up()
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "is there already" in errors
    assert errors.endswith("(this run was begun before, and may have been done then)\n")


def test_an_import_is_refused_where_somebody_owns_the_library(home: Path) -> None:
    """Nothing is restored under the feet of an owner."""
    fresh_library(home).close()
    (home / "all.tar.gz").touch()
    owner = Ownership(home / "library")
    owner.take("the bot")
    try:
        code, _, errors = ran(home, "import", "all.tar.gz")
    finally:
        owner.give_up()
    assert (code, "is in use by the bot" in errors) == (1, True)


def test_a_list_that_nobody_reads_to_its_end_is_no_fault(home: Path, library: Library) -> None:
    """A closed pipe ends the command without a traceback."""
    for number in range(2_000):
        library.catalog.fail(source(f"{number}.txt"), "it is empty " * 10)
    with started(home, "status") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
    assert "Traceback" not in errors
