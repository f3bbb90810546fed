"""Tests of what a question for a figure measures, counts, or whose office it asks for."""

from __future__ import annotations

import pytest

from bot.research.measured import counted_in, measured_in
from tests.bot.research.reading_room import ReadingRoom


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        ("What was Heron's revenue in 2023?", "revenue"),
        ("What were the sales figures for copper?", "sales"),
        ("What is the net sales of Heron?", "sales"),
        ("What is the market value of Heron?", "market value"),
        ("What is Quill's price target for Heron?", "price target"),
        ("What was the reported gross margin for Heron?", "gross margin"),
        ("What was the effective tax rate?", "tax rate"),
        ("What was the cash flow from operating activities?", "cash"),
        ("What was the free cash flow?", "free cash flow"),
        ("How much did Heron's revenue grow?", "revenue"),
        ("What is the size of the copper market?", "market"),
        ("How large is the copper market?", "market"),
        ("How large will the market for copper be in 2030?", "market"),
        ("How much electricity do smelters in Chile use?", "electricity"),
        ("What share of the copper market does Heron have?", "market"),
        ("What proportion of revenue was from copper?", "revenue"),
        # another thing is asked for
        ("What was the impact of exchange rates on the results?", ""),
        ("What is driving revenue growth?", ""),
        # the amount alone says it, or nothing is named
        ("What is the price of copper?", "copper"),
        ("What was R&D spending in 2023?", ""),
        ("How much did Heron raise?", ""),
        ("How much money did it raise?", ""),
        ("How large is NVIDIA?", ""),
    ],
)
def test_what_a_question_measures_is_known_by_its_words(text: str, measured: str) -> None:
    """The attribute named, or the last word of what is asked how large or how much it is."""
    assert measured_in(text) == set(measured.split())


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        ("苍鹭2023年的净利润是多少？", {"净利", "利润"}),
        ("铜的市场规模有多大？", {"规模"}),
        ("苍鹭的营收同比增长多少？", {"营收"}),
        ("苍鹭的股价是多少？", {"股价"}),
        ("苍鹭投资了多少？", set()),
    ],
)
def test_chinese_questions_name_what_they_measure(text: str, measured: set[str]) -> None:
    """The attribute before "how much"."""
    assert measured_in(text) == measured


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("How many copper mines does Chile have?", {"copper", "mines"}),
        ("How many dollars is it?", set()),
        ("Who is the chief executive of Heron?", {"chief", "executive"}),
        ("苍鹭的董事长是谁？", {"董事", "事长"}),
        ("Who runs Heron?", set()),
    ],
)
def test_what_is_counted_and_an_office_are_known(text: str, counted: set[str]) -> None:
    """The words behind "how many"; those of the office where it asks who holds one."""
    assert counted_in(text) == counted


@pytest.mark.parametrize(
    ("question", "text", "answered"),
    [
        ("What was Heron's revenue?", "Heron had revenue of $9 billion last year.", True),
        ("What was Heron's revenue?", "Heron paid $9 billion for Quill last year.", False),
        ("What was Heron's revenue?", "Heron reports on revenue. It was $9 billion.", True),
        ("What is Heron's price target?", "Heron sold copper at a price of $9 in May.", False),
    ],
)
def test_a_figure_of_another_thing_is_no_answer(
    room: ReadingRoom, question: str, text: str, answered: bool
) -> None:
    """What is measured stands in the sentence of the figure, or in the one before it."""
    said = room.ask(question, text)
    assert hasattr(said, "statements") is answered
