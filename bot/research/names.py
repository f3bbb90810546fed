"""The publishers, reports and companies of the library that a question names, and strangers to it.

Names are matched as people use them: without forms of law ("Apple" for "Apple Inc."), shortened
("CITIC" for "CITIC Securities"), by initials ("SSN"), and publishers with a slip of the pen. A
name that is an everyday word too counts only where it is written as a name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.research.name_index import EVERYDAY, Mention, NameIndex
from bot.research.titles import Titles
from ingest.language.houses import looks_like_house
from ingest.language.names import bare_name, spoken_name
from ingest.language.tickers import ticker_of, tickers_in
from ingest.records import Company, Known

_HAN = re.compile(r"[\u3400-\u9fff]")
# what a house is called without
_TRADE = re.compile(
    r"(?:\s+(?:Securities|Research|Capital Markets|Capital|Bank|Investment Bank|Asset Management"
    r"|Institute|Partners|Advisors|Equity Research|Global Research|Analytics|News|Newspaper))+$"
    r"|(?<=..)(?:证券|研究所|研究院|研究中心|资本|银行|基金|期货|资产管理|证券研究所)$"
)
_SECTION = re.compile(r"\s+[|–—-]\s+|:\s+|(?<=\w)\.com$")
_VERB = (
    r"(?:says?|said|thinks?|sees?|expects?|believes?|forecasts?|predicts?|recommends?|argues?"
    r"|writes?|wrote|reports?|warns?|estimates?|notes?|lists?|advises?|suggests?|mentions?|views?"
    r"|names?|rates?|makes? of)"
)
_WORK = (
    r"(?:reports?|notes?|articles?|research|papers?|stud(?:y|ies)|analys(?:is|es)|views?|opinions?"
    r"|forecasts?|estimates?|outlook|ratings?|recommendations?|target price|price target|analysts?"
    r"|coverage|piece|10-[QK]s?|filings?)"
)
_SOURCE_BEFORE = re.compile(
    r"(?:\baccording to(?: an?| the)?|\b(?:as )?(?:reported|published|written|covered|featured"
    r"|recommended|listed|estimated|forecast|predicted|said|noted) (?:by|in)(?: the| an?)?"
    rf"|\b{_WORK} (?:by|from|of|in)(?: the)?|\b(?:another|one) (?:by|from)(?: the)?"
    rf"|\bsays|\b(?:as )?per(?: an?| the)?|\bin the words of)\s+['\"‘“]?$|(?:根?据|按照)$",
    re.IGNORECASE,
)
_WORK_BEHIND = re.compile(
    rf"^['\"’”]?(?:['’]s?)?(?:\s+[\w&-]+){{0,1}}?\s+{_WORK}\b|^的?(?:研报|报告|报道|观点|看法|文章|研究)",
    re.IGNORECASE,
)
_SAYS_BEHIND = re.compile(
    rf"^['\"’”]?\s+(?:also\s+|analysts?\s+)?{_VERB}\b"
    r"|^(?:如何|怎么|怎样)?(?:看|认为|表示|指出|预计|预测|建议|推荐|评价|怎么说|说|列出|提到)",
    re.IGNORECASE,
)
_ACCORDING = re.compile(r"\baccording to(?: the)?\s+['\"‘“]?$|(?:根?据|按照)$", re.IGNORECASE)
_FILING_BEHIND = re.compile(
    r"^(?:['’]s?)?(?:\s+[\w&-]+){0,3}?\s+(?:10-[QK]s?|20-F|filings?)\b|^的?(?:财报|年报|季报)",
    re.IGNORECASE,
)
_NAME = r"['\"‘“]?(?:The )?[A-Z][\w&.'’-]*(?: (?:of|the|and|for|&|[A-Z][\w&.'’-]*))*"
_PLAIN_WORK = r"(?:articles?|reports?|notes?|stor(?:y|ies)|stud(?:y|ies)|research)"
_STRANGERS = tuple(
    re.compile(written)
    for written in (
        rf"\b[Aa]ccording to (?:an? |the )?(?P<name>{_NAME})",
        rf"\b[Aa]s per (?:an? |the )?(?P<name>{_NAME})",
        rf"\b(?:[Aa]|[Aa]n|[Tt]he|[Aa]nother) (?P<name>{_NAME})['’]?s? {_PLAIN_WORK}\b",
        rf"\b(?:reported|published|covered|provided|mentioned|detailed) (?:by|in) (?:both )?"
        rf"(?:the )?(?P<name>{_NAME})",
        rf"\b[Ww]hat (?:do|does|did|has) (?:the )?(?P<name>{_NAME}) (?:say|said|think|expect"
        r"|recommend|forecast|believe|predict)\b",
        rf"\bon the (?P<name>{_NAME}) (?:website|site|blog)\b",
        rf"\b(?:{_PLAIN_WORK}|another|one) (?:by|from|in) (?P<name>{_NAME})",
        r"(?:根?据|按照)(?P<name>[\u3400-\u9fffA-Za-z·]{2,12}?)(?:的?报道|的?报告|的?研报|消息)",
    )
)
# what stands around a name and is none of it
_BESIDE = re.compile(
    r"^(?:['\"‘“\s,]|\b(?:of|and|for|&)\s)+|(?:['’]s?|['\"’”\s,]|\b(?:of|the|The|and|for|&)\s*)+$"
)
_NO_STRANGER = re.compile(
    r"(?:Q[1-4]|H[12]|FY)?\s?(?:19|20)?\d{0,4}|January|February|March|April|May|June|July|August"
    r"|September|October|November|December|the|The",
)

# Chinese stands right beside it
_CODE = re.compile(r"(?<![A-Za-z\d_$.])\$?[A-Z\d]{2,6}(?:[.-][A-Z]{1,3})?(?![A-Za-z\d_])")
_IN_REPORT = re.compile(
    r"\b(?:in|from|of|does|according to|by)\s+(?:the |a |an )?(?:[\w&.-]+ ){0,3}"
    r"(?:report|note|article|paper|piece|study|filing)s?\b|研报|报告|文章|报道|》(?:中|里|说|怎么|如何|认为|提到)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NamesAsked:
    """The names of a question.

    Attributes:
        publishers: that it names, as the library writes them.
        limited: publishers that it is limited to; empty where it is limited to none.
        strangers: publishers that it names and the library does not hold, as written.
        reports: ids of the reports whose titles it names.
        limited_reports: those of them that it is limited to.
        companies: that it names.
    """

    publishers: frozenset[str] = frozenset()
    limited: frozenset[str] = frozenset()
    strangers: tuple[str, ...] = ()
    reports: frozenset[str] = frozenset()
    limited_reports: frozenset[str] = frozenset()
    companies: tuple[Company, ...] = ()


def names_asked(text: str, known: Known) -> NamesAsked:
    """Return the names of the library that a question holds.

    Args:
        text: the question.
        known: what the library holds.
    """
    index = _index(known)
    companies = index.companies_in(text)
    own_names = {bare for each in companies for bare in map(bare_name, each.names)}
    named: set[str] = set()
    sources: set[frozenset[str]] = set()
    mentions = index.publishers_in(text)
    for mention in mentions:
        # who is asked about is not who is asked: Apple publishes what it files itself
        itself = not any(
            bare_name(name) not in own_names or looks_like_house(spoken_name(name))
            for name in mention.names
        )
        is_source = _is_source(text, mention, itself=itself)
        if itself and not is_source:
            continue
        named |= mention.names
        if is_source:
            sources.add(mention.names)
    strangers = tuple(_strangers(text, mentions, index))
    # named twice, it is the source of two of several things
    single = len(mentions) == 1 and len(sources) == 1 and not strangers
    quoted = index.titles.quoted(text)
    within = len(quoted) == 1 and _IN_REPORT.search(text) is not None
    return NamesAsked(
        frozenset(named),
        next(iter(sources)) if single else frozenset(),
        strangers,
        quoted or index.titles.told(text),
        quoted if within else frozenset(),
        companies,
    )


def spans_of_companies(text: str, known: Known) -> list[tuple[int, int]]:
    """Return where a text names companies of the library: start and end of each name."""
    return _index(known).spans_of_companies(text)


def spans_of_publishers(text: str, known: Known) -> list[tuple[int, int]]:
    """Return where a text names publishers of the library: start and end of each name."""
    return sorted((each.start, each.end) for each in publishers_in(text, known))


def publishers_in(text: str, known: Known) -> list[Mention]:
    """Return where a text names publishers of the library, and which these may be."""
    return _index(known).publishers_in(text)


def _is_source(text: str, mention: Mention, *, itself: bool) -> bool:
    """Whether a question asks what a publisher says, `itself` where that is a company asked about.

    What a company reports, others tell too: it is asked only by its filings and by "according to".
    """
    before, behind = text[: mention.start], text[mention.end :]
    if itself:
        return bool(_ACCORDING.search(before) or _FILING_BEHIND.search(behind))
    return bool(
        _SOURCE_BEFORE.search(before) or _WORK_BEHIND.search(behind) or _SAYS_BEHIND.search(behind)
    )


def _strangers(text: str, mentions: Sequence[Mention], index: _Index) -> Iterator[str]:
    """Publishers in the manner of a source that are none of the library's, as written."""
    seen: set[str] = set()
    for manner in _STRANGERS:
        for match in manner.finditer(text):
            start = match.start("name")
            written = match["name"]
            for each in mentions:  # "by Heron and Reuters"
                within = range(max(each.start - start, 0), min(each.end - start, len(written)))
                written = "".join("\n" if at in within else it for at, it in enumerate(written))
            for name in (_BESIDE.sub("", part) for part in written.split("\n")):
                plain = name.casefold().removeprefix("the ")
                no_name = _NO_STRANGER.fullmatch(name) or index.is_company(name)
                if plain and plain not in seen and not no_name:
                    seen.add(plain)
                    yield name


class _Index:
    """The names of a library, by their first words.

    Args:
        known: what the library holds.

    Attributes:
        titles: of its reports.
    """

    def __init__(self, known: Known) -> None:
        self._publishers = NameIndex(_forms_of_publishers(known))
        self._companies = NameIndex(
            (form, str(place))
            for place, company in enumerate(known.companies)
            for name in company.names
            for form in _plain(name)
        )
        self._all_companies = known.companies
        self._tickers: dict[str, list[int]] = {}
        for place, company in enumerate(known.companies):
            for ticker in company.tickers:
                self._tickers.setdefault(ticker, []).append(place)
        self.titles = Titles(known.titles)

    def publishers_in(self, text: str) -> list[Mention]:
        """The publishers named, with a slip of the pen where nothing else is."""
        found = self._publishers.mentions(text)
        return found + self._publishers.misspelt(text, found)

    def companies_in(self, text: str) -> tuple[Company, ...]:
        """The companies named, by name or by ticker."""
        places = {int(name) for each in self._companies.mentions(text) for name in each.names}
        for code in _codes(text):
            places.update(self._tickers.get(code, ()))
        return tuple(self._all_companies[place] for place in sorted(places))

    def spans_of_companies(self, text: str) -> list[tuple[int, int]]:
        """Where companies are named by their names."""
        return sorted((each.start, each.end) for each in self._companies.mentions(text))

    def is_company(self, name: str) -> bool:
        """Whether a name is a company's and nothing more."""
        return self._companies.holds(spoken_name(name))


@lru_cache(maxsize=16)  # one for what each group of readers may read
def _index(known: Known) -> _Index:
    return _Index(known)


def _forms_of_publishers(known: Known) -> Iterator[tuple[str, str]]:
    """Every way in which the publishers may be written."""
    called: dict[str, set[str]] = {}
    for publisher in known.publishers:
        for form in _forms(publisher):
            called.setdefault(form, set()).add(publisher)
    bare = {bare_name(name): name for name in known.publishers}
    for company in known.companies:
        own = [bare[key] for key in map(bare_name, company.names) if key in bare]
        for publisher in own:
            for name in company.names:
                called.setdefault(spoken_name(name), set()).add(publisher)
    initials = Counter(_initials(name) for name in known.publishers)
    for publisher in known.publishers:
        short = _initials(publisher)
        if len(short) > 2 and initials[short] == 1:
            called.setdefault(short, {publisher})
    for form, publishers in called.items():
        for publisher in publishers:
            yield form, publisher


def _forms(publisher: str) -> Iterator[str]:
    """The ways of writing a publisher, its sections left out."""
    yield publisher
    spoken = spoken_name(publisher)
    yield spoken
    house = _SECTION.split(spoken)[0].strip()
    yield house
    trade = _TRADE.sub("", house).strip()
    if trade and trade.casefold() not in EVERYDAY | {"the", ""}:
        yield trade
    for name in (house, spoken):
        # "The Age" is not "age"
        yield from (form for form in _plain(name) if len(form) > 3)


def _plain(name: str) -> set[str]:
    """A name as it is written, as it is spoken, and without its article."""
    spoken = spoken_name(name)
    return {name, spoken, re.sub(r"^the\s+", "", spoken, flags=re.IGNORECASE)}


def _initials(name: str) -> str:
    """The initials of a name of three words or more, else nothing."""
    parts = re.findall(r"\b[A-Z]\w*", spoken_name(name))
    return "".join(part[0] for part in parts) if len(parts) > 2 else ""


def _codes(text: str) -> set[str]:
    """The tickers that a text may name, tidy."""
    found = {mention.code for mention in tickers_in(text)}
    shouted = not any(map(str.islower, text)) and not _HAN.search(text)
    for token in _CODE.finditer(text):
        if not shouted or token[0].startswith("$") or any(map(str.isdigit, token[0])):
            code = ticker_of(token[0])
            if code is not None and (len(code) > 1 or token[0].startswith("$")):
                found.add(code)
    return found
