"""Tests of how places in reports are named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import words


@pytest.mark.parametrize(
    ("section", "named"),
    [
        ("", "page 4"),
        ("Risks", "page 4, Risks"),
        ("Item 1. Financial\n Statements", "page 4, Item 1. Financial Statements"),
        (
            "Condensed consolidated statements of comprehensive income (unaudited)",
            "page 4, Condensed consolidated statements of comprehensive income…",
        ),
        ("铜" * 61, f"page 4, {'铜' * 60}…"),
    ],
)
def test_a_place_names_its_section(section: str, named: str) -> None:
    """The section stands behind the page, on one line, a long one cut at a word."""
    assert words.within(words.page(4), section) == named


@given(section=st.text())
def test_no_section_makes_a_place_long(section: str) -> None:
    """Whatever a section is called, its place is one line of some seventy characters."""
    named = words.within("page 4", section)
    assert named.startswith("page 4")
    assert len(named) <= len("page 4, …") + words.LONGEST_SECTION
    assert len(named.splitlines()) == 1
