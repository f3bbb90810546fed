"""The same figure of several tables or reports told once, with the footnotes of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.research.figures import same_told
from bot.research.model import Evidence
from ingest.records import Hit

_LOOKED_AT = 20
_ALSO = 2


@dataclass(slots=True)
class Once:
    """Evidence that is told.

    Attributes:
        evidence: the newest of what tells the same.
        also: passages of other reports that tell it, two at most.
    """

    evidence: Evidence
    also: list[Hit] = field(default_factory=list)


def told_once(ordered: Sequence[Evidence]) -> list[Once]:
    """Return evidence without what is told before, the newer report's in place of an older one's.

    Args:
        ordered: in the order in which it is to be told; only the first twenty are looked at.
    """
    kept: list[Once] = []
    for evidence in ordered[:_LOOKED_AT]:
        said = _said(evidence)
        before = next((once for once in kept if same_told(_said(once.evidence), said)), None)
        if before is None:
            kept.append(Once(evidence))
        elif len(before.also) < _ALSO and _is_of_another(before, evidence):
            older = evidence
            if _published(evidence) > _published(before.evidence):
                before.evidence, older = evidence, before.evidence
            before.also.append(older.hit)
    return kept


def _said(evidence: Evidence) -> str:
    return evidence.told or evidence.text


def _is_of_another(once: Once, evidence: Evidence) -> bool:
    reports = {once.evidence.hit.report.id, *(hit.report.id for hit in once.also)}
    return evidence.hit.report.id not in reports


def _published(evidence: Evidence) -> date:
    return evidence.hit.report.description.published or date.min
