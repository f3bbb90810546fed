"""The nouns of the stand-in for Discord: people, channels, messages, interactions."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.discord_markdown import readable

Json = dict[str, Any]

EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15

TEXT_CHANNEL, DIRECT_CHANNEL, THREAD = 0, 1, 11
ALL_PERMISSIONS = "2147483647"
STARTED = "2024-01-01T00:00:00.000000+00:00"

_count = itertools.count(1)


def snowflake() -> str:
    """A new id, made as Discord makes them: a time and a count."""
    return str((int(time.time() * 1000) - 1_420_070_400_000 << 22) + next(_count))


@dataclass(eq=False)
class Person:
    """Somebody on Discord, or a bot."""

    name: str
    bot: bool = False
    id: str = field(default_factory=snowflake)

    @property
    def payload(self) -> Json:
        """The user object."""
        return {
            "id": self.id,
            "username": self.name.lower().replace(" ", "_"),
            "discriminator": "0",
            "global_name": self.name,
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
            "flags": 0,
        }

    @property
    def member(self) -> Json:
        """The member object in the one guild there is."""
        return {
            "user": self.payload,
            "nick": None,
            "avatar": None,
            "roles": [],
            "joined_at": STARTED,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "permissions": ALL_PERMISSIONS,
        }


@dataclass(eq=False)
class Channel:
    """A text channel or thread of the guild, or the direct messages with a person.

    Attributes:
        name: of a channel of the guild.
        guild: id of the guild; None for direct messages.
        person: with whom, in direct messages.
        parent: the channel a thread hangs from.
        refusal: code and message of the error with which Discord refuses the bot here.
        history: the bot may read what was written before, and so reply to it.
        answers: the bot's messages here that answer no interaction, not yet waited for.
        typing: how often the bot showed that it types.
    """

    name: str = ""
    guild: str | None = None
    person: Person | None = None
    parent: Channel | None = None
    id: str = field(default_factory=snowflake)
    refusal: tuple[int, str] | None = None
    history: bool = True
    answers: asyncio.Queue[Message] = field(default_factory=asyncio.Queue)
    typing: int = 0

    @property
    def payload(self) -> Json:
        """The channel object."""
        if self.person is not None:
            recipients = [self.person.payload]
            return {"id": self.id, "type": DIRECT_CHANNEL, "recipients": recipients, "flags": 0}
        common = {"id": self.id, "guild_id": self.guild, "name": self.name, "flags": 0}
        if self.parent is not None:
            return common | {
                "type": THREAD,
                "parent_id": self.parent.id,
                "owner_id": self.parent.id,
                "message_count": 0,
                "member_count": 1,
                "rate_limit_per_user": 0,
                "thread_metadata": {
                    "archived": False,
                    "auto_archive_duration": 1440,
                    "archive_timestamp": STARTED,
                    "locked": False,
                },
            }
        return common | {
            "type": TEXT_CHANNEL,
            "position": 0,
            "permission_overwrites": [],
            "parent_id": None,
            "topic": None,
            "nsfw": False,
            "rate_limit_per_user": 0,
        }


@dataclass(eq=False)
class Message:
    """A message as it stands now.

    Attributes:
        channel: where.
        author: who wrote it.
        body: its content, components, flags and reference, as written.
        deleted: it is gone.
        edits: how often it was edited.
        notified: whom it notified: "everyone" or ids.
    """

    channel: Channel
    author: Person
    body: Json
    id: str = field(default_factory=snowflake)
    deleted: bool = False
    edits: int = 0
    notified: list[str] = field(default_factory=list)

    @property
    def flags(self) -> int:
        """Its flags as bits."""
        return int(self.body.get("flags") or 0)

    @property
    def ephemeral(self) -> bool:
        """Only one person sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """It still says that the bot is thinking."""
        return bool(self.flags & LOADING)

    @property
    def components(self) -> list[Json]:
        """All its components, the outer before the inner, in reading order."""
        return walk(self.body.get("components") or [])

    @property
    def markdown(self) -> str:
        """Its text as written."""
        texts = [part["content"] for part in self.components if part["type"] == 10]
        return "\n".join(filter(None, [self.body.get("content"), *texts]))

    @property
    def text(self) -> str:
        """Its text as a person reads it."""
        texts = [readable(part["content"]) for part in self.components if part["type"] == 10]
        return "\n".join(filter(None, [readable(self.body.get("content") or ""), *texts]))

    @property
    def buttons(self) -> dict[str, str]:
        """Custom ids by label."""
        pressable = [part for part in self.components if part["type"] == 2 and "custom_id" in part]
        return {part.get("label") or "": part["custom_id"] for part in pressable}

    @property
    def payload(self) -> Json:
        """The message object."""
        reference = self.body.get("message_reference")
        return {
            "id": self.id,
            "channel_id": self.channel.id,
            "author": self.author.payload,
            "content": self.body.get("content") or "",
            "timestamp": STARTED,
            "edited_timestamp": STARTED if self.edits else None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "pinned": False,
            "type": 19 if reference else 0,
            "flags": self.flags,
            "components": self.body.get("components") or [],
        } | ({"message_reference": reference} if reference else {})


@dataclass(eq=False)
class Interaction:
    """A slash command or a pressed button.

    Attributes:
        kind: 2 for a slash command, 3 for a button.
        person: who gave it.
        channel: where.
        data: what was given or pressed.
        created: when, by the server's clock, in seconds.
        pressed: the message whose button was pressed.
        acknowledged: the kind of callback that acknowledged it; None before.
        original: the message that answers it.
        answers: messages that answer it, complete, not yet waited for.
    """

    kind: int
    person: Person
    channel: Channel
    data: Json
    created: float
    pressed: Message | None = None
    id: str = field(default_factory=snowflake)
    token: str = field(default_factory=lambda: secrets.token_hex(32))
    acknowledged: int | None = None
    original: Message | None = None
    answers: asyncio.Queue[Message] = field(default_factory=asyncio.Queue)

    def payload(self, application: str) -> Json:
        """The interaction object, as a bot of that application id is told of it."""
        channel, person = self.channel, self.person
        payload: Json = {
            "id": self.id,
            "application_id": application,
            "type": self.kind,
            "data": self.data,
            "channel": channel.payload | {"permissions": ALL_PERMISSIONS},
            "channel_id": channel.id,
            "token": self.token,
            "version": 1,
            "app_permissions": ALL_PERMISSIONS,
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {"0": channel.guild or "0"},
            "context": 0 if channel.guild else 1,
            "attachment_size_limit": 10_485_760,
        }
        if channel.guild is None:
            payload["user"] = person.payload
        else:
            guild = {"id": channel.guild, "locale": "en-US", "features": []}
            payload |= {"guild_id": channel.guild, "guild": guild, "member": person.member}
        if self.pressed is not None:
            payload["message"] = self.pressed.payload
        return payload


def walk(components: list[Json]) -> list[Json]:
    """Components and those within them, the outer before the inner."""
    found = []
    for component in components:
        found += [component, *walk(component.get("components") or [])]
    return found
