"""The people, chats and messages of the stand-in for Telegram."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.e2e.telegram_html import Entity, FormattedText, units

_COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,32}(@[A-Za-z0-9_]{3,32})?")
_MENTION = re.compile(r"(?<![\w@])@[A-Za-z0-9_]{3,32}")


@dataclass(frozen=True)
class Person:
    """A user of Telegram."""

    id: int
    name: str

    def as_json(self) -> dict[str, Any]:
        """The Bot API's User."""
        return {"id": self.id, "is_bot": False, "first_name": self.name}


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
    """A button below a message of the bot."""

    label: str
    data: str


@dataclass
class SentMessage:
    """A message the bot sent, as it stands now.

    Attributes:
        id: unique in its chat.
        chat: where it was sent.
        source: the text as sent, markup included.
        text: the text as shown.
        entities: its formatting.
        buttons: below it, all rows in one list.
        reply_to: id of the message it replies to, None for none.
        edits: how often it was changed.
        reply_markup: its keyboard as sent, None for none.
    """

    id: int
    chat: Chat
    source: str
    text: str
    entities: list[Entity]
    buttons: list[Button]
    reply_to: int | None
    reply_markup: dict[str, Any] | None
    sent_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    edits: int = 0

    def button(self, label: str) -> Button:
        """The button with that label; AssertionError where there is none."""
        found = [button for button in self.buttons if button.label == label]
        assert found, f"no button {label!r} among {[button.label for button in self.buttons]}"
        return found[0]

    def as_json(self, bot: dict[str, Any]) -> dict[str, Any]:
        """The Bot API's Message, written by the bot."""
        message: dict[str, Any] = {
            "message_id": self.id,
            "date": int(self.sent_at.timestamp()),
            "chat": self.chat.as_json(),
            "from": bot,
            "text": self.text,
        }
        if self.entities:
            message["entities"] = [entity.as_json() for entity in self.entities]
        if self.reply_markup is not None:
            message["reply_markup"] = self.reply_markup
        if self.edits:
            message["edit_date"] = int(datetime.now(UTC).timestamp())
        return message


def written_entities(text: str) -> list[dict[str, Any]]:
    """The commands and mentions Telegram finds in what a person writes."""
    found = [("bot_command", match) for match in _COMMAND.finditer(text)]
    found += [("mention", match) for match in _MENTION.finditer(text)]
    within_commands = [match.span() for kind, match in found if kind == "bot_command"]
    return [
        Entity(kind, units(text[: match.start()]), units(match[0])).as_json()
        for kind, match in sorted(found, key=lambda one: one[1].start())
        if kind == "bot_command"
        or not any(start <= match.start() < end for start, end in within_commands)
    ]


def shown(text: FormattedText) -> str:
    """The text alone."""
    return text.text
