"""One archive of a library, which restores it on another machine.

It holds the catalog, the originals and the vectors, each with its hash, so that nothing need
be parsed or embedded again. Who may ask is not in it: people belong to a bot, not to reports.
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
import uuid
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

import numpy as np

from ingest.errors import LibraryError, RunStopped
from ingest.library.database import open_database
from ingest.library.library import Library
from ingest.library.migrate import migrate
from ingest.library.opening import open_library
from ingest.pipeline import Progress
from ingest.records import Findings

FORMAT = 1
_MANIFEST = "manifest.json"
_CATALOG = "catalog.sqlite"
_IDS = "vectors.json"
_VECTORS = "vectors.npy"
_ORIGINALS = "originals/"
_LARGEST_MANIFEST = 200_000_000
_BATCH = 2_000
_CHUNK = 1 << 20

Stopped = Callable[[], bool]


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
        LibraryError: the file is there already, or cannot be written; nothing of it is left.
        RunStopped: broken off; nothing of it is left.
    """
    began = time.monotonic()
    if archive.exists():
        raise LibraryError(f"{archive} is there already; name a file that is not")
    wrong: list[str] = []
    with _scratch(archive.parent) as scratch:
        try:
            unfinished = scratch / archive.name
            _copy_catalog(library, scratch / _CATALOG)
            vectors = _write_vectors(library, scratch)
            originals = list(library.originals.files())
            missing = sum(
                bool(library.originals.fault(each.content_hash))
                for each in library.inventory.held()
            )
            if missing:
                wrong.append(f"originals that are missing or damaged, and not in it: {missing}")
            files = [(scratch / name, name) for name in (_CATALOG, _IDS, _VECTORS)]
            files += [(path, f"{_ORIGINALS}{path.parent.name}/{path.name}") for path in originals]
            manifest = {
                "format": FORMAT,
                "vectors": vectors,
                "files": {name: [path.stat().st_size, _hash_of(path)] for path, name in files},
            }
            # little is won by compressing vectors and PDFs harder
            with tarfile.open(unfinished, "w:gz", compresslevel=1) as tar:
                # first: whoever unpacks must know how large each file may be
                _add_text(tar, _MANIFEST, json.dumps(manifest))
                for place, (path, name) in enumerate(files):
                    if stopped():
                        raise RunStopped("stopped; no archive was written")
                    progress(place, len(files), name)
                    tar.add(path, name, recursive=False)
            unfinished.rename(archive)
        except (OSError, sqlite3.Error, tarfile.TarError) as error:
            raise LibraryError(
                f"{archive} cannot be written ({error}); see that its folder can be and the disk "
                "is not full"
            ) from error
    size = archive.stat().st_size / 1e6
    done = f"wrote {archive}; originals: {len(originals) // 2}, vectors: {vectors}, {size:.1f} MB"
    return Findings(tuple(wrong), (done,), round(time.monotonic() - began, 3))


def import_library(
    archive: Path, home: Path, chroma_url: str | None, progress: Progress, stopped: Stopped
) -> Findings:
    """Restore a library from an archive.

    The restored one is a library of its own: it has a new identity, so that both can lie on
    one Chroma server, and nothing of the other's queue. Its reports keep their ids.

    Args:
        archive: what `export_library` wrote. Nothing in it is trusted.
        home: the library's folder, which this process owns and which holds no report.
        chroma_url: a Chroma server; None for Chroma inside this process.
        progress: told how many files of it are read, and vectors written.
        stopped: asked whether to break off.

    Returns:
        What was restored, and what of it must be repaired.

    Raises:
        LibraryError: the library is not empty, the archive is damaged, of another kind or of a
            newer Footnote; nothing of it is left.
        RunStopped: broken off; nothing of it is left.
    """
    began = time.monotonic()
    _refuse_if_held(home, chroma_url)
    with _scratch(home) as scratch:
        manifest = _unpack(archive, scratch, progress, stopped)
        _take_over(scratch / _CATALOG)
        for name in (_CATALOG, f"{_CATALOG}-wal", f"{_CATALOG}-shm"):
            (home / name).unlink(missing_ok=True)
        try:
            (scratch / "originals").mkdir(exist_ok=True)
            shutil.rmtree(home / "originals", ignore_errors=True)
            (scratch / "originals").rename(home / "originals")
            # last: a folder without a catalog holds no library
            (scratch / _CATALOG).rename(home / _CATALOG)
        except OSError as error:
            raise LibraryError(
                f"the library's folder {home} cannot be written ({error})"
            ) from error
        wrong = []
        with closing(open_library(home, chroma_url)) as library:
            lacking = _fill(library, scratch, progress, stopped)
            if lacking:
                wrong.append(f"vectors that are missing: {lacking}; run 'python -m ingest repair'")
            count = len(library.inventory.held())
    done = f"restored versions: {count}, vectors: {manifest['vectors']}"
    return Findings(tuple(wrong), (done,), round(time.monotonic() - began, 3))


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
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute("VACUUM")


def _write_vectors(library: Library, scratch: Path) -> int:
    """Write the vectors of the index that answers, a batch at a time; how many."""
    search = library.search()
    if search is None:
        ids: list[str] = []
        dimension = 0
    else:
        placed = library.indexes.passage_ids(search.index.id)
        ids = sorted(placed & search.vectors.ids())
        dimension = search.index.writing.dimension
    (scratch / _IDS).write_text(json.dumps(ids), encoding="utf-8")
    with (scratch / _VECTORS).open("wb") as file:
        header = {"descr": "<f4", "fortran_order": False, "shape": (len(ids), dimension)}
        np.lib.format.write_array_header_1_0(file, header)
        for start in range(0, len(ids), _BATCH):
            some = ids[start : start + _BATCH]
            found = search.vectors.of(some) if search else {}
            file.write(np.stack([found[each] for each in some]).astype("<f4").tobytes())
    return len(ids)


def _refuse_if_held(home: Path, chroma_url: str | None) -> None:
    if not (home / _CATALOG).exists():
        return
    with closing(open_library(home, chroma_url)) as library:
        if library.inventory.held() or library.history.events(limit=1):
            raise LibraryError(
                f"the library in {home} holds reports; an archive is restored into an empty one: "
                "set LIBRARY_DIR to another folder"
            )


def _unpack(archive: Path, scratch: Path, progress: Progress, stopped: Stopped) -> dict[str, Any]:
    """Unpack an archive whose every file is as its manifest says; the manifest."""
    try:
        with tarfile.open(archive, "r:gz") as tar:
            manifest = _read_manifest(tar, archive)
            expected: dict[str, list[Any]] = dict(manifest["files"])
            for place, member in enumerate(tar):
                if member.name == _MANIFEST:
                    continue
                if stopped():
                    raise RunStopped("stopped; nothing was restored")
                progress(place, len(manifest["files"]), member.name)
                size, digest = expected.pop(member.name, (-1, ""))
                file = tar.extractfile(member) if member.isreg() else None
                if file is None or member.size != size or not _is_expected(member.name):
                    raise LibraryError(
                        f"{archive} holds {member.name!r}, which does not belong there; it is "
                        "damaged or was changed"
                    )
                if _write_out(file, scratch / member.name) != digest:
                    raise LibraryError(f"{archive} is damaged: {member.name} is not as it was")
    except (OSError, tarfile.TarError, EOFError, ValueError, TypeError, zlib.error) as error:
        raise LibraryError(
            f"{archive} cannot be read ({error}); it is damaged or no archive of Footnote"
        ) from error
    if expected or _CATALOG not in manifest["files"]:
        raise LibraryError(f"{archive} is damaged: it was cut off")
    return manifest


def _read_manifest(tar: tarfile.TarFile, archive: Path) -> dict[str, Any]:
    """What an archive says that it holds."""
    first = tar.next()
    file = tar.extractfile(first) if first is not None and first.isreg() else None
    if first is None or file is None or first.name != _MANIFEST or first.size > _LARGEST_MANIFEST:
        raise LibraryError(f"{archive} is no archive of Footnote")
    manifest = json.loads(file.read())
    if not isinstance(manifest, dict) or not isinstance(manifest.get("format"), int):
        raise LibraryError(f"{archive} is no archive of Footnote")
    if manifest["format"] > FORMAT:
        raise LibraryError(
            f"{archive} was written by a newer Footnote (format {manifest['format']}); update this "
            "one"
        )
    if not isinstance(manifest.get("files"), dict) or not isinstance(manifest.get("vectors"), int):
        raise LibraryError(f"{archive} is no archive of Footnote")
    return manifest


def _is_expected(name: str) -> bool:
    if name in {_CATALOG, _IDS, _VECTORS}:
        return True
    parts = PurePosixPath(name).parts
    return (
        name.startswith(_ORIGINALS)
        and len(parts) == 3
        and all(part.replace(".", "").isalnum() for part in parts)
    )


def _write_out(file: IO[bytes], path: Path) -> str:
    """Write one file of an archive; its hash."""
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with path.open("wb") as out:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _take_over(catalog: Path) -> None:
    """Give a catalog from elsewhere an identity of its own, and the schema of this Footnote."""
    open_database(catalog, migrate).dispose()
    try:
        with closing(sqlite3.connect(catalog)) as connection, connection:
            library, name = uuid.uuid4().hex, uuid.uuid4().hex[:8]
            connection.execute("UPDATE facts SET value = ? WHERE key = 'library'", (library,))
            connection.execute(
                "UPDATE indexes SET slots = 0, collection = ?, words = ?",
                (f"footnote-{library}-{name}", f"words-{name}"),
            )
            connection.execute("UPDATE origins SET seen = NULL")
            connection.execute("DELETE FROM runs")
        with closing(sqlite3.connect(catalog)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise LibraryError(f"the catalog in the archive is damaged ({error})") from error


def _fill(library: Library, scratch: Path, progress: Progress, stopped: Stopped) -> int:
    """Fill both sides of the index; how many vectors it lacks."""
    search = library.search()
    if search is None:
        return 0
    placed = library.indexes.passage_ids(search.index.id)
    try:
        ids = json.loads((scratch / _IDS).read_text(encoding="utf-8"))
        rows = np.load(scratch / _VECTORS, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise LibraryError(f"the vectors in the archive are damaged ({error})") from error
    fits = rows.shape == (len(ids), search.index.writing.dimension)
    known = [place for place, each in enumerate(ids) if each in placed] if fits else []
    for start in range(0, len(known), _BATCH):
        if stopped():
            raise RunStopped("stopped; run 'python -m ingest repair' to go on")
        progress(start, len(known), "vectors")
        places = known[start : start + _BATCH]
        held = library.indexes.passages([ids[place] for place in places])
        search.vectors.add(
            [each.id for each in held],
            [each.report for each in held],
            np.asarray(rows[places], dtype=np.float32),
        )
    for start in range(0, len(placed), _BATCH * 5):
        search.words.add(library.indexes.passages(sorted(placed)[start : start + _BATCH * 5]))
    library.inventory.note_slots(search.index.id, search.vectors.count())
    return len(placed) - len(known)


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A folder beside what is written, gone at the end."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        scratch = tempfile.TemporaryDirectory(dir=folder, prefix=".unfinished-")
    except OSError as error:
        raise LibraryError(f"the folder {folder} cannot be written ({error})") from error
    with scratch as name:
        yield Path(name)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    content = io.BytesIO(text.encode())
    member = tarfile.TarInfo(name)
    member.size = len(text.encode())
    tar.addfile(member, content)
