"""A catalog that came in an archive: it is seen to be one, and its rows are copied over.

It may come from anybody. It is never opened as the library's own: rows of the known tables
alone, each value of the right kind, are copied into the library's catalog.
"""

from __future__ import annotations

import re
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, func, select, text, update

from ingest.errors import LibraryError
from ingest.library.database import open_database, reading, transaction
from ingest.library.indexes import Index, Indexes, IndexState
from ingest.library.migrate import migrate
from ingest.library.schema import facts, indexes, metadata, origins, runs, versions
from ingest.records import EventKind, ReportKind

MALFORMED = (ValueError, TypeError, AttributeError, OverflowError, RecursionError)
"""What readers raise at content that was made to break them."""
_WAIT_SECONDS = 30
# a library keeps its own identity and its own queue
_COPIED = [table for table in metadata.sorted_tables if table not in (facts, runs)]
_FORMS = {
    "reports.id": re.compile(r"[0-9a-f]{16}"),
    "passages.id": re.compile(r"[0-9a-f]{32}"),
    "versions.content_hash": re.compile(r"[0-9a-f]{64}"),
    "versions.text_hash": re.compile(r"[0-9a-f]{64}"),
    "versions.kind": re.compile("|".join(ReportKind)),
    # empty: what stands there is to be read again
    "origins.content_hash": re.compile(r"([0-9a-f]{64})?"),
    "indexes.state": re.compile(IndexState.LIVE),
    "events.kind": re.compile("|".join(EventKind)),
}
"""How a value must look where more depends on it than what is shown."""


@contextmanager
def untrusted_catalog(catalog: Path) -> Iterator[Engine]:
    """A catalog in an archive, brought to the schema of this Footnote, once it is seen to be one.

    Raises:
        LibraryError: it is damaged, or holds what no catalog does.
    """
    with ExitStack() as stack:
        try:
            _see_schema(catalog)
            engine = open_database(catalog, migrate)
            stack.callback(engine.dispose)
            _see_rows(engine)
        except (sqlite3.Error, KeyError, *MALFORMED) as error:
            raise _unusable(f"is damaged ({error})") from error
        yield engine


def _see_schema(catalog: Path) -> None:
    """See, before all else, that a database is whole and that nothing in it acts by itself."""
    with closing(sqlite3.connect(catalog)) as connection:
        connection.execute("PRAGMA trusted_schema=OFF")
        # a virtual table has no page
        acting = "SELECT type, name FROM sqlite_master WHERE rootpage = 0 OR rootpage IS NULL"
        for kind, name in connection.execute(acting):
            raise _unusable(f"holds the {kind} {name!r}, which no catalog does")
        [said] = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if said != "ok":
            raise _unusable(f"is damaged ({said})")
        # a ValueError where it is not one
        [_] = connection.execute("SELECT version_num FROM alembic_version")


def _see_rows(engine: Engine) -> None:
    """See that every value that will be copied is of its column's kind, and every row leads on."""
    known = {"alembic_version"} | {table.name for table in metadata.sorted_tables}
    known |= {str(each.name) for table in metadata.sorted_tables for each in table.indexes}
    with reading(engine) as connection:
        for kind, name in connection.execute(text("SELECT type, name FROM sqlite_master")):
            if name not in known and not name.startswith("sqlite_"):
                raise _unusable(f"holds the {kind} {name!r}, which no catalog does")
        if connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
            raise _unusable("is damaged (rows of it lead nowhere)")
        if (connection.scalar(select(func.count()).select_from(indexes)) or 0) > 1:
            raise _unusable("holds several indexes")
        for table in _COPIED:
            columns = [
                (str(column), column.type.python_type, column.nullable, _FORMS.get(str(column)))
                for column in table.c
            ]
            for row in connection.execute(select(table)):
                for (name, kind, nullable, form), value in zip(columns, row, strict=True):
                    if value is None and nullable:
                        continue
                    # a moment at the end of time leaves no room for the next one
                    never = isinstance(value, date) and not 1000 < value.year < 9000
                    if not isinstance(value, kind) or never or (form and not form.fullmatch(value)):
                        raise _unusable(f"is damaged ({name} is not what it should be)")


def _unusable(why: str) -> LibraryError:
    return LibraryError(f"the catalog {why}; nothing can be restored from it")


def hashes_of(engine: Engine) -> set[str]:
    """The hashes of the originals that a catalog's versions need."""
    with reading(engine) as connection:
        return set(
            connection.scalars(select(versions.c.content_hash).where(versions.c.swept_at.is_(None)))
        )


def rename_index(engine: Engine, library: str) -> Index | None:
    """Give the index in a catalog from elsewhere names of its own in this library.

    Args:
        engine: of that catalog.
        library: the id of this library.

    Returns:
        The index; None where it has none.
    """
    name = uuid.uuid4().hex[:8]
    with transaction(engine) as connection:
        connection.execute(
            update(indexes).values(
                slots=0, collection=f"footnote-{library}-{name}", words=f"words-{name}"
            )
        )
        # files on this machine look otherwise
        connection.execute(update(origins).values(seen=None))
    return Indexes(engine).live()


def copy_rows(untrusted: Path, catalog: Path) -> None:
    """Put the rows of a catalog that was seen into an empty library's own, all at once.

    Args:
        untrusted: the file of the catalog that came.
        catalog: the file of the library's.

    Raises:
        sqlite3.Error: the library's cannot be written; nothing was changed.
    """
    with closing(sqlite3.connect(catalog, timeout=_WAIT_SECONDS)) as connection:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("ATTACH ? AS restored", (str(untrusted),))
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            # all that an empty library may hold of what is copied
            connection.execute("DELETE FROM main.indexes")
            connection.execute("DELETE FROM main.failures")
            connection.execute("DELETE FROM main.visits")
            for table in _COPIED:
                columns = ", ".join(f'"{column.name}"' for column in table.c)
                connection.execute(
                    f"INSERT INTO main.{table.name} ({columns}) "  # noqa: S608  # our own names
                    f"SELECT {columns} FROM restored.{table.name}"
                )
