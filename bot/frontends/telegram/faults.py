"""What the log is told of an exception: where it arose, not a word anybody wrote."""

from __future__ import annotations

from pathlib import PurePath
from traceback import extract_tb

from telegram.error import BadRequest

from ingest.errors import FootnoteError

_FRAMES = 8


def described(error: BaseException) -> dict[str, str]:
    """The fields of a log entry on an exception.

    The message of a foreign exception is left out, for it may repeat a question, a passage
    or an address with the token in it; so are tracebacks, which some log renderers print
    with all local variables. Footnote's own messages and the reason Telegram gives for
    refusing a request are kept: they name what went wrong and nothing private.

    Returns:
        `error`, its class and those of its causes; `where`, the last calls that led to it,
        the innermost first; `detail`, its message, where that may be told.
    """
    classes = [type(error).__name__]
    cause = error.__cause__
    while cause is not None:
        classes.append(type(cause).__name__)
        cause = cause.__cause__
    frames = extract_tb(error.__traceback__)[-_FRAMES:]
    fields = {
        "error": " from ".join(classes),
        "where": " < ".join(
            f"{'/'.join(PurePath(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}"
            for frame in reversed(frames)
        ),
    }
    if isinstance(error, FootnoteError | BadRequest):
        fields["detail"] = str(error)
    return fields
