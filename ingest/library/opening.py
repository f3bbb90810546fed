"""Opening a library where it is kept."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from ingest.errors import LibraryError
from ingest.library.catalog import Catalog
from ingest.library.database import open_database
from ingest.library.exact import UNKEPT
from ingest.library.history import History
from ingest.library.indexes import Indexes
from ingest.library.inventory import Inventory
from ingest.library.library import Library
from ingest.library.migrate import migrate, see_newest
from ingest.library.originals import Originals
from ingest.library.ownership import Ownership
from ingest.library.runs import Runs
from ingest.library.search import Searches
from ingest.library.stretches import StretchStore
from ingest.library.vectors import Chroma, embedded, served
from ingest.library.view import View

_CATALOG, _STRETCHES = "catalog.sqlite", "stretches.sqlite"


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
    engine = open_database(home / _CATALOG, migrate)
    catalog = Catalog(engine, clock)
    if catalog.fact("library") is None:
        # two may come here at once: what the first kept stays
        catalog.remember({"library": uuid.uuid4().hex})
    folder = home / "chroma"
    chroma = (
        Chroma(partial(served, chroma_url))
        if chroma_url
        else Chroma(partial(embedded, folder), folder)
    )
    return _library(home, engine, catalog, chroma, StretchStore(home / _STRETCHES))


def open_beside(home: Path) -> Library:
    """Open a library that another process owns, to ask it and nothing else.

    Chroma is left to its owner: a question is held against the vectors of passages that are kept
    beside those of sentences (`ingest.library.exact`). Nothing is written.

    Args:
        home: the library's folder.

    Returns:
        The library as it is; what would change it raises `LibraryError`.

    Raises:
        LibraryError: there is nothing to answer from yet, the owner is another Footnote, or its
            library keeps no such vectors.
    """
    if not (home / _CATALOG).is_file():
        raise _empty(home)
    engine = open_database(home / _CATALOG, see_newest, reads_only=True)
    try:
        store = _store_beside(home, engine)
    except BaseException:
        engine.dispose()
        raise
    return _library(home, engine, Catalog(engine), None, store)


def _store_beside(home: Path, engine: Engine) -> StretchStore:
    """The vectors that another process keeps of its library."""
    if Indexes(engine).live() is None:
        raise _empty(home)
    if not (home / _STRETCHES).is_file():
        raise LibraryError(
            f"the library in {home} is in use by {Ownership(home).owner()}, and was written by an "
            f"older Footnote, which kept its vectors in Chroma alone: {UNKEPT}"
        )
    return StretchStore(home / _STRETCHES, reads_only=True)


def _library(
    home: Path, engine: Engine, catalog: Catalog, chroma: Chroma | None, store: StretchStore
) -> Library:
    """The parts of a library, joined."""
    view = View(engine)
    return Library(
        catalog,
        view,
        History(engine),
        Indexes(engine),
        Inventory(engine),
        Originals(home / "originals"),
        Runs(engine),
        Searches(home, chroma, view, store),
        Ownership(home).is_held,
    )


def _empty(home: Path) -> LibraryError:
    return LibraryError(
        f"the library in {home} is in use by {Ownership(home).owner()}, and holds nothing yet; ask "
        "again when the first report is in it"
    )
