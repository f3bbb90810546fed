"""The people, chats and messages of the stand-in for Telegram."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from tests.e2e.telegram_html import Entity, units

_COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,32}(@[A-Za-z0-9_]{3,32})?")
_MENTION = re.compile(r"(?<![\w@])@[A-Za-z0-9_]{3,32}")


@dataclass(frozen=True)
class Person:
    """A user of Telegram; the bot is one too."""

    id: int
    name: str
    username: str = ""
    is_bot: bool = False

    def as_json(self) -> dict[str, Any]:
        """The Bot API's User."""
        user = {"id": self.id, "is_bot": self.is_bot, "first_name": self.name}
        return user | ({"username": self.username} if self.username else {})


@dataclass(frozen=True)
class Chat:
    """A private chat with the bot, or a group it is in.

    Attributes:
        id: that of the person in a private chat, negative for a group.
        kind: "private", "group" or "supergroup".
        name: of the person or the group.
    """

    id: int
    kind: str
    name: str

    def as_json(self) -> dict[str, Any]:
        """The Bot API's Chat."""
        named = "first_name" if self.kind == "private" else "title"
        return {"id": self.id, "type": self.kind, named: self.name}


@dataclass(frozen=True)
class Button:
    """A button below a message of the bot, and the callback data it carries."""

    label: str
    data: str


@dataclass
class SentMessage:
    """A message the bot sent, as it stands now.

    Attributes:
        id: unique in its chat.
        chat: where it was sent.
        sender: the bot.
        source: the text as sent, markup included.
        text: the text as shown.
        entities: its formatting.
        keyboard: Bot API InlineKeyboardMarkup below it, None for none.
        reply_to: id of the message it replies to, None for none.
        thread: id of the topic it is in, None for none.
        sent_at: when.
        edits: how often it was changed.
    """

    id: int
    chat: Chat
    sender: Person
    source: str
    text: str
    entities: list[Entity]
    keyboard: dict[str, Any] | None
    reply_to: int | None = None
    thread: int | None = None
    sent_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    edits: int = 0

    @property
    def buttons(self) -> list[Button]:
        """The buttons below it, row by row."""
        rows = self.keyboard["inline_keyboard"] if self.keyboard else []
        return [Button(one["text"], one.get("callback_data", "")) for row in rows for one in row]

    def as_json(self) -> dict[str, Any]:
        """The Bot API's Message."""
        message: dict[str, Any] = {
            "message_id": self.id,
            "date": int(self.sent_at.timestamp()),
            "chat": self.chat.as_json(),
            "from": self.sender.as_json(),
            "text": self.text,
        }
        if self.entities:
            message["entities"] = [entity.as_json() for entity in self.entities]
        if self.keyboard is not None:
            message["reply_markup"] = self.keyboard
        if self.thread is not None:
            message |= {"message_thread_id": self.thread, "is_topic_message": True}
        if self.edits:
            message["edit_date"] = int(datetime.now(UTC).timestamp())
        return message


class ChatBook:
    """Everything Telegram remembers of the chats of one bot.

    Attributes:
        bot: the bot.
        chats: the chats it may know, by id.
        blocked: ids of those it may not write to any more.
        sent: what it wrote, by chat id.
        written: ids of the messages people wrote, by chat id.
        topics: (chat id, topic id) of every topic.
        open_queries: callback queries that can still be answered.
        answered_queries: those that were.
        menu: the bot's commands and their descriptions.
    """

    def __init__(self, bot: Person) -> None:
        self.bot = bot
        self.chats: dict[int, Chat] = {}
        self.blocked: set[int] = set()
        self.sent: dict[int, list[SentMessage]] = {}
        self.written: dict[int, set[int]] = {}
        self.topics: set[tuple[int, int]] = set()
        self.open_queries: set[str] = set()
        self.answered_queries: list[str] = []
        self.menu: dict[str, str] = {}
        self._ids = count(1001)

    def next_id(self) -> int:
        """A number not given before."""
        return next(self._ids)

    def find_sent(self, chat: int, message: int) -> SentMessage | None:
        """A message of the bot."""
        return next((one for one in self.sent.get(chat, []) if one.id == message), None)


def written_entities(text: str) -> list[dict[str, Any]]:
    """The commands and mentions that Telegram finds in what a person writes."""
    commands = list(_COMMAND.finditer(text))
    mentions = [
        mention
        for mention in _MENTION.finditer(text)
        if not any(one.start() <= mention.start() < one.end() for one in commands)
    ]
    found = [("bot_command", one) for one in commands] + [("mention", one) for one in mentions]
    return [
        Entity(kind, units(text[: one.start()]), units(one[0])).as_json()
        for kind, one in sorted(found, key=lambda pair: pair[1].start())
    ]
