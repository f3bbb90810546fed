"""Joining neighbouring passages where evidence runs over the boundary between them.

A passage ends where its length does. If the sentence that answers goes on with what the one before
it began ("It expects 5 % growth"), and is the first of its passage, then who "it" is stands in the
passage before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.research.model import Evidence
from bot.research.speaker import goes_on
from ingest.language.sentences import sentences
from ingest.records import Hit

_MOST = 6  # pieces of evidence that may be shown


def joined(ranked: Sequence[Evidence], with_before: Callable[[Hit], Hit | None]) -> list[Evidence]:
    """Return the evidence, that which begins in the passage before with both passages as one.

    Args:
        ranked: best first; only the first six are looked at.
        with_before: gives a passage and the one before it as one.

    Raises:
        LibraryError: the library cannot be read.
    """
    return [*(_whole(each, with_before) for each in ranked[:_MOST]), *ranked[_MOST:]]


def _whole(evidence: Evidence, with_before: Callable[[Hit], Hit | None]) -> Evidence:
    if evidence.place or evidence.told or not goes_on(evidence.text):
        return evidence
    longer = with_before(evidence.hit)
    if longer is None:
        return evidence
    shift = evidence.hit.passage.start - longer.passage.start
    before = sentences(longer.passage.text[:shift])
    own = ((start + shift, end + shift) for start, end in evidence.sentences)
    return replace(
        evidence,
        hit=longer,
        sentences=(*before, *own),
        place=evidence.place + len(before),
    )
