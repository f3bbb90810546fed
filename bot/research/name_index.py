"""Names that are looked for in texts, as people write them.

English names are found by their words, Chinese ones wherever they stand. A name that is an
everyday word too counts only where it is written as a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# names of houses and companies that are everyday words of questions about money
_EVERYDAY_WORDS = """
    age analog applied arm best block business cable capital chase column compass core delta
    discover economist energy express finance first focus ford forward fortune future gap general
    global guardian host independent insight intelligence international investor key life live
    local market markets match media meta mobile monitor motor national news next observer one
    oracle pioneer polygon post prudential public quarter research roar shell signal snap
    southern square standard star street strategy target telegraph time times trade travelers
    unity value verge visa wired world
"""
EVERYDAY = frozenset(_EVERYDAY_WORDS.split())
"""Words that are a name only where they are written as one, lower case."""

_FEWEST_FUZZY = 5  # letters; shorter names differ by a slip too easily
_FEWEST_LOWER = 4  # letters; "sap" is a word where nobody writes capitals
_NEAR = 0.86  # difflib's ratio: one slip in seven letters or so

# Chinese stands right beside Latin letters
_LETTERS = r"[^\W_\u3400-\u9fff]+"
_TOKEN = re.compile(rf"{_LETTERS}(?:[.&'’-]{_LETTERS})*")
_POSSESSIVE = re.compile(r"['’]s?$")
_HAN = re.compile(r"[\u3400-\u9fff]")
_AT_ONCE = 4  # words of a name that are written with a slip


@dataclass(frozen=True, slots=True)
class Mention:
    """A name where a text holds it.

    Attributes:
        start: offset of its first character.
        end: offset behind its last character, a possessive left out.
        names: what it may be the name of.
    """

    start: int
    end: int
    names: frozenset[str]


class NameIndex:
    """Names that are looked for in questions.

    Args:
        forms: each a way of writing a name, and what it is the name of; of a form of several
            things all are meant.
    """

    def __init__(self, forms: Iterable[tuple[str, str]]) -> None:
        self._english: dict[str, dict[tuple[str, ...], set[str]]] = {}
        self._by_letter: dict[str, list[tuple[str, int, frozenset[str]]]] = {}
        self._chinese: dict[str, set[str]] = {}
        for form, name in forms:
            if _HAN.search(form):
                if len(form) > 1:
                    self._chinese.setdefault(form, set()).add(name)
                continue
            tokens = tuple(_tokens(form))
            if tokens and (len(tokens) > 1 or len(tokens[0]) > 1):
                self._english.setdefault(tokens[0], {}).setdefault(tokens, set()).add(name)
        self._longest_first = sorted(self._chinese, key=len, reverse=True)
        for several in self._english.values():
            for tokens, names in several.items():
                whole = " ".join(tokens)
                if len(whole) >= _FEWEST_FUZZY and whole not in EVERYDAY:
                    entry = (whole, len(tokens), frozenset(names))
                    self._by_letter.setdefault(whole[0], []).append(entry)

    def holds(self, form: str) -> bool:
        """Whether a form is that of a name."""
        tokens = tuple(_tokens(form))
        return form in self._chinese or bool(tokens and tokens in self._english.get(tokens[0], {}))

    def mentions(self, text: str) -> list[Mention]:
        """The names in a text, the longest at each place."""
        found = list(self._in_english(text))
        taken = [False] * len(text)
        for form in self._longest_first:
            at = text.find(form)
            while at >= 0:
                if not any(taken[at : at + len(form)]):
                    taken[at : at + len(form)] = [True] * len(form)
                    names = frozenset(self._chinese[form])
                    found.append(Mention(at, at + len(form), names))
                at = text.find(form, at + 1)
        return found

    def _in_english(self, text: str) -> Iterator[Mention]:
        tokens = list(_TOKEN.finditer(text))
        bare = [_bare(token[0]) for token in tokens]
        lower = not any(map(str.isupper, text))
        place = 0
        while place < len(tokens):
            forms = self._english.get(bare[place], {})
            fitting = [
                form
                for form in forms
                if tuple(bare[place : place + len(form)]) == form
                and _is_name(text, tokens[place : place + len(form)], form, lower=lower)
            ]
            if not fitting:
                place += 1
                continue
            form = max(fitting, key=len)
            last = tokens[place + len(form) - 1]
            end = last.start() + len(_POSSESSIVE.sub("", last[0]))
            yield Mention(tokens[place].start(), end, frozenset(forms[form]))
            place += len(form)

    def misspelt(self, text: str, found: Sequence[Mention]) -> list[Mention]:
        """Names with a slip of the pen, among the words that are written as names."""
        tokens = [
            token
            for token in _TOKEN.finditer(text)
            if not any(each.start < token.end() and token.start() < each.end for each in found)
        ]
        slips: list[Mention] = []
        place = 0
        while place < len(tokens):
            slip = self._slip(text, tokens[place : place + _AT_ONCE])
            if slip is None:
                place += 1
                continue
            slips.append(slip[0])
            place += slip[1]
        return slips

    def _slip(self, text: str, tokens: Sequence[re.Match[str]]) -> tuple[Mention, int] | None:
        first = tokens[0]
        if not first[0][0].isupper() or not text[: first.start()].strip():
            return None
        bare = [_bare(token[0]) for token in tokens]
        nearest, count, named = _NEAR, 0, frozenset[str]()
        for name, length, names in self._by_letter.get(bare[0][:1], ()):
            written = " ".join(bare[:length])
            if abs(len(name) - len(written)) > 2:
                continue
            match = SequenceMatcher(None, name, written, autojunk=False)
            if match.quick_ratio() > nearest and (ratio := match.ratio()) > nearest:
                nearest, count, named = ratio, length, names
        if not count:
            return None
        last = tokens[count - 1]
        end = last.start() + len(_POSSESSIVE.sub("", last[0]))
        return Mention(first.start(), end, named), count


def _is_name(
    text: str, tokens: Sequence[re.Match[str]], form: tuple[str, ...], *, lower: bool
) -> bool:
    """Whether words are written as a name; who writes no capitals means names all the same."""
    if len(form) > 1:
        return lower or any(not token[0].islower() for token in tokens)
    first = tokens[0]
    if lower:
        return len(form[0]) >= _FEWEST_LOWER and form[0] not in EVERYDAY
    if form[0] in EVERYDAY and not text[: first.start()].strip(" '\"‘“"):
        # any word begins a question with a capital
        return first[0].endswith(("'s", "’s"))
    return not first[0].islower()


def _tokens(text: str) -> list[str]:
    return [_bare(token[0]) for token in _TOKEN.finditer(text)]


def _bare(token: str) -> str:
    return _POSSESSIVE.sub("", token).casefold()
