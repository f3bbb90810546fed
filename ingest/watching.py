"""Showing how far a run of ingestion is, whoever does it."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from ingest.library.runs import QueuedRun, Runs, State

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
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    # where the console is no terminal, rich would leave an empty line behind
    unseen = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=unseen) as progress:
        bar = progress.add_task("waiting", total=None)
        while (run := runs.run(run_id)).state in {State.QUEUED, State.RUNNING}:
            begun = "waiting" if run.state is State.QUEUED else "reading"
            name = plain(run.current[-_NAME_WIDTH:]) or begun
            progress.update(bar, completed=run.done, total=run.total or None, description=name)
            meanwhile()
            time.sleep(_POLL_SECONDS)
    return run


def plain(text: str) -> str:
    """A text that rich shows as it is: no markup, no control or lone surrogate characters."""
    return escape("".join(letter if letter.isprintable() else "�" for letter in text))
