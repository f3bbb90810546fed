"""The commands of `python -m ingest`, as they are typed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

from ingest.library.runs import Task, Wish
from ingest.sidecar import parse_field, text_of
from ingest.sources.web import is_address

_TASKS = {
    "add": Task.INGEST,
    "refresh": Task.REFRESH,
    "drop": Task.DROP,
    "check": Task.CHECK,
    "repair": Task.REPAIR,
    "rebuild": Task.REBUILD,
    "reembed": Task.REEMBED,
    "export": Task.EXPORT,
}
_DESCRIBED = {
    "title": "its title",
    "publisher": "who published it",
    "published": "the day it was published: 2024-02-28",
    "language": "its language: en, zh",
    "tickers": 'the companies it is about: "NVDA; 600519.SH"',
    "companies": 'their names: "Nvidia; Kweichow Moutai"',
    "kind": "broker report, filing or news",
    "period": 'the time it covers: "Q3 2023", "FY 2023", 2023-07-01..2023-09-30',
    "currency": "the money it counts in: USD",
}
"""What can be said of a report, and what of it is told by `--help`."""
_A_REPORT = "the beginning of its id, its file, or a part of its title"
_ENDS = """\
exit codes: 0 all well; 1 nothing could be done; 2 wrong usage; 3 some files failed, or
something is wrong with the library"""


def command_of(arguments: Sequence[str]) -> argparse.Namespace:
    """What was typed behind `python -m ingest`, as options.

    The word `add` may be left out, and `refresh` is meant where nothing is typed. What is no
    command ends the process with 2, as argparse does it.
    """
    parser = argparse.ArgumentParser(
        prog="python -m ingest",
        description="Fill the library and look after it.",
        epilog=_ENDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _filling(commands)
    _looking(commands)
    _looking_after(commands)
    known = {*commands.choices, "-h", "--help"}
    if not arguments:
        return parser.parse_args(["refresh"])
    return parser.parse_args(arguments if arguments[0] in known else ["add", *arguments])


def wish_of(options: argparse.Namespace) -> Wish:
    """What is asked of the library's owner by a command that changes or checks the library."""
    return Wish(
        tuple(_place(path) for path in getattr(options, "paths", ())),
        prune=getattr(options, "prune", False),
        force=getattr(options, "force", False),
        task=_TASKS[options.command],
        model=getattr(options, "model", None),
    )


def said_of(options: argparse.Namespace) -> dict[str, str]:
    """What the command `describe` says of a report, checked, by the keys of its fields.

    Raises:
        SourceError: a value cannot be read; the message says what is allowed.
    """
    said = {}
    for field in _DESCRIBED:
        if field in options.clear or "all" in options.clear:
            said[field] = ""
        value = getattr(options, field)
        if value is not None:
            said[field] = text_of(parse_field(field, value))
    return said


def _filling(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    commands.add_parser(
        "refresh",
        help="ingest the folders, and fetch what is due of the addresses and feeds, that the list "
        "of sources names (meant where nothing is typed)",
    )
    add = commands.add_parser("add", help="ingest files and folders (the word may be left out)")
    add.add_argument("paths", nargs="+", metavar="PATH", help="file or folder of reports")
    add.add_argument("--prune", action="store_true", help="drop reports whose file is gone")
    add.add_argument(
        "--force",
        action="store_true",
        help="drop also when a path is missing or more than half of the files is gone",
    )
    describe = commands.add_parser(
        "describe", help="say what is true of a report; it sticks through its revisions"
    )
    describe.add_argument("report", metavar="REPORT", help=_A_REPORT)
    for field, told in _DESCRIBED.items():
        names = [f"--{field}", *(["--date"] if field == "published" else [])]
        describe.add_argument(*names, dest=field, metavar="VALUE", help=told)
    describe.add_argument(
        "--clear",
        action="append",
        default=[],
        choices=[*_DESCRIBED, "all"],
        metavar="FIELD",
        help="take back what was said of a field, or of all",
    )
    drop = commands.add_parser("drop", help="take the reports read from a path out of the library")
    drop.add_argument(
        "paths", nargs="+", metavar="PATH", help="file or folder, there or gone, or an address"
    )
    follow = commands.add_parser("follow", help="ingest a folder and follow it until stopped")
    follow.add_argument("path", nargs="?", type=Path, help="the folder; REPORTS_DIR by default")


def _looking(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    commands.add_parser("status", help="the library at a glance, and what could not be ingested")
    listing = commands.add_parser("list", help="the reports, newest first")
    listing.add_argument("--shelf", help="only those on this shelf")
    listing.add_argument(
        "--publisher", metavar="NAME", help="only of publishers whose name holds this"
    )
    listing.add_argument(
        "--as-of",
        type=_end,
        metavar="DATE",
        help="those the library held then: 2026-11-01 (until its end) or 2026-11-01T09:30, in UTC "
        "unless a zone is given",
    )
    show = commands.add_parser(
        "show", help="one report: where it is read, its versions, its events"
    )
    show.add_argument("report", metavar="REPORT", help=_A_REPORT)
    history = commands.add_parser("history", help="what was added, revised, dropped and restored")
    history.add_argument("report", nargs="?", metavar="REPORT", help=_A_REPORT)
    history.add_argument(
        "--since",
        type=_beginning,
        metavar="DATE",
        help="from then on: 2026-11-01 (from its beginning) or 2026-11-01T09:30, in UTC unless a "
        "zone is given",
    )
    history.add_argument(
        "--limit", type=_count, default=50, metavar="N", help="the newest N, 50 unless told; 0: all"
    )
    diff = commands.add_parser("diff", help="what a revision changed, figures first")
    diff.add_argument("report", metavar="REPORT", help=_A_REPORT)
    diff.add_argument(
        "--from", type=int, dest="earlier", metavar="N", help="this version, not the one before"
    )
    diff.add_argument(
        "--to", type=int, dest="later", metavar="N", help="and this one, not the newest"
    )


def _looking_after(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    commands.add_parser("queue", help="what waits to be done, and what is being done")
    cancel = commands.add_parser("cancel", help="take a run out of the queue, or break it off")
    cancel.add_argument(
        "run", nargs="?", type=int, metavar="RUN", help="its number; the only one by default"
    )
    commands.add_parser("check", help="see that catalog, originals and both indexes agree")
    commands.add_parser("repair", help="mend what check finds")
    commands.add_parser("rebuild", help="make both indexes anew from the library alone")
    reembed = commands.add_parser("reembed", help="move the library to another embedder")
    reembed.add_argument("--model", required=True, metavar="NAME", help="as EMBEDDER names it")
    export = commands.add_parser("export", help="write the library into one archive")
    export.add_argument("paths", nargs=1, metavar="FILE", help="the archive; must not be there")
    restore = commands.add_parser("import", help="restore an archive into an empty library")
    restore.add_argument("file", type=Path, metavar="FILE", help="the archive")


def _place(typed: str) -> str:
    """A path as an absolute one, an address on the web as it is."""
    return typed if is_address(typed) else str(Path(typed).absolute())


def _end(text: str) -> datetime:
    """A moment as it is typed; a day is meant until its end."""
    return _moment(text, time.max)


def _beginning(text: str) -> datetime:
    """A moment as it is typed; a day is meant from its beginning."""
    return _moment(text, time.min)


def _moment(text: str, of_a_day: time) -> datetime:
    try:
        moment = datetime.combine(date.fromisoformat(text), of_a_day, UTC)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=UTC)
            moment = moment.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            message = f"{text!r} is no date like 2026-11-01 or 2026-11-01T09:30"
            raise argparse.ArgumentTypeError(message) from error
    return moment


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 up")
    return int(text)
