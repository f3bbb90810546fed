"""Tests of showing how far a run is."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from ingest.errors import LibraryError
from ingest.library.database import open_database
from ingest.library.runs import Runs, State, Wish
from ingest.library.schema import metadata
from ingest.records import IngestRun, Outcome, Row
from ingest.watching import plain, printable, progress_bar, watch

RESULT = IngestRun((Row("a.txt", Outcome.ADDED, "", 3),), (), "", 1.5)


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    """An empty queue."""
    return Runs(open_database(tmp_path / "catalog.sqlite", metadata.create_all))


def drawn(runs: Runs, *, terminal: bool) -> tuple[State, str]:
    """How a run ends that is taken while it is watched, and what the console showed of it."""
    run_id = runs.queue(Wish(("/reports",)))
    steps: list[Callable[[], object]] = [
        lambda: None,
        runs.take,
        lambda: runs.progress(run_id, 1, 3, "[bold]odd\x1b[31m :100:.txt"),
        lambda: runs.progress(run_id, 3, 3, ""),
        lambda: runs.finish(run_id, RESULT),
    ]
    console = Console(file=io.StringIO(), force_terminal=terminal, color_system=None, width=100)

    def meanwhile() -> None:
        steps.pop(0)()

    run = watch(runs, run_id, console, meanwhile)
    assert steps == []
    assert run.result == RESULT
    assert isinstance(console.file, io.StringIO)
    return run.state, console.file.getvalue()


def test_a_terminal_shows_each_step(runs: Runs) -> None:
    """That a run waits, what it reads and how far it is; a name is shown as it is, unharmed."""
    state, shown = drawn(runs, terminal=True)
    assert state is State.DONE
    for expected in (
        "waiting",
        "ingest",
        "1/3",
        "3/3",
        "[bold]odd\N{REPLACEMENT CHARACTER}[31m :100:",
    ):
        assert expected in shown
    assert "\x1b[31m" not in shown


def test_nothing_is_drawn_where_nobody_looks(runs: Runs) -> None:
    """A log file or a pipe gets no bar, not even an empty line."""
    assert drawn(runs, terminal=False) == (State.DONE, "")


def test_a_run_that_came_to_nothing_is_no_longer_watched(runs: Runs) -> None:
    """Who watches a run that is refused gets it back with its reason."""
    run_id = runs.queue(Wish(("/reports",)))
    console = Console(file=io.StringIO())
    run = watch(runs, run_id, console, lambda: runs.refuse(run_id, "the disk is full"))
    assert (run.result, run.reason) == (None, "the disk is full")


def test_a_run_that_is_none_is_not_waited_for(runs: Runs) -> None:
    """An id that was never given out is an error at once."""
    with pytest.raises(LibraryError, match="no run 7"):
        watch(runs, 7, Console(file=io.StringIO()), lambda: None)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a.txt", "a.txt"),
        ("价格 – 2024.pdf", "价格 – 2024.pdf"),
        ("[red]a[/red].txt", "[red]a[/red].txt"),
        ("[/]", "[/]"),
        ("two\nlines\t", "two\N{REPLACEMENT CHARACTER}lines\N{REPLACEMENT CHARACTER}"),
        ("\x1b]0;title\x07", "\N{REPLACEMENT CHARACTER}]0;title\N{REPLACEMENT CHARACTER}"),
        ("lone \udcff", "lone \N{REPLACEMENT CHARACTER}"),
        (":warning: :100:", ":warning: :100:"),
        ("a\u00a0b\u3000c", "a b c"),
        ("txt.\u202ecod", "txt.\N{REPLACEMENT CHARACTER}cod"),
    ],
)
def test_a_text_is_shown_as_it_is(text: str, shown: str) -> None:
    """No markup of it works, and what a terminal would obey is replaced."""
    console = Console(file=io.StringIO(), width=100, emoji=False)
    console.print(plain(text), highlight=False)
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue() == f"{shown}\n"


@given(st.text())
def test_any_text_can_be_shown(text: str) -> None:
    """Whatever a text holds, rich shows all of its printable characters, between styles too."""
    console = Console(file=io.StringIO(), emoji=False)
    console.print(f"[red]{plain(text)}[/]", highlight=False, soft_wrap=True)
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue() == f"{printable(text)}\n"


@given(st.text())
def test_what_is_shown_is_as_long_as_the_text(text: str) -> None:
    """Letters stay, spaces become plain ones, the rest is a mark; what is kept is kept."""
    shown = printable(text)
    assert len(shown) == len(text)
    assert shown.isprintable()
    for was, now in zip(text, shown, strict=True):
        assert now == was or (now == " ") is (unicodedata.category(was) == "Zs")
    kept = printable(text, keep="\n\t")
    assert [letter in "\n\t" for letter in kept] == [letter in "\n\t" for letter in text]


@pytest.mark.parametrize("name", ["short.md", "算力" * 60, "x" * 200])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_bar_fits_a_line(name: str, width: int) -> None:
    """However long and wide a name is, its end is shown and the bar keeps to one line."""
    console = Console(
        file=io.StringIO(),
        force_terminal=True,
        color_system=None,
        width=width,
        legacy_windows=False,
    )
    with progress_bar(console) as tell:
        tell(12, 345, name)
    assert isinstance(console.file, io.StringIO)
    lines = re.split(r"[\r\n]", re.sub(r"\x1b\[[\d?]*[A-Za-z]", "", console.file.getvalue()))
    assert max(map(cell_len, lines)) <= width
    assert any(line.startswith(name[-20:]) or name[-20:] in line for line in lines)
    assert any("12/345" in line for line in lines)


def test_a_run_that_is_broken_off_is_said(runs: Runs) -> None:
    """Who waits sees that a run is being broken off, until it has ended."""
    run_id = runs.queue(Wish(("/reports",)))
    runs.take()
    runs.cancel(run_id)
    console = Console(file=io.StringIO(), force_terminal=True, color_system=None, width=100)
    seen: list[bool] = []

    def meanwhile() -> None:
        if seen:
            runs.stop(run_id, "stopped after 1 of 3 files")
        seen.append(True)

    run = watch(runs, run_id, console, meanwhile)
    assert (run.state, run.reason) == (State.CANCELLED, "stopped after 1 of 3 files")
    assert isinstance(console.file, io.StringIO)
    assert "being broken off" in console.file.getvalue()
