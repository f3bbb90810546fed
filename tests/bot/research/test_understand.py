"""Tests of what a question is taken to mean."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.research.model import Query, Question
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
    ("text", "names"),
    [
        ("How much does the B100 cost?", {"b100"}),
        ("Copper prices in Chile", {"chile"}),
        ("When will GPT-5 arrive?", {"gpt-5"}),
        ("what is copper worth?", set()),
    ],
)
def test_names_are_recognised(text: str, names: set[str]) -> None:
    """A name has a capital inside a sentence, or mixes letters and digits."""
    assert understood(text).names == names


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("How many ships?", True),
        ("What share of sales?", True),
        ("市场规模有多大？", True),
        ("Why did copper rise?", False),
        ("How does copper compare?", False),
    ],
)
def test_a_figure_is_wanted(text: str, wants: bool) -> None:
    """Questions of how much want a quantity."""
    assert understood(text).wants_figure is wants


@pytest.mark.parametrize(("text", "wants"), [("Which risks are named?", True), ("Why?", False)])
def test_risks_are_wanted(text: str, wants: bool) -> None:
    """Questions for risks are known as such."""
    assert understood(text).wants_risks is wants
