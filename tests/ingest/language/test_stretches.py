"""What can be quoted of a passage: sentences, and rows of tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language.stretches import is_row, parted, stretches
from ingest.records import Passage


def passage(text: str, heads: tuple[str, ...] = ()) -> Passage:
    """A passage under a header."""
    return Passage(text, "r", 0, 0, len(text), None, 1, "Metals · Quill", text, heads=heads)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Copper is dear. Tin is cheap.", ["Copper is dear.", "Tin is cheap."]),
        ("铜价上涨。锡价下跌。", ["铜价上涨。", "锡价下跌。"]),
        # a table after its prose: sentences of the one, rows of the other
        (
            "Sales rose. Costs fell.\n\nSales | 10 | 12\nCosts | 4 | 3",
            ["Sales rose.", "Costs fell.", "Sales | 10 | 12", "Costs | 4 | 3"],
        ),
        # a line of the table that is no row is read as prose
        (
            "Sales | 10 | 12\nIn dollars. Not audited.\nCosts | 4 | 3",
            ["Sales | 10 | 12", "In dollars.", "Not audited.", "Costs | 4 | 3"],
        ),
        ("", []),
        (" \n\n ", []),
    ],
)
def test_sentences_and_rows_are_what_can_be_quoted(text: str, expected: list[str]) -> None:
    """They come in the order in which they stand."""
    assert [text[start:end] for start, end in stretches(passage(text))] == expected


def test_a_bar_in_prose_makes_no_table() -> None:
    """One line of many with a bar is a table only where the passage is known to be of one."""
    text = "Copper is dear.\nTin | lead\nIron is old.\nZinc is grey."
    assert parted(passage(text))[1] == []
    assert len(parted(passage(text, heads=("a", "b")))[1]) == 4
    assert is_row("Tin | lead")
    assert not is_row("Copper is dear.")


@given(
    st.text(alphabet="aB1 .|\n。，$", max_size=80),
    st.sampled_from([(), ("2023", "2024")]),
)
def test_stretches_stand_in_order_and_never_overlap(text: str, heads: tuple[str, ...]) -> None:
    """Each is within the text, none is empty, and each begins behind the one before."""
    behind = 0
    for start, end in stretches(passage(text, heads)):
        assert behind <= start < end <= len(text)
        assert text[start:end].strip()
        behind = end
