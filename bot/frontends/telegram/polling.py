"""Fetching updates by long polling.

python-telegram-bot's own Updater is not used: while it waits between two tries of a
network that is down, for up to 30 seconds, it cannot be stopped; a token revoked meanwhile
ends its loop without a word, and is raised by `stop` only.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog
from telegram import Bot, Update
from telegram.constants import UpdateType
from telegram.error import BadRequest, TelegramError

from bot.chat.faults import described
from bot.frontends.telegram.network import Timing, retried

log = structlog.get_logger(__name__)

LONG_POLL = timedelta(seconds=30)
"""How long Telegram holds a request for updates when there are none."""

ALLOWED_UPDATES = (UpdateType.MESSAGE, UpdateType.CALLBACK_QUERY)


class Poller:
    """Fetches updates and hands them on, each once, in order."""

    def __init__(self, bot: Bot, received: asyncio.Queue[object], timing: Timing) -> None:
        self._bot = bot
        self._received = received
        self._timing = timing
        # Telegram takes an update as received once a later offset is asked for
        self._offset = 0
        self._confirmed = 0

    async def run(self) -> None:
        """Fetch until cancelled, whatever goes wrong."""
        while True:
            try:
                updates = await retried(
                    self._fetch, timing=self._timing, passing=lambda error: True
                )
            except Exception as error:  # noqa: BLE001 - the bot must not turn deaf silently
                log.error(
                    "Telegram sent updates that cannot be read", **described(error, BadRequest)
                )
                await asyncio.sleep(self._timing.longest_retry)
                continue
            self._confirmed = self._offset
            for update in updates:
                self._received.put_nowait(update)
                self._offset = update.update_id + 1

    async def confirm(self) -> None:
        """Tell Telegram what was received, so that nothing is answered twice."""
        if self._offset == self._confirmed:
            return
        try:
            await self._bot.get_updates(
                offset=self._offset,
                limit=1,
                timeout=timedelta(0),
                allowed_updates=ALLOWED_UPDATES,
            )
        except TelegramError as error:
            log.warning(
                "Telegram was not told which messages were answered; "
                "the last ones may be answered again at the next start",
                **described(error, BadRequest),
            )

    async def _fetch(self) -> tuple[Update, ...]:
        return await self._bot.get_updates(
            offset=self._offset, timeout=LONG_POLL, allowed_updates=ALLOWED_UPDATES
        )
