"""A comparison side by side: a view of each publisher, or of each report of one publisher."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.research.model import Evidence, Query
from bot.research.proper_names import ProperNames
from bot.research.sought import all_of
from bot.research.telling import Kind
from ingest.records import Description

_FEWEST, _VIEWS = 2, 4
_STATEMENTS = 6
_DECIDING = 4  # of the best evidence, whose publishers say what is compared
_NEAR = 0.2  # a statement of a side may score this much less than its best
_OF_A_SIDE = 2
_TELLS_A_VIEW = re.compile(
    r"\b(?:we|our|view|expect\w*|believes?|thinks?|recommend\w*|prefers?|predict\w*|will|should)\b"
    r"|我们|预计|认为|看好|建议|将",
    re.IGNORECASE,
)
_BEHIND = 0.25  # the best of a view may score this much less than the best of all


@dataclass(slots=True)
class Compared:
    """The evidence of one view.

    Attributes:
        label: the publisher, or what the report covers, or its title.
        evidence: best first, at least one.
    """

    label: str
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def published(self) -> date | None:
        """The day of its reports, None where they have several or none."""
        days = {each.hit.report.description.published for each in self.evidence}
        return days.pop() if len(days) == 1 else None

    @property
    def time(self) -> date:
        """The first day that its reports are of; the last day there is where that is unknown."""
        described = (each.hit.report.description for each in self.evidence)
        days = (each.period.last if each.period else each.published for each in described)
        return min((day for day in days if day), default=date.max)


def side_of(label: str, answering: Sequence[Evidence]) -> Compared:
    """Return the view of one side that was asked by itself.

    Args:
        label: what it is called.
        answering: evidence that answers, best first, at least one.

    Returns:
        The best of it, and a second that scores about as much: of what does, first what tells a
        view and not only what happened.
    """
    near = [each for each in answering if answering[0].score - each.score <= _NEAR]
    near.sort(key=lambda each: _TELLS_A_VIEW.search(each.told or each.text) is None)
    return Compared(label, near[:_OF_A_SIDE])


def compared(query: Query, able: Sequence[Evidence], near: Sequence[Evidence]) -> list[Compared]:
    """Return what is set side by side: the best of each view before a second of any.

    Args:
        query: what is asked.
        able: evidence that answers, best first.
        near: that of it which scores about as much as the best; only of it are there seconds.

    Returns:
        Two to four views in order of time, together at most six pieces of evidence; nothing
        where no comparison is asked for, or nothing is to be compared.
    """
    if query.kind is not Kind.COMPARISON and not query.wishes.across:
        return []
    names = ProperNames(query.text, query.terms)
    able = [able[0], *(each for each in able[1:] if _tells_of(each, names))]
    near = [each for each in near if each is able[0] or _tells_of(each, names)]
    publishers = _publishers(query, able)
    views: dict[str, Compared] = {}

    def view_of(evidence: Evidence) -> tuple[str, str] | None:
        """What tells its view apart and what that is called; None where it is of none."""
        described = evidence.hit.report.description
        if described.publisher not in publishers:
            return None
        if len(publishers) > 1:
            name = described.publisher or described.title
            return name, name
        return _covered(described, evidence.hit.report.id)

    for evidence in able:
        told = view_of(evidence)
        far = able[0].score - evidence.score > _BEHIND
        if told and told[0] not in views and len(views) < _VIEWS and not far:
            views[told[0]] = Compared(told[1], [evidence])
    firsts = [view.evidence[0] for view in views.values()]
    if len(views) < _FEWEST or not any(able[0] is first for first in firsts):
        return []  # the best of all is never left out
    left = _STATEMENTS - len(views)
    for evidence in near:
        told = None if any(evidence is first for first in firsts) else view_of(evidence)
        if left and told and told[0] in views:
            views[told[0]].evidence.append(evidence)
            left -= 1
    return sorted(views.values(), key=lambda view: view.time)


def _tells_of(evidence: Evidence, names: ProperNames) -> bool:
    """Whether the passage of evidence tells of any name in the question, if there is one."""
    return names.are_told(all_of(evidence.hit.passage), every=False)


def _publishers(query: Query, able: Sequence[Evidence]) -> frozenset[str | None]:
    """The publishers that are compared, None for reports of unknown ones; of one, its reports."""
    if query.wishes.publishers:
        return frozenset(query.wishes.publishers)
    found = {each.hit.report.description.publisher for each in able[:_DECIDING]}
    every = {each.hit.report.description.publisher for each in able}
    return frozenset(every if len(found) > 1 else found)


def _covered(described: Description, report: str) -> tuple[str, str]:
    """What tells the reports of one publisher apart, and what that is called."""
    if described.period:
        return described.period.name, described.period.name
    return report, described.title
