"""From evidence to an answer, or to not knowing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.research.disagreement import newer_otherwise
from bot.research.figures import figures_asked
from bot.research.forecasts import is_forecast
from bot.research.lists import list_around
from bot.research.model import (
    Answer,
    Candidate,
    Citation,
    Evidence,
    LimitKind,
    NotFound,
    Query,
    Reason,
    Statement,
    View,
)
from bot.research.risk_sections import in_risk_sections
from bot.research.speaker import Attribution, attribute
from bot.research.telling import Kind
from bot.research.told_once import told_once
from bot.research.views import Compared, compared
from ingest.records import Hit

_STATEMENTS = 4
_ITEMS = 8  # of a list
_RISKS = 6
_NEAREST = 3
_BEHIND = 0.12  # a further statement may score this much less than the best
_BEHIND_COMPARED = 0.25  # what is set beside it, more: one side of two is no comparison


def conclude(
    query: Query,
    able: Sequence[Evidence],
    candidates: Sequence[Candidate],
    reason: Reason = Reason.NOT_THIS,
    sides: Sequence[Compared] = (),
) -> Answer | NotFound:
    """Answer with the best evidence if there is any.

    Args:
        query: what is asked.
        able: sentences and rows that can be trusted to answer it, best first.
        candidates: passages, best first; shown as the nearest where nothing answers.
        reason: why, where nothing does.
        sides: what is set side by side, where each side was asked by itself.

    Returns:
        The answer, or that the reports do not say.
    """
    if not able and not sides:
        return NotFound(
            query.question,
            tuple(
                Citation(number, candidate.hit.passage, candidate.hit.report)
                for number, candidate in enumerate(candidates[:_NEAREST], start=1)
            ),
            reason,
            query.limits,
        )
    behind = _BEHIND_COMPARED if query.kind is Kind.COMPARISON else _BEHIND
    near = [each for each in able if able[0].score - each.score <= behind]
    made = _Made(query)
    sides = sides or compared(query, able, near)
    views: tuple[View, ...] = ()
    if sides:
        views = _views(sides, made)
    else:
        _best(query, able, near, made)
    made.name_newer(() if views else able)
    citations = tuple(made.citations.values())
    return Answer(query.question, tuple(made.statements), citations, query.limits, views)


class _Made:
    """The statements of an answer as they are made, and their footnotes.

    Args:
        query: what is asked.

    Attributes:
        statements: in order.
        citations: by the passage, in the order of their numbers.
    """

    def __init__(self, query: Query) -> None:
        self.statements: list[Statement] = []
        self.citations: dict[str, Citation] = {}
        self._query = query
        self._stated: list[Evidence] = []  # of each statement
        self._shown: set[str] = set()  # sentences, leads included

    def add(self, evidence: Evidence, also: Sequence[Hit] = (), more: int = 0) -> None:
        """State evidence, unless what it says is shown already."""
        said = _flowing(evidence.text)
        if said in self._shown:
            return
        cited = self._cited(evidence.hit)
        statement = _statement(self._query, evidence, cited, self._shown)
        further = tuple(self._cited(hit) for hit in also)
        self.statements.append(replace(statement, also=further, more=more))
        self._stated.append(evidence)

    def name_newer(self, able: Sequence[Evidence]) -> None:
        """Name beside each statement the newer report that says otherwise, and state that too.

        Args:
            able: among which newer reports are looked for besides those that are stated.
        """
        for place, evidence in enumerate(tuple(self._stated)):
            newer = newer_otherwise(evidence, (*self._stated, *able))
            if newer is not None:
                self.add(newer)
                named = replace(self.statements[place], newer=self._cited(newer.hit))
                self.statements[place] = named

    def _cited(self, hit: Hit) -> Citation:
        number = len(self.citations) + 1
        return self.citations.setdefault(hit.passage.id, Citation(number, hit.passage, hit.report))


def _views(sides: Sequence[Compared], made: _Made) -> tuple[View, ...]:
    """State what is compared, one side after the other."""
    views = []
    for side in sides:
        first = len(made.statements)
        for evidence in side.evidence:
            made.add(evidence)
        places = tuple(range(first, len(made.statements)))
        if places:  # else another says the same in the same words
            views.append(View(side.label, side.published, places))
    return tuple(views) if len(views) > 1 else ()


def _best(query: Query, able: Sequence[Evidence], near: Sequence[Evidence], made: _Made) -> None:
    """State the list that the best evidence stands in, what is said of risks, then the best."""
    items = list_around(able[0], query) if query.kind is Kind.LIST else []
    risks = in_risk_sections(able) if query.kind is Kind.RISKS else []
    most = _STATEMENTS
    if items:
        start = max(_place_of(able[0], items) - _ITEMS + 1, 0)
        shown = items[start : start + _ITEMS]
        for item in shown:
            made.add(item, more=len(items) - len(shown) if item is shown[-1] else 0)
        near = [each for each in near if not _is_among(each, items)]
        most = len(made.statements) + _STATEMENTS - 1
    elif risks:
        near = [*risks, *(each for each in near if not any(each is risk for risk in risks))]
        most = max(_STATEMENTS, min(len(risks), _RISKS))
    for once in told_once(near):
        if len(made.statements) < most:
            made.add(once.evidence, once.also)


def _is_among(evidence: Evidence, items: Sequence[Evidence]) -> bool:
    """Whether evidence stands in the list that is told."""
    start, end = evidence.sentences[evidence.place]
    first, last = items[0], items[-1]
    return (
        evidence.hit.passage.id == first.hit.passage.id
        and first.sentences[first.place][0] < end
        and start < last.sentences[last.place][1]
    )


def _place_of(evidence: Evidence, items: Sequence[Evidence]) -> int:
    """The place among the items of a list of that which evidence is, or begins in."""
    start = evidence.sentences[evidence.place][0]
    begun = [place for place, each in enumerate(items) if each.sentences[each.place][0] <= start]
    return begun[-1] if begun else 0


def _today(query: Query) -> date:
    """The day from which the age of reports is counted."""
    as_of = (limit.until for limit in query.limits if limit.kind is LimitKind.AS_OF)
    return next((day for day in as_of if day), query.question.asked_at.date())


def _years(published: date | None, today: date) -> int:
    if published is None:
        return 0
    before_birthday = (today.month, today.day) < (published.month, published.day)
    return max(today.year - published.year - before_birthday, 0)


def _statement(query: Query, evidence: Evidence, citation: Citation, shown: set[str]) -> Statement:
    """The statement, without a lead where that is shown already; adds what it shows."""
    passage = evidence.hit.passage
    texts = [passage.text[start:end] for start, end in evidence.sentences]
    attribution = (
        Attribution(None, evidence.place) if evidence.told else attribute(texts, evidence.place)
    )
    lead = {_flowing(text) for text in texts[attribution.first : evidence.place]}
    first = attribution.first if shown.isdisjoint(lead) else evidence.place
    shown |= lead | {_flowing(evidence.text)}
    start, end = evidence.sentences[evidence.place]
    begin = evidence.sentences[first][0]
    published = citation.report.description.published
    return Statement(
        text=passage.text[start:end],
        lead=passage.text[begin:start].rstrip(),
        start=passage.start + begin,
        end=passage.start + end,
        speaker=attribution.speaker,
        citation=citation,
        told=evidence.told,
        forecast=is_forecast(evidence.told or evidence.text, published),
        years=_years(published, _today(query)),
        figures=figures_asked(evidence.told or evidence.text, query, told=bool(evidence.told)),
    )


def _flowing(text: str) -> str:
    """A sentence however its lines are broken: reports are printed more than once."""
    return " ".join(text.split())
