"""Tests of which figure of an answer is marked, and of figures that are told twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.figures import figures_asked, same_told
from bot.research.model import Question
from bot.research.understand import understand
from tests.bot.research.reading_room import NOON


def marked(question: str, text: str, *, told: bool = False) -> list[str]:
    """The figures that are marked in a text."""
    query = understand(Question(question, NOON))
    return [text[start:end] for start, end in figures_asked(text, query, told=told)]


@pytest.mark.parametrize(
    ("question", "text", "figures"),
    [
        (
            "How much copper does Chile sell?",
            "Chile sells 5 million tonnes of copper.",
            ["5 million"],
        ),
        ("How much did sales grow?", "Sales grew by 12.5% in 2023.", ["12.5%"]),
        ("How much did sales grow?", "In the first half of 2023 sales grew by 12.5%.", ["12.5%"]),
        ("How much did sales grow?", "On 28 February 2024 sales grew by 12.5%.", ["12.5%"]),
        ("How much did sales grow?", "Sales of the two mines grew by 12%.", ["12%"]),
        ("How much will sales be?", "Sales will be 1-2 billion yuan.", ["1-2 billion yuan"]),
        ("How many ships does Chile own?", "Chile owns 40 ships and 12 ports.", ["40"]),
        ("How many ships does Chile own?", "Chile owns two large ships and 12 ports.", ["two"]),
        ("What does copper cost?", "Copper costs $9,000 a tonne, 5% more.", ["$9,000"]),
        ("What is the price of copper?", "The price of copper is 9 dollars.", ["9 dollars"]),
        ("What percentage of sales is tin?", "Tin is 30% of the 9 billion in sales.", ["30%"]),
        ("How long is the bond?", "The bond runs for 12 years.", ["12"]),
        (
            "How much is the bond?",
            "The bond of 12 years is over 3 billion yuan.",
            ["3 billion yuan"],
        ),
        # the clause that speaks of what is asked, and of its time
        (
            "How large will the market be in 2030?",
            "The market will be 5 billion in 2025, and the market will be 9 billion in 2030.",
            ["9 billion"],
        ),
        ("How much did tin sales grow?", "Copper sales fell 3%, while tin sales grew 8%.", ["8%"]),
        ("2023年铜价是多少？", "2023年铜价是每吨6万元。", ["6万元"]),
        ("公司营业收入增长了多少？", "公司营业收入增长12.5%。", ["12.5%"]),
        ("全年收入是多少？", "一个新的市场全年收入130亿元。", ["130亿元"]),
        # in doubt none
        (
            "How much data-centre revenue did Heron make in 2024?",
            "Heron made revenue of $60 billion in 2024, and data-centre revenue of $47 billion.",
            [],
        ),
        ("How many listed ships are there?", "There are 40 listed mines and 5 ships in it.", []),
        ("How much were sales?", "Sales rose from 5 billion to 9 billion.", []),
        ("How much were sales?", "Sales rose 5% to 9 billion.", []),
        ("How much were sales in 2022?", "In 2023 sales were 9 billion.", []),
        ("How much were sales?", "Sales of the two mines were high in May 2023.", []),
        # what asks for no figure
        ("Why did sales grow?", "Sales grew by 12.5%.", []),
        ("When did sales grow?", "Sales grew by 12.5% in 2023.", []),
    ],
)
def test_the_figure_asked_for_is_marked(question: str, text: str, figures: list[str]) -> None:
    """One that is of the kind asked for, or stands with what is asked; in doubt none."""
    assert marked(question, text) == figures


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("sales, 2023: 9.5 billion yuan", ["9.5 billion yuan"]),
        ("Net sales: tin, 2023: 9,310 (in millions)", ["9,310"]),
        ("Net loss, 2023: (123) (in millions)", ["(123)"]),
        ("sales, 2023: 9; 2022: 8 billion yuan", []),
        ("opening of the mine, Chile: May 2023", []),
        ("sales, 2023: none", []),
        ("sales, 2023: $11.5 billion in the quarter, leases included", ["$11.5 billion"]),
        ("sales, 2023: from 4 to 5 dollars in the quarter", []),
    ],
)
def test_the_figure_of_a_told_row_is_marked(text: str, figures: list[str]) -> None:
    """Where one cell is told its figure is marked, without the remark on its unit."""
    assert marked("How much were sales in 2023?", text, told=True) == figures


@given(
    st.text(st.sampled_from("1234567890.,%$€亿万元 -ab两half two million;；()in2023"), max_size=60)
)
def test_a_mark_is_a_stretch_of_the_text(text: str) -> None:
    """Whatever the text, what is marked lies in it, holds something and begins and ends tight."""
    query = understand(Question("How much were sales?", NOON))
    for told in (False, True):
        for start, end in figures_asked(text, query, told=told):
            assert 0 <= start < end <= len(text)
            assert text[start:end] == text[start:end].strip()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Sales were 13 billion yuan.", "Sales were 13,000 million yuan.", True),
        ("sales, 2023: 9 (in millions)", "Sales, 2023: 9 (In millions)", True),
        ("Sales were 13 billion yuan.", "Sales were 14 billion yuan.", False),
        ("Sales rose 5%.", "Sales fell 5%.", False),
        ("sales, 2023: 9 (in millions)", "sales, 2022: 9 (in millions)", False),
        ("sales, 2023: 9 (in millions)", "costs, 2023: 9 (in millions)", False),
        ("Sales were high.", "Sales were high.", False),
    ],
)
def test_the_same_figure_is_known_again(one: str, other: str, same: bool) -> None:
    """All figures and all words around them must be the same; without figures none is."""
    assert same_told(one, other) is same
    assert same_told(other, one) is same
