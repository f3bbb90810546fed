"""Waiting for what the owner of a library does, by looking at its catalog from outside."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from ingest.library.library import Library
from ingest.library.opening import open_library
from ingest.records import Filter, LibraryStatus
from tests.e2e.processes import PATIENCE


def catalog_of(folder: Path) -> Library:
    """The library of a folder; only its catalog may be used beside its owner."""
    return open_library(folder / "library", None)


async def wait_for(folder: Path, holds: Callable[[LibraryStatus], bool]) -> LibraryStatus:
    """Wait until the library at rest is as a test wants it.

    Raises:
        TimeoutError: it never is.
    """
    library = catalog_of(folder)
    async with asyncio.timeout(PATIENCE):
        while True:
            status = library.status(Filter())
            if status.running is None and holds(status):
                return status
            await asyncio.sleep(0.05)
