"""Tests of the stages of research together."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.research.model import Answer, NotFound, Question, Reason
from bot.research.researcher import Reading, Researcher
from ingest.errors import EmbedderError, IndexUnavailable
from tests.bot.research.reading_room import NOON, ReadingRoom
from tests.embedders import WordEmbedder

COPPER = Question("What does copper cost?", NOON)


async def test_both_ways_of_asking_say_the_same(own_room: ReadingRoom) -> None:
    """`ask` answers as `ask_now` does."""
    own_room.lay_out("Copper costs 9 dollars a kilo.\nTin is cheap.")
    found = await own_room.researcher.ask(COPPER)
    assert isinstance(found, Answer)
    assert found == own_room.researcher.ask_now(COPPER)
    assert found.question is COPPER


async def test_the_loop_goes_on_while_a_question_is_looked_up(own_room: ReadingRoom) -> None:
    """While the embedder is held, other tasks run, and the answer comes once it is let go."""
    own_room.lay_out("Copper costs 9 dollars a kilo.")
    own_room.embedder.gate.clear()
    # were the loop held up, nobody else could let the embedder go
    rescue = threading.Timer(10, own_room.embedder.gate.set)
    rescue.start()
    asked = asyncio.create_task(own_room.researcher.ask(COPPER))
    try:
        passed = [await asyncio.sleep(0, turn) for turn in range(100)]
        assert len(passed) == 100
        assert not asked.done()
    finally:
        rescue.cancel()
        own_room.embedder.gate.set()
    assert isinstance(await asked, Answer)


async def test_stages_run_in_the_executors_threads(own_room: ReadingRoom) -> None:
    """Nothing is embedded in the thread of the loop."""
    threads: list[threading.Thread] = []

    class Watching(WordEmbedder):
        def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
            threads.append(threading.current_thread())
            return super().embed_queries(texts)

    with ThreadPoolExecutor(1, thread_name_prefix="research") as executor:
        await Researcher(lambda: Reading(own_room.library, Watching()), executor).ask(COPPER)
    assert [thread.name for thread in threads] == ["research_0"]


def test_an_empty_library_knows_nothing(own_room: ReadingRoom) -> None:
    """Without reports the answer is that they do not say, and nothing is near."""
    assert own_room.researcher.ask_now(COPPER) == NotFound(COPPER, (), Reason.NOTHING)


@pytest.mark.parametrize("text", ["?", "", "  ", "what is it", "是什么", "\x00", "AND OR NOT ( ^"])
def test_a_question_of_any_characters_is_answered(room: ReadingRoom, text: str) -> None:
    """No question breaks the search: one without a word of content is not found, or it is."""
    room.lay_out("Copper costs 9 dollars a kilo.")
    assert isinstance(room.researcher.ask_now(Question(text, NOON)), Answer | NotFound)


async def test_an_embedder_that_fails_is_told(own_room: ReadingRoom) -> None:
    """The embedder's error comes out as it is."""

    class Broken(WordEmbedder):
        def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
            raise EmbedderError(f"no vector for {texts[0]}")

    with ThreadPoolExecutor(1) as executor:
        researcher = Researcher(lambda: Reading(own_room.library, Broken()), executor)
        with pytest.raises(EmbedderError, match=f"no vector for {COPPER.text[:-1]}"):
            await researcher.ask(COPPER)


async def test_a_library_that_fails_is_told(own_room: ReadingRoom, tmp_path: Path) -> None:
    """An index that is gone is the library's error, not an empty answer."""
    own_room.lay_out("Copper costs 9 dollars a kilo.")
    [words] = (tmp_path / "library").glob("words-*")
    shutil.rmtree(words)
    with pytest.raises(IndexUnavailable, match="try again"):
        await own_room.researcher.ask(COPPER)
