"""What a button under a message carries, and what it means when it comes back."""

from __future__ import annotations

from bot.chat.model import ListReports

_REPORTS = "reports:"
# a page number longer than this is none of ours
_LONGEST_NUMBER = 9


def encode(command: ListReports) -> str:
    """The callback data of a command: ASCII, far below the 64 bytes Telegram allows."""
    return f"{_REPORTS}{command.page}"


def decode(carried: str) -> ListReports | None:
    """The command that callback data stands for; None where it is none of ours.

    A client can send any callback data, so nothing of it is taken on trust.
    """
    number = carried.removeprefix(_REPORTS)
    if number == carried or not number.isascii() or not number.isdecimal():
        return None
    if len(number) > _LONGEST_NUMBER or int(number) < 1:
        return None
    return ListReports(int(number))
