"""What is done with the library, in a terminal: runs, what came of them, the whole at a glance."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Column

from ingest.library.indexes import IndexState
from ingest.library.library import Library
from ingest.library.ownership import Ownership
from ingest.library.runs import QueuedRun, State
from ingest.records import Filter, Findings, IngestRun, Outcome
from ingest.showing import facts_of, moment_of, path_of, table_of
from ingest.watching import plain

_OUTCOMES = {
    Outcome.ADDED: "green",
    Outcome.CHANGED: "cyan",
    Outcome.RENAMED: "cyan",
    Outcome.DROPPED: "yellow",
    Outcome.FAILED: "red",
}


def show_run(result: IngestRun, console: Console) -> None:
    """Print the counts, and below them what is worth a row: all but the plainly unchanged."""
    counts = ", ".join(f"{result.count(o)} {o}" for o in Outcome if result.count(o))
    console.print(f"{counts or 'nothing to ingest'} · {result.seconds:.1f} s")
    table = table_of(
        Column("What", no_wrap=True),
        Column("Passages", justify="right"),
        Column("Report", overflow="fold"),
    )
    for row in result.rows:
        if row.outcome is not Outcome.UNCHANGED or row.reason:
            style = _OUTCOMES.get(row.outcome, "default")
            reason = f"\n[dim]{plain(row.reason)}[/]" if row.reason else ""
            table.add_row(
                f"[{style}]{row.outcome}[/]",
                str(row.passages) if row.passages else "",
                f"{plain(row.name)}{reason}",
            )
    for name in result.vanished:
        table.add_row("[yellow]gone[/]", "", f"{plain(name)}\n[dim]kept; --prune drops it[/]")
    if table.row_count:
        console.print()
        console.print(table)
    if result.refused:
        console.print(f"\n[yellow]{plain(result.refused)}[/]", soft_wrap=True)


def show_findings(found: Findings, console: Console) -> None:
    """Print what is wrong and what was done, a line each."""
    for wrong in found.wrong:
        console.print(f"[red]wrong:[/] {plain(wrong)}", soft_wrap=True)
    for done in found.done:
        console.print(f"[green]{plain(done)}[/]", soft_wrap=True)
    end = f"{len(found.wrong)} wrong" if found.wrong else "all well"
    console.print(f"{end} · {found.seconds:.1f} s")


def show_queue(runs: Sequence[QueuedRun], console: Console, *, owned: bool) -> None:
    """Print the runs that have not ended.

    Args:
        runs: in their order.
        console: where to.
        owned: somebody owns the library, and does what was begun.
    """
    if not runs:
        console.print("nothing waits")
        return
    table = table_of(
        Column("Run", justify="right"),
        Column("What", no_wrap=True),
        Column("State", no_wrap=True),
        Column("Progress", no_wrap=True),
        Column("Of", overflow="fold"),
    )
    for run in runs:
        table.add_row(
            str(run.id),
            str(run.wish.task),
            _state_of(run, owned=owned),
            _progress(run),
            plain(_of(run)),
        )
    console.print(table)


def show_status(library: Library, ownership: Ownership, console: Console) -> None:
    """Print the library at a glance, and what could not be ingested."""
    status = library.status(Filter())
    owned = ownership.is_held()
    rows = [
        ("Reports", f"{status.reports} ({status.undated} undated)"),
        ("Passages", str(status.passages)),
        ("Newest", status.newest.isoformat() if status.newest else "no dated report"),
        (
            "Last ingest",
            f"{moment_of(status.last_ingest)} UTC" if status.last_ingest else "never",
        ),
        ("Owner", plain(ownership.owner()) if owned else "nobody"),
        ("Now", _what_is_done(library.runs.waiting(), owned=owned)),
        *_indexes(library),
    ]
    console.print(facts_of(rows))
    if status.failures:
        table = table_of(
            Column("Failed (UTC)", no_wrap=True), Column("Not ingested", overflow="fold")
        )
        for failure in status.failures:
            table.add_row(
                moment_of(failure.at), f"{plain(failure.name)}\n[dim]{plain(failure.reason)}[/]"
            )
        console.print()
        console.print(table)


def _state_of(run: QueuedRun, *, owned: bool) -> str:
    """How far a run is that has not ended, in a few words.

    Args:
        run: the run.
        owned: somebody owns the library.
    """
    if run.state is State.QUEUED:
        return "waiting"
    if not owned:
        return "left unfinished"
    return "being broken off" if run.state is State.CANCELLING else "being done"


def _of(run: QueuedRun) -> str:
    return ", ".join(map(path_of, run.wish.paths)) or run.wish.model or ""


def _progress(run: QueuedRun) -> str:
    return f"{run.done} of {run.total}" if run.total else ""


def _what_is_done(runs: Sequence[QueuedRun], *, owned: bool) -> str:
    begun = [run for run in runs if run.state is not State.QUEUED]
    parts = [
        f"{run.wish.task} (run {run.id}), "
        + " ".join(filter(None, [_progress(run), _state_of(run, owned=owned)]))
        for run in begun
    ]
    waiting = len(runs) - len(begun)
    if waiting:
        parts.append(f"{waiting} waiting")
    return ", ".join(parts) or "at rest"


def _indexes(library: Library) -> list[tuple[str, str]]:
    """What is said of the indexes: which embedder wrote them, and how worn the vectors are."""
    rows = []
    for index in library.indexes.all(IndexState.LIVE, IndexState.MAKING):
        name = plain(index.writing.embedder)
        if index.state is IndexState.MAKING:
            rows.append(("In the making", name))
            continue
        held = len(library.indexes.passage_ids(index.id))
        dead = max(index.slots - held, 0)
        rows.append(("Embedder", name))
        rows.append(("Vectors", f"{held} in {held + dead} places, {dead} dead"))
    return rows or [("Embedder", "none yet")]
