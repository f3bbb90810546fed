"""From candidates to evidence: the sentences and rows most likely to hold the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.research.asks import Asks
from bot.research.model import Candidate, Evidence, Query
from bot.research.nearness import Nearness, Stretch
from bot.research.pieces import Asked, Piece, asked_of, has_asked_row, pieces
from bot.research.proper_names import ProperNames
from bot.research.risk_sections import is_of_risks
from bot.research.sought import Sought, all_of, coverage, sought_of, subject_of
from bot.research.telling import FIGURES, Kind, defines, holds, says_who_made
from bot.research.times import times_in

DEPTH = 50
"""Candidates that are looked at; of those behind the first few only the rows of tables."""

_PASSAGES = 10  # passages whose sentences and rows are weighed
_OF_EACH = 2  # of each report first, where a question is asked over several
_REPORTS = 8  # at most, then
# A table is found less surely than prose, for it says the same of many things: of all that is
# looked at the rows are weighed whose labels are what is asked for.
_APT = 0.75
_OWN, _NEAR, _COVERED, _FITS, _LABEL, _PASSAGE, _PART = 0.5, 0.3, 0.5, 0.1, 0.4, 0.2, 0.5
# of these a figure, price or time that is told of something else is no answer
_OF_ONE_THING = FIGURES | {Kind.TIME}
_DEFINES = 0.4  # who asks what a thing is wants the sentence that says so
_MADE = 0.3  # who asks who made it wants that of the many that name both
_OF_RISKS = 0.3  # who asks for risks wants what stands under that heading
_RERANKED = 30  # pieces that a cross-encoder reads


class Reranks(Protocol):
    """What ranking needs of a cross-encoder."""

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """How well each text answers the question, 0 to 1."""
        ...


class _Place(NamedTuple):
    """A piece that is weighed.

    Attributes:
        candidate: its passage.
        found: all pieces of the passage.
        place: which of them.
    """

    candidate: Candidate
    found: Sequence[Piece]
    place: int

    @property
    def piece(self) -> Piece:
        return self.found[self.place]

    @property
    def before(self) -> Piece | None:
        """The sentence before a sentence; a row says all that it says when it is told."""
        return None if self.piece.is_row or self.place == 0 else self.found[self.place - 1]

    @property
    def wide(self) -> str:
        """The sentence with the one before it."""
        start = self.before.start if self.before else None
        text = self.candidate.hit.passage.text
        return self.piece.said if start is None else text[start : self.piece.end]

    def is_of(self, names: ProperNames) -> bool:
        """Whether it tells of what is named, or at least names nothing else."""
        text = f"{self.candidate.hit.passage.header} {self.piece.said} {self.piece.around}"
        return names.are_told(text, every=False) or not names.others_in(
            self.piece.said, surely=True
        )

    def names(self, sought: Sought) -> bool:
        """Whether it names all that is sought, it or the sentence before it."""
        return sought.stems <= sought.held(f"{self.wide} {self.piece.around}")

    def stretch(self, piece: Piece) -> Stretch:
        return Stretch(self.candidate.hit.passage.id, piece.start, piece.end, piece.said)


def rank(
    query: Query,
    asks: Asks,
    candidates: Sequence[Candidate],
    nearness: Nearness,
    reranker: Reranks | None = None,
) -> list[Evidence]:
    """Weigh the sentences and rows of the best candidates.

    Args:
        query: what is asked.
        asks: what was looked for.
        candidates: best first.
        nearness: to each thing that was looked for.
        reranker: reads the best of them once more, where there is one.

    Returns:
        Evidence, best first.

    Raises:
        EmbedderError: the embedder fails, or the cross-encoder.
    """
    asked = asked_of(query.text, query.terms)
    places = _places(query, asked, candidates)
    if not places:
        return []
    near = _near(places, nearness)
    others = sought_of(asks.whole).others
    naming = Sought(query.codes | query.counted, others)
    measuring = Sought(query.measured, others)
    # who is named in an event that says when need not be told of
    text, terms = (asks.whole.text, asks.whole.terms) if asks.event else (query.text, query.terms)
    names = ProperNames(text, terms, others)
    texts = {each.hit.passage.id: all_of(each.hit.passage) for each in candidates}
    weighed = {place.candidate.hit.passage.id for place in places}
    every = query.kind in _OF_ONE_THING
    on_it = {each for each in weighed if names.are_told(texts[each], every=every)}
    measured = {each for each in weighed if measuring.stems <= measuring.held(texts[each])}
    parts = (asks.whole, *asks.parts)
    looked = [_looked(subject_of(part), places, list(texts.values())) for part in parts]
    best = max(candidate.score for candidate in candidates) or 1.0
    makers = query.kind is Kind.PERSON and says_who_made(query.text)
    ranked = []
    for number, place in enumerate(places):
        piece, passage_id = place.piece, place.candidate.hit.passage.id
        own, covered = looked[0].own[number], looked[0].all[number]
        score = _OWN * near.own[0, number] + _NEAR * near.wide[0, number] + _COVERED * own
        if asks.parts:
            score += _PART * max(
                _OWN * near.own[of, number]
                + _NEAR * near.wide[of, number]
                + _COVERED * looked[of].own[number]
                for of in range(1, len(parts))
            )
        fits = holds(piece.said if query.kind is Kind.TIME else piece.figures, query.kind)
        if query.kind in FIGURES and not piece.told:
            fits = fits and not asked.times.rules_out(times_in(piece.text))
        if query.kind is Kind.PERSON:
            fits = fits and names.others_in(place.wide, surely=False)
        if makers:
            fits = fits and names.are_told(piece.said, every=True)
        if query.kind is Kind.DEFINITION and defines(piece.text, query.terms):
            score += _DEFINES
        if makers and fits and says_who_made(piece.said):
            score += _MADE
        score += _FITS if fits and query.kind is not Kind.ANYTHING else 0.0
        score += _LABEL * (piece.apt - 0.5)  # among rows of a table it is their labels that differ
        score += _PASSAGE * place.candidate.score / best
        ranked.append(
            Evidence(
                hit=place.candidate.hit,
                sentences=tuple((each.start, each.end) for each in place.found),
                place=place.place,
                similarity=float(near.wide[0, number]),
                named=place.names(naming)
                and (place.names(measuring) or (piece.is_row and passage_id in measured))
                and passage_id in on_it
                and (query.kind not in _OF_ONE_THING or place.is_of(names)),
                coverage=covered,
                fits=fits,
                score=float(score),
                own=own,
                told=piece.told,
            )
        )
    if query.kind is Kind.RISKS:
        ranked = [
            replace(each, score=each.score + _OF_RISKS) if is_of_risks(each) else each
            for each in ranked
        ]
    ranked.sort(key=lambda each: (-each.score, each.hit.passage.id, each.place))
    return _reread(query, ranked, reranker) if reranker else ranked


class _Near(NamedTuple):
    """Similarities to each thing that is asked, a row each, to pieces in columns.

    Attributes:
        own: of a piece alone.
        wide: of it, or of it and the sentence before it together, whichever is more.
    """

    own: NDArray[np.float64]
    wide: NDArray[np.float64]


class _Looked(NamedTuple):
    """How much of one thing that is asked each piece covers, 0 to 1.

    Attributes:
        own: by itself.
        all: with the sentence before it and the header of its passage.
    """

    own: list[float]
    all: list[float]


def _places(query: Query, asked: Asked, candidates: Sequence[Candidate]) -> list[_Place]:
    """The pieces that are weighed."""
    weighed = _weighed(candidates, across=query.wishes.across)
    places = []
    for candidate in candidates[:DEPTH]:
        near = candidate.hit.passage.id in weighed
        passage = candidate.hit.passage
        if not near and not (passage.heads and has_asked_row(passage, asked)):
            continue
        found = pieces(passage, asked)
        for number, piece in enumerate(found):
            if piece.quotable and (near or (piece.told and piece.apt >= _APT)):
                places.append(_Place(candidate, found, number))
    return places


def _weighed(candidates: Sequence[Candidate], *, across: bool) -> frozenset[str]:
    """The ids of the passages all of whose pieces are weighed."""
    first = [candidate.hit.passage.id for candidate in candidates[:_PASSAGES]]
    if not across:
        return frozenset(first)
    each: dict[str, list[str]] = {}
    for candidate in candidates[:DEPTH]:
        each.setdefault(candidate.hit.report.id, []).append(candidate.hit.passage.id)
    spread = [ids[:_OF_EACH] for ids in list(each.values())[:_REPORTS]]
    return frozenset(passage_id for ids in spread for passage_id in ids) | frozenset(first)


def _near(places: Sequence[_Place], nearness: Nearness) -> _Near:
    own = [place.stretch(place.piece) for place in places]
    befores = [place.stretch(place.before) if place.before else None for place in places]
    every = [*own, *(before for before in befores if before is not None)]
    similar = nearness(every)
    alone, before = similar[:, : len(own)], similar[:, : len(own)].copy()
    before[:, [place for place, each in enumerate(befores) if each]] = similar[:, len(own) :]
    return _Near(alone, np.maximum(alone, (alone + before) / 2))


def _looked(sought: Sought, places: Sequence[_Place], texts: Sequence[str]) -> _Looked:
    rarity = sought.rarity([sought.held(text) for text in texts])
    own, together = [], []
    for place in places:
        around = sought.held(place.piece.around)
        alone = sought.held(place.piece.said) | around
        own.append(coverage(alone, rarity))
        wide = sought.held(place.wide) if place.before else frozenset()
        header = sought.held(place.candidate.hit.passage.header)
        together.append(coverage(alone | wide | header, rarity))
    return _Looked(own, together)


def _reread(query: Query, ranked: Sequence[Evidence], reranker: Reranks) -> list[Evidence]:
    """The evidence, the best of it in the order in which a cross-encoder puts it."""
    best = ranked[:_RERANKED]
    scores = reranker.scores(query.text, [each.told or each.text for each in best])
    read = sorted(
        (replace(each, score=1 + float(score)) for each, score in zip(best, scores, strict=True)),
        key=lambda each: (-each.score, each.hit.passage.id, each.place),
    )
    # what was read comes first, whatever else scores
    return [*read, *(replace(each, score=min(each.score, 1.0)) for each in ranked[_RERANKED:])]
