"""Tests of quarters and halves of years as people write them."""

from __future__ import annotations

import pytest

from ingest.language.quarters import HALVES, QUARTERS, YearPart, read_part


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Q3 2023", YearPart(3, 2023, False)),
        ("3Q23", YearPart(3, 2023, False)),
        ("Q2'23", YearPart(2, 2023, False)),
        ("2023Q3", YearPart(3, 2023, False)),
        ("third quarter of 2023", YearPart(3, 2023, False)),
        ("2023年第三季度", YearPart(3, 2023, False)),
        ("第三季度", YearPart(3, None, False)),
        ("Q3 FY2023", YearPart(3, 2023, True)),
        ("third quarter of fiscal 2023", YearPart(3, 2023, True)),
        ("third fiscal quarter", YearPart(3, None, True)),
        ("3Q FY23", YearPart(3, 2023, True)),
        ("H1 2024", YearPart(1, 2024, False)),
        ("2H24", YearPart(2, 2024, False)),
        ("second half of 2023", YearPart(2, 2023, False)),
        ("2023年下半年", YearPart(2, 2023, False)),
    ],
)
def test_a_part_of_a_year_is_read_in_every_manner(text: str, part: YearPart) -> None:
    """Number, year and whether it is fiscal are told by whatever manner fits."""
    found = next(filter(None, (manner.fullmatch(text) for manner in (*QUARTERS, *HALVES))))
    assert read_part(found) == part
