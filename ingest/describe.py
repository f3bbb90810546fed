"""What is known of a parsed report, and where each thing is said.

Whoever is named first is believed:

1. What is told of the report outside it: the file beside it, then the list of sources.
2. Its front matter.
3. Title, publisher, language, tickers, companies, kind, period, currency: the properties of the
   document or the metadata of the page, then what is printed. The published day: what is printed,
   then properties or metadata, which often keep the day the file was made.
4. What a feed tells, where the document itself says nothing.

A filing (`ingest.language.filings`) has its publisher from its cover, whatever made the file. The
day it was signed is its day: covers have none. A title among its properties counts if it names the
company; else it is titled by company, form and the end of its period. Its period has the calendar's
name, "Q3 2023", or "Q3 FY 2024" where its text names the fiscal quarter
(`ingest.language.periods`).

Of everything else the text is read as people print it: a title at the top, a dateline near it
("13:09, 28 February 2024   Source: A Newspaper"), a house before the title's colon, tickers at the
top or else in the text. A published day before 1990 or in the future is none. What is not found is
unknown; a day named in the prose is not the day of publication.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import Generic, NamedTuple, TypeVar

from ingest.language.currencies import currency_of
from ingest.language.datelines import Dateline, name_at_start, read_dateline, source_of
from ingest.language.fields import may_be_published, read_field
from ingest.language.filings import Filing, read_filing
from ingest.language.houses import house_before_title, looks_like_house
from ingest.language.kinds import is_rubric, kind_of_report
from ingest.language.tickers import Mention, tickers_in
from ingest.language.tongue import language_of
from ingest.records import Block, Description, ParsedReport, Period, ReportKind, Told

_TOP_BLOCKS = 8
_BOTTOM_BLOCKS = 3
_LINE = 160  # characters; what is longer is prose
_BEGINNING = 3_000  # characters in which a report says what it is
_READ = 500_000  # characters of a report that are searched for tickers and money
_MOST = 8  # tickers of a report that names none at its top
_SHOWN = 60  # characters of a printed line that are shown

_FRONT_MATTER = "front matter"
_COVER = "the cover"
_TEXT = "the text"

_PUBLISHER = re.compile(
    r"\W*(?:(?:publisher|发布机构|发布单位|出版机构)\s*[:：]\s*"
    r"|(?:published|issued) by:?\s+)(?=\S)",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"\W*(?:source|publisher|authors?|analysts?|editors?|editor in charge|reporters?|contact|tel"
    r"|e-?mail|date|published|issued|updated|keywords|来源|作者|分析师|编辑|责任编辑|记者|日期|时间"
    r"|发布时间|发布日期)\s*[:：]|\W*(?:published|issued|written|posted) (?:by|on)\b"
    r"|\W*by [a-z]+ [a-z]+\W*\Z",
    re.IGNORECASE,
)
_TITLE_LABEL = re.compile(r"\W*(?:title|标题|题目)\s*[:：]\s*", re.IGNORECASE)
_CLOSED = re.compile(r"[.。;；,，、:：]\s*\Z")
_RUBRIC = re.compile(
    r"(?:(?:executive )?summary|abstract|(?:table of )?contents|introduction|disclaimer|page"
    r"|in brief|key points|摘要|目录|导读|正文)\W*",
    re.IGNORECASE,
)
# What a site's own lines are made of; a line with two of these may be one.
_SITE = re.compile(
    r"\b(?:home ?page|website|log ?in|sign in|register|subscribe|subscription|newsletter|menu"
    r"|search|wechat|weibo|mobile(?: phone)?|client|app|download|scan|qr code|follow|share"
    r"|your (?:position|location)|current (?:position|location)|skip to|channel|font|print)\b"
    r"|首页|登录|注册|订阅|客户端|微信|微博|手机|扫码|分享|您的位置|当前位置|字号|打印|[>»›]",
    re.IGNORECASE,
)

T = TypeVar("T")


class _Claim(NamedTuple, Generic[T]):
    """What is said of a report, and where, as people are told."""

    value: T
    where: str


class _Lines(NamedTuple):
    """The first and last lines of a report.

    Attributes:
        top: the lines at the top, up to the first that is prose.
        bottom: the short lines at the bottom, the last first.
        place: which line of the top is the dateline; how many there are, if none is.
        dateline: what it says, or one at the bottom; None where there is none.
        dated: the line it stands in, empty where there is none.
    """

    top: list[str]
    bottom: list[str]
    place: int
    dateline: Dateline | None
    dated: str


class _Sayings:
    """What is said of a report outside it and in its properties, in the order of trust."""

    def __init__(self, parsed: ParsedReport, told: Sequence[Told]) -> None:
        own = (parsed.stated, parsed.stated_in)
        front = parsed.stated_in == _FRONT_MATTER
        first = [(each.fields, f"told by {each.where}") for each in told if each.first]
        self._before = [*first, own] if front else first
        self._own = [] if front else [own]
        self._behind = [(each.fields, f"told by {each.where}") for each in told if not each.first]

    def settle(
        self, key: str, kind: type[T], printed: _Claim[T] | None, *, printed_first: bool = False
    ) -> _Claim[T] | None:
        """Return what is believed of a field.

        Args:
            key: the field.
            kind: the type of its value.
            printed: what the report prints of it.
            printed_first: that is believed before the properties of the document.
        """
        before, own, behind = (
            [
                _Claim(value, where)
                for fields, where in said
                if isinstance(value := read_field(key, fields.get(key, "")), kind)
            ]
            for said in (self._before, self._own, self._behind)
        )
        shown = [] if printed is None else [printed]
        between = [*shown, *own] if printed_first else [*own, *shown]
        return next(iter([*before, *between, *behind]), None)

    def property_of(self, key: str) -> str:
        """What the properties of the document say of a field, empty where nothing is said."""
        return next((fields.get(key, "") for fields, _ in self._own), "")


def describe(parsed: ParsedReport, name: str, told: Sequence[Told] = ()) -> Description:
    """Tell what is known of a report.

    Args:
        parsed: the report.
        name: its file name, which is its title where it has none.
        told: what is said of it outside it, the most trusted first.

    Returns:
        The description; what nobody says is None. A value that cannot be read is passed over.
    """
    said, filing, lines = _Sayings(parsed, told), read_filing(parsed.text), _read_lines(parsed)
    title = said.settle(
        "title",
        str,
        _title_of(filing, lines),
        printed_first=filing is not None and not _names(filing, said.property_of("title")),
    ) or _Claim(PurePosixPath(name).name, "the name of the file")
    publisher = said.settle(
        "publisher", str, _publisher_of(filing, lines, title.value), printed_first=bool(filing)
    )
    published = said.settle("published", date, _day_of(filing, lines), printed_first=True)
    kind = said.settle("kind", ReportKind, _kind_of(filing, lines, parsed.text, publisher))
    subjects = _subjects(filing, lines, parsed.text, title, kind)
    tickers: _Claim[tuple[str, ...]] | None = said.settle("tickers", tuple, subjects[0])
    companies: _Claim[tuple[str, ...]] | None = said.settle("companies", tuple, subjects[1])
    covered = _Claim(filing.period, _COVER) if filing and filing.period else None
    period = said.settle("period", Period, covered)
    language = said.settle("language", str, _in_text(language_of(parsed.text)))
    currency = said.settle("currency", str, _in_text(_money(parsed)))
    pages = None if parsed.pages is None else _Claim(parsed.pages, "the file")
    where = {
        "title": title.where,
        "publisher": _where(publisher),
        "published": _where(published),
        "language": _where(language),
        "pages": _where(pages),
        "tickers": _where(tickers),
        "companies": _where(companies),
        "kind": _where(kind),
        "period": _where(period),
        "currency": _where(currency),
    }
    return Description(
        title=title.value,
        publisher=_value(publisher),
        published=_value(published),
        language=_value(language),
        pages=parsed.pages,
        tickers=_value(tickers) or (),
        companies=_value(companies) or (),
        kind=_value(kind),
        period=_value(period),
        currency=_value(currency),
        known_from={key: known for key, known in where.items() if known is not None},
    )


def _value(claim: _Claim[T] | None) -> T | None:
    """What is said, None where nothing is."""
    return None if claim is None else claim.value


def _where(claim: _Claim[T] | None) -> str | None:
    """Where something is said, None where nothing is."""
    return None if claim is None else claim.where


def _in_text(value: T | None) -> _Claim[T] | None:
    """What the whole text tells."""
    return None if value is None else _Claim(value, _TEXT)


def _shown(line: str) -> str:
    """A printed line as people are told of it, cut where it is long."""
    line = " ".join(line.split())
    return f"printed: {line if len(line) <= _SHOWN else f'{line[: _SHOWN - 1].rstrip()}…'}"


def _read_lines(parsed: ParsedReport) -> _Lines:
    """The first and last lines of a report, and its dateline."""
    top, bottom = _top(parsed), _bottom(parsed)
    found = [(read_dateline(line), line) for line in top]
    place = next((at for at, (dateline, _) in enumerate(found) if dateline), len(top))
    dateline, dated = found[place] if place < len(top) else _foot(bottom)
    return _Lines(top, bottom, place, dateline, dated)


def _names(filing: Filing, title: str) -> bool:
    """Whether a title names the company that files."""
    first = (filing.company or "").split(maxsplit=1)[:1]
    return bool(first) and first[0].strip(".,").casefold() in title.casefold()


def _title_of(filing: Filing | None, lines: _Lines) -> _Claim[str] | None:
    """The title that a report prints, or that its cover makes."""
    if filing is not None and filing.title is not None:
        return _Claim(filing.title, _COVER)
    title = _title(lines.top, lines.place)
    return None if title is None else _Claim(title, "the top of the text")


def _publisher_of(filing: Filing | None, lines: _Lines, title: str) -> _Claim[str] | None:
    """The company of a filing, else the house that a report prints."""
    if filing is not None and filing.company is not None:
        return _Claim(filing.company, _COVER)
    return _publisher(lines, title)


def _day_of(filing: Filing | None, lines: _Lines) -> _Claim[date] | None:
    """The day that a report prints as that of its publication, or of its signature."""
    # a form has no dateline; what looks like one on its cover is a day of something else
    if filing is not None and (filing.form or lines.dateline is None):
        day, line = filing.published, filing.signed
    else:
        day = None if lines.dateline is None else lines.dateline.day
        line = lines.dated
    return _Claim(day, _shown(line)) if day is not None and may_be_published(day) else None


def _kind_of(
    filing: Filing | None, lines: _Lines, text: str, publisher: _Claim[str] | None
) -> _Claim[ReportKind] | None:
    """What sort of report it is by what it prints."""
    if filing is not None:
        return _Claim(ReportKind.FILING, _COVER)
    found = kind_of_report(lines.top, text[:_BEGINNING], _value(publisher))
    if found is None:
        return None
    kind, words = found
    by_publisher = publisher is not None and words == publisher.value
    return _Claim(kind, "its publisher" if by_publisher else _shown(words))


def _subjects(
    filing: Filing | None,
    lines: _Lines,
    text: str,
    title: _Claim[str],
    kind: _Claim[ReportKind] | None,
) -> tuple[_Claim[tuple[str, ...]] | None, _Claim[tuple[str, ...]] | None]:
    """Tickers and companies that a report is about.

    Those of a filing stand on its cover. A report that names tickers in its title or at its top is
    about these; another about those it names most often.
    """
    if filing is not None:
        names = (filing.company,) if filing.company else ()
        return _some(filing.tickers, _COVER), _some(names, _COVER)
    headline = _value(kind) is ReportKind.BROKER
    for heads, where in (([title.value], "the title"), (lines.top, "the top of the text")):
        mentions = [each for line in heads for each in tickers_in(line, headline=headline)]
        if mentions:
            return _told_by(mentions, where)
    return _told_by(list(tickers_in(text[:_READ])), _TEXT)


def _told_by(
    mentions: Sequence[Mention], where: str
) -> tuple[_Claim[tuple[str, ...]] | None, _Claim[tuple[str, ...]] | None]:
    """The tickers that are named most often, and the names in front of them, in their order."""
    codes = [code for code, _ in Counter(each.code for each in mentions).most_common(_MOST)]
    names: dict[str, str] = {}
    for each in mentions:
        if each.company is not None:
            names.setdefault(each.code, each.company)
    ordered = dict.fromkeys(names[code] for code in codes if code in names)
    return _some(codes, where), _some(tuple(ordered), where)


def _some(values: Sequence[str], where: str) -> _Claim[tuple[str, ...]] | None:
    """Values as a claim, None if there are none."""
    return _Claim(tuple(values), where) if values else None


def _money(parsed: ParsedReport) -> str | None:
    """The currency most figures are counted in."""
    units = [(table.unit, table.last - table.first + 1) for table in parsed.tables]
    return currency_of(parsed.text[:_READ], units)


def _top(parsed: ParsedReport) -> list[str]:
    """The lines at the top of a report, up to the first that is prose."""
    lines: list[str] = []
    for line in _lines(parsed, parsed.blocks[:_TOP_BLOCKS]):
        if len(line) > _LINE:
            break
        lines.append(line)
    return lines


def _bottom(parsed: ParsedReport) -> list[str]:
    """The short lines at the bottom of a report, the last first."""
    lines = _lines(parsed, parsed.blocks[_TOP_BLOCKS:][-_BOTTOM_BLOCKS:])
    return [line for line in reversed(lines) if len(line) <= _LINE]


def _lines(parsed: ParsedReport, blocks: Sequence[Block]) -> list[str]:
    """The lines of some blocks."""
    return [
        line.strip()
        for block in blocks
        for line in parsed.text[block.start : block.end].split("\n")
    ]


def _foot(bottom: Sequence[str]) -> tuple[Dateline | None, str]:
    """The dateline at the bottom: there a day counts only if it is labelled or all there is."""
    found = ((read_dateline(line), line) for line in bottom)
    known = ((each, line) for each, line in found if each and (each.labelled or each.bare))
    return next(known, (None, ""))


def _title(top: Sequence[str], place: int) -> str | None:
    """The title among the lines above the dateline, or above the prose where there is none.

    It is the first that has a title's form and is no line of the site it was saved from, nor
    the house's name alone.
    """
    titles = [_TITLE_LABEL.sub("", line) for line in top[:place] if _has_form_of_title(line)]
    reports = [line for line in titles if not looks_like_house(line)]
    own = [line for line in reports if len(_SITE.findall(line)) < 2]
    best = next(iter(own or reports or titles), None)
    return None if best is None else " ".join(best.split())


def _has_form_of_title(line: str) -> bool:
    """Whether a line may be a title: words, none of them a label, no full stop behind them."""
    return (
        any(map(str.isalpha, line))
        and not _CLOSED.search(line)
        and not _LABELLED.match(line)
        and not _RUBRIC.fullmatch(line)
        and not is_rubric(line)
        and line[0] not in "(（[【"
    )


def _publisher(lines: _Lines, title: str) -> _Claim[str] | None:
    """Who published a report, by the most explicit of what its lines say."""
    for line in [*lines.top, *lines.bottom]:
        label = _PUBLISHER.match(line)
        named = name_at_start(line[label.end() :]) if label else None
        if named:
            return _Claim(named, _shown(line))
    if lines.dateline and lines.dateline.publisher:
        return _Claim(lines.dateline.publisher, _shown(lines.dated))
    top, place = lines.top, lines.place
    beside = top[max(place - 1, 0) : place] + top[place + 1 : place + 2]
    for line in beside if place < len(top) else ():
        source = source_of(line)
        if source:
            return _Claim(source, _shown(line))
    house = next((line for line in top if looks_like_house(line) and line != title), None)
    if house is not None:
        return _Claim(house, _shown(house))
    before = house_before_title(title)
    return None if before is None else _Claim(before, "the title")
