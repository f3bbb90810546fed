"""The glossary: other names of what a text names, so that a search may look for them too.

A name is looked for as whole words, in English in the singular and the plural, and wherever it
stands in Chinese; the longest name at a place is the one that counts ("gross profit margin" names
no profit). Abbreviations of fewer than four capitals ("EPS", "R&D") need them, in a longer name
too; a short name and one that is an everyday word ("Fed", "Meta") need the first. Other letters may
be of any case.

Nothing here rewrites a text: a report is quoted as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.research.name_index import EVERYDAY
from ingest.records import Company, Known

Aliases = tuple[tuple[str, tuple[str, ...]], ...]

_SIX_DIGITS = 6  # of the codes of mainland shares, which tell a company without their exchange
_SHORT = 4  # letters from which an abbreviation may be written in small ones

_HAN = re.compile(r"[\u3400-\u9fff]")
_TOKEN = re.compile(r"[^\W_\u3400-\u9fff]+")
# what may stand between the words of a name; a hyphen or a line's end is as good as a space
_SPACE = re.compile(r"[\s‐‑–-]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing with all its names.

    Attributes:
        names: what it is called, in questions and in reports; the first identifies it.
        also: what reports call it that may mean something else as well: it is searched for and
            never taken for this thing.
        tickers: codes of a company's shares.
        is_company: it is a company.
    """

    names: tuple[str, ...]
    also: tuple[str, ...] = ()
    tickers: tuple[str, ...] = ()
    is_company: bool = False

    @property
    def id(self) -> str:
        """What tells it from all others."""
        return self.names[0].casefold()

    @property
    def codes(self) -> tuple[str, ...]:
        """Its tickers as they are found in a text, those of two letters being too short for it."""
        numbers = (code.partition(".")[0] for code in self.tickers)
        long = (number for number in numbers if len(number) == _SIX_DIGITS and number.isdecimal())
        return tuple(dict.fromkeys((*(code for code in self.tickers if len(code) > 2), *long)))

    @property
    def recognised(self) -> tuple[str, ...]:
        """All by which it is known in a text."""
        return tuple(dict.fromkeys((*self.names, *self.codes)))


@dataclass(frozen=True, slots=True)
class _Form:
    """A name as it is looked for.

    Attributes:
        entry: what it names.
        joints: what stands between its words.
        capitals: how many letters at the beginning of each word must be capitals.
    """

    entry: Entry
    joints: tuple[str, ...]
    capitals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    """A name where a text holds it, and what it names."""

    start: int
    end: int
    entry: Entry


class Glossary:
    """Names for things, looked for in questions and in sentences.

    Args:
        entries: no two of which share a name, as `read_entries` gives them.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries = tuple(entries)
        # by their first word and first two characters, the longest first
        self._english: dict[str, dict[tuple[str, ...], list[_Form]]] = {}
        self._chinese: dict[str, list[tuple[str, Entry]]] = {}
        for entry in self._entries:
            for name in entry.recognised:
                self._learn(name, entry)
        for same_start in self._chinese.values():
            same_start.sort(key=lambda each: -len(each[0]))
        self._longest = {
            first: sorted({len(tokens) for tokens in forms}, reverse=True)
            for first, forms in self._english.items()
        }

    def aliases(self, text: str) -> Aliases:
        """Return the names in a text that have others, in order, each with these.

        Args:
            text: a question.

        Returns:
            Each name as the text writes it, once, and the other names of the same thing, those
            among them that may mean something else too.
        """
        found: dict[str, tuple[str, tuple[str, ...]]] = {}
        for named in self._named(text):
            name, entry = text[named.start : named.end], named.entry
            every = (*entry.recognised, *entry.also)
            others = tuple(each for each in every if each.casefold() != name.casefold())
            found.setdefault(name.casefold(), (name, others))
        return tuple(each for each in found.values() if each[1])

    def concepts(self, text: str) -> frozenset[str]:
        """Return what a text names, whatever it calls it.

        Args:
            text: a question or a sentence of a report.

        Returns:
            The first name of each thing, in small letters: two texts that share one speak of the
            same.
        """
        return frozenset(named.entry.id for named in self._named(text))

    def companies(self) -> tuple[Company, ...]:
        """Return the companies with their names and tickers."""
        return tuple(Company(each.names, each.tickers) for each in self._entries if each.is_company)

    def named(self, known: Known) -> Known:
        """Return what a library holds, its companies with the names that they have here too.

        Args:
            known: of the library.
        """
        here: dict[str, list[Company]] = {}
        for company in self.companies():
            for name in (*company.names, *company.tickers):
                here.setdefault(name.casefold(), []).append(company)
        companies = []
        for company in known.companies:
            names, tickers = dict.fromkeys(company.names), dict.fromkeys(company.tickers)
            for name in (*company.names, *company.tickers):
                for other in here.get(name.casefold(), ()):
                    names |= dict.fromkeys(other.names)
                    tickers |= dict.fromkeys(other.tickers)
            companies.append(Company(tuple(names), tuple(tickers)))
        return replace(known, companies=tuple(companies))

    def _learn(self, name: str, entry: Entry) -> None:
        if _HAN.search(name):
            folded = _folded(name)
            self._chinese.setdefault(folded[:2], []).append((folded, entry))
            return
        words = _TOKEN.findall(name)
        is_code = name in entry.codes
        form = _Form(
            entry, _joints(name), tuple(_capitals(word, words, is_code=is_code) for word in words)
        )
        *first, last = map(_folded, words)
        lasts = {last} if entry.is_company else {last, _other_number(words[-1])}
        for last in lasts:
            tokens = (*first, last)
            self._english.setdefault(tokens[0], {}).setdefault(tokens, []).append(form)

    def _named(self, text: str) -> list[_Named]:
        """The names in a text, in order, none overlapping."""
        found = [*self._in_english(text), *self._in_chinese(text)]
        # a name in both scripts ("A股") goes before a word of its own
        found.sort(key=lambda each: (each.start, -each.end))
        kept: list[_Named] = []
        for named in found:
            if not kept or named.start >= kept[-1].end:
                kept.append(named)
        return kept

    def _in_english(self, text: str) -> Iterator[_Named]:
        tokens: list[str] = _TOKEN.findall(_folded(text))
        places: list[tuple[int, int]] = []
        past = 0
        for at, token in enumerate(tokens):
            if token not in self._longest or at < past:
                continue
            for length in self._longest[token]:
                forms = self._english[token].get(tuple(tokens[at : at + length]))
                if not forms:
                    continue
                # where words stand is asked of the texts that may hold a name alone
                places = places or [match.span() for match in _TOKEN.finditer(text)]
                spans = places[at : at + length]
                form = next((form for form in forms if _fits(form, text, spans)), None)
                if form is not None:
                    yield _Named(spans[0][0], spans[-1][1], form.entry)
                    past = at + length
                    break

    def _in_chinese(self, text: str) -> Iterator[_Named]:
        if not _HAN.search(text):
            return
        folded = _folded(text)
        past = 0
        for at in range(len(folded) - 1):
            start = folded[at : at + 2]
            if start not in self._chinese or at < past:
                continue
            for name, entry in self._chinese[start]:
                if folded.startswith(name, at) and not _cuts_word(folded, at, at + len(name)):
                    past = at + len(name)
                    yield _Named(at, past, entry)
                    break


def _folded(text: str) -> str:
    """A text in small letters, each where its capital stood."""
    low = text.lower()
    return low if len(low) == len(text) else text


def _joints(text: str) -> tuple[str, ...]:
    """What stands between the words of a text, whatever kind of space it is."""
    spans = [match.span() for match in _TOKEN.finditer(text)]
    return tuple(_joint(text[one[1] : other[0]]) for one, other in pairwise(spans))


def _joint(between: str) -> str:
    return _SPACE.sub("", between).replace("’", "'") or " "


def _capitals(word: str, words: list[str], *, is_code: bool) -> int:
    """How many capitals a word of a name begins with wherever it is meant."""
    if is_code or (word.isupper() and len(word) < _SHORT):
        return len(word)
    alone = len(words) == 1 and word[0].isupper()
    return int(alone and (len(word) < _SHORT or word.lower() in EVERYDAY))


def _other_number(word: str) -> str:
    """The plural of a singular, the singular of a plural: "margins", "inventory"."""
    low = word.lower()
    if low.endswith("ies"):
        return f"{low[:-3]}y"
    if low.endswith("s") and not word.isupper() and not low.endswith(("ss", "us", "is")):
        return low[:-1]
    if low.endswith("y") and low[-2:-1] not in {*"aeiou"}:
        return f"{low[:-1]}ies"
    return f"{low}s"


def _fits(form: _Form, text: str, spans: list[tuple[int, int]]) -> bool:
    """Whether words are joined and written as those of a name are."""
    joints = (_joint(text[one[1] : other[0]]) for one, other in pairwise(spans))
    return tuple(joints) == form.joints and all(
        # digits among them are neither
        not any(map(str.islower, text[start : start + many]))
        for (start, _), many in zip(spans, form.capitals, strict=True)
    )


def _cuts_word(text: str, start: int, end: int) -> bool:
    """Whether a name begins or ends inside a word of Latin letters: "昇腾910" in "昇腾910B"."""
    before, behind = text[max(start - 1, 0) : start + 1], text[end - 1 : end + 1]
    return any(len(_TOKEN.sub("", pair)) == 0 and len(pair) == 2 for pair in (before, behind))
