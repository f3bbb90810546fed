"""Opening a library where it is kept."""

from __future__ import annotations

import uuid
from pathlib import Path

from ingest.errors import LibraryError
from ingest.library.catalog import Catalog
from ingest.library.database import open_database
from ingest.library.library import Library
from ingest.library.originals import Originals
from ingest.library.runs import Runs
from ingest.library.schema import metadata
from ingest.library.vectors import Vectors, embedded, served
from ingest.library.words import Words


def open_library(home: Path, chroma_url: str | None) -> Library:
    """Open the library in a folder; an empty one is made where there is none.

    Neither Chroma nor torch is started. With Chroma embedded, only the owner
    (`ingest.library.ownership`) may use what searches or writes.

    Args:
        home: the library's folder.
        chroma_url: a Chroma server; None for Chroma inside this process.

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
    engine = open_database(home / "catalog.sqlite", metadata)
    catalog = Catalog(engine)
    # a server may hold several libraries: each has a collection of its own
    catalog.remember({"library": uuid.uuid4().hex})
    collection = f"footnote-{catalog.fact('library')}"

    def open_vectors() -> Vectors:
        client = served(chroma_url) if chroma_url else embedded(home / "chroma")
        return Vectors(client, collection)

    return Library(
        catalog,
        Originals(home / "originals"),
        Runs(engine),
        Words(home / "words"),
        open_vectors,
    )
