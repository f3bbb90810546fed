"""What a question asks for: its content words, the names among them, the kind of answer."""

from __future__ import annotations

import re
from itertools import takewhile

from bot.research.model import Query, Question
from bot.research.telling import Kind
from ingest.language.words import words

# words of questions that say nothing of their subject
_ENGLISH = """
    a about according all am an and any are as asked at be because been before being between both
    but by can could did do does doing done during each for from further give get had has have
    having he her here him his how i if in into is it its itself just know like list many may me
    might more most much must my name no nor not now of off on once only or other our out over own
    please report reports said same say saying says see she should show so some such tell than
    that the their them then there these they thing things think this those through to too under
    until up us very was we were what whats when where which while who whom whose why will with
    would you your
"""
_CHINESE = "什么 多少 怎么 怎样 如何 哪些 哪个 哪家 为何 为什 是否 有没 没有 的是 是多 是什"
_STOP_WORDS = frozenset(_ENGLISH.split()) | frozenset(_CHINESE.split())
_HOW_MUCH = re.compile(
    r"\bhow (?:much|many|big|large|high|low|long|fast|far|often|old)\b", re.IGNORECASE
)
_HOW_MANY = re.compile(r"\bhow many (?P<behind>[^?.,;]+)", re.IGNORECASE)
_FIGURE = re.compile(
    rf"{_HOW_MUCH.pattern}"
    r"|\bwhat (?:share|percentage|proportion|percent|number|amount|multiple)\b"
    r"|多少|多大|多高|多长|多久|百分之几|几(?:个|家|倍|成|亿|万)",
    re.IGNORECASE,
)
_PRICE = re.compile(
    r"\bhow much (?:do(?:es)?|did|will|would|is|are|was|were)\b[^?]*"
    r"\b(?:costs?|priced?|worth|charged?)\b"
    # "what does it cost", not "what is said about the cost"
    r"|\bwhat (?:do(?:es)?|did|will|would)\b[^?]*(?<! the)(?<! about)(?<! on)(?<! of)"
    r" (?:cost|charge)\b"
    r"|\bwhat(?:'s| is| are| was| were)\b[^?]*\b(?:price|fees?|cost|charge|valuation|yield)\b"
    r"(?! (?:war|cut|rise|increase|competition|pressure|trend|control|structure|curve)s?\b)"
    r"|(?:[股售报]?价格?|费用|费率|股息率|目标价|估值)(?:是|为)?多少|多少(?:钱|元|美元)",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"^\s*when\b|\b(?:what|which) (?:day|date|month|year|quarter)\b"
    r"|什么时候|何时|哪一?[年天]|何年|几月",
    re.IGNORECASE,
)
# a quarter, half or fiscal year, which reports write in many ways; ordinals, numbers, measures
_PERIOD = re.compile(
    r"(?:q[1-4]|[1-4]q|h[12]|[12]h|fy)(?:20\d\d)?|fy\d\d|[a-z]+-(?:19|20)\d\d"
    r"|[\d.,]+(?:st|nd|rd|th|s|x|tn|bn|mn|m|k)|[\d.,]+(?:-[a-z]+)+"
)
_POSSESSIVE = re.compile(r"['’]s$")
# what reports write as a sign, or not at all ("$5", "40%", "3x")
_UNITS = "percent percentage basis points dollars cents euros pounds yuan yen rmb times"
_SIGNS = frozenset(_UNITS.split())


def understand(question: Question) -> Query:
    """Take a question apart.

    Args:
        question: in the asker's words.

    Returns:
        What it was taken to mean. A question of stop words alone keeps them as its terms.
    """
    said = [_POSSESSIVE.sub("", word) for word in words(_HOW_MUCH.sub(" ", question.text))]
    terms = [word for word in said if word and word not in _STOP_WORDS]
    return Query(
        question=question,
        text=question.text,
        terms=tuple(dict.fromkeys(terms or said or words(question.text))),
        counted=_counted(question.text),
        codes=frozenset(word for word in said if _is_code(word)),
        kind=_kind(question.text),
        filter=question.filter,
    )


def _kind(text: str) -> Kind:
    """What an answer must hold; a price is asked for in words of price, with or without how."""
    if _PRICE.search(text):
        return Kind.PRICE
    if _FIGURE.search(text):
        return Kind.FIGURE
    return Kind.TIME if _WHEN.search(text) else Kind.ANYTHING


def _counted(text: str) -> frozenset[str]:
    """The words behind "how many", up to the next that says nothing, lower case."""
    found = _HOW_MANY.search(text)
    behind = words(found["behind"]) if found else []
    return frozenset(takewhile(lambda word: word not in _STOP_WORDS, behind)) - _SIGNS


def _is_code(word: str) -> bool:
    """Whether a word mixes letters and digits, as names of products do."""
    mixed = re.search(r"[a-z]", word) and re.search(r"\d", word)
    return bool(mixed) and not _PERIOD.fullmatch(word)
