"""From candidates to evidence: the sentences most likely to hold the answer."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.research.model import Candidate, Evidence, Query
from bot.research.telling import Kind, holds, tells
from ingest.language.sentences import sentences
from ingest.language.words import stem, words
from ingest.records import Hit

_PASSAGES = 10  # passages whose sentences are weighed
_MANY = re.compile(r"(?<=\d)s$")  # "H100s" are asked for where a report says "H100"


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
    best = candidates[:_PASSAGES]
    places = [
        (candidate, spans, place)
        for candidate in best
        for spans in [tuple(sentences(candidate.hit.passage.text))]
        for place, (start, end) in enumerate(spans)
        if tells(candidate.hit.passage.text[start:end], candidate.hit.passage.header)
    ]
    if not places:
        return []
    alone = [_shown(c.hit, spans, place, place) for c, spans, place in places]
    joined = [_shown(c.hit, spans, max(place - 1, 0), place) for c, spans, place in places]
    texts = list(dict.fromkeys([*alone, *joined]))
    similarity = dict(zip(texts, embedder.embed_passages(texts) @ vector, strict=True))
    must_name = {_stem(word) for word in query.codes | query.counted}
    ranked = []
    for (candidate, spans, place), own, wide in zip(places, alone, joined, strict=True):
        near = max(float(similarity[own]), float(similarity[wide]))
        there = _stems(wide)
        own_coverage = _coverage(_stems(own), rarity)
        coverage = _coverage(there | _stems(candidate.hit.passage.header), rarity)
        named = must_name <= there
        fits = holds(own, query.kind)
        # the sentence's own words count beside its meaning, and what it must hold
        score = 0.5 * float(similarity[own]) + 0.3 * near + 0.3 * own_coverage
        score += 0.1 if fits and query.kind is not Kind.ANYTHING else 0.0
        ranked.append(Evidence(candidate.hit, spans, place, near, named, coverage, fits, score))
    return sorted(ranked, key=lambda s: (-s.score, s.hit.passage.id, s.place))


def _shown(hit: Hit, spans: Sequence[tuple[int, int]], first: int, last: int) -> str:
    return hit.passage.text[spans[first][0] : spans[last][1]]


def _rarity(query: Query, candidates: Sequence[Candidate]) -> dict[str, float]:
    """How much each content word tells: rare among the candidates is much."""
    held = [_stems(f"{c.hit.passage.header} {c.hit.passage.text}") for c in candidates]
    stems = {_stem(term) for term in query.terms}
    return {
        word: math.log(1 + (len(held) + 1) / (0.5 + sum(word in passage for passage in held)))
        for word in stems
    }


def _coverage(there: set[str], rarity: dict[str, float]) -> float:
    total = sum(rarity.values())
    return sum(weight for word, weight in rarity.items() if word in there) / total if total else 0.0


def _stems(text: str) -> set[str]:
    found = words(text)
    # "GPT-4" is asked for as "GPT" too, and "text-to-video" as "video"
    parts = [part for word in found if "-" in word for part in word.split("-")]
    return {_stem(word) for word in [*found, *parts]}


def _stem(word: str) -> str:
    return stem(_MANY.sub("", word.removesuffix("'s").removesuffix("’s")))
