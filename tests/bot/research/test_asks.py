"""Tests of what is looked for to answer a question."""

from __future__ import annotations

import pytest

from bot.research.asks import asks_of, in_their_words
from bot.research.model import Part, Question, Turn, Wishes
from bot.research.parts import Span
from bot.research.times import Times
from bot.research.understand import understand
from tests.bot.research.reading_room import NOON


def test_a_question_of_one_thing_is_looked_for_alone() -> None:
    """Without parts, history or an event there is the question and nothing else."""
    asks = asks_of(understand(Question("What does copper cost?", NOON)), understand)
    assert [part.text for part in asks.all] == ["What does copper cost?"]
    assert asks.whole.terms == ("copper", "cost")


def test_parts_are_understood_each_for_itself() -> None:
    """A part has the words and the times of its own."""
    text = "Did copper rise in Chile in May 2023, while tin fell in Peru in June 2024?"
    asks = asks_of(understand(Question(text, NOON)), understand)
    assert [part.terms for part in asks.parts] == [
        ("copper", "rise", "chile", "2023"),
        ("tin", "fell", "peru", "june", "2024"),
    ]
    assert [{time.month for time in part.times.named} for part in asks.parts] == [{5}, {6}]
    assert asks.all == (asks.whole, *asks.parts)


def test_the_question_before_is_looked_for_too() -> None:
    """A conversation goes on about what it was about, and a follow-up may be read so too."""
    history = (Turn("What does zinc cost?"), Turn("What does copper cost?", "9 dollars"))
    asks = asks_of(understand(Question("In Chile?", NOON, history=history)), understand)
    assert asks.earlier is not None
    assert asks.earlier.text == "What does copper cost?"
    assert [part.terms for part in asks.parts] == [("chile", "copper", "cost")]
    assert asks.all == (asks.whole, *asks.parts, asks.earlier)


def test_an_event_is_looked_for_and_left_out_of_the_question() -> None:
    """What was on the day of an event need not tell of the event."""
    text = "On the day that Heron sold its mines, what did copper cost?"
    asks = asks_of(understand(Question(text, NOON)), understand)
    assert asks.event is not None
    assert asks.event.text == "Heron sold its mines"
    assert asks.whole.text == "what did copper cost?"
    assert asks.span is Span.DAY
    assert asks.parts == ()
    assert asks.all == (asks.whole, asks.event)


@pytest.mark.parametrize(
    ("texts", "asked"),
    [
        (["Dithering is new."], "What of dithering?"),
        (["Rain fell.", "抖音很火。", "Dithering is new."], "What of 抖音?"),
        (["Douyin is new.", "Dithering is new."], "What of Douyin?"),
        (["Rain fell."], "What of Douyin?"),
        ([], "What of Douyin?"),
    ],
)
def test_what_nobody_calls_so_is_asked_for_in_their_words(texts: list[str], asked: str) -> None:
    """A name that no text uses becomes the first one that they use."""
    named = (("Douyin", ("抖音", "dithering")),)
    part = Part("What of Douyin?", ("douyin",), Times(), Wishes(), named)
    assert in_their_words(part, texts) == asked
