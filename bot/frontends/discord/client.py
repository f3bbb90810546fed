"""The bot's client: what comes from Discord becomes requests, their replies go back."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from typing import Any

import discord
import structlog
from discord import app_commands

from bot.chat import words
from bot.chat.faults import described
from bot.chat.model import Ask, Asker, Command, Paragraph, Reply, Request
from bot.chat.protocol import Converses
from bot.frontends.discord.asking import asker_in, asker_of, question_in
from bot.frontends.discord.buttons import ReportsButton
from bot.frontends.discord.commands import add_commands
from bot.frontends.discord.faults import past_help
from bot.frontends.discord.outlet import InteractionOutlet, MessageOutlet, Outlet
from bot.frontends.discord.render import views

log = structlog.get_logger(__name__)


class FootnoteClient(discord.Client):
    """Answers through a conversation whatever is asked of it.

    Args:
        conversation: answers requests.
    """

    def __init__(self, conversation: Converses) -> None:
        # what mentions the bot and what is written to it directly comes with its text;
        # no privileged intent is needed
        super().__init__(
            intents=discord.Intents(guilds=True, messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,  # nobody's words are kept
            member_cache_flags=discord.MemberCacheFlags.none(),
            guild_ready_timeout=0,  # guilds may arrive later: answering needs none of them
        )
        self._conversation = conversation
        self._answers: set[asyncio.Task[None]] = set()
        self._draining = False
        self._drained = False
        self._tree = app_commands.CommandTree(
            self,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
        )
        add_commands(self._tree, self.serve)

    async def setup_hook(self) -> None:
        """Make the buttons and commands known; Discord keeps what it knows unchanged."""
        self.add_dynamic_items(ReportsButton)
        await self._tree.sync()

    async def drain(self) -> None:
        """Take nothing new and wait until everything taken is answered.

        Who asks meanwhile is told so. Once this returns, whatever comes is left alone.
        """
        self._draining = True
        while self._answers:
            await asyncio.wait(self._answers)
        self._drained = True

    def serve(
        self, interaction: discord.Interaction[Any], *commands: Command, ephemeral: bool = False
    ) -> None:
        """Answer the commands of an interaction, in a task of the client's own.

        A button's answer replaces the message it was pressed on where nobody else reads
        that; elsewhere it would turn the page under others' eyes, so the person gets an
        answer of their own.

        Args:
            interaction: not yet acknowledged.
            commands: answered in this order.
            ephemeral: only the person sees the answer.
        """
        asker = asker_in(interaction)
        pressed = interaction.message
        outlet = InteractionOutlet(
            interaction,
            ephemeral=ephemeral or pressed is not None,
            in_place=pressed is not None and (asker.private or pressed.flags.ephemeral),
        )
        self._take(outlet, asker, commands)

    async def on_message(self, message: discord.Message) -> None:
        """Answer what a message asks, in a task of the client's own."""
        question = None if self.user is None else question_in(message, self.user)
        if question is not None:
            asker = asker_of(message.author, message.channel)
            self._take(MessageOutlet(message), asker, (Ask(question),))

    def _take(self, outlet: Outlet, asker: Asker, commands: tuple[Command, ...]) -> None:
        """Own the answering; whether it is too late for an answer is decided here, once."""
        if self._drained:
            return
        replies = _declined() if self._draining else self._replies(asker, commands)
        task = asyncio.create_task(self._answer(outlet, replies))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _answer(self, outlet: Outlet, replies: AsyncIterator[Reply]) -> None:
        """The error boundary: nothing that goes wrong with one answer goes beyond it."""
        try:
            async with outlet:
                try:
                    async for reply in replies:
                        await _say(outlet, reply)
                except Exception as error:
                    if past_help(error):
                        raise
                    await _apologise(outlet, error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other answers go on
            reason = past_help(error) or "nothing more could be said"
            log.warning(
                "Discord: an answer was dropped",
                reason=reason,
                **described(error, discord.HTTPException),
            )

    async def _replies(self, asker: Asker, commands: tuple[Command, ...]) -> AsyncIterator[Reply]:
        for command in commands:
            async for reply in self._conversation.answer(Request(asker, command)):
                yield reply


async def _declined() -> AsyncIterator[Reply]:
    yield Reply((Paragraph(words.SHUTTING_DOWN),))


async def _say(outlet: Outlet, reply: Reply) -> None:
    for view in views(reply):
        await outlet.say(view)


async def _apologise(outlet: Outlet, error: Exception) -> None:
    """Log an error under a reference and tell the person the reference."""
    reference = secrets.token_hex(4)
    log.error(
        "Discord: an answer failed", reference=reference, **described(error, discord.HTTPException)
    )
    for view in views(Reply((Paragraph(words.trouble(reference)),))):
        await outlet.apologise(view)
