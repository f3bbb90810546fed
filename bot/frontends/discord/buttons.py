"""Buttons that still work after a restart: what they ask for stands in their custom id."""

from __future__ import annotations

import re
from typing import Any, Protocol, Self, cast

import discord

from bot.chat.model import Button, Command, ListReports


class Serves(Protocol):
    """What a button needs of the client it was pressed in."""

    def serve(self, interaction: discord.Interaction[Any], *commands: Command) -> None:
        """Take up commands given by an interaction; returns before they are answered."""
        ...


class ReportsButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.LayoutView]],
    template=r"reports:(?P<page>[1-9][0-9]{0,8})",
):
    """Turns to a page of the list of reports.

    Args:
        label: what stands on it.
        page: the page it turns to, from 1.
    """

    def __init__(self, label: str, page: int) -> None:
        super().__init__(discord.ui.Button(label=label, custom_id=f"reports:{page}"))
        self.page = page

    @classmethod
    def of(cls, button: Button) -> Self:
        """The platform's form of a reply's button."""
        return cls(button.label, button.command.page)

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """The button that was pressed, made anew from its custom id."""
        return cls("", int(match["page"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the command to the client."""
        cast("Serves", interaction.client).serve(interaction, ListReports(self.page))
