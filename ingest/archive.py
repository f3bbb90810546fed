"""One archive of a library, which restores it on another machine.

It holds the catalog, the originals and the vectors, each with its hash, so that nothing need
be parsed or embedded again. Who may ask is not in it: people belong to a bot, not to reports.

An archive may come from anybody: `ingest.unpacking` and `ingest.library.untrusted` see to what
is in it before anything is put in place.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from ingest.errors import FootnoteError, LibraryError, RunStopped
from ingest.library.indexes import Index, Indexes, IndexState
from ingest.library.inventory import Inventory
from ingest.library.library import Library
from ingest.library.opening import open_library
from ingest.library.originals import Originals
from ingest.library.search import Search
from ingest.library.untrusted import copy_rows, hashes_of, rename_index, untrusted_catalog
from ingest.records import Findings
from ingest.taking import Progress, Stopped
from ingest.unpacking import (
    CATALOG,
    FORMAT,
    IDS,
    MANIFEST,
    ORIGINALS,
    VECTORS,
    is_text,
    name_of,
    see_files,
    unpack,
    vectors_in,
)

_ARCHIVE = "archive"
_UNFINISHED = ".unfinished-"
_BATCH = 2_000


def export_library(
    library: Library, archive: Path, progress: Progress, stopped: Stopped
) -> Findings:
    """Write a library into one file, while it goes on answering.

    Args:
        library: the library; nothing else may write it meanwhile.
        archive: the file, which must not be there yet.
        progress: told how many files of it are written.
        stopped: asked whether to break off.

    Returns:
        What was written, and what the library itself lacks.

    Raises:
        LibraryError: the file is there already or cannot be written, or the catalog is so
            damaged that it could not be restored; nothing of the file is left.
        RunStopped: broken off; nothing of it is left.
    """
    began = time.monotonic()
    if archive.exists():
        raise LibraryError(f"{archive} is there already; name a file that is not")
    with _scratch(archive.parent) as scratch:
        try:
            _copy_catalog(library, scratch / CATALOG)
            with untrusted_catalog(scratch / CATALOG) as engine:
                needed = hashes_of(engine)
            vectors, lacking = _write_vectors(library, scratch)
            originals, texts = _sound_files(library.originals, needed)
            files = {name: scratch / name for name in (CATALOG, IDS, VECTORS)}
            files |= originals | texts
            manifest = {
                "format": FORMAT,
                "vectors": vectors,
                "files": {
                    name: [path.stat().st_size, _hash_of(path)] for name, path in files.items()
                },
            }
            with (scratch / _ARCHIVE).open("wb") as out:
                # little is won by compressing vectors and PDFs harder
                with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as tar:
                    # first: whoever unpacks must know how large each file may be
                    _add(tar, MANIFEST, io.BytesIO(json.dumps(manifest).encode()))
                    for place, (name, path) in enumerate(files.items()):
                        if stopped():
                            raise RunStopped("stopped; no archive was written")
                        progress(place, len(files), name)
                        with path.open("rb") as file:
                            _add(tar, name, file)
                out.flush()
                # a crash must never leave a short file under the final name
                os.fsync(out.fileno())
            (scratch / _ARCHIVE).rename(archive)
        except (OSError, sqlite3.Error, tarfile.TarError) as error:
            raise LibraryError(
                f"{archive} cannot be written ({error}); see that its folder can be and the disk "
                "is not full"
            ) from error
    wrong = _told(
        "missing or damaged, and not in it", len(needed), len(originals), len(texts), lacking
    )
    size = archive.stat().st_size / 1e6
    done = f"wrote {archive}; originals: {len(originals)}, vectors: {vectors}, {size:.1f} MB"
    return Findings(wrong, (done,), round(time.monotonic() - began, 3))


def import_library(
    archive: Path, home: Path, chroma_url: str | None, progress: Progress, stopped: Stopped
) -> Findings:
    """Restore a library from an archive.

    The reports keep their ids and their past; identity and queue are those of the empty library
    that was there, so that both libraries can lie on one Chroma server.

    All is looked at, unpacked and written beside before the last step, one transaction of the
    catalog. Until then the library is an empty one that works, whatever happens, even if the
    process is killed; from then on it is whole, and other processes that have it open see it.
    What a killed import leaves on the disk and in Chroma, the next one removes.

    Args:
        archive: what `export_library` wrote. Nothing in it is trusted.
        home: the library's folder, which this process owns and which holds no report.
        chroma_url: a Chroma server; None for Chroma inside this process.
        progress: told how many files of it are read, and vectors written.
        stopped: asked whether to break off.

    Returns:
        What was restored, and what of it must be repaired.

    Raises:
        LibraryError: the library is not empty, the archive is damaged, of another kind, of a
            newer Footnote or was changed, or it cannot be written; the library is empty.
        RunStopped: broken off; the library is empty.
    """
    began = time.monotonic()
    with closing(open_library(home, chroma_url)) as library:
        for left in home.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(left, ignore_errors=True)
        if library.inventory.held() or library.history.events(limit=1):
            raise LibraryError(
                f"the library in {home} holds reports; an archive is restored into an empty one: "
                "set LIBRARY_DIR to another folder"
            )
        with _scratch(home) as scratch:
            manifest = unpack(archive, scratch, progress, stopped)
            with untrusted_catalog(scratch / CATALOG) as engine:
                needed = hashes_of(engine)
                originals, texts = see_files(archive, scratch, manifest["files"], needed)
                index = rename_index(engine, str(library.catalog.fact("library")))
                placed = Indexes(engine).passage_ids(index.id) if index else set()
                vectors = vectors_in(scratch, index, placed, manifest["vectors"])
                count = len(Inventory(engine).held())
                try:
                    if index is not None:
                        # what a killed import left
                        library.searches.remove_strays([index, *library.indexes.all(*IndexState)])
                        search = library.searches.of(index)
                        _fill(search, Indexes(engine), vectors, progress, stopped)
                        Inventory(engine).note_slots(index.id, search.vectors.count())
                    _put_in_place(scratch, home)
                except FootnoteError:
                    _clear(library, home, index)
                    raise
        # that of the empty library, if it had one
        with suppress(LibraryError):
            library.searches.remove_strays(library.indexes.all(*IndexState))
    wrong = _told("missing", len(needed), originals, texts, len(placed) - len(vectors[0]))
    done = f"restored versions: {count}, vectors: {manifest['vectors']}"
    return Findings(wrong, (done,), round(time.monotonic() - began, 3))


def _told(what: str, needed: int, originals: int, texts: int, vectors: int) -> tuple[str, ...]:
    """What an archive lacks, a sentence each."""
    lacking = {
        "originals": needed - originals,
        "parsed texts": needed - texts,
        "vectors": vectors,
    }
    return tuple(
        f"{name} that are {what}: {count}; run 'python -m ingest repair'"
        for name, count in lacking.items()
        if count
    )


def _copy_catalog(library: Library, path: Path) -> None:
    """A consistent copy of the catalog, with the index that answers and none beside."""
    with closing(sqlite3.connect(path)) as copy:
        library.catalog.copy_into(copy)
        with copy:
            copy.execute(
                "DELETE FROM placements WHERE index_id IN "
                "(SELECT id FROM indexes WHERE state <> 'live')"
            )
            copy.execute("DELETE FROM indexes WHERE state <> 'live'")
            copy.execute("DELETE FROM passages WHERE id NOT IN (SELECT passage_id FROM placements)")
            copy.execute("DELETE FROM runs")
        copy.execute("VACUUM")


def _write_vectors(library: Library, scratch: Path) -> tuple[int, int]:
    """Write the vectors of the index that answers; how many, and how many are not to be had."""
    search = library.search()
    placed = sorted(library.indexes.passage_ids(search.index.id)) if search else []
    dimension = search.index.writing.dimension if search else 0
    ids: list[str] = []
    with tempfile.TemporaryFile(dir=scratch) as rows:
        for start in range(0, len(placed), _BATCH):
            found = search.vectors.of(placed[start : start + _BATCH]) if search else {}
            for passage_id, row in sorted(found.items()):
                if row.shape == (dimension,) and np.isfinite(row).all():
                    ids.append(passage_id)
                    rows.write(row.astype("<f4").tobytes())
        rows.seek(0)
        with (scratch / VECTORS).open("wb") as file:
            header = {"descr": "<f4", "fortran_order": False, "shape": (len(ids), dimension)}
            np.lib.format.write_array_header_1_0(file, header)
            shutil.copyfileobj(rows, file)
    (scratch / IDS).write_text(json.dumps(ids), encoding="utf-8")
    return len(ids), len(placed) - len(ids)


def _sound_files(originals: Originals, needed: set[str]) -> tuple[dict[str, Path], dict[str, Path]]:
    """The originals and the parsed texts that are needed and sound, by their names there."""
    kept = {f"{ORIGINALS}/{path.parent.name}/{path.name}": path for path in originals.files()}
    sound, texts = {}, {}
    for each in sorted(needed):
        name, text_name = name_of(each, "original"), name_of(each, "json")
        if name in kept and not originals.fault(each):
            sound[name] = kept[name]
        if text_name in kept and is_text(originals, each):
            texts[text_name] = kept[text_name]
    return sound, texts


def _fill(
    search: Search,
    held: Indexes,
    vectors: tuple[list[str], NDArray[np.float32]],
    progress: Progress,
    stopped: Stopped,
) -> None:
    """Fill both sides of an index, which nothing asks yet."""
    ids, rows = vectors
    for start in range(0, len(ids), _BATCH):
        if stopped():
            raise RunStopped("stopped; nothing was restored")
        progress(start, len(ids), "vectors")
        some = held.passages(ids[start : start + _BATCH])
        search.vectors.add(
            [each.id for each in some],
            [each.report for each in some],
            np.asarray(rows[start : start + _BATCH]),
        )
    placed = sorted(held.passage_ids(search.index.id))
    for start in range(0, len(placed), _BATCH * 5):
        search.words.add(held.passages(placed[start : start + _BATCH * 5]))


def _clear(library: Library, home: Path, index: Index | None) -> None:
    """Remove what was written for a library that did not come to be; else the next import does."""
    if index is not None:
        with suppress(LibraryError):
            library.searches.forget(index)
    shutil.rmtree(home / ORIGINALS, ignore_errors=True)


def _put_in_place(scratch: Path, home: Path) -> None:
    """Give an empty library the originals and then, at once, the rows of an unpacked archive."""
    try:
        (scratch / ORIGINALS).mkdir(exist_ok=True)
        shutil.rmtree(home / ORIGINALS, ignore_errors=True)
        (scratch / ORIGINALS).rename(home / ORIGINALS)
        copy_rows(scratch / CATALOG, home / CATALOG)
    except (OSError, sqlite3.Error) as error:
        raise LibraryError(
            f"the library in {home} cannot be written ({error}); see that its folder can be and "
            "the disk is not full"
        ) from error


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A folder beside what is written, gone at the end."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        scratch = tempfile.TemporaryDirectory(dir=folder, prefix=_UNFINISHED)
    except OSError as error:
        raise LibraryError(f"the folder {folder} cannot be written ({error})") from error
    with scratch as name:
        yield Path(name)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _add(tar: tarfile.TarFile, name: str, file: IO[bytes]) -> None:
    """Add a file as everybody's, of no time: that of its place here is nobody's business."""
    member = tarfile.TarInfo(name)
    member.size = file.seek(0, os.SEEK_END)
    file.seek(0)
    tar.addfile(member, file)
