"""Sending a reply to where its question came from."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import structlog
from telegram import Bot, LinkPreviewOptions, ReplyParameters, Update
from telegram.constants import ChatAction, ChatType, ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.chat.model import Reply
from bot.frontends.telegram.network import Timing, retried
from bot.frontends.telegram.render import Rendered, render

log = structlog.get_logger(__name__)

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_ATTEMPTS = 6

# what Telegram says, with code 400, of a chat the bot cannot write to
_CLOSED_TO_THE_BOT = ("chat not found", "not enough rights", "topic_closed")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer goes.

    Attributes:
        chat: id of the chat.
        thread: id of the topic within it; None outside topics.
        question: message the answer is shown to reply to; None in a private chat.
        page: message whose button was pressed; None for an answer to a message.
    """

    chat: int
    thread: int | None = None
    question: int | None = None
    page: int | None = None


def place_of(update: Update) -> Place | None:
    """Where the answer to an update goes; None for one that came from no chat."""
    message = update.message
    if message is not None:
        return Place(
            message.chat.id,
            thread=message.message_thread_id if message.is_topic_message else None,
            question=None if message.chat.type == ChatType.PRIVATE else message.message_id,
        )
    query = update.callback_query
    if query is None or query.message is None:
        return None
    pressed = query.message
    thread = getattr(pressed, "message_thread_id", None)  # an inaccessible message has none
    in_topic = getattr(pressed, "is_topic_message", None)
    return Place(pressed.chat.id, thread if in_topic else None, page=pressed.message_id)


@asynccontextmanager
async def typing(bot: Bot, place: Place, timing: Timing) -> AsyncIterator[None]:
    """Show that the bot is writing, for as long as the block takes."""

    async def keep_showing() -> None:
        await asyncio.sleep(timing.typing_after)
        while True:
            with suppress(TelegramError):
                await bot.send_chat_action(
                    place.chat, ChatAction.TYPING, message_thread_id=place.thread
                )
            await asyncio.sleep(timing.typing_again)

    shown = asyncio.create_task(keep_showing())
    try:
        yield
    finally:
        shown.cancel()
        await asyncio.gather(shown, return_exceptions=True)


async def deliver(
    bot: Bot, place: Place, reply: Reply, timing: Timing, attempts: int = _ATTEMPTS
) -> bool:
    """Send a reply, in as many messages as it takes.

    A page that was asked for with a button takes the place of the page the button is on;
    a reply without buttons is no page (a refusal, say) and is a message of its own.

    Args:
        bot: who sends it.
        place: where it goes.
        reply: what is said.
        timing: how long to wait where the network fails.
        attempts: how often a message is tried.

    Returns:
        False where the bot may not write to the chat (any more).

    Raises:
        TelegramError: Telegram refused a message, or could not be reached.
    """
    messages = render(reply)
    try:
        if place.page is not None and reply.buttons and messages:
            await _turn_page(bot, place, place.page, messages.pop(0), timing, attempts)
        for message in messages:
            await _send(bot, place, message, timing, attempts)
    except Forbidden:
        log.info("Telegram: the bot may not write to the chat", chat=place.chat)
        return False
    except BadRequest as refusal:
        if not any(reason in refusal.message.lower() for reason in _CLOSED_TO_THE_BOT):
            raise
        log.info("Telegram: the bot may not write to the chat", chat=place.chat)
        return False
    return True


async def _send(bot: Bot, place: Place, message: Rendered, timing: Timing, attempts: int) -> None:
    question = (
        None
        if place.question is None
        else ReplyParameters(place.question, allow_sending_without_reply=True)
    )
    await retried(
        lambda: bot.send_message(
            place.chat,
            message.html,
            ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            message_thread_id=place.thread,
            reply_markup=message.keyboard,
            reply_parameters=question,
        ),
        timing=timing,
        attempts=attempts,
    )


async def _turn_page(
    bot: Bot, place: Place, page: int, message: Rendered, timing: Timing, attempts: int
) -> None:
    """Show the message in place of the page; send it where the page cannot be changed."""
    try:
        await retried(
            lambda: bot.edit_message_text(
                message.html,
                place.chat,
                page,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                reply_markup=message.keyboard,
            ),
            timing=timing,
            attempts=attempts,
        )
    except BadRequest as refusal:
        if "message is not modified" not in refusal.message.lower():
            await _send(bot, place, message, timing, attempts)
