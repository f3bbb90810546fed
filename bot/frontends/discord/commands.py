"""The slash commands: their forms, and which command of the chat each one gives."""

from __future__ import annotations

from typing import Any, Protocol

import discord
from discord import app_commands

from bot.chat.model import Allow, Ask, Command, ListReports, ShowHelp, ShowStatus, Start
from bot.chat.words import COMMAND_DESCRIPTIONS
from bot.frontends.discord.asking import chat_of


class Serve(Protocol):
    """Takes up the commands of an interaction; returns before they are answered."""

    def __call__(
        self, interaction: discord.Interaction[Any], *commands: Command, ephemeral: bool = False
    ) -> None:
        """Answer, only to the person themselves where it is ephemeral."""
        ...


def add_commands(tree: app_commands.CommandTree[Any], serve: Serve) -> None:
    """Put the bot's slash commands on a tree.

    Args:
        tree: without commands of these names.
        serve: takes up what is asked.
    """

    @tree.command(name="ask", description=COMMAND_DESCRIPTIONS["ask"])
    @app_commands.describe(question="What you would like to know, in your own words")
    async def ask(interaction: discord.Interaction[Any], question: str) -> None:
        serve(interaction, Ask(question))

    @tree.command(name="reports", description=COMMAND_DESCRIPTIONS["reports"])
    @app_commands.describe(page="Which page of the list, from 1")
    async def reports(
        interaction: discord.Interaction[Any], page: app_commands.Range[int, 1] = 1
    ) -> None:
        serve(interaction, ListReports(page))

    @tree.command(name="status", description=COMMAND_DESCRIPTIONS["status"])
    async def status(interaction: discord.Interaction[Any]) -> None:
        serve(interaction, ShowStatus())

    @tree.command(name="help", description=COMMAND_DESCRIPTIONS["help"])
    async def show_help(interaction: discord.Interaction[Any]) -> None:
        serve(interaction, ShowHelp())

    @tree.command(name="start", description=COMMAND_DESCRIPTIONS["start"])
    @app_commands.describe(code="The claim code, which the bot printed where it was started")
    async def start(interaction: discord.Interaction[Any], code: str = "") -> None:
        serve(interaction, Start(code.strip()), ephemeral=bool(code.strip()))

    @tree.command(name="allow", description=COMMAND_DESCRIPTIONS["allow"])
    @app_commands.describe(
        user="Whom to let in",
        channel="Which channel to let in; without user and channel, this one",
    )
    async def allow(
        interaction: discord.Interaction[Any],
        user: discord.User | None = None,
        channel: app_commands.AppCommandChannel | app_commands.AppCommandThread | None = None,
    ) -> None:
        serve(interaction, *_allowed(interaction, user, channel), ephemeral=True)


def _allowed(
    interaction: discord.Interaction[Any],
    user: discord.User | None,
    channel: app_commands.AppCommandChannel | app_commands.AppCommandThread | None,
) -> list[Command]:
    """Whoever was named; nobody named is this channel, and in a direct message nobody."""
    named: list[Command] = []
    if user is not None:
        named.append(Allow("user", str(user.id)))
    if channel is not None:
        named.append(Allow("chat", chat_of(channel)))
    if not named:
        match interaction.channel:
            case None | discord.DMChannel():
                named.append(Allow("chat", ""))
            case here:
                named.append(Allow("chat", chat_of(here)))
    return named
