"""What a revision changed, in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.text import Text

from ingest.changes import Change, Edit, edits
from ingest.records import Description, Version
from ingest.showing import day_of, moment_of, number_of
from ingest.watching import plain, printable

_EDITS = {
    Edit.KEPT: ("", "", ""),
    Edit.REMOVED: ("red strike", "[-", "-]"),
    Edit.ADDED: ("green", "{+", "+}"),
}


def show_changes(
    before: Version, after: Version, found: Sequence[Change], console: Console
) -> None:
    """Print what a revision changed, figures first, words coloured or bracketed.

    Args:
        before: the earlier version.
        after: the later one.
        found: the passages that changed between them.
        console: where to; where it knows no colours, what went stands in [-…-] and what came
            in {+…+}.
    """
    console.print(f"[bold]{plain(after.description.title)}[/]", soft_wrap=True)
    console.print(
        f"version {before.number} ({moment_of(before.live_from)}) → "
        f"version {after.number} ({moment_of(after.live_from)} UTC)"
    )
    console.print(f"{number_of(len(found), 'passage') if found else 'no passage'} changed")
    described = list(_described(before.description, after.description))
    if described:
        console.print()
    for name, was, now in described:
        console.print(f"{name}: {plain(was)} → {plain(now)}")
    for change in found:
        console.print()
        console.print(f"[bold]{_head(change)}[/]")
        if change.figures:
            pairs = " · ".join(_figure(was, now) for was, now in change.figures)
            console.print(Text(printable(f"figures: {pairs}"), "cyan"))
        was = change.before.text if change.before else ""
        now = change.after.text if change.after else ""
        console.print(_edited(was, now, console))


def _described(before: Description, after: Description) -> Iterable[tuple[str, str, str]]:
    """What is known of a report and changed: its name, as it was, as it is."""
    for name, was, now in (
        ("title", before.title, after.title),
        ("publisher", before.publisher or "unknown", after.publisher or "unknown"),
        ("published", day_of(before.published), day_of(after.published)),
        ("language", before.language or "unknown", after.language or "unknown"),
        ("pages", str(before.pages or "none"), str(after.pages or "none")),
    ):
        if was != now:
            yield name, was, now


def _edited(was: str, now: str, console: Console) -> Text:
    """How one text became another."""
    coloured = console.color_system is not None and not console.no_color
    said = Text()
    for edit, text in edits(was, now):
        style, opening, closing = _EDITS[edit]
        shown = printable(text, keep="\n\t")
        if coloured:
            said.append(shown, style)
        else:
            said.append(f"{opening}{shown}{closing}")
    return said


def _figure(was: str, now: str) -> str:
    if not was:
        return f"{now} is new"
    return f"{was} → {now}" if now else f"{was} is gone"


def _head(change: Change) -> str:
    passage = change.after or change.before
    what = "changed"
    if change.before is None:
        what = "added"
    elif change.after is None:
        what = "removed"
    if passage is None:
        return what
    page = f"page {passage.page}, " if passage.page else ""
    return f"{what}: {page}paragraph {passage.paragraph}"
