"""What the log is told of an exception, and which of Discord's refusals are final."""

from __future__ import annotations

from pathlib import PurePath
from traceback import extract_tb

import discord

from ingest.errors import FootnoteError

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

_FRAMES = 8


def past_help(error: Exception) -> str | None:
    """Why Discord takes no answer any more; None where it still might."""
    return PAST_HELP.get(error.code) if isinstance(error, discord.HTTPException) else None


def described(error: Exception) -> dict[str, str]:
    """The fields of a log entry on an exception: where it arose, not a word anybody wrote.

    The message of a foreign exception may repeat a question or a passage, and a traceback
    is printed by some log renderers with all local variables; both are left out. Footnote's
    own messages and what Discord says to a refused request are kept.

    Returns:
        `error`, its class and those of its causes; `where`, the last calls that led to it,
        the innermost first; `detail`, its message, where that may be told.
    """
    classes = [type(error).__name__]
    cause = error.__cause__
    while cause is not None:
        classes.append(type(cause).__name__)
        cause = cause.__cause__
    calls = [
        f"{'/'.join(PurePath(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}"
        for frame in extract_tb(error.__traceback__)[-_FRAMES:]
    ]
    fields = {"error": " from ".join(classes), "where": " < ".join(reversed(calls))}
    if isinstance(error, FootnoteError | discord.HTTPException):
        fields["detail"] = str(error)
    return fields
