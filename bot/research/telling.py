"""Whether a stretch of a report says something that can be quoted, and of the kind asked for."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum
from functools import lru_cache

from ingest.language.dates import printed_dates
from ingest.language.rows import BETWEEN_CELLS
from ingest.language.words import stem, words

_CLOSED = re.compile(r"[.!?。！？；…][\"'”’」』)）\]]*$")
# "Table 1. Sales", "Figure 2 Sales", "Source: Heron"; not "Chart 3 shows", "Figure AI raised"
_CAPTION = re.compile(
    r"(?i:table|figure|chart|exhibit)\s?\d+[a-z]?(?:\s*[.:：|–—-]|\s+[A-Z]|\s*$)"
    r"|[图表]\s?\d+(?!\d|\s*(?:显示|表明|说明|列出|给出|中))"
    r"|(?i:sources?|(?:资料|数据)?来源)\s*[:：]"
)
# "The following table shows sales by region (in millions):" says nothing by itself
_LEADS = re.compile(
    r"the following (?:tables?|charts?|figures?)\b(?!.*\bthat\b)"
    r"|.*\b(?:as follows|(?:table|chart|figure) below)\b[^.]*[:,，：(（]$"
    r"|.*如下(?:[图表]所示)?[:：]?$",
    re.IGNORECASE | re.DOTALL,
)
_LONG_ENOUGH = 8  # words; what is shorter and has no full stop is a heading or a label
_LATELY = 16_384  # sentences looked at lately
_NEWS = 2  # words that are of no date and that neither title nor publisher hold
_MONTHS = r"january|february|march|april|may|june|july|august|september|october|november|december"
_OF_A_DATE = re.compile(rf"[0-3]?\d|(?:19|20)\d\d|{_MONTHS}|[a-z]+day|[年月日]")


_MADE = re.compile(
    r"\b(?:develop(?:s|ed)|creat(?:es|ed)|ma(?:kes|de)|built|builds|invent(?:s|ed)|launch(?:es|ed)"
    r"|releas(?:es|ed)|announc(?:es|ed)|unveil(?:s|ed)|introduc(?:es|ed)|published)\b"
    r"|发布|推出|开发|研发|制造|发明",
    re.IGNORECASE,
)


class Kind(StrEnum):
    """What sort of answer is wanted; of some an answer must hold something to be one."""

    ANYTHING = "anything"
    FIGURE = "figure"
    DURATION = "duration"
    COUNT = "count"
    CHANGE = "change"
    SHARE = "share"
    PRICE = "price"
    TIME = "time"
    PERSON = "person"
    LIST = "list"
    WHY = "why"
    COMPARISON = "comparison"
    RISKS = "risks"
    DEFINITION = "definition"
    ADVICE = "advice"


FIGURES = frozenset({Kind.FIGURE, Kind.DURATION, Kind.COUNT, Kind.CHANGE, Kind.SHARE, Kind.PRICE})
"""The kinds that want a figure."""

_AMOUNT = (
    r"(?:[$€£¥]\s?\d|\d[\d,.]*\s?(?:%|per ?cent|percent|basis points)"
    r"|\d[\d,.]*\s?(?:(?:hundred|thousand|million|billion|trillion|bn|m)\s)?"
    r"(?:US )?(?:dollars?|euros?|pounds?|yuan|yen|RMB)|(?:RMB|USD|EUR|CNY|US\$|HK\$)\s?\d"
    r"|\d[\d,.]*\s?[百千万亿]*(?:元|美元|港元|人民币))"
)
_PART_WORD = r"(?:half|thirds?|a quarter of|three[ -]quarters|one in (?:two|three|four|five|ten))"
_COUNT_WORD = (
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty"
    r"|sixty|seventy|eighty|ninety)"
)
_NUMBER_WORD = (
    rf"(?:{_PART_WORD}|double[ds]?|triple[ds]?|twice|dozens?|hundreds?|thousands?|millions?"
    r"|billions?|trillions?|a minute|an hour|percent"
    # "three reasons" tells how many there are, and not how large anything is
    rf"|(?:one|{_COUNT_WORD})[ -](?:minute|hour|day|week|month|quarter|year|decade|time|fold)s?\b)"
)
# written at a number without a space; other letters make it a name ("910B", "3D")
_UNIT = (
    r"(?:(?:x|bn|tn|mn|m|k|b(?= parameters| tokens)|[kmgt]b|[kmgt]wh?|[kmg]?hz|nm|mm|cm|km|kg"
    r"|pct)(?![a-z\d])"
    r"|-(?:fold|percent|point|second|minute|hour|day|week|month|year|million|billion)\b)"
)
# a number that is no part of a name ("B100", "GPT-4", "Q3"), nor a year or a day alone
FIGURE = re.compile(
    rf"{_AMOUNT}|(?<![A-Za-z\d_.-])(?!(?:19|20)\d\d(?![\d,.]*\d))(?!\d+\s?[年月日])"
    rf"\d[\d,.]*(?:{_UNIT}|(?![\d,.]*[A-Z-]))"
    rf"|\b{_NUMBER_WORD}\b|[一二三四五六七八九十百千万亿两\d]+(?:倍|成|个|家|亿|万|元|%)",
    re.IGNORECASE,
)
"""The beginning, at least, of a figure."""
PRICE = re.compile(_AMOUNT, re.IGNORECASE)
"""The beginning, at least, of an amount of money or a share."""
COUNT = re.compile(rf"{FIGURE.pattern}|\b{_COUNT_WORD}\b", re.IGNORECASE)
"""The beginning, at least, of a figure, or a small number as a word."""
SHARE = re.compile(
    r"\d\s?(?:%|per ?cent\b|percent|pct\b|个百分点)|百分之|[\d一二三四五六七八九两]成"
    rf"|\b{_PART_WORD}\b|[一二三四五六七八九十]分之",
    re.IGNORECASE,
)
"""What makes a figure a share of something."""
_TIME = re.compile(
    rf"(?<!\d)(?:19|20)\d\d(?!\d)|\b(?:{_MONTHS.replace('|may|', '|')}|[a-z]+day|quarter|q[1-4]"
    r"|week|month|year|decade|summer|winter|spring|autumn)s?\b"
    r"|\bmay \d|\d+ (?:days?|weeks?|months?|years?)"
    r"|[\d一二三四五六七八九十两几今明去][年月日]|[年月季][初底中末]|季度|半年|周[一二三四五六日]|星期",
    re.IGNORECASE,
)
DURATION = re.compile(
    rf"(?:\d[\d.,]*|\b(?:a|an|one|half an?|{_COUNT_WORD}))[\s-]?"
    r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?)\b"
    r"|(?<!\d)(?!(?:19|20)\d\d年)[\d.,一二三四五六七八九十两几]+(?:个月|个小时|小时|分钟|秒|[年天周])",
    re.IGNORECASE,
)
"""How long something lasts."""
_RELATIVE = re.compile(rf"\b(?:{_PART_WORD}|double[ds]?|triple[ds]?|twice)\b", re.IGNORECASE)
CHANGE = re.compile(
    rf"{SHARE.pattern}|\b(?:double[ds]?|doubling|tripl(?:e[ds]?|ing)|quadrupled?|halved?|twice"
    r"|twofold)\b|\d\s?(?:x\b|-?fold\b|times\b|倍)|[一二三四五六七八九十两]倍|翻番"
    r"|\b(?:by|up|down|rose|fell|gained|lost|added|dropped) "
    r"(?:about |some |nearly |over |more than )?[$€£¥]?\d|(?:增|降|减|涨|跌)[^，。]{0,8}\d",
    re.IGNORECASE,
)
"""By how much something grew or fell."""
# "we prefer copper", "rated overweight", "shares look cheap"
_RECOMMENDED = re.compile(
    r"\b(?:buy(?!backs?\b)(?:s|ing)?|sell|hold|accumulate|rat(?:ed|ings?)|recommend\w*|prefer\w*"
    r"|favou?r(?:s|ed)?|avoid\w*|advi[sc]e\w*|overweight|underweight|outperform\w*"
    r"|underperform\w*|attractive|overvalued|undervalued|cautious|bullish|bearish)\b"
    r"|买入|增持|减持|卖出|持有|推荐|看好|看空|谨慎|中性|评级|低估|高估|建议",
    re.IGNORECASE,
)
_HOLDS = {
    Kind.FIGURE: FIGURE,
    Kind.DURATION: re.compile(f"{FIGURE.pattern}|{DURATION.pattern}", re.IGNORECASE),
    Kind.COUNT: COUNT,
    Kind.SHARE: SHARE,
    Kind.CHANGE: CHANGE,
    Kind.PRICE: PRICE,
    Kind.TIME: _TIME,
    Kind.ADVICE: _RECOMMENDED,
}
# what a report says of itself is no answer, whatever it was asked
_OF_ITSELF = re.compile(
    r"\b(?:not?|nothing|nor)\b[^.]{0,60}\b(?:investment|financial) advice\b|\bfor reference only\b"
    r"|不构成[^。]{0,12}(?:投资)?建议|仅供参考|^\W*(?:page|第)\s?\d+\s?页?\W*$|\|\s?page \d+$",
    re.IGNORECASE,
)


@lru_cache(maxsize=_LATELY)
def tells(text: str, header: str) -> bool:
    """Whether a stretch of text says something that its footnote does not.

    Args:
        text: a sentence, a heading, a row of a table.
        header: title, publisher and date of its report.

    Returns:
        False of headings, captions, datelines, titles and what leads to a table.
    """
    said = words(text)
    long_enough = closed(text) or BETWEEN_CELLS in text or _length(said) >= _LONG_ENOUGH
    if is_caption(text) or _LEADS.match(text) or _OF_ITSELF.search(text) or not long_enough:
        return False
    known = {stem(word) for word in words(header)}
    news = {stem(word) for word in said if not _OF_A_DATE.fullmatch(word)} - known
    return len(news) >= _NEWS


def is_caption(text: str) -> bool:
    """Whether a text is the caption of a table or chart, or says where one is from."""
    return _CAPTION.match(text) is not None


def closed(text: str) -> bool:
    """Whether a text ends as sentences do."""
    return _CLOSED.search(text) is not None


def holds(text: str, kind: Kind) -> bool:
    """Whether a text holds what an answer of a kind must hold."""
    must_hold = _HOLDS.get(kind)
    if must_hold is None:
        return True
    if kind in FIGURES:  # the 2 of "2 November" is none
        for day in reversed(list(printed_dates(text))):
            text = f"{text[: day.start]} {text[day.end :]}"
    if kind is Kind.FIGURE:  # neither six years nor half as much again says how much it is
        text = _RELATIVE.sub(" ", DURATION.sub(" ", text))
    return bool(must_hold.search(text))


def defines(text: str, terms: Collection[str]) -> bool:
    """Whether a sentence says what a thing is: "Sora is a model …", "Sora, a model …", "Sora是…".

    Args:
        text: a sentence.
        terms: the content words of the question, lower case.
    """
    name = "|".join(re.escape(term) for term in terms)
    if not name:
        return False
    manner = (
        rf"^\W*(?:the )?(?:{name})(?:[’']s)?(?:\s*[(（][^)）]*[)）])?"
        r"(?:,? (?:(?:is|are|was)\b(?! \w+(?:ed|ing)\b)|refers to\b|means\b|stands for\b"
        r"|denotes\b)|, (?:an?|the)\b|\s?[是指])"
    )
    return re.search(manner, text, re.IGNORECASE) is not None


def says_who_made(text: str) -> bool:
    """Whether a question asks, or a sentence says, who made a thing or brought it out."""
    return _MADE.search(text) is not None


def _length(said: list[str]) -> int:
    """How many words there are, Chinese ones not counted: their sentences end in full stops."""
    return sum(not "\u3400" <= word[0] <= "\u9fff" for word in said)
