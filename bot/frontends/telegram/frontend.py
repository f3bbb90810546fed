"""Telegram: connects, receives, has the conversation answer, and drains when it stops."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from typing import Any

import structlog
from telegram import BotCommand, Update
from telegram.error import BadRequest, InvalidToken, TelegramError
from telegram.ext import AIORateLimiter, Application, ApplicationBuilder, TypeHandler

from bot.chat import words
from bot.chat.faults import described
from bot.chat.model import Missed, Paragraph, Reply, Request
from bot.chat.protocol import Converses
from bot.frontends.telegram.incoming import translate
from bot.frontends.telegram.network import Timing, retried
from bot.frontends.telegram.outgoing import Place, deliver, place_of, typing
from bot.frontends.telegram.polling import Poller
from ingest.errors import FrontendError

log = structlog.get_logger(__name__)

_Application = Application[Any, Any, Any, Any, Any, Any]

# the form BotFather gives them; anything else would change the address it is put into
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_FLOODED_ATTEMPTS = 10
_READ_TIMEOUT = 15.0


def _now() -> datetime:
    return datetime.now(UTC)


class TelegramFrontend:
    """The bot in Telegram.

    Args:
        conversation: answers requests.
        token: the bot's token, from BotFather.
        api_url: another Bot API server, "http://127.0.0.1:8081" say; None for Telegram's.
        timing: how long to wait for what.
        now: the present, with a time zone.
    """

    name = "telegram"

    def __init__(
        self,
        conversation: Converses,
        token: str,
        *,
        api_url: str | None = None,
        timing: Timing = Timing(),  # noqa: B008 - frozen
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._conversation = conversation
        self._token = token
        self._api_url = api_url
        self._timing = timing
        self._now = now
        self._closing: AsyncExitStack | None = None
        # chats told that something of theirs was missed, until they write again
        self._told: set[str] = set()

    async def start(self) -> None:
        """Connect, set the command menu and begin to answer.

        A network that is down is waited out, however long it takes: cancel to give up.

        Raises:
            FrontendError: Telegram refused the token or the command menu.
        """
        if _TOKEN.fullmatch(self._token) is None:
            raise FrontendError(
                "the Telegram bot token is not one: BotFather's look like 123456789:AAE…; "
                "check TELEGRAM_BOT_TOKEN"
            )
        _keep_quiet()
        async with AsyncExitStack() as closing:
            application = self._build()
            # shutting the application down does not close a bot whose start failed half-way
            closing.push_async_callback(application.bot.shutdown)
            closing.push_async_callback(application.shutdown)
            await self._connect(application)
            await application.start()
            closing.push_async_callback(application.stop)
            poller = Poller(application.bot, application.update_queue, self._timing)
            closing.push_async_callback(poller.confirm)
            # Application.stop() alone would start what is still queued, but as tasks it no
            # longer owns; so the queue is emptied while the application runs
            closing.push_async_callback(application.update_queue.join)
            polling = asyncio.create_task(poller.run(), name="telegram polling")
            closing.push_async_callback(_cancel, polling)
            self._closing = closing.pop_all()
        log.info("Telegram: connected", bot=application.bot.username)

    async def stop(self) -> None:
        """Receive nothing more, answer all that was received, then disconnect.

        Without effect where `start` has not returned.
        """
        closing, self._closing = self._closing, None
        if closing is not None:
            await closing.aclose()
            log.info("Telegram: disconnected")

    def _build(self) -> _Application:
        builder = (
            ApplicationBuilder()
            .token(self._token)
            .updater(None)
            .concurrent_updates(True)
            .rate_limiter(AIORateLimiter(max_retries=_FLOODED_ATTEMPTS))
            .read_timeout(_READ_TIMEOUT)
        )
        if self._api_url is not None:
            address = self._api_url.rstrip("/")
            builder = builder.base_url(f"{address}/bot").base_file_url(f"{address}/file/bot")
        application: _Application = builder.build()
        application.add_handler(TypeHandler(Update, self._receive))
        return application

    async def _connect(self, application: _Application) -> None:
        bot = application.bot
        menu = [BotCommand(*command) for command in words.COMMAND_DESCRIPTIONS.items()]
        try:
            await retried(application.initialize, timing=self._timing)
            # with a webhook set, Telegram gives updates to it and refuses them to polling
            await retried(bot.delete_webhook, timing=self._timing)
            await retried(lambda: bot.set_my_commands(menu), timing=self._timing)
        except InvalidToken:
            # python-telegram-bot's message repeats the token, so it is not chained
            raise FrontendError(
                "Telegram refused the bot token; "
                "get a valid one from BotFather and set TELEGRAM_BOT_TOKEN"
            ) from None
        except TelegramError as error:
            raise FrontendError(f"Telegram refused to let the bot in: {error.message}") from error

    async def _receive(self, update: Update, context: Any) -> None:
        """Answer an update; whatever goes wrong ends here."""
        application: _Application = context.application
        place = None
        try:
            place = place_of(update)
            if update.callback_query is not None:
                # stops the button's spinner; refused where the press is too old to matter
                with suppress(TelegramError):
                    await application.bot.answer_callback_query(update.callback_query.id)
            request = translate(update, application.bot.bot, self._now())
            if request is not None and place is not None and self._is_news(request):
                await self._answer(application, request, place)
        except Exception as error:  # noqa: BLE001 - the boundary: one bad answer stops no other
            reference = secrets.token_hex(4)
            log.error(
                "Telegram: an answer failed", reference=reference, **described(error, BadRequest)
            )
            if place is not None:
                await self._apologise(application, place, reference)

    async def _answer(self, application: _Application, request: Request, place: Place) -> None:
        replies = self._conversation.answer(request)
        try:
            while True:
                async with typing(application.bot, place, self._timing):
                    reply = await anext(replies, None)
                if reply is None:
                    return
                if not await deliver(application.bot, place, reply, self._timing):
                    return
        finally:
            await replies.aclose()

    async def _apologise(self, application: _Application, place: Place, reference: str) -> None:
        """Say that something broke, if the chat can be told."""
        reply = Reply((Paragraph(words.trouble(reference)),))
        try:
            await deliver(application.bot, place, reply, self._timing, attempts=1)
        except TelegramError as error:
            log.warning(
                "Telegram: the chat could not be told that its answer failed",
                reference=reference,
                **described(error, BadRequest),
            )

    def _is_news(self, request: Request) -> bool:
        """False where the chat has been told already that it was missed."""
        chat = request.asker.chat
        if not isinstance(request.command, Missed):
            self._told.discard(chat)
            return True
        if chat in self._told:
            return False
        self._told.add(chat)
        return True


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _keep_quiet() -> None:
    """Keep the libraries from logging addresses, which hold the token, and messages.

    What they would say of a failure they raise as well, and it is logged here.
    """
    for library in ("httpx", "httpcore", "telegram"):
        logging.getLogger(library).setLevel(logging.CRITICAL + 1)
