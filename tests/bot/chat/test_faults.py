"""What the log is told of an exception."""

from __future__ import annotations

import pytest
from telegram.error import BadRequest, NetworkError

from bot.chat.faults import described
from ingest.errors import LibraryError


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    """The error as it is caught."""
    with pytest.raises(type(error)) as caught:
        raise error from cause
    return caught.value


@pytest.mark.parametrize("error", [ValueError("secret"), NetworkError("http://x/bot12:secret/")])
def test_foreign_messages_are_left_out(error: Exception) -> None:
    """Of an exception that may repeat a text or an address, only its class is told."""
    fields = described(raised(error))
    assert fields["error"] == type(error).__name__
    assert "secret" not in str(fields)


def test_the_place_is_told() -> None:
    """The innermost call is named first, by file, line and function."""
    first = described(raised(ValueError("x")))["where"].split(" < ")[0]
    assert first.startswith("chat/test_faults.py:")
    assert first.endswith(" raised")


def test_causes_are_told() -> None:
    """The classes of the causes follow that of the exception."""
    error = raised(LibraryError("the index is broken; run repair"), OSError("secret"))
    fields = described(error)
    assert fields["error"] == "LibraryError from OSError"
    assert fields["detail"] == "the index is broken; run repair"
    assert "secret" not in str(fields)


def test_a_platforms_reasons_are_told_where_named() -> None:
    """Why a platform refused a request is told by the frontend that knows it is not private."""
    error = raised(BadRequest("Chat not found"))
    assert described(error, BadRequest)["detail"] == "Chat not found"
    assert "detail" not in described(error)
