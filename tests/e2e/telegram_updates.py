"""The queue of updates and how a bot fetches them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from tests.e2e.telegram_html import Refused

_OTHER_POLLER = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


class UpdateQueue:
    """Updates wait here until a later one is asked for.

    One request may wait for updates at a time; a second ends the first with 409, as
    Telegram does. (Telegram also makes a request wait three seconds that repeats the one
    before; this queue does not.)
    """

    def __init__(self) -> None:
        self._updates: list[dict[str, Any]] = []
        self._allowed: Sequence[str] | None = None
        self._next_id = 700_000_001
        self._waiting: asyncio.Future[Refused | None] | None = None

    @property
    def is_awaited(self) -> bool:
        """A request waits, and everything there was has been confirmed."""
        return self._waiting is not None and not self._updates

    @property
    def unconfirmed(self) -> int:
        """Updates the bot has not confirmed."""
        return len(self._updates)

    def add(self, kind: str, content: dict[str, Any]) -> dict[str, Any] | None:
        """Add an update, unless the bot does not want its kind; returns it if added."""
        if self._allowed and kind not in self._allowed:
            return None
        update = {"update_id": self._next_id, kind: content}
        self._next_id += 1
        self._updates.append(update)
        self._wake(None)
        return update

    async def fetch(
        self,
        offset: int,
        limit: int,
        patience: float,
        allowed: Sequence[str] | None,
    ) -> list[dict[str, Any]]:
        """What getUpdates returns.

        Args:
            offset: updates below it are confirmed and forgotten; a negative one keeps that
                many of the last.
            limit: updates returned at most.
            patience: seconds to wait where there are none.
            allowed: the kinds wanted from now on; None leaves that as it was.

        Raises:
            Refused: another request began to wait.
        """
        if allowed is not None:
            self._allowed = allowed
        if offset < 0:
            self._updates = self._updates[offset:]
        else:
            self._updates = [one for one in self._updates if one["update_id"] >= offset]
        if not self._updates and patience > 0:
            await self._wait(patience)
        return self._updates[:limit]

    def close(self) -> None:
        """End the request that waits, if any."""
        self._wake(None)

    async def _wait(self, patience: float) -> None:
        self._wake(Refused(_OTHER_POLLER, 409))
        waiting: asyncio.Future[Refused | None] = asyncio.get_running_loop().create_future()
        self._waiting = waiting
        try:
            async with asyncio.timeout(patience):
                refused = await waiting
        except TimeoutError:
            return
        finally:
            if self._waiting is waiting:
                self._waiting = None
        if refused is not None:
            raise refused

    def _wake(self, refused: Refused | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(refused)
