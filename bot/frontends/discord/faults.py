"""Which of Discord's refusals are final."""

from __future__ import annotations

import discord

# Discord's refusals after which the person cannot be told anything any more.
PAST_HELP = {
    10003: "the channel is gone",
    10008: "the message is gone",
    10015: "the interaction's webhook is unknown",
    10062: "the interaction was not acknowledged within three seconds",
    40060: "the interaction was acknowledged already",
    50001: "the bot may not see the channel",
    50007: "the person takes no direct messages from the bot",
    50013: "the bot may not write in the channel",
    50027: "the interaction is older than fifteen minutes",
}


def past_help(error: Exception) -> str | None:
    """Why Discord takes no answer any more; None where it still might."""
    return PAST_HELP.get(error.code) if isinstance(error, discord.HTTPException) else None
