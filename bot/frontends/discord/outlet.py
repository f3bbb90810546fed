"""The two ways an answer leaves: behind an interaction, or as a message in a channel.

Both are used in the same manner: entering an outlet tells the person that the bot is at
work, `say` says one message, leaving it ends the sign of work.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any, Protocol, Self

import discord
from discord import ui


class Outlet(Protocol):
    """Where the messages of one answer go."""

    async def __aenter__(self) -> Self:
        """Show that the bot is at work."""
        ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Show no longer that the bot is at work."""
        ...

    async def say(self, view: ui.LayoutView) -> None:
        """Say one message."""
        ...

    async def apologise(self, view: ui.LayoutView) -> None:
        """Say that something went wrong, leaving what stands."""
        ...


class InteractionOutlet:
    """Answers a slash command or a button.

    Entering acknowledges the interaction, which Discord wants within three seconds; the
    first message takes the place of the acknowledgement, those after it follow up.

    Args:
        interaction: not yet acknowledged.
        ephemeral: only the person sees the answer.
        in_place: the first message replaces the one whose button was pressed.
    """

    def __init__(
        self, interaction: discord.Interaction[Any], *, ephemeral: bool, in_place: bool
    ) -> None:
        self._interaction = interaction
        self._ephemeral = ephemeral
        self._in_place = in_place
        self._said = False

    async def __aenter__(self) -> Self:
        await self._interaction.response.defer(
            thinking=not self._in_place, ephemeral=self._ephemeral
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None and not self._said and not self._in_place:
            # otherwise Discord shows for a quarter of an hour that the bot thinks
            await self._interaction.delete_original_response()

    async def say(self, view: ui.LayoutView) -> None:
        """Take the acknowledgement's place, or follow up."""
        if self._said:
            await self._interaction.followup.send(view=view, ephemeral=self._ephemeral)
        else:
            await self._interaction.edit_original_response(view=view)
            self._said = True

    async def apologise(self, view: ui.LayoutView) -> None:
        """Say it beside the message whose button was pressed, else as anything else."""
        if self._in_place and not self._said:
            await self._interaction.followup.send(view=view, ephemeral=True)
            self._said = True
        else:
            await self.say(view)


class MessageOutlet:
    """Answers a message: typing while at work, then replies.

    In a guild the first reply points at the message, so that the question of an answer is
    found among others; in a direct message there is no other.

    Args:
        message: what is answered.
    """

    def __init__(self, message: discord.Message) -> None:
        self._message = message
        self._typing = message.channel.typing()
        self._points = not isinstance(message.channel, discord.DMChannel)

    async def __aenter__(self) -> Self:
        await self._typing.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._typing.__aexit__(kind, error, trace)

    async def say(self, view: ui.LayoutView) -> None:
        """Reply to the message, or go on below the reply."""
        if not self._points:
            await self._message.channel.send(view=view)
            return
        self._points = False  # if pointing is what Discord refuses, an apology gets through
        # the question may be gone by now, and is then answered all the same
        reference = self._message.to_reference(fail_if_not_exists=False)
        await self._message.channel.send(view=view, reference=reference)

    async def apologise(self, view: ui.LayoutView) -> None:
        """Say it as anything else."""
        await self.say(view)
