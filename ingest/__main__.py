"""python -m ingest: fill the library and look after it.

The composition root of ingestion: the one place of this side that reads settings and joins
the parts.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from threading import Event

from rich.console import Console

from ingest.changes import changes
from ingest.commands import command_of, said_of, wish_of
from ingest.errors import FootnoteError, LibraryError, LibraryOwned, SourceError
from ingest.journal import configure_logging
from ingest.library.library import Library
from ingest.library.opening import open_library
from ingest.library.ownership import Ownership
from ingest.library.runs import ENDED, QueuedRun, State, Task, Wish
from ingest.records import Filter, Findings, IngestRun, Outcome, Version
from ingest.service import Service
from ingest.settings import LibrarySettings, read_settings
from ingest.showing import (
    console_of,
    short_ids,
    show_events,
    show_list,
    show_report,
)
from ingest.showing_changes import show_changes
from ingest.showing_runs import show_findings, show_queue, show_run, show_status
from ingest.sources import folder
from ingest.watching import plain, progress_bar, watch

ALL_WELL, NOTHING_DONE, USAGE, SOME_FAILED = 0, 1, 2, 3
_EVERY = 1_000_000  # more reports than a library has
_NAMED = 10  # of the reports that a text may mean
_ENDS = (signal.SIGINT, signal.SIGTERM)


def main(arguments: Sequence[str]) -> int:
    """Run one command.

    Args:
        arguments: what stands behind `python -m ingest`.

    Returns:
        The exit code: 0 all well, 1 nothing could be done, 2 usage, 3 some files failed, or
        something is wrong with the library.
    """
    options = command_of(arguments)
    console = console_of(errors=True)
    # to be told to end is to be interrupted
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        settings = read_settings(LibrarySettings)
        configure_logging(settings.log_level if options.command == "follow" else "ERROR")
        if options.command == "import":
            return _import(settings, options.file, console)
        with closing(open_library(settings.library_dir, settings.chroma_url)) as library:
            return _obey(options, settings, library, console)
    except FootnoteError as error:
        _complain(console, str(error))
    except KeyboardInterrupt:
        _tell(console, "stopped")
    return NOTHING_DONE


def _obey(
    options: argparse.Namespace, settings: LibrarySettings, library: Library, console: Console
) -> int:
    """Do what a command says; the exit code."""
    output = console_of()
    ownership = Ownership(settings.library_dir)
    match options.command:
        case "follow":
            return _follow(settings, library, options.path or settings.reports_dir)
        case "list":
            _list(library, options, output)
        case "show":
            _show(library, _the(library, options.report), output)
        case "history":
            _history(library, options, output)
        case "diff":
            _diff(library, options, output)
        case "queue":
            show_queue(library.runs.waiting(), output, owned=ownership.is_held())
        case "cancel":
            return _cancel(library, ownership, options.run, console)
        case "status":
            show_status(library, ownership, output)
        case "describe":
            said = said_of(options)
            wish = Wish(task=Task.DESCRIBE, report=_the(library, options.report), said=said)
            if not said:
                raise SourceError(
                    "nothing was said of the report; see: python -m ingest describe -h"
                )
            return _do(settings, library, wish, "python -m ingest describe", console)
        case "refresh":
            wish = Wish(_folders(settings), task=Task.REFRESH)
            return _do(settings, library, wish, "python -m ingest", console)
        case _:
            purpose = f"python -m ingest {options.command}"
            return _do(settings, library, wish_of(options), purpose, console)
    return ALL_WELL


def _folders(settings: LibrarySettings) -> tuple[str, ...]:
    """The folders that are ingested where none is named: the one of reports, and those listed."""
    # imported here: what only shows the library does without
    from ingest.owner import listing_of

    listing = listing_of(settings)
    listed = listing.folders
    own = settings.reports_dir
    nothing = not (listed or listing.urls or listing.feeds)
    paths = [*([own] if own.exists() or nothing else []), *(each.path for each in listed)]
    return tuple(dict.fromkeys(str(each.absolute()) for each in paths))


def _list(library: Library, options: argparse.Namespace, output: Console) -> None:
    wanted = Filter(
        shelves=None if options.shelf is None else frozenset({options.shelf}), as_of=options.as_of
    )
    publisher = (options.publisher or "").casefold()
    found = [
        report
        for report in library.reports(wanted, 0, _EVERY)
        if publisher in (report.description.publisher or "").casefold()
    ]
    show_list(found, options.as_of, output)


def _show(library: Library, report_id: str, output: Console) -> None:
    history = library.history
    show_report(
        report_id,
        history.versions_of(report_id),
        history.origins_of(report_id),
        history.events(report_id=report_id),
        output,
    )


def _history(library: Library, options: argparse.Namespace, output: Console) -> None:
    report_id = None if options.report is None else _the(library, options.report)
    # one more than is shown tells whether there are more
    limit = options.limit + 1 if options.limit else None
    events = library.history.events(report_id=report_id, since=options.since, limit=limit)
    more = len(events) == limit
    show_events(events[1:] if more else events, output, more=more)


def _diff(library: Library, options: argparse.Namespace, output: Console) -> None:
    history = library.history
    report_id = _the(library, options.report)
    versions = {version.number: version for version in history.versions_of(report_id)}
    later = max(versions) if options.later is None else options.later
    earlier = later - 1 if options.earlier is None else options.earlier
    if len(versions) == 1 and options.earlier is options.later is None:
        title = plain(versions[later].description.title)
        output.print(f"{title} has one version; it was never revised", soft_wrap=True)
        return
    before, after = (_version(versions, number) for number in (earlier, later))
    held = [history.passages_of(report_id, number) for number in (earlier, later)]
    show_changes(before, after, changes(*held), output)


def _version(versions: dict[int, Version], number: int) -> Version:
    """A version of a report whose passages are kept."""
    if number not in versions:
        numbers = ", ".join(map(str, versions))
        raise LibraryError(f"there is no version {number} of the report; it has {numbers}")
    if versions[number].swept:
        raise LibraryError(
            f"what version {number} said is no longer kept; KEEP_VERSIONS_DAYS says for how long"
        )
    return versions[number]


def _the(library: Library, text: str) -> str:
    """The id of the one report that a text means: its id's beginning, its file, its title."""
    # whatever the bytes of an argument are, the catalog is asked for text
    words = os.fsencode(text).decode("utf-8", "replace")
    found = library.history.find(words) or library.history.find(folder.uri_of(Path(text)))
    if len(found) == 1:
        return next(iter(found))
    if not found:
        raise LibraryError(f"no report is called {text!r}; 'python -m ingest list' shows them")
    shortened = short_ids(found)
    named = [f"{shortened[report_id]} ({title})" for report_id, title in found.items()]
    rest = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    raise LibraryError(
        f"{text!r} may be any of {', '.join(named[:_NAMED])}{rest}; give the beginning of an id"
    )


def _cancel(library: Library, ownership: Ownership, run_id: int | None, console: Console) -> int:
    """Take a run out of the queue or break it off, and say what became of it."""
    runs = library.runs
    run = _the_run(library) if run_id is None else runs.run(run_id)
    if run.state in ENDED:
        raise LibraryError(f"run {run.id} has ended already: {_end_of(run)}")

    def end_if_left() -> None:
        """Where whoever had begun it is gone, see that it has ended, as its next owner would."""
        with suppress(LibraryOwned):
            ownership.take("python -m ingest cancel")
            try:
                runs.requeue_unfinished()
            finally:
                ownership.give_up()

    runs.cancel(run.id)
    run = watch(runs, run.id, console, end_if_left)
    console_of().print(f"run {run.id}, {run.wish.task}: {plain(_end_of(run))}", soft_wrap=True)
    return ALL_WELL if run.state is State.CANCELLED else NOTHING_DONE


def _the_run(library: Library) -> QueuedRun:
    """The one run that has not ended."""
    waiting = library.runs.waiting()
    if not waiting:
        raise LibraryError("nothing waits and nothing is being done")
    if len(waiting) > 1:
        numbers = ", ".join(str(run.id) for run in waiting)
        raise LibraryError(
            f"runs {numbers} have not ended; say which: python -m ingest cancel {waiting[0].id}"
        )
    return waiting[0]


def _end_of(run: QueuedRun) -> str:
    """What became of a run that has ended, in a few words."""
    if run.state is State.DONE:
        return "it was done"
    return run.reason or "it was taken out of the queue"


def _do(
    settings: LibrarySettings, library: Library, wish: Wish, purpose: str, console: Console
) -> int:
    """Queue a run, do it or have the owner do it, and show it either way."""
    run_id = library.runs.queue(wish)
    ownership = Ownership(settings.library_dir)
    with ExitStack() as stack:

        def own() -> None:
            """Become the owner if there is none, also when the owner is gone while one waits."""
            if not ownership.is_ours():
                with suppress(LibraryOwned):
                    service = _owning(settings, library, ownership, purpose, stack)
                    # what others queued behind it they do themselves: this process is to end
                    service.start(last=run_id)

        try:
            own()
            if not ownership.is_ours():
                _tell(console, f"queued for the library's owner, {ownership.owner()}")
            run = watch(library.runs, run_id, console, own)
        except KeyboardInterrupt:
            if ownership.is_ours():
                # nobody waits for it any more: it must not hold up the next command
                library.runs.cancel(run_id)
                _tell(
                    console, "stopping; what was done stays done, the next run goes on from there"
                )
            else:
                _tell(
                    console,
                    f"left in the queue for the library's owner, {ownership.owner()}, or the next "
                    f"one; to take it back: python -m ingest cancel {run_id}",
                )
            return NOTHING_DONE
    if run.result is None:
        end = _end_of(run)
        _complain(console, f"run {run_id}: {end}" if run.state is State.CANCELLED else end)
        return NOTHING_DONE
    return _shown(run.result)


def _shown(result: IngestRun | Findings) -> int:
    """Print what came of a run; the exit code."""
    output = console_of()
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

    if not archive.is_file():
        raise LibraryError(f"{archive} is not there, or is no file; check the path")
    home, chroma_url = settings.library_dir, settings.chroma_url
    open_library(home, chroma_url).close()
    ownership = Ownership(home)
    ownership.take("python -m ingest import")
    interrupted = Event()
    # it ends where it can say what to do next
    before = {end: signal.signal(end, lambda *_: interrupted.set()) for end in _ENDS}
    try:
        with progress_bar(console) as tell:
            found = import_library(archive, home, chroma_url, tell, interrupted.is_set)
    finally:
        for end, handler in before.items():
            signal.signal(end, handler)
        ownership.give_up()
    return _shown(found)


def _owning(
    settings: LibrarySettings,
    library: Library,
    ownership: Ownership,
    purpose: str,
    stack: ExitStack,
) -> Service:
    """Become the owner until a stack is closed; the owner's work, not started yet."""
    ownership.take(purpose)
    stack.callback(ownership.give_up)
    # whoever waits for the lock opens the same Chroma as soon as it is free
    stack.callback(library.searches.close)
    # imported here: what only shows the library does without
    from ingest.owner import working

    service = stack.enter_context(working(library, settings))
    stack.callback(_end_undisturbed)
    return service


def _end_undisturbed() -> None:
    """Pass over signals from now on: this process ends, and must not give up the lock before."""
    for end in _ENDS:
        signal.signal(end, signal.SIG_IGN)


def _tell(console: Console, message: str, before: str = "") -> None:
    # soft: where the output is no terminal, lines are not broken in the middle of a path
    console.print(f"{before}{plain(message)}", soft_wrap=True)


def _complain(console: Console, message: str) -> None:
    _tell(console, " ".join(message.splitlines()), before="[red]error:[/] ")


def _follow(settings: LibrarySettings, library: Library, path: Path) -> int:
    """Own the library and follow a folder until interrupted or terminated."""
    ownership = Ownership(settings.library_dir)
    # imported here: what only shows the library does without
    from ingest.owner import followed

    with ExitStack() as stack:
        service = _owning(settings, library, ownership, f"python -m ingest follow {path}", stack)
        # held back in every thread from here on, until they are waited for
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
        service.start(followed(settings, path))
        signal.sigwait(_ENDS)
    return ALL_WELL


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
