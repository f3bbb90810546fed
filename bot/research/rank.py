"""From candidates to evidence: the sentences most likely to hold the answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.research.model import Candidate, Evidence, Query
from bot.research.pieces import Piece, asked_of, pieces, stem_of, stems
from bot.research.telling import Kind, holds
from ingest.records import Passage

_PASSAGES = 10  # passages whose sentences and rows are weighed
# A table is found less surely than prose, for it says the same of many things: of as many
# passages the rows are weighed whose labels are what is asked for.
_TABLES = 50
_APT = 0.75


class EmbedsSentences(Protocol):
    """What ranking needs of an embedder."""

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text."""
        ...


def rank(
    query: Query,
    vector: NDArray[np.float32],
    candidates: Sequence[Candidate],
    embedder: EmbedsSentences,
) -> list[Evidence]:
    """Weigh the sentences of the best candidates.

    Args:
        query: what is asked.
        vector: of the question.
        candidates: best first.
        embedder: embeds the sentences.

    Returns:
        Sentences, best first.

    Raises:
        EmbedderError: the embedder fails.
    """
    rarity = _rarity(query, candidates)
    asked = asked_of(query.question.text, query.terms)
    places = [
        (candidate, found, place)
        for behind, candidate in enumerate(candidates[:_TABLES])
        if behind < _PASSAGES or candidate.hit.passage.heads
        for found in [pieces(candidate.hit.passage, asked)]
        for place, piece in enumerate(found)
        if piece.quotable and (behind < _PASSAGES or (piece.told and piece.apt >= _APT))
    ]
    if not places:
        return []
    alone = [found[place].said for _, found, place in places]
    joined = [_with_before(c.hit.passage, found, place) for c, found, place in places]
    texts = list(dict.fromkeys([*alone, *joined]))
    similarity = dict(zip(texts, embedder.embed_passages(texts) @ vector, strict=True))
    must_name = {stem_of(word) for word in query.codes | query.counted}
    ranked = []
    for (candidate, found, place), own, wide in zip(places, alone, joined, strict=True):
        piece = found[place]
        near = max(float(similarity[own]), float(similarity[wide]))
        there = stems(f"{wide} {piece.around}")
        own_coverage = _coverage(stems(f"{own} {piece.around}"), rarity)
        coverage = _coverage(there | stems(candidate.hit.passage.header), rarity)
        named = must_name <= there
        fits = holds(own if query.kind is Kind.TIME else piece.figures, query.kind)
        # the sentence's own words count beside its meaning, and what it must hold
        score = 0.5 * float(similarity[own]) + 0.3 * near + 0.3 * own_coverage
        score += 0.1 if fits and query.kind is not Kind.ANYTHING else 0.0
        score += 0.4 * (piece.apt - 0.5)  # among rows of a table it is their labels that differ
        spans = tuple((each.start, each.end) for each in found)
        ranked.append(
            Evidence(candidate.hit, spans, place, near, named, coverage, fits, score, piece.told)
        )
    return sorted(ranked, key=lambda s: (-s.score, s.hit.passage.id, s.place))


def _with_before(passage: Passage, found: Sequence[Piece], place: int) -> str:
    """A sentence with the one before it; a row as it is told, for the row before says nothing."""
    piece = found[place]
    if piece.is_row or place == 0:
        return piece.said
    return passage.text[found[place - 1].start : piece.end]


def _rarity(query: Query, candidates: Sequence[Candidate]) -> dict[str, float]:
    """How much each content word tells: rare among the candidates is much."""
    held = [stems(_all_of(candidate.hit.passage)) for candidate in candidates]
    wanted = {stem_of(term) for term in query.terms}
    return {
        word: math.log(1 + (len(held) + 1) / (0.5 + sum(word in passage for passage in held)))
        for word in wanted
    }


def _coverage(there: set[str], rarity: dict[str, float]) -> float:
    total = sum(rarity.values())
    return sum(weight for word, weight in rarity.items() if word in there) / total if total else 0.0


def _all_of(passage: Passage) -> str:
    """All that a passage says, by its text and by its place."""
    table = " ".join((*passage.heads, passage.unit, *dict.fromkeys(passage.groups)))
    return f"{passage.header} {passage.section} {table} {passage.text}"
