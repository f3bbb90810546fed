"""Words of English and Chinese text, as both sides of the lexical search cut them."""

from __future__ import annotations

import re
from functools import lru_cache

import snowballstemmer

_STEMMER = snowballstemmer.stemmer("english")
_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
# a word, a number with its inner points and commas, or a mixture such as "910B" and "GPT-4"
_WORD = re.compile(r"[^\W_]+(?:[.,'’&-][^\W_]+)*")


def searchable(text: str) -> str:
    """A text as the lexical index takes it: Chinese runs cut into overlapping bigrams.

    Chinese has no spaces, so a run of characters becomes its bigrams; the rest is left as
    it is. Cut alike on both sides, a question finds a passage that shares two neighbouring
    characters (the usual practice for CJK text in search engines, as in Lucene's
    CJKBigramFilter).

    Returns:
        The text with every Chinese run replaced by its bigrams, spaces between.
    """
    return _CHINESE.sub(lambda run: f" {' '.join(bigrams(run[0]))} ", text)


def bigrams(run: str) -> list[str]:
    """The overlapping pairs of characters of a run; a single character is itself."""
    return [run[place : place + 2] for place in range(max(len(run) - 1, 1))]


def words(text: str) -> list[str]:
    """The words of a text in order, lower case: English words, numbers, Chinese bigrams."""
    return [match[0].casefold() for match in _WORD.finditer(searchable(text))]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of a lower-case English word (Snowball's English stemmer), else the word itself."""
    return str(_STEMMER.stemWord(word))
