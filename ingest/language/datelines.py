"""Datelines: the short lines that say when a report was published, and often by whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ingest.language.dates import printed_dates
from ingest.language.houses import looks_like_house

_LONGEST = 160  # characters; what is longer is prose
_LABELLED_WORDS = 12  # words beside a day that is labelled as the day of publication
_LABELLED_CHARACTERS = 30  # likewise in Chinese, which has no words apart
_NAME_WORDS = 6
_NAME_LENGTH = 60

_CHINESE = r"\u3400-\u9fff"
_PARTED = (
    rf"\s*[|·•/／,，;；()（）]\s*|\s{{2,}}|\t|\s+[-–—]\s+|(?<=[{_CHINESE}])\s+|\s+(?=[{_CHINESE}])"
)
_PARTS = re.compile(_PARTED)
_BEHIND_NAME = re.compile(rf"\s*[|·•,，;；]\s*|\s{{2,}}|\t|(?<=[{_CHINESE}])\s+|\s+(?:on|at)\s*\Z")
_PARTED_BEFORE = re.compile(rf"(?:\A\s*|{_PARTED}|[:：\-–—]\s*)\Z")
_PARTED_BEHIND = re.compile(rf"(?:\s*\Z|\s*[.:：]?\s*\Z|{_PARTED}|\s*[:：\-–—])")

_PUBLISHED = re.compile(
    r"(?:\b(?:(?:first )?(?:published|posted|released|issued)(?: online)?(?: on| at)?|dated?"
    r"|date of publication|publication date|release date)"
    r"|(?:发布|发表|出版)(?:于|日期|时间)?|日期|(?<!北京)(?<!当地)(?<!标准)时间)\s*[:：]?\s*\Z",
    re.IGNORECASE,
)
_OTHER_DAY = re.compile(
    r"\b(?:as of|as at|until|till|ended|ending|since|before|after|due|expires?|next|updated"
    r"|revised|prices? (?:at|on)|close of|valid|from|born)\b|截至|截止|更新|修订",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"(?:\bsource|来源|出处)\s*[:：]\s*(?=\S)", re.IGNORECASE)
_PERSON = re.compile(
    r"\b(?:by|from|author|editor|reporter|analyst)\b\s*:?|(?:作者|编辑|责任编辑|记者|分析师)\s*[:：]",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:\s*[ap]\.?m\b\.?)?(?:\s*(?:GMT|UTC|BST|CET|EST|EDT|ET|CST)\b)?",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day\b,?|(?:mon|tues?|wed|thu(?:rs)?|fri|sat|sun)[.,])"
    r"|(?:星期|周)[一二三四五六日天]",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:(?:[A-Z][\w.'’&-]*|\d+|&|of|and|for|the|in)(?:\s+|\Z))+")
_CHINESE_NAME = re.compile(rf"[{_CHINESE}]{{2,4}}")


@dataclass(frozen=True, slots=True)
class Dateline:
    """What a dateline says.

    Attributes:
        day: the day of publication.
        publisher: the house or paper it names, None where it names none.
        labelled: the line calls the day the day of publication.
        bare: nothing but day, time, publisher and labels stands in the line.
    """

    day: date
    publisher: str | None
    labelled: bool
    bare: bool


def read_dateline(line: str) -> Dateline | None:
    """Read a line as a dateline.

    A dateline is a short line with a day in it that is labelled as the day of publication, or
    that stands apart from names of places, persons and houses, which are all there is beside
    it. A day that the line calls something else ("as of", "quarter ended") makes none.

    Args:
        line: one line of text.

    Returns:
        What it says, None if it is no dateline.
    """
    found = next(printed_dates(line), None)
    if len(line) > _LONGEST or found is None:
        return None
    before, behind = _untimed(line[: found.start]), _untimed(line[found.end :])
    if _OTHER_DAY.search(before):
        return None
    label = _PUBLISHED.search(before)
    if label:
        before = before[: label.start()]
    apart = _PARTED_BEFORE.search(before) and _PARTED_BEHIND.match(behind)
    if not label and not apart:
        return None
    publisher = source_of(line)
    parts = [
        part.strip(" .:：")
        for side in (before, behind)
        for part in _PARTS.split(_PERSON.sub("|", _SOURCE.sub("|", side)))
        if any(map(str.isalpha, part))
    ]
    if label and _is_prose(parts):
        return None
    if not label and not all(part == publisher or _is_name(part) for part in parts):
        return None
    publisher = publisher or next(filter(looks_like_house, parts), None)
    bare = all(part == publisher for part in parts)
    return Dateline(found.day, publisher, label is not None, bare)


def source_of(line: str) -> str | None:
    """Return whom a line names behind "Source:", None where it names nobody."""
    match = _SOURCE.search(line)
    return None if match is None else name_at_start(line[match.end() :])


def name_at_start(text: str) -> str | None:
    """Return the name a text begins with, up to a day, a gap or a mark; None where none is."""
    found = next(printed_dates(text), None)
    before_day = _untimed(text[: found.start] if found else text).strip()
    name = _BEHIND_NAME.split(before_day, maxsplit=1)[0].strip(" .:：-–—")
    return name if len(name) <= _NAME_LENGTH and any(map(str.isalpha, name)) else None


def _is_prose(parts: list[str]) -> bool:
    """Whether more stands in parts of a line than does beside a labelled day."""
    words = sum(len(part.split()) for part in parts)
    chinese = sum(len(re.findall(f"[{_CHINESE}]", part)) for part in parts)
    return words > _LABELLED_WORDS or chinese > _LABELLED_CHARACTERS


def _untimed(text: str) -> str:
    """A text without times of the day and days of the week."""
    return _WEEKDAY.sub("", _CLOCK.sub("", text))


def _is_name(part: str) -> bool:
    """Whether a part of a line may be the name of a place, a person or a house."""
    if looks_like_house(part) or _CHINESE_NAME.fullmatch(part):
        return True
    return len(part.split()) <= _NAME_WORDS and _NAME.fullmatch(part) is not None
