"""A library in which a test lays texts and asks of them alone."""

from __future__ import annotations

from concurrent.futures import Executor
from datetime import UTC, datetime
from pathlib import Path

from bot.research.model import Answer, NotFound, Question
from bot.research.researcher import Reading, Researcher
from ingest.records import Description, Filter
from tests.embedders import WordEmbedder
from tests.ingest.library.shelves import described, fresh_library, put, source

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)


class ReadingRoom:
    """Everything real but the embedder; each question is asked of a shelf of its own.

    Args:
        folder: where the library is kept.
        executor: threads of the research.

    Attributes:
        library: what was laid out.
        embedder: embeds questions and sentences.
        researcher: answers.
    """

    def __init__(self, folder: Path, executor: Executor) -> None:
        self.library = fresh_library(folder)
        self.embedder = WordEmbedder()
        self.researcher = Researcher(lambda: Reading(self.library, self.embedder), executor)
        self._shelves = 0

    def lay_out(self, *texts: str, description: Description | None = None) -> Filter:
        """Put texts on a new shelf, each a report whose lines are paragraphs; who asks of it."""
        self._shelves += 1
        shelf = f"shelf-{self._shelves}"
        for number, text in enumerate(texts, start=1):
            about = description or described(f"Note {number}")
            put(self.library, source(f"{number}.txt", shelf), text, about)
        return Filter(shelves=frozenset({shelf}))

    def ask(self, question: str, *texts: str) -> Answer | NotFound:
        """What texts say to a question, no other text being read."""
        return self.researcher.ask_now(Question(question, NOON, self.lay_out(*texts)))
