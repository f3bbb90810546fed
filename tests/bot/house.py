"""A conversation over a real library, for tests of what the bot says and where."""

from __future__ import annotations

from concurrent.futures import Executor
from datetime import UTC, datetime
from pathlib import Path

from bot.chat.conversation import Conversation
from bot.chat.model import Asker, Block, Command, Reply, Request
from bot.desk.access import Access, metadata
from bot.research.model import Answer, NotFound, Question
from bot.research.researcher import Reading, Researcher
from ingest.library.database import open_database
from tests.embedders import WordEmbedder
from tests.ingest.library.shelves import fresh_library

OWNER = Asker("telegram", "1", "Ada", "1", private=True)


class House:
    """Everything between a request and its replies, with an embedder that can be held.

    Args:
        folder: where the library and the desk are kept.
        executor: threads of the research.

    Attributes:
        library: empty at first.
        embedder: embeds questions.
        access: knows nobody at first.
        researched: every question that was looked up, in words.
        questions: the same, whole.
        conversation: answers.
    """

    def __init__(self, folder: Path, executor: Executor) -> None:
        self.library = fresh_library(folder)
        self.embedder = WordEmbedder()
        self.access = Access(open_database(folder / "desk.sqlite", metadata.create_all), self._now)
        self.researched: list[str] = []
        self.questions: list[Question] = []
        self._researcher = Researcher(lambda: Reading(self.library, self.embedder), executor)
        self.conversation = Conversation(self._ask, self.library, self.access, executor, self._now)

    @staticmethod
    def _now() -> datetime:
        return datetime(2024, 3, 1, tzinfo=UTC)

    async def _ask(self, question: Question) -> Answer | NotFound:
        self.researched.append(question.text)
        self.questions.append(question)
        return await self._researcher.ask(question)

    async def says(self, asker: Asker, command: Command) -> list[Reply]:
        """Every reply to a command."""
        return [reply async for reply in self.conversation.answer(Request(asker, command))]

    async def blocks(self, asker: Asker, command: Command) -> tuple[Block, ...]:
        """The blocks of the one reply to a command."""
        [reply] = await self.says(asker, command)
        return reply.blocks

    def claim(self, user: str = OWNER.user) -> None:
        """Make a Telegram user the owner."""
        self.access.claim("telegram", user, self.access.new_claim_code("telegram") or "")
