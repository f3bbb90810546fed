"""Whether a stretch of a report says something that can be quoted, and of the kind asked for."""

from __future__ import annotations

import re
from enum import StrEnum

from ingest.language.words import stem, words

_CLOSED = re.compile(r"[.!?。！？；…][\"'”’」』)）\]]*$")
_CAPTION = re.compile(
    r"(?:table|figure|chart|exhibit|source)\b|[图表]\s?\d|(?:资料)?来源", re.IGNORECASE
)
_CELL = " | "
_LONG_ENOUGH = 8  # words; what is shorter and has no full stop is a heading or a label
_NEWS = 2  # words that are of no date and that neither title nor publisher hold
_MONTHS = r"january|february|march|april|may|june|july|august|september|october|november|december"
_OF_A_DATE = re.compile(rf"[0-3]?\d|(?:19|20)\d\d|{_MONTHS}|[a-z]+day")


class Kind(StrEnum):
    """What an answer must hold to be one."""

    ANYTHING = "anything"
    FIGURE = "figure"
    PRICE = "price"
    TIME = "time"


_AMOUNT = (
    r"(?:[$€£¥]\s?\d|\d[\d,.]*\s?(?:%|per ?cent|percent|basis points)"
    r"|\d[\d,.]*\s?(?:(?:hundred|thousand|million|billion|trillion|bn|m)\s)?"
    r"(?:US )?(?:dollars?|euros?|pounds?|yuan|yen|RMB)|(?:RMB|USD|EUR|CNY|US\$|HK\$)\s?\d"
    r"|\d[\d,.]*\s?[百千万亿]*(?:元|美元|港元|人民币))"
)
_NUMBER_WORD = (
    r"(?:half|double[ds]?|triple[ds]?|twice|thirds?|quarters?|dozens?|hundreds?|thousands?"
    r"|millions?|billions?|trillions?|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
)
# a number that is no part of a name ("B100", "GPT-4", "Q3") and not alone a year
_FIGURE = re.compile(
    rf"{_AMOUNT}|(?<![\w.-])(?!(?:19|20)\d\d\b(?![.,]\d))\d[\d,.]*(?![\d,.]*[A-Z-])"
    rf"|\b{_NUMBER_WORD}\b|[一二三四五六七八九十百千万亿两\d]+(?:倍|成|个|家|亿|万|元|%)",
    re.IGNORECASE,
)
_PRICE = re.compile(_AMOUNT, re.IGNORECASE)
_TIME = re.compile(
    rf"\b(?:19|20)\d\d\b|\b(?:{_MONTHS.replace('|may|', '|')}|[a-z]+day|quarter|q[1-4]"
    r"|week|month|year|decade|summer|winter|spring|autumn|fall)s?\b"
    r"|\bmay \d|\d+ (?:days?|weeks?|months?|years?)|[年月日周季]",
    re.IGNORECASE,
)
_HOLDS = {Kind.FIGURE: _FIGURE, Kind.PRICE: _PRICE, Kind.TIME: _TIME}


def tells(text: str, header: str) -> bool:
    """Whether a stretch of text says something that its footnote does not.

    Args:
        text: a sentence, a heading, a row of a table.
        header: title, publisher and date of its report.

    Returns:
        False of headings, captions, datelines and titles.
    """
    said = words(text)
    if _CAPTION.match(text) or not (
        _CLOSED.search(text) or _CELL in text or len(said) >= _LONG_ENOUGH
    ):
        return False
    known = {stem(word) for word in words(header)}
    news = {stem(word) for word in said if not _OF_A_DATE.fullmatch(word)} - known
    return len(news) >= _NEWS


def holds(text: str, kind: Kind) -> bool:
    """Whether a text holds what an answer of a kind must hold."""
    return kind is Kind.ANYTHING or bool(_HOLDS[kind].search(text))
