"""The list that a piece of evidence is an item of: bullets, numbers, rows under one label."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.research.model import Evidence, Query
from bot.research.pieces import asked_of, pieces
from bot.research.sought import Sought

Span = tuple[int, int]
"""Offsets in a passage's text, of the first character and behind the last."""

_FEWEST = 2
_LONGEST = 600  # characters of an item; what is longer is a text with numbered paragraphs
_MARK = re.compile(
    r"^[^\S\n]*(?:(?P<bullet>[•●▪■◆◇➢▶·*–—-])(?=\s)|(?P<plain>\d{1,2})(?:[.)](?=\s)|、))"
    # "sales(1)" is a remark on sales
    r"|(?<![A-Za-z\d])[(（](?P<inside>\d{1,2})[)）]|(?P<circled>[①-⑳])",
    re.MULTILINE,
)
_BEFORE_FIRST_CIRCLED = ord("①") - 1
_LEADS = re.compile(r"[:：]\s*$")
_CLOSED = re.compile(r"[.!?。！？;；][\"'”’」』)）\]]*$")


class _Mark(NamedTuple):
    """What an item begins with.

    Attributes:
        start: offset of its first character.
        sort: how items are marked: a bullet, or a manner of numbering.
        number: the item's, 0 where it has none.
        inline: it stands within a line.
    """

    start: int
    sort: str
    number: int
    inline: bool


def list_around(evidence: Evidence, query: Query) -> list[Evidence]:
    """Return the items of the list that evidence stands in, in order.

    Args:
        evidence: a sentence or a row.
        query: what is asked; chooses the cells of rows.

    Returns:
        The items, each as evidence of its own, the first one with the line that leads to it;
        nothing where the evidence stands in no list, or in one of other things.
    """
    if evidence.told:
        return _rows_around(evidence, query)
    text = evidence.hit.passage.text
    start, end = evidence.sentences[evidence.place]
    for run in _runs(text):
        items = _items(text, run, evidence.sentences)
        if (
            len(items) >= _FEWEST
            and items[0][0] < end
            and start < items[-1][1]
            and all(last - first <= _LONGEST for first, last in items)
        ):
            spans = tuple(items)
            if not _is_asked_for([text[slice(*span)] for span in spans], evidence, query):
                return []
            return [replace(evidence, sentences=spans, place=at) for at in range(len(spans))]
    return []


def _is_asked_for(items: Sequence[str], evidence: Evidence, query: Query) -> bool:
    """Whether a list under a heading is of what is asked for: "What we expect" is of many things.

    The heading, the line that leads to it or half of the items speak of it.
    """
    section = evidence.hit.passage.section.rpartition(" › ")[2]
    if not section:
        return True
    sought = Sought(query.terms)
    lead = items[0].rpartition("\n")[0]
    speaking = sum(bool(sought.held(item)) for item in items)
    return bool(sought.held(f"{section}\n{lead}")) or 2 * speaking >= len(items)


def _rows_around(evidence: Evidence, query: Query) -> list[Evidence]:
    """The rows next to a row that stand under the same line and can be told."""
    found = pieces(evidence.hit.passage, asked_of(query.text, query.terms))
    group = found[evidence.place].group
    if not group:
        return []
    first = last = evidence.place
    while first > 0 and found[first - 1].group == group:
        first -= 1
    while last + 1 < len(found) and found[last + 1].group == group:
        last += 1
    rows = [
        replace(evidence, place=place, told=found[place].told)
        for place in range(first, last + 1)
        if found[place].told and found[place].quotable
    ]
    return rows if len(rows) >= _FEWEST else []


def _runs(text: str) -> list[list[_Mark]]:
    """Marks that follow one another: bullets of one sort, or numbers each one more."""
    runs: list[list[_Mark]] = []
    for match in _MARK.finditer(text):
        mark = _mark(match)
        last = runs[-1][-1] if runs else None
        goes_on = (
            last is not None
            and mark.sort == last.sort
            and mark.number in {0, last.number + 1}
            and mark.start - last.start <= _LONGEST
            and not _is_broken(text[last.start : mark.start])
        )
        if goes_on:
            runs[-1].append(mark)
        elif mark.number <= 1:
            runs.append([mark])
    return runs


def _mark(match: re.Match[str]) -> _Mark:
    start = match.end() - len(match[0].lstrip())
    line = match.string.rfind("\n", 0, start) + 1
    inline = bool(match.string[line:start].strip())
    if match["bullet"]:
        return _Mark(start, match["bullet"], 0, inline)
    if match["circled"]:
        return _Mark(start, "circled", ord(match["circled"]) - _BEFORE_FIRST_CIRCLED, inline)
    sort = "plain" if match["plain"] else "inside"
    return _Mark(start, sort, int(match[sort]), inline)


def _is_broken(between: str) -> bool:
    """Whether a paragraph of its own stands between two marks."""
    return "\n\n" in between.rstrip()


def _items(text: str, run: Sequence[_Mark], sentences: Sequence[Span]) -> list[Span]:
    """The items that begin with marks, the first one with what leads to it."""
    ends = [mark.start for mark in run[1:]]
    starts = [mark.start for mark in run]
    wrapped = any("\n" in text[start:end].strip() for start, end in zip(starts, ends, strict=False))
    ends.append(_end_of_last(text, run[-1], sentences, wrapped=wrapped))
    starts[0] = _lead(text, run[0], sentences)
    spans = [
        (start, start + len(text[start:end].rstrip()))
        for start, end in zip(starts, ends, strict=True)
    ]
    # a mark alone, as of a remark behind a word, is no item
    return spans if all(_says_something(text[start:end]) for start, end in spans) else []


def _end_of_last(text: str, mark: _Mark, sentences: Sequence[Span], *, wrapped: bool) -> int:
    """Where the last item ends: with its sentence, with its line, or with the last of its lines."""
    if mark.inline:
        ends = (end for start, end in sentences if start <= mark.start < end)
        return next(ends, len(text))
    end = text.find("\n", mark.start)
    while wrapped and end >= 0 and not _CLOSED.search(text[mark.start : end].rstrip()):
        further = text.find("\n", end + 1)
        if not text[end + 1 : further if further >= 0 else None].strip():
            break
        end = further
    return end if end >= 0 else len(text)


def _lead(text: str, mark: _Mark, sentences: Sequence[Span]) -> int:
    """Where the first item begins: with the words before it in its sentence, or a line above."""
    if mark.inline:
        starts = (start for start, end in sentences if start <= mark.start < end)
        return next(starts, mark.start)
    above = text[: mark.start].rstrip()
    if not _LEADS.search(above):
        return mark.start
    line = above.rfind("\n") + 1
    return line + len(above[line:]) - len(above[line:].lstrip())


def _says_something(item: str) -> bool:
    return any(map(str.isalnum, _MARK.sub("", item)))
