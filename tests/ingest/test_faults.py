"""Tests of ingestion where what it stands on fails: nothing is lost, doubled or mixed."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from ingest.errors import IndexUnavailable, LibraryError
from ingest.library.opening import open_library
from ingest.library.runs import Wish
from ingest.pipeline import Pipeline
from ingest.records import Filter, IngestRun, Outcome
from ingest.taking import Progress
from tests.e2e.chroma import chroma_server
from tests.embedders import WordEmbedder
from tests.ingest.engines import InlineEngine
from tests.ingest.filling_disk import REPORTS, text_of
from tests.ingest.library.shelves import put, source, vectors_of
from tests.ingest.mill import Mill, outcomes

COPPER = "Copper is cheap this year."
DEAR = "Copper is dear this year."
CHIPS = "Chips are scarce again."
_FILES = 12


@pytest.fixture
def mill(tmp_path: Path) -> Iterator[Mill]:
    """An empty folder and an empty library."""
    mill = Mill(tmp_path)
    yield mill
    mill.library.close()


def on_a_small_disk(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command while a folder is a file system of a hundred megabytes, seen by it alone.

    Skips the test where this user may not make one. What hangs on a full disk is an error.
    """
    alone = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    mount = f"mount -t tmpfs -o size=100m none {shlex.quote(str(folder))}"
    tried = subprocess.run([*alone, "sh", "-c", mount], capture_output=True, check=False)
    if tried.returncode:
        pytest.skip(f"no small file system can be made here ({tried.stderr.decode().strip()})")
    return subprocess.run(
        [*alone, "sh", "-c", f"{mount} && exec {shlex.join(command)}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a file system as Linux does")
def test_a_full_disk_costs_nothing_but_time(tmp_path: Path) -> None:
    """Wherever it fills up, old or new is shown whole, that is said, and the next run mends it.

    The process that met the full disk is the one that goes on, as an owner does.
    """
    ran = on_a_small_disk(
        tmp_path, sys.executable, "-m", "tests.ingest.filling_disk", str(tmp_path)
    )
    assert ran.returncode == 0, ran.stderr
    happened = json.loads(ran.stdout)
    for version, each in enumerate(happened, start=1):
        told = f"{each['free']} KB free: {each['said']}"
        assert each["said"] == "done" or "disk" in each["said"], told
        for shown in each["then"]:
            assert len(shown) == len(REPORTS), told
            for texts in shown:
                assert texts in [
                    passages_of(metal, v) for metal in REPORTS for v in (version - 1, version)
                ], told
        assert each["then"][0] == each["then"][1], told
        new = sorted(passages_of(metal, version) for metal in REPORTS)
        assert each["after"] == [new, new], told
        assert each["wrong"] == [], told
    assert any(each["said"] != "done" for each in happened)
    assert happened[-1]["said"] == "done"


def passages_of(metal: str, version: int) -> list[str]:
    """The passages of a report of the small disk, sorted: its title stands with the first."""
    title, first, *rest = text_of(metal, version).split("\n\n")
    return sorted([f"{title}\n\n{first}", *rest])


def test_a_batch_that_chroma_refuses_leaves_what_was(mill: Mill) -> None:
    """A revision of which Chroma takes nothing is not shown; written in its measure, it is."""
    where = source("long.txt")
    report_id = put(mill.library, where, "Copper is cheap.\nTin is bright.")
    long = "\n".join(f"Lot {number} of copper is dear." for number in range(6_000))
    search = mill.library.search()
    assert search is not None
    taken, search.vectors._batch = search.vectors._batch, 6_000
    with pytest.raises(IndexUnavailable, match=r"Chroma could not write.*[Bb]atch"):
        put(mill.library, where, long, report_id=report_id)
    assert mill.library.text_of(mill.library.reports(Filter(), 0, 9)[0]).startswith("Copper")
    assert {hit.passage.text for hit in mill.library.matching("copper dear lot", Filter(), 99)} == {
        "Copper is cheap."
    }
    search.vectors._batch = taken
    put(mill.library, where, long, report_id=report_id)
    assert mill.library.status(Filter()).passages == 6_000
    assert vectors_of(mill.library).count() == 6_002


async def test_a_chroma_server_that_goes_away_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run in the middle of which the server dies is refused; the next one goes on from there."""
    monkeypatch.setattr("ingest.taking._BATCH_PASSAGES", 4)
    reports = tmp_path / "reports"
    reports.mkdir()
    for number in range(_FILES):
        much = f"Copper lot {number} is cheap. " * 25  # so much that it is a passage
        text = f"Report {number}\n\n{much}\n\nTin lot {number} is bright."
        (reports / f"{number:02}.txt").write_text(text, encoding="utf-8")
    reached, gone = Event(), Event()

    def told(done: int, _total: int, _name: str) -> None:
        if done == _FILES // 2:
            reached.set()
            gone.wait()

    def run(address: str, progress: Progress) -> tuple[IngestRun, int]:
        with closing(open_library(tmp_path / "library", address)) as library:
            pipeline = Pipeline(library, InlineEngine(WordEmbedder()), 20_000)
            result = pipeline.run(Wish((str(reports),)), progress, lambda: False)
            return result, vectors_of(library).count()

    async with chroma_server(tmp_path / "chroma") as address:
        first = asyncio.create_task(asyncio.to_thread(run, address, told))
        await asyncio.to_thread(reached.wait)
    gone.set()
    with pytest.raises(IndexUnavailable, match=r"Chroma could not write .*its server running"):
        await first
    async with chroma_server(tmp_path / "chroma") as address:
        result, vectors = await asyncio.to_thread(run, address, lambda *_: None)
    assert 0 < result.count(Outcome.UNCHANGED) < _FILES
    assert result.count(Outcome.UNCHANGED) + result.count(Outcome.ADDED) == _FILES
    assert vectors == 2 * _FILES


def test_a_busy_database_refuses_the_run_and_keeps_what_was(
    mill: Mill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waited in vain for another writer says so; what was stays, the next run goes on."""
    mill.write("a.txt", COPPER)
    mill.run()
    mill.library.close()
    monkeypatch.setattr("ingest.library.database._BUSY_SECONDS", 0.1)
    mill.reopen()
    mill.write("a.txt", DEAR)
    with closing(sqlite3.connect(tmp_path / "library" / "catalog.sqlite")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryError, match=r"catalog\.sqlite failed \(database is locked\)"):
            mill.run()
        assert mill.found("copper") == {COPPER}
    assert outcomes(mill.run()) == {"a.txt": "changed"}
    assert mill.found("copper") == {DEAR}


@pytest.mark.parametrize("when", [1, 2, 3])
def test_a_file_that_changes_under_the_run_is_one_text_or_the_other(mill: Mill, when: int) -> None:
    """Changed between any two looks at it, a file is shown as it was or is, and then as it is."""
    mill.write("a.txt", COPPER)
    mill.write("b.txt", CHIPS)
    calls = 0

    def changing(_done: int, _total: int, _name: str) -> None:
        nonlocal calls
        calls += 1
        if calls == when:
            mill.write("a.txt", DEAR)

    mill.pipeline.run(mill.wish(), changing, lambda: False)
    assert mill.found("copper chips") in [{COPPER, CHIPS}, {DEAR, CHIPS}]
    mill.run()
    assert mill.found("copper chips") == {DEAR, CHIPS}


@pytest.mark.parametrize("when", [1, 2, 3])
def test_a_file_that_vanishes_under_the_run_costs_only_itself(mill: Mill, when: int) -> None:
    """Gone between any two looks at it, a file is a row with that reason, or was read before."""
    path = mill.write("a.txt", COPPER)
    mill.write("b.txt", CHIPS)
    calls = 0

    def vanishing(_done: int, _total: int, _name: str) -> None:
        nonlocal calls
        calls += 1
        if calls == when:
            path.unlink()

    run = mill.pipeline.run(mill.wish(), vanishing, lambda: False)
    [row] = [row for row in run.rows if row.name == "a.txt"]
    if row.outcome is Outcome.FAILED:
        assert "a.txt is not there any more" in row.reason
    else:
        assert row.outcome is Outcome.ADDED
    assert outcomes(run)["b.txt"] == "added"
    assert mill.found("chips") >= {CHIPS}
    mill.run(prune=True, force=True)
    assert mill.found("copper chips") == {CHIPS}


def test_a_version_outlives_a_file_that_vanishes_while_it_is_read(mill: Mill) -> None:
    """What was said before is shown until the next run sees that the file is gone."""
    path = mill.write("a.txt", COPPER)
    mill.write("b.txt", CHIPS)
    mill.run()
    mill.write("a.txt", DEAR)
    run = mill.pipeline.run(mill.wish(), lambda *_: path.unlink(missing_ok=True), lambda: False)
    assert outcomes(run)["a.txt"] == "failed"
    assert mill.live("a.txt") == COPPER
