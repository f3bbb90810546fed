"""Tests of which index and embedder a question is answered with while the library is moved."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from structlog.testing import capture_logs

from bot.reading import CurrentReading
from bot.research.model import Answer, Question
from bot.research.researcher import Reading, Researcher
from ingest.errors import EmbedderError, IndexUnavailable, LibraryError, LibraryMismatch
from ingest.library.indexes import Index, IndexState, Writing
from ingest.records import Filter, Look
from ingest.upkeep import Upkeep
from tests.embedders import WordEmbedder
from tests.ingest.engines import InlineEngine
from tests.ingest.library.shelves import fresh_library
from tests.ingest.mill import Mill, wait_until

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
COPPER = Question("What does copper cost?", NOON)
MOVING = "moved to another embedder, which is not loaded yet; ask again in a moment"


class LoadingEmbedder(WordEmbedder):
    """A word embedder that loads when the test says so, and embeds nothing once it is closed."""

    def __init__(self, identity: str, dimension: int) -> None:
        super().__init__(identity, dimension)
        self.loading: Future[None] = Future()
        self.is_closed = False

    def warm(self) -> Future[None]:
        """Done when the test says so."""
        return self.loading

    def close(self) -> None:
        """Embed nothing from now on."""
        self.is_closed = True

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row for each text.

        Raises:
            RuntimeError: it is closed.
        """
        self._see_open()
        return super().embed_passages(texts)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of questions.

        Raises:
            RuntimeError: it is closed.
        """
        self._see_open()
        return super().embed_queries(texts)

    def _see_open(self) -> None:
        if self.is_closed:
            raise RuntimeError("cannot schedule new futures after shutdown")


def asked(reading: Reading) -> NDArray[np.float32]:
    """The vector of a question."""
    vector: NDArray[np.float32] = reading.embedder.embed_queries([COPPER.text])[0]
    return vector


class Home(Mill):
    """A library written by the embedder "words", which can be moved to "x" and "y"."""

    def __init__(self, home: Path) -> None:
        super().__init__(home, WordEmbedder("words", 64))
        self.folder = home / "library"
        self.now = datetime.now(UTC)
        self.made: list[weakref.ref[LoadingEmbedder]] = []
        self.names: list[str] = []
        self.dimensions = {"words": 64, "x": 32, "y": 48}
        self.identities = {name: name for name in self.dimensions}
        self.writers = {name: WordEmbedder(name, n) for name, n in self.dimensions.items()}
        self.write("copper.txt", "Copper costs 9 dollars a kilo.\n\nTin is cheap.")
        self.run()
        self.upkeep = Upkeep(
            self.library,
            lambda model: InlineEngine(self.writers[model or "words"]),
            None,
            lambda: self.now,
        )
        self.reading = CurrentReading(self.library, "words", self.make_embedder, pause=0)
        self.loads()
        self.reading.make_ready()

    def make_embedder(self, name: str) -> LoadingEmbedder:
        """An embedder, not loaded yet; nothing but the reading holds it."""
        embedder = LoadingEmbedder(self.identities[name], self.dimensions[name])
        self.names.append(name)
        self.made.append(weakref.ref(embedder))
        return embedder

    def loads(self, failure: Exception | None = None) -> None:
        """Let the embedder that was made last be loaded, or not."""
        embedder = self.made[-1]()
        assert embedder is not None
        if failure is None:
            embedder.loading.set_result(None)
        else:
            embedder.loading.set_exception(failure)

    def move(self, name: str) -> None:
        """Move the library to an embedder."""
        self.upkeep.reembed(name, lambda *_: None, lambda: False)

    def tidy(self) -> None:
        """Delete the index before, as the owner does once its time is over."""
        self.now = datetime.now(UTC) + timedelta(hours=1)
        assert any("answered before" in done for done in self.upkeep.tidy().done)

    def asked(self) -> tuple[str, bool]:
        """Which embedder a question goes to, and whether the answer is the right one."""
        reading = self.reading()
        with ThreadPoolExecutor(1) as executor:
            found = Researcher(lambda: reading, executor).ask_now(COPPER)
        assert isinstance(reading.embedder, LoadingEmbedder)
        right = isinstance(found, Answer) and "9 dollars" in found.statements[0].text
        return reading.embedder.identity, right

    def strays(self) -> list[str]:
        """The collections and folders of words that belong to no index."""
        return self.library.searches.strays(self.library.indexes.all(*IndexState))

    @property
    def index(self) -> Index:
        """The index that answers."""
        index = self.library.indexes.live()
        assert index is not None
        return index


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A library that is ready to be asked."""
    home = Home(tmp_path)
    yield home
    home.reading.close()
    home.library.close()


def test_a_library_that_another_embedder_wrote_is_refused(home: Home) -> None:
    """At the start the embedder must be the one that wrote the library."""
    reading = CurrentReading(home.library, "x", home.make_embedder)
    with pytest.raises(LibraryMismatch, match="reembed"):
        reading.make_ready()


def test_an_index_made_anew_is_asked_at_once(home: Home) -> None:
    """Where the embedder stays the same, nothing is loaded and the new index answers."""
    home.upkeep.rebuild(lambda *_: None, lambda: False)
    home.tidy()
    assert home.asked() == ("words", True)
    assert home.names == ["words"]


def test_the_index_before_answers_until_the_embedder_is_loaded(home: Home) -> None:
    """Questions go to the old pair of index and embedder, then to the new pair."""
    home.move("x")
    assert [home.asked(), home.asked()] == [("words", True)] * 2
    home.loads()
    assert home.asked() == ("x", True)
    home.tidy()
    assert home.asked() == ("x", True)
    assert home.names == ["words", "x"]


@pytest.mark.parametrize("is_loaded", [False, True])
def test_a_library_moved_twice_is_asked_with_the_last_embedder(home: Home, is_loaded: bool) -> None:
    """An embedder that was still on its way for an index that answers no more is never asked."""
    home.move("x")
    home.asked()
    if is_loaded:
        home.loads()
    home.move("y")
    assert home.asked() == ("words", True)
    assert home.names == ["words", "x", "y"]
    home.loads()
    assert home.asked() == ("y", True)


def test_a_library_moved_back_needs_nothing_loaded(home: Home) -> None:
    """The embedder in use reads the new index too, and the one on its way is let go."""
    home.move("x")
    home.asked()
    home.move("words")
    assert home.asked() == ("words", True)
    gc.collect()
    assert home.made[-1]() is None


def test_where_the_embedder_cannot_be_loaded_the_one_before_answers(home: Home) -> None:
    """The failure is logged once, it is tried again, and the new index answers in the end."""
    home.move("x")
    with capture_logs() as logs:
        for _ in range(3):
            assert home.asked() == ("words", True)
            home.loads(EmbedderError("the embedder 'x' cannot be loaded"))
            assert home.asked() == ("words", True)
    failures = [entry["reason"] for entry in logs if entry["log_level"] == "error"]
    assert failures == ["the embedder 'x' cannot be loaded"]
    assert home.asked() == ("words", True)
    home.loads()
    assert home.asked() == ("x", True)


def test_an_embedder_that_failed_is_let_be_for_a_while(home: Home) -> None:
    """Not every question begins to load it again."""
    reading = CurrentReading(home.library, "words", home.make_embedder, pause=1e9)
    home.loads()
    reading.make_ready()
    home.move("x")
    reading()
    home.loads(EmbedderError("it cannot be loaded"))
    for _ in range(3):
        assert asked(reading()).shape == (64,)
    assert home.names.count("x") == 1


@pytest.mark.parametrize(
    "writing",
    [
        Writing("x@of other weights", 32, "paragraphs-1", "x"),
        Writing("x", 31, "paragraphs-1", "x"),
        Writing("x", 32, "of another kind", "x"),
    ],
    ids=["identity", "dimension", "chunking"],
)
def test_an_embedder_that_did_not_write_the_index_is_not_asked(
    home: Home, writing: Writing
) -> None:
    """What is loaded is held against what wrote the index: identity, dimension and chunking."""
    home.library.indexes.promote(home.library.indexes.make(writing).id, 0)
    with capture_logs() as logs:
        home.asked()
        home.loads()
        assert asked(home.reading()).shape == (64,)
    [reason] = [entry["reason"] for entry in logs if entry["log_level"] == "error"]
    assert writing.embedder in reason
    assert writing.chunking in reason


def test_an_index_that_is_gone_is_not_asked_and_not_made_anew(home: Home) -> None:
    """Until the new embedder is loaded, a question is told to come again, never "not found"."""
    before = home.reading()
    assert before.searcher.find([Look(3, "copper")], Filter())[0]
    home.move("x")
    home.asked()
    home.tidy()
    assert home.strays() == []
    for _ in range(2):
        with pytest.raises(IndexUnavailable, match=MOVING):
            home.asked()
        # a question that was under way all the time
        with pytest.raises(IndexUnavailable, match=MOVING):
            before.searcher.find([Look(3, vector=asked(before))], Filter())[0]
        with pytest.raises(IndexUnavailable, match=MOVING):
            before.searcher.find([Look(3, "copper")], Filter())[0]
    assert home.strays() == []
    home.loads()
    assert home.asked() == ("x", True)


def _collection_gone(home: Home, index: Index) -> None:
    home.library.searches.forget(index)


def _forgotten(home: Home, index: Index) -> None:
    home.library.indexes.forget(index.id)


@pytest.mark.parametrize("gone", [_collection_gone, _forgotten])
def test_an_index_that_is_half_deleted_is_not_asked(
    home: Home, gone: Callable[[Home, Index], None]
) -> None:
    """Whichever of index and catalog's row goes first, nothing is "not found" in between."""
    before = home.reading()
    old = home.index
    home.move("x")
    gone(home, old)
    with pytest.raises(IndexUnavailable, match=MOVING):
        home.asked()
    with pytest.raises(IndexUnavailable, match=MOVING):
        before.searcher.find([Look(3, vector=asked(before))], Filter())[0]
    with pytest.raises(IndexUnavailable, match=MOVING):
        before.searcher.find([Look(3, "copper")], Filter())[0]
    home.library.searches.forget(old)
    home.library.indexes.forget(old.id)
    assert home.strays() == []


def test_a_question_that_comes_late_makes_nothing_anew(home: Home, tmp_path: Path) -> None:
    """An index is open before a question is given it: it may be deleted before it is searched."""
    # as in a bot beside the owner, which has opened no index that the owner made
    with closing(fresh_library(tmp_path)) as library:
        reading = CurrentReading(library, "words", home.make_embedder)
        home.loads()
        reading.make_ready()
        home.move("x")
        reading()
        home.loads()
        late = reading()
        home.move("y")
        home.tidy()
        with pytest.raises(IndexUnavailable, match=MOVING):
            late.searcher.find([Look(3, vector=asked(late))], Filter())[0]
    assert home.strays() == []


def test_where_nothing_is_left_to_ask_the_reason_is_told(home: Home) -> None:
    """The old index is gone and the new embedder cannot be loaded: that is what is said."""
    home.move("x")
    home.asked()
    home.tidy()
    home.loads(EmbedderError("the embedder 'x' cannot be loaded"))
    # it is told while it is tried again, too
    for _ in range(3):
        with pytest.raises(EmbedderError, match="'x' cannot be loaded"):
            home.asked()
    home.loads()
    assert home.asked() == ("x", True)


def test_an_index_that_answers_and_fails_says_why(home: Home) -> None:
    """A failure of Chroma under the live index is told as such, not as a library being moved."""
    reading = home.reading()
    home.library.searches.forget(home.index)
    with pytest.raises(LibraryError, match="Chroma could not search"):
        reading.searcher.find([Look(3, vector=asked(reading))], Filter())[0]


def test_a_question_under_way_keeps_its_embedder(home: Home) -> None:
    """An embedder is let go when the last question that it was given to is over."""
    under_way = home.reading()
    home.move("x")
    home.asked()
    home.loads()
    assert home.asked() == ("x", True)
    vector = asked(under_way)
    assert under_way.searcher.find([Look(3, vector=vector)], Filter())[0]
    assert under_way.embedder.embed_passages(["Copper"]).shape == (1, 64)
    gc.collect()
    assert home.made[0]() is not None
    del under_way
    gc.collect()
    assert home.made[0]() is None


def test_questions_at_once_never_mix_an_index_with_another_embedder(home: Home) -> None:
    """Whatever is asked while the library is moved, index and embedder belong together."""
    over = threading.Event()
    seen = ["words"]

    def ask() -> None:
        while not over.is_set():
            # an index of other dimensions would refuse the vector
            name, right = home.asked()
            assert right
            seen.append(name)

    with ThreadPoolExecutor(3) as executor:
        asking = [executor.submit(ask) for _ in range(3)]
        try:
            for name in ("x", "y", "words"):
                home.move(name)
                wait_until(lambda: home.names[-1] == name)  # noqa: B023 - waited for here
                home.loads()
                wait_until(lambda: seen[-1] == name)  # noqa: B023 - likewise
        finally:
            over.set()
    for each in asking:
        each.result()
    assert set(seen) == {"words", "x", "y"}


def test_closing_ends_every_embedder(home: Home) -> None:
    """The one in use and the one on its way are both closed."""
    home.move("x")
    held = home.reading()
    coming = home.made[-1]()
    assert coming is not None
    home.reading.close()
    assert isinstance(held, Reading)
    assert isinstance(held.embedder, LoadingEmbedder)
    assert held.embedder.is_closed
    assert coming.is_closed
