"""Tests of what follow-ups refer to."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.content_words import content_words
from bot.research.follow_up import in_full
from bot.research.model import Turn
from ingest.records import Company, Known

TODAY = date(2024, 3, 1)
KNOWN = Known(
    ("CITIC Securities", "Heron Research"),
    (),
    (Company(("NVIDIA", "英伟达"), ("NVDA",)), Company(("Apple Inc.", "苹果"), ("AAPL",))),
)
REVENUE = "What was Apple's revenue in Q2 2023?"


def full(text: str, *before: str) -> str:
    """A question in full behind others."""
    return in_full(text, [Turn(each) for each in before], KNOWN, TODAY)


@pytest.mark.parametrize(
    ("before", "text", "meant"),
    [
        # another time
        ("How big will it be in 2025?", "and in 2030?", "How big will it be in 2030?"),
        ("How big will copper be?", "And in 2030?", "How big will copper be in 2030?"),
        ("How big will it be in 2025?", "What about in 2030?", "How big will it be in 2030?"),
        (REVENUE, "and Q3?", "What was Apple's revenue in Q3 2023?"),
        (REVENUE, "what about Q1 2022?", "What was Apple's revenue in Q1 2022?"),
        ("铜价2025年多少？", "那2030年呢？", "铜价2030年多少？"),
        ("2023年铜价多少？", "去年的呢？", "2023年铜价多少？"),
        (
            "What has CITIC said since January?",
            "and since March 2023?",
            "What has CITIC said since March 2023?",
        ),
        # another company, publisher, product
        (REVENUE, "What about Nvidia?", "What was Nvidia's revenue in Q2 2023?"),
        (REVENUE, "How about Intel's?", "What was Intel's revenue in Q2 2023?"),
        ("苹果的营收是多少？", "英伟达呢？", "英伟达的营收是多少？"),
        ("What does CITIC think of Sora?", "and Heron?", "What does Heron think of Sora?"),
        (
            "What does CITIC think of Sora?",
            "What does Heron say?",
            "What does Heron think of Sora?",
        ),
        ("How many H20 chips were sold?", "What about the B100?", "How many B100 chips were sold?"),
    ],
)
def test_an_ellipsis_is_the_question_before_with_a_part_exchanged(
    before: str, text: str, meant: str
) -> None:
    """A time takes the place of a time, a company of a company, a product of a product."""
    assert full(text, before) == meant


@pytest.mark.parametrize(
    ("before", "text", "added"),
    [
        ("What does CITIC say about copper?", "who said that?", {"citic", "copper"}),
        ("Why did copper rise?", "why?", {"copper", "rise"}),
        ("Who makes HBM?", "What do they charge?", {"makes", "hbm"}),
        ("Who makes HBM?", "What are its risks?", {"makes", "hbm"}),
        ("What does Nvidia sell?", "What did the company earn?", {"nvidia", "sell"}),
        ("What is an IRA?", "Are these types of accounts dear?", {"ira"}),
        ("Is a financial advisor dear?", "Do I need to get one?", {"financial", "advisor", "dear"}),
        ("Who makes HBM?", "What about copper?", {"makes", "hbm"}),
        ("Who makes HBM?", "They charge a lot?", {"makes", "hbm"}),
        ("Who lends shares?", "Does the lender earn by this kind of loan?", {"lends", "shares"}),
        ("英伟达卖什么？", "它多少钱？", {"英伟", "伟达", "达卖"}),
        ("铜价如何？", "为什么？", {"铜价"}),
    ],
)
def test_what_points_back_takes_the_words_of_the_question_before(
    before: str, text: str, added: set[str]
) -> None:
    """The content words of the question before are added to a question's own."""
    meant = full(text, before)
    assert set(content_words(text)) | added <= set(content_words(meant))


@pytest.mark.parametrize(
    "text",
    [
        "How big is the copper market?",
        "What does Nvidia say about its data centres?",
        "When Intel launched Gaudi, did it cut prices?",
        "Is it worth buying copper?",
        "What do these reports say about Intel's debt?",
        "How long does it take to mine copper?",
        "What should investors do with their money?",
        "How has Nvidia's debt changed over these quarters?",
        "Who said that copper is dear?",
        "Which company that mines copper is cheap?",
        "What was revenue in Q3 2023?",
        "Sora training compute",
        "And who sells tin?",
        "If copper falls, is it cheap?",
        "For Intel's filing of spring, align the details of debt with the discussion.",
        "This year's price of copper?",
        "thanks",
        "铜价为什么上涨？",
        "英伟达的其他产品有哪些？",
        "今年的铜价是多少？",
    ],
)
def test_a_question_that_stands_by_itself_is_left_alone(text: str) -> None:
    """What names its own subject is not mixed with another."""
    assert full(text, "What does Apple sell in Chile?") == text


def test_what_is_referred_to_may_lie_several_questions_back() -> None:
    """Follow-ups to follow-ups carry their subject on; politeness carries none."""
    meant = full("and in 2030?", "How big will copper be in 2025?", "Thanks!", "and in 2027?")
    assert meant == "How big will copper be in 2030?"


def test_turns_of_long_ago_are_not_meant() -> None:
    """Of what was asked four questions earlier nothing is carried."""
    others = ["Who sells tin?", "Who sells zinc?", "Who sells lead?", "Who sells iron?"]
    assert "copper" not in full("why?", "Who sells copper?", *others)


def test_without_a_question_before_nothing_is_added() -> None:
    """A first question is taken as it is."""
    assert full("and in 2030?") == "and in 2030?"
    assert full("and in 2030?", "Hello!") == "and in 2030?"


_SAID = """
    and what about in 2030 why Nvidia Apple's CITIC it they this ? 呢 那 英伟达 它 Q3 the B100 did
"""
WORDS = st.sampled_from(_SAID.split())
TEXT = st.lists(WORDS, max_size=7).map(" ".join) | st.text(max_size=30)


@given(text=TEXT, before=st.lists(TEXT, max_size=3))
def test_any_conversation_is_read(text: str, before: list[str]) -> None:
    """Whatever was said before, a question has words, or is empty itself."""
    meant = full(text, *before)
    assert meant.strip() or not text.strip()
