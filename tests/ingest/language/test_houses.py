"""Tests of the names of houses."""

from __future__ import annotations

import pytest

from ingest.language.houses import house_before_title, is_broker, is_press, looks_like_house


@pytest.mark.parametrize(
    "name",
    [
        "Northfield Securities",
        "Northfield Capital Markets",
        "Bank of the North Research",
        "Harbour & Stone Asset Management Ltd.",
        "North-Field Research Institute",
        "Northfield Securities (Hong Kong)",
        "Northfield Device Notes",
        "The Northfield Times",
        "北方证券",
        "北方证券研究所",
        "北方基金管理咨询有限公司",
        "北方财经网",
    ],
)
def test_names_of_houses(name: str) -> None:
    """A capitalised name that ends as the names of houses and papers do is a house's."""
    assert looks_like_house(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Research",
        "Equity Research",
        "Daily Market Review",
        "Why research",
        "AI in equity Research",
        "Jane Miller",
        "the costs of Capital",
        "Prices rose at Northfield Securities after the results",
        "Northfield Securities: costs fell",
        "证券",
    ],
)
def test_other_names(name: str) -> None:
    """A person, a sentence, a rubric or the bare word is no house."""
    assert not looks_like_house(name)


@pytest.mark.parametrize(
    ("title", "house"),
    [
        ("Northfield Securities: why prices rose", "Northfield Securities"),
        ("Northfield Securities : why prices rose: a study", "Northfield Securities"),
        ("北方证券：价格为何上涨", "北方证券"),
        ("Equity Research: why prices rose", None),
        ("Northfield News: why prices rose", None),
        ("Chips: why Northfield Securities sold", None),
        ("Northfield Securities:", None),
        ("Northfield Securities", None),
    ],
)
def test_the_house_before_a_title(title: str, house: str | None) -> None:
    """What stands before a title's colon is the house, if it is named like one."""
    assert house_before_title(title) == house


@pytest.mark.parametrize(
    ("name", "press", "broker"),
    [
        ("Harbour Evening News", True, False),
        ("Reuters", True, False),
        ("北方证券报", True, False),
        ("北方财经网", True, False),
        ("Northfield Securities", False, True),
        ("Northfield Securities (Hong Kong)", False, True),
        ("Northfield Securities News", True, False),
        ("北方证券", False, True),
        ("北方证券股份有限公司", False, True),
        ("Northfield Research", False, False),
        ("Jane Miller", False, False),
        ("", False, False),
    ],
)
def test_press_and_brokers(name: str, press: bool, broker: bool) -> None:
    """A paper and a securities house are told apart by how their names end."""
    assert (is_press(name), is_broker(name)) == (press, broker)
