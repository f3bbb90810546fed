"""The reports whose titles a question names: quotes, or holds nearly all the words of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from ingest.language.words import stem, words

_QUOTED = re.compile(
    r"《([^》]{2,})》|“([^”]{6,})”|‘([^’]{6,})’|\"([^\"]{6,})\"|(?<!\w)'([^']{6,})'"
)
_TITLE_SHARE = 0.7  # of the weight of a title's words that a question must hold
_TITLE_QUOTED = 0.7  # of the words of a title and of what is quoted that both must have
_TITLE_FEWEST = 3  # words of a title that a question must hold, else it is chance
# words that many titles have, as stems
_STOP_WORDS = """
    a an and are as at be by do does for from how in into is it its of on or that the their these
    this to was were what when which who why will with report note article quarter 10-q form
"""
_STOP = frozenset(map(stem, _STOP_WORDS.split()))


class Titles:
    """The titles of reports, by their words.

    Args:
        titles: ids and titles.
    """

    def __init__(self, titles: Sequence[tuple[str, str]]) -> None:
        self._words = [(report, _title_words(title)) for report, title in titles]
        self._count: Counter[str] = Counter()
        self._holding: dict[str, list[int]] = {}
        for place, (_, held) in enumerate(self._words):
            self._count.update(held)
            for word in dict.fromkeys(held):
                self._holding.setdefault(word, []).append(place)
        # rare words count more
        self._weight = {word: count**-0.5 for word, count in self._count.items()}
        self._sets = [frozenset(held) for _, held in self._words]
        self._whole = [sum(self._weight[word] for word in held) for held in self._sets]

    def quoted(self, text: str) -> frozenset[str]:
        """Ids of the reports whose titles, or the beginnings of whose titles, a text quotes."""
        quoted = [next(filter(None, match.groups())) for match in _QUOTED.finditer(text)]
        return frozenset(report for quote in quoted for report in self._called(_title_words(quote)))

    def told(self, text: str) -> frozenset[str]:
        """Ids of the reports nearly all words of whose titles a text holds, the best alone."""
        said = set(_title_words(text))
        found: dict[str, float] = {}
        for place in self._candidates(said):
            both = self._sets[place] & said
            if len(both) < _TITLE_FEWEST:
                continue
            share = sum(self._weight[word] for word in both) / self._whole[place]
            if share >= _TITLE_SHARE:
                found[self._words[place][0]] = share * len(both)
        best = max(found.values(), default=0.0)
        return frozenset(report for report, score in found.items() if score == best)

    def _called(self, quote: tuple[str, ...]) -> Iterator[str]:
        """Reports whose titles begin with what is quoted, or are nearly that."""
        for place in self._candidates(quote) if len(quote) > 1 else ():
            report, held = self._words[place]
            both, either = self._sets[place] & set(quote), self._sets[place] | set(quote)
            if held[: len(quote)] == quote or len(both) >= _TITLE_QUOTED * len(either):
                yield report

    def _candidates(self, said: Iterable[str]) -> set[int]:
        """Places of the titles that share one of the rarer words."""
        most = max(len(self._words) // 50, 50)
        return {
            place
            for word in said
            if self._count[word] <= most
            for place in self._holding.get(word, ())
        }


@lru_cache(maxsize=32_768)  # of the titles of a large library
def _title_words(text: str) -> tuple[str, ...]:
    """The words of a title that tell it from others, in order, as stems."""
    stems = (stem(word) for word in words(text) if len(word) > 1)
    return tuple(word for word in stems if word not in _STOP)
