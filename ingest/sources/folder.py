"""Reports that lie in files and folders."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from ingest.errors import SourceError
from ingest.formats import SUFFIXES
from ingest.records import Source

_GENERAL = "general"
_MEGABYTE = 1_000_000


def sources(paths: Sequence[Path]) -> list[Source]:
    """List the reports under files and folders.

    Of a folder, those files count whose suffix Footnote reads, in all folders below it;
    hidden files and folders are passed over, links are followed, a loop of them once. A file
    named itself counts whatever it is, so that whoever named it learns why it is not read.

    Args:
        paths: files and folders.

    Returns:
        One source for each file, in the order of the paths and by name below each; none
        twice. Its shelf is the first folder below the path given, "general" where there is
        none; its name is relative to that path.

    Raises:
        SourceError: a path is missing, or a folder cannot be looked into: what cannot be
            seen must not seem to have vanished.
    """
    found: dict[str, Source] = {}
    for path in paths:
        if path.is_dir():
            for file in _files(path, set()):
                relative = file.relative_to(path)
                shelf = relative.parts[0] if len(relative.parts) > 1 else _GENERAL
                source = Source(uri_of(file), _readable(relative.as_posix()), _readable(shelf))
                found.setdefault(source.uri, source)
        elif path.exists():
            source = Source(uri_of(path), _readable(path.name), _GENERAL)
            found.setdefault(source.uri, source)
        else:
            message = f"{_readable(str(path))} does not exist; check the path"
            raise SourceError(message)
    return list(found.values())


def read(source: Source, largest: int) -> bytes:
    """Return a file's bytes.

    Args:
        source: a source of `sources`.
        largest: size in bytes above which a file is not read.

    Raises:
        SourceError: the file is gone, may not be read, is no file, or is too large.
    """
    path = _path_of(source.uri)
    try:
        if not path.is_file():
            reason = "is no file" if path.exists() else "is not there any more"
            message = f"{source.name} {reason}; give the path of a file"
            raise SourceError(message)
        with path.open("rb") as file:
            content = file.read(largest + 1)
    except PermissionError as error:
        message = f"{source.name} may not be read; change its permissions"
        raise SourceError(message) from error
    except OSError as error:
        message = f"{source.name} cannot be read ({error.strerror or error}); try again"
        raise SourceError(message) from error
    if len(content) > largest:
        message = (
            f"{source.name} is larger than {largest / _MEGABYTE:g} MB; "
            "split it, or raise LARGEST_FILE_MB"
        )
        raise SourceError(message)
    return content


def uri_of(path: Path) -> str:
    """Return the canonical address of a file or folder: absolute, links resolved."""
    return Path(os.path.realpath(path)).as_uri()


def exists(uri: str) -> bool:
    """Tell whether a file stands at an address; only "file:" addresses have files."""
    return urlsplit(uri).scheme == "file" and _path_of(uri).is_file()


def _path_of(uri: str) -> Path:
    """The path of a "file:" address, byte for byte as the system named it."""
    return Path(os.fsdecode(unquote_to_bytes(urlsplit(uri).path)))


def _files(folder: Path, seen: set[tuple[int, int]]) -> Iterator[Path]:
    """The files below a folder that are read, by name.

    Args:
        folder: where to look.
        seen: device and inode of every folder looked into, so that links make no circle.
    """
    try:
        status = folder.stat()
        visible = [entry for entry in sorted(folder.iterdir()) if entry.name[0] != "."]
        entries = [(entry, entry.is_dir(), entry.is_file()) for entry in visible]
    except OSError as error:
        message = f"the folder {_readable(str(folder))} cannot be read; change its permissions"
        raise SourceError(message) from error
    here = (status.st_dev, status.st_ino)
    if here in seen:
        return
    seen.add(here)
    for entry, is_folder, is_file in entries:
        if is_folder:
            yield from _files(entry, seen)
        elif is_file and entry.suffix.lower() in SUFFIXES:
            yield entry


def _readable(name: str) -> str:
    """A name that can be printed and kept: bytes that are no UTF-8 become replacement marks."""
    return os.fsencode(name).decode("utf-8", "replace")
