"""Tests of amounts: what they are worth, however they are written."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language.amounts import Amount, amount_words, amounts_in, same


def one_in(text: str) -> Amount:
    """The only amount of a text."""
    [found] = amounts_in(text)
    return found


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("US$13 bn", "13e9", "USD"),
        ("13 billion dollars", "13e9", "USD"),
        ("$13B", "13e9", "USD"),
        ("US $60.922 billion", "60.922e9", "USD"),
        ("130亿美元", "13e9", "USD"),
        ("130億美元", "13e9", "USD"),
        ("十三亿美元", "1.3e9", "USD"),
        ("1亿2000万元", "120e6", "CNY"),
        ("1.2 hundred million yuan", "120e6", "CNY"),
        ("1144.1 billion yuan", "1144.1e9", "CNY"),
        ("RMB 7,202 million", "7.202e9", "CNY"),
        ("¥5 billion", "5e9", "CNY"),
        ("¥5bn, of 300 in yen", "5e9", "JPY"),
        ("HK $5.2 million", "5.2e6", "HKD"),
        ("HK$5m", "5e6", "HKD"),
        ("EUR 5 thousand", "5e3", "EUR"),
        ("€1.5tn", "1.5e12", "EUR"),
        ("92.5 million views", "92.5e6", ""),
        ("20多万人", "200e3", ""),
        ("553,052 robots in 2022", "553052", ""),
        ("5%", "5", "%"),
        ("5 percent", "5", "%"),
        ("5 per cent", "5", "%"),
        ("百分之五", "5", "%"),
        ("百分之二十三点五", "23.5", "%"),
        ("5个百分点", "5", "pp"),
        ("五个百分点", "5", "pp"),
        ("5 percentage points", "5", "pp"),
        ("50 basis points", ".5", "pp"),
        ("25个基点", ".25", "pp"),
        ("3x", "3", "x"),
        ("2-fold", "2", "x"),
        ("nearly 100 times", "100", "x"),
        ("两倍", "2", "x"),
        ("-5%", "-5", "%"),
        ("−$3.2 million", "-3.2e6", "USD"),
        ("$-5m", "-5e6", "USD"),
        ("$(1,234) million", "-1234e6", "USD"),
        ("Margin | (5%) | up", "-5", "%"),
        ("(1,234)", "-1234", ""),
        ("fewer (5%) than most", "5", "%"),
    ],
)
def test_an_amount_is_worth_what_it_says(text: str, value: str, unit: str) -> None:
    """Scales, currencies, shares and signs are read in English and in Chinese."""
    found = one_in(text)
    assert (found.value, found.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    "text",
    [
        "GPT-4 on A100, H20 and 910B",
        "Gemini 1.5",
        "in Q3 2023 and 2024",
        "2023-24",
        "on 28 February 2024, page 12",
        "2024年2月28日",
        "version 3.5.1",
        "5m deep",
        "第一千个",
        "千万不要",
    ],
)
def test_names_and_dates_are_no_amounts(text: str) -> None:
    """A number is an amount by its scale, its unit or its commas alone."""
    assert amounts_in(text) == []


@pytest.mark.parametrize(
    ("text", "values", "unit"),
    [
        ("1-2 billion", ("1e9", "2e9"), ""),
        ("$1-2 billion", ("1e9", "2e9"), "USD"),
        ("$1 billion to $2 billion", ("1e9", "2e9"), "USD"),
        ("1.2–1.5万亿元", ("1.2e12", "1.5e12"), "CNY"),
        ("1亿-2亿元", ("1e8", "2e8"), "CNY"),
        ("100至150亿美元", ("10e9", "15e9"), "USD"),
        ("10-12%", ("10", "12"), "%"),
        ("from 5 to 6 percent", ("5", "6"), "%"),
        ("20-25x", ("20", "25"), "x"),
    ],
)
def test_the_ends_of_a_range_share_what_stands_behind_it(
    text: str, values: tuple[str, str], unit: str
) -> None:
    """Both ends have the scale and the unit, and a dash between them is no minus."""
    found = amounts_in(text)
    assert [(each.value, each.unit) for each in found] == [(Decimal(v), unit) for v in values]


@pytest.mark.parametrize("text", ["from 2022 to 5%", "126%至609.22亿美元"])
def test_what_a_range_cannot_hold_is_none(text: str) -> None:
    """Neither a year nor another unit is the end of a range."""
    assert len({each.unit for each in amounts_in(text)}) == len(amounts_in(text))


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ("$13 billion", "130亿美元", True),
        ("13.0 billion dollars", "US$12,960 million", True),
        ("13.0 billion dollars", "US$12,940 million", False),
        ("13 billion", "US$13bn", True),
        ("$13 billion", "13 billion yuan", False),
        ("100 million", "96 million", False),
        ("5%", "百分之五", True),
        ("5%", "5 percentage points", False),
        ("5%", "5x", False),
        ("0.5个百分点", "50 basis points", True),
        ("553,052", "55.3万", True),
        ("-5%", "5%", False),
    ],
)
def test_two_amounts_are_one_as_far_as_they_are_printed(
    one: str, other: str, *, are_same: bool
) -> None:
    """Amounts meet within the rounding of the coarser one, if their units may be one."""
    assert same(one_in(one), one_in(other)) is are_same
    assert same(one_in(other), one_in(one)) is are_same


@pytest.mark.parametrize(
    ("text", "among", "never"),
    [
        (
            "who raised 13 billion dollars?",
            {"130亿", "13bn", "13b", "13,000 million"},
            {"13 billion", "0.013 trillion", "1300000万"},
        ),
        ("谁融资130亿美元", {"13 billion", "13,000 million"}, {"130亿"}),
        ("by 5%", {"5 percent", "5 per cent"}, {"5%", "5个百分点"}),
        ("by 0.5个百分点", {"50 basis points", "0.5 percentage points"}, {"0.5%"}),
        ("3x", {"3倍", "3 times"}, {"3%"}),
        ("553,052 robots", {"553052"}, {"553,052"}),
        ("in 2023", set(), {"2,023"}),
    ],
)
def test_other_ways_of_writing_an_amount_are_told(
    text: str, among: set[str], never: set[str]
) -> None:
    """What is given to a search of words is exact, usual, and not in the text yet."""
    ways = set(amount_words(text))
    assert among <= ways
    assert not never & ways


@given(
    st.integers(1, 9_999_999),
    st.sampled_from(
        [
            ("US${} billion", 9, "USD"),
            ("US${}bn", 9, "USD"),
            ("${}M", 6, "USD"),
            ("{:,} million dollars", 6, "USD"),
            ("{}亿美元", 8, "USD"),
            ("HK${} thousand", 3, "HKD"),
            ("RMB {} trillion", 12, "CNY"),
            ("{}万亿元", 12, "CNY"),
            ("{}万元人民币", 4, "CNY"),
            ("{} hundred million euros", 8, "EUR"),
            ("{} percent", 0, "%"),
            ("{}%", 0, "%"),
            ("百分之{}", 0, "%"),
            ("{}个百分点", 0, "pp"),
            ("{} basis points", -2, "pp"),
            ("{}倍", 0, "x"),
        ]
    ),
    st.integers(0, 3),
    st.booleans(),
)
def test_an_amount_that_is_written_is_read_again(
    number: int, way: tuple[str, int, str], places: int, minus: bool
) -> None:
    """Each way of writing an amount gives it back, its sign and its last place too."""
    form, exponent, unit = way
    written = form.format(Decimal(number).scaleb(-places))
    negative = minus and not written.startswith("百")
    found = one_in(f"about {'-' * negative}{written} or so")
    assert found.value == Decimal(number).scaleb(exponent - places) * (-1 if negative else 1)
    assert found.unit == unit
    assert found.step == Decimal(1).scaleb(exponent - places)


@given(st.integers(1, 9999), st.sampled_from([0, 4, 6, 8, 9, 12]))
def test_other_ways_are_worth_the_same(number: int, exponent: int) -> None:
    """Whatever is told in place of an amount is the amount."""
    [amount] = amounts_in(f"{number * 10**exponent:,} million")
    for way in amount_words(f"{number * 10**exponent:,} million"):
        # a letter alone is a scale in money only
        [found] = amounts_in(f"${way}")
        assert found.value == amount.value, way


@given(
    st.text(alphabet="0123456789,.-–(（)） |%$¥元亿万十五百千个点倍percntbilomkto年aB", max_size=60)
)
def test_any_text_has_amounts_in_order(text: str) -> None:
    """Whatever a text holds, its amounts are spans of it in order, with a step above nothing."""
    found = amounts_in(text)
    assert all(0 <= each.start < each.end <= len(text) and each.step > 0 for each in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(same(each, each) for each in found)
