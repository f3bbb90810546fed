"""What a person says of a report in a small file beside it, "note.pdf.toml" or "note.toml".

Such a file is TOML, all of its keys optional:

    title = "Memory: why prices rise"
    publisher = "Northfield Securities"
    published = 2024-02-28
    language = "en"
    tickers = ["MU", "000660.KS"]
    companies = ["Micron Technology, Inc."]
    kind = "broker report"
    period = "Q4 2023"
    currency = "USD"

A slip in it fails the report rather than being passed over: who writes one means it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date, datetime

from ingest.errors import SourceError
from ingest.language.fields import ALLOWED, Value, listed, read_field
from ingest.language.tickers import ticker_of
from ingest.records import Period, Told

_OTHER_NAMES = {"date": "published", "ticker": "tickers", "company": "companies"}
_LISTS = frozenset({"tickers", "companies"})


def read_sidecar(content: bytes, name: str) -> Told:
    """Read the file beside a report.

    Args:
        content: its bytes.
        name: its name, for people.

    Returns:
        What it says of the report, by the keys of `ParsedReport.stated`.

    Raises:
        SourceError: it is no TOML, holds a key that is not known or twice under two names, or a
            value that cannot be read.
    """
    try:
        entries = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        message = f"{name} is no TOML that can be read ({_line(str(error))}); mend it or remove it"
        raise SourceError(message) from error
    fields: dict[str, str] = {}
    names: dict[str, str] = {}
    for written, entry in entries.items():
        key = _OTHER_NAMES.get(written, written)
        text = _written(key, entry, name)
        try:
            value = parse_field(key, text)
        except SourceError as error:
            message = f"{name}: {error}"
            raise SourceError(message) from error
        if key in fields:
            message = f'{name}: "{names[key]}" and "{written}" say the same; keep one of them'
            raise SourceError(message)
        names[key], fields[key] = written, text_of(value)
    return Told(name, fields)


def parse_field(key: str, text: str) -> Value:
    """Read one value that a person gives for a field of a report.

    Args:
        key: the field, a key of `ParsedReport.stated`, or "date", "ticker", "company".
        text: its value, as written.

    Returns:
        The value as a `Description` holds it.

    Raises:
        SourceError: the key is not known or the value cannot be read; the message says what is
            allowed.
    """
    key = _OTHER_NAMES.get(key, key)
    if key not in ALLOWED:
        message = f'"{_line(key)}" is not known; write one of {", ".join(ALLOWED)}'
        raise SourceError(message)
    value = read_field(key, text)
    unread = [each for each in listed(key, text) if key == "tickers" and ticker_of(each) is None]
    if value is None or unread:
        wrong = unread[0] if unread else text
        message = f'{key} = "{_line(wrong)}" cannot be read; write {ALLOWED[key]}'
        raise SourceError(message)
    return value


def text_of(value: Value) -> str:
    """Return a value as text that `ingest.language.fields.read_field` reads to the same value."""
    if isinstance(value, tuple):
        return _joined(value)
    if isinstance(value, Period):
        return f"{value.first.isoformat()}..{value.last.isoformat()}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _written(key: str, entry: object, name: str) -> str:
    """An entry of the file as text; a list where the key takes one, a day where it is one."""
    if isinstance(entry, str):
        return entry
    if isinstance(entry, datetime):
        entry = entry.date()
    if isinstance(entry, date) and key == "published":
        return entry.isoformat()
    if isinstance(entry, int) and not isinstance(entry, bool) and key == "period":
        return str(entry)
    if isinstance(entry, list) and key in _LISTS:
        texts = [each for each in entry if isinstance(each, str)]
        if len(texts) == len(entry):
            return _joined(texts)
    allowed = ALLOWED.get(key, f"one of the keys {', '.join(ALLOWED)}")
    message = f'{name}: "{_line(key)}" holds neither text nor what it takes; write {allowed}'
    raise SourceError(message)


def _joined(entries: Sequence[str]) -> str:
    """The entries of a list as text; the mark behind each says that a comma parts none of them."""
    return " ".join(f"{entry};" for entry in entries)


def _line(text: str) -> str:
    """A text on one line, cut where it is long."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return line if len(line) <= 80 else f"{line[:79]}…"
