"""What a terminal or a pipe is given, and a report to give it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime

from rich.console import Console

from ingest.records import Description, Version

THEN = datetime(2026, 11, 3, 9, 30, 15, tzinfo=UTC)
LATER = datetime(2026, 11, 4, 10, 0, 1, tzinfo=UTC)
ID = "18fe93d1a07c4e55"
ODD = "[red]odd[/] :100: \x1b[31m"
ODD_AS_SHOWN = "[red]odd[/] :100: \N{REPLACEMENT CHARACTER}[31m"


def described(title: str = "Copper in a hurry", publisher: str | None = "Heron") -> Description:
    """A description, published in February 2024."""
    return Description(title, publisher, date(2024, 2, 8), "en", 4)


def version(number: int, about: Description, until: datetime | None = None) -> Version:
    """A version with seven passages."""
    return Version(number, about, "0" * 64, THEN, until, swept=False, passages=7)


def shown(show: Callable[[Console], None], width: int = 80, *, terminal: bool = False) -> str:
    """What is printed, with colours where that is a terminal."""
    console = Console(
        file=io.StringIO(), width=width, emoji=False, highlight=False, force_terminal=terminal,
        color_system="standard" if terminal else None,
    )  # fmt: skip
    show(console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()
