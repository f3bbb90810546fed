"""How near two texts are, and whether one report is a revision of another."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePosixPath

from ingest.language.words import words

_SHINGLE = 5
# Measured on the sample notes and edited copies of them: with a figure changed in each paragraph
# .8 to .9 of their shingles are in common, with a third written anew .5 to .65, with half of
# it .3 to .45. With every figure changed, as in the next issue of a series, .5 to .7: there
# the wording cannot decide
_NEAR = 0.78
_NEAR_IF_MARKED = 0.3  # a name that says "this is a version of that" needs less
# a correction follows within days, the next issue of a weekly after a week
_SAME_ISSUE = timedelta(days=5)

_MARK = (
    r"(?:v(?:er(?:sion)?)?[ ._-]?\d+(?:\.\d+)*|rev(?:ision)?[ ._-]?\d*|revised|updated?|corrected"
    r"|correction|final|copy|\(\d{1,2}\)|修订版?|更新版?|更正版?|终稿|副本)"
)
_MARKS = re.compile(
    rf"(?:[\s._-]+{_MARK}|\s*[(（【\[]{_MARK}[)）】\]]|(?<=[\u4e00-\u9fff])(?:修订版?|更新版?|更正版?|终稿|副本))+\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Edition:
    """What tells whether one report is a revision of another.

    Attributes:
        name: file name.
        title: its title; None where that is only the file's name.
        publisher: who published it, None where that is not known.
        published: when, None where that is not known.
        text: gives what it says; asked only where the rest leaves it open.
    """

    name: str
    title: str | None
    publisher: str | None
    published: date | None
    text: Callable[[], str]


def text_hash_of(text: str) -> str:
    """The SHA-256, hexadecimal, of a text's words, whatever white space stands between them."""
    said = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(said.encode(errors="surrogatepass")).hexdigest()


def likeness(one: str, other: str) -> float:
    """How near two texts are in wording.

    The resemblance of Broder, "On the resemblance and containment of documents" (1997): the
    share of runs of five words that both hold among those that either holds. Chinese counts by
    pairs of characters.

    Returns:
        0 to 1; 1 where both say the same.
    """
    first, second = _shingles(one), _shingles(other)
    if not first and not second:
        return 1.0
    return len(first & second) / len(first | second)


def base_name(name: str) -> str:
    """A file's name without its folder, its ending and what marks a version, in small letters.

    "note_v2.pdf", "note (2).pdf" and "note-final.pdf" are all "note"; a year or a date is no
    mark of a version.
    """
    stem = PurePosixPath(name).stem
    return _MARKS.sub("", stem).casefold() or stem.casefold()


def is_revision(old: Edition, new: Edition) -> bool:
    """Whether a report is the next version of another, by title, publisher, date and wording.

    Its title must be the same and more than a file's name, and its publisher the same. A name
    that marks it as a version of the other lets it be written anew in good part, unless the
    dates of the two lie further apart than a correction follows: a series has one title, and
    its files are often saved under one name.
    """
    if old.title is None or new.title is None or old.title.casefold() != new.title.casefold():
        return False
    if old.publisher != new.publisher:
        return False
    marked = base_name(old.name) == base_name(new.name)
    apart = (
        old.published is not None
        and new.published is not None
        and abs(new.published - old.published) > _SAME_ISSUE
    )
    if apart and not marked:
        return False
    return likeness(old.text(), new.text()) >= (_NEAR_IF_MARKED if marked and not apart else _NEAR)


def _shingles(text: str) -> set[tuple[str, ...]]:
    said = words(text)
    if not said:
        return set()
    return {tuple(said[start : start + _SHINGLE]) for start in range(max(len(said) - 4, 1))}
