"""A conversation that says what a test has it say, and the frontend around it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

from bot.chat.model import Paragraph, Reply, Request
from bot.frontends.telegram.frontend import TelegramFrontend
from bot.frontends.telegram.network import Timing
from tests.e2e.telegram_server import TelegramServer

TOKEN = "12345:AAE-a_token_of_no_bot"
QUICK = Timing(first_retry=0.02, longest_retry=0.05, typing_after=0.02, typing_again=0.05)


def said(text: str) -> Reply:
    """A reply of one paragraph."""
    return Reply((Paragraph(text),))


def echoed(request: Request) -> list[Reply]:
    """One reply that repeats the command."""
    return [said(f"{request.asker.name}: {request.command}")]


class Scripted:
    """Answers each request with the replies a function gives, once nobody holds it.

    Attributes:
        requests: all it was asked, in order.
        replies: from a request, what is said.
        held: commands that are not answered until the event is set, by their text form.
        finished: requests whose answer was given or given up.
    """

    def __init__(self, replies: Callable[[Request], Iterable[Reply]] = echoed) -> None:
        self.requests: list[Request] = []
        self.replies = replies
        self.held: dict[str, asyncio.Event] = {}
        self.finished: list[Request] = []

    async def answer(self, request: Request) -> AsyncGenerator[Reply]:
        """Yield what the function says."""
        self.requests.append(request)
        try:
            for held, released in self.held.items():
                if held in str(request.command):
                    await released.wait()
            for reply in self.replies(request):
                yield reply
        finally:
            self.finished.append(request)


@asynccontextmanager
async def running(
    conversation: Scripted, server: TelegramServer
) -> AsyncIterator[TelegramFrontend]:
    """The frontend, started, and stopped at the end."""
    frontend = TelegramFrontend(conversation, TOKEN, api_url=server.url, timing=QUICK)
    await frontend.start()
    try:
        yield frontend
    finally:
        # the stop waits for every answer: a failed test must not hang in it
        for released in conversation.held.values():
            released.set()
        await frontend.stop()


async def soon(holds: Callable[[], bool]) -> None:
    """Return once a condition of the test's own holds; TimeoutError after five seconds."""
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0.005)
