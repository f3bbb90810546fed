"""Opening a library where it is kept."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from ingest.errors import LibraryError
from ingest.library.catalog import Catalog
from ingest.library.database import open_database
from ingest.library.history import History
from ingest.library.indexes import Indexes
from ingest.library.inventory import Inventory
from ingest.library.library import Library
from ingest.library.migrate import migrate
from ingest.library.originals import Originals
from ingest.library.ownership import Ownership
from ingest.library.runs import Runs
from ingest.library.search import Searches
from ingest.library.vectors import Chroma, embedded, served
from ingest.library.view import View


def open_library(
    home: Path, chroma_url: str | None, clock: Callable[[], datetime] | None = None
) -> Library:
    """Open the library in a folder; an empty one is made where there is none.

    Neither Chroma nor torch is started. With Chroma embedded, only the owner
    (`ingest.library.ownership`) may use what searches or writes.

    Args:
        home: the library's folder.
        chroma_url: a Chroma server; None for Chroma inside this process.
        clock: gives the time, with its zone; the system's by default.

    Returns:
        The library.

    Raises:
        LibraryError: the folder cannot be written or holds something else.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(
            f"the library's folder {home} cannot be made ({error}); set LIBRARY_DIR to one "
            "that can be written"
        ) from error
    engine = open_database(home / "catalog.sqlite", migrate)
    catalog, view = Catalog(engine, clock), View(engine)
    if catalog.fact("library") is None:
        # two may come here at once: what the first kept stays
        catalog.remember({"library": uuid.uuid4().hex})
    folder = home / "chroma"
    chroma = (
        Chroma(partial(served, chroma_url))
        if chroma_url
        else Chroma(partial(embedded, folder), folder)
    )
    return Library(
        catalog,
        view,
        History(engine),
        Indexes(engine),
        Inventory(engine),
        Originals(home / "originals"),
        Runs(engine),
        Searches(home, chroma, view),
        Ownership(home).is_held,
    )
