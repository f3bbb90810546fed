"""Tests of what is kept of a conversation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.memory import AGE, PEOPLE, TURNS, Memory
from bot.chat.model import Asker
from bot.research.model import Turn

ADA = Asker("telegram", "1", "Ada", "-100", private=False)
NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "other", [replace(ADA, platform="discord"), replace(ADA, user="2"), replace(ADA, chat="1")]
)
def test_nobody_is_told_of_anothers_turns(other: Asker) -> None:
    """Turns belong to one user in one chat of one platform."""
    memory = Memory()
    memory.keep(ADA, Turn("Tin?", "9"), NOON)
    assert memory.turns(other, NOON) == ()
    assert memory.turns(replace(ADA, name="Ada L."), NOON) == (Turn("Tin?", "9"),)


def test_the_last_turns_are_kept() -> None:
    """Of more turns than are kept the oldest go."""
    memory = Memory()
    turns = [Turn(str(number)) for number in range(TURNS + 2)]
    for turn in turns:
        memory.keep(ADA, turn, NOON)
    assert memory.turns(ADA, NOON) == tuple(turns[2:])


def test_old_turns_are_forgotten() -> None:
    """A turn counts for a day."""
    memory = Memory()
    memory.keep(ADA, Turn("Tin?"), NOON)
    memory.keep(ADA, Turn("Zinc?"), NOON + timedelta(seconds=1))
    assert memory.turns(ADA, NOON + AGE) == (Turn("Zinc?"),)


def test_who_asked_last_is_remembered() -> None:
    """Of more people than are kept those go who asked longest ago."""
    memory = Memory()
    people = [replace(ADA, user=str(number)) for number in range(PEOPLE)]
    for person in (*people, people[0], replace(ADA, user="one more")):
        memory.keep(person, Turn("Tin?"), NOON)
    assert memory.turns(people[0], NOON)
    assert not memory.turns(people[1], NOON)
    assert memory.turns(people[2], NOON)
