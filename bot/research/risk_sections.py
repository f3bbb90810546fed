"""What of the evidence stands where a report tells of its risks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.research.model import Evidence
from bot.research.telling import closed
from ingest.language.stretches import is_row

OF_A_REPORT = 3
"""Pieces of evidence of one report that are told."""

_OF_RISKS = re.compile(r"\brisks?\b|风险", re.IGNORECASE)
# "Risk warning: demand may be lower than expected."
_BEGINS = re.compile(
    r"(?:[\w-]+ ){0,2}risks?(?: \w+){0,2}\s?[:：]|[^，。：]{0,4}风险[^，。：]{0,4}[:：]",
    re.IGNORECASE,
)
_LONGEST_HEADING = 60  # characters


def in_risk_sections(able: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence that stands under a heading on risks, one report after the other.

    Args:
        able: evidence that answers, best first.

    Returns:
        At most three pieces of a report, best first; the report of the best piece first.
    """
    reports: dict[str, list[Evidence]] = {}
    for evidence in able:
        if is_of_risks(evidence):
            reports.setdefault(evidence.hit.report.id, []).append(evidence)
    return [evidence for found in reports.values() for evidence in found[:OF_A_REPORT]]


def is_of_risks(evidence: Evidence) -> bool:
    """Whether evidence stands under a heading on risks, or begins as such a section does."""
    passage = evidence.hit.passage
    if _BEGINS.match(evidence.text):
        return True
    above = passage.text[: evidence.sentences[evidence.place][0]].split("\n")
    headings = (line.strip() for line in reversed(above) if _is_heading(line.strip()))
    heading = next(headings, passage.section.rpartition(" › ")[2])
    return _OF_RISKS.search(heading) is not None


def _is_heading(line: str) -> bool:
    return 0 < len(line) <= _LONGEST_HEADING and not closed(line) and not is_row(line)
