"""Tests of what can be quoted, and of what kind it is."""

from __future__ import annotations

import pytest

from bot.research.telling import Kind, defines, holds, tells

HEADER = "Copper in a hurry · Heron Research · 2024-02-08"


@pytest.mark.parametrize(
    ("text", "quotable"),
    [
        ("Demand doubles by 2030.", True),
        ("“Demand doubles,” she said.", True),
        ("铜价上涨了百分之五。", True),
        ("Peru | 28,000 tonnes", True),
        ("New mines may open sooner than the market expects", True),
        ("Copper in a hurry", False),
        ("Heron Research | 8 February 2024", False),
        ("Heron Research · 2024-02-08", False),
        ("Risks", False),
        ("Table 1. Demand for copper by country and by year.", False),
        ("Copper in a hurry.", False),
        # a firm called Figure, and a sentence about a chart
        ("Figure AI sold 675 robots in May.", True),
        ("Chart 3 shows that demand doubles.", True),
        ("Figure 3 Demand for tin in the provinces of Chile.", False),
        ("Source: Heron Research, company reports.", False),
        ("Source code of the model was sold to Chile.", True),
        ("图3 铜的需求与价格。", False),
        ("图3显示铜的需求翻倍。", True),
        ("二、铜的需求与价格：新的形势与旧的矛盾", False),
        ("2024年2月8日", False),
        # what leads to a table
        ("The following table shows sales of copper by region, in millions:", False),
        ("Sales of copper by region and by year were as follows (in millions):", False),
        ("各地区铜的销售额如下：", False),
        ("The following chart shows that demand doubles by 2030.", True),
        ("As follows from this, demand doubles by 2030.", True),
    ],
)
def test_headings_titles_and_captions_say_nothing(text: str, quotable: bool) -> None:
    """Only what says more than its footnote can be quoted."""
    assert tells(text, HEADER) is quotable


@pytest.mark.parametrize(
    ("text", "figure", "price", "time"),
    [
        ("Copper costs $9.5 a pound.", True, True, False),
        ("Copper costs 9 thousand dollars.", True, True, False),
        ("The fee is 1.5%.", True, True, False),
        ("Sales reached 720.2 billion yuan.", True, True, False),
        ("The B100 and the GPT-4 are scarce.", False, False, False),
        ("It was founded in 2019.", False, False, True),
        ("Revenue doubled.", False, False, False),
        ("There are 17 mines.", True, False, False),
        ("Stocks last for three months.", False, False, True),
        ("市场规模达到373.9亿元。", True, True, False),
        ("Copper is red.", False, False, False),
        # numbers with a unit, against names that begin with a number
        ("Speed rose 3.5x.", True, False, False),
        ("It has 96GB of memory.", True, False, False),
        ("It has 175B parameters.", True, False, False),
        ("A 60-second film.", False, False, False),
        ("The 910B and 5G are scarce.", False, False, False),
        # a pronoun and a part of the year are no figures
        ("It is a different one.", False, False, False),
        ("The fourth quarter was weak.", False, False, True),
        ("Three quarters of it.", False, False, True),
        ("Prices fall.", False, False, False),
        ("产量达到1200台。", True, False, False),
        ("2023年市场增长。", False, False, True),
        ("2月8日上市。", False, False, True),
        ("日本市场很大。", False, False, False),
    ],
)
def test_a_text_holds_what_a_kind_of_answer_needs(
    text: str, figure: bool, price: bool, time: bool
) -> None:
    """Names and years are no figures, figures without a currency no prices."""
    assert holds(text, Kind.FIGURE) is figure
    assert holds(text, Kind.PRICE) is price
    assert holds(text, Kind.TIME) is time
    assert holds(text, Kind.ANYTHING)


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("It will not earn its keep for six years.", False),
        ("It earned $6 in six years.", True),
        ("合同为期3年。", False),
    ],
)
def test_how_long_is_no_answer_to_how_much(text: str, figure: bool) -> None:
    """A stretch of time is a figure only where it is asked how long."""
    assert holds(text, Kind.FIGURE) is figure
    assert holds(text, Kind.DURATION)


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("Sales rose 5%.", True),
        ("Sales doubled.", True),
        ("Sales were up $5 million.", True),
        ("Sales grew threefold, 3x in all.", True),
        ("销量增长了3万辆。", True),
        ("Sales were $5 million.", False),
        ("It sold tens of millions over the years.", False),
    ],
)
def test_whoever_asks_how_much_it_grew_is_told_a_change(text: str, changes: bool) -> None:
    """A share, a multiple, or an amount by which; the amount reached is none."""
    assert holds(text, Kind.CHANGE) is changes


@pytest.mark.parametrize(
    ("text", "advises"),
    [
        ("We recommend copper.", True),
        ("We rate Heron overweight.", True),
        ("我们看好铜。", True),
        ("It will widen the market, because buyers want more.", False),
        ("The buyback was large.", False),
    ],
)
def test_whoever_asks_for_advice_is_told_a_recommendation(text: str, advises: bool) -> None:
    """What a report advises, and nothing else that it says."""
    assert holds(text, Kind.ADVICE) is advises


@pytest.mark.parametrize(
    ("text", "figure", "count", "share"),
    [
        ("Three facts speak for copper.", False, True, False),
        ("The guidance came on 2 November 2023.", False, False, False),
        ("It took three months.", False, True, False),
        ("Copper makes up 40% of sales.", True, True, True),
        ("Copper makes up half of sales.", False, True, True),
        ("Sales of copper are $40 million.", True, True, False),
        ("铜占销售额的四成。", True, True, True),
        ("铜的销售额是四亿元。", True, True, False),
    ],
)
def test_what_is_counted_is_no_measure_and_no_share(
    text: str, figure: bool, count: bool, share: bool
) -> None:
    """A small number as a word says how many, and only a part of a whole says which share."""
    assert holds(text, Kind.FIGURE) is figure
    assert holds(text, Kind.COUNT) is count
    assert holds(text, Kind.SHARE) is share


@pytest.mark.parametrize(
    ("text", "tells_something"),
    [
        ("This is a sample note, and nothing in it is investment advice.", False),
        ("本报告仅供参考，不构成任何投资建议。", False),
        ("Sample note. No investment advice. | Page 1", False),
        ("Advice on investment is what the fund sells in Chile.", True),
    ],
)
def test_what_a_report_says_of_itself_is_no_answer(text: str, tells_something: bool) -> None:
    """A disclaimer answers nothing, whatever is asked."""
    assert tells(text, "Copper · Quill") is tells_something


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("Copper is a metal of the earth.", True),
        ("Copper, a metal, is dear.", True),
        ("Copper (Cu) refers to a metal.", True),
        ("铜是一种金属。", True),
        ("After copper was dear, tin rose.", False),
        ("Prices of copper are high.", False),
        ("Copper was mined in Chile.", False),
    ],
)
def test_a_definition_says_what_a_thing_is(text: str, does: bool) -> None:
    """The thing stands first, and what it is behind it."""
    assert defines(text, ("copper", "铜")) is does
    assert not defines(text, ())
