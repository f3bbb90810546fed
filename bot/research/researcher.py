"""The stages of research in order, and the one hop off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.research.answer import conclude
from bot.research.asks import asks_of, in_their_words
from bot.research.gather import Searcher
from bot.research.glossary import Glossary
from bot.research.join import joined
from bot.research.model import Answer, Candidate, Evidence, LimitKind, NotFound, Query, Question
from bot.research.nearness import EmbedsSentences, Nearness
from bot.research.rank import DEPTH, Reranks, rank
from bot.research.retrieve import is_dated, retrieve
from bot.research.sides import sides_of
from bot.research.sought import all_of
from bot.research.trust import SHIPPED, Calibration, able, features, trusted, why_not
from bot.research.understand import understand
from bot.research.views import Compared, side_of
from ingest.records import Known

_FIRST = 10  # passages whose names for things are looked at


class Embeds(EmbedsSentences, Protocol):
    """What research needs of an embedder."""

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of questions: a row of length 1 for each."""
        ...

    def reads(self, text: str) -> float:
        """How much of a text the embedder can read, 0 to 1."""
        ...


class Reading(NamedTuple):
    """What a question is answered with.

    Attributes:
        searcher: an index of the library.
        embedder: the one that wrote it; embeds questions and sentences.
    """

    searcher: Searcher
    embedder: Embeds


class Findings(NamedTuple):
    """What is said to a question, and what that was decided by.

    Attributes:
        found: what is said.
        weighed: of every sentence and row that holds what an answer must hold, best first, what
            is weighed of it, by the names of `FEATURES`.
        trust: in the one that can be trusted most, 0 to 1; 0 where there is none.
        reads: how much of the question the embedder can read, 0 to 1.
    """

    found: Answer | NotFound
    weighed: tuple[Mapping[str, float], ...]
    trust: float
    reads: float


class _Looked(NamedTuple):
    """What a question found.

    Attributes:
        candidates: passages, best first.
        ranked: sentences and rows of them, best first.
        trusted: evidence that answers it, best first.
        reads: how much of the question the embedder can read, 0 to 1.
    """

    candidates: list[Candidate]
    ranked: list[Evidence]
    trusted: list[Evidence]
    reads: float


class Researcher:
    """Answers questions from a library.

    Args:
        reading: gives what to answer with; asked anew for each question, since the library may
            be moved to another index and embedder meanwhile.
        executor: threads in which the synchronous stages run.
        calibration: what decides between answering and not knowing.
        glossary: knows other names of what is asked for.
        reranker: reads the best evidence once more, where there is one.
    """

    def __init__(
        self,
        reading: Callable[[], Reading],
        executor: Executor,
        calibration: Calibration = SHIPPED,
        glossary: Glossary = Glossary(),  # noqa: B008  (it is never changed)
        reranker: Reranks | None = None,
    ) -> None:
        self._reading = reading
        self._executor = executor
        self._calibration = calibration
        self._glossary = glossary
        self._reranker = reranker
        # by shelves: what the library gave, and the same with the glossary's names
        self._known: dict[frozenset[str] | None, tuple[Known, Known]] = {}

    async def ask(self, question: Question) -> Answer | NotFound:
        """Answer a question without holding up the event loop.

        Returns:
            What the reports say, or that they do not.

        Raises:
            LibraryError: the library cannot be searched.
            EmbedderError: the embedder cannot be used.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, self.ask_now, question)

    def ask_now(self, question: Question) -> Answer | NotFound:
        """Answer a question in the calling thread; like `ask` otherwise."""
        reading = self._reading()
        query = self._understood(question, reading)
        return self._said(query, self._look(query, reading), reading)

    def examine(self, question: Question) -> Findings:
        """Answer a question and tell what that was decided by; like `ask_now` otherwise."""
        reading = self._reading()
        query = self._understood(question, reading)
        looked = self._look(query, reading)
        weighed = [features(query, each) for each in able(looked.ranked)]
        weights = self._calibration.of(looked.reads)
        return Findings(
            self._said(query, looked, reading),
            tuple(weighed),
            max((weights.trust(each) for each in weighed), default=0.0),
            looked.reads,
        )

    def _said(self, query: Query, found: _Looked, reading: Reading) -> Answer | NotFound:
        """What is said, going by what was found."""
        sides = self._sides(query, reading)
        if len(sides) > 1:
            return conclude(query, found.trusted, found.candidates, sides=sides)
        if found.trusted:
            return conclude(query, found.trusted, found.candidates)
        if not query.limits:
            return conclude(query, (), found.candidates, why_not(query, found.candidates))
        # what lies outside the limits is no answer, but whoever set them will want to know
        beyond = self._look(replace(query, filter=query.question.filter), reading)
        reason = why_not(query, found.candidates, beyond=beyond.trusted)
        return conclude(query, (), beyond.candidates or found.candidates, reason)

    def _sides(self, query: Query, reading: Reading) -> list[Compared]:
        """What each of those says that a question sets side by side, asked by itself."""
        compared = []
        for side in sides_of(query, self._names(query.question, reading)):
            wanted = query.filter
            if side.publishers is not None:
                wanted = replace(wanted, publishers=side.publishers)
            # the limits of the whole question are in the filter
            asked = replace(
                query.question,
                text=side.asks,
                filter=wanted,
                history=(),
                undone=frozenset(LimitKind),
            )
            trusted = self._look(self._understood(asked, reading), reading).trusted
            if trusted:
                compared.append(side_of(side.label, trusted))
        return sorted(compared, key=lambda each: each.time)

    def candidates(self, question: Question) -> list[Candidate]:
        """The passages that a question finds, best first; for whoever measures retrieval.

        Raises:
            LibraryError: the library cannot be searched.
            EmbedderError: the embedder cannot be used.
        """
        reading = self._reading()
        return self._look(self._understood(question, reading), reading).candidates

    def _understood(self, question: Question, reading: Reading) -> Query:
        return understand(question, self._names(question, reading))

    def _names(self, question: Question, reading: Reading) -> Known:
        """What the library holds, its companies by the glossary's names too."""
        known = reading.searcher.known(question.filter)
        before, named = self._known.get(question.filter.shelves, (None, known))
        if known is not before:  # the library gives the same one until it changes
            named = self._glossary.named(known)
            self._known[question.filter.shelves] = known, named
        return named

    def _look(self, query: Query, reading: Reading) -> _Looked:
        """Search, rank and weigh."""
        searcher, embedder = reading
        known = self._names(query.question, reading)
        asks = asks_of(query, lambda question: understand(question, known), self._glossary)
        vectors = embedder.embed_queries([part.text for part in asks.all])
        reads = embedder.reads(query.text)
        candidates = retrieve(asks, vectors, query.filter, searcher, reads)
        kept = {each.hit.passage.id: each.kept for each in candidates[:DEPTH] if each.kept}
        weights = self._calibration.of(reads)
        dated = is_dated(asks, candidates)

        def weighed(vectors: NDArray[np.float32]) -> tuple[list[Evidence], list[Evidence]]:
            near = Nearness(vectors, kept, embedder)
            ranked = rank(query, asks, candidates, near, self._reranker)
            # a figure of another day is none
            return ranked, trusted(query, ranked, weights) if dated else []

        ranked, answering = weighed(vectors)
        theirs = asks.whole.text if answering else in_their_words(asks.whole, _first(candidates))
        if theirs != asks.whole.text:
            ranked, answering = weighed(
                np.concatenate([embedder.embed_queries([theirs]), vectors[1:]])
            )
        return _Looked(candidates, ranked, joined(answering, searcher.with_before), reads)


def _first(candidates: Sequence[Candidate]) -> list[str]:
    """What the best passages say."""
    return [all_of(each.hit.passage) for each in candidates[:_FIRST]]
