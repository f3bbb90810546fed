"""A stand-in for Discord, and the real frontend connected to it over real sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.frontends.discord.frontend import DiscordFrontend
from tests.bot.frontends.discord.conversation import Scripted
from tests.e2e.discord_server import DiscordServer


@pytest.fixture(autouse=True)
def _discord_py_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lead discord.py back to Discord after each test: it knows its server by class attributes."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """The stand-in for Discord."""
    async with DiscordServer() as server:
        yield server


@pytest.fixture
def conversation() -> Scripted:
    """What the bot says: it repeats, unless a test tells it otherwise."""
    return Scripted()


@pytest.fixture
async def frontend(server: DiscordServer, conversation: Scripted) -> AsyncIterator[DiscordFrontend]:
    """The frontend, connected."""
    frontend = frontend_at(server, conversation)
    await frontend.start()
    yield frontend
    await frontend.stop()


def frontend_at(
    server: DiscordServer, conversation: Scripted, token: str | None = None
) -> DiscordFrontend:
    """A frontend that will connect to the stand-in."""
    return DiscordFrontend(
        conversation,
        token or server.token,
        api_url=server.api_url,
        gateway_url=server.gateway_url,
    )
