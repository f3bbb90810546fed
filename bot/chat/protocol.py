"""What a frontend needs of the chat, and what the program needs of a frontend."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Protocol

from bot.chat.model import Reply, Request


class Converses(Protocol):
    """Answers requests; decides who may ask before anything is looked up."""

    def answer(self, request: Request) -> AsyncGenerator[Reply]:
        """Yield what the bot says to a request, in order, each reply once."""
        ...


class Frontend(Protocol):
    """One platform's door."""

    name: str

    async def start(self) -> None:
        """Connect and begin to answer; return once connected.

        Raises:
            FrontendError: the platform refused the bot, or cannot be reached.
        """
        ...

    async def stop(self) -> None:
        """Take nothing new, finish what was asked, then disconnect."""
        ...
