"""Tests of what a run makes of reports whose files are gone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import SourceError
from ingest.library.runs import Task, Wish
from ingest.records import Filter, IngestRun
from tests.ingest.mill import Mill, outcomes

COPPER = "Copper is cheap this year."
CHIPS = "Chips are scarce again."


@pytest.fixture
def mill(tmp_path: Path) -> Iterator[Mill]:
    """An empty folder and an empty library."""
    mill = Mill(tmp_path)
    yield mill
    mill.library.close()


def fill(mill: Mill, count: int) -> None:
    """Ingest so many files: 0.txt, 1.txt and so on."""
    for number in range(count):
        mill.write(f"{number}.txt", f"Copper costs {number} today.")
    mill.run()


def live(mill: Mill) -> int:
    """How many reports the library shows."""
    return len(mill.library.reports(Filter(), 0, 99))


def drop(mill: Mill, *paths: Path) -> IngestRun:
    """Take what was read from paths out of the library."""
    wish = Wish(tuple(map(str, paths)), task=Task.DROP)
    return mill.pipeline.run(wish, lambda *_: None, lambda: False)


def test_what_is_gone_is_told_and_kept(mill: Mill) -> None:
    """Without being asked to, a run drops nothing."""
    fill(mill, 3)
    (mill.reports / "1.txt").unlink()
    run = mill.run()
    assert outcomes(run) == {"0.txt": "unchanged", "2.txt": "unchanged"}
    assert (run.vanished, run.refused) == (("1.txt",), "")
    assert live(mill) == 3


def test_what_is_gone_is_dropped_when_asked(mill: Mill) -> None:
    """With prune it is a row of its own and no search finds it."""
    fill(mill, 2)
    mill.write("a.txt", CHIPS)
    mill.run()
    (mill.reports / "a.txt").unlink()
    run = mill.run(prune=True)
    assert outcomes(run)["a.txt"] == "dropped"
    assert (run.vanished, run.refused) == ((), "")
    assert CHIPS not in mill.found("chips scarce")
    assert live(mill) == 2


@pytest.mark.parametrize(
    ("known", "deleted", "added", "refused"),
    [
        (2, 1, 0, False),
        (3, 2, 0, True),
        (1, 1, 0, True),
        # new files make the loss of the old ones no smaller
        (2, 2, 3, True),
    ],
)
def test_more_than_half_is_dropped_by_force_alone(
    mill: Mill, known: int, deleted: int, added: int, refused: bool
) -> None:
    """Where more than half of what was known is gone, a folder may be the wrong one."""
    fill(mill, known)
    for number in range(deleted):
        (mill.reports / f"{number}.txt").unlink()
    for number in range(added):
        mill.write(f"new {number}.txt", f"Chips cost {number} today.")
    run = mill.run(prune=True)
    kept = known + added if refused else known + added - deleted
    assert live(mill) == kept
    assert len(run.vanished) == (deleted if refused else 0)
    expected = f"{deleted} of {known} reports are gone from {mill.reports}" if refused else ""
    assert run.refused.startswith(expected)
    assert ("--prune --force" in run.refused) is refused
    mill.run(prune=True, force=True)
    assert live(mill) == known + added - deleted


def test_renamed_files_are_not_gone(mill: Mill) -> None:
    """A folder whose every file was renamed has lost nothing."""
    fill(mill, 3)
    for number in range(3):
        (mill.reports / f"{number}.txt").rename(mill.reports / f"report {number}.txt")
    run = mill.run(prune=True)
    assert set(outcomes(run).values()) == {"renamed"}
    assert (run.vanished, run.refused, live(mill)) == ((), "", 3)


@pytest.mark.parametrize("prune", [False, True])
def test_a_missing_folder_changes_nothing(mill: Mill, prune: bool) -> None:
    """A path that is not there is refused, also beside one that is, and says what to do."""
    fill(mill, 2)
    there = mill.write("more/a.txt", CHIPS).parent
    moved = mill.reports.rename(mill.reports.parent / "elsewhere")
    with pytest.raises(SourceError, match=r"reports is not there; .*--prune --force$"):
        mill.run(mill.reports, moved, prune=prune)
    assert live(mill) == 2
    assert not there.exists()


def test_a_missing_folder_is_emptied_by_force(mill: Mill) -> None:
    """With force and prune everything that was read from it is dropped."""
    fill(mill, 3)
    shutil.rmtree(mill.reports)
    assert mill.run(force=True).vanished == ("0.txt", "1.txt", "2.txt")
    assert live(mill) == 3
    assert outcomes(mill.run(prune=True, force=True)) == dict.fromkeys(
        ("0.txt", "1.txt", "2.txt"), "dropped"
    )
    assert live(mill) == 0


def test_a_path_that_cannot_be_looked_at_is_not_missing(mill: Mill) -> None:
    """What cannot be seen must not seem to have vanished, not even by force."""
    with pytest.raises(SourceError, match="cannot be looked at"):
        mill.run(mill.reports / ("x" * 300), prune=True, force=True)


@pytest.mark.parametrize("other", ["reports-old", "Reports", "report", "reports%", "rep_rts"])
def test_only_what_is_under_the_path_is_dropped(mill: Mill, other: str) -> None:
    """A folder whose name resembles the path's loses nothing, whatever is gone from it."""
    beside = mill.reports.parent / other
    beside.mkdir()
    (beside / "a.txt").write_text(CHIPS, encoding="utf-8")
    mill.run(beside)
    shutil.rmtree(beside)
    fill(mill, 2)
    (mill.reports / "1.txt").unlink()
    assert "a.txt" not in outcomes(mill.run(prune=True, force=True))
    assert live(mill) == 2
    assert mill.found("chips") >= {CHIPS}


def test_a_single_file_may_be_the_path(mill: Mill) -> None:
    """Where a file is named itself, only its own report can be dropped."""
    fill(mill, 2)
    (mill.reports / "0.txt").unlink()
    (mill.reports / "1.txt").unlink()
    mill.run(mill.reports / "0.txt", prune=True, force=True)
    assert [report.name for report in mill.library.reports(Filter(), 0, 9)] == ["1.txt"]


def test_a_report_that_comes_back_is_itself_again(mill: Mill) -> None:
    """What was dropped and returns to its old place has its old id and needs no embedding."""
    fill(mill, 3)
    report, embedded = mill.id_of("0.txt"), len(mill.embedder.embedded)
    content = (mill.reports / "0.txt").read_bytes()
    (mill.reports / "0.txt").unlink()
    mill.run(prune=True)
    mill.write("0.txt", content)
    assert outcomes(mill.run())["0.txt"] == "added"
    assert mill.id_of("0.txt") == report
    assert len(mill.embedder.embedded) == embedded


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_is_dropped_on_request(mill: Mill, there: bool) -> None:
    """What was read from a path goes, whether its files are there or not, and nothing else."""
    mill.write("old/a.txt", COPPER)
    mill.write("old/bad.txt", b"")
    mill.write("new/b.txt", CHIPS)
    mill.run()
    if not there:
        shutil.rmtree(mill.reports / "old")
    assert outcomes(drop(mill, mill.reports / "old")) == {"old/a.txt": "dropped"}
    assert mill.found("copper chips") == {CHIPS}
    assert mill.library.catalog.failures() == []


def test_dropping_what_was_never_there_is_an_error(mill: Mill) -> None:
    """Who mistypes a path learns that nothing was read from it."""
    fill(mill, 1)
    with pytest.raises(SourceError, match=r"no report from .*reportz; .* Check the path"):
        drop(mill, mill.reports.parent / "reportz")
    assert live(mill) == 1
