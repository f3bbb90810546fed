"""Opening a SQLite database that several processes share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from ingest.errors import LibraryError

_BUSY_SECONDS = 30
READS = {"footnote_reads": True}
"""Execution options of a connection that only reads."""


def open_database(
    path: Path, prepare: Callable[[Engine], None], *, reads_only: bool = False
) -> Engine:
    """The engine of a SQLite file that several processes may use at once.

    Args:
        path: the file; made where it is missing.
        prepare: makes its tables where they are missing; called while no other process opens
            the file.
        reads_only: nothing is to be written: the file and its tables must be there.

    Returns:
        An engine in write-ahead mode, with foreign keys enforced.

    Raises:
        LibraryError: the file cannot be opened or is no database, or it is missing and must not
            be made. Any other error of `prepare` comes through as it is.
    """
    if reads_only and not path.is_file():
        raise LibraryError(f"the database {path} is not there; see that LIBRARY_DIR is right")
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": _BUSY_SECONDS},
        # what is kept of reports and people is nothing for a message
        hide_parameters=True,
        execution_options=READS if reads_only else {},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        # transactions begin below, where SQLAlchemy says so: left to itself, Python's driver
        # would put no statement that makes or alters a table into one
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            # what somebody else wrote into the file runs nothing
            "trusted_schema=OFF",
            f"query_only={'ON' if reads_only else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # who reads first and writes then must hold the lock from the beginning: otherwise
        # another process may write in between, and SQLite refuses at once instead of waiting
        reads = READS.items() <= connection.get_execution_options().items()
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    try:
        # SQLite lets one process at a time go into write-ahead mode and refuses the others at
        # once; and of two that find a table missing, one would make it under the other's feet
        with FileLock(f"{path}.opening", timeout=_BUSY_SECONDS):
            prepare(engine)
    except (SQLAlchemyError, OSError) as error:
        engine.dispose()
        raise LibraryError(
            f"the database {path} cannot be opened ({_reason(error)}); see that its folder can be "
            "written, the disk is not full and the file is not damaged"
        ) from error
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that is committed at the end of the block, or undone as a whole.

    It waits until no other process writes; those that read go on.

    Raises:
        LibraryError: the database failed, or it was opened to be read only.
    """
    if READS.items() <= engine.get_execution_options().items():
        raise LibraryError(
            f"{engine.url.database} is only read here, since another process owns the library; "
            "let that one change it, or stop it first"
        )
    with _wrapped(engine), engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads: all of it sees the database at one moment, waiting for nobody.

    Raises:
        LibraryError: the database failed.
    """
    with _wrapped(engine), engine.execution_options(**READS).begin() as connection:
        yield connection


@contextmanager
def _wrapped(engine: Engine) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise LibraryError(
            f"the database {engine.url.database} failed ({_reason(error)}); nothing was changed: "
            "see that the disk is not full and try again"
        ) from error


def _reason(error: Exception) -> object:
    """What the database itself said, without the statement it was given."""
    return getattr(error, "orig", None) or error
