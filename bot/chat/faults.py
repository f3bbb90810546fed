"""What the log is told of an exception: where it arose, not a word anybody wrote."""

from __future__ import annotations

from pathlib import PurePath
from traceback import extract_tb

from ingest.errors import FootnoteError

_FRAMES = 8


def described(error: BaseException, *tellable: type[BaseException]) -> dict[str, str]:
    """The fields of a log entry on an exception.

    The message of a foreign exception is left out, for it may repeat a question, a passage
    or an address with a token in it; so are tracebacks, which some log renderers print with
    all local variables. Footnote's own messages are kept: they name what went wrong and
    nothing private.

    Args:
        error: what was raised.
        *tellable: foreign exceptions whose message may be told too.

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
    if isinstance(error, (FootnoteError, *tellable)):
        fields["detail"] = str(error)
    return fields
