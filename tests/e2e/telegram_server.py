"""A stand-in for Telegram's Bot API on loopback.

It refuses what Telegram refuses, in Telegram's words, and keeps what a test needs to know:

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
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.e2e.telegram_chats import Button, Chat, Person, SentMessage, written_entities
from tests.e2e.telegram_html import FormattedText, Refused, formatted
from tests.e2e.telegram_specification import Specification

MOST_CALLBACK_BYTES = 64
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LONGEST_DESCRIPTION = 256
_NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)
_OTHER_POLLER = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
_TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"

Form = Mapping[str, str]


@dataclass(frozen=True)
class Exchange:
    """A request of the bot and how it was answered."""

    method: str
    form: Form
    status: int
    description: str


@dataclass
class _Trouble:
    """An answer that the next requests get whatever they ask."""

    method: str | None
    refusal: Refused
    left: int


class TelegramServer:
    """The server and, for a test, everybody who writes to the bot.

    Args:
        token: the one token it knows.
        username: the bot's user name.
        specification: what requests are checked against besides; that of SPEC_DIR if not
            given.
    """

    def __init__(
        self,
        token: str,
        *,
        username: str = "footnote_bot",
        specification: Specification | None = None,
    ) -> None:
        self.token = token
        self.bot = Person(int(token.partition(":")[0]), "Footnote")
        self.username = username
        self.requests: list[Exchange] = []
        self.violations: list[str] = []
        self.commands: list[dict[str, str]] = []
        self._specification = specification or Specification.of_environment()
        self._chats: dict[int, Chat] = {}
        self._blocked: set[int] = set()
        self._sent: dict[int, list[SentMessage]] = {}
        self._seen: dict[int, int] = {}
        self._written: dict[int, set[int]] = {}
        self._updates: list[dict[str, Any]] = []
        self._allowed: list[str] | None = None
        self._queries: set[str] = set()
        self._troubles: list[_Trouble] = []
        self._poll: asyncio.Future[bool] | None = None
        self._changed = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._port = 0
        self._last_id = 1000

    # running it

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
        """Stop, and fail where a request violated the description."""
        await self.go_down()
        if error is None:
            assert not self.violations, "\n".join(self.violations)

    @property
    def url(self) -> str:
        """Where it listens; the same when it comes back."""
        return f"http://127.0.0.1:{self._port}"

    async def go_down(self) -> None:
        """Stop to listen and cut every connection."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def come_back(self) -> None:
        """Listen, at the same address as before."""
        application = web.Application()
        application.router.add_route("*", "/bot{token}/{method}", self._handle)
        self._runner = web.AppRunner(
            application, handler_cancellation=True, shutdown_timeout=0.1, access_log=None
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await site.start()
        self._port = self._runner.addresses[0][1]

    # what people do

    def add_person(self, name: str) -> Person:
        """Somebody new."""
        return Person(self._next_id(), name)

    def private(self, person: Person) -> Chat:
        """The person's chat with the bot."""
        return self._add_chat(Chat(person.id, "private", person.name))

    def add_group(self, title: str, kind: str = "supergroup") -> Chat:
        """A new group that the bot is in."""
        return self._add_chat(Chat(-1_000_000_000_000 - self._next_id(), kind, title))

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
        """A person writes; commands and mentions are found in the text as Telegram does.

        Args:
            chat: where.
            person: who.
            text: what.
            reply_to: the message it replies to.
            sent_at: when it was written; now if not given.
            more: further fields of the Bot API's Message.

        Returns:
            The Bot API's Message.
        """
        message: dict[str, Any] = {
            "message_id": self._next_id(),
            "date": int((sent_at or datetime.now(UTC)).timestamp()),
            "chat": chat.as_json(),
            "from": person.as_json(),
            "text": text,
        }
        entities = written_entities(text)
        if entities:
            message["entities"] = entities
        if reply_to is not None:
            sent = isinstance(reply_to, SentMessage)
            message["reply_to_message"] = (
                reply_to.as_json(self._bot_json()) if isinstance(reply_to, SentMessage) else dict(reply_to)
            )
            del sent
        message |= more
        self._written.setdefault(chat.id, set()).add(message["message_id"])
        self._add_update("message", message)
        return message

    def press(
        self,
        message: SentMessage,
        button: Button | str,
        person: Person,
        *,
        too_old: bool = False,
    ) -> str:
        """A person presses a button; the id of the callback query is returned.

        Args:
            message: the message the button is below.
            button: the button, its label, or any callback data a client made up.
            person: who.
            too_old: the query can no longer be answered.
        """
        labels = {one.label: one.data for one in message.buttons}
        data = button.data if isinstance(button, Button) else labels.get(button, button)
        query = str(self._next_id())
        if not too_old:
            self._queries.add(query)
        self._add_update(
            "callback_query",
            {
                "id": query,
                "from": person.as_json(),
                "chat_instance": str(message.chat.id),
                "message": message.as_json(self._bot_json()),
                "data": data,
            },
        )
        return query

    def add_update(self, kind: str, content: Mapping[str, Any]) -> None:
        """Any update, for what the methods above do not do ("edited_message" say)."""
        self._add_update(kind, dict(content))

    def block(self, chat: Chat) -> None:
        """The person blocks the bot, or the group removes it."""
        self._blocked.add(chat.id)

    # what a test sees

    def sent(self, chat: Chat) -> list[SentMessage]:
        """All messages the bot sent to a chat, as they stand now."""
        return list(self._sent.get(chat.id, []))

    async def wait_for_message(self, chat: Chat, timeout: float = 5.0) -> SentMessage:  # noqa: ASYNC109 - a limit for a failing test, not for the server
        """The first message to the chat that this method has not returned yet."""
        seen = self._seen.get(chat.id, 0)
        await self.until(lambda: len(self.sent(chat)) > seen, timeout)
        self._seen[chat.id] = seen + 1
        return self.sent(chat)[seen]

    async def wait_for_request(
        self, method: str, count: int = 1, timeout: float = 5.0  # noqa: ASYNC109 - likewise
    ) -> Exchange:
        """The `count`-th request of a method, once it has been answered."""
        await self.until(lambda: len(self.requests_of(method)) >= count, timeout)
        return self.requests_of(method)[count - 1]

    async def wait_for_poll(self, timeout: float = 5.0) -> None:  # noqa: ASYNC109 - likewise
        """Return once the bot waits for updates and has received all there were."""
        await self.until(lambda: self._poll is not None and not self._updates, timeout)

    async def until(self, holds: Callable[[], bool], timeout: float = 5.0) -> None:  # noqa: ASYNC109 - likewise
        """Return once the condition holds; it is looked at after every request.

        Raises:
            TimeoutError: it did not come to hold.
        """
        async with asyncio.timeout(timeout):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    def requests_of(self, method: str) -> list[Exchange]:
        """The answered requests of one method, in order."""
        return [one for one in self.requests if one.method == method]

    # what goes wrong

    def flood(self, retry_after: int = 1, times: int = 1, method: str | None = None) -> None:
        """Answer the next requests (of one method, or any) with 429."""
        self.refuse(
            429, f"Too Many Requests: retry after {retry_after}", times, method, retry_after
        )

    def refuse(
        self,
        code: int,
        description: str,
        times: int = 1,
        method: str | None = None,
        retry_after: int = 0,
    ) -> None:
        """Answer the next requests (of one method, or any) with an error."""
        refusal = Refused(description, code, retry_after)
        self._troubles.append(_Trouble(method, refusal, times))

    # inside

    def _next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def _add_chat(self, chat: Chat) -> Chat:
        self._chats[chat.id] = chat
        return chat

    def _bot_json(self) -> dict[str, Any]:
        return {
            "id": self.bot.id,
            "is_bot": True,
            "first_name": self.bot.name,
            "username": self.username,
        }

    def _add_update(self, kind: str, content: dict[str, Any]) -> None:
        if self._allowed is not None and kind not in self._allowed:
            return
        update = {"update_id": self._next_id(), kind: content}
        if self._specification is not None:
            self.violations += self._specification.update_violations(update)
        self._updates.append(update)
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(True)

    async def _handle(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        form = {key: str(value) for key, value in (await request.post()).items()}
        form |= dict(request.query)
        refusal: Refused | None = None
        result: Any = None
        try:
            self._admit(request.match_info["token"], method, form)
            result = await self._call(method, form)
        except Refused as error:
            refusal = error
        status = refusal.code if refusal else 200
        self.requests.append(
            Exchange(method, form, status, refusal.description if refusal else "")
        )
        self._changed.set()
        if refusal is None:
            if self._specification is not None:
                self.violations += self._specification.result_violations(method, result)
            return web.json_response({"ok": True, "result": result})
        body: dict[str, Any] = {
            "ok": False,
            "error_code": refusal.code,
            "description": refusal.description,
        }
        if refusal.retry_after:
            body["parameters"] = {"retry_after": refusal.retry_after}
        return web.json_response(body, status=refusal.code)
