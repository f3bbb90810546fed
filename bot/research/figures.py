"""Which stretch of an answer is the figure asked for, and whether two texts tell the same figures.

A figure is marked only where there is no doubt which one it is: in doubt none is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from bot.research.model import Query
from bot.research.sought import stem_of, stems
from bot.research.telling import COUNT, FIGURE, FIGURES, PRICE, SHARE, Kind
from bot.research.times import Times, times_in
from ingest.language.amounts import Amount, amounts_in, same
from ingest.language.dates import printed_dates

Span = tuple[int, int]
"""Offsets in a text, of the first character and behind the last."""

# numbers that count nothing: of stretches of time, of pages and chapters, "一个" for "a"
_COUNTS_NOTHING = re.compile(
    r"\b(?:first|second|latter) half\b|\bhalf[ -]year\b"
    r"|\b[\w-]+[ -](?:months?|weeks?) (?:period )?ended\b"
    r"|\b(?:page|note|table|figure|chart|item|exhibit|section|chapter|phase|no\.)\s?\d+\w*"
    r"|一[个家](?!百分点)|[上下]半年|[一二三四]季度",
    re.IGNORECASE,
)
_TO_THE_END = re.compile(r"[\d,.]*\d")
_BETWEEN = re.compile(r"\s?[-–—~～至到]\s?|")  # the two ends of a range are one figure
_LASTING = re.compile(
    r"[\s-]?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|个月|[年天周])(?![a-z])",
    re.IGNORECASE,
)
_CLAUSES = re.compile(
    r"[;；，、。]|[,:：]\s|\s(?=(?:and|but|while|whereas|compared|versus|from|up|down)\s)"
)
_NEXT_WORDS = re.compile(r"\W*(?:[\w'’-]+\W+){0,2}[\w'’-]+")  # three of them
_VALUE_TOLD = re.compile(r": (?P<value>[^:;]*?\d[^:;]*?)(?: \([^()]*\))?$")
_WITH_UNIT = 4  # words of a cell that is a figure with its unit
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def figures_asked(text: str, query: Query, *, told: bool = False) -> tuple[Span, ...]:
    """Return where in a text the figure stands that a question asks for.

    Args:
        text: a sentence, or a row as it is told.
        query: what is asked; only where that is a figure of any kind is one marked.
        told: the text is a row told in words: "sales, 2023: 9 billion yuan".

    Returns:
        Its span in the text; nothing where it holds several figures and nothing says which of
        them is meant, and where it is of times not asked for.
    """
    if query.kind not in FIGURES:
        return ()
    if told:
        return _of_row(text, query)
    asked = times_in(query.text)
    if asked.rules_out(times_in(text)):
        return ()
    found = _figures(text, query)
    if len(found) > 1 and query.counted:
        found = [span for span in found if _counts(text, span, query.counted)] or found
    if len(found) > 1:
        found = _in_best_clause(text, found, query, asked)
    return tuple(found) if len(found) == 1 else ()


def same_told(one: str, other: str) -> bool:
    """Tell whether two texts tell the same figures of the same thing.

    Args:
        one: a sentence, or a row as it is told.
        other: another.

    Returns:
        True where both hold figures, all of them the same however they are written, and the
        words around them are the same.
    """
    (amounts, numbers, said), (others, other_numbers, other_said) = _parted(one), _parted(other)
    return (
        bool(amounts or numbers)
        and numbers == other_numbers
        and said == other_said
        and len(amounts) == len(others)
        and all(same(mine, its) for mine, its in zip(amounts, others, strict=True))
    )


@lru_cache(maxsize=512)  # each is held against several others
def _parted(text: str) -> tuple[list[Amount], list[str], set[str]]:
    """The amounts of a text, its other numbers, and the stems of its words."""
    amounts = amounts_in(text)
    rest = text
    for amount in reversed(amounts):
        rest = f"{rest[: amount.start]} {rest[amount.end :]}"
    numbers = [found.replace(",", "") for found in _NUMBER.findall(rest)]
    return amounts, numbers, stems(_NUMBER.sub(" ", rest))


def _of_row(told: str, query: Query) -> tuple[Span, ...]:
    """The figure of a row of which one cell is told, with its unit unless that is a remark."""
    found = _VALUE_TOLD.search(told)
    if found is None or "; " in told or times_in(found["value"]).alone:
        return ()
    start, end = found.span("value")
    if len(found["value"].split()) <= _WITH_UNIT:
        return ((start, end),)
    within = _figures(found["value"], query)
    return tuple((start + first, start + last) for first, last in within[:1] if len(within) == 1)


def _figures(text: str, query: Query) -> list[Span]:
    """The figures of a text that can be what is asked for, in order."""
    amounts = amounts_in(text)
    if query.kind is Kind.PRICE:
        money = [amount for amount in amounts if amount.unit.isalpha() and amount.unit.isupper()]
        written = PRICE.finditer(text) if not money else ()
        spans = [(each.start, each.end) for each in money]
    else:
        written = (COUNT if query.kind is Kind.COUNT else FIGURE).finditer(text)
        spans = [(each.start, each.end) for each in amounts]
    spans += [_whole(text, match.span()) for match in written]
    no_figures = [(day.start, day.end) for day in printed_dates(text)]
    no_figures += [match.span() for match in _COUNTS_NOTHING.finditer(text)]
    found = [
        span
        for span in _merged(text, spans)
        if not any(_overlap(span, other) for other in no_figures)
    ]
    if query.kind is not Kind.DURATION:
        found = [span for span in found if not _LASTING.match(text, span[1])]
    parts = [span for span in found if SHARE.search(text[slice(*span)])]
    if query.kind is Kind.SHARE or (query.kind is Kind.CHANGE and parts):
        return parts
    return found


def _whole(text: str, span: Span) -> Span:
    """A figure with all of its digits, without a full stop behind it."""
    start, end = span
    more = _TO_THE_END.match(text, end)
    end = more.end() if more else end
    return start, start + len(text[start:end].rstrip(" .,"))


def _merged(text: str, spans: Sequence[Span]) -> list[Span]:
    """Spans in order, those that overlap or are the ends of one range as one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        last = merged[-1] if merged else None
        if last and (start <= last[1] or _BETWEEN.fullmatch(text[last[1] : start])):
            merged[-1] = (last[0], max(last[1], end))
        else:
            merged.append((start, end))
    return merged


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _counts(text: str, span: Span, counted: frozenset[str]) -> bool:
    """Whether what is counted stands close behind a figure."""
    behind = _NEXT_WORDS.match(text, span[1])
    near = stems(behind[0]) if behind else set()
    return {stem_of(word) for word in counted} <= near


def _in_best_clause(text: str, figures: Sequence[Span], query: Query, asked: Times) -> list[Span]:
    """The figures of that clause which holds what all others hold of the question, and more."""
    terms = {stem_of(term) for term in query.terms}
    bounds = [0, *(match.start() for match in _CLAUSES.finditer(text)), len(text)]
    clauses = []
    for start, end in pairwise(bounds):
        held = [span for span in figures if start <= span[0] < end]
        if held and not asked.rules_out(times_in(text[start:end])):
            clauses.append((stems(text[start:end]) & terms, held))
    for place, (said, held) in enumerate(clauses):
        others = (other for at, (other, _) in enumerate(clauses) if at != place)
        if said and all(other < said for other in others):
            return held
    return []
