"""The glossary as it is kept: the one that comes with Footnote, and the user's own over it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from bot.research.glossary import Entry, Glossary
from ingest.errors import SettingsError

_LARGEST = 1_000_000  # bytes of the file
_KINDS = {"terms": ("names", "also"), "companies": ("names", "also", "tickers")}
_SHIPPED = "the glossary of Footnote"


def shipped_glossary() -> str:
    """Return the text of the glossary that comes with Footnote."""
    return files("bot.research").joinpath("glossary.toml").read_text(encoding="utf-8")


def load_glossary(own: Path | None) -> Glossary:
    """Return the glossary that comes with Footnote, with the user's own over it.

    Args:
        own: the user's file; None where there is none.

    Raises:
        SettingsError: the user's file is missing, cannot be read, or an entry of it cannot be used;
            the message names it and what is allowed.
    """
    entries, _ = read_entries(shipped_glossary(), _SHIPPED)
    if own is None:
        return Glossary(entries)
    try:
        with own.open("rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise SettingsError(f"{own} is larger than a glossary can be; check the file")
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise SettingsError(f"{own} cannot be read ({error.strerror}); check GLOSSARY") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{own} is not written in UTF-8; save it so") from error
    added, off = read_entries(text, str(own))
    return Glossary(_merged(entries, added, off, str(own)))


def read_entries(text: str, where: str) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Read a glossary.

    Args:
        text: TOML: `terms` and `companies`, lists of tables with `names`, `also` and, of companies,
            `tickers`; and `off`, names of entries that are not wanted.
        where: the file, as people are told.

    Returns:
        Its entries, and the names that are off.

    Raises:
        SettingsError: it is no TOML, or an entry cannot be used; the message names it.
    """
    try:
        written = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{where} is no TOML ({error}); correct it") from error
    unknown = [key for key in written if key not in {*_KINDS, "off"}]
    if unknown:
        raise SettingsError(
            f"{where}: {unknown[0]!r} is not known; write [[terms]], [[companies]] or off = […]"
        )
    off = _names(written.get("off", []), f"{where}: off")
    entries: list[Entry] = []
    taken: dict[str, str] = {}
    for kind in _KINDS:
        tables = written.get(kind, [])
        if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
            raise SettingsError(
                f"{where}: {kind} is no list of tables; write [[{kind}]] above each"
            )
        for number, table in enumerate(tables, 1):
            place = f"{where}: [[{kind}]] number {number}"
            entry = _entry(table, kind, place)
            for name in {each.casefold(): each for each in entry.recognised}.values():
                before = taken.setdefault(name.casefold(), place)
                if before != place:
                    raise SettingsError(
                        f"{place}: {name!r} is a name of {before.rpartition(': ')[2]} too; join "
                        "the two, or take it out of one"
                    )
            entries.append(entry)
    return tuple(entries), off


def _entry(table: Mapping[str, object], kind: str, place: str) -> Entry:
    unknown = [key for key in table if key not in _KINDS[kind]]
    if unknown:
        raise SettingsError(
            f"{place}: {unknown[0]!r} is not known; its keys are {', '.join(_KINDS[kind])}"
        )
    read = {key: _names(table.get(key, []), f"{place}: {key}") for key in _KINDS[kind]}
    if not read["names"]:
        raise SettingsError(f'{place} has no names; write names = ["…", "…"]')
    return Entry(
        read["names"], read["also"], read.get("tickers", ()), is_company=kind == "companies"
    )


def _names(written: object, place: str) -> tuple[str, ...]:
    if not isinstance(written, list):
        raise SettingsError(f'{place} is no list; write ["…", "…"]')
    names = []
    for each in written:
        tidy = " ".join(each.split()) if isinstance(each, str) else ""
        if not any(map(str.isalnum, tidy)):
            raise SettingsError(f"{place}: {each!r} is no name; write words in quotes")
        if len(tidy) == 1:
            raise SettingsError(f"{place}: {each!r} is too short to be found; write it out")
        names.append(tidy)
    return tuple(dict.fromkeys(names))


def _merged(
    shipped: Iterable[Entry], own: Iterable[Entry], off: Iterable[str], where: str
) -> list[Entry]:
    """The entries of both: an own entry that shares a name with a shipped one adds to it."""
    unwanted = {name.casefold() for name in off}
    known = {name.casefold() for entry in shipped for name in entry.recognised}
    if unwanted - known:
        name = next(each for each in off if each.casefold() not in known)
        raise SettingsError(
            f"{where}: off: {name!r} is no name in the glossary of Footnote; take it out"
        )
    merged = [
        entry for entry in shipped if not unwanted & {each.casefold() for each in entry.recognised}
    ]
    for entry in own:
        names = {each.casefold() for each in entry.recognised}
        sharing = [
            place
            for place, other in enumerate(merged)
            if names & {each.casefold() for each in other.recognised}
        ]
        if len(sharing) > 1:
            one, other = (merged[place].names[0] for place in sharing[:2])
            raise SettingsError(
                f"{where}: the entry of {entry.names[0]!r} has names of both {one!r} and "
                f"{other!r}, which are two things; take those of one out, or write "
                f'off = ["{one}"]'
            )
        if not sharing:
            merged.append(entry)
            continue
        before = merged[sharing[0]]
        merged[sharing[0]] = replace(
            before,
            names=_each_once((*before.names, *entry.names)),
            also=_each_once((*before.also, *entry.also)),
            tickers=_each_once((*before.tickers, *entry.tickers)),
            is_company=before.is_company or entry.is_company,
        )
    return merged


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple({name.casefold(): name for name in reversed(tuple(names))}.values())[::-1]
