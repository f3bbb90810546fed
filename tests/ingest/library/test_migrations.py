"""Tests that a catalog of any age is brought to the newest schema with what it holds."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from ingest.errors import LibraryError
from ingest.library.database import open_database
from ingest.library.history import History
from ingest.library.indexes import Indexes
from ingest.library.migrate import NEWEST, migrate
from ingest.library.runs import Runs, Task
from ingest.library.schema import metadata
from ingest.library.view import View
from ingest.records import Filter

_FIRST = Path(__file__).with_name("first_catalog.sql").read_text(encoding="utf-8")


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A catalog of the first schema, with reports of every kind in it."""
    path = tmp_path / "catalog.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(_FIRST)
    return path


@pytest.fixture
def carried(first: Path) -> Iterator[Engine]:
    """The same, opened by this Footnote."""
    engine = open_database(first, migrate)
    yield engine
    engine.dispose()


def differences(engine: Engine) -> list[object]:
    """What tells a database from the schema that the code knows."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def outline(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Tables with their columns and indexes, as SQLite tells them."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'"
        )
        return {
            name: sorted(
                [row[1:] for row in connection.execute(f"PRAGMA table_info('{name}')")]
                + [row[1:3] for row in connection.execute(f"PRAGMA index_list('{name}')")],
                key=str,
            )
            for (name,) in names.fetchall()
        }


def test_the_newest_revision_is_the_last_of_the_steps() -> None:
    """The revision that is not looked behind is the head of the steps there are."""
    config = Config()
    config.set_main_option("script_location", "ingest.library:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]


def test_a_new_catalog_is_what_the_code_knows(tmp_path: Path) -> None:
    """All steps together make the tables, columns and indexes of the schema."""
    steps = open_database(tmp_path / "steps.sqlite", migrate)
    made = open_database(tmp_path / "made.sqlite", metadata.create_all)
    assert differences(steps) == []
    steps.dispose()
    made.dispose()
    assert outline(tmp_path / "steps.sqlite") == outline(tmp_path / "made.sqlite")


def test_a_first_catalog_becomes_the_same(first: Path, carried: Engine, tmp_path: Path) -> None:
    """An older catalog is carried over to the very same tables."""
    assert differences(carried) == []
    made = open_database(tmp_path / "made.sqlite", metadata.create_all)
    made.dispose()
    assert outline(first) == outline(tmp_path / "made.sqlite")


def test_what_a_first_catalog_held_is_held(carried: Engine) -> None:
    """Reports, versions, passages, addresses, failures, events and the queue are all there."""
    view, history = View(carried), History(carried)
    listed = view.reports(Filter(), 0, 99)
    told = [(each.description.title, each.version, each.name, each.shelf) for each in listed]
    assert told == [
        ("Copper in a hurry", 2, "copper.md", "general"),
        ("Wheat is dull", 1, "metals/wheat-renamed.md", "metals"),
        ("Zinc is back", 2, "zinc.md", "general"),
        ("tin.txt", 1, "metals/copy-of-tin.txt", "metals"),
    ]
    general = view.reports(Filter(shelves=frozenset({"general"})), 0, 99)
    assert [each.name for each in general] == ["copper.md", "zinc.md", "tin.txt"]
    copper = listed[0].id
    assert [each.passages for each in history.versions_of(copper)] == [2, 2]
    assert [passage.text for passage in history.passages_of(copper, 2)] == [
        "Copper in a hurry\n\nCopper cost 9,000 dollars.",
        "Chips are scarce.",
    ]
    kinds = [str(event.kind) for event in history.events()]
    assert kinds == ["added"] * 5 + ["revised", "dropped", "dropped", "restored"]
    past = Filter(as_of=history.events()[4].at)
    assert {each.version for each in view.reports(past, 0, 99)} == {1}
    index = Indexes(carried).live()
    assert index is not None
    assert (index.writing.embedder, index.words, index.slots) == ("words", "words", 8)
    [waiting] = Runs(carried).waiting()
    assert (waiting.wish.task, waiting.wish.paths) == (Task.DROP, ("/library/gold.txt",))


def test_a_newer_catalog_is_refused(tmp_path: Path) -> None:
    """What a later Footnote wrote is not touched; the error says to update."""
    path = tmp_path / "catalog.sqlite"
    open_database(path, migrate).dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(LibraryError, match=r"newer Footnote .*9999.*update Footnote"):
        open_database(path, migrate)


def test_a_step_that_fails_leaves_the_catalog_as_it_was(first: Path, tmp_path: Path) -> None:
    """Nothing of a migration stays that could not be done to its end."""
    with closing(sqlite3.connect(first)) as connection:
        # two live versions of one report: the new tables refuse the second
        connection.execute("DROP INDEX one_live_version")
        connection.execute("UPDATE versions SET live_until = NULL")
        connection.commit()
    shutil.copy(first, tmp_path / "before.sqlite")
    with pytest.raises(LibraryError, match=r"catalog\.sqlite cannot be opened"):
        open_database(first, migrate)
    before = outline(tmp_path / "before.sqlite")
    assert outline(first) == before
    with closing(sqlite3.connect(first)) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert "alembic_version" not in names


def test_a_catalog_that_is_up_to_date_is_opened_without_alembic(tmp_path: Path) -> None:
    """A start waits for no library that it has no use for."""
    open_database(tmp_path / "catalog.sqlite", migrate).dispose()
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from ingest.library.opening import open_library\n"
        "open_library(Path(sys.argv[1]), None).close()\n"
        "print('alembic' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "False\n"
