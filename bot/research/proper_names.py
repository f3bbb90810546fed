"""The words of a question that are names: what they name must be told of in an answer."""

from __future__ import annotations

import re
from collections.abc import Collection

from ingest.language.words import searchable

_WORD = re.compile(r"[^\W_]+(?:[.,'’&-][^\W_]+)*")
_BEGINS = re.compile(r"(?:^|[.!?:;…]\s+|[\"“‘'(]\s*)$")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_NO_NAMES = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Q[1-4]|[1-4]Q|H[12]|[12]H|FY|CY|I|US\$|USD|RMB"
    r"|CNY|EUR|HKD|10-[QK]s?|8-Ks?|YoY|QoQ|CEO|CFO|CTO|COO|R&D|M&A|GDP|CPI|AI)(?:['’]s)?"
    r"|(?:Q[1-4]|[1-4]Q|FY|H[12])\d{2,4}"
)


def names_in(text: str, terms: Collection[str]) -> frozenset[str]:
    """Return those content words of a question that are names, lower case.

    Args:
        text: the question, in the asker's letters: a name begins with a capital.
        terms: its content words.
    """
    found = set()
    in_chinese = _CHINESE.search(text) is not None
    text = searchable(text)  # Chinese stands apart from the Latin letters beside it
    for match in _WORD.finditer(text):
        word = match[0]
        if not word[0].isalpha() or word[0].islower() or _NO_NAMES.fullmatch(word):
            continue
        begins = _BEGINS.search(text[: match.start()]) is not None
        marked = word.endswith(("'s", "’s")) or any(map(str.isupper, word[1:])) or in_chinese
        bare = re.sub(r"['’]s$", "", word).casefold()
        if bare in terms and (marked or not begins) and not _CHINESE.match(word):
            found.add(bare)
    return frozenset(found)
