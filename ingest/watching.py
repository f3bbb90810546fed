"""Showing how far a run is, whoever does it, and what others wrote without obeying it."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from ingest.library.runs import ENDED, QueuedRun, Runs, State

_POLL_SECONDS = 0.1
_NAME_CELLS = 40  # of a terminal; a Chinese character takes two

Told = Callable[[int, int, str], None]
"""Told how much is done, of how much, and what is next."""


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
    with progress_bar(console) as tell:
        while (run := runs.run(run_id)).state not in ENDED:
            tell(run.done, run.total, _now(run))
            meanwhile()
            time.sleep(_POLL_SECONDS)
    return run


@contextmanager
def progress_bar(console: Console) -> Iterator[Told]:
    """A bar for the length of a block, which is gone at its end.

    Args:
        console: where it is drawn; where that is no terminal, nothing is.

    Yields:
        What is to be told how far it is.
    """
    name = TextColumn("{task.description}", markup=False)
    # where the console is no terminal, rich would leave an empty line behind
    unseen = not console.is_terminal
    columns = (name, BarColumn(bar_width=None), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=unseen) as progress:
        task = progress.add_task("waiting", total=None)

        def tell(done: int, total: int, name: str) -> None:
            shown = _end_of(printable(name), _NAME_CELLS)
            progress.update(task, completed=done, total=total or None, description=shown)

        yield tell


def plain(text: str) -> str:
    """A text as rich's markup for it, where emoji codes are off: nothing in it is obeyed.

    It is `printable`.
    """
    return escape(printable(text))


def printable(text: str, keep: str = "") -> str:
    """A text as a terminal may be given it: what would be obeyed, or cannot be, is replaced.

    Args:
        text: any text.
        keep: characters that stay although a terminal obeys them, such as line breaks.

    Returns:
        As many characters: those that are shown, plain spaces for spaces of other widths, and
        replacement marks for the rest.
    """
    return "".join(letter if letter in keep else _shown(letter) for letter in text)


def _shown(letter: str) -> str:
    if letter.isprintable():
        return letter
    return " " if unicodedata.category(letter) == "Zs" else "\N{REPLACEMENT CHARACTER}"


def _now(run: QueuedRun) -> str:
    """What is being done of a run, in a few words."""
    if run.state is State.QUEUED:
        return "waiting"
    if run.state is State.CANCELLING:
        return "being broken off"
    return run.current or f"{run.wish.task}"


def _end_of(text: str, cells: int) -> str:
    """The end of a text, as much as fits into some cells of a terminal."""
    while cell_len(text) > cells:
        text = text[1:]
    return text
