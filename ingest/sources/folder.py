"""Reports that lie in files and folders."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Sequence
from operator import attrgetter
from pathlib import Path, PurePosixPath
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

from ingest.errors import SourceError
from ingest.formats import SUFFIXES
from ingest.records import Source

SIDECAR = ".toml"
"""End of the name of a file that stands beside a report and speaks of it."""

_GENERAL = "general"
_NAME = attrgetter("name")
_PLAIN = re.compile(r"[A-Za-z0-9_.~-]+").fullmatch  # what an address holds as it is
_MEGABYTE = 1_000_000
_LARGEST_SIDECAR = 100_000  # bytes; more is no few lines about a report
_SETTLING_SECONDS = 2.0  # longer than the ticks by which file systems keep their times
_READINGS = 3  # of a file that changes while it is read


def sources(
    paths: Sequence[Path],
    clock: Callable[[], float] = time.time,
    root_of: Callable[[Path], Path] = lambda path: path,
) -> list[Source]:
    """List the reports under files and folders.

    Of a folder, those files count whose suffix Footnote reads, in all folders below it;
    hidden files and folders are passed over, links are followed, a loop of them once. A file
    named itself counts whatever it is, so that whoever named it learns why it is not read.

    Args:
        paths: files and folders.
        clock: gives the time, in seconds since 1970.
        root_of: of each path, the folder around it that names and shelves are told from; the
            path itself by default.

    Returns:
        One source for each file, in the order of the paths and by name below each; none
        twice. Its shelf is the first folder below the root of its path, "general" where there
        is none; its name is relative to that root. How it looks is left out where it changed so
        lately that it might change again and look the same.

    Raises:
        SourceError: a path is missing, or a folder cannot be looked into: what cannot be
            seen must not seem to have vanished.
    """
    settled = (clock() - _SETTLING_SECONDS) * 1e9
    found: dict[str, Source] = {}
    for path in paths:
        place = Path(os.path.realpath(path))
        inside = place.relative_to(os.path.realpath(root_of(path))).parts
        if path.is_dir():
            above = "".join(f"{part}/" for part in inside)
            shelf = _readable(inside[0]) if inside else _GENERAL
            _list(str(place), above, shelf, settled, set(), found)
        elif path.exists():
            name = _readable("/".join(inside) or path.name)
            shelf = _readable(inside[0]) if len(inside) > 1 else _GENERAL
            source = Source(uri_of(path), name, shelf, _with_sidecars(place, settled))
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
        SourceError: the file is gone, may not be read, is no file, is too large, or does not
            stop changing.
    """
    path = _path_of(source.uri)
    try:
        if not path.is_file():
            reason = "is no file" if path.exists() else "is not there any more"
            message = f"{source.name} {reason}; give the path of a file"
            raise SourceError(message)
        content = _steady(path, largest + 1)
    except PermissionError as error:
        message = f"{source.name} may not be read; change its permissions"
        raise SourceError(message) from error
    except OSError as error:
        message = f"{source.name} cannot be read ({error.strerror or error}); try again"
        raise SourceError(message) from error
    if content is None:
        message = f"{source.name} changes while it is read; it is taken when it rests"
        raise SourceError(message)
    if len(content) > largest:
        message = (
            f"{source.name} is larger than {largest / _MEGABYTE:g} MB; "
            "split it, or raise LARGEST_FILE_MB"
        )
        raise SourceError(message)
    return content


def sidecar(source: Source) -> tuple[bytes, str] | None:
    """Return what stands in the file beside a report, and that file's name; None without one.

    It is called as the report with ".toml" behind its name, or in place of its ending.

    Args:
        source: a source of `sources`.

    Raises:
        SourceError: there are both, or it cannot be read.
    """
    path = _path_of(source.uri)
    above = source.name.rpartition("/")[0]
    found = [beside for beside in _sidecars(path) if beside.is_file()]
    names = [_readable(f"{above}/{each.name}" if above else each.name) for each in found]
    if len(found) > 1:
        message = f"both {names[0]} and {names[1]} speak of {source.name}; remove one of them"
        raise SourceError(message)
    if not found:
        return None
    try:
        return found[0].read_bytes()[:_LARGEST_SIDECAR], names[0]
    except OSError as error:
        message = f"{names[0]} cannot be read ({error.strerror or error}); mend its permissions"
        raise SourceError(message) from error


def _sidecars(path: Path) -> tuple[Path, Path]:
    """The files that may stand beside a report and speak of it."""
    return path.with_name(f"{path.name}.toml"), path.with_suffix(".toml")


def uri_of(path: Path) -> str:
    """Return the canonical address of a file or folder: absolute, links resolved."""
    return _address(os.path.realpath(path))


def _address(path: str) -> str:
    return f"file://{quote_from_bytes(os.fsencode(path))}"


def root_of(uri: str, name: str) -> Path | None:
    """The folder that a file's name is relative to; None where its address does not end so."""
    path = _path_of(uri)
    parts = PurePosixPath(name).parts
    return path.parents[len(parts) - 1] if path.parts[-len(parts) :] == parts else None


def is_file_address(uri: str) -> bool:
    """Tell whether an address is that of a file, and not on the web."""
    return urlsplit(uri).scheme == "file"


def exists(uri: str) -> bool:
    """Tell whether a file stands at an address, or may: what cannot be looked at may.

    Only "file:" addresses have files.
    """
    if not is_file_address(uri):
        return False
    try:
        return _path_of(uri).is_file()
    except OSError:
        return True


def _path_of(uri: str) -> Path:
    """The path of a "file:" address, byte for byte as the system named it."""
    return Path(os.fsdecode(unquote_to_bytes(urlsplit(uri).path)))


def _steady(path: Path, most: int) -> bytes | None:
    """The beginning of a file that did not change while it was read; None of one that did."""
    for _ in range(_READINGS):
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            content = file.read(most)
            after = os.fstat(file.fileno())
        if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns):
            return content
    return None


def _list(
    folder: str,
    above: str,
    shelf: str,
    settled: float,
    looked_into: set[tuple[int, int]],
    found: dict[str, Source],
) -> None:
    """List the files below a folder that are read, by name.

    Written for many files: one look at each, and no path resolved but that of a link.

    Args:
        folder: where to look, links resolved.
        above: name of the folder relative to the path that was given, with a slash behind it.
        shelf: of the files in it.
        settled: what changed before this is settled, in nanoseconds since 1970.
        looked_into: device and inode of every folder, so that links make no circle.
        found: the sources by their addresses; filled.
    """
    try:
        status = os.stat(folder)  # noqa: PTH116 (a path would be made for each folder)
        here = (status.st_dev, status.st_ino)
        if here in looked_into:
            return
        looked_into.add(here)
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=_NAME)
        uri = _address(folder).rstrip("/")
        beside = {entry.name: entry for entry in entries if entry.name.endswith(SIDECAR)}
        for entry in entries:
            name = entry.name
            if name[0] == ".":
                continue
            linked = entry.is_symlink()
            # a link in a circle is neither folder nor file; the listing itself would fail at it
            kind = Path(entry) if linked else entry
            if kind.is_dir():
                inside = shelf if above else _readable(name)
                place = os.path.realpath(entry.path) if linked else entry.path
                _list(place, f"{above}{name}/", inside, settled, looked_into, found)
            elif name[name.rfind(".") :].lower() in SUFFIXES and kind.is_file():
                if linked:
                    address = uri_of(Path(entry.path))
                elif _PLAIN(name):
                    address = f"{uri}/{name}"
                else:
                    address = f"{uri}/{quote_from_bytes(os.fsencode(name))}"
                if address not in found:
                    if linked:
                        # what speaks of it stands beside the file itself
                        look = _with_sidecars(Path(os.path.realpath(entry.path)), settled)
                    else:
                        look = _look(entry, settled)
                    if beside and look is not None and not linked:
                        stem = name[: name.rfind(".")]
                        for sidecar_name in (f"{name}{SIDECAR}", f"{stem}{SIDECAR}"):
                            if sidecar_name in beside:
                                look = _both(look, _look(beside[sidecar_name], settled))
                    found[address] = Source(address, _readable(above + name), shelf, look)
    except OSError as error:
        message = f"the folder {_readable(folder)} cannot be read; change its permissions"
        raise SourceError(message) from error


def _with_sidecars(path: Path, settled: float) -> str | None:
    """How a file and what stands beside it look from outside."""
    look = _look(path, settled)
    for beside in _sidecars(path):
        if beside.is_file():
            look = _both(look, _look(beside, settled))
    return look


def _both(look: str | None, other: str | None) -> str | None:
    """How two files look; None where that is not known of one of them."""
    return f"{look} {other}" if look and other else None


def _look(file: Path | os.DirEntry[str], settled: float) -> str | None:
    """How a file looks from outside; None where it changed a moment ago, or is gone.

    A file system's clock ticks slowly: two changes within a tick leave the same times.
    """
    try:
        status = file.stat()
    except OSError:
        return None  # to read it will tell
    if status.st_mtime_ns > settled or status.st_ctime_ns > settled:
        return None
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


def _readable(name: str) -> str:
    """A name that can be printed and kept: bytes that are no UTF-8 become replacement marks."""
    if name.isascii():
        return name
    return os.fsencode(name).decode("utf-8", "replace")
