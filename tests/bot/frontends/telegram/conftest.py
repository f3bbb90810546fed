"""What the tests of the door to Telegram share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.bot.frontends.telegram.scripted import TOKEN
from tests.e2e.telegram_server import TelegramServer


@pytest.fixture(autouse=True)
def _future_behaviour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take python-telegram-bot's coming behaviour: without it every 429 warns of it."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """A Bot API server that knows the token; nothing sent to it may violate the Bot API."""
    async with TelegramServer(TOKEN) as running:
        yield running


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    """What is logged, an entry each."""
    with capture_logs() as entries:
        yield entries
