"""Tests of the kinds of answers that questions want."""

from __future__ import annotations

import pytest

from bot.research.answer_kind import kind_of
from bot.research.telling import Kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("How many ships?", Kind.COUNT),
        ("What share of sales?", Kind.SHARE),
        ("How large a share of sales is it?", Kind.SHARE),
        ("铜的占比是多少？", Kind.SHARE),
        ("智利有几家矿业公司？", Kind.COUNT),
        ("What did Heron earn in 2023?", Kind.FIGURE),
        ("What did Heron make of it?", Kind.ANYTHING),
        ("市场规模有多大？", Kind.FIGURE),
        ("What was Heron's revenue in 2023?", Kind.FIGURE),
        ("What is the market value of Heron?", Kind.FIGURE),
        ("苍鹭的净利润是多少？", Kind.FIGURE),
        ("How long does a ship last?", Kind.DURATION),
        ("How many years does a ship last?", Kind.DURATION),
        ("合同签了几年？", Kind.DURATION),
        ("By how much did revenue grow?", Kind.CHANGE),
        ("How fast has Heron grown?", Kind.CHANGE),
        ("营收增长了多少？", Kind.CHANGE),
        ("沪指的涨幅是多少？", Kind.CHANGE),
        ("How much does a ship cost?", Kind.PRICE),
        ("What is the fee of the fund?", Kind.PRICE),
        ("What does the harbour charge?", Kind.PRICE),
        ("铜卖多少钱？", Kind.PRICE),
        ("When did the ship sail?", Kind.TIME),
        ("And when did it sail?", Kind.TIME),
        ("In which year did it sail?", Kind.TIME),
        ("哪一年开采？", Kind.TIME),
        ("Why did copper rise?", Kind.WHY),
        ("What caused the rise?", Kind.WHY),
        ("What are the main reasons for it?", Kind.WHY),
        ("铜价为什么上涨？", Kind.WHY),
        ("What risks does Heron list?", Kind.RISKS),
        ("What are the risk factors?", Kind.RISKS),
        ("有哪些风险？", Kind.RISKS),
        ("Who runs the mine?", Kind.PERSON),
        ("And who said that?", Kind.PERSON),
        ("Which analyst wrote it?", Kind.PERSON),
        ("谁管理基金？", Kind.PERSON),
        ("Compare how Heron and Quill see copper.", Kind.COMPARISON),
        ("Compare what the houses say.", Kind.COMPARISON),
        ("How does copper compare with tin?", Kind.COMPARISON),
        ("What is the difference between copper and tin?", Kind.COMPARISON),
        ("铜与锡有什么区别？", Kind.COMPARISON),
        ("Which companies mine copper?", Kind.LIST),
        ("In which three directions will it grow?", Kind.LIST),
        ("What are the main products?", Kind.LIST),
        ("List the mines of Chile", Kind.LIST),
        ("哪些公司开采铜？", Kind.LIST),
        ("Should I buy Heron's shares?", Kind.ADVICE),
        ("Is it a good time to sell copper?", Kind.ADVICE),
        ("Would you buy copper now?", Kind.ADVICE),
        ("Do you recommend buying copper?", Kind.ADVICE),
        ("Is Heron a good investment?", Kind.ADVICE),
        ("现在适合买入铜吗？", Kind.ADVICE),
        ("What is Sora?", Kind.DEFINITION),
        ("What is a text-to-video model?", Kind.DEFINITION),
        ("What does AIGC mean?", Kind.DEFINITION),
        ("什么是大模型？", Kind.DEFINITION),
        ("大模型是什么？", Kind.DEFINITION),
        # none of these
        ("What do analysts think about the cost of power?", Kind.ANYTHING),
        ("What is the price war about?", Kind.ANYTHING),
        ("What was the impact of exchange rates?", Kind.ANYTHING),
        ("Should Heron's readers be warned?", Kind.ANYTHING),
        ("Should Heron sell its mine?", Kind.ANYTHING),
        ("Can I sell copper at a loss?", Kind.ANYTHING),
        ("How much is spent on climate change?", Kind.FIGURE),
        ("这几年铜矿怎么样？", Kind.ANYTHING),
        ("How does copper compare?", Kind.ANYTHING),
        ("When copper fell, did Chile sell?", Kind.ANYTHING),
        ("铜价的特征是什么？", Kind.ANYTHING),
        ("What does the report say?", Kind.ANYTHING),
    ],
)
def test_the_kind_of_answer_is_known_by_the_words_that_ask(text: str, kind: Kind) -> None:
    """A question of how much wants a figure, one of price an amount, one of who a person."""
    assert kind_of(text) is kind
