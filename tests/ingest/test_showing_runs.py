"""Tests of how runs, what came of them, and the library at a glance are shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from ingest.library.indexes import Writing
from ingest.library.library import Library
from ingest.library.ownership import Ownership
from ingest.library.runs import QueuedRun, State, Task, Wish
from ingest.records import Findings, IngestRun, Outcome, Row
from ingest.showing_runs import show_findings, show_queue, show_run, show_status
from tests.ingest.library.shelves import fresh_library, put, source, vectors_of
from tests.ingest.screen import ODD, ODD_AS_SHOWN, shown

LONG = "technology/" + "very-" * 30 + "long.md"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library in the folder "library"."""
    library = fresh_library(tmp_path)
    yield library
    library.close()


@pytest.fixture
def owner(tmp_path: Path) -> Ownership:
    """The library's lock, held by nobody."""
    return Ownership(tmp_path / "library")


def test_a_run_is_counted_and_what_is_worth_a_row_has_one() -> None:
    """The plainly unchanged are counted alone; a reason stands below its report."""
    rows = (
        Row("a.md", Outcome.ADDED, "", 12),
        Row("b.md", Outcome.UNCHANGED),
        Row("c.md", Outcome.UNCHANGED, "a copy of a.md"),
        Row(ODD, Outcome.FAILED, "it is empty"),
    )
    result = IngestRun(rows, ("gone.md",), "most are gone", 1.26)
    output = shown(lambda console: show_run(result, console))
    assert [line.rstrip() for line in output.splitlines()] == [
        "1 added, 2 unchanged, 1 failed · 1.3 s",
        "",
        "What       Passages  Report",
        f"─────────────────────{'─' * len(ODD_AS_SHOWN)}",
        "added            12  a.md",
        "unchanged            c.md",
        "                     a copy of a.md",
        f"failed               {ODD_AS_SHOWN}",
        "                     it is empty",
        "gone                 gone.md",
        "                     kept; --prune drops it",
        "",
        "most are gone",
    ]


def test_a_run_without_anything_worth_a_row_is_one_line() -> None:
    """An unchanged folder is no table."""
    result = IngestRun((Row("a.md", Outcome.UNCHANGED),), (), "", 0.04)
    assert shown(lambda console: show_run(result, console)) == "1 unchanged · 0.0 s\n"
    empty = IngestRun((), (), "", 0.04)
    assert shown(lambda console: show_run(empty, console)) == "nothing to ingest · 0.0 s\n"


def test_a_long_name_is_broken_and_not_cut() -> None:
    """A path that does not fit is shown to its end."""
    result = IngestRun((Row(LONG, Outcome.CHANGED, f"was {LONG}"),), (), "", 1)
    output = shown(lambda console: show_run(result, console))
    assert max(map(cell_len, output.splitlines())) <= 80
    assert "".join(output.split()).count(LONG) == 2


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        (Findings((), ("checked",), 0.71), ["checked", "all well · 0.7 s"]),
        (
            Findings(("a vector is missing; repair makes it", ODD), ("checked",), 1),
            [
                "wrong: a vector is missing; repair makes it",
                f"wrong: {ODD_AS_SHOWN}",
                "checked",
                "2 wrong · 1.0 s",
            ],
        ),
    ],
)
def test_findings_are_a_line_each(found: Findings, lines: list[str]) -> None:
    """First what is wrong, then what was done, then whether all is well."""
    assert shown(lambda console: show_findings(found, console)).splitlines() == lines


def run(number: int, state: State, wish: Wish, done: int = 0, total: int = 0) -> QueuedRun:
    """A run that has not ended."""
    return QueuedRun(number, state, wish, done, total, "", None, "", None)


def test_the_queue_says_of_each_run_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Number, task, state, progress, and what it is of."""
    monkeypatch.chdir(tmp_path)
    runs = [
        run(7, State.RUNNING, Wish((str(tmp_path / "reports"), "/other")), 3, 11),
        run(8, State.QUEUED, Wish(task=Task.REEMBED, model=ODD)),
        run(9, State.QUEUED, Wish(task=Task.CHECK)),
    ]
    lines = shown(lambda console: show_queue(runs, console, owned=True)).splitlines()
    assert [line.rstrip() for line in lines] == [
        "Run  What     State       Progress  Of",
        "───────────────────────────────────────────────────────────",
        "  7  ingest   being done  3 of 11   reports, /other",
        f"  8  reembed  waiting               {ODD_AS_SHOWN}",
        "  9  check    waiting",
    ]
    assert shown(lambda console: show_queue([], console, owned=True)) == "nothing waits\n"


@pytest.mark.parametrize(
    ("state", "owned", "said"),
    [
        (State.RUNNING, True, "being done"),
        (State.CANCELLING, True, "being broken off"),
        (State.RUNNING, False, "left unfinished"),
        (State.CANCELLING, False, "left unfinished"),
        (State.QUEUED, False, "waiting"),
    ],
)
def test_a_run_whose_owner_is_gone_is_not_being_done(state: State, owned: bool, said: str) -> None:
    """Nobody works a queue without an owner."""
    one = run(7, state, Wish())
    assert f"  {said}  " in shown(lambda console: show_queue([one], console, owned=owned))


def facts(output: str) -> dict[str, str]:
    """The lines of a status by their names."""
    parts = (line.partition("  ") for line in output.splitlines())
    return {name: value.strip() for name, _, value in parts}


def test_the_status_of_an_empty_library(library: Library, owner: Ownership) -> None:
    """Nothing is there, nothing has happened, and that is said."""
    output = shown(lambda console: show_status(library, owner, console))
    assert facts(output) == {
        "Reports": "0 (0 undated)",
        "Passages": "0",
        "Newest": "no dated report",
        "Last ingest": "never",
        "Owner": "nobody",
        "Now": "at rest",
        "Embedder": "none yet",
    }


def test_the_status_of_a_library_at_work(library: Library, owner: Ownership) -> None:
    """Who owns it, what is being done and waits, what wrote it, how many vectors are dead."""
    report_id = put(library, source("a.txt"), "Copper is dear.\nTin is calm.")
    put(library, source("a.txt"), "Copper is dear.\nTin is not.", report_id=report_id)
    held = vectors_of(library).count()
    index = library.indexes.live()
    assert index is not None
    library.inventory.note_slots(index.id, held + 5)
    library.indexes.make(Writing("other@1", 8, "paragraphs"))
    first = library.runs.queue(Wish(("/reports",)))
    library.runs.queue(Wish(task=Task.CHECK))
    library.runs.take()
    library.runs.progress(first, 3, 11, "a.txt")
    owner.take("the bot [bold]")
    try:
        output = shown(lambda console: show_status(library, owner, console), 120)
    finally:
        owner.give_up()
    said = facts(output)
    assert said["Reports"] == "1 (1 undated)"
    assert said["Owner"].startswith("the bot [bold] (process ")
    assert said["Now"] == "ingest (run 1), 3 of 11 being done, 1 waiting"
    assert said["Embedder"] == index.writing.embedder
    assert said["Vectors"] == f"{held} in {held + 5} places, 5 dead"
    assert said["In the making"] == "other@1"


def test_the_status_after_an_owner_died(library: Library, owner: Ownership) -> None:
    """What it had begun is not being done."""
    library.runs.queue(Wish(("/reports",)))
    library.runs.take()
    output = shown(lambda console: show_status(library, owner, console))
    assert facts(output)["Now"] == "ingest (run 1), left unfinished"


def test_the_status_names_what_failed(library: Library, owner: Ownership) -> None:
    """Each file with its reason below, none of it cut."""
    library.catalog.fail(source(LONG), "it is empty; copy it again")
    library.catalog.fail(source(ODD), "it is odd")
    output = shown(lambda console: show_status(library, owner, console))
    assert max(map(cell_len, output.splitlines())) <= 80
    packed = "".join(output.split())
    assert LONG in packed
    assert "itisempty;copyitagain" in packed
    assert ODD_AS_SHOWN in output
