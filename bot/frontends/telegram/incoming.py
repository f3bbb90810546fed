"""Telegram's updates, turned into requests at the door. Pure: nothing is sent or kept."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from telegram import CallbackQuery, Message, MessageEntity, Update, User
from telegram.constants import ChatType

from bot.chat.model import (
    Allow,
    Ask,
    Asker,
    Command,
    ListReports,
    Missed,
    Request,
    ShowHelp,
    ShowStatus,
    Start,
)
from bot.frontends.telegram.buttons import decode

STALE_AFTER = timedelta(minutes=10)
"""A message older than this when it arrives was written while the bot was away."""

_ID = re.compile(r"-?[0-9]{1,20}")
_PAGE = re.compile(r"[0-9]{1,9}")


def translate(update: Update, bot: User, now: datetime) -> Request | None:
    """What an update asks of the bot.

    Args:
        update: as Telegram sent it.
        bot: the bot itself, for its id and user name.
        now: the present, with a time zone.

    Returns:
        The request; its command is `Missed` where the message is older than
        `STALE_AFTER`. None where nothing is asked of this bot.
    """
    if update.callback_query is not None:
        return _pressed(update.callback_query)
    message = update.message
    if message is None or message.text is None:
        return None
    asker = _asker(message)
    command = _command(message, message.text, bot)
    if asker is None or command is None:
        return None
    return Request(asker, Missed() if now - message.date > STALE_AFTER else command)


def _pressed(query: CallbackQuery) -> Request | None:
    """The command of the button that was pressed."""
    command = decode(query.data or "")
    if command is None or query.message is None:
        return None
    chat = query.message.chat
    private = chat.type == ChatType.PRIVATE
    asker = Asker(
        "telegram", str(query.from_user.id), query.from_user.full_name, str(chat.id), private
    )
    return Request(asker, command)


def _asker(message: Message) -> Asker | None:
    """Who wrote a message; None where no person did."""
    writer: int
    if message.sender_chat is not None:
        # an anonymous administrator writes as the group itself; anything else is a channel
        if message.sender_chat.id != message.chat.id:
            return None
        writer, name = message.chat.id, message.chat.title or ""
    elif message.from_user is None or message.from_user.is_bot:
        return None
    else:
        writer, name = message.from_user.id, message.from_user.full_name
    private = message.chat.type == ChatType.PRIVATE
    return Asker("telegram", str(writer), name, str(message.chat.id), private)


def _command(message: Message, text: str, bot: User) -> Command | None:
    """What the text asks of this bot, if anything."""
    private = message.chat.type == ChatType.PRIVATE
    first = message.entities[0] if message.entities else None
    if first is not None and first.type == MessageEntity.BOT_COMMAND and first.offset == 0:
        if message.forward_origin is not None:
            return None
        name, _, addressee = text[1 : first.length].lower().partition("@")
        if addressee and addressee != (bot.username or "").lower():
            return None
        return _named(name, text[first.length :].strip(), message)
    if private:
        return Ask(text.strip())
    if _mentions(message, bot) or _replies_to(message, bot):
        return Ask(_without_mentions(message, text, bot))
    return None


def _named(name: str, argument: str, message: Message) -> Command | None:
    """The command of that name; help for a name nobody knows, where nobody else is meant."""
    match name:
        case "ask":
            return Ask(argument)
        case "reports":
            page = int(argument) if _PAGE.fullmatch(argument) else 1
            return ListReports(max(1, page))
        case "status":
            return ShowStatus()
        case "help":
            return ShowHelp()
        case "start":
            return Start(argument)
        case "allow":
            return _allow(argument, message)
        case _:
            # in a group it may be another bot's
            return ShowHelp() if message.chat.type == ChatType.PRIVATE else None


def _allow(argument: str, message: Message) -> Allow:
    """Whom /allow names: an id, the writer of the message replied to, or this group."""
    nobody = Allow("user", "")
    if argument:
        if _ID.fullmatch(argument) is None:
            return nobody
        # Telegram's ids of groups are negative, those of people are not
        return Allow("chat" if argument.startswith("-") else "user", argument)
    replied = _replied(message)
    if replied is not None:
        writer = _asker(replied)
        if writer is None or writer.user == writer.chat:
            return nobody
        return Allow("user", writer.user)
    if message.chat.type == ChatType.PRIVATE:
        return nobody
    return Allow("chat", str(message.chat.id))


def _replied(message: Message) -> Message | None:
    """The message this one replies to, where a person chose it."""
    replied = message.reply_to_message
    # within a topic every message replies to the notice that the topic was created
    return None if replied is None or replied.forum_topic_created is not None else replied


def _replies_to(message: Message, bot: User) -> bool:
    replied = _replied(message)
    return replied is not None and replied.from_user is not None and replied.from_user.id == bot.id


def _mentions(message: Message, bot: User) -> list[MessageEntity]:
    """Where the bot is named in a message."""
    named = f"@{bot.username}".lower()
    return [
        entity
        for entity, written in message.parse_entities().items()
        if (entity.type == MessageEntity.MENTION and written.lower() == named)
        or (entity.user is not None and entity.user.id == bot.id)
    ]


def _without_mentions(message: Message, text: str, bot: User) -> str:
    """The text without the bot's name."""
    # the offsets of entities count UTF-16 code units, of two bytes each
    units = text.encode("utf-16-le")
    for entity in sorted(_mentions(message, bot), key=lambda entity: -entity.offset):
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        units = units[:start] + units[end:]
    return units.decode("utf-16-le").strip()
