"""Tests of what a question is taken to mean."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.research.model import Query, Question
from bot.research.telling import Kind
from bot.research.understand import understand


def understood(text: str) -> Query:
    """What a question asked on a March day is taken to mean."""
    return understand(Question(text, datetime(2024, 3, 1, tzinfo=UTC)))


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("How big is the copper market?", ("copper", "market")),
        ("What does Heron's note say about GPT-5?", ("heron", "note", "gpt-5")),
        ("How much is it?", ("is", "it")),
        ("铜价多少？", ("铜价", "价多")),
    ],
)
def test_content_words_remain(text: str, terms: tuple[str, ...]) -> None:
    """Words that only ask are left out, unless nothing else is left."""
    assert understood(text).terms == terms


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("How much does the B100 cost?", {"b100"}),
        ("When will GPT-5 arrive?", {"gpt-5"}),
        ("Is the H20 faster than the H100's brother?", {"h20", "h100"}),
        ("Revenue in Q3 2023, FY24 and the 1990s, up 5x", set()),
        ("Copper prices in Chile", set()),
        ("A 60-second film of mid-2024, 3.5x as long, for 1.5bn", set()),
    ],
)
def test_codes_are_recognised(text: str, codes: set[str]) -> None:
    """A code mixes letters and digits; a quarter or a multiple is none."""
    assert understood(text).codes == codes


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("How many ships?", Kind.FIGURE),
        ("What share of sales?", Kind.FIGURE),
        ("市场规模有多大？", Kind.FIGURE),
        ("How much does a ship cost?", Kind.PRICE),
        ("What is the fee of the fund?", Kind.PRICE),
        ("What does the harbour charge?", Kind.PRICE),
        ("When did the ship sail?", Kind.TIME),
        ("In which year did it sail?", Kind.TIME),
        ("Why did copper rise?", Kind.ANYTHING),
        ("What do analysts think about the cost of power?", Kind.ANYTHING),
        ("What is the price war about?", Kind.ANYTHING),
        ("铜卖多少钱？", Kind.PRICE),
        ("哪一年开采？", Kind.TIME),
        ("How does copper compare?", Kind.ANYTHING),
    ],
)
def test_the_kind_of_answer_is_known(text: str, kind: Kind) -> None:
    """A question of how much wants a figure, one of price an amount, one of when a time."""
    assert understood(text).kind is kind


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("How many ships sailed?", {"ships", "sailed"}),
        ("How many cargo ships did Chile send?", {"cargo", "ships"}),
        ("how many are there?", set()),
        ("How many dollars did Chile raise?", set()),
        ("How much copper is there?", set()),
    ],
)
def test_what_is_counted_is_known(text: str, counted: set[str]) -> None:
    """What stands behind "how many", up to the next word that says nothing, is counted."""
    assert understood(text).counted == counted
