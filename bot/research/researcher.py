"""The stages of research in order, and the one hop off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.research.answer import conclude
from bot.research.model import Answer, NotFound, Question
from bot.research.rank import EmbedsSentences, rank
from bot.research.retrieve import Searcher, retrieve
from bot.research.understand import understand


class Embeds(EmbedsSentences, Protocol):
    """What research needs of an embedder."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a question, of length 1."""
        ...


class Reading(NamedTuple):
    """What a question is answered with.

    Attributes:
        searcher: an index of the library.
        embedder: the one that wrote it; embeds questions and sentences.
    """

    searcher: Searcher
    embedder: Embeds


class Researcher:
    """Answers questions from a library.

    Args:
        reading: gives what to answer with; asked anew for each question, since the library may
            be moved to another index and embedder meanwhile.
        executor: threads in which the synchronous stages run.
    """

    def __init__(self, reading: Callable[[], Reading], executor: Executor) -> None:
        self._reading = reading
        self._executor = executor

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
        query = understand(question)
        searcher, embedder = self._reading()
        vector = embedder.embed_query(question.text)
        candidates = retrieve(query, vector, searcher)
        ranked = rank(query, vector, candidates, embedder)
        return conclude(query, ranked, candidates)
