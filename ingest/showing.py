"""The library in a terminal: what it holds, what became of it, what is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from rich import box
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from ingest.changes import Change, Edit, edits
from ingest.library.library import Library
from ingest.library.ownership import Ownership
from ingest.library.runs import QueuedRun
from ingest.records import (
    Description,
    Event,
    EventKind,
    Filter,
    Findings,
    IngestRun,
    Outcome,
    Passage,
    Report,
)
from ingest.watching import plain, printable

_SHORT = 8  # characters of an id that tell it from others in any library kept by people
_OUTCOMES = {
    Outcome.ADDED: "green",
    Outcome.CHANGED: "cyan",
    Outcome.RENAMED: "cyan",
    Outcome.DROPPED: "yellow",
    Outcome.FAILED: "red",
}
_EVENTS = {
    EventKind.ADDED: "green",
    EventKind.REVISED: "cyan",
    EventKind.DROPPED: "yellow",
    EventKind.RESTORED: "green",
}
_EDITS = {
    Edit.KEPT: ("", "", ""),
    Edit.REMOVED: ("red strike", "[-", "-]"),
    Edit.ADDED: ("green", "{+", "+}"),
}


def show_run(result: IngestRun, console: Console) -> None:
    """Print the counts, and below them what is worth a row: all but the plainly unchanged."""
    counts = ", ".join(f"{result.count(o)} {o}" for o in Outcome if result.count(o))
    console.print(f"{counts or 'nothing to ingest'} · {result.seconds:.1f} s", highlight=False)
    table = Table(
        Column("Report", overflow="fold"),
        "Outcome",
        Column("Passages", justify="right"),
        Column("Why", overflow="fold"),
    )
    for row in result.rows:
        if row.outcome is not Outcome.UNCHANGED or row.reason:
            table.add_row(
                plain(row.name),
                f"[{_OUTCOMES.get(row.outcome, 'default')}]{row.outcome}[/]",
                str(row.passages) if row.passages else "",
                plain(row.reason),
            )
    for name in result.vanished:
        table.add_row(plain(name), "[yellow]gone[/]", "", "kept; --prune drops it")
    if table.row_count:
        console.print(table)
    if result.refused:
        console.print(f"[yellow]{plain(result.refused)}[/]", highlight=False)


def show_findings(found: Findings, console: Console) -> None:
    """Print what is wrong and what was done, a line each."""
    for wrong in found.wrong:
        console.print(f"[red]wrong:[/] {plain(wrong)}", highlight=False, soft_wrap=True)
    for done in found.done:
        console.print(plain(done), highlight=False, soft_wrap=True)
    ends = f"{len(found.wrong)} wrong" if found.wrong else "all well"
    console.print(f"{ends} · {found.seconds:.1f} s", highlight=False)


def show_list(reports: Sequence[Report], console: Console) -> None:
    """Print reports, a row each, or that there is none."""
    table = Table(
        Column("Report", no_wrap=True),
        Column("Published", no_wrap=True),
        Column("Title", ratio=5, overflow="fold"),
        Column("Publisher", ratio=3, overflow="fold"),
        Column("Shelf", min_width=10, overflow="fold"),
        Column("Version", overflow="fold"),
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        expand=True,
    )
    for report in reports:
        about = report.description
        since = ""
        if report.live_until is not None:
            since = ", withdrawn" if report.withdrawn else ", revised"
        table.add_row(
            report.id[:_SHORT],
            _day(about.published),
            plain(about.title),
            plain(about.publisher or "unknown"),
            plain(report.shelf),
            f"{report.version}{since}",
        )
    if table.row_count:
        console.print(table)
    else:
        console.print("no report")


def show_report(library: Library, report_id: str, console: Console) -> None:
    """Print what is known of a report: description, addresses, versions, events."""
    versions = library.history.versions_of(report_id)
    newest = versions[-1]
    console.print(_description(report_id, newest.description, live=newest.live_until is None))
    origins = Table(Column("Read from", overflow="fold"), "Shelf", "Version", title="Addresses")
    for origin in library.history.origins_of(report_id):
        holds = f"{origin.version}{'' if origin.version == newest.number else ' (older)'}"
        stood = f"{holds}, gone {_time(origin.gone_at)}" if origin.gone_at else holds
        origins.add_row(plain(_place_of(origin.uri)), plain(origin.shelf or "unknown"), stood)
    console.print(origins)
    table = Table(
        Column("Version", justify="right"),
        "Live from (UTC)",
        "until",
        Column("Passages", justify="right"),
        Column("Content", no_wrap=True),
        title="Versions",
    )
    for version in versions:
        until = _time(version.live_until) if version.live_until else "now"
        passages = "swept" if version.swept else str(version.passages)
        content = version.content_hash[:_SHORT]
        table.add_row(str(version.number), _time(version.live_from), until, passages, content)
    console.print(table)


def show_events(events: Sequence[Event], console: Console) -> None:
    """Print what happened, a row each, the newest last."""
    table = Table(
        Column("When (UTC)", no_wrap=True),
        "What",
        Column("Report", no_wrap=True),
        Column("Version", justify="right"),
        Column("Title", overflow="fold", ratio=1),
    )
    for event in events:
        table.add_row(
            _time(event.at),
            f"[{_EVENTS[event.kind]}]{event.kind}[/]",
            event.report[:_SHORT],
            str(event.version),
            plain(event.title),
        )
    console.print(table)


def show_changes(found: Sequence[Change], console: Console) -> None:
    """Print changed passages; what went and came is coloured, or bracketed where nothing is."""
    console.print(f"{len(found)} changed {'passage' if len(found) == 1 else 'passages'}")
    for change in found:
        passage = change.after or change.before
        console.print()
        console.print(f"[bold]{_head(change, passage)}[/]", highlight=False)
        for was, now in change.figures:
            console.print(f"  {plain(was or 'new')} → {plain(now or 'gone')}", highlight=False)
        before = change.before.text if change.before else ""
        after = change.after.text if change.after else ""
        said = Text()
        for edit, text in edits(before, after):
            style, opening, closing = _EDITS[edit]
            shown = "\n".join(map(printable, text.split("\n")))
            if console.is_terminal:
                said.append(shown, style)
            else:
                said.append(f"{opening}{shown}{closing}")
        console.print(said)


def show_queue(runs: Sequence[QueuedRun], console: Console) -> None:
    """Print the runs that have not ended, a row each."""
    if not runs:
        console.print("nothing is waiting")
        return
    table = Table(Column("Run", justify="right"), "What", "State", "Progress", "Of")
    for run in runs:
        done = f"{run.done} of {run.total}" if run.total else ""
        of = ", ".join(run.wish.paths) or run.wish.model or ""
        table.add_row(str(run.id), str(run.wish.task), str(run.state), done, plain(of))
    console.print(table)


def show_status(library: Library, ownership: Ownership, console: Console) -> None:
    """Print the library at a glance, and what could not be ingested."""
    status = library.status(Filter())
    index = library.indexes.live()
    now = f"ingesting, {status.running}" if status.running else "at rest"
    waiting = f", {status.waiting} waiting" if status.waiting else ""
    facts = Table(show_header=False, title="Library")
    for name, value in (
        ("Reports", f"{status.reports} ({status.undated} undated)"),
        ("Passages", str(status.passages)),
        ("Newest", status.newest.isoformat() if status.newest else "no dated report"),
        ("Last ingest", f"{_time(status.last_ingest)} UTC" if status.last_ingest else "never"),
        ("Now", f"{now}{waiting}"),
        ("Owner", plain(ownership.owner()) if ownership.is_held() else "nobody"),
        ("Embedder", plain(index.writing.embedder) if index else "none yet"),
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


def _description(report_id: str, about: Description, *, live: bool) -> Table:
    table = Table(show_header=False)
    for name, value in (
        ("Report", report_id),
        ("Title", plain(about.title)),
        ("Publisher", plain(about.publisher or "unknown")),
        ("Published", _day(about.published)),
        ("Language", plain(about.language or "unknown")),
        ("Pages", str(about.pages) if about.pages else "none"),
        ("State", "live" if live else "[yellow]dropped[/]"),
    ):
        table.add_row(name, value)
    return table


def _place_of(uri: str) -> str:
    """Where a source is, as a person here would write it."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        return uri
    path = Path(os.fsdecode(unquote_to_bytes(parts.path)))
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _head(change: Change, passage: Passage | None) -> str:
    what = "changed"
    if change.before is None:
        what = "added"
    elif change.after is None:
        what = "removed"
    if passage is None:
        return what
    place = f"page {passage.page}, " if passage.page else ""
    return f"{what} · {place}paragraph {passage.paragraph}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else "undated"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"
