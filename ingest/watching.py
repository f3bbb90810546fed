"""Showing how far a run of ingestion is, whoever does it."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from ingest.library.runs import ENDED, QueuedRun, Runs, State

_POLL_SECONDS = 0.1
_NAME_WIDTH = 40


def watch(runs: Runs, run_id: int, console: Console, meanwhile: Callable[[], None]) -> QueuedRun:
    """Show a run's progress until it has ended.

    Args:
        runs: the queue.
        run_id: which run.
        console: where the bar is drawn, if it is a terminal.
        meanwhile: called ten times a second.

    Returns:
        The run, ended.

    Raises:
        LibraryError: the queue cannot be read.
    """
    name = TextColumn("{task.description}", markup=False)
    # where the console is no terminal, rich would leave an empty line behind
    unseen = not console.is_terminal
    columns = (name, BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=unseen) as progress:
        bar = progress.add_task("waiting", total=None)
        while (run := runs.run(run_id)).state not in ENDED:
            begun = "waiting" if run.state is State.QUEUED else "reading"
            shown = printable(run.current[-_NAME_WIDTH:]) or begun
            progress.update(bar, completed=run.done, total=run.total or None, description=shown)
            meanwhile()
            time.sleep(_POLL_SECONDS)
    return run


def plain(text: str) -> str:
    """A text as rich's markup for it, where emoji codes are off: nothing in it is obeyed.

    Control characters and lone surrogates are replaced.
    """
    return escape(printable(text))


def printable(text: str) -> str:
    """A text with its control characters and lone surrogates replaced."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)
