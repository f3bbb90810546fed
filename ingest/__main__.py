"""python -m ingest: fill the library and look after it.

The composition root of ingestion: the one place of this side that reads settings and joins
the parts.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime, time
from pathlib import Path

from rich.console import Console

from ingest.changes import changes
from ingest.errors import FootnoteError, LibraryError, LibraryOwned
from ingest.journal import configure_logging
from ingest.library.library import Library
from ingest.library.opening import open_library
from ingest.library.ownership import Ownership
from ingest.library.runs import State, Task, Wish
from ingest.records import Filter, Findings, IngestRun, Outcome
from ingest.service import Service
from ingest.settings import LibrarySettings, read_settings
from ingest.showing import (
    show_changes,
    show_events,
    show_findings,
    show_list,
    show_queue,
    show_report,
    show_run,
    show_status,
)
from ingest.watching import plain, watch

ALL_WELL, NOTHING_DONE, USAGE, SOME_FAILED = 0, 1, 2, 3
_TASKS = {
    "add": Task.INGEST,
    "drop": Task.DROP,
    "check": Task.CHECK,
    "repair": Task.REPAIR,
    "rebuild": Task.REBUILD,
    "reembed": Task.REEMBED,
    "export": Task.EXPORT,
}
_MANY = 1_000_000  # more reports than a library has


def main(arguments: Sequence[str]) -> int:
    """Run one command.

    Args:
        arguments: what stands behind `python -m ingest`.

    Returns:
        The exit code: 0 all well, 1 nothing could be done, 2 usage, 3 some files failed, or
        something is wrong with the library.
    """
    parser = _parser()
    options = parser.parse_args(_with_command(arguments, parser))
    console = Console(stderr=True, emoji=False)
    try:
        settings = read_settings(LibrarySettings)
        configure_logging(settings.log_level if options.command == "follow" else "ERROR")
        if options.command == "import":
            return _import(settings, options.file, console)
        with closing(open_library(settings.library_dir, settings.chroma_url)) as library:
            return _obey(options, settings, library, console)
    except FootnoteError as error:
        _complain(console, str(error))
        return NOTHING_DONE


def _obey(
    options: argparse.Namespace, settings: LibrarySettings, library: Library, console: Console
) -> int:
    """Do what a command says; the exit code."""
    output = Console(emoji=False)
    match options.command:
        case "follow":
            return _follow(settings, library, options.path or settings.reports_dir)
        case "list":
            shown = Filter(
                shelves=frozenset({options.shelf}) if options.shelf else None,
                publishers=frozenset({options.publisher}) if options.publisher else None,
                as_of=options.as_of,
            )
            show_list(library.reports(shown, 0, _MANY), output)
        case "show":
            show_report(library, _the(library, options.report), output)
        case "history":
            report_id = _the(library, options.report) if options.report else None
            limit = options.limit or None
            show_events(library.history.events(report_id=report_id, limit=limit), output)
        case "diff":
            return _diff(library, options, output)
        case "queue":
            show_queue(library.runs.waiting(), output)
        case "cancel":
            return _cancel(library, options.run, output)
        case "status":
            show_status(library, Ownership(settings.library_dir), output)
        case _:
            return _do(settings, library, _wish(options), console)
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
    commands.add_parser("status", help="the library at a glance, and what failed")

    listing = commands.add_parser("list", help="the reports, newest first")
    listing.add_argument("--shelf", help="only those on this shelf")
    listing.add_argument("--publisher", help="only those of this publisher")
    listing.add_argument(
        "--as-of",
        type=_moment,
        metavar="DATE",
        help="as the library was then: 2026-11-01 (its end, UTC) or 2026-11-01T09:30",
    )
    a_report = "beginning of its id, its file's name, or a part of its title"
    show = commands.add_parser("show", help="one report: its addresses and its versions")
    show.add_argument("report", metavar="REPORT", help=a_report)
    history = commands.add_parser("history", help="what was added, revised, dropped, restored")
    history.add_argument("report", nargs="?", metavar="REPORT", help=a_report)
    history.add_argument("--limit", type=int, default=50, help="the newest so many; 0 for all")
    diff = commands.add_parser("diff", help="what a revision changed, figures first")
    diff.add_argument("report", metavar="REPORT", help=a_report)
    diff.add_argument("--from", type=int, dest="earlier", metavar="N", help="version before")
    diff.add_argument("--to", type=int, dest="later", metavar="N", help="version after")

    commands.add_parser("queue", help="what waits to be done")
    cancel = commands.add_parser("cancel", help="take a run out of the queue, or break it off")
    cancel.add_argument("run", nargs="?", type=int, metavar="RUN", help="the one being done")

    commands.add_parser("check", help="see that catalog, originals and both indexes agree")
    commands.add_parser("repair", help="mend what check finds")
    commands.add_parser("rebuild", help="make both indexes anew from the library alone")
    reembed = commands.add_parser("reembed", help="move the library to another embedder")
    reembed.add_argument("--model", required=True, metavar="NAME", help="as EMBEDDER names it")
    export = commands.add_parser("export", help="write the library into one archive")
    export.add_argument("paths", nargs=1, metavar="FILE", help="the archive; must not be there")
    restore = commands.add_parser("import", help="restore an archive into an empty library")
    restore.add_argument("file", type=Path, metavar="FILE", help="the archive")
    parser.set_defaults(names=tuple(commands.choices))
    return parser


def _moment(text: str) -> datetime:
    """A moment as it is typed; a day is meant to its end, and a time is UTC unless it says."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no date like 2026-11-01") from error
    if len(text) == len("2026-11-01"):
        moment = datetime.combine(moment, time.max)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _with_command(arguments: Sequence[str], parser: argparse.ArgumentParser) -> list[str]:
    """The arguments with `add` in front where the first is a path or an option of `add`."""
    first = arguments[0] if arguments else ""
    if not first or first in {*parser.get_default("names"), "-h", "--help"}:
        return list(arguments)
    return ["add", *arguments]


def _wish(options: argparse.Namespace) -> Wish:
    return Wish(
        tuple(str(Path(path).absolute()) for path in getattr(options, "paths", ())),
        prune=getattr(options, "prune", False),
        force=getattr(options, "force", False),
        task=_TASKS[options.command],
        model=getattr(options, "model", None),
    )


def _the(library: Library, text: str) -> str:
    """The id of the one report that a text means."""
    found = library.history.find(text)
    if len(found) == 1:
        return next(iter(found))
    if not found:
        raise LibraryError(f"no report is called {text!r}; 'python -m ingest list' shows them")
    several = ", ".join(f"{report_id[:8]} ({title})" for report_id, title in found.items())
    raise LibraryError(f"{text!r} may be any of {several}; give the beginning of an id")


def _diff(library: Library, options: argparse.Namespace, console: Console) -> int:
    report_id = _the(library, options.report)
    versions = {version.number: version for version in library.history.versions_of(report_id)}
    later = options.later or max(versions)
    earlier = options.earlier or later - 1
    for number in (earlier, later):
        if number not in versions:
            raise LibraryError(
                f"{options.report!r} has no version {number}; it has {len(versions)}"
            )
        if versions[number].swept:
            raise LibraryError(f"version {number} of {options.report!r} was swept")
    passages = [library.history.passages_of(report_id, number) for number in (earlier, later)]
    console.print(
        f"{plain(versions[later].description.title)}: version {earlier} → {later}",
        highlight=False,
    )
    show_changes(changes(*passages), console)
    return ALL_WELL


def _cancel(library: Library, run_id: int | None, console: Console) -> int:
    if run_id is None:
        running = library.runs.running()
        if running is None:
            raise LibraryError("nothing is being done; 'python -m ingest queue' shows what waits")
        run_id = running.id
    state = library.runs.cancel(run_id)
    said = {
        State.CANCELLED: f"run {run_id} was taken out of the queue",
        State.CANCELLING: f"run {run_id} is being broken off; what it did stays done",
    }
    console.print(said.get(state, f"run {run_id} has ended already ({state})"), highlight=False)
    return ALL_WELL if state in said else NOTHING_DONE


def _do(settings: LibrarySettings, library: Library, wish: Wish, console: Console) -> int:
    """Queue a run, do it or have the owner do it, and show it either way."""
    run_id = library.runs.queue(wish)
    ownership = Ownership(settings.library_dir)
    with ExitStack() as stack:
        service: Service | None = None

        def own() -> None:
            """Become the owner if there is none, also when the owner dies while one waits."""
            nonlocal service
            if service is None:
                with suppress(LibraryOwned):
                    ownership.take(f"python -m ingest {wish.task}")
                    stack.callback(ownership.give_up)
                    service = _work(settings, library, stack)
                    service.start()

        try:
            own()
            if service is None:
                _tell(console, f"queued for the library's owner, {ownership.owner()}")
            run = watch(library.runs, run_id, console, own)
            while run.state is State.STOPPED:
                # the owner left in the middle of it: the next one goes on, this process if need be
                run_id = library.runs.queue(wish)
                run = watch(library.runs, run_id, console, own)
        except KeyboardInterrupt:
            if service is None:
                _tell(
                    console,
                    f"left to the library's owner, {ownership.owner()}, to be done; to take it "
                    f"back: python -m ingest cancel {run_id}",
                )
            else:
                _tell(
                    console, "stopping; what was done stays done, the next run goes on from there"
                )
            return NOTHING_DONE
    if run.result is None:
        _complain(console, run.reason or str(run.state))
        return NOTHING_DONE
    return _shown(run.result)


def _shown(result: IngestRun | Findings) -> int:
    """Print what came of a run; the exit code."""
    output = Console(emoji=False)
    if isinstance(result, Findings):
        show_findings(result, output)
        return SOME_FAILED if result.wrong else ALL_WELL
    show_run(result, output)
    failed = result.count(Outcome.FAILED)
    if failed and failed == len(result.rows):
        return NOTHING_DONE
    return SOME_FAILED if failed or result.refused else ALL_WELL


def _import(settings: LibrarySettings, archive: Path, console: Console) -> int:
    # imported here: the other commands do without
    from ingest.archive import import_library

    open_library(settings.library_dir, settings.chroma_url).close()
    ownership = Ownership(settings.library_dir)
    ownership.take("python -m ingest import")
    try:
        found = import_library(
            archive, settings.library_dir, settings.chroma_url, _untold, lambda: False
        )
    except KeyboardInterrupt:
        _tell(console, "stopped; the library is not whole: delete its folder and begin again")
        return NOTHING_DONE
    finally:
        ownership.give_up()
    return _shown(found)


def _untold(_done: int, _total: int, _name: str) -> None:
    """Progress of what is done before anybody could read it."""


def _work(settings: LibrarySettings, library: Library, stack: ExitStack) -> Service:
    """The owner's work; imported here, since what only shows the library does without."""
    from ingest.owner import working

    return stack.enter_context(working(library, settings))


def _tell(console: Console, message: str, before: str = "") -> None:
    # soft: where the output is no terminal, lines are not broken in the middle of a path
    console.print(f"{before}{plain(message)}", highlight=False, soft_wrap=True)


def _complain(console: Console, message: str) -> None:
    _tell(console, message, before="[red]error:[/] ")


def _follow(settings: LibrarySettings, library: Library, path: Path) -> int:
    """Own the library and follow a folder until interrupted or terminated."""
    ownership = Ownership(settings.library_dir)
    ownership.take(f"python -m ingest follow {path}")
    with ExitStack() as stack:
        stack.callback(ownership.give_up)
        service = _work(settings, library, stack)
        # held back in every thread from here on, until they are waited for
        ends = {signal.SIGINT, signal.SIGTERM}
        signal.pthread_sigmask(signal.SIG_BLOCK, ends)
        service.start([path])
        signal.sigwait(ends)
    return ALL_WELL


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
