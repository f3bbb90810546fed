"""Unpacking an archive of which nothing is trusted."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import tarfile
import tokenize
import zlib
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from ingest.errors import LibraryError, RunStopped
from ingest.library.indexes import Index
from ingest.library.originals import Originals
from ingest.library.untrusted import MALFORMED
from ingest.taking import Progress, Stopped

FORMAT = 1
MANIFEST = "manifest.json"
CATALOG = "catalog.sqlite"
IDS = "vectors.json"
VECTORS = "vectors.npy"
ORIGINALS = "originals"
_LARGEST_MANIFEST = 100_000_000
_BATCH = 2_000
_CHUNK = 1 << 20

_FILE = re.compile(r"originals/([0-9a-f]{2})/(\1[0-9a-f]{62})\.(original|json)")


def unpack(archive: Path, scratch: Path, progress: Progress, stopped: Stopped) -> dict[str, Any]:
    """Unpack an archive whose every file is as its manifest says.

    Args:
        archive: the file.
        scratch: an empty folder, which takes what is in it.
        progress: told how many files are unpacked.
        stopped: asked whether to break off.

    Returns:
        The manifest: `files` holds of each name its size in bytes and its SHA-256, `vectors` how
        many vectors there are.

    Raises:
        LibraryError: it is damaged, cut off, of another kind, of a newer Footnote, holds what does
            not belong there, or more than there is room for.
        RunStopped: broken off.
    """
    try:
        with _Unpacked(archive) as unpacked, tarfile.open(fileobj=unpacked, mode="r:") as tar:
            manifest = _read_manifest(tar, archive)
            expected: dict[str, list[Any]] = dict(manifest["files"])
            _see_room(archive, scratch, sum(size for size, _ in expected.values()))
            while (member := tar.next()) is not None:
                if stopped():
                    raise RunStopped("stopped; nothing was restored")
                progress(
                    len(manifest["files"]) - len(expected), len(manifest["files"]), member.name
                )
                size, digest = expected.pop(member.name, (-1, ""))
                file = _content(tar, member)
                if file is None or member.size != size:
                    raise LibraryError(
                        f"{archive} holds {member.name!r}, which does not belong there; it is "
                        "damaged or was changed"
                    )
                if _write_out(file, scratch / member.name) != digest:
                    raise LibraryError(f"{archive} is damaged: {member.name} is not as it was")
    except (OSError, tarfile.TarError, EOFError, zlib.error, *MALFORMED) as error:
        raise LibraryError(
            f"{archive} cannot be read ({error}); it is damaged or no archive of Footnote, or the "
            "disk is full"
        ) from error
    if expected:
        raise LibraryError(f"{archive} is damaged: it was cut off")
    return manifest


class _Unpacked(gzip.GzipFile):
    """An archive's bytes, of which no header can ask for more at once than memory holds."""

    def read(self, size: int | None = -1) -> bytes:
        """So many bytes."""
        if size is None or not 0 <= size <= _CHUNK:
            raise tarfile.ReadError("a header in it is too large")
        return super().read(size)


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes] | None:
    """The content of a member that is a plain file; None of a link, a device or a sparse file."""
    return tar.extractfile(member) if member.isreg() and not member.issparse() else None


def _read_manifest(tar: tarfile.TarFile, archive: Path) -> dict[str, Any]:
    """What an archive says that it holds."""
    first = tar.next()
    file = None if first is None else _content(tar, first)
    if first is None or file is None or first.name != MANIFEST or first.size > _LARGEST_MANIFEST:
        raise LibraryError(f"{archive} is no archive of Footnote")
    manifest = json.loads(file.read())
    if not isinstance(manifest, dict) or not isinstance(manifest.get("format"), int):
        raise LibraryError(f"{archive} is no archive of Footnote")
    if manifest["format"] > FORMAT:
        raise LibraryError(
            f"{archive} was written by a newer Footnote (format {manifest['format']}); update this "
            "one"
        )
    files = manifest.get("files")
    if not isinstance(files, dict) or not isinstance(manifest.get("vectors"), int):
        raise LibraryError(f"{archive} is no archive of Footnote")
    parts = {CATALOG, IDS, VECTORS}
    if not parts <= files.keys():
        raise LibraryError(f"{archive} is damaged: its catalog or its vectors are not in it")
    for name, (size, digest) in files.items():
        found = _FILE.fullmatch(name)
        # the bytes of a version are known by their hash, whatever else the manifest says
        lies = found and found[3] == "original" and found[2] != digest
        if not (name in parts or found) or lies or not isinstance(size, int) or size < 0:
            raise LibraryError(
                f"{archive} holds {name!r}, which does not belong there; it is damaged or was "
                "changed"
            )
    return manifest


def _see_room(archive: Path, scratch: Path, size: int) -> None:
    free = shutil.disk_usage(scratch).free
    if size > free:
        raise LibraryError(
            f"{archive} holds {size / 1e6:.0f} MB, and {free / 1e6:.0f} MB are free in "
            f"{scratch.parent}; free some, then try again"
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


def see_files(
    archive: Path, scratch: Path, files: dict[str, Any], needed: set[str]
) -> tuple[int, int]:
    """See that each original and parsed text that was unpacked is needed and sound.

    Args:
        archive: the file, for messages.
        scratch: where it was unpacked.
        files: by name, as the manifest has them.
        needed: the hashes of the originals that the catalog's versions need.

    Returns:
        How many originals there are, and how many parsed texts.

    Raises:
        LibraryError: one is not needed, or no parsed text.
    """
    originals = files.keys() & {name_of(each, "original") for each in needed}
    texts = {name_of(each, "json"): each for each in needed}
    texts = {name: each for name, each in texts.items() if name in files}
    kept = Originals(scratch / ORIGINALS)
    strange = [name for name in files if _FILE.fullmatch(name) and name not in {*originals, *texts}]
    strange += [name for name, content_hash in texts.items() if not is_text(kept, content_hash)]
    if strange:
        raise LibraryError(
            f"{archive} holds {strange[0]!r}, which no version of a report can be read from; it is "
            "damaged or was changed"
        )
    return len(originals), len(texts)


def is_text(originals: Originals, content_hash: str) -> bool:
    """Whether a parsed text is one in all its parts."""
    try:
        parsed = originals.parsed(content_hash)
        return (
            isinstance(parsed.text, str)
            and isinstance(parsed.stated, dict)
            and all(isinstance(said, str) for said in parsed.stated.values())
            and isinstance(parsed.pages, int | None)
            and all(
                isinstance(each.page, int | None)
                and {type(each.start), type(each.end), type(each.paragraph)} == {int}
                and 0 <= each.start <= each.end <= len(parsed.text)
                for each in parsed.blocks
            )
        )
    except (LibraryError, KeyError, *MALFORMED):
        return False


def vectors_in(
    scratch: Path, index: Index | None, placed: set[str], count: int
) -> tuple[list[str], NDArray[np.float32]]:
    """The vectors that were unpacked.

    Args:
        scratch: where.
        index: whose they are; None where the library in the archive has none.
        placed: the ids of its passages.
        count: how many there are, as the manifest says.

    Returns:
        The ids of n passages, none twice, and n rows in the index's dimension, all of them finite.

    Raises:
        LibraryError: they are damaged, or of other passages.
    """
    dimension = index.writing.dimension if index else 0
    damaged = "the vectors in the archive are damaged"
    try:
        # no more than every id once, before any of them is read
        if (scratch / IDS).stat().st_size > 36 * len(placed) + 2:
            raise LibraryError(f"{damaged}: they are of passages that are not in it")
        ids = json.loads((scratch / IDS).read_text(encoding="utf-8"))
        if not isinstance(ids, list) or len(set(ids)) != len(ids) or not placed.issuperset(ids):
            raise LibraryError(f"{damaged}: they are of passages that are not in it")
        if len(ids) != count:
            raise LibraryError(f"{damaged}: they are not as many as it says")
        rows = np.load(scratch / VECTORS, mmap_mode="r" if ids else None, allow_pickle=False)
        if not isinstance(rows, np.ndarray) or rows.dtype != np.dtype("<f4"):
            raise LibraryError(f"{damaged}: they are no numbers of 32 bits")
        if rows.shape != (len(ids), dimension):
            raise LibraryError(f"{damaged}: they are not one of {dimension} numbers for each id")
        for start in range(0, len(ids), _BATCH):
            if not np.isfinite(rows[start : start + _BATCH]).all():
                raise LibraryError(f"{damaged}: not each of them is of finite numbers")
    except (OSError, EOFError, SyntaxError, tokenize.TokenError, *MALFORMED) as error:
        raise LibraryError(f"{damaged} ({error})") from error
    return ids, rows


def name_of(content_hash: str, ending: str) -> str:
    """What the original of a version, or its parsed text, is called in an archive."""
    return f"{ORIGINALS}/{content_hash[:2]}/{content_hash}.{ending}"
