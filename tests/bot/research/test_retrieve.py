"""Tests of how what both searches find becomes one list."""

from __future__ import annotations

from datetime import date

import pytest

from bot.research.asks import Asks, asks_of
from bot.research.model import Answer, Candidate, Part, Question, Turn, Wishes
from bot.research.retrieve import retrieve
from bot.research.times import times_in
from bot.research.understand import understand
from ingest.records import Description, Filter
from tests.bot.research.reading_room import NOON, ReadingRoom

METALS = (
    "Copper is dear in Chile.",
    "Copper is cheap, and so is tin.",
    "Tin comes from Peru.",
    "Zinc and lead come from mines of silver.",
    "Copper, copper, copper and no other metal is sold in Chile.",
)


def looked_for(
    room: ReadingRoom, asks: Asks, wanted: Filter, reads: float = 1.0
) -> list[Candidate]:
    """The candidates for all that is asked."""
    vectors = room.embedder.embed_queries([part.text for part in asks.all])
    return retrieve(asks, vectors, wanted, room.library, reads)


def retrieved(
    room: ReadingRoom, question: str, wanted: Filter, history: tuple[Turn, ...] = ()
) -> list[Candidate]:
    """The candidates for a question."""
    known = room.library.known(wanted)
    asked = Question(question, NOON, wanted, history)
    asks = asks_of(understand(asked, known), lambda each: understand(each, known))
    return looked_for(room, asks, wanted)


def texts(found: list[Candidate]) -> list[str]:
    """What the candidates say."""
    return [candidate.hit.passage.text for candidate in found]


@pytest.mark.parametrize("question", ["copper in Chile", "tin of Peru", "silver mines", "rain"])
def test_each_passage_is_there_once_best_first(room: ReadingRoom, question: str) -> None:
    """The list holds what either search found, in the order of the score."""
    found = retrieved(room, question, room.lay_out(*METALS))
    assert sorted(texts(found)) == sorted(METALS)
    order = [(-candidate.score, candidate.hit.passage.id) for candidate in found]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("copper in Chile", "Copper is dear in Chile."),
        ("Where does tin come from?", "Tin comes from Peru."),
        # one rare word outweighs a common one
        ("copper and lead", "Zinc and lead come from mines of silver."),
    ],
)
def test_what_says_most_of_it_comes_first(room: ReadingRoom, question: str, first: str) -> None:
    """Meaning, words and coverage are weighed together."""
    assert texts(retrieved(room, question, room.lay_out(*METALS)))[0] == first


def test_what_an_embedder_cannot_read_is_left_to_the_words(room: ReadingRoom) -> None:
    """A vector counts as far as the model behind it can read the question."""
    wanted = room.lay_out("Copper is dear.", "Rain fell all day long.")
    part = Part("copper", ("copper",), times_in("copper"), Wishes())
    asks = Asks(part)
    # a vector that points at the other text
    astray = room.embedder.embed_queries(["Rain fell all day long."])
    for reads, first in ((1.0, 0.4), (0.0, 0.0)):
        found = retrieve(asks, astray, wanted, room.library, reads)
        scores = {candidate.hit.passage.text: candidate.score for candidate in found}
        assert scores["Rain fell all day long."] >= first
        assert found[0].hit.passage.text == "Copper is dear."
    blind = retrieve(asks, astray, wanted, room.library, 0.0)
    seeing = retrieve(asks, astray, wanted, room.library, 1.0)
    assert blind[0].score - blind[1].score > seeing[0].score - seeing[1].score


def test_each_part_of_a_question_finds_its_own(room: ReadingRoom) -> None:
    """A passage that answers one part well stands before one that touches on both."""
    question = "Did copper become dear in Chile that year, while rain fell on Lima all day long?"
    wanted = room.lay_out(
        "Copper became dear in Chile.",
        "Rain fell on Lima all day.",
        *(f"That year many a day in town {n} was long." for n in range(6)),
    )
    assert set(texts(retrieved(room, question, wanted))[:2]) == {
        "Copper became dear in Chile.",
        "Rain fell on Lima all day.",
    }


def test_a_follow_up_is_looked_for_with_what_it_follows(room: ReadingRoom) -> None:
    """The question before says what is spoken of."""
    wanted = room.lay_out("Tin is dear in Peru.", "Copper is dear in Peru.", "Rain fell in Peru.")
    history = (Turn("What does copper cost?", "Nine dollars."),)
    assert texts(retrieved(room, "And in Peru?", wanted, history))[0] == "Copper is dear in Peru."


def dated(title: str, day: date) -> Description:
    """A report of a day."""
    return Description(title, "Quill", day, "en", None)


def test_a_question_may_be_dated_by_an_event(own_room: ReadingRoom) -> None:
    """What was on the day of an event is told by a report of that day."""
    for day, text in (
        (date(2024, 2, 8), "Heron sold its mines in Chile."),
        (date(2024, 2, 8), "Copper cost nine dollars a kilo."),
        (date(2023, 7, 1), "Copper cost four dollars a kilo."),
    ):
        own_room.lay_out(text, description=dated(f"Note of {day}", day))
    question = "On the day that Heron sold its mines, what did copper cost?"
    found = texts(retrieved(own_room, question, Filter()))
    assert found.index("Copper cost nine dollars a kilo.") < found.index(
        "Copper cost four dollars a kilo."
    )


@pytest.mark.parametrize(
    ("event", "told"),
    [("Heron sold its mines", True), ("Heron opened a harbour in Peru", False)],
)
def test_an_event_that_no_report_tells_dates_nothing(
    own_room: ReadingRoom, event: str, told: bool
) -> None:
    """A figure of the day of something else is no answer."""
    for day, text in (
        (date(2024, 2, 8), "Heron sold its mines in Chile."),
        (date(2024, 2, 8), "Copper cost 9 dollars a kilo."),
    ):
        own_room.lay_out(text, description=dated(f"Note of {day}", day))
    asked = Question(f"On the day that {event}, what did copper cost?", NOON)
    said = own_room.researcher.ask_now(asked)
    assert isinstance(said, Answer) is told


def test_a_report_that_is_named_is_searched_for_itself(own_room: ReadingRoom) -> None:
    """A named company's report is found though fifty others say the same words."""
    about = Description("Notes", "Quill", None, "en", None, companies=("Heron Ltd",))
    own_room.lay_out(*(f"The gain in the year was large, as in town {n}." for n in range(60)))
    own_room.lay_out("A gain was made by it in the end, of course.", description=about)
    found = retrieved(own_room, "How large was the gain of Heron in the year?", Filter())
    assert found[0].hit.passage.text == "A gain was made by it in the end, of course."


def test_only_what_the_filter_lets_through_is_found(room: ReadingRoom) -> None:
    """Both searches are given the question's filter."""
    wanted = room.lay_out("Copper is dear.", "Tin is cheap.")
    room.lay_out("Copper is dear elsewhere.")
    found = retrieved(room, "copper", wanted)
    assert wanted.shelves == frozenset(candidate.hit.report.shelf for candidate in found)
    assert len(found) == 2
    assert retrieved(room, "copper", Filter(shelves=frozenset({"nowhere"}))) == []


def test_a_candidate_says_how_near_it_is(room: ReadingRoom) -> None:
    """Also one that only its words found has its cosine similarity."""
    wanted = room.lay_out("Copper is dear.", "Rain fell all day.")
    found = {each.hit.passage.text: each for each in retrieved(room, "copper", wanted)}
    vector = room.embedder.embed_queries(["copper"])[0]
    near = room.embedder.embed_passages(
        [candidate.hit.passage.embedded for candidate in found.values()]
    )
    assert [each.similarity for each in found.values()] == pytest.approx(
        list(near @ vector), abs=2e-3
    )
