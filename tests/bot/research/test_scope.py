"""Tests of whether questions ask for the newest report or over several."""

from __future__ import annotations

import pytest

from bot.research.names import NamesAsked
from bot.research.scope import asks_across, asks_newest


@pytest.mark.parametrize(
    ("text", "newest"),
    [
        ("What was the tax rate in the most recent 10-Q?", True),
        ("What is Nvidia's latest gross margin?", True),
        ("What is the latest on copper?", True),
        ("What does the newest report say?", True),
        ("What do recent reports say about copper?", True),
        ("最新的研报怎么看铜？", True),
        ("最近的财报里收入是多少？", True),
        # the newness of things
        ("How large is OpenAI's latest financing plan?", False),
        ("Which is its most recent acquisition?", False),
        ("Who was recently accused?", False),
        ("最新的芯片叫什么？", False),
        ("How large is the copper market?", False),
    ],
)
def test_the_newest_report_is_asked_for(text: str, newest: bool) -> None:
    """What is latest asks for the newest where it is a report, a period or a figure."""
    assert asks_newest(text) is newest


@pytest.mark.parametrize(
    ("text", "across"),
    [
        ("How has Apple's debt changed?", True),
        ("How did inventories evolve in these 10-Qs?", True),
        ("What was bought over these quarters?", True),
        ("What did revenue do across quarters?", True),
        ("What was spent in each reporting period?", True),
        ("Which risks does it name, as per the quarterly reports?", True),
        ("How did margins move over time?", True),
        ("Is debt higher than in previous quarters, compared to prior filings?", True),
        ("How do Q1 2023 and Q2 2023 differ?", True),
        ("Where do brokers disagree on copper?", True),
        ("Compare what the publishers say about copper.", True),
        ("这几个季度的利润如何？", True),
        ("各家券商怎么看铜？", True),
        ("What was debt in Q2 2023?", False),
        ("What does the quarterly report say?", False),
        ("How has Apple protected itself?", False),
        ("铜价是多少？", False),
    ],
)
def test_several_reports_are_asked_of(text: str, across: bool) -> None:
    """Quarters, periods, changes and differences are told by several reports together."""
    assert asks_across(text, NamesAsked()) is across


def test_two_publishers_are_several() -> None:
    """Whoever names two publishers asks over both."""
    assert asks_across("Copper?", NamesAsked(publishers=frozenset({"Heron", "Quill"})))
    assert not asks_across("Copper?", NamesAsked(publishers=frozenset({"Heron"})))
