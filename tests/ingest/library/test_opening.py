"""Tests of opening a library, and of the database below it."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import insert, select

from ingest.errors import FootnoteError, IndexUnavailable, LibraryError
from ingest.library.database import open_database, transaction
from ingest.library.indexes import Index, Writing
from ingest.library.library import Library
from ingest.library.opening import open_beside, open_library
from ingest.library.runs import Task, Wish
from ingest.library.schema import facts, metadata
from ingest.records import Filter
from ingest.stretches import Stretches
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


def _live(library: Library) -> Index:
    index = library.indexes.live()
    assert index is not None
    return index


def _files(home: Path) -> dict[str, str]:
    """Every file of a library with the hash of what is in it, but those that only lock."""
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in home.rglob("*")
        if path.is_file() and path.suffix not in {".opening", ".lock"} and "-shm" not in path.name
    }


def test_beside_its_owner_a_library_is_searched_without_chroma(tmp_path: Path) -> None:
    """It finds what the owner finds, what came since the last time too, and leaves no trace."""
    with closing(open_library(tmp_path, None)) as owner:
        for number, text in enumerate(["Copper is cheap.", "Tin is dear.", "Chips are scarce."]):
            vector = EMBEDDER.embed_query(text)
            put(owner, source(f"{number}.txt"), text)
            files = _files(tmp_path)
            with closing(open_beside(tmp_path)) as library:
                dense = library.nearest(vector, Filter(), 9)
                assert library.matching(text, Filter(), 9) == owner.matching(text, Filter(), 9)
                assert library.status(Filter()).passages == number + 1
            there = owner.nearest(vector, Filter(), 9)
            assert [hit.passage for hit in dense] == [hit.passage for hit in there]
            assert dense[0].passage.text == text
            assert _files(tmp_path) == files


def test_beside_its_owner_chroma_is_not_needed(tmp_path: Path) -> None:
    """Whatever stands in Chroma's folder, it is not even looked at."""
    with closing(open_library(tmp_path, None)) as owner:
        put(owner, source("a.txt"), "Copper is cheap.")
    shutil.rmtree(tmp_path / "chroma")
    with closing(open_beside(tmp_path)) as library:
        assert library.nearest(EMBEDDER.embed_query("copper"), Filter(), 3)
    assert not (tmp_path / "chroma").exists()


def _kept(library: Library) -> None:
    nothing = np.empty((0, 64), dtype=np.float32)
    made = Stretches(np.ones(64, dtype=np.float32), np.empty((0, 2), dtype=np.int32), nothing)
    library.searches.store.keep("words", ["a"], [made])


@pytest.mark.parametrize(
    "change",
    [
        lambda library: put(library, source("b.txt"), "Tin is dear."),
        lambda library: library.catalog.remember({"a": "1"}),
        lambda library: library.catalog.remove_origins([source("a.txt").uri]),
        lambda library: library.runs.queue(Wish(task=Task.CHECK)),
        lambda library: library.indexes.make(Writing("x", 1, "paragraphs")),
        lambda library: library.searches.forget(_live(library)),
        lambda library: library.searches.remove_strays([_live(library)]),
        lambda library: library.searches.set_aside(),
        _kept,
    ],
)
def test_beside_its_owner_nothing_is_changed(
    tmp_path: Path, change: Callable[[Library], object]
) -> None:
    """What would change the library is an error that says who may, and changes nothing."""
    with closing(open_library(tmp_path, None)) as owner:
        put(owner, source("a.txt"), "Copper is cheap.")
        files = _files(tmp_path)
        with (
            closing(open_beside(tmp_path)) as library,
            pytest.raises(LibraryError, match=r"let that one change it, or stop it first$"),
        ):
            change(library)
        assert _files(tmp_path) == files


def _nothing(home: Path) -> None:
    home.mkdir()


def _empty(home: Path) -> None:
    open_library(home, None).close()


def _filled(home: Path) -> None:
    with closing(open_library(home, None)) as library:
        put(library, source("a.txt"), "Copper is cheap.")


def _without_vectors(home: Path) -> None:
    _filled(home)
    (home / "stretches.sqlite").unlink()


def _without_words(home: Path) -> None:
    _filled(home)
    [words] = home.glob("words-*")
    shutil.rmtree(words)


def _of_another_footnote(home: Path) -> None:
    _filled(home)
    with closing(sqlite3.connect(home / "catalog.sqlite")) as catalog:
        catalog.execute("UPDATE alembic_version SET version_num = '0001'")
        catalog.commit()


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (_nothing, r"library is in use by another process, and holds nothing yet; ask again"),
        (_empty, r"library is in use by another process, and holds nothing yet; ask again"),
        (_without_vectors, r"older Footnote, .* stop its owner .* 'python -m ingest repair'"),
        (_without_words, r"words-\w+ is not there; ask again .* 'python -m ingest repair'"),
        (_of_another_footnote, r"of revision 0001, this one knows \d+\); update the older"),
    ],
)
def test_what_cannot_be_asked_beside_its_owner_is_told(
    tmp_path: Path, made: Callable[[Path], None], message: str
) -> None:
    """What is missing is named, with what to do, and not made."""
    home = tmp_path / "library"
    made(home)
    files = _files(home)
    with (
        pytest.raises(LibraryError, match=message) as error,
        closing(open_beside(home)) as library,
    ):
        library.matching("copper", Filter(), 3)
    assert "\n" not in str(error.value)
    assert _files(home) == files
