"""Waiting out what passes: a network that is down, a server that fails, a flood limit."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import structlog
from telegram.error import (
    BadRequest,
    Conflict,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

log = structlog.get_logger(__name__)

Result = TypeVar("Result")

# beyond this many failures in a row the wait no longer doubles
_DOUBLINGS = 16


@dataclass(frozen=True, slots=True)
class Timing:
    """How long the frontend waits for what; all in seconds.

    Attributes:
        first_retry: wait after a first failure; it doubles with each further one.
        longest_retry: the longest such wait.
        typing_after: an answer that takes no longer is sent without "typing…".
        typing_again: how often "typing…" is renewed; Telegram shows it for five seconds.
    """

    first_retry: float = 1.0
    longest_retry: float = 30.0
    typing_after: float = 0.5
    typing_again: float = 4.5


def is_passing(error: TelegramError) -> bool:
    """Whether trying again may help: the network failed, the request was not refused."""
    # python-telegram-bot counts a refused request (400) among the network's errors
    return isinstance(error, RetryAfter) or (
        isinstance(error, NetworkError) and not isinstance(error, BadRequest)
    )


async def retried(
    call: Callable[[], Awaitable[Result]],
    *,
    timing: Timing,
    passing: Callable[[TelegramError], bool] = is_passing,
    attempts: int | None = None,
) -> Result:
    """Await the call until it succeeds, waiting longer after each failure.

    The log is told once of each kind of trouble, and once that it is over.

    Args:
        call: makes one request.
        timing: how long to wait.
        passing: which errors are waited out.
        attempts: calls made at most; None for no end.

    Returns:
        What the call returned.

    Raises:
        TelegramError: one that does not pass, or that of the last attempt.
    """
    failures = 0
    told: type[TelegramError] | None = None
    while True:
        try:
            result = await call()
        except TelegramError as error:
            failures += 1
            if not passing(error) or failures == attempts:
                raise
            wait = _asked_wait(error) or min(
                timing.longest_retry, timing.first_retry * 2 ** min(failures - 1, _DOUBLINGS)
            )
            if type(error) is not told:
                told = type(error)
                # an error's own text can hold the address, and with it the token
                cause = type(error.__cause__ or error).__name__
                log.warning(_meaning(error), error=cause, retry_in=round(wait, 1))
        else:
            if told is not None:
                log.info("Telegram answers again", failures=failures)
            return result
        await asyncio.sleep(wait)


def _asked_wait(error: TelegramError) -> float:
    """The wait that Telegram itself asks for, 0 where it asks for none."""
    if not isinstance(error, RetryAfter):
        return 0.0
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _meaning(error: TelegramError) -> str:
    """What happened and what to do, for the log."""
    match error:
        case Conflict():
            return (
                "Telegram: another program receives this bot's messages too; "
                "stop it, only one can (trying again)"
            )
        case InvalidToken():
            return "Telegram no longer accepts the bot token; get a new one (trying again)"
        case RetryAfter():
            return "Telegram asks the bot to slow down (waiting)"
        case _:
            return "Telegram cannot be reached (trying again)"
