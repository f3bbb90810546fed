"""Tests of what counts as a forecast."""

from __future__ import annotations

from datetime import date

import pytest

from bot.research.forecasts import is_forecast

FEBRUARY = date(2024, 2, 8)


@pytest.mark.parametrize(
    "sentence",
    [
        "Shipments are expected to reach 9 million units.",
        "The market is widely projected to double.",
        "IDC expects that sales grow 5%.",
        "We expect the margin to fall, and Gartner forecasts $9 billion.",
        "Revenue, 2025E: 9 (in millions)",
        "Global AI spending will reach $9 trillion by 2030.",
        "According to the forecast of Quill, demand reaches 9 million tonnes in 2030.",
        "据鹭研究测算，2030年需求达900万吨。",
        "预计2025年市场规模达到900亿元。",
        "公司收入有望突破100亿元。",
        "到2030年规模将达到1万亿元。",
    ],
)
def test_what_looks_ahead_is_a_forecast(sentence: str) -> None:
    """Expecting words, an estimated year and a later year in which something will be."""
    assert is_forecast(sentence, FEBRUARY)


@pytest.mark.parametrize(
    "sentence",
    [
        "Sales rose 5% in 2023.",
        "According to the forecast of Quill, demand reached 9 million tonnes in 2023.",
        "According to Quill, bonds of 2030 are dear.",
        "Shipments were expected to reach 9 million units.",
        "Profit beat what analysts had expected.",
        "If demand is expected to fall, inventory is written down.",
        "This is not expected to have a material impact.",
        "The notes mature in 2030.",
        "The notes will mature in 2030.",
        "In 2023 it said that it will pay 9 dollars.",
        "Results may differ from forecasts.",
        "A goodwill impairment of $9 million is due to 2030 leases.",
        "净利润超预期。",
        "收入高于市场预计。",
        "预计负债为9亿元。",
        "2023年销量增长5%。",
    ],
)
def test_what_may_be_none_is_not_marked(sentence: str) -> None:
    """Conditions, past expectations, debts that fall due and beaten forecasts are no forecasts."""
    assert not is_forecast(sentence, FEBRUARY)


def test_a_later_year_is_later_than_the_report() -> None:
    """Where a report is undated, or of that year, "will" alone makes no forecast."""
    sentence = "Spending will reach $9 trillion in 2030."
    assert not is_forecast(sentence, None)
    assert not is_forecast(sentence, date(2030, 5, 1))
    assert is_forecast(sentence, date(2029, 5, 1))
