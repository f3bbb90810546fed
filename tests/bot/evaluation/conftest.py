"""What the tests of evaluating share."""

from __future__ import annotations

from tests.bot.research.conftest import own_room, room

__all__ = ["own_room", "room"]
