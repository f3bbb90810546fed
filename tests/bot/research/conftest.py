"""What the tests of research share."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.bot.research.reading_room import ReadingRoom


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    """A library for the tests of a module, each of which asks of shelves of its own."""
    with ThreadPoolExecutor(2) as executor:
        room = ReadingRoom(tmp_path_factory.mktemp("room"), executor)
        yield room
        room.library.close()


@pytest.fixture
def own_room(tmp_path: Path) -> Iterator[ReadingRoom]:
    """A library of a test's own."""
    with ThreadPoolExecutor(2) as executor:
        room = ReadingRoom(tmp_path, executor)
        yield room
        room.library.close()
