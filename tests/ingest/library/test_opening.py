"""Tests of opening a library, and of the database below it."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from ingest.errors import FootnoteError, IndexUnavailable, LibraryError
from ingest.library.database import open_database, transaction
from ingest.library.indexes import Writing
from ingest.library.opening import open_library
from ingest.library.schema import facts, metadata
from ingest.records import Filter
from tests.ingest.library.shelves import EMBEDDER, put, source

_OPENING = """
import sys
from pathlib import Path
from ingest.library.indexes import Writing
from ingest.library.opening import open_library
print("ready", flush=True)
sys.stdin.readline()
library = open_library(Path(sys.argv[1]), None)
print(library.catalog.fact("library"), flush=True)
"""


def test_a_library_is_made_where_there_is_none(tmp_path: Path) -> None:
    """A folder that is missing is made, with the folders above it; the library is empty."""
    with closing(open_library(tmp_path / "new" / "library", None)) as library:
        assert library.status(Filter()).reports == 0
        assert library.matching("copper", Filter(), 3) == []
    assert (tmp_path / "new" / "library" / "catalog.sqlite").is_file()


@pytest.mark.parametrize("name", ["a b", "50% #1?", "价格", "a;b=c&d", "mode=memory?x"])
def test_a_library_may_be_kept_in_any_folder(tmp_path: Path, name: str) -> None:
    """Whatever its folder is called, all of the library lies there and is found again."""
    with closing(open_library(tmp_path / name, None)) as library:
        put(library, source("a.txt"), "Copper is cheap.")
    assert [path.name for path in tmp_path.iterdir()] == [name]
    with closing(open_library(tmp_path / name, None)) as library:
        [dense] = library.nearest(EMBEDDER.embed_query("copper"), Filter(), 3)
        [lexical] = library.matching("copper", Filter(), 3)
    assert dense.passage == lexical.passage


def test_processes_that_open_it_first_agree(tmp_path: Path) -> None:
    """A bot and an ingest that start together make one library, and neither fails."""
    command = [sys.executable, "-c", _OPENING, str(tmp_path / "library")]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate()[0].strip() for process in processes]
    assert [process.returncode for process in processes] == [0] * 4
    assert len(said[0]) == 32
    assert len(set(said)) == 1


def _file(home: Path) -> None:
    home.write_text("no folder", encoding="utf-8")


def _damaged_catalog(home: Path) -> None:
    home.mkdir()
    (home / "catalog.sqlite").write_bytes(b"no database, but long enough to look like one" * 9)


def _folder_for_catalog(home: Path) -> None:
    (home / "catalog.sqlite").mkdir(parents=True)


def _damaged_words(home: Path) -> None:
    with closing(open_library(home, None)) as library:
        put(library, source("a.txt"), "Copper is cheap.")
    [words] = home.glob("words-*")
    (words / "meta.json").write_text("{", encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_file, r"library cannot be made .*; set LIBRARY_DIR to one that can be written$"),
        (
            _damaged_catalog,
            r"catalog\.sqlite cannot be opened \(file is not a database\); see that",
        ),
        (_folder_for_catalog, r"catalog\.sqlite cannot be opened \(unable to open .*\); see that"),
        (_damaged_words, r"the lexical index could not be opened"),
    ],
)
def test_what_is_no_library_is_an_error(tmp_path: Path, damage: object, message: str) -> None:
    """What stands in the way is named, with what to do, on one line."""
    assert callable(damage)
    damage(tmp_path / "library")
    with (
        pytest.raises(LibraryError, match=message) as error,
        closing(open_library(tmp_path / "library", None)) as library,
    ):
        library.matching("copper", Filter(), 3)
    assert "\n" not in str(error.value)


def test_chroma_is_opened_when_it_is_needed(tmp_path: Path) -> None:
    """Opening a library does without Chroma; where it cannot be opened, the search says so."""
    home = tmp_path / "library"
    open_library(home, None).close()
    assert not (home / "chroma").exists()
    (home / "chroma").write_text("no folder", encoding="utf-8")
    with closing(open_library(home, None)) as library:
        library.bind(Writing("words", 64, "paragraphs"))
        assert library.matching("copper", Filter(), 3) == []
        with pytest.raises(IndexUnavailable, match=r"^Chroma could not open .*try again$"):
            library.nearest(EMBEDDER.embed_query("copper"), Filter(), 3)


def test_an_address_that_is_none_is_a_setting_to_mend(tmp_path: Path) -> None:
    """A wrong CHROMA_URL is told when Chroma is needed, with how to write it."""
    with closing(open_library(tmp_path / "library", "chroma:8000")) as library:
        library.bind(Writing("words", 64, "paragraphs"))
        with pytest.raises(FootnoteError, match=r"CHROMA_URL is 'chroma:8000'; write it like http"):
            library.nearest(EMBEDDER.embed_query("copper"), Filter(), 3)


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    """What fails in the middle leaves nothing; its error holds no word of what was written."""
    engine = open_database(tmp_path / "catalog.sqlite", metadata.create_all)
    kept = {"key": "a", "value": "somebody's words"}
    with (
        pytest.raises(LibraryError, match=r"catalog\.sqlite failed \(UNIQUE .*try again$") as error,
        transaction(engine) as connection,
    ):
        connection.execute(insert(facts), [kept, kept])
    assert "somebody" not in str(error.value)
    assert "INSERT" not in str(error.value)
    with transaction(engine) as connection:
        assert connection.scalars(select(facts.c.value)).all() == []
    engine.dispose()


def test_the_database_is_read_while_it_is_written(tmp_path: Path) -> None:
    """A process that writes keeps no other from reading what stood there before."""
    engine = open_database(tmp_path / "catalog.sqlite", metadata.create_all)
    with transaction(engine) as connection:
        connection.execute(insert(facts).values(key="a", value="1"))
        with closing(sqlite3.connect(tmp_path / "catalog.sqlite", timeout=0)) as other:
            assert other.execute("SELECT * FROM facts").fetchall() == []
            assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    engine.dispose()


def test_a_library_can_be_moved(tmp_path: Path) -> None:
    """A library that nobody has open is its folder, wherever that is put."""
    with closing(open_library(tmp_path / "here", None)) as library:
        put(library, source("a.txt"), "Copper is cheap.")
    shutil.move(tmp_path / "here", tmp_path / "there")
    with closing(open_library(tmp_path / "there", None)) as library:
        [hit] = library.nearest(EMBEDDER.embed_query("copper"), Filter(), 3)
        assert library.text_of(hit.report) == "Copper is cheap."


def test_threads_that_bind_it_first_agree(tmp_path: Path) -> None:
    """A bot that makes itself ready beside its first ingest finds the same index."""
    writing = Writing(EMBEDDER.identity, EMBEDDER.dimension, "paragraphs")
    with closing(open_library(tmp_path, None)) as library, ThreadPoolExecutor(4) as threads:
        bound = [threads.submit(library.bind, writing) for _ in range(16)]
        assert len({each.result() for each in bound}) == 1
