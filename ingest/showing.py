"""Reports in a terminal: a list of them, one of them, what became of them.

Whatever a report or a file is called, it is shown and never obeyed. Where the output is no
terminal, a row is a line, so that it can be searched by other programs.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from rich import box
from rich.console import Console
from rich.table import Column, Table

from ingest.records import (
    Description,
    Event,
    EventKind,
    Origin,
    Report,
    Version,
)
from ingest.watching import plain

_SHORT = 8  # characters of an id that tell it from others in most libraries
_UNWRAPPED = 1_000  # wide enough for any row
_EVENTS = {
    EventKind.ADDED: "green",
    EventKind.REVISED: "cyan",
    EventKind.DESCRIBED: "cyan",
    EventKind.DROPPED: "yellow",
    EventKind.RESTORED: "green",
}


def console_of(*, errors: bool = False) -> Console:
    """What is printed to: standard output, or standard error.

    It guesses at no colours, and knows no emoji codes. Where it is no terminal and COLUMNS
    does not say how wide it is, no row is broken.
    """
    console = Console(stderr=errors, emoji=False, highlight=False)
    if not console.is_terminal:
        console.width = shutil.get_terminal_size((_UNWRAPPED, 0)).columns
    return console


def table_of(*columns: Column | str) -> Table:
    """An empty table as all of them look: a line below its head, and none around it."""
    return Table(
        *columns, box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0)
    )


def facts_of(rows: Iterable[tuple[str, str]]) -> Table:
    """A table of what there is to say of one thing: names, and markup of what they are."""
    facts = Table.grid(Column(no_wrap=True), Column(overflow="fold"), padding=(0, 2, 0, 0))
    for name, value in rows:
        facts.add_row(name, value)
    return facts


def moment_of(moment: datetime) -> str:
    """A moment to the second; the zone is said where it stands, and is UTC."""
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def number_of(count: int, what: str) -> str:
    """A number of things, such as "1 report" or "2 reports"."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def day_of(day: date | None) -> str:
    """A day, or that there is none: nothing is guessed."""
    return day.isoformat() if day else "undated"


def path_of(path: str) -> str:
    """A path as people write it: from the folder one is in, where it lies below."""
    with suppress(OSError, ValueError):
        path = str(Path(path).relative_to(Path.cwd()))
    return path


def short_ids(report_ids: Iterable[str]) -> dict[str, str]:
    """Of each id its beginning, as long as it takes to tell it from the others."""
    distinct = set(report_ids)
    length = _SHORT
    while len({report_id[:length] for report_id in distinct}) < len(distinct):
        length += 1
    return {report_id: report_id[:length] for report_id in distinct}


def show_list(reports: Sequence[Report], as_of: datetime | None, console: Console) -> None:
    """Print reports, each with what tells it from others.

    Args:
        reports: in their order.
        as_of: the moment they were live at; None for now.
        console: where to.
    """
    then = f" as of {moment_of(as_of)} UTC" if as_of else ""
    console.print(f"{number_of(len(reports), 'report')}{then}")
    if not reports:
        return
    shortened = short_ids(report.id for report in reports)
    table = table_of(
        Column("Report", no_wrap=True),
        Column("Published", no_wrap=True),
        Column("Title", overflow="fold"),
    )
    for report in reports:
        about = report.description
        since = ""
        if report.live_until is not None:
            since = f", [yellow]{'withdrawn' if report.withdrawn else 'revised'} since[/]"
        shelf = plain(report.shelf or "shelf unknown")
        publisher = plain(about.publisher or "publisher unknown")
        under = f"version {report.version}{since} · {shelf} · {publisher}"
        table.add_row(
            shortened[report.id],
            day_of(about.published),
            f"{plain(about.title)}\n[dim]{under}[/]",
        )
    console.print()
    console.print(table)


def show_report(
    report_id: str,
    versions: Sequence[Version],
    origins: Sequence[Origin],
    events: Sequence[Event],
    console: Console,
) -> None:
    """Print what is known of a report: description, addresses, versions, events.

    Args:
        report_id: of the report.
        versions: all of them, oldest first.
        origins: where it is read, or was at last.
        events: what became of it, oldest first.
        console: where to.
    """
    newest = versions[-1]
    about = newest.description
    live = newest.live_until is None
    shelves = sorted({origin.shelf or "unknown" for origin in origins})
    console.print(f"[bold]{plain(about.title)}[/]\n", soft_wrap=True)
    console.print(
        facts_of(
            [
                ("Report", report_id),
                *_known(about),
                ("Pages", str(about.pages or "none")),
                ("Shelf", plain(", ".join(shelves))),
                ("State", "[green]live[/]" if live else "[yellow]withdrawn[/]"),
            ]
        )
    )
    console.print()
    console.print(_origins(origins, newest))
    console.print()
    console.print(_versions(versions))
    console.print()
    table = table_of(
        Column("When (UTC)", no_wrap=True), Column("What"), Column("Version", justify="right")
    )
    for event in events:
        table.add_row(moment_of(event.at), _kind(event), str(event.version))
    console.print(table)


def _known(about: Description) -> list[tuple[str, str]]:
    """What is known of a report, each thing with where it is said.

    Of what most reports have it is told, too, where it is not known.
    """
    period = about.period
    facts = {
        "title": about.title,
        "publisher": about.publisher or "unknown",
        "published": day_of(about.published),
        "kind": about.kind,
        "tickers": ", ".join(about.tickers),
        "companies": ", ".join(about.companies),
        "period": period and f"{period.name}: {period.first} to {period.last}",
        "currency": about.currency,
        "language": about.language or "unknown",
    }
    known = []
    for field, value in facts.items():
        where = about.known_from.get(field)
        if value:
            said = plain(value) + (f"\n[dim]{plain(where)}[/]" if where else "")
            known.append((field.capitalize(), said))
    return known


def show_events(events: Sequence[Event], console: Console, *, more: bool = False) -> None:
    """Print what happened, the newest last.

    Args:
        events: oldest first.
        console: where to.
        more: there are older ones too.
    """
    if not events:
        console.print("nothing happened")
        return
    shortened = short_ids(event.report for event in events)
    table = table_of(
        Column("When (UTC)", no_wrap=True),
        Column("What", no_wrap=True),
        Column("Report", no_wrap=True),
        Column("Version", justify="right"),
        Column("Title", overflow="fold"),
    )
    for event in events:
        table.add_row(
            moment_of(event.at),
            _kind(event),
            shortened[event.report],
            str(event.version),
            plain(event.title),
        )
    if more:
        console.print(f"the newest {len(events)}; --limit says how many, 0 for all\n")
    console.print(table)


def _origins(origins: Sequence[Origin], newest: Version) -> Table:
    table = table_of(
        Column("Read from", overflow="fold"),
        Column("Shelf", overflow="fold"),
        Column("Holds", no_wrap=True),
    )
    for origin in origins:
        older = ", older" if origin.version != newest.number else ""
        gone = f"\n[yellow]gone {moment_of(origin.gone_at)}[/]" if origin.gone_at else ""
        table.add_row(
            plain(_place(origin.uri)),
            plain(origin.shelf or "unknown"),
            f"version {origin.version}{older}{gone}",
        )
    return table


def _versions(versions: Sequence[Version]) -> Table:
    table = table_of(
        Column("Version", justify="right"),
        Column("Live from (UTC)", no_wrap=True),
        Column("Until", no_wrap=True),
        Column("Passages", justify="right"),
    )
    for version in versions:
        table.add_row(
            str(version.number),
            moment_of(version.live_from),
            moment_of(version.live_until) if version.live_until else "now",
            "swept" if version.swept else str(version.passages),
        )
    return table


def _kind(event: Event) -> str:
    return f"[{_EVENTS[event.kind]}]{event.kind}[/]"


def _place(uri: str) -> str:
    """An address as people write it."""
    if not uri.startswith("file:"):
        return uri
    return path_of(os.fsdecode(unquote_to_bytes(urlsplit(uri).path)))
