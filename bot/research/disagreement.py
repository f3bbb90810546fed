"""Whether a newer report tells the same thing with another amount.

Who reads "a newer report says otherwise" takes the older figure for outdated, so that the two must
tell of one thing beyond doubt: the same words but for those that change nothing, the same times,
one amount each in the same unit. A bound ("over 13 billion") is met by what lies beyond it; what
was sold is, where no time is told, of another time in each report; and "it" may be anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from bot.research.model import Evidence
from bot.research.sought import stem_of, stems
from bot.research.times import Time, Times, times_in
from ingest.language.amounts import Amount, amounts_in, same
from ingest.records import Description, ReportKind

_ROUGHLY = Decimal("0.1")  # "about 9" and "about 9.5" are one figure

# with any of these a figure is a bound, or of two things, or of nobody knows what
_UNCERTAIN = re.compile(
    r"\b(?:over|above|beyond|under|below|than|least|most|up to|exceed(?:s|ed|ing)?|nearly|almost"
    r"|compared|versus|vs|relative|from|between|half|twice|double|quarters? of|if|unless|whether"
    r"|could|(?-i:may)|might|would|it|they|them|their|its|this|these|those|he|she|former|latter"
    r"|respectively|such|same|another|others?)\b"
    r"|超|逾|以[上下]|至少|最[多少高低]|不[到足低超]|[高低多少]于|近|[比较与半]|如果|若|可能|分别"
    r"|[其该这此它]",
    re.IGNORECASE,
)
# of what time that is, only the day of the report says; or it is a change since another time
_RELATIVE = re.compile(
    r"\b(?:last|next|previous|prior|past|coming|this|current)\s(?:\w+\s)?"
    r"(?:year|quarter|month|week|day|half|decade|season|period)s?\b"
    r"|\b(?:today|yesterday|tomorrow|ago|recently|(?:year|quarter|month)[- ](?:on|over|to|ago)"
    r"|yoy|qoq|ytd|y/y|q/q|annually|so far)\b"
    r"|[去今明前][年天日]|[上下本]个?(?:年|季|月|周|期|半年)|同[期比]|环比|昨[天日]|近日|累计",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"\b(?:r[io]se|grow|grew|f[ae]ll|increas|decreas|declin|climb|drop|gain|los[et]\b|jump|surg"
    r"|shr[aiu]nk|slid|soar|expan|cut|rais|up\b|down\b)|[增升涨降跌减缩]",
    re.IGNORECASE,
)
# what is so until it is told otherwise; what was sold or shipped is of a time
_STATE = re.compile(
    r"\b(?:is|are|costs?|has|have|holds?|owns?|employs?|stands?|remains?|expects?|will|worth)\b"
    r"|[为是占]|预计|预测|预期|有望|目前|拥有|市值|估值|目标价",
    re.IGNORECASE,
)
_ROUGH = re.compile(
    r"\b(?:about|around|approximately|roughly|some|circa|ca)\b|约|左右|大概", re.IGNORECASE
)
_OURS = re.compile(r"\b(?:we|our|us)\b|我们|我司|本行", re.IGNORECASE)
# "The deal was worth 9 billion dollars": there are other deals
_THE_ONE = re.compile(r"The (?!company|group|firm|bank)[^A-Z]*$|(?:项目|产品|工程|基金|交易|订单)")
_THE_COMPANY = re.compile(r"\bthe (?:company|group|firm|bank)\b|公司|集团", re.IGNORECASE)
_BEFORE_LEVEL = re.compile(r"(?:\bto|(?<!达)[至到])\s*$", re.IGNORECASE)

_ENGLISH = """
    a an the of in on at by for to and as with within is are was were be been being will has have
    had that there now still currently already about around approximately roughly some we our us
    reach reaches reached hit hits total totals amount amounts stand stands stood come comes came
    expect expected expects forecast forecasts forecasted predict predicted predicts project
    projected projects estimate estimated estimates anticipate anticipated anticipates think thinks
    believe believes see sees
"""
_LIGHT = frozenset(map(stem_of, _ENGLISH.split()))  # they change nothing of what is told
_LIGHT_CHINESE = re.compile(
    r"我们|预计|预测|预期|估计|认为|有望|目前|当前|现在|已经|大约|约为|左右|达到|将会|将达|可达|[将已约达为至到的会在是可]"
)
# figures that every company has: without its name nobody knows whose they are
_ACCOUNTING = """
    net gross operating revenue revenues sales profit profits income earnings loss losses margin
    margins eps per share cash flow flows cost costs expense expenses gaap non ebit ebitda dividend
    orders backlog capex capital expenditure expenditures tax research development quarter
"""
_OF_ANY_COMPANY = frozenset(map(stem_of, _ACCOUNTING.split()))
_OF_ANY_COMPANY_CHINESE = re.compile(
    r"营业|营收|收入|归母|扣非|净?利润|净利|毛利率?|净利率|每股|收益|费用|成本|现金流|研发|支出|总|额"
)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a sentence or a row tells.

    Attributes:
        amount: its one amount.
        times: that it names.
        words: stems of all else that changes what it tells.
        named: these say of whom or what it is.
        ours: the house that published it speaks of itself.
        rough: the amount is about so much.
        to: it is what something came to.
    """

    amount: Amount
    times: Times
    words: frozenset[str]
    named: bool
    ours: bool
    rough: bool
    to: bool


def newer_otherwise(evidence: Evidence, among: Sequence[Evidence]) -> Evidence | None:
    """Return what the newest report says that tells the same thing as evidence does.

    Args:
        evidence: a sentence or row.
        among: other evidence, best first.

    Returns:
        The best of those of the newest day; None where there is no newer one, or that one tells
        the same amount, or it is not sure that both tell the same thing.
    """
    published = evidence.hit.report.description.published
    told = _told(evidence.told or evidence.text)
    if published is None or told is None:
        return None
    newer = [
        (day, other, its)
        for other in among
        if (day := other.hit.report.description.published) is not None
        and day > published
        and (its := _told(other.told or other.text)) is not None
        and _is_of_the_same(told, its)
        and _are_of_one(evidence, other, told, its)
    ]
    last = max((day for day, _, _ in newer), default=None)
    newest = [(other, its) for day, other, its in newer if day == last]
    if not newest or any(_agree(told, its) for _, its in newest):
        return None
    return newest[0][0]


@lru_cache(maxsize=4096)  # each statement is held against all other evidence
def _told(text: str) -> _Told | None:
    """What a text tells, where it tells one amount of something and that is certain."""
    amounts = amounts_in(text)
    if len(amounts) != 1:
        return None
    [amount] = amounts
    before, behind = text[: amount.start], text[amount.end :]
    if _UNCERTAIN.search(text) or _RELATIVE.search(text):
        return None
    times = times_in(f"{before} {behind}")
    if any(time[:2] == Time()[:2] for time in times.named):
        return None  # "in March" is of any year
    if not times.says_any and (_CHANGES.search(times.rest) or not _STATE.search(times.rest)):
        return None  # of the time of its report, whichever that is
    rest = _LIGHT_CHINESE.sub("", times.rest)
    words = frozenset(stems(rest)) - _LIGHT
    if not words or _THE_ONE.match(times.rest.strip()):
        return None
    named = stems(_OF_ANY_COMPANY_CHINESE.sub("", rest)) - _LIGHT - _OF_ANY_COMPANY
    return _Told(
        amount,
        times,
        words,
        named=bool(named) and not _THE_COMPANY.search(text),
        ours=_OURS.search(text) is not None,
        rough=_ROUGH.search(text) is not None,
        to=_BEFORE_LEVEL.search(before) is not None,
    )


def _is_of_the_same(one: _Told, other: _Told) -> bool:
    return (
        one.amount.unit == other.amount.unit
        and one.words == other.words
        and one.times == other.times
        and one.to == other.to
    )


def _agree(one: _Told, other: _Told) -> bool:
    if same(one.amount, other.amount):
        return True
    apart = abs(one.amount.value - other.amount.value)
    return (one.rough or other.rough) and apart <= _ROUGHLY * abs(one.amount.value)


def _are_of_one(evidence: Evidence, other: Evidence, one: _Told, another: _Told) -> bool:
    """Whether two pieces of evidence, told in the same words, are of one thing."""
    report, newer = evidence.hit.report, other.hit.report
    mine, its = report.description, newer.description
    if report.id == newer.id or not (one.times.says_any or mine.period == its.period):
        return False
    companies = _companies(mine), _companies(its)
    if all(companies) and not companies[0] & companies[1]:
        return False
    if evidence.told or other.told:
        sections = {each.hit.passage.section.rpartition(" › ")[2] for each in (evidence, other)}
        return len(sections) == 1 and _of_company(mine, its)
    if not one.named:
        return _of_company(mine, its)
    return not (one.ours or another.ours) or mine.publisher == its.publisher is not None


def _of_company(one: Description, other: Description) -> bool:
    """Whether two reports are about one and the same company, or the same ones."""
    if one.tickers or other.tickers:
        return set(one.tickers) == set(other.tickers)
    filings = one.kind is other.kind is ReportKind.FILING
    return filings and one.publisher == other.publisher is not None


def _companies(described: Description) -> set[str]:
    return {name.casefold() for name in (*described.tickers, *described.companies)}
