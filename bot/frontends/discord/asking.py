"""Discord's people, channels and messages as the nouns of the chat."""

from __future__ import annotations

import re
from typing import Any, Protocol

import discord
from discord import app_commands

from bot.chat.model import Asker

PLATFORM = "discord"


class Channel(Protocol):
    """What every kind of channel has, in whichever of discord.py's forms."""

    id: int


def chat_of(channel: Channel) -> str:
    """The id by which a channel is let in; a thread is let in with the channel it hangs from."""
    if isinstance(channel, discord.Thread | app_commands.AppCommandThread):
        return str(channel.parent_id)
    return str(channel.id)


def asker_of(person: discord.abc.User, channel: Channel) -> Asker:
    """Who asks, and where."""
    return Asker(
        platform=PLATFORM,
        user=str(person.id),
        name=person.display_name,
        chat=chat_of(channel),
        private=isinstance(channel, discord.DMChannel),
    )


def asker_in(interaction: discord.Interaction[Any]) -> Asker:
    """Who gave a slash command or pressed a button, and where.

    Raises:
        ValueError: the interaction names no channel, which those two kinds always do.
    """
    if interaction.channel is None:
        raise ValueError("an interaction came without a channel")
    return asker_of(interaction.user, interaction.channel)


def question_in(message: discord.Message, me: discord.abc.User) -> str | None:
    """What a message asks the bot; None where it is not meant for it.

    Everything people write in a direct message is meant for the bot; elsewhere a message
    that mentions it. A reply mentions whom it replies to unless its writer switched that
    off, and then Discord withholds its text from a bot without the privileged intent for
    message content, which this one does not ask for. What bots, webhooks and Discord itself
    write ("pinned a message") is never a question.
    """
    if message.author.bot or message.webhook_id is not None:
        return None
    if message.type not in (discord.MessageType.default, discord.MessageType.reply):
        return None
    if not isinstance(message.channel, discord.DMChannel) and me not in message.mentions:
        return None
    return " ".join(re.split(rf"\s*<@!?{me.id}>\s*", message.content)).strip()
