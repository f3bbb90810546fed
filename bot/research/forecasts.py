"""Whether a sentence looks ahead, by its own words.

A mark must be right: what only may be a forecast has none. A beaten expectation, what somebody
expected earlier, and a bond that is due in a later year are no forecasts.
"""

from __future__ import annotations

import re
from datetime import date

_EXPECTED = re.compile(
    r"\b(?:is|are)(?: now| still| widely| generally| currently)? "
    r"(?:expected|projected|forecast(?:ed)?|predicted|anticipated) to\b"
    r"|\b(?:we|analysts?|economists?|management|it|he|she|they|[A-Z]\w+) "
    r"(?:now |still |currently )?"
    r"(?:expects?|predicts?|forecasts?|anticipates?)(?= (?:that|the|an?|its?|their|to)\b| [A-Z\d$])"
)
_CONDITION = re.compile(r"\b(?:if|whether|unless)\b", re.IGNORECASE)
_CHINESE = re.compile(
    r"预计(?!负债|使用|可使用|净残值)|料将|有望(?:达|增|突破|超|实现)|将(?:会)?(?:达到?|增至|突破|升至|降至)"
)
# "超出预计", "此前预计", "预计负债" and the like tell of no future
_CHINESE_NOT = re.compile(
    r"(?:此前|之前|先前|原先|原|曾|超出?|高于|低于|好于|不及|符合)(?:市场|我们|公司)*的?预计"
)
_ESTIMATED_YEAR = re.compile(r"(?<![\w.])(?:FY)?20\d\d ?E(?![A-Za-z0-9])")
# "according to the forecast of Quill, demand reaches 31 million tonnes in 2030"
_FORETOLD = re.compile(
    r"\b(?:[Aa]ccording to|[Ii]n|[Bb]y) (?:[\w'’-]+ ){0,4}?"
    r"(?:forecasts?|projections?|predictions?|estimates?)\b"
    r"|据[^，。]{0,20}(?:预测|预计|测算)"
)
_WILL = re.compile(r"\bwill (?!not\b)(?!mature|expire|be due)\w+")
_YEAR = re.compile(r"(?<![\d.,$])20\d\d(?![\d.,]*\d|%)")


def is_forecast(sentence: str, published: date | None) -> bool:
    """Return whether a sentence, or a row as it is told, is a forecast.

    Args:
        sentence: verbatim.
        published: day of its report; None where that is undated.

    Returns:
        True where its words expect something, where a year is marked as estimated ("2025E"), and
        where something will be, or is foretold, in a year later than the report.
    """
    if _ESTIMATED_YEAR.search(sentence):
        return True
    if _EXPECTED.search(sentence) and not _CONDITION.search(sentence):
        return True
    if _CHINESE.search(_CHINESE_NOT.sub("", sentence)):
        return True
    if published is None or not (_WILL.search(sentence) or _FORETOLD.search(sentence)):
        return False
    return any(int(year) > published.year for year in _YEAR.findall(sentence))
