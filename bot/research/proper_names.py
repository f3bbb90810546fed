"""The words of a question that are names: what they name must be told of in an answer."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from bot.research.sought import Sought, root_of, stem_of
from ingest.language.words import searchable

_WORD = re.compile(r"[^\W_]+(?:[.,'’&-][^\W_]+)*")
_BEGINS = re.compile(r"(?:^|[.!?:;…]\s+|[\"“‘'(]\s*)$")
_SUBJECT = re.compile(
    r"\W*(?!(?:It|This|That|There|He|She|Which|What|Who|Here|Nobody|Everybody)\b)(?P<name>[A-Z]\w+)"
    r" (?:is|was|has|had|will|would|sa(?:id|ys)|[a-z]+ed|makes|made|built|sells|sold|leads|led)\b"
)
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_POSSESSIVE = re.compile(r"['’]s$")
_NO_NAMES = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Q[1-4]|[1-4]Q|H[12]|[12]H|FY|CY|I|US\$|USD|RMB"
    r"|CNY|EUR|HKD|10-[QK]s?|8-Ks?|YoY|QoQ|CEO|CFO|CTO|COO|R&D|M&A|GDP|CPI|AI|AIGC"
    r"|GPUs?|CPUs?|LLMs?|IT|IPO|ETF)(?:['’]s)?"
    r"|(?:Q[1-4]|[1-4]Q|FY|H[12])\d{2,4}"
)


class ProperNames:
    """The names in a question.

    Args:
        text: the question, in the asker's letters: a name begins with a capital.
        terms: its content words.
        others: other names of what some of the terms say together, as for `Sought`.
    """

    def __init__(
        self,
        text: str,
        terms: Collection[str],
        others: Sequence[tuple[Iterable[str], Iterable[str]]] = (),
    ) -> None:
        runs = list(_runs(text, frozenset(terms)))
        self._written = Sought(word for run in runs for word in run)
        self._called = Sought((word for run in runs for word in run), others)
        self._alone = frozenset(stem_of(run[0]) for run in runs if len(run) == 1)

    def others_in(self, text: str, *, surely: bool) -> bool:
        """Whether a text tells other names too.

        Args:
            text: a sentence.
            surely: only what has a capital for no other reason is one; else any word that a
                sentence begins with and a verb follows, and all of Chinese, which has no capitals.
        """
        if _CHINESE.search(text):
            return not surely
        first = None if surely else _SUBJECT.match(text)
        if first and stem_of(first["name"].casefold()) not in self._written.stems:
            return True
        return any(
            stem_of(bare) not in self._written.stems
            for match in _WORD.finditer(text)
            if (bare := _bare_name(text, match)) is not None
        )

    def are_told(self, text: str, *, every: bool) -> bool:
        """Whether a text tells every word of them, or any; True where there are none."""
        if not self._written.stems:
            return True
        told = self._told(text)
        return self._written.stems <= told if every else bool(told)

    def _told(self, text: str) -> frozenset[str]:
        """The stems of those words that a text tells, by this name or another.

        A name of one word is written with a capital there too: "Figure" is no "figure".
        """
        written = self._written.held(text)
        small = {each for each in written & self._alone if not _has_capital(text, each)}
        return (written - small) | (self._called.held(text) - written)


def _runs(text: str, terms: Collection[str]) -> Iterator[list[str]]:
    """The words of each name of a question, lower case, those that are content words."""
    in_chinese = _CHINESE.search(text) is not None
    text = searchable(text)  # Chinese stands apart from the Latin letters beside it
    run: list[str] = []
    end = 0
    for match in _WORD.finditer(text):
        bare = _bare_name(text, match, marked=in_chinese)
        if bare is not None and bare in terms:
            if run and text[end : match.start()] != " ":
                yield run
                run = []
            run.append(bare)
            end = match.end() if bare == match[0].casefold() else -1
    if run:
        yield run


def _bare_name(text: str, match: re.Match[str], *, marked: bool = False) -> str | None:
    """A word without its possessive, lower case, if it is written as a name; else None."""
    word = match[0]
    if not word[0].isalpha() or word[0].islower() or _NO_NAMES.fullmatch(word):
        return None
    begins = _BEGINS.search(text[: match.start()]) is not None
    marked = marked or word.endswith(("'s", "’s")) or any(map(str.isupper, word[1:]))
    if (begins and not marked) or _CHINESE.match(word):
        return None
    return _POSSESSIVE.sub("", word).casefold()


def _has_capital(text: str, stem: str) -> bool:
    return any(
        found[0][0].isupper()
        for found in re.finditer(
            rf"(?<![^\W_\u3400-\u9fff]){re.escape(root_of(stem))}", text, re.IGNORECASE
        )
    )
