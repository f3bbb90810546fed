"""The list of sources, sources.toml: folders, addresses and feeds."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from ingest.errors import SettingsError, SourceError
from ingest.sources.web import canonical

_GENERAL = "general"
_EVERY = re.compile(r"([0-9]{1,4})([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_SOONEST = timedelta(minutes=5)
_LATEST = timedelta(days=365)
_LONGEST = 100  # characters of a shelf or a publisher
_MOST_ENTRIES = 1000
_LARGEST = 1_000_000  # bytes of the file


@dataclass(frozen=True, slots=True)
class FolderEntry:
    """A folder of reports.

    Attributes:
        path: where it is.
        shelf: the shelf of all its reports; None where the first folder below it is theirs.
        publisher: who published them; None where that is not said.
    """

    path: Path
    shelf: str | None = None
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class UrlEntry:
    """The address of one report.

    Attributes:
        url: its canonical address.
        shelf: the shelf it lies on.
        publisher: who published it; None where that is not said.
        every: how long it is not fetched again.
    """

    url: str
    shelf: str = _GENERAL
    publisher: str | None = None
    every: timedelta = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A feed that names reports.

    Attributes:
        url: its canonical address.
        shelf: the shelf its reports lie on.
        publisher: who published them; None where the feed is asked.
        every: how long it is not fetched again.
        limit: how many of its entries are taken at most, the newest.
    """

    url: str
    shelf: str = _GENERAL
    publisher: str | None = None
    every: timedelta = timedelta(days=1)
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list of sources names, in its order.

    Attributes:
        name: file name of the list, as people are told.
        folders: folders of reports.
        urls: addresses of reports.
        feeds: addresses of feeds.
    """

    name: str
    folders: tuple[FolderEntry, ...] = ()
    urls: tuple[UrlEntry, ...] = ()
    feeds: tuple[FeedEntry, ...] = ()


Made = TypeVar("Made")
_Read = Callable[[Any], Any]


def read_listing(path: Path) -> Listing:
    """Read a list of sources.

    Whether its folders are there and its hosts are open is not asked.

    Args:
        path: the file; folders in it are relative to its own.

    Raises:
        SettingsError: it is missing or cannot be read, or an entry cannot be used; the message
            names the entry and what is allowed.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise SettingsError(f"{path} is larger than a list of sources can be; check the file")
        written = tomllib.loads(content.decode("utf-8-sig"))
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror}); check the path"
        raise SettingsError(message) from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not written in UTF-8; save it so") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{path} is no TOML ({error}); correct it") from error

    keys: dict[str, tuple[type[Any], dict[str, _Read]]] = {
        "folder": (
            FolderEntry,
            {"path": _folder_in(path.parent), "shelf": _shelf, "publisher": _said},
        ),
        "url": (
            UrlEntry,
            {"url": _address, "shelf": _shelf, "publisher": _said, "every": _every},
        ),
        "feed": (
            FeedEntry,
            {
                "url": _address,
                "shelf": _shelf,
                "publisher": _said,
                "every": _every,
                "limit": _limit,
            },
        ),
    }
    unknown = [key for key in written if key not in keys]
    if unknown:
        raise SettingsError(
            f"{path}: [[{unknown[0]}]] is not known; write [[folder]], [[url]] or [[feed]]"
        )
    taken: dict[object, str] = {}
    listed = {
        kind: tuple(
            _entry(make, read, entry, f"{path}: [[{kind}]] number {number}", taken)
            for number, entry in enumerate(_tables(path, kind, written.get(kind, [])), 1)
        )
        for kind, (make, read) in keys.items()
    }
    return Listing(path.name, listed["folder"], listed["url"], listed["feed"])


def _tables(path: Path, kind: str, written: object) -> list[Mapping[str, object]]:
    """The tables under a name."""
    if not isinstance(written, list) or not all(isinstance(each, dict) for each in written):
        raise SettingsError(f"{path}: {kind} is no list of tables; write [[{kind}]] above each")
    return written


def _entry(
    make: Callable[..., Made],
    read: Mapping[str, _Read],
    written: Mapping[str, object],
    where: str,
    taken: dict[object, str],
) -> Made:
    """Make one entry; `taken` holds where each place stood before."""
    place, *_ = read
    unknown = [key for key in written if key not in read]
    if unknown:
        raise SettingsError(f"{where}: {unknown[0]!r} is not known; its keys are {', '.join(read)}")
    if place not in written:
        raise SettingsError(f'{where} has no {place}; write {place} = "…"')
    values = {}
    for key, value in written.items():
        try:
            values[key] = read[key](value)
        except (ValueError, SourceError) as error:
            raise SettingsError(f"{where}: {key}: {error}") from error
    before = taken.setdefault(values[place], where)
    if before != where:
        raise SettingsError(
            f"{where} is {before.rpartition(': ')[2]} once more; take one of them out"
        )
    return make(**values)


def _folder_in(parent: Path) -> _Read:
    def read(written: object) -> Path:
        if not isinstance(written, str) or not written.strip() or "\x00" in written:
            raise ValueError(f"{written!r} is no path; write the path of a folder in quotes")
        return (parent / Path(written).expanduser()).resolve()

    return read


def _address(written: object) -> str:
    if not isinstance(written, str):
        raise ValueError(f"{written!r} is no address; write one in quotes")  # noqa: TRY004
    return canonical(written)


def _said(written: object) -> str:
    if not isinstance(written, str) or not written.strip() or not written.isprintable():
        raise ValueError(f"{written!r} is no name; write one in quotes, on one line")
    if len(written) > _LONGEST:
        raise ValueError(f"it is longer than {_LONGEST} characters; shorten it")
    return written.strip()


def _shelf(written: object) -> str:
    shelf = _said(written)
    if "/" in shelf:
        raise ValueError(f"{shelf!r} has a slash, and a shelf is no path; leave it out")
    return shelf


def _every(written: object) -> timedelta:
    found = _EVERY.fullmatch(written) if isinstance(written, str) else None
    every = int(found[1]) * _UNITS[found[2]] if found else timedelta()
    if not _SOONEST <= every <= _LATEST:
        raise ValueError(
            f'{written!r} is not allowed; write "15m", "6h" or "1d", at least "5m", at most "365d"'
        )
    return every


def _limit(written: object) -> int:
    # a bool is an int to Python
    if type(written) is not int or not 1 <= written <= _MOST_ENTRIES:
        raise ValueError(f"{written!r} is not allowed; write a number from 1 to {_MOST_ENTRIES}")
    return written
