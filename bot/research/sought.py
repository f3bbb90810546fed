"""What of a question's words a text holds, in whatever form it writes them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from bot.research.model import Part
from ingest.language.words import stem, words
from ingest.records import Passage

_MANY = re.compile(r"(?<=\d)s$")  # "H100s" are asked for where a report says "H100"
_CHINESE = re.compile(r"[\u3400-\u9fff]")
# Chinese stands right beside other words
_LETTERS = r"[^\W_\u3400-\u9fff]+"
_WORD = re.compile(rf"{_LETTERS}(?:[.,'’&-]{_LETTERS})*")
_LATELY = 4096  # passages looked through lately
_SHORT = 2  # letters of a stem that is looked for as it is


class Sought:
    """The content words of a question, each to be found by its stem or by another name.

    A text is not cut into its words, which would take longer than all searches: the beginning of
    each stem is looked for in it, and the word that begins so is held against the stem.

    Args:
        terms: content words, lower case.
        others: other names of what some of the terms say together: the terms, and the names as
            they are written. A text that holds one of the names holds these terms.
    """

    def __init__(
        self,
        terms: Iterable[str],
        others: Sequence[tuple[Iterable[str], Iterable[str]]] = (),
    ) -> None:
        self.stems = frozenset(stem_of(term) for term in terms)
        self._roots = [(each, root_of(each)) for each in sorted(self.stems)]
        self.others = others
        self._others = [
            (frozenset(map(stem_of, said)) & self.stems, tuple(map(_plain, names)))
            for said, names in others
        ]

    def held(self, text: str) -> frozenset[str]:
        """Return the stems of those content words that a text holds."""
        low = _low(text)
        found = {each for each, root in self._roots if root in low and _holds(low, each, root)}
        plain = _plain(text) if self._others else ""
        for said, names in self._others:
            if not said <= found and any(_names(plain, name) for name in names):
                found |= said
        return frozenset(found)

    def rarity(self, held: Sequence[frozenset[str]]) -> dict[str, float]:
        """Return how much each content word tells: one that few of the texts hold tells much.

        Inverse document frequency over the texts, as Robertson and Spärck Jones weigh words
        (1976), kept above zero.

        Args:
            held: what each text of a collection holds.
        """
        return {
            word: math.log(1 + (len(held) + 1) / (0.5 + sum(word in each for each in held)))
            for word in self.stems
        }


def sought_of(part: Part) -> Sought:
    """Return what a text must hold to hold what is asked, by this name or another."""
    return Sought(part.terms, [(words(name), others) for name, others in part.aliases])


def subject_of(part: Part) -> Sought:
    """Return what a text must hold to be on what is asked: all but the words of its times.

    Every header holds a year, and that of the question often enough.
    """
    rest = {stem_of(word) for word in words(part.times.rest)}
    terms = [term for term in part.terms if stem_of(term) in rest]
    return Sought(terms or part.terms, sought_of(part).others)


def coverage(held: Iterable[str], rarity: Mapping[str, float]) -> float:
    """Return the share of a question's words that a text holds, weighed by rarity, 0 to 1."""
    total = sum(rarity.values())
    return sum(rarity[word] for word in held) / total if total else 0.0


def all_of(passage: Passage) -> str:
    """Return all that a passage says, by its text and by its place."""
    table = " ".join((*passage.heads, passage.unit, *dict.fromkeys(passage.groups)))
    return f"{passage.header} {passage.section} {table} {passage.text}"


@lru_cache(maxsize=65_536)
def stem_of(word: str) -> str:
    """Return the stem of a word, its possessive and the plural of a code left out."""
    return stem(_MANY.sub("", word.removesuffix("'s").removesuffix("’s")))


def root_of(each: str) -> str:
    """Return what every word of a stem begins with: "compan" of "compani", "min" of "mine"."""
    return each[:-1] if len(each) > _SHORT and each[-1] in "ei" else each


def stems(text: str) -> set[str]:
    """Return the stems of a text's words, and of the parts of those with a hyphen."""
    found = words(text)
    # "GPT-4" is asked for as "GPT" too, and "text-to-video" as "video"
    parts = [part for word in found if "-" in word for part in word.split("-")]
    return {stem_of(word) for word in [*found, *parts]}


def _holds(low: str, each: str, root: str) -> bool:
    if _CHINESE.search(root):
        return True
    at = low.find(root)
    while at >= 0:
        if at == 0 or not _in_word(low[at - 1]):
            found = _WORD.match(low, at)
            if found and (
                stem_of(found[0]) == each
                or any(stem_of(part) == each for part in found[0].split("-"))
            ):
                return True
        at = low.find(root, at + 1)
    return False


@lru_cache(maxsize=_LATELY)
def _low(text: str) -> str:
    """A text in small letters; the same one is looked through for several things."""
    return text.casefold()


def _in_word(sign: str) -> bool:
    return sign.isalnum() and not _CHINESE.match(sign)


@lru_cache(maxsize=_LATELY)
def _plain(text: str) -> str:
    """A text in small letters, without hyphens: reports write "state owned" too."""
    return _low(text).replace("-", " ")


def stands_in(name: str, text: str) -> bool:
    """Return whether a name stands in a text, however written, no part of another word."""
    return _names(_plain(text), _plain(name))


def _names(low: str, name: str) -> bool:
    """Whether a name stands in a text, no part of another word."""
    at = low.find(name)
    while at >= 0:
        end = at + len(name)
        before = at > 0 and low[at - 1].isalnum() and low[at].isascii()
        behind = end < len(low) and low[end].isalnum() and low[end - 1].isascii()
        if not (before or behind):
            return True
        at = low.find(name, at + 1)
    return False
