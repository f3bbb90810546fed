"""What was lately said to each person in each chat, so that a follow-up can refer to it."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta

from bot.chat.model import Asker
from bot.research.model import Turn

TURNS = 10
"""Turns that are kept of one person in one chat."""
AGE = timedelta(days=1)
"""How long a turn is kept."""
PEOPLE = 1_000
"""People in chats whose turns are kept; of more, those who asked last."""

_Key = tuple[str, str, str]


class Memory:
    """Keeps the last turns in memory, apart for each platform, chat and user."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, deque[tuple[datetime, Turn]]] = OrderedDict()

    def turns(self, asker: Asker, now: datetime) -> tuple[Turn, ...]:
        """Return the turns of the asker in this chat that are not too old, the last one last."""
        kept = self._kept.get(_key(asker), ())
        return tuple(turn for at, turn in kept if now - at < AGE)

    def keep(self, asker: Asker, turn: Turn, now: datetime) -> None:
        """Keep a turn; the oldest goes where there are too many."""
        kept = self._kept.setdefault(_key(asker), deque(maxlen=TURNS))
        kept.append((now, turn))
        self._kept.move_to_end(_key(asker))
        if len(self._kept) > PEOPLE:
            self._kept.popitem(last=False)


def _key(asker: Asker) -> _Key:
    return asker.platform, asker.chat, asker.user
