"""Tests that a catalog of any age is brought to the newest schema with what it holds."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, event, select

from ingest.errors import LibraryError
from ingest.library.catalog import Catalog
from ingest.library.database import open_database
from ingest.library.history import History
from ingest.library.indexes import Indexes
from ingest.library.migrate import NEWEST, migrate
from ingest.library.runs import Runs, Task
from ingest.library.schema import facts, indexes, metadata
from ingest.library.view import View
from ingest.records import Description, Filter

_FIRST = Path(__file__).with_name("first_catalog.sql").read_text(encoding="utf-8")
# as the second schema kept it: every table has rows, one version is swept
_SECOND = Path(__file__).with_name("second_catalog.sql").read_text(encoding="utf-8")
_MAKING = [each for each in _FIRST.split(";\n") if each.startswith("CREATE ")]

# Opens a catalog and dies before a statement that begins so, or before the commit.
_DYING = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import Engine, event
from ingest.library.database import open_database
from ingest.library.migrate import migrate

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def before(_connection, _cursor, statement, *_):
    if statement.lstrip().startswith(sys.argv[2]):
        die()

if sys.argv[2] == "COMMIT":
    event.listen(Engine, "commit", die)
event.listen(Engine, "before_cursor_execute", before)
open_database(Path(sys.argv[1]), migrate)
"""

# Opens a library as the command does, once it is told to.
_OPENING = """
import sys
from pathlib import Path
from ingest.journal import configure_logging
from ingest.library.opening import open_library
configure_logging("DEBUG")
print("ready", flush=True)
sys.stdin.readline()
open_library(Path(sys.argv[1]), None).close()
print(*sorted({"alembic", "mako"} & set(sys.modules)))
"""


def content(path: Path) -> list[str]:
    """All that a database holds, as statements that make it."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return list(connection.iterdump())


def restored(folder: Path, dump: str) -> Path:
    """A catalog that is made of a dump."""
    path = folder / "catalog.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(dump)
    return path


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A catalog of the first schema, with reports of every kind in it."""
    return restored(tmp_path, _FIRST)


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """The same as the second schema kept it, with more that only that one kept."""
    return restored(tmp_path, _SECOND)


@pytest.fixture
def carried(first: Path) -> Iterator[Engine]:
    """The same, opened by this Footnote."""
    engine = open_database(first, migrate)
    yield engine
    engine.dispose()


class Breaking:
    """A migration that fails after some statements that write.

    Args:
        stop: how many are let through.

    Attributes:
        told: how many there were.
    """

    def __init__(self, stop: int) -> None:
        self._stop = stop
        self.told = 0

    def migrate(self, engine: Engine) -> None:
        """Migrate, as far as it goes."""
        event.listen(engine, "before_cursor_execute", self._tell)
        migrate(engine)

    def _tell(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().startswith(("SELECT", "PRAGMA", "BEGIN")):
            return
        if self.told == self._stop:
            raise OSError("no space left on device")
        self.told += 1


def differences(engine: Engine) -> list[object]:
    """What tells a database from the schema that the code knows."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def outline(path: Path) -> dict[str, list[object]]:
    """Tables with their columns, keys and indexes, as SQLite tells them."""
    with closing(sqlite3.connect(path)) as connection:

        def told(statement: str, table: str) -> list[tuple[object, ...]]:
            return [tuple(row) for row in connection.execute(statement, (table,))]

        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'"
        )
        return {
            name: sorted(
                [
                    # without their number: a column that came later stands last
                    *(row[1:] for row in told("SELECT * FROM pragma_table_info(?)", name)),
                    *(row[2:] for row in told("SELECT * FROM pragma_foreign_key_list(?)", name)),
                    *told(
                        "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?", name
                    ),
                ],
                key=str,
            )
            for (name,) in names.fetchall()
        }


def made(folder: Path) -> dict[str, list[object]]:
    """The outline of a catalog that is made of what the code knows."""
    open_database(folder / "made.sqlite", metadata.create_all).dispose()
    return outline(folder / "made.sqlite")


def test_the_newest_revision_is_the_last_of_the_steps() -> None:
    """The revision that is not looked behind is the head of the steps there are."""
    config = Config()
    config.set_main_option("script_location", "ingest.library:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]


def test_a_new_catalog_is_what_the_code_knows(tmp_path: Path) -> None:
    """All steps together make the tables, columns and indexes of the schema."""
    engine = open_database(tmp_path / "steps.sqlite", migrate)
    assert differences(engine) == []
    engine.dispose()
    assert outline(tmp_path / "steps.sqlite") == made(tmp_path)


def test_a_first_catalog_becomes_the_same(first: Path, carried: Engine, tmp_path: Path) -> None:
    """An older catalog is carried over to the very same tables."""
    assert differences(carried) == []
    assert outline(first) == made(tmp_path)


def rows_of(path: Path) -> dict[str, list[dict[str, object]]]:
    """The rows of every table but the one that tells the revision, each by its columns."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'"
        )
        return {
            name: [dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')]  # noqa: S608  # its own names
            for (name,) in names.fetchall()
        }


def test_a_second_catalog_becomes_the_same(second: Path, tmp_path: Path) -> None:
    """It is carried over to the tables of a new one, and every row of it leads somewhere."""
    engine = open_database(second, migrate)
    assert differences(engine) == []
    engine.dispose()
    assert outline(second) == made(tmp_path)
    with closing(sqlite3.connect(second)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_what_a_second_catalog_held_is_held(second: Path) -> None:
    """Each of its rows is there as it was; of what is new in it nothing is known."""
    before = rows_of(second)
    assert min(len(rows) for rows in before.values()) >= 1
    open_database(second, migrate).dispose()
    after = rows_of(second)
    new: dict[str, dict[str, object]] = {}
    for table, rows in before.items():
        assert len(after[table]) == len(rows)
        for was, now in zip(rows, after[table], strict=True):
            assert {column: now.pop(column) for column in was} == was
            assert new.setdefault(table, now) == now
    assert {table: columns for table, columns in new.items() if columns} == {
        "origins": {"told": "[]"},
        "passages": {"section": "", "heads": "[]", "unit": "", "groups": "[]"},
        "versions": {
            **dict.fromkeys(("tickers", "companies"), "[]"),
            **dict.fromkeys(("kind", "period_first", "period_last", "period_name", "currency")),
            "known_from": "{}",
        },
    }
    assert {name: after[name] for name in after.keys() - before.keys()} == {
        "corrections": [],
        "visits": [],
    }


def test_a_second_catalog_goes_on(second: Path) -> None:
    """What it holds is described and told of as before, and what is new can be kept in it."""
    engine = open_database(second, migrate)
    catalog = Catalog(engine)
    [copper, *_] = View(engine).reports(Filter(), 0, 99)
    assert copper.description == Description(
        "Copper in a hurry", "Heron Research", date(2024, 2, 8), None, None
    )
    assert copper.description.known_from == {}
    assert History(engine).passages_of(copper.id, 2)[0].section == ""
    assert {each.told for each in catalog.standing()} == {()}
    catalog.correct(copper.id, {"publisher": "Egret"})
    catalog.visit("https://heron.example/", None)
    assert catalog.corrections(copper.id) == {"publisher": "Egret"}
    assert list(catalog.visits()) == ["https://heron.example/"]
    engine.dispose()


@pytest.mark.parametrize("stands", [1, 4, 9, len(_MAKING) - 1])
def test_a_first_catalog_that_was_not_made_to_its_end_is(tmp_path: Path, stands: int) -> None:
    """A first start that was broken off left some of the tables; the others are made."""
    assert len(_MAKING) == 17
    path = tmp_path / "catalog.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        for statement in _MAKING[:stands]:
            connection.execute(statement)
    open_database(path, migrate).dispose()
    assert outline(path) == made(tmp_path)


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


def test_every_row_of_a_carried_catalog_leads_somewhere(first: Path, carried: Engine) -> None:
    """No table refers to what is not there, and nothing of the old tables is left."""
    carried.dispose()
    with closing(sqlite3.connect(first)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert {"origins", "placements", "one_report_an_address"} <= names
    assert [name for name in names if name.startswith(("old_", "_alembic_tmp"))] == []


@pytest.mark.parametrize(
    ("shelves", "shown"),
    [
        (None, {"Copper in a hurry", "Wheat is dull", "Zinc is back", "gold.txt", "tin.txt"}),
        ({"general"}, {"Copper in a hurry", "Zinc is back", "tin.txt"}),
        ({"metals"}, {"Wheat is dull", "tin.txt"}),
        ({""}, {"gold.txt"}),
        ({"energy"}, set()),
    ],
)
def test_who_may_read_a_report_now_may_read_its_past(
    carried: Engine, shelves: set[str] | None, shown: set[str]
) -> None:
    """The first schema did not keep where older versions stood, or anything of dropped reports.

    What was dropped is shown to nobody who may read certain shelves only.
    """
    before = datetime(2026, 3, 5, 12, tzinfo=UTC)
    wanted = Filter(shelves=None if shelves is None else frozenset(shelves), as_of=before)
    held = View(carried).reports(wanted, 0, 99)
    assert {(each.description.title, each.version) for each in held} == {
        (title, 1) for title in shown
    }


def test_a_dropped_report_says_that_its_address_is_not_known(carried: Engine) -> None:
    """It is found with its versions, and nothing is read from where it is said to have been."""
    history = History(carried)
    [gold] = history.find("gold.txt")
    [origin] = history.origins_of(gold)
    assert (origin.uri, origin.name, origin.shelf, origin.version) == ("unknown", "gold.txt", "", 1)
    [version] = history.versions_of(gold)
    assert origin.gone_at == version.live_until == datetime(2026, 3, 7, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("embedder", "model"),
    [
        ("all-MiniLM-L6-v2@53aa5117", "all-MiniLM-L6-v2"),
        ("all-MiniLM-L6-v2", None),
        ("all-MiniLM-L6-v2-tuned@53aa5117", None),
        ("/models/all-MiniLM-L6-v2@53aa5117", None),
    ],
)
def test_what_wrote_a_first_catalog_is_kept_with_its_index(
    first: Path, embedder: str, model: str | None
) -> None:
    """Facts become the live index; its model is known where it is the one that is shipped."""
    with closing(sqlite3.connect(first)) as connection:
        connection.execute("UPDATE facts SET value = ? WHERE key = 'embedder'", (embedder,))
        connection.commit()
    engine = open_database(first, migrate)
    with engine.connect() as connection:
        [index] = connection.execute(select(indexes)).mappings()
        [(key, library)] = connection.execute(select(facts)).all()
    engine.dispose()
    assert key == "library"
    assert dict(index) == {
        "id": 1,
        "state": "live",
        "model": model,
        "embedder": embedder,
        "dimension": 64,
        "distance": "cosine",
        "chunking": "paragraphs-1",
        "collection": f"footnote-{library}",
        "words": "words",
        "slots": 8,
        "made_at": datetime(2026, 3, 1, 9, tzinfo=UTC),
        "retired_at": None,
    }


def test_a_first_catalog_without_a_report_has_no_index(tmp_path: Path) -> None:
    """Where nothing was written, nothing is said to have written it."""
    path = tmp_path / "catalog.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        for statement in _MAKING:
            connection.execute(statement)
        connection.execute("INSERT INTO facts VALUES ('library', 'abc')")
        connection.commit()
    engine = open_database(path, migrate)
    assert Indexes(engine).live() is None
    with engine.connect() as connection:
        assert connection.execute(select(facts)).all() == [("library", "abc")]
    engine.dispose()


@pytest.mark.parametrize("revision", ["0004", "9999", "0001x"])
def test_a_newer_catalog_is_refused(tmp_path: Path, revision: str) -> None:
    """What a later Footnote wrote is not touched; the error says to update."""
    path = tmp_path / "catalog.sqlite"
    open_database(path, migrate).dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        connection.commit()
    before = content(path)
    with pytest.raises(LibraryError, match=rf"newer Footnote .*{revision}, .*{NEWEST}.*update"):
        open_database(path, migrate)
    assert content(path) == before


def test_a_step_that_fails_leaves_the_catalog_as_it_was(first: Path) -> None:
    """Nothing of a migration stays that could not be done to its end."""
    with closing(sqlite3.connect(first)) as connection:
        # two live versions of one report: the new tables refuse the second
        connection.execute("DROP INDEX one_live_version")
        connection.execute("UPDATE versions SET live_until = NULL")
        connection.commit()
    before = content(first)
    with pytest.raises(LibraryError, match=r"catalog\.sqlite cannot be opened \(UNIQUE"):
        open_database(first, migrate)
    assert content(first) == before


@pytest.mark.parametrize(("dump", "least"), [(_FIRST, 40), (_SECOND, 15)])
def test_a_migration_may_break_off_at_any_statement(tmp_path: Path, dump: str, least: int) -> None:
    """Whichever statement fails, the old catalog is whole; once none does, it is carried over."""
    path = restored(tmp_path, dump)
    before = content(path)
    # how many statements write is found by letting all of them through on a copy
    copy = tmp_path / "copy.sqlite"
    shutil.copy(path, copy)
    writing = Breaking(sys.maxsize)
    open_database(copy, writing.migrate).dispose()
    assert writing.told > least
    for stop in range(writing.told):
        with pytest.raises(LibraryError, match=r"\(no space left on device\)"):
            open_database(path, Breaking(stop).migrate)
        assert content(path) == before
    open_database(path, migrate).dispose()
    assert content(path) == content(copy)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE alembic_version",
        "CREATE TABLE indexes",
        "DELETE FROM facts",
        "ALTER TABLE origins RENAME",
        "INSERT INTO carriers",
        "DROP TABLE old_origins",
        "UPDATE alembic_version",
        "COMMIT",
    ],
)
def test_a_migration_that_is_killed_leaves_the_catalog_as_it_was(
    first: Path, tmp_path: Path, statement: str
) -> None:
    """Up to the commit, who dies leaves the old catalog, and the next start carries it over."""
    before = content(first)
    died = subprocess.run([sys.executable, "-c", _DYING, str(first), statement], check=False)
    assert died.returncode == -signal.SIGKILL
    assert content(first) == before
    open_database(first, migrate).dispose()
    assert outline(first) == made(tmp_path)


def test_processes_that_carry_it_over_together_agree(first: Path, tmp_path: Path) -> None:
    """A bot and an ingest of the new Footnote start at once: one migrates, neither fails.

    Neither says a word of it.
    """
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _OPENING, str(first.parent)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0] * 3
    assert sorted(said) == [("\n", ""), ("\n", ""), ("alembic mako\n", "")]
    assert outline(first) == made(tmp_path)


def test_a_catalog_that_is_up_to_date_is_opened_without_alembic(tmp_path: Path) -> None:
    """A start waits for no library that it has no use for."""
    open_database(tmp_path / "catalog.sqlite", migrate).dispose()
    command = [sys.executable, "-c", _OPENING, str(tmp_path)]
    ran = subprocess.run(command, input="\n", capture_output=True, text=True, check=True)
    assert ran.stdout == "ready\n\n"
