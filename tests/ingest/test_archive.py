"""Tests of the archive: it restores all of a library, or leaves an empty one that works."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import io
import json
import resource
import signal
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest.archive import export_library, import_library
from ingest.errors import LibraryError, RunStopped
from ingest.library.indexes import Writing
from ingest.library.library import Library
from ingest.library.opening import open_library
from ingest.library.runs import Wish
from ingest.records import Filter, Findings, Source, Told
from ingest.upkeep import Upkeep
from tests.e2e.chroma import chroma_server
from tests.embedders import WordEmbedder
from tests.ingest.engines import InlineEngine
from tests.ingest.library.shelves import vectors_of
from tests.ingest.mill import Mill

_MUCH = " Of that much more is said here." * 15  # so much that each paragraph is a passage
COPPER = f"Copper is cheap this year.{_MUCH}\n\nTin is bright.{_MUCH}\n\nLead is heavy."
CHIPS = f"Chips are scarce again.{_MUCH}\n\nTin is bright."
WHEAT = "Wheat is dull."
QUESTIONS = ("copper", "tin", "chips scarce", "lead heavy wheat dear")

Files = dict[str, bytes]
"""What is in an archive, by its name; the manifest is made of it anew."""


def untold(_done: int, _total: int, _name: str) -> None:
    """Progress nobody watches."""


def export(library: Library, archive: Path) -> Findings:
    """Write an archive, unwatched."""
    return export_library(library, archive, untold, lambda: False)


def restore(archive: Path, home: Path, chroma_url: str | None = None) -> Findings:
    """Restore one, unwatched."""
    return import_library(archive, home, chroma_url, untold, lambda: False)


def all_of(library: Library, moment: datetime) -> list[object]:
    """Everything a library tells, now and as of a moment, but for its own name."""
    embedder = WordEmbedder()
    told: list[object] = [library.history.events(), library.catalog.failures()]
    for wanted in (Filter(), Filter(as_of=moment)):
        reports = library.reports(wanted, 0, 99)
        told += [reports, [library.text_of(report) for report in reports]]
        for words in QUESTIONS:
            for hits in (
                library.nearest(embedder.embed_query(words), wanted, 99),
                library.matching(words, wanted, 99),
            ):
                told.append([(hit.passage, hit.report, round(hit.score, 5)) for hit in hits])
    for report_id in {event.report for event in library.history.events()}:
        told.append((report_id, library.history.versions_of(report_id)))
        told.append(library.history.origins_of(report_id))
    return sorted(told, key=repr)


def wrong_with(library: Library) -> tuple[str, ...]:
    """What a check finds."""
    return _upkeep(library).check(untold, lambda: False).wrong


def _upkeep(library: Library) -> Upkeep:
    return Upkeep(library, lambda _: InlineEngine(WordEmbedder()), None)


@dataclass(frozen=True, slots=True)
class Good:
    """An archive as it should be.

    Attributes:
        path: where it is.
        files: what is in it.
        moment: in its library's past.
        told: all that its library told.
        said: what was said when it was written.
    """

    path: Path
    files: Files
    moment: datetime
    told: list[object]
    said: Findings

    def listed(self, **instead: list[object]) -> dict[str, list[object]]:
        """Size and hash of each file, as the manifest has them, but for some."""
        return {**_listed(self.files), **instead}

    def written(self, path: Path, content: Files | None = None, /, **manifest: Any) -> Path:
        """Write an archive with other files, or with a manifest that says something else."""
        files = self.files if content is None else content
        said = {"format": 1, "vectors": 7, "files": _listed(files), **manifest}
        with tarfile.open(path, "w:gz") as tar:
            add(tar, "manifest.json", json.dumps(said).encode())
            for name, each in files.items():
                add(tar, name, each)
        return path


def _listed(files: Files) -> dict[str, list[object]]:
    return {name: [len(each), _hash_of(each)] for name, each in files.items()}


def add(tar: tarfile.TarFile, name: str, content: bytes, **other: Any) -> None:
    """Add a member, of which something may be otherwise than it is with a file."""
    member = tarfile.TarInfo(name)
    member.size = len(content)
    for key, value in other.items():
        setattr(member, key, value)
    tar.addfile(member, io.BytesIO(content))


def _hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def fill(mill: Mill) -> datetime:
    """Give a mill a past: a revision, a report that was dropped, a failure; a moment in it."""
    mill.write("a.txt", COPPER.replace("cheap", "dear"))
    mill.write("b.txt", CHIPS)
    mill.write("sub/c.txt", WHEAT)
    mill.write("empty.txt", "")
    mill.run()
    moment = mill.library.history.events()[-1].at
    mill.write("a.txt", COPPER)
    (mill.reports / "sub/c.txt").unlink()
    mill.run(prune=True)
    return moment


@pytest.fixture
def mill(tmp_path: Path) -> Iterator[Mill]:
    """A library with a past."""
    mill = Mill(tmp_path)
    fill(mill)
    yield mill
    mill.library.close()


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Good:
    """An archive of a library with a past."""
    folder = tmp_path_factory.mktemp("good")
    mill = Mill(folder)
    moment = fill(mill)
    path = folder / "good.tar.gz"
    said = export(mill.library, path)
    told = all_of(mill.library, moment)
    mill.library.close()
    with tarfile.open(path) as tar:
        members = [(member.name, tar.extractfile(member)) for member in tar]
    with tarfile.open(path) as tar:
        files = {name: tar.extractfile(name).read() for name, _ in members}  # type: ignore[union-attr]  # each is a file
    del files["manifest.json"]
    return Good(path, files, moment, told, said)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where a library is to be restored; beside it lies what belongs to somebody else."""
    (tmp_path / "precious.original").write_text("precious", encoding="utf-8")
    (tmp_path / "precious.json").write_text("precious", encoding="utf-8")
    return tmp_path / "restored"


def assert_empty(home: Path) -> None:
    """See that a library holds nothing, that nothing is left over, and that it works."""
    assert {
        path.name for path in home.parent.glob("precious*") if path.read_text() == "precious"
    } == {
        "precious.original",
        "precious.json",
    }
    assert not [*home.glob(".unfinished-*"), *home.glob("words*"), *home.glob("originals/*/*")]
    with closing(open_library(home, None)) as library:
        assert library.reports(Filter(), 0, 9) == []
        assert library.history.events() == []
        assert library.search() is None


def assert_whole(good: Good, home: Path, chroma_url: str | None = None) -> None:
    """See that a restored library tells all that the first one told, and that all is well."""
    assert not list(home.glob(".unfinished-*"))
    with closing(open_library(home, chroma_url)) as library:
        assert all_of(library, good.moment) == good.told
        assert wrong_with(library) == ()


def test_a_restored_library_is_the_same(good: Good, home: Path) -> None:
    """It answers alike, now and as of the past, with the same history and ids; all is well."""
    found = restore(good.path, home)
    assert (found.wrong, found.done) == ((), ("restored versions: 4, vectors: 7",))
    assert good.said.wrong == ()
    assert "originals: 4, vectors: 7" in good.said.done[0]
    assert_whole(good, home)


def test_a_restored_library_goes_on(good: Good, tmp_path: Path) -> None:
    """A restored library takes in the next revision as the first one would have."""
    restore(good.path, tmp_path / "library")
    mill = Mill(tmp_path)
    mill.write("a.txt", COPPER.replace("cheap", "dearer than ever"))
    run = mill.run()
    assert [row.name for row in run.rows] == ["a.txt"]
    assert any("dearer than ever" in each for each in mill.found("copper"))
    assert wrong_with(mill.library) == ()
    mill.library.close()


def test_how_files_looked_elsewhere_is_forgotten(good: Good, home: Path, tmp_path: Path) -> None:
    """The next run reads each of them: that one looks as another did elsewhere says nothing."""
    change = _catalog("UPDATE origins SET seen = 'so'")
    restore(good.written(tmp_path / "seen.tar.gz", change(good)), home)
    with closing(open_library(home, None)) as library:
        assert {each.seen for each in library.catalog.standing()} == {None}


def test_what_people_said_is_restored(mill: Mill, home: Path, tmp_path: Path) -> None:
    """Corrections are, and when the web was asked last; what an empty library noted gives way."""
    report_id = mill.id_of("a.txt")
    mill.write("b.toml", 'publisher = "Heron"')
    mill.run()
    mill.describe(report_id, publisher="Egret")
    mill.library.catalog.visit("https://heron.example/", "seen")
    export(mill.library, tmp_path / "all.tar.gz")
    with closing(open_library(home, None)) as library:
        library.catalog.visit("https://heron.example/", None)
        library.catalog.visit("https://other.example/", None)
        library.catalog.fail(Source("https://heron.example/", "heron", "news"), "it is gone")
    restore(tmp_path / "all.tar.gz", home)
    with closing(open_library(home, None)) as library:
        assert library.catalog.corrections(report_id) == {"publisher": "Egret"}
        assert library.catalog.visits() == mill.library.catalog.visits()
        told = {each.name: each.told for each in library.catalog.standing()}
        assert told == {"a.txt": (), "b.txt": (Told("b.toml", {"publisher": "Heron"}),)}
        abouts = [each.description for each in library.reports(Filter(), 0, 9)]
        assert {each.publisher for each in abouts} == {"Egret", "Heron"}
        assert {each.known_from["publisher"] for each in abouts} == {
            "told by hand",
            "told by b.toml",
        }


def test_an_archive_of_an_archive_is_the_same(good: Good, home: Path, tmp_path: Path) -> None:
    """What is restored can be exported and restored again, and nothing is lost on the way."""
    restore(good.path, home)
    with closing(open_library(home, None)) as library:
        # a name that a file in it has too
        assert export(library, tmp_path / "catalog.sqlite").wrong == ()
    restore(tmp_path / "catalog.sqlite", tmp_path / "third")
    assert_whole(good, tmp_path / "third")


def test_an_empty_library_can_be_moved_too(tmp_path: Path, good: Good) -> None:
    """Its archive holds nothing, and what it is restored into stays empty."""
    with closing(open_library(tmp_path / "library", None)) as library:
        assert export(library, tmp_path / "empty.tar.gz").wrong == ()
    assert restore(tmp_path / "empty.tar.gz", tmp_path / "other").wrong == ()
    restore(good.path, tmp_path / "other")
    assert_whole(good, tmp_path / "other")


async def test_two_libraries_are_restored_into_one_chroma_server(
    good: Good, tmp_path: Path
) -> None:
    """Each is whole and has an index of its own."""
    async with chroma_server(tmp_path / "chroma") as address:
        for name in ("one", "two"):
            found = await asyncio.to_thread(restore, good.path, tmp_path / name, address)
            assert found.wrong == ()
        for name in ("one", "two"):
            await asyncio.to_thread(assert_whole, good, tmp_path / name, address)


def test_whoever_has_the_empty_library_open_sees_it_filled(good: Good, home: Path) -> None:
    """Another process goes on with the same library: it answers, and its wish is not lost."""
    with closing(open_library(home, None)) as other:
        assert other.matching("copper", Filter(), 9) == []
        run = other.runs.queue(Wish(("later",)))
        restore(good.path, home)
        assert len(other.reports(Filter(), 0, 9)) == 2
        assert other.matching("copper", Filter(), 9)
        assert [each.id for each in other.runs.waiting()] == [run]
        assert other.history.events() != []


def test_an_index_of_an_empty_library_gives_way(good: Good, tmp_path: Path) -> None:
    """A library that is bound to an embedder and holds nothing yet is an empty one."""
    mill = Mill(tmp_path)
    mill.library.bind(Writing("words", 64, "paragraphs"))
    assert vectors_of(mill.library).count() == 0
    mill.library.close()
    restore(good.path, tmp_path / "library")
    assert_whole(good, tmp_path / "library")


def test_a_library_that_holds_reports_is_left_alone(good: Good, mill: Mill) -> None:
    """Nothing is restored over reports, nor over the past of those that were dropped."""
    before = all_of(mill.library, good.moment)
    with pytest.raises(LibraryError, match="holds reports"):
        restore(good.path, mill.reports.parent / "library")
    assert all_of(mill.library, good.moment) == before
    for path in mill.reports.glob("*.txt"):
        path.unlink()
    mill.run(prune=True, force=True)
    assert mill.library.reports(Filter(), 0, 9) == []
    with pytest.raises(LibraryError, match="holds reports"):
        restore(good.path, mill.reports.parent / "library")
    assert mill.library.history.events() != []


def _lose_original(library: Library, folder: Path) -> None:
    next(folder.glob("originals/*/*.original")).unlink()


def _damage_original(library: Library, folder: Path) -> None:
    next(folder.glob("originals/*/*.original")).write_text("x", encoding="utf-8")


def _damage_text(library: Library, folder: Path) -> None:
    next(folder.glob("originals/*/*.json")).write_text('{"text": 5}', encoding="utf-8")


def _lose_vector(library: Library, folder: Path) -> None:
    vectors_of(library).remove(sorted(vectors_of(library).ids())[:1])


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (_lose_original, "originals"),
        (_damage_original, "originals"),
        (_damage_text, "parsed texts"),
        (_lose_vector, "vectors"),
    ],
)
def test_what_a_library_lacks_is_said_twice(
    mill: Mill, tmp_path: Path, damage: Callable[[Library, Path], None], what: str
) -> None:
    """What is missing or damaged is left out and said, by the export and again by the import."""
    damage(mill.library, tmp_path / "library")
    archive = tmp_path / "a.tar.gz"
    said = export(mill.library, archive).wrong
    assert [each.split(";")[0] for each in said] == [
        f"{what} that are missing or damaged, and not in it: 1"
    ]
    said = restore(archive, tmp_path / "restored").wrong
    assert [each.split(";")[0] for each in said] == [f"{what} that are missing: 1"]
    with closing(open_library(tmp_path / "restored", None)) as library:
        assert len(library.reports(Filter(), 0, 9)) == 2
        assert len(wrong_with(library)) >= 1
        if what != "originals":
            _upkeep(library).repair(untold, lambda: False)
            assert wrong_with(library) == ()


def test_what_does_not_belong_is_left_behind(mill: Mill, tmp_path: Path) -> None:
    """Neither originals of swept versions nor strange files go into an archive."""
    folder = tmp_path / "library" / "originals"
    (folder / "ab").mkdir(exist_ok=True)
    for name in ("abacus", f"{'ab' * 32}.original", f"{'ab' * 32}.json", f"{'ab' * 32}.sqlite"):
        (folder / "ab" / name).write_text("strange", encoding="utf-8")
    ended = mill.library.inventory.ended_before(mill.library.history.events()[-1].at)
    now = mill.library.history.events()[-1].at
    assert mill.library.inventory.sweep(ended, now)[1]
    said = export(mill.library, tmp_path / "a.tar.gz")
    assert said.wrong == ()
    needed = {each.content_hash for each in mill.library.inventory.held()}
    with tarfile.open(tmp_path / "a.tar.gz") as tar:
        names = {name for name in tar.getnames() if name.startswith("originals/")}
    assert {Path(name).stem for name in names} == needed
    assert len(names) == 2 * len(needed)


def test_a_catalog_that_could_not_be_restored_is_not_archived(mill: Mill, tmp_path: Path) -> None:
    """That the catalog is damaged is said when there still is another way to save it."""
    with closing(sqlite3.connect(tmp_path / "library/catalog.sqlite")) as catalog, catalog:
        catalog.execute("UPDATE versions SET content_hash = '../x' WHERE id = 1")
    with pytest.raises(LibraryError, match=r"the catalog is damaged .*nothing can be restored"):
        export(mill.library, tmp_path / "a.tar.gz")
    assert not [*tmp_path.glob("a.tar.gz"), *tmp_path.glob(".unfinished-*")]


def test_no_archive_is_written_over_a_file(mill: Mill, tmp_path: Path) -> None:
    """A file that is there already stays as it is."""
    (tmp_path / "a.tar.gz").write_text("mine", encoding="utf-8")
    with pytest.raises(LibraryError, match="is there already"):
        export(mill.library, tmp_path / "a.tar.gz")
    assert (tmp_path / "a.tar.gz").read_text(encoding="utf-8") == "mine"


def test_an_export_that_is_stopped_leaves_nothing(mill: Mill, tmp_path: Path) -> None:
    """Broken off at any file, or on a full disk, no part of an archive is left."""
    stops = iter([False, False, True])
    with pytest.raises(RunStopped, match="no archive was written"):
        export_library(mill.library, tmp_path / "a.tar.gz", untold, lambda: next(stops))
    with a_limit_of(2_000), pytest.raises(LibraryError, match="cannot be written"):
        export(mill.library, tmp_path / "a.tar.gz")
    assert not [*tmp_path.glob("a.tar.gz"), *tmp_path.glob(".unfinished-*")]


@contextmanager
def a_limit_of(size: int) -> Iterator[None]:
    """No file may grow beyond a size: writing fails as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _no_tar(good: Good, path: Path) -> None:
    path.write_text("This is a letter.", encoding="utf-8")


def _nothing(good: Good, path: Path) -> None:
    path.write_bytes(b"")


def _no_tar_inside(good: Good, path: Path) -> None:
    path.write_bytes(gzip.compress(b"This is a letter." * 999))


def _another_tar(good: Good, path: Path) -> None:
    with tarfile.open(path, "w:gz") as tar:
        add(tar, "letter.txt", b"Dear Sir")


def _unpacked_tar(good: Good, path: Path) -> None:
    path.write_bytes(gzip.decompress(good.path.read_bytes()))


def _newer(good: Good, path: Path) -> None:
    good.written(path, format=2)


def _manifest(said: object) -> Callable[[Good, Path], None]:
    def write(good: Good, path: Path) -> None:
        with tarfile.open(path, "w:gz") as tar:
            add(tar, "manifest.json", json.dumps(said).encode())

    return write


def _deep_manifest(good: Good, path: Path) -> None:
    with tarfile.open(path, "w:gz") as tar:
        add(tar, "manifest.json", b"[" * 200_000)


def _without_vectors(good: Good, path: Path) -> None:
    good.written(path, {name: each for name, each in good.files.items() if "npy" not in name})


def _lying_size(good: Good, path: Path) -> None:
    size, digest = good.listed()["vectors.json"]
    good.written(path, files=good.listed(**{"vectors.json": [int(str(size)) + 1, digest]}))


def _lying_hash(good: Good, path: Path) -> None:
    size, _ = good.listed()["vectors.json"]
    good.written(path, files=good.listed(**{"vectors.json": [size, "0" * 64]}))


def _promising(good: Good, path: Path) -> None:
    good.written(path, files=good.listed(**{f"originals/ab/{_HASH}.json": [1, "0" * 64]}))


def _huge(good: Good, path: Path) -> None:
    good.written(path, files=good.listed(**{"vectors.npy": [1 << 60, "0" * 64]}))


def _negative(good: Good, path: Path) -> None:
    good.written(path, files=good.listed(**{"vectors.npy": [-(1 << 40), "0" * 64]}))


def _breaking_a_promise(good: Good, path: Path) -> None:
    name = next(each for each in good.files if each.endswith(".original"))
    rest = {each: content for each, content in good.files.items() if each != name}
    good.written(path, rest, files=good.listed())


def _another_original(good: Good, path: Path) -> None:
    name = next(each for each in good.files if each.endswith(".original"))
    good.written(path, {**good.files, name: b"Dear Sir"})


def _sparse(good: Good, path: Path) -> None:
    catalog = good.files["catalog.sqlite"]
    holes = {"GNU.sparse.map": f"0,{len(catalog)}"}
    _member("catalog.sqlite", catalog, pax_headers=holes)(good, path)


def _member(name: str, content: bytes = b"", **other: Any) -> Callable[[Good, Path], None]:
    """An archive with one member more, of which the manifest knows."""

    def write(good: Good, path: Path) -> None:
        named = name.replace("{folder}", str(path.parent))
        said = good.listed(**{named: [len(content), _hash_of(content)]})
        with tarfile.open(path, "w:gz") as tar:
            manifest = {"format": 1, "vectors": 7, "files": said}
            add(tar, "manifest.json", json.dumps(manifest).encode())
            add(tar, named, content, **other)
            for each, kept in good.files.items():
                if each != name:
                    add(tar, each, kept)

    return write


def _twice(good: Good, path: Path) -> None:
    with tarfile.open(good.written(path)) as tar:
        manifest = tar.extractfile("manifest.json")
        assert manifest is not None
        said = manifest.read()
    with tarfile.open(path, "w:gz") as tar:
        add(tar, "manifest.json", said)
        for name in ("catalog.sqlite", "catalog.sqlite"):
            add(tar, name, good.files[name])


def _manifest_twice(good: Good, path: Path) -> None:
    _member("vectors.json", good.files["vectors.json"])(good, path)
    with tarfile.open(path) as tar:
        held = [(member.name, tar.extractfile(member)) for member in tar]
        files = [(name, file.read()) for name, file in held if file is not None]
    with tarfile.open(path, "w:gz") as tar:
        for name, content in [files[0], *files]:
            add(tar, name, content)


def _greedy_header(good: Good, path: Path) -> None:
    with tarfile.open(path, "w:gz") as tar:
        add(tar, "x", b"0" * 5_000_000, type=tarfile.XHDTYPE)


def _headers_without_end(good: Good, path: Path) -> None:
    with tarfile.open(path, "w:gz") as tar:
        for _ in range(3_000):
            add(tar, "x", b"", type=tarfile.XHDTYPE)


_DEVICE: dict[str, Any] = {"devmajor": 1, "devminor": 3}
_HASH = "ab" * 32


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(make, id=name)
        for name, make in {
            "no tar": _no_tar,
            "an empty file": _nothing,
            "no tar inside": _no_tar_inside,
            "another tar": _another_tar,
            "a tar that is not packed": _unpacked_tar,
            "of a newer Footnote": _newer,
            "a manifest that is a list": _manifest([]),
            "a manifest without files": _manifest({"format": 1, "vectors": 0}),
            "a manifest that names nothing": _manifest({"format": 1, "vectors": 0, "files": {}}),
            "a manifest too deep": _deep_manifest,
            "without its vectors": _without_vectors,
            "a lie about a size": _lying_size,
            "a lie about a hash": _lying_hash,
            "a promise of more": _promising,
            "a promise not kept": _breaking_a_promise,
            "another original by that name": _another_original,
            "a file with holes": _sparse,
            "more than the disk holds": _huge,
            "less than nothing": _negative,
            "an absolute name": _member("{folder}/footnote-was-here", b"x"),
            "a name that climbs": _member("originals/../../footnote-was-here", b"x"),
            "a name that climbs from a hash": _member(f"originals/ab/../{_HASH}.json", b"x"),
            "a name beside": _member("desk.sqlite", b"x"),
            "a name in capitals": _member(f"originals/AB/{_HASH.upper()}.json", b"{}"),
            "a name under another's": _member(f"originals/cd/{_HASH}.json", b"{}"),
            "a name with a line's end": _member(f"originals/ab/{_HASH}.json\n", b"{}"),
            "an original that is another": _member(f"originals/ab/{_HASH}.original", b"x"),
            "a text nobody needs": _member(f"originals/ab/{_HASH}.json", b"{}"),
            "a link": _member("catalog.sqlite", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
            "a hard link": _member("catalog.sqlite", type=tarfile.LNKTYPE, linkname="/etc/passwd"),
            "a device": _member("catalog.sqlite", type=tarfile.CHRTYPE, **_DEVICE),
            "a pipe": _member("catalog.sqlite", type=tarfile.FIFOTYPE),
            "a folder": _member("catalog.sqlite", type=tarfile.DIRTYPE),
            "a file twice": _twice,
            "a manifest twice": _manifest_twice,
            "a header that asks for much": _greedy_header,
            "headers without an end": _headers_without_end,
        }.items()
    ],
)
def test_what_is_no_sound_archive_is_refused(
    good: Good, home: Path, tmp_path: Path, make: Callable[[Good, Path], None]
) -> None:
    """Whatever stands in its place, nothing outside is touched and an empty library is left."""
    make(good, tmp_path / "bad.tar.gz")
    with pytest.raises(LibraryError, match=r"bad\.tar\.gz"):
        restore(tmp_path / "bad.tar.gz", home)
    assert_empty(home)
    assert not list(tmp_path.rglob("footnote-was-here"))


@pytest.mark.parametrize("tenth", range(1, 10))
def test_an_archive_that_was_cut_off_is_refused(
    good: Good, home: Path, tmp_path: Path, tenth: int
) -> None:
    """However much of it is there, nothing of it is restored."""
    whole = good.path.read_bytes()
    (tmp_path / "bad.tar.gz").write_bytes(whole[: len(whole) * tenth // 10])
    with pytest.raises(LibraryError, match="damaged"):
        restore(tmp_path / "bad.tar.gz", home)
    assert_empty(home)


def test_a_byte_that_is_another_changes_nothing(good: Good, home: Path, tmp_path: Path) -> None:
    """Wherever an archive was damaged, it is refused, or all that it held is restored."""
    whole = good.path.read_bytes()
    refused = 0
    for place in range(0, len(whole), len(whole) // 25):
        bad = bytearray(whole)
        bad[place] ^= 0x40
        (tmp_path / "bad.tar.gz").write_bytes(bad)
        home = tmp_path / f"restored-{place}"
        try:
            restore(tmp_path / "bad.tar.gz", home)
        except LibraryError:
            refused += 1
            with closing(open_library(home, None)) as library:
                assert library.history.events() == []
        else:
            assert_whole(good, home)
    assert refused > 20


def _catalog(*statements: str) -> Callable[[Good], Files]:
    """The files of an archive whose catalog was changed by hand."""

    def change(good: Good) -> Files:
        with closing(sqlite3.connect(":memory:")) as catalog:
            # in memory no database can be in write-ahead mode, which its header names
            content = bytearray(good.files["catalog.sqlite"])
            content[18:20] = b"\x01\x01"
            catalog.deserialize(bytes(content))
            catalog.execute("PRAGMA writable_schema=ON")
            for statement in statements:
                catalog.execute(statement)
            catalog.commit()
            return {**good.files, "catalog.sqlite": catalog.serialize()}

    return change


def _file(name: str, content: bytes | Callable[[bytes], bytes]) -> Callable[[Good], Files]:
    """The files of an archive of which one is another, or was changed."""

    def change(good: Good) -> Files:
        new = content if isinstance(content, bytes) else content(good.files[name])
        return {**good.files, name: new}

    return change


def _vectors(**other: Any) -> Callable[[Good], Files]:
    """The files of an archive with other vectors."""

    def change(good: Good) -> Files:
        rows = np.load(io.BytesIO(good.files["vectors.npy"]))
        out = io.BytesIO()
        np.save(out, other["change"](rows), allow_pickle=True)
        return {**good.files, "vectors.npy": out.getvalue()}

    return change


def _holed(rows: Any) -> Any:
    rows[3, 5] = np.nan
    return rows


def _zipped(good: Good) -> Files:
    out = io.BytesIO()
    np.savez(out, np.load(io.BytesIO(good.files["vectors.npy"])))
    return {**good.files, "vectors.npy": out.getvalue()}


def _text(**other: Any) -> Callable[[Good], Files]:
    """The files of an archive of which one parsed text says something else."""

    def change(good: Good) -> Files:
        name = next(each for each in good.files if each.endswith(".json") and "/" in each)
        said = json.loads(good.files[name])
        if "block" in other:
            said["blocks"][0] |= other["block"]
        else:
            said |= other
        return {**good.files, name: json.dumps(said).encode()}

    return change


def _deep_text(good: Good) -> Files:
    name = next(each for each in good.files if each.endswith(".json") and "/" in each)
    return {**good.files, name: b'{"text": ' + b"[" * 200_000}


def _torn(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[: middle - 2_000] + b"\xff" * 4_000 + content[middle + 2_000 :]


_CATALOG_SAYS = r"the catalog|the database"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(change, says, id=name)
        for name, (change, says) in {
            "no database": (_file("catalog.sqlite", b"Dear Sir" * 999), _CATALOG_SAYS),
            "an empty catalog": (_file("catalog.sqlite", b""), _CATALOG_SAYS),
            "a torn catalog": (_file("catalog.sqlite", _torn), _CATALOG_SAYS),
            "half a catalog": (
                _file("catalog.sqlite", lambda each: each[: len(each) // 2]),
                _CATALOG_SAYS,
            ),
            "a trigger": (
                _catalog("CREATE TRIGGER t AFTER UPDATE ON origins BEGIN DELETE FROM reports; END"),
                "the trigger 't'",
            ),
            "a view": (_catalog("CREATE VIEW v AS SELECT 1"), "the view 'v'"),
            "a view in place of a table": (
                _catalog("DROP TABLE failures", "CREATE VIEW failures AS SELECT 1 AS uri"),
                "the view 'failures'",
            ),
            "a virtual table": (
                _catalog("CREATE VIRTUAL TABLE f USING fts5(x)"),
                "which no catalog does",
            ),
            "a table too many": (_catalog("CREATE TABLE t (x)"), "the table 't'"),
            "an index too many": (
                _catalog("CREATE INDEX i ON reports (abs(id))"),
                "the index 'i'",
            ),
            "a table too few": (_catalog("DROP TABLE carriers"), _CATALOG_SAYS),
            "a column too few": (
                _catalog("ALTER TABLE failures DROP COLUMN reason"),
                _CATALOG_SAYS,
            ),
            "no revision": (_catalog("DELETE FROM alembic_version"), "is damaged"),
            "two revisions": (
                _catalog("INSERT INTO alembic_version VALUES ('0001')"),
                "is damaged",
            ),
            "a newer revision": (
                _catalog("UPDATE alembic_version SET version_num = '9999'"),
                "newer Footnote",
            ),
            "a hash that climbs": (
                _catalog("UPDATE versions SET content_hash = '../../precious'"),
                "versions.content_hash",
            ),
            "a hash in capitals": (
                _catalog("UPDATE versions SET content_hash = upper(content_hash)"),
                "versions.content_hash",
            ),
            "a hash with a line's end": (
                _catalog("UPDATE versions SET content_hash = content_hash || char(10)"),
                "versions.content_hash",
            ),
            "a hash of an address": (
                _catalog("UPDATE origins SET content_hash = '../../precious'"),
                "origins.content_hash",
            ),
            "a hash of a text": (
                _catalog("UPDATE versions SET text_hash = 'x'"),
                "versions.text_hash",
            ),
            "bytes for a title": (
                _catalog("UPDATE versions SET title = x'00ff'"),
                "versions.title",
            ),
            "letters that are none": (
                _catalog("UPDATE versions SET title = CAST(x'ff' AS TEXT)"),
                _CATALOG_SAYS,
            ),
            "a word for a number": (
                _catalog("UPDATE placements SET start = 'here'"),
                "placements.start",
            ),
            "nothing for a moment": (
                _catalog("UPDATE events SET at = ''"),
                "is damaged",
            ),
            "a number for a moment": (_catalog("UPDATE events SET at = 5"), "is damaged"),
            "the end of time": (
                _catalog("UPDATE events SET at = '9999-12-31 23:59:59.999999'"),
                "events.at",
            ),
            "an event of no kind": (
                _catalog("UPDATE events SET kind = 'burnt'"),
                "events.kind",
            ),
            "an index in the making": (
                _catalog("UPDATE indexes SET state = 'making'"),
                "indexes.state",
            ),
            "two indexes": (
                _catalog(
                    "INSERT INTO indexes SELECT id + 1, 'retired', model, embedder, dimension, "
                    "distance, chunking, collection, words, slots, made_at, retired_at "
                    "FROM indexes"
                ),
                "several indexes",
            ),
            "rows that lead nowhere": (_catalog("DELETE FROM passages"), "lead nowhere"),
            "a report of another form": (
                _catalog(
                    "INSERT INTO reports VALUES ('../../precious', '2026-01-01 00:00:00.000000')"
                ),
                "reports.id",
            ),
            "a passage of another form": (
                _catalog(
                    "INSERT INTO passages (id, report_id, header, text) "
                    "SELECT '../../precious', id, '', '' FROM reports LIMIT 1"
                ),
                "passages.id",
            ),
            "a report of no kind": (
                _catalog("UPDATE versions SET kind = 'a rumour'"),
                "versions.kind is not what it should be",
            ),
            "tickers that are no list": (_catalog("UPDATE versions SET tickers = '5'"), "damaged"),
            "a field known from nowhere": (
                _catalog("UPDATE versions SET known_from = '[1]'"),
                "damaged",
            ),
            "something said by nobody": (
                _catalog("UPDATE origins SET told = '[[1, {}, true]]'"),
                "damaged",
            ),
            "a correction of nothing": (
                _catalog("INSERT INTO corrections VALUES ('0000000000000000', 'title', 'x')"),
                "lead nowhere",
            ),
            "a visit at no time": (
                _catalog("INSERT INTO visits VALUES ('https://a.example/', 'soon', NULL)"),
                "damaged",
            ),
            "two live versions": (
                _catalog(
                    "DROP INDEX one_live_version",
                    "UPDATE versions SET live_until = NULL",
                ),
                "cannot be written",
            ),
            "ids that are no list": (_file("vectors.json", b'{"a": 1}'), "vectors .* damaged"),
            "ids that are numbers": (_file("vectors.json", b"[1, 2]"), "vectors .* damaged"),
            "ids that are lists": (_file("vectors.json", b"[[1], [2]]"), "vectors .* damaged"),
            "ids too deep": (_file("vectors.json", b"[" * 200), "vectors .* damaged"),
            "ids too few": (_file("vectors.json", b"[]"), "vectors .* damaged"),
            "ids too many": (
                _file("vectors.json", json.dumps(["0" * 32] * 9).encode()),
                "vectors .* damaged",
            ),
            "ids of nothing": (
                _file("vectors.json", json.dumps([f"{n:032x}" for n in range(7)]).encode()),
                "vectors .* damaged",
            ),
            "an id twice": (
                _file("vectors.json", lambda each: json.dumps(json.loads(each)[:1] * 7).encode()),
                "vectors .* damaged",
            ),
            "letters for vectors": (_file("vectors.npy", b"Dear Sir"), "vectors .* damaged"),
            "nothing for vectors": (_file("vectors.npy", b""), "vectors .* damaged"),
            "vectors of another width": (
                _vectors(change=lambda rows: rows[:, :63]),
                "one of 64 numbers",
            ),
            "vectors too few": (_vectors(change=lambda rows: rows[:6]), "one of 64 numbers"),
            "vectors of 64 bits": (_vectors(change=lambda rows: rows.astype("f8")), "of 32 bits"),
            "vectors that run code": (
                _vectors(change=lambda rows: rows.astype(object)),
                "vectors .* damaged",
            ),
            "vectors without a number": (_vectors(change=_holed), "finite"),
            "vectors in a zip": (_zipped, "vectors .* damaged"),
            "vectors with a bad header": (
                _file("vectors.npy", lambda each: each.replace(b"'shape'", b"'s\n(ape'")),
                "vectors .* damaged",
            ),
            "a text that is none": (_text(text=5), "no version of a report can be read from"),
            "a text without blocks": (_text(blocks=None), "no version of a report"),
            "a text that states nothing": (_text(stated=[]), "no version of a report"),
            "a text of odd pages": (_text(pages="two"), "no version of a report"),
            "a block beyond the text": (_text(block={"end": 9_999}), "no version of a report"),
            "a block before the text": (_text(block={"start": -1}), "no version of a report"),
            "a block of no kind": (_text(block={"kind": "x"}), "no version of a report"),
            "a block of odd measure": (_text(block={"start": 0.0}), "no version of a report"),
            "a text too deep": (_deep_text, "no version of a report"),
        }.items()
    ],
)
def test_nothing_in_an_archive_is_trusted(
    good: Good, home: Path, tmp_path: Path, change: Callable[[Good], Files], says: str
) -> None:
    """What is whole by its manifest and no library all the same is refused, and it is said why."""
    good.written(tmp_path / "bad.tar.gz", change(good))
    with pytest.raises(LibraryError, match=says):
        restore(tmp_path / "bad.tar.gz", home)
    assert_empty(home)


def test_a_hash_is_no_path(good: Good, home: Path, tmp_path: Path) -> None:
    """A catalog that names a file of somebody else's as its original reaches it in no way."""
    outside = tmp_path / "precious"
    change = _catalog(f"UPDATE versions SET content_hash = '{outside}'")  # noqa: S608  # our own
    good.written(tmp_path / "bad.tar.gz", change(good))
    with pytest.raises(LibraryError, match=r"versions\.content_hash"):
        restore(tmp_path / "bad.tar.gz", home)
    assert_empty(home)


def test_an_archive_may_not_count_its_vectors_wrong(good: Good, home: Path, tmp_path: Path) -> None:
    """What the manifest says of the vectors is held against them."""
    with pytest.raises(LibraryError, match="not as many"):
        restore(good.written(tmp_path / "bad.tar.gz", vectors=8), home)
    assert_empty(home)


def test_what_the_disk_cannot_hold_is_not_begun(good: Good, home: Path, tmp_path: Path) -> None:
    """How much room an archive needs is known, and said, before any of it is written."""
    _huge(good, tmp_path / "bad.tar.gz")
    with pytest.raises(LibraryError, match=r"bad\.tar\.gz holds \d+ MB, and \d+ MB are free"):
        restore(tmp_path / "bad.tar.gz", home)
    assert_empty(home)


def test_after_a_refusal_a_sound_archive_is_restored(
    good: Good, home: Path, tmp_path: Path
) -> None:
    """The empty library that is left takes the next archive."""
    with pytest.raises(LibraryError):
        restore(good.written(tmp_path / "bad.tar.gz", format=2), home)
    restore(good.written(tmp_path / "rewritten.tar.gz"), home)
    assert_whole(good, home)


# Restores an archive and dies where a function is called or returns, or before the commit.
_DYING = """
import os, signal, sqlite3, sys
from pathlib import Path
from ingest.archive import import_library

archive, home, function, moment = sys.argv[1:]

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def watch(frame, event, _argument):
    code = frame.f_code
    if (code.co_name, event) == (function, moment) and "/ingest/" in code.co_filename:
        die()

def connected(*arguments, connect=sqlite3.connect, **options):
    connection = connect(*arguments, **options)
    connection.set_trace_callback(lambda said: die() if said.startswith(function) else None)
    return connection

sqlite3.connect = connected
sys.setprofile(watch)
import_library(Path(archive), Path(home), None, lambda *_: None, lambda: False)
"""


def _killed(good: Good, home: Path, function: str, moment: str) -> None:
    command = [sys.executable, "-c", _DYING, str(good.path), str(home), function, moment]
    died = subprocess.run(command, check=False, capture_output=True)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()


@pytest.mark.parametrize(
    ("function", "moment"),
    [
        ("_write_out", "return"),
        ("unpack", "return"),
        ("_fill", "call"),
        ("add", "call"),
        ("add", "return"),
        ("_put_in_place", "call"),
        ("INSERT INTO main.events", "said"),
        ("COMMIT", "said"),
    ],
)
def test_an_import_that_is_killed_leaves_an_empty_library(
    good: Good, home: Path, function: str, moment: str
) -> None:
    """Until its last step it is as if it had not begun; the next one clears up and restores all."""
    _killed(good, home, function, moment)
    with closing(open_library(home, None)) as library:
        assert library.reports(Filter(), 0, 9) == []
        assert library.history.events() == []
        assert library.search() is None
    assert restore(good.path, home).wrong == ()
    assert_whole(good, home)


def test_an_import_that_is_killed_at_its_end_leaves_a_whole_library(good: Good, home: Path) -> None:
    """From its last step on, all is there and stays."""
    _killed(good, home, "_put_in_place", "return")
    with closing(open_library(home, None)) as library:
        assert all_of(library, good.moment) == good.told
        assert wrong_with(library) == ()
    with pytest.raises(LibraryError, match="holds reports"):
        restore(good.path, home)
    assert_whole(good, home)


def test_an_empty_library_that_an_import_left_can_be_used(
    good: Good, home: Path, tmp_path: Path
) -> None:
    """Killed in the middle, it takes reports, and repair removes what the import left."""
    _killed(good, tmp_path / "library", "_put_in_place", "call")
    mill = Mill(tmp_path)
    mill.write("a.txt", COPPER)
    mill.run()
    assert mill.found("copper") == {COPPER}
    assert all("belongs to no index" in each for each in wrong_with(mill.library))
    _upkeep(mill.library).repair(untold, lambda: False)
    assert wrong_with(mill.library) == ()
    mill.library.close()


def test_an_import_can_be_stopped(good: Good, home: Path) -> None:
    """Whenever it is, nothing of it is left, and the next one restores all."""
    # it asks once for each file, and once for the vectors
    for patience in range(len(good.files) + 1):
        asked = iter([False] * patience + [True])
        with pytest.raises(RunStopped, match=r"^stopped; nothing was restored$"):
            import_library(good.path, home, None, untold, lambda: next(asked))  # noqa: B023  # used at once
        assert_empty(home)
    asked = iter([False] * (len(good.files) + 1))
    import_library(good.path, home, None, untold, lambda: next(asked))
    assert_whole(good, home)


def test_what_a_killed_import_left_goes_first(good: Good, home: Path) -> None:
    """The next import removes it even where that one does not come to its end."""
    _killed(good, home, "_put_in_place", "call")
    assert list(home.glob(".unfinished-*"))
    assert list(home.glob("words-*"))
    asked = iter([False] * len(good.files) + [True])
    with pytest.raises(RunStopped):
        import_library(good.path, home, None, untold, lambda: next(asked))
    assert_empty(home)


@pytest.mark.parametrize("size", [0, 2_000, 40_000])
def test_a_full_disk_leaves_an_empty_library(good: Good, home: Path, size: int) -> None:
    """Where the disk takes no more, that is said, and nothing of the archive is left."""
    open_library(home, None).close()
    with a_limit_of(size), pytest.raises(LibraryError, match="disk"):
        restore(good.path, home)
    assert_empty(home)
    restore(good.path, home)
    assert_whole(good, home)


def test_an_error_at_the_last_step_leaves_an_empty_library(good: Good, home: Path) -> None:
    """Where originals cannot be put in place, the index that was filled is removed again."""
    open_library(home, None).close()
    (home / "originals").write_text("no folder", encoding="utf-8")
    with pytest.raises(LibraryError, match="cannot be written"):
        restore(good.path, home)
    assert_empty(home)
    (home / "originals").unlink()
    restore(good.path, home)
    assert_whole(good, home)
