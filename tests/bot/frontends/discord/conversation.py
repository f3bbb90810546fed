"""A conversation that says what a test tells it to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable

from bot.chat.model import Ask, Command, Paragraph, Reply, Request


def echo(command: Command) -> list[Reply]:
    """Repeats what was asked of it."""
    said = f"You asked: {command.text}" if isinstance(command, Ask) else f"{command}"
    return [Reply((Paragraph(said),))]


class Scripted:
    """Answers each command by a function.

    Args:
        script: gives the replies to a command; what it raises is raised where they end.

    Attributes:
        requests: every request, in the order they came.
        taken: the same, for a test that waits for them.
        held: cleared, no request is answered until it is set.
    """

    def __init__(self, script: Callable[[Command], Iterable[Reply]] = echo) -> None:
        self.script = script
        self.requests: list[Request] = []
        self.taken: asyncio.Queue[Request] = asyncio.Queue()
        self.held = asyncio.Event()
        self.held.set()

    async def answer(self, request: Request) -> AsyncGenerator[Reply]:
        """Yield what the script says."""
        self.requests.append(request)
        self.taken.put_nowait(request)
        await self.held.wait()
        for reply in self.script(request.command):
            yield reply
