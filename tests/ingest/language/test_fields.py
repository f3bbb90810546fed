"""Tests of what is said of a report, field by field."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language.fields import ALLOWED, Value, may_be_published, read_field
from ingest.language.tongue import language_code
from ingest.records import ReportKind


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("title", "  A \n study ", "A study"),
        ("title", " ", None),
        ("publisher", "Northfield", "Northfield"),
        ("published", "5 March 2024", date(2024, 3, 5)),
        ("published", "2024-03-05T09:30:00Z", date(2024, 3, 5)),
        ("published", "March 2024", None),
        ("published", "1970-01-01", None),
        ("published", "2999-01-01", None),
        ("language", "zh-CN", "zh"),
        ("language", "Klingon", None),
        ("tickers", "NVDA, 700 HK; 600519", ("NVDA", "0700.HK", "600519.SH")),
        ("tickers", "NVDA, the best one", ("NVDA",)),
        ("tickers", "the best one", None),
        ("companies", "Amazon.com, Inc., Micron", ("Amazon.com, Inc.", "Micron")),
        ("companies", "Smith, Jones & Sons; Micron", ("Smith, Jones & Sons", "Micron")),
        ("companies", "贵州茅台、宁德时代", ("贵州茅台", "宁德时代")),
        ("kind", "news", ReportKind.NEWS),
        ("kind", "poem", None),
        ("currency", "RMB", "CNY"),
        ("weather", "fine", None),
    ],
)
def test_fields(key: str, text: str, value: Value | None) -> None:
    """A field is read as people write it; what cannot be read is unknown."""
    assert read_field(key, text) == value


def test_days_of_publication() -> None:
    """A report is published from 1990 to today; tomorrow has come somewhere on earth."""
    today = datetime.now(UTC).date()
    assert may_be_published(today + timedelta(days=1))
    assert not may_be_published(today + timedelta(days=2))
    assert not may_be_published(date(1989, 12, 31))


@pytest.mark.parametrize(
    ("text", "code"),
    [("EN-us", "en"), ("zh_Hant", "zh"), ("简体中文", "zh"), ("x", None), ("", None)],
)
def test_languages(text: str, code: str | None) -> None:
    """A language is told by its two letters."""
    assert language_code(text) == code


@given(st.sampled_from([*ALLOWED, "other"]), st.text())
def test_no_text_breaks_it(key: str, text: str) -> None:
    """Whatever is said under whatever key, reading it raises nothing."""
    value = read_field(key, text)
    assert value is None or value
