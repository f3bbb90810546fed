"""From passages found to a ranking of what a set calls relevant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.benchmarks.quality.sets import Asked

_EVIDENCE = "evidence"  # stands for whatever passage holds a fragment

Found = tuple[tuple[str, ...], str]
"""A passage found: the documents it is of, several where they say the same, and its text."""


def ranking_of(asked: Asked, found: Sequence[Found]) -> list[str]:
    """Return the documents found, by their best passage, best first, each once.

    Where a set names fragments and no documents, the first passage that holds one is what is
    relevant, and every other passage is something else.

    Args:
        asked: the question.
        found: passages, best first.
    """
    if asked.fragments:
        return list(
            dict.fromkeys(
                _EVIDENCE if holds(asked.fragments, text) else f"other {place}"
                for place, (_, text) in enumerate(found)
            )
        )
    return list(dict.fromkeys(document for documents, _ in found for document in documents))


def relevant_to(asked: Asked) -> dict[str, int]:
    """Return what is relevant to a question, by the names that `ranking_of` uses."""
    return {_EVIDENCE: 1} if asked.fragments else dict(asked.relevant)


def holds(fragments: Iterable[str], text: str) -> bool:
    """Whether a text holds one of the fragments, however its lines are broken."""
    flowing = " ".join(text.split())
    return any(fragment in flowing for fragment in fragments)
