"""The state of the stand-in for Discord: who and what there is, and what was asked of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.discord_nouns import (
    ALL_PERMISSIONS,
    STARTED,
    THREAD,
    Channel,
    Interaction,
    Json,
    Message,
    Person,
    snowflake,
)
from tests.e2e.discord_rules import Refused
from tests.e2e.discord_specification import Specification

UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")


class Clock:
    """A clock that stands still until a test moves it, so that nothing is late by accident."""

    def __init__(self) -> None:
        self._now = time.time()

    def __call__(self) -> float:
        """Seconds."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now += seconds


@dataclass
class Call:
    """One request and what it was answered with.

    Attributes:
        method: of HTTP.
        path: behind the API's base.
        query: the parameters in the address.
        body: what was sent as JSON, None where nothing was.
        status: HTTP status of the answer.
        code: Discord's code where it was refused, else 0.
    """

    method: str
    path: str
    query: dict[str, str]
    body: Any
    status: int = 0
    code: int = 0


@dataclass
class World:
    """Everything there is on the stand-in for Discord.

    Attributes:
        token: the bot's.
        clock: seconds; what is late is late by it.
        specification: Discord's description, None where requests are not held against it.
        announce: tells the bot of an event.
        guild: id of the one guild there is.
        bot: the bot as a person; its id is the application's too.
        channels: by id.
        interactions: by token.
        messages: in the order they were written.
        commands: the slash commands the bot made known.
        calls: every request.
        arrived: the same, not yet waited for.
        refused: the refused ones, not yet waited for.
        answering: cleared, requests are taken but not answered until it is set.
        violations: what the bot did that a bot must not do.
    """

    token: str
    clock: Callable[[], float]
    specification: Specification | None
    announce: Callable[[str, Json, Channel], None]
    guild: str = field(default_factory=snowflake)
    bot: Person = field(default_factory=lambda: Person("Footnote", bot=True))
    channels: dict[str, Channel] = field(default_factory=dict)
    interactions: dict[str, Interaction] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    commands: list[Json] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    arrived: asyncio.Queue[Call] = field(default_factory=asyncio.Queue)
    refused: asyncio.Queue[Call] = field(default_factory=asyncio.Queue)
    answering: asyncio.Event = field(default_factory=asyncio.Event)
    violations: list[str] = field(default_factory=list)

    def message(self, message_id: str) -> Message:
        """A message that still exists.

        Raises:
            Refused: 10008, there is none.
        """
        for message in self.messages:
            if message.id == message_id and not message.deleted:
                return message
        raise Refused(*UNKNOWN_MESSAGE)

    def direct(self, person: Person) -> Channel:
        """The direct messages between the bot and a person."""
        for channel in self.channels.values():
            if channel.person is person:
                return channel
        channel = Channel(person=person)
        self.channels[channel.id] = channel
        return channel

    @property
    def guild_payload(self) -> Json:
        """The one guild there is, as GUILD_CREATE describes it."""
        places = [channel.payload for channel in self.channels.values() if channel.guild]
        everyone = {
            "id": self.guild,
            "name": "@everyone",
            "permissions": ALL_PERMISSIONS,
            "position": 0,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }
        return {
            "id": self.guild,
            "name": "An investors' club",
            "owner_id": snowflake(),
            "joined_at": STARTED,
            "large": False,
            "unavailable": False,
            "member_count": 2,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "preferred_locale": "en-US",
            "features": [],
            "emojis": [],
            "stickers": [],
            "roles": [everyone],
            "channels": [place for place in places if place["type"] != THREAD],
            "threads": [place for place in places if place["type"] == THREAD],
            "members": [self.bot.member],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }
