"""What a question is taken to mean: in full, with its limits, its names and the answer it wants."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time

from bot.research.answer_kind import kind_of
from bot.research.asked_limits import DateLimits, date_limits
from bot.research.asked_times import written_out
from bot.research.content_words import content_words, said_words
from bot.research.follow_up import in_full
from bot.research.measured import counted_in, measured_in
from bot.research.model import Limit, LimitKind, Query, Question, Wishes
from bot.research.names import NamesAsked, names_asked
from bot.research.scope import asks_across, asks_newest
from bot.research.telling import FIGURES, Kind
from ingest.language.words import words
from ingest.records import Filter, Known

# a quarter, half or fiscal year, which reports write in many ways; ordinals, numbers, measures
_PERIOD = re.compile(
    r"(?:q[1-4]|[1-4]q|h[12]|[12]h|fy)(?:20\d\d)?|fy\d\d|[a-z]+-(?:19|20)\d\d"
    r"|[\d.,]+(?:st|nd|rd|th|s|x|tn|bn|mn|m|k)|[\d.,]+(?:-[a-z]+)+"
)
_NOTHING_KNOWN = Known()


def understand(question: Question, known: Known = _NOTHING_KNOWN) -> Query:
    """Take a question apart.

    Args:
        question: in the asker's words.
        known: what the library holds, by the names that the question may use.

    Returns:
        What it was taken to mean. Its filter lets through no report that the question's own
        does not. A question of stop words alone keeps them as its terms.
    """
    today = question.asked_at.date()
    whole = in_full(question.text, question.history, known, today)
    text = written_out(whole, today)
    kind = kind_of(question.text)
    if kind is Kind.ANYTHING and not whole.startswith(question.text.strip()):
        kind = kind_of(text)  # of an ellipsis only the question before says what is wanted
    names = names_asked(text, known)
    if kind is Kind.COMPARISON:  # with somebody the library may call otherwise
        names = replace(names, limited=frozenset())
    names = _unread(names, question.undone)
    limits = tuple(
        limit
        for limit in (*_limits_of_names(names, known), *_limits_of_days(date_limits(whole, today)))
        if limit.kind not in question.undone
    )
    return Query(
        question=question,
        text=text,
        terms=content_words(text) or tuple(dict.fromkeys(said_words(text) or words(text))),
        counted=counted_in(text),
        measured=measured_in(text) if kind in FIGURES else frozenset(),
        codes=frozenset(word for word in said_words(text) if _is_code(word)),
        kind=kind,
        filter=_narrowed(question.filter, limits, names),
        limits=limits,
        wishes=Wishes(
            publishers=names.publishers,
            strangers=names.strangers,
            reports=names.reports,
            companies=names.companies,
            newest=asks_newest(text),
            across=asks_across(text, names),
        ),
    )


def _unread(names: NamesAsked, undone: frozenset[LimitKind]) -> NamesAsked:
    """Names without those of the kinds that are not to be read."""
    none = frozenset[str]()
    if LimitKind.PUBLISHERS in undone:
        names = replace(names, publishers=none, limited=none, strangers=())
    if LimitKind.REPORTS in undone:
        names = replace(names, reports=none, limited_reports=none)
    return names


def _limits_of_names(names: NamesAsked, known: Known) -> list[Limit]:
    limits = []
    if names.limited:
        limits.append(Limit(LimitKind.PUBLISHERS, tuple(sorted(names.limited))))
    if names.limited_reports:
        titles = (title for report, title in known.titles if report in names.limited_reports)
        limits.append(Limit(LimitKind.REPORTS, tuple(sorted(titles))))
    return limits


def _limits_of_days(days: DateLimits) -> list[Limit]:
    limits = []
    if days.since or days.until:
        limits.append(Limit(LimitKind.DATES, since=days.since, until=days.until))
    if days.as_of:
        limits.append(Limit(LimitKind.AS_OF, until=days.as_of))
    return limits


def _narrowed(own: Filter, limits: tuple[Limit, ...], names: NamesAsked) -> Filter:
    """A filter that lets through what both the question's own and its limits do."""
    for limit in limits:
        match limit.kind:
            case LimitKind.PUBLISHERS:
                own = replace(own, publishers=_both(own.publishers, names.limited))
            case LimitKind.REPORTS:
                own = replace(own, reports=_both(own.reports, names.limited_reports))
            case LimitKind.DATES:
                since = max((day for day in (own.since, limit.since) if day), default=None)
                until = min((day for day in (own.until, limit.until) if day), default=None)
                own = replace(own, since=since, until=until)
            case LimitKind.AS_OF if limit.until is not None:
                moment = _end_of(limit.until)
                own = replace(own, as_of=min(own.as_of or moment, moment))
    return own


def _both(own: frozenset[str] | None, limited: frozenset[str]) -> frozenset[str]:
    return limited if own is None else own & limited


def _end_of(day: date) -> datetime:
    """The last moment of a day, UTC."""
    return datetime.combine(day, time.max, UTC)


def _is_code(word: str) -> bool:
    """Whether a word mixes letters and digits, as names of products do."""
    mixed = re.search(r"[a-z]", word) and re.search(r"\d", word)
    return bool(mixed) and not _PERIOD.fullmatch(word)
