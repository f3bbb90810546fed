"""Tests of how a question is parted into the things it asks of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.parts import Anchor, Span, anchor_of, parts_of


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Did Heron report a loss on copper last year, while Quill reported a gain on tin?",
            ("Did Heron report a loss on copper last year", "Quill reported a gain on tin"),
        ),
        (
            "How large is the loss of Heron compared with the gain that Quill made on tin?",
            ("How large is the loss of Heron", "the gain that Quill made on tin"),
        ),
        (
            "Which company sold its mines in Chile and who bought the last of them then?",
            ("Which company sold its mines in Chile", "who bought the last of them then"),
        ),
        # what is too short to be asked alone stays with what it stands beside
        ("For Q2 2023, what was the chief factor in operating income?", ()),
        ("What do copper, tin and zinc cost in Chile?", ()),
        ("What does copper cost?", ()),
        (
            "2019年铜价的上涨和2023年锡矿的关闭，哪个事件更早发生？",
            ("2019年铜价的上涨", "2023年锡矿的关闭"),
        ),
        ("铜价大幅上涨与秘鲁锡矿关闭是在同一个月吗？", ("铜价大幅上涨", "秘鲁锡矿关闭")),
        (
            "以下事件中最早发生的是哪个？1. 铜价大幅上涨，2. 秘鲁锡矿关闭",
            ("铜价大幅上涨", "秘鲁锡矿关闭"),
        ),
        ("铜价是多少？", ()),
        ("", ()),
    ],
)
def test_a_question_of_several_things_is_parted(question: str, parts: tuple[str, ...]) -> None:
    """Each part can be looked for alone; a question of one thing has none."""
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    ("question", "anchor"),
    [
        (
            "On the day that Heron sold its mines, what did copper cost?",
            Anchor("Heron sold its mines", Span.DAY, "what did copper cost?"),
        ),
        (
            "In the same year as Heron sold its mines, how much tin was dug?",
            Anchor("Heron sold its mines", Span.YEAR, "how much tin was dug?"),
        ),
        (
            "What did copper cost on the day when Heron sold its mines?",
            Anchor("Heron sold its mines", Span.DAY, "What did copper cost"),
        ),
        ("秘鲁锡矿关闭当天，铜价是多少？", Anchor("秘鲁锡矿关闭", Span.DAY, "铜价是多少？")),
        ("秘鲁锡矿关闭的那年铜价是多少？", Anchor("秘鲁锡矿关闭", Span.YEAR, "铜价是多少？")),
        ("秘鲁锡矿关闭当月，铜价是多少？", Anchor("秘鲁锡矿关闭", Span.MONTH, "铜价是多少？")),
        ("What did copper cost on 3 May 2024?", None),
        ("铜价当天是多少？", None),
        ("", None),
    ],
)
def test_an_event_may_say_when(question: str, anchor: Anchor | None) -> None:
    """A time that is told by what happened then is that of the event."""
    assert anchor_of(question) == anchor


@given(st.text(alphabet="ab ,;.和、，年当天?1", max_size=60))
def test_parts_are_at_most_four_and_never_one(text: str) -> None:
    """Whatever is asked, parts say something, and one alone would be the question itself."""
    parts = parts_of(text)
    assert len(parts) != 1
    assert len(parts) <= 4
    assert all(part.strip() for part in parts)
    anchor_of(text)
