"""Tests of the small files beside reports."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.describe import describe
from ingest.errors import SourceError
from ingest.language.fields import ALLOWED, read_field
from ingest.records import ParsedReport, Period, ReportKind, Told
from ingest.sidecar import parse_field, read_sidecar, text_of

FULL = """
title = "Memory: why prices rise"
publisher = "Northfield Securities"
published = 2024-02-28
language = "zh-CN"
tickers = ["MU", "700 HK"]
companies = ["Micron Technology, Inc.", "Smith, Jones & Sons"]
kind = "broker"
period = "Q4 2023"
currency = "RMB"
"""


def told(content: str) -> Told:
    """What a file beside note.pdf says."""
    return read_sidecar(content.encode(), "note.pdf.toml")


def test_all_that_can_be_said() -> None:
    """What a file says under each key is what is known of the report."""
    known = describe(ParsedReport("", ()), "note.pdf", [told(FULL)])
    assert (known.title, known.publisher) == ("Memory: why prices rise", "Northfield Securities")
    assert (known.published, known.language) == (date(2024, 2, 28), "zh")
    assert known.tickers == ("MU", "0700.HK")
    assert known.companies == ("Micron Technology, Inc.", "Smith, Jones & Sons")
    assert (known.kind, known.currency) == (ReportKind.BROKER, "CNY")
    assert known.period == Period(date(2023, 10, 1), date(2023, 12, 31), "Q4 2023")
    assert set(known.known_from.values()) == {"told by note.pdf.toml"}


@pytest.mark.parametrize(
    ("content", "key", "value"),
    [
        ('date = "28 February 2024"', "published", date(2024, 2, 28)),
        ("published = 2024-02-28T09:30:00Z", "published", date(2024, 2, 28)),
        ('published = "2024年2月28日"', "published", date(2024, 2, 28)),
        ('tickers = "NVDA, AMD"', "tickers", ("NVDA", "AMD")),
        ('ticker = "NASDAQ: NVDA"', "tickers", ("NVDA",)),
        ('companies = "Amazon.com, Inc."', "companies", ("Amazon.com, Inc.",)),
        ('companies = ["Smith, Jones"]', "companies", ("Smith, Jones",)),
        ('kind = "10-K"', "kind", ReportKind.FILING),
        ("period = 2023", "period", Period(date(2023, 1, 1), date(2023, 12, 31), "FY 2023")),
        (
            'period = "2023-07-31..2023-10-29"',
            "period",
            Period(date(2023, 7, 31), date(2023, 10, 29), "2023-07-31 to 2023-10-29"),
        ),
    ],
)
def test_manners_of_saying(content: str, key: str, value: object) -> None:
    """Days may be TOML's own, lists a text, a year a number."""
    fields = told(content).fields
    assert read_field(key, fields[key]) == value


def test_an_empty_file_says_nothing() -> None:
    """A file without keys says nothing, a byte order mark is none."""
    assert read_sidecar(b"\xef\xbb\xbf# nothing yet", "a.toml") == Told("a.toml", {})


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("title = ", ["TOML", "mend"]),
        ("\x00", ["TOML"]),
        ('titel = "A"', ["titel", "title, publisher"]),
        ("title = 3", ["title", "a text"]),
        ('title = ["A"]', ["title", "a text"]),
        ('title = " "', ["title", "a text"]),
        ("published = 2024", ["published", "2024-02-28"]),
        ('published = "soon"', ["published", "soon", "2024-02-28"]),
        ("published = 2999-01-01", ["published", "to today"]),
        ("published = 1970-01-01", ["published", "1990"]),
        ('language = "Klingon"', ["language", "zh"]),
        ('tickers = ["NVDA", "the best one"]', ["tickers", "the best one", "0700.HK"]),
        ("tickers = [3]", ["tickers", "NVDA"]),
        ("tickers = []", ["tickers", "NVDA"]),
        ('kind = "poem"', ["kind", "poem", "broker report", "filing", "news"]),
        ('period = "soon"', ["period", "Q3 2023"]),
        ("period = true", ["period", "Q3 2023"]),
        ('currency = "shells"', ["currency", "ISO 4217"]),
        ('[title]\na = "b"', ["title", "a text"]),
        ('date = "2024-02-28"\npublished = "2024-02-28"', ["date", "published", "keep one"]),
    ],
)
def test_slips_are_not_passed_over(content: str, parts: list[str]) -> None:
    """A slip is an error that names the file, the key and what is allowed."""
    with pytest.raises(SourceError) as raised:
        told(content)
    message = str(raised.value)
    assert message.startswith("note.pdf.toml")
    assert "\n" not in message
    for part in parts:
        assert part in message


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("date", "2024-02-28", date(2024, 2, 28)),
        ("published", "28 Feb 2024", date(2024, 2, 28)),
        ("ticker", "$nvda", ("NVDA",)),
        ("kind", "News", ReportKind.NEWS),
        ("title", " A  study ", "A study"),
    ],
)
def test_one_field(key: str, text: str, value: object) -> None:
    """One value is read as the file's is."""
    assert parse_field(key, text) == value


@pytest.mark.parametrize(
    ("key", "text"), [("date", "soon"), ("weather", "fine"), ("tickers", "a b")]
)
def test_one_bad_field(key: str, text: str) -> None:
    """A value that cannot be read and a key that is not known are errors."""
    with pytest.raises(SourceError):
        parse_field(key, text)


@given(st.binary() | st.text().map(str.encode))
def test_no_bytes_break_it(content: bytes) -> None:
    """Whatever bytes a file holds, they are read or refused with a `SourceError`."""
    with suppress(SourceError):
        assert set(read_sidecar(content, "a.toml").fields) <= set(ALLOWED)


keys = st.sampled_from([*ALLOWED, "date", "ticker", "other"])
values = st.one_of(
    st.integers().map(str),
    st.booleans().map(lambda each: str(each).lower()),
    st.dates().map(str),
    st.datetimes().map(lambda each: each.isoformat(timespec="seconds")),
    st.text(st.sampled_from("AB12 .,;月Q")).map(lambda each: f'"{each}"'),
    st.lists(st.text(st.sampled_from("AB,;"))).map(str).map(lambda each: each.replace("'", '"')),
)


@given(st.dictionaries(keys, values))
def test_no_entries_break_it(entries: dict[str, str]) -> None:
    """Whatever entries a file holds, what is read is read back to the same value."""
    content = "\n".join(f"{key} = {value}" for key, value in entries.items())
    try:
        said = told(content)
    except SourceError:
        return
    for key, text in said.fields.items():
        value = parse_field(key, text)
        assert parse_field(key, text_of(value)) == value
