"""Tests of the money a text counts in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language.currencies import CODES, currency_code, currency_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("It sold $3.2 billion, $4 million and ($5).", "USD"),
        ("US$3 bn, US$4 bn and $5 bn", "USD"),
        ("HK$3 million, HK$4 million, HKD 5 million", "HKD"),
        ("RMB 3 million, RMB4 billion and 5 million yuan", "CNY"),
        ("3亿元、4.5万元和60.922亿元人民币", "CNY"),
        ("3亿美元、4.5万美元和60亿美元", "USD"),
        ("3亿港元、4.5万港元和60亿港元，另有1亿元", "HKD"),
        ("€3 million, €4 million, 5 million euros", "EUR"),
        ("¥3, ¥4 and ¥5 billion, 6 billion yen", "JPY"),
        ("￥3亿、￥4亿、￥5亿，共12亿元", "CNY"),
        ("3 billion yuan, 4 billion yuan, 6 billion yuan and $1 billion", "CNY"),
        ("HK$3, HK$4, HK$5, HK$6, HK$7, HK$8 and $1", "HKD"),
        ("", None),
        ("$3 and $4", None),
        ("$3, $4, $5, 6 yuan, 7 yuan", None),
        ("A$3 and $4, $5, $6", None),
        ("¥3, ¥4, ¥5", None),
        ("in yuan, dollars and euros", None),
        ("3 wonderful things, 4 wonderful things, 5 wonders", None),
    ],
)
def test_the_money_of_most_figures(text: str, code: str | None) -> None:
    """Three figures at least and two thirds of all tell a report's money; "$" alone may not."""
    assert currency_of(text) == code


def test_units_of_tables_count() -> None:
    """A table's unit counts as often as the table has rows."""
    units = [("RMB million", 20), ("in millions", 50)]
    assert currency_of("$1, $2 and $3", units) == "CNY"
    assert currency_of("", [("单位：亿元", 4)]) == "CNY"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("usd", "USD"),
        ("US$", "USD"),
        ("US dollars", "USD"),
        ("$", "USD"),
        ("RMB", "CNY"),
        ("yuan", "CNY"),
        ("人民币", "CNY"),
        ("HK$", "HKD"),
        ("Hong Kong dollars", "HKD"),
        ("euros", "EUR"),
        ("¥", None),
        ("shells", None),
        ("", None),
    ],
)
def test_codes(text: str, code: str | None) -> None:
    """A currency is told by its ISO 4217 code however it is written."""
    assert currency_code(text) == code


@given(st.text(st.sampled_from("$€¥HKRMB 元美港亿123.bn yuan")))
def test_no_text_breaks_it(text: str) -> None:
    """Whatever a text holds, its money is one of the known codes or unknown."""
    assert currency_of(text, [(text, 3)]) in CODES | {None}
    assert currency_code(text) in CODES | {None}
