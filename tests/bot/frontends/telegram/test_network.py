"""Waiting out what passes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.frontends.telegram.network import Timing, is_passing, retried

AT_ONCE = Timing(first_retry=0.0, longest_retry=0.0)


class Failing:
    """A call that raises each of the errors once, then returns "done"."""

    def __init__(self, *errors: TelegramError) -> None:
        self.errors = list(errors)
        self.calls = 0

    async def __call__(self) -> str:
        """Make the call."""
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


@pytest.mark.parametrize(
    ("error", "passing"),
    [
        (NetworkError("down"), True),
        (TimedOut(), True),
        (BadRequest("no"), False),
        (Forbidden("no"), False),
    ],
)
def test_what_passes(error: TelegramError, passing: bool) -> None:
    """The network's failures pass, refusals do not."""
    assert is_passing(error) is passing


def test_a_flood_limit_passes() -> None:
    """429 passes with time."""
    assert is_passing(RetryAfter(timedelta(seconds=1)))


async def test_failures_are_waited_out_however_many() -> None:
    """Without a limit the call is made until it succeeds, a thousand failures included."""
    call = Failing(*[NetworkError("down")] * 1200)
    assert await retried(call, timing=AT_ONCE) == "done"
    assert call.calls == 1201


async def test_the_last_attempt_raises() -> None:
    """With a limit the error of the last attempt is raised."""
    call = Failing(*[TimedOut()] * 9)
    with pytest.raises(TimedOut):
        await retried(call, timing=AT_ONCE, attempts=3)
    assert call.calls == 3


async def test_a_refusal_is_not_repeated() -> None:
    """What does not pass is raised at once."""
    call = Failing(BadRequest("no"))
    with pytest.raises(BadRequest):
        await retried(call, timing=AT_ONCE)
    assert call.calls == 1


@pytest.mark.parametrize("future", ["true", "false"])
@pytest.mark.filterwarnings("ignore:.*retry_after.*:telegram.warnings.PTBDeprecationWarning")
async def test_a_flood_limit_is_read_in_both_forms(
    monkeypatch: pytest.MonkeyPatch, future: str
) -> None:
    """The wait is honoured as the library gives it now and as it will."""
    monkeypatch.setenv("PTB_TIMEDELTA", future)
    call = Failing(RetryAfter(timedelta(seconds=0.01)))
    assert await retried(call, timing=AT_ONCE) == "done"
    assert call.calls == 2
