"""Discord as one of the bot's doors: connecting, and leaving without dropping anything."""

from __future__ import annotations

import asyncio
import logging

import aiohttp
import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.chat.protocol import Converses
from bot.frontends.discord.client import FootnoteClient
from ingest.errors import FrontendError

log = structlog.get_logger(__name__)

SECONDS_TO_CONNECT = 60
REFUSED = (
    "Discord refused the token in DISCORD_BOT_TOKEN: copy the bot's token anew from "
    "https://discord.com/developers/applications (your application, Bot, Reset Token)"
)


class DiscordFrontend:
    """Answers in Discord through a conversation.

    Args:
        conversation: answers requests.
        token: the bot's token.
        api_url: where to reach Discord's HTTP API if not at Discord ("http://host/api/v10").
        gateway_url: where to reach its gateway if not at Discord ("ws://host/gateway").
    """

    name = "discord"

    def __init__(
        self,
        conversation: Converses,
        token: str,
        *,
        api_url: str | None = None,
        gateway_url: str | None = None,
    ) -> None:
        self._token = token
        self._api_url = api_url
        self._gateway_url = gateway_url
        self._conversation = conversation
        self._client: FootnoteClient | None = None
        self._connection: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Log in, make the slash commands known and connect to the gateway.

        Raises:
            FrontendError: Discord refused the token, or cannot be reached.
        """
        # below warnings discord.py logs addresses that hold the tokens of interactions
        logging.getLogger("discord").setLevel(logging.WARNING)
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        # discord.py knows its server by these two class attributes alone
        if self._api_url is not None:
            Route.BASE = self._api_url
        if self._gateway_url is not None:
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self._gateway_url)

        self._client = FootnoteClient(self._conversation)
        try:
            async with asyncio.timeout(SECONDS_TO_CONNECT):
                await self._connect(self._client)
        except BaseException as error:
            await self._disconnect()
            if wrapped := _explained(error):
                raise wrapped from error
            raise

    async def stop(self) -> None:
        """Take nothing new, finish what was asked, then disconnect."""
        if self._client is None:
            return
        try:
            await self._client.drain()
        finally:
            await self._disconnect()

    async def _connect(self, client: FootnoteClient) -> None:
        """Return once the gateway has let the bot in; the connection lives on in a task."""
        await client.login(self._token)
        self._connection = asyncio.create_task(client.connect())
        ready = asyncio.create_task(client.wait_until_ready())
        try:
            await asyncio.wait({self._connection, ready}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ready.cancel()
        if self._connection.done() and (error := self._connection.exception()):
            # discord.py trips over a first connection that fails; what failed stands behind that
            tripped = isinstance(error, AttributeError) and error.__context__
            raise tripped or error
        self._connection.add_done_callback(_tell_if_lost)

    async def _disconnect(self) -> None:
        if self._client is not None:
            await self._client.close()
        if self._connection is not None:
            self._connection.cancel()  # it may be waiting for its next attempt
            await asyncio.wait({self._connection})
        self._client = self._connection = None


def _explained(error: BaseException) -> FrontendError | None:
    """What kept the bot from connecting, and what to do; None for what is no such thing."""
    match error:
        case discord.LoginFailure() | discord.ConnectionClosed(code=4004):
            return FrontendError(REFUSED)
        case discord.DiscordException():
            return FrontendError(f"Discord did not let the bot in: {error}")
        case aiohttp.ClientError() | OSError():  # TimeoutError is an OSError
            return FrontendError(
                f"Discord cannot be reached: {error or 'no answer'}. Check the network, then "
                "start again"
            )
        case ValueError():  # what a header cannot hold, aiohttp does not even send
            return FrontendError(REFUSED)
        case _:
            return None


def _tell_if_lost(connection: asyncio.Task[None]) -> None:
    """A connection that ends by itself leaves the bot deaf; somebody has to know."""
    if not connection.cancelled() and (error := connection.exception()):
        log.error(
            "the connection to Discord ended",
            error=str(error),
            advice="start the bot again; if that fails, check DISCORD_BOT_TOKEN",
        )
