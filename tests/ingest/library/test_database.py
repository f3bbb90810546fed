"""Tests of a database that several processes read and write at once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, text, update

from ingest.errors import LibraryError
from ingest.library.database import open_database, reading, transaction
from ingest.library.schema import events, facts, metadata

# Reads a number and writes the next one, in one transaction, many times over.
_COUNTING = """
import sys
from pathlib import Path
from sqlalchemy import select, update
from ingest.library.database import open_database, transaction
from ingest.library.schema import facts, metadata
engine = open_database(Path(sys.argv[1]), metadata.create_all)
print("ready", flush=True)
sys.stdin.readline()
for _ in range(100):
    with transaction(engine) as connection:
        number = int(connection.scalar(select(facts.c.value)))
        connection.execute(update(facts).values(value=str(number + 1)))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database lies."""
    return tmp_path / "catalog.sqlite"


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    """A database that keeps the number 0."""
    engine = open_database(path, metadata.create_all)
    with transaction(engine) as connection:
        connection.execute(insert(facts).values(key="number", value="0"))
    yield engine
    engine.dispose()


def test_who_reads_and_then_writes_waits_for_others_that_do(path: Path, engine: Engine) -> None:
    """Processes that write what follows from what they read lose nothing, and none is refused."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _COUNTING, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        process.communicate()
    assert [process.returncode for process in processes] == [0, 0]
    with reading(engine) as connection:
        assert connection.scalar(select(facts.c.value)) == "200"


def test_who_reads_waits_for_nobody_who_writes(engine: Engine) -> None:
    """While another transaction writes, what stood there before is read."""
    with transaction(engine) as writer:
        writer.execute(update(facts).values(value="1"))
        # were it to wait, it would wait in vain and be refused
        with reading(engine) as reader:
            assert reader.scalar(select(facts.c.value)) == "0"


def test_what_is_read_is_of_one_moment(engine: Engine) -> None:
    """What is written while somebody reads is seen by the next who does."""
    with reading(engine) as reader:
        assert reader.scalar(select(facts.c.value)) == "0"
        with transaction(engine) as writer:
            writer.execute(update(facts).values(value="1"))
        assert reader.scalar(select(facts.c.value)) == "0"
    with reading(engine) as reader:
        assert reader.scalar(select(facts.c.value)) == "1"


def test_a_transaction_holds_the_lock_from_its_beginning(path: Path, engine: Engine) -> None:
    """Nobody writes between what a transaction reads and what it writes."""
    with (
        transaction(engine) as connection,
        closing(sqlite3.connect(path, timeout=0)) as other,
    ):
        assert connection.scalar(select(facts.c.value)) == "0"
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("UPDATE facts SET value = '1'")


def test_a_row_must_lead_somewhere(engine: Engine) -> None:
    """The database itself refuses what refers to nothing."""
    at = datetime(2026, 3, 1, 9, tzinfo=UTC)
    with (
        pytest.raises(LibraryError, match=r"failed \(FOREIGN KEY .*; nothing was changed"),
        transaction(engine) as connection,
    ):
        connection.execute(insert(events).values(at=at, kind="added", report_id="a", version_id=1))


def test_tables_are_made_all_or_none(path: Path) -> None:
    """What fails while the tables are made leaves no table."""

    def failing(engine: Engine) -> None:
        with engine.begin() as connection:
            metadata.create_all(connection)
            connection.execute(text("CREATE TABLE facts (key)"))

    with pytest.raises(LibraryError, match=r"cannot be opened \(table facts already exists\)"):
        open_database(path, failing)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []


@pytest.mark.parametrize("error", [LibraryError("update Footnote"), KeyboardInterrupt()])
def test_another_error_comes_through_as_it_is(path: Path, error: BaseException) -> None:
    """What the maker of the tables says himself is said; the file is let go of."""
    engines = []

    def refusing(engine: Engine) -> None:
        engines.append(engine)
        with engine.begin():
            pass
        raise error

    with pytest.raises(type(error)) as raised:
        open_database(path, refusing)
    assert raised.value is error
    [engine] = engines
    assert engine.pool.status().startswith("Pool size: 5  Connections in pool: 0 ")
    open_database(path, metadata.create_all).dispose()


def test_a_database_opened_to_be_read_is_read_alone(path: Path, engine: Engine) -> None:
    """What another process wrote is read; neither a transaction nor a statement writes."""
    beside = open_database(path, metadata.create_all, reads_only=True)
    with transaction(engine) as connection:
        connection.execute(update(facts).values(value="1"))
    with reading(beside) as connection:
        assert connection.scalar(select(facts.c.value)) == "1"
    with pytest.raises(LibraryError, match=r"is only read here, since another process"):
        transaction(beside).__enter__()
    with (
        pytest.raises(LibraryError, match=r"attempt to write a readonly database"),
        reading(beside) as connection,
    ):
        connection.execute(update(facts).values(value="2"))
    beside.dispose()


def test_a_database_opened_to_be_read_is_not_made(path: Path) -> None:
    """Where there is no file, or no table in it, that is an error and stays so."""
    with pytest.raises(LibraryError, match=r"catalog\.sqlite is not there"):
        open_database(path, metadata.create_all, reads_only=True)
    assert not path.exists()
    open_database(path, lambda engine: engine.connect().close()).dispose()
    with pytest.raises(LibraryError, match=r"cannot be opened \(attempt to write a readonly"):
        open_database(path, metadata.create_all, reads_only=True)
