"""A stand-in for Telegram's Bot API on loopback, and everybody who writes to the bot.

It refuses what Telegram refuses, in Telegram's words:

    async with TelegramServer("12345:token") as server:
        ...  # start the bot with api_url=server.url
        ada = server.add_person("Ada")
        chat = server.private(ada)
        server.send_text(chat, ada, "How large is the market?")
        answer = await server.wait_for_message(chat)

Where SPEC_DIR is set, every request, result and update is checked against the Bot API's own
description as well, and leaving the block fails if one violates it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.e2e.telegram_chats import (
    Chat,
    ChatBook,
    Person,
    SentMessage,
    written_entities,
)
from tests.e2e.telegram_door import Door, Exchange, Trouble
from tests.e2e.telegram_html import Refused
from tests.e2e.telegram_methods import Methods
from tests.e2e.telegram_specification import Specification
from tests.e2e.telegram_updates import UpdateQueue


class TelegramServer:
    """The Bot API for one token, and a driver for tests.

    Args:
        token: the one token it accepts.
        username: the bot's user name.

    Attributes:
        token: that token.
        bot: the bot itself.
    """

    def __init__(self, token: str, *, username: str = "footnote_bot") -> None:
        self.token = token
        self.bot = Person(int(token.partition(":")[0]), "Footnote", username, is_bot=True)
        self._specification = Specification.of_environment()
        self._book = ChatBook(self.bot)
        self._updates = UpdateQueue()
        self._door = Door(token, Methods(self._book, self._updates), self._specification)
        self._returned: dict[int, int] = {}
        self._runner: web.AppRunner | None = None
        self._port = 0

    # -- running it

    async def __aenter__(self) -> Self:
        """Start to listen."""
        await self.come_back()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop, and fail where a request violated the Bot API's description."""
        await self.go_down()
        if error is None:
            assert not self.violations, "\n".join(self.violations)

    @property
    def url(self) -> str:
        """Where it listens, and will listen again when it comes back."""
        return f"http://127.0.0.1:{self._port}"

    async def go_down(self) -> None:
        """Stop to listen and cut every connection."""
        if self._runner is not None:
            self._updates.close()
            await self._runner.cleanup()
            self._runner = None

    async def come_back(self) -> None:
        """Listen, at the address it had before if it had one."""
        application = web.Application()
        application.router.add_route("*", "/bot{token}/{method}", self._door.answer)
        self._runner = web.AppRunner(
            application, handler_cancellation=True, shutdown_timeout=0.1, access_log=None
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]

    # -- what people do

    def add_person(self, name: str) -> Person:
        """Somebody new."""
        return Person(self._book.next_id(), name)

    def private(self, person: Person) -> Chat:
        """The person's private chat with the bot."""
        return self._add(Chat(person.id, "private", person.name))

    def add_group(self, title: str, kind: str = "supergroup") -> Chat:
        """A new group that the bot is in."""
        return self._add(Chat(-1_000_000_000_000 - self._book.next_id(), kind, title))

    def send_text(
        self,
        chat: Chat,
        person: Person,
        text: str,
        *,
        reply_to: SentMessage | Mapping[str, Any] | None = None,
        sent_at: datetime | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """A person writes; commands and mentions in the text are found as Telegram does.

        Args:
            chat: where.
            person: who.
            text: what.
            reply_to: the message it replies to: one of the bot's, or one returned from here.
            sent_at: when it was written; None for now.
            more: further fields of the Bot API's Message ("forward_origin", say).

        Returns:
            The Bot API's Message.
        """
        message: dict[str, Any] = {
            "message_id": self._book.next_id(),
            "date": int((sent_at or datetime.now(UTC)).timestamp()),
            "chat": chat.as_json(),
            "from": person.as_json(),
            "text": text,
        }
        if entities := written_entities(text):
            message["entities"] = entities
        if reply_to is not None:
            replied = reply_to.as_json() if isinstance(reply_to, SentMessage) else reply_to
            message["reply_to_message"] = dict(replied)
        message |= more
        if message.get("is_topic_message"):
            self._book.topics.add((chat.id, message["message_thread_id"]))
        self._book.written.setdefault(chat.id, set()).add(message["message_id"])
        self.add_update("message", message)
        return message

    def press(
        self, message: SentMessage, button: str, person: Person, *, too_old: bool = False
    ) -> str:
        """A person presses a button below a message of the bot.

        Args:
            message: the message.
            button: the label of the button, or callback data that a client made up.
            person: who.
            too_old: the press can no longer be answered when the bot hears of it.

        Returns:
            The id of the callback query.
        """
        query = str(self._book.next_id())
        if not too_old:
            self._book.open_queries.add(query)
        carried = {one.label: one.data for one in message.buttons}
        self.add_update(
            "callback_query",
            {
                "id": query,
                "from": person.as_json(),
                "chat_instance": str(message.chat.id),
                "message": message.as_json(),
                "data": carried.get(button, button),
            },
        )
        return query

    def add_update(self, kind: str, content: Mapping[str, Any]) -> None:
        """Any other update ("edited_message", say), if the bot wants that kind."""
        update = self._updates.add(kind, dict(content))
        if update is not None and self._specification is not None:
            self.violations.extend(self._specification.update_violations(update))

    def block(self, chat: Chat) -> None:
        """The person blocks the bot, or the group removes it."""
        self._book.blocked.add(chat.id)

    # -- what a test sees

    @property
    def requests(self) -> list[Exchange]:
        """Every request answered so far, in order."""
        return self._door.requests

    @property
    def violations(self) -> list[str]:
        """What was against the Bot API's description; clear it where that was meant."""
        return self._door.violations

    @property
    def menu(self) -> dict[str, str]:
        """The bot's commands with their descriptions."""
        return self._book.menu

    @property
    def answered_queries(self) -> list[str]:
        """The callback queries that the bot answered."""
        return self._book.answered_queries

    @property
    def unconfirmed(self) -> int:
        """Updates that Telegram would send again at the bot's next start."""
        return self._updates.unconfirmed

    def sent(self, chat: Chat) -> list[SentMessage]:
        """All messages the bot sent to a chat, as they stand now."""
        return list(self._book.sent.get(chat.id, []))

    def requests_of(self, method: str) -> list[Exchange]:
        """The answered requests of one method, in order."""
        return [one for one in self.requests if one.method == method]

    async def wait_for_message(self, chat: Chat, within: float = 5.0) -> SentMessage:
        """The first message to the chat that was not returned from here before."""
        returned = self._returned.get(chat.id, 0)
        await self.until(lambda: len(self.sent(chat)) > returned, within)
        self._returned[chat.id] = returned + 1
        return self.sent(chat)[returned]

    async def wait_for_request(self, method: str, count: int = 1, within: float = 5.0) -> Exchange:
        """The `count`-th request of a method, once it has been answered."""
        await self.until(lambda: len(self.requests_of(method)) >= count, within)
        return self.requests_of(method)[count - 1]

    async def wait_for_poll(self, within: float = 5.0) -> None:
        """Return once the bot waits for updates and has received all there were."""
        await self.until(lambda: self._updates.is_awaited, within)

    async def until(self, holds: Callable[[], bool], within: float = 5.0) -> None:
        """Return once the condition holds; looked at with every request.

        Raises:
            TimeoutError: it did not come to hold within so many seconds.
        """
        async with asyncio.timeout(within):
            while not holds():
                self._door.changed.clear()
                await self._door.changed.wait()

    # -- what goes wrong

    def flood(self, retry_after: float = 1, times: int = 1, method: str | None = None) -> None:
        """Answer the next requests (of one method, or any) with 429.

        Telegram names whole seconds; a fraction makes for a quick test.
        """
        description = f"Too Many Requests: retry after {retry_after}"
        self.refuse(429, description, times, method, retry_after)

    def refuse(
        self,
        code: int,
        description: str,
        times: int = 1,
        method: str | None = None,
        retry_after: float = 0,
    ) -> None:
        """Answer the next requests (of one method, or any) with an error."""
        refusal = Refused(description, code, retry_after)
        self._door.troubles.append(Trouble(method, refusal, times))

    # -- inside

    def _add(self, chat: Chat) -> Chat:
        self._book.chats[chat.id] = chat
        return chat
