"""python -m ingest: fill the library and look after it.

The composition root of ingestion: the one place of this side that reads settings and joins
the parts.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table

from ingest.embed import Embedder
from ingest.errors import FootnoteError, LibraryOwned
from ingest.journal import configure_logging
from ingest.library.library import Library
from ingest.library.opening import open_library
from ingest.library.ownership import Ownership
from ingest.library.runs import State, Wish
from ingest.pipeline import Pipeline
from ingest.records import Filter, IngestRun, Outcome
from ingest.service import Service
from ingest.settings import LibrarySettings, read_settings
from ingest.watching import plain, watch

ALL_WELL, NOTHING_DONE, USAGE, SOME_FAILED = 0, 1, 2, 3
_COMMANDS = ("add", "drop", "follow", "status")
_STYLES = {
    Outcome.ADDED: "green",
    Outcome.CHANGED: "cyan",
    Outcome.RENAMED: "cyan",
    Outcome.DROPPED: "yellow",
    Outcome.FAILED: "red",
}


def main(arguments: Sequence[str]) -> int:
    """Run one command.

    Args:
        arguments: what stands behind `python -m ingest`.

    Returns:
        The exit code: 0 all well, 1 nothing could be done, 2 usage, 3 some files failed.
    """
    options = _parser().parse_args(_with_command(arguments))
    console = Console(stderr=True, emoji=False)
    try:
        settings = read_settings(LibrarySettings)
        configure_logging(settings.log_level if options.command == "follow" else "ERROR")
        with closing(open_library(settings.library_dir, settings.chroma_url)) as library:
            return _obey(options, settings, library, console)
    except FootnoteError as error:
        _complain(console, str(error))
        return NOTHING_DONE


def _obey(
    options: argparse.Namespace, settings: LibrarySettings, library: Library, console: Console
) -> int:
    """Do what a command says; the exit code."""
    match options.command:
        case "add" | "drop":
            wish = Wish(
                tuple(str(Path(path).absolute()) for path in options.paths),
                prune=options.command == "add" and options.prune,
                force=options.command == "add" and options.force,
                drop=options.command == "drop",
            )
            return _do(settings, library, wish, console)
        case "follow":
            return _follow(settings, library, options.path or settings.reports_dir)
        case _:
            _show_status(library, Console(emoji=False))
            return ALL_WELL


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest", description="Fill the library and look after it."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add = commands.add_parser("add", help="ingest files and folders (the word may be left out)")
    add.add_argument("paths", nargs="+", metavar="PATH", help="file or folder of reports")
    add.add_argument("--prune", action="store_true", help="drop reports whose file is gone")
    add.add_argument(
        "--force",
        action="store_true",
        help="drop also when a path is missing or more than half of the files is gone",
    )
    drop = commands.add_parser("drop", help="take the reports read from a path out of the library")
    drop.add_argument("paths", nargs="+", metavar="PATH", help="file or folder, there or gone")
    follow = commands.add_parser("follow", help="ingest a folder and follow it until stopped")
    follow.add_argument("path", nargs="?", type=Path, help="the folder; REPORTS_DIR by default")
    commands.add_parser("status", help="show what the library holds and what failed")
    return parser


def _with_command(arguments: Sequence[str]) -> list[str]:
    """The arguments with `add` in front where the first is a path or an option of `add`."""
    first = arguments[0] if arguments else ""
    if not first or first in {*_COMMANDS, "-h", "--help"}:
        return list(arguments)
    return ["add", *arguments]


def _service(settings: LibrarySettings, library: Library) -> tuple[Service, Embedder]:
    embedder = Embedder(settings.embedder)
    pipeline = Pipeline(library, embedder, settings.largest_file_mb * 1_000_000)
    return Service(library, pipeline), embedder


def _do(settings: LibrarySettings, library: Library, wish: Wish, console: Console) -> int:
    """Queue a run, do it or have the owner do it, and show it either way."""
    run_id = library.runs.queue(wish)
    ownership = Ownership(settings.library_dir)
    work: tuple[Service, Embedder] | None = None

    def own() -> None:
        """Become the owner if there is none, also when the owner dies while one waits."""
        nonlocal work
        if work is None:
            with suppress(LibraryOwned):
                ownership.take(f"python -m ingest {' '.join(wish.paths)}")
                work = _service(settings, library)
                work[0].start()

    try:
        own()
        if work is None:
            _tell(console, f"queued for the library's owner, {ownership.owner()}")
        run = watch(library.runs, run_id, console, own)
        while run.state is State.STOPPED:
            # the owner left in the middle of it: the next one goes on, this process if need be
            run = watch(library.runs, library.runs.queue(wish), console, own)
    except KeyboardInterrupt:
        if work is None:
            _tell(console, f"left to the library's owner, {ownership.owner()}, to be done")
        else:
            _tell(console, "stopping; what was done stays done, the next run goes on from there")
        return NOTHING_DONE
    finally:
        if work is not None:
            work[0].stop()
            work[1].close()
            ownership.give_up()
    if run.result is None:
        _complain(console, run.reason)
        return NOTHING_DONE
    _show_summary(run.result, Console(emoji=False))
    return _exit_code(run.result)


def _tell(console: Console, message: str, before: str = "") -> None:
    # soft: where the output is no terminal, lines are not broken in the middle of a path
    console.print(f"{before}{plain(message)}", highlight=False, soft_wrap=True)


def _complain(console: Console, message: str) -> None:
    _tell(console, message, before="[red]error:[/] ")


def _show_summary(result: IngestRun, console: Console) -> None:
    """Print the counts, and below them what is worth a row: all but the plainly unchanged."""
    counts = ", ".join(f"{result.count(o)} {o}" for o in Outcome if result.count(o))
    console.print(f"{counts or 'nothing to ingest'} · {result.seconds:.1f} s", highlight=False)
    table = Table("Report", "Outcome", Column("Passages", justify="right"), "Why")
    for row in result.rows:
        if row.outcome is not Outcome.UNCHANGED or row.reason:
            table.add_row(
                plain(row.name),
                f"[{_STYLES.get(row.outcome, 'default')}]{row.outcome}[/]",
                str(row.passages) if row.passages else "",
                plain(row.reason),
            )
    for name in result.vanished:
        table.add_row(plain(name), "[yellow]gone[/]", "", "kept; --prune drops it")
    if table.row_count:
        console.print(table)
    if result.refused:
        console.print(f"[yellow]{plain(result.refused)}[/]", highlight=False)


def _exit_code(result: IngestRun) -> int:
    failed = result.count(Outcome.FAILED)
    if failed and failed == len(result.rows):
        return NOTHING_DONE
    return SOME_FAILED if failed or result.refused else ALL_WELL


def _follow(settings: LibrarySettings, library: Library, path: Path) -> int:
    """Own the library and follow a folder until interrupted or terminated."""
    ownership = Ownership(settings.library_dir)
    ownership.take(f"python -m ingest follow {path}")
    service, embedder = _service(settings, library)
    # held back in every thread from here on, until they are waited for
    ends = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    try:
        service.start([path])
        signal.sigwait(ends)
    finally:
        service.stop()
        embedder.close()
        ownership.give_up()
    return ALL_WELL


def _show_status(library: Library, console: Console) -> None:
    status = library.status(Filter())
    newest = status.newest.isoformat() if status.newest else "no dated report"
    last = f"{status.last_ingest:%Y-%m-%d %H:%M} UTC" if status.last_ingest else "never"
    facts = Table(show_header=False, title="Library")
    for name, value in (
        ("Reports", f"{status.reports} ({status.undated} undated)"),
        ("Passages", str(status.passages)),
        ("Newest", newest),
        ("Last ingest", last),
        ("Now", f"ingesting {status.running}" if status.running else "at rest"),
    ):
        facts.add_row(name, value)
    console.print(facts)
    if status.failures:
        failed = Table(title="Not ingested")
        failed.add_column("Report", overflow="fold")
        failed.add_column("Why", overflow="fold")
        for failure in status.failures:
            failed.add_row(plain(failure.name), plain(failure.reason))
        console.print(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
