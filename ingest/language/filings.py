"""Filings: what the cover and the signature of a company's report to its regulator say.

Known are the forms of the United States (10-Q, 10-K, 8-K, 20-F, 6-K), the reports and
announcements of companies listed in mainland China, and those in English of companies listed in
Hong Kong. Each is known by words that its regulator has it print, never by its subject: a note on a
10-K is no filing.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from ingest.language.datelines import read_dateline
from ingest.language.dates import printed_dates
from ingest.language.periods import fiscal_quarter, fiscal_year, read_period
from ingest.language.rows import BETWEEN_CELLS
from ingest.language.tickers import tickers_in
from ingest.records import Period

_COVER = 12_000  # characters that hold the cover of any form
_HEAD = 3_000  # characters within which a form says what it is
_END = 2_500  # characters that hold the last lines of an announcement
_SIGNED_WITHIN = 1_500  # characters between the words above a signature and its day
_LATEST = timedelta(days=500)  # a report is signed by then after its period, however late it is
_LINE = 160
_NAME = 90

_REGULATOR = re.compile(r"securities and exchange commission", re.IGNORECASE)
_FORM = re.compile(
    r"\bform\s+(10-QT?|10-KT?|8-K|20-F|40-F|6-K)(?:\s?[/-]?\s?(A)\b)?", re.IGNORECASE
)
_OF_THE_ACT = re.compile(
    r"pursuant to (?:section|rule) 1[35]|commission file|securities exchange act", re.IGNORECASE
)
_EXACT_NAME = re.compile(r"\(?\s*exact name of (?:the )?(?:registrant|company)", re.IGNORECASE)
_FILE_NUMBER = re.compile(r"commission file (?:number|no\b)[^\n]*", re.IGNORECASE)
_NOT_NAMED = re.compile(
    r"commission|form \d|washington, d\.?c|\(mark one\)|transition|\d{3}-\d{4,6}", re.IGNORECASE
)
_PERIOD = re.compile(
    r"\bfor (?:the )?(?:fiscal )?(?P<span>quarter(?:ly)?|year|annual)(?: report)?(?: period)?"
    r" ended:?\s*",
    re.IGNORECASE,
)
_REPORTED = 40  # characters between those words and the end of the day
_SYMBOLS = re.compile(r"trading symbol", re.IGNORECASE)
_SYMBOL_ROWS = 60
_SYMBOL = re.compile(r"[A-Z]{1,5}(?:[.-][A-Z]{1,2})?")
_EXCHANGE = re.compile(r"NASDAQ|NYSE|LSE|NONE|NA")
_SHARE = re.compile(
    r"common|ordinary|capital stock|class [a-c]\b|depositary|shares?\b", re.IGNORECASE
)
_NO_SHARE = re.compile(
    r"preferred|preference|notes?\b|warrants?\b|rights?\b|debentures?\b|units?\b", re.IGNORECASE
)
_LISTED = re.compile(
    r"\s([A-Z]{1,5})\s+(?:The\s+)?(?:Nasdaq|NASDAQ|New York Stock Exchange|NYSE)\b"
)
_SIGNED = re.compile(
    r"pursuant to the requirements of (?:the )?(?:section 13 or 15\(d\) of the )?"
    r"securities(?: and)? exchange act",
    re.IGNORECASE,
)
_BEHIND_SIGNATURE = re.compile(r"\bexhibit (?:index|no|\d)|\bcertifications?\b", re.IGNORECASE)

_MAINLAND_CODE = re.compile(r"(?:证券|公司|股票|A股)代码\s*[:：|]?\s*\|?\s*\d{6}")
_MAINLAND_REPORT = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s?年\s?(?P<span>半年度|年度|第?[一二三四]季度)报告"
)
_ANNOUNCEMENT = re.compile(r"公告编号|关于.{2,60}的公告|公告\s*$", re.MULTILINE)
_MAINLAND_NAME = re.compile(
    r"(?:^|(?<=[\s:：|]))([\w（）()·]{2,30}?(?:股份|集团|控股)?有限(?:责任)?公司)", re.MULTILINE
)
_RESEARCH = re.compile(r"证券研究报告|投资评级")
_HONG_KONG = re.compile(r"hong kong exchanges and clearing limited", re.IGNORECASE)
_STOCK_CODE = re.compile(r"\bstock codes?\b", re.IGNORECASE)
_INCORPORATED = re.compile(
    r"\((?:a (?:joint stock )?(?:limited )?company )?(?:incorporated|established)", re.IGNORECASE
)
_RESULTS = re.compile(
    r"\bfor the (?P<span>(?:three|six|nine)(?: and (?:six|nine|twelve))? months"
    r"|(?:financial )?year|quarter) ended\s+",
    re.IGNORECASE,
)
_MONTHS = {"three": 3, "six": 6, "nine": 9}


@dataclass(frozen=True, slots=True)
class Filing:
    """What a filing says of itself.

    Attributes:
        form: its form ("10-Q", "10-K/A"), empty where its regulator has none.
        company: the company that files, as its cover names it; in the letters of its text where
            the cover has capitals alone.
        tickers: of its shares.
        period: the time it reports on, None where it names none.
        published: the day it was signed, None where none is printed.
        signed: the line that day is printed in, empty where none is.
    """

    form: str
    company: str | None
    tickers: tuple[str, ...]
    period: Period | None
    published: date | None
    signed: str

    @property
    def title(self) -> str | None:
        """A title made of company, form and period: "Apple Inc. Form 10-Q, quarter ended ..."."""
        if not self.company or not self.form:
            return None
        if self.period is None:
            day = self.published
            return f"{self.company} Form {self.form}" + (f", {_written(day)}" if day else "")
        span = "year" if self.form.startswith(("10-K", "20-F", "40-F")) else "quarter"
        return f"{self.company} Form {self.form}, {span} ended {_written(self.period.last)}"


def read_filing(text: str) -> Filing | None:
    """Read a report as a filing; None if it is none.

    Args:
        text: the whole report, cells of a table's row parted by `BETWEEN_CELLS`.
    """
    return _american(text) or _mainland(text) or _hong_kong(text)


def _american(text: str) -> Filing | None:
    """A form of the Securities and Exchange Commission."""
    head = text[:_HEAD]
    form = _FORM.search(head)
    if form is None or not _REGULATOR.search(head) or not _OF_THE_ACT.search(head):
        return None
    period = _american_period(_flat(text[:_COVER]), _flat(text))
    published, signed = _signature(text, period)
    name = form[1].upper() + ("/A" if form[2] else "")
    company = _registrant(text[:_COVER])
    company = _spelled(company, text) if company else None
    return Filing(name, company, _symbols(text[:_COVER]), period, published, signed)


def _american_period(cover: str, text: str) -> Period | None:
    """The quarter or year that a cover names."""
    for match in _PERIOD.finditer(cover):
        found = next(printed_dates(cover[match.end() : match.end() + _REPORTED]), None)
        if found is not None:
            quarter = match["span"].lower().startswith("quarter")
            return fiscal_quarter(found.day, text) if quarter else fiscal_year(found.day, text)
    return None


def _registrant(cover: str) -> str | None:
    """The name above "(Exact name of registrant ...)", else the one below the file's number."""
    exact = _EXACT_NAME.search(cover)
    if exact:
        above = reversed(_names(cover[: exact.start()][-400:]))
        return next((name for name in above if not _NOT_NAMED.search(name)), None)
    number = _FILE_NUMBER.search(cover)
    below = _names(cover[number.end() :][:400]) if number else []
    return next((name for name in below if not _NOT_NAMED.search(name)), None)


def _names(lines: str) -> list[str]:
    """What may be names among some lines and cells."""
    pieces = (piece.strip(" _*\t") for piece in re.split(rf"\n|{re.escape(BETWEEN_CELLS)}", lines))
    return [
        " ".join(each.split())
        for each in pieces
        if 2 <= len(each) <= _NAME and any(map(str.isalpha, each))
    ]


def _spelled(name: str, text: str) -> str:
    """A name that stands in capitals, as the text writes it most often else."""
    if not name.isupper():
        return name
    form = r"\s+".join(map(re.escape, name.split()))
    others = Counter(" ".join(match[0].split()) for match in re.finditer(form, text, re.IGNORECASE))
    written = [(other, count) for other, count in others.most_common() if not other.isupper()]
    return written[0][0] if written and not written[0][0].islower() else name


def _symbols(cover: str) -> tuple[str, ...]:
    """The symbols of a registrant's shares, out of the table of its securities."""
    head = _SYMBOLS.search(cover)
    if head is None:
        return ()
    below = cover[head.end() :]
    rows = [row.split(BETWEEN_CELLS) for row in below.split("\n")[1:_SYMBOL_ROWS]]
    symbols: list[str] = []
    for cells in rows:
        share = _SHARE.search(cells[0]) and not _NO_SHARE.search(cells[0])
        for cell in map(str.strip, cells[1:] if share else ()):
            if _SYMBOL.fullmatch(cell) and not _EXCHANGE.fullmatch(cell) and cell not in symbols:
                symbols.append(cell)
    loose = _LISTED.findall(_flat(below[: _COVER // 4]))
    return tuple(symbols or dict.fromkeys(loose))


def _signature(text: str, period: Period | None) -> tuple[date | None, str]:
    """The day a form was signed and the line it is printed in."""
    for above in reversed(list(_SIGNED.finditer(text))):
        behind = text[above.end() : above.end() + _SIGNED_WITHIN]
        end = _BEHIND_SIGNATURE.search(behind)
        for line in behind[: end.start() if end else None].split("\n"):
            found = next(printed_dates(line), None)
            if found is None or len(line) > _LINE:
                continue
            if period is None or period.last < found.day <= period.last + _LATEST:
                return found.day, line.replace(BETWEEN_CELLS, " ").strip()
    return None, ""


def _mainland(text: str) -> Filing | None:
    """A report or announcement of a company listed in Shanghai, Shenzhen or Beijing."""
    head = text[:_HEAD]
    report, announced = _MAINLAND_REPORT.search(head), _ANNOUNCEMENT.search(head)
    name = _MAINLAND_NAME.search(head)
    coded = _MAINLAND_CODE.search(head)
    if name is None or _RESEARCH.search(head) or not (report or announced):
        return None
    titled = report is not None and _beside(report, name, head)
    if not coded and not titled:
        return None
    period = read_period(report[0]) if report else None
    published, line = _last_day(text)
    if period is not None and published is not None and published <= period.last:
        published, line = None, ""
    codes = dict.fromkeys(each.code for each in tickers_in(head))
    return Filing("", name[1], tuple(codes)[:1], period, published, line)


def _beside(report: re.Match[str], name: re.Match[str], head: str) -> bool:
    """Whether nothing but white space stands between a company's name and its report's."""
    return name.end() <= report.start() and not head[name.end() : report.start()].strip()


def _hong_kong(text: str) -> Filing | None:
    """A report or announcement of a company listed in Hong Kong, in English."""
    head = text[:_HEAD]
    if not _HONG_KONG.search(head) or not _STOCK_CODE.search(head):
        return None
    incorporated = _INCORPORATED.search(head)
    above = _names(head[: incorporated.start()][-400:]) if incorporated else []
    western = [name for name in above if name.isascii() and len(name) <= _NAME]
    published, line = _last_day(text)
    codes = dict.fromkeys(each.code for each in tickers_in(head))
    company = _spelled(western[-1], text) if western else None
    return Filing("", company, tuple(codes)[:1], _results(_flat(text[:_COVER])), published, line)


def _results(cover: str) -> Period | None:
    """The months or the year that an announcement of results names."""
    for match in _RESULTS.finditer(cover):
        found = next(printed_dates(cover[match.end() : match.end() + _REPORTED]), None)
        if found is None or found.start != 0:
            continue
        span = match["span"].lower()
        if span.endswith("year"):
            return fiscal_year(found.day, cover)
        months = _MONTHS.get(span.split()[0], 3)
        quarter = fiscal_quarter(found.day, cover)
        if months == 3:
            return quarter
        begin = found.day.month - months + 1
        year, month = (found.day.year, begin) if begin > 0 else (found.day.year - 1, begin + 12)
        return read_period(f"{date(year, month, 1)}..{found.day}")
    return None


def _last_day(text: str) -> tuple[date | None, str]:
    """The day of the last line with one near the end, and that line."""
    for line in reversed(text[-_END:].split("\n")):
        read = read_dateline(line.strip())
        if read is not None:
            return read.day, line.strip()
    return None, ""


def _flat(text: str) -> str:
    """A text on one line, nothing between its cells."""
    return " ".join(text.replace(BETWEEN_CELLS, " ").split())


def _written(day: date) -> str:
    """A day as reports print it: "July 1, 2023"."""
    return f"{day:%B} {day.day}, {day.year}"
