"""What can be said of a report, field by field: from words as people write them to values.

The keys are those of `ParsedReport.stated`. Front matter, properties of documents, files beside
reports, lists of sources and commands all say things of reports in these words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from ingest.language.currencies import currency_code
from ingest.language.dates import find_date
from ingest.language.kinds import read_kind
from ingest.language.periods import read_period
from ingest.language.tickers import ticker_of
from ingest.language.tongue import language_code
from ingest.records import Period, ReportKind

Value = str | date | tuple[str, ...] | ReportKind | Period

_FIRST_DAY = date(1990, 1, 1)  # no report that is kept as a file is older
_LEGAL = (
    r"(?:Inc|Incorporated|Corp|Ltd|Limited|LLC|L\.?P|LLP|PLC|plc|Co|Company|S\.?A|N\.?V|AG|SE)\b"
)
_BETWEEN_COMPANIES = re.compile(r"\s*[;；\n|]\s*")
_COMMAS_BETWEEN_COMPANIES = re.compile(rf"\s*(?:、|[,，](?!\s*{_LEGAL}))\s*", re.IGNORECASE)
_BETWEEN_TICKERS = re.compile(r"\s*[,，;；、\n|]\s*")


def may_be_published(day: date) -> bool:
    """Tell whether a day can be one of publication: from 1990 to today, anywhere on earth."""
    return _FIRST_DAY <= day <= datetime.now(UTC).date() + timedelta(days=1)


def read_field(key: str, text: str) -> Value | None:
    """Read what is said of a report under a key.

    Args:
        key: one of `ALLOWED`.
        text: what is said, as written; several tickers or companies are parted by commas or
            semicolons ("Amazon.com, Inc." is one).

    Returns:
        A day of `published`, texts of `tickers` and `companies`, a `ReportKind` of `kind`, a
        `Period` of `period`, a text of the others; None where it cannot be read, or an unknown
        key. Of several tickers those that can be read are told.
    """
    if not text.strip() or key not in _READERS:
        return None
    return _READERS[key](text)


def listed(key: str, text: str) -> list[str]:
    """Return the entries of a list of tickers or companies, as written.

    Commas part companies where no semicolons do.
    """
    between = _BETWEEN_TICKERS
    if key != "tickers":
        parted = _BETWEEN_COMPANIES.search(text)
        between = _BETWEEN_COMPANIES if parted else _COMMAS_BETWEEN_COMPANIES
    return [tidy for each in between.split(text) if (tidy := _tidy(each))]


def _tidy(text: str) -> str | None:
    """A text with single spaces, None if nothing is left."""
    return " ".join(text.split()) or None


def _day(text: str) -> date | None:
    """A day on which a report may be published."""
    day = find_date(text)
    return day if day is not None and may_be_published(day) else None


def _tickers(text: str) -> tuple[str, ...] | None:
    """The tickers among the entries of a list."""
    codes = filter(None, map(ticker_of, listed("tickers", text)))
    return tuple(dict.fromkeys(codes)) or None


def _companies(text: str) -> tuple[str, ...] | None:
    """The companies of a list."""
    return tuple(dict.fromkeys(listed("companies", text))) or None


_READERS: dict[str, Callable[[str], Value | None]] = {
    "title": _tidy,
    "publisher": _tidy,
    "published": _day,
    "language": language_code,
    "tickers": _tickers,
    "companies": _companies,
    "kind": read_kind,
    "period": read_period,
    "currency": currency_code,
}

ALLOWED = {
    "title": "a text",
    "publisher": "the name of a house",
    "published": 'a day from 1990 to today, such as "2024-02-28"',
    "language": 'a language, such as "en" or "zh"',
    "tickers": 'tickers, such as "NVDA", "0700.HK" or "600519.SH"',
    "companies": "names of companies",
    "kind": '"broker report", "filing" or "news"',
    "period": '"Q3 2023", "H1 2023", "FY2023" or two days, "2023-07-01..2023-09-30"',
    "currency": 'a code of ISO 4217, such as "USD" or "CNY"',
}
"""What may be said under each key, as people are told."""
