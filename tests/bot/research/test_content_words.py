"""Tests of the words of questions that say something."""

from __future__ import annotations

import pytest

from bot.research.content_words import content_words


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("How big is the copper market?", ("copper", "market")),
        ("What does Heron's note say about GPT-5?", ("heron", "note", "gpt-5")),
        ("Copper or copper?", ("copper",)),
        ("Don't they sell copper?", ("sell", "copper")),
        ("How much is it?", ()),
        ("铜价多少？", ("铜价", "价多")),
    ],
)
def test_content_words_remain(text: str, terms: tuple[str, ...]) -> None:
    """Words that only ask are left out, and none is there twice."""
    assert content_words(text) == terms
