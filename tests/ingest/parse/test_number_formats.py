"""Tests of showing numbers by the formats of their cells."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parse.number_formats import BUILT_IN, GENERAL, shown

ACCOUNTS = '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)'


@pytest.mark.parametrize(
    ("written", "code", "expected"),
    [
        ("0.30000000000000004", GENERAL, "0.3"),
        ("1.005", "0.00", "1.01"),
        ("2.6749999999999998", "0.00", "2.68"),
        ("0.333333333333333", GENERAL, "0.333333333"),
        ("123456789012", GENERAL, "123456789012"),
        ("1.5E-2", GENERAL, "0.015"),
        ("-0", GENERAL, "0"),
        ("1e300", "#,##0", "1E+300"),
        ("1e-15", "0.0", "0.0"),
        ("-0.0001", "0.0", "0.0"),
        ("1234567.891", "#,##0.00", "1,234,567.89"),
        ("999999.999", "#,##0.00", "1,000,000.00"),
        ("0.5", "#.##", ".5"),
        ("7", "000", "007"),
        ("0.1234", "0.0%", "12.3%"),
        ("-0.05", "0.0%", "-5.0%"),
        ("1234567", "0.0,,", "1.2"),
        ("1234567", '0.0,,"m"', "1.2m"),
        ("-1234", "#,##0;(#,##0)", "(1,234)"),
        ("-1", "0_);[Red]\\(0\\)", "(1)"),
        ("-1234", "#,##0;[Red]#,##0", "-1,234"),
        ("-0.05", "0.0%;[Color 10]0.0%", "-5.0%"),
        ("-5", "0;[红色]0", "-5"),
        ("-5", '0;[Red]"▲ "0', "▲ 5"),
        ("-5", "0;0", "5"),
        ("-5", "[Red][<0](0);0", "(5)"),
        ("-5", "[Red][<0]0;0", "-5"),
        ("-5", "[<-3](0);0", "(5)"),
        ("-5", "[<3]0.0;0", "-5.0"),
        ("1234.5", ACCOUNTS, "$1,234.50"),
        ("-1234.5", ACCOUNTS, "$(1,234.50)"),
        ("0", ACCOUNTS, "$-"),
        ("5", "[$€-407] #,##0", "€ 5"),
        ("12", '0.0"x"', "12.0x"),
        ("15", '0" bps"', "15 bps"),
        ("2024", '0"E"', "2024E"),
        ("3", '"FY0"0', "FY03"),
        ("-3", "0.0;;", ""),
        ("1500", '[>=1000]#,##0.0,"k";0', "1.5k"),
        ("15", '[>=1000]#,##0.0,"k";0', "15"),
        ("5551234", "000-0000", "5551234"),
        ("1.5", "# ?/?", "1.5"),
        ("1234", "0.00E+00", "1234"),
        ("45350", "yyyy-mm-dd", "2024-02-28"),
        ("45350", "mmm-yy", "Feb-24"),
        ("45350", "mmmm d, yyyy", "February 28, 2024"),
        ("45350.75", "d/m/yyyy h:mm", "28/2/2024 18:00"),
        ("45350.999999", "yyyy-mm-dd h:mm", "2024-02-29 0:00"),
        ("0.75", "h:mm AM/PM", "6:00 PM"),
        ("0.0215", "mm:ss", "30:58"),
        ("1.5", "[h]:mm", "36:00"),
        ("45350", 'yyyy"年"m"月"d"日"', "2024年2月28日"),
        ("1", "yyyy-mm-dd", "1900-01-01"),
        ("-1", "yyyy-mm-dd", "-1"),
        ("99999999", "yyyy-mm-dd", "99999999"),
    ],
)
def test_numbers_are_shown_as_in_the_sheet(written: str, code: str, expected: str) -> None:
    """A number is shown as its format says, and without noise where it has none that is known."""
    assert shown(written, code) == expected


def test_old_files_count_days_from_1904() -> None:
    """A day counted from 1904 is four years and a day later."""
    assert shown("43888", "yyyy-mm-dd", from_1904=True) == "2024-02-28"


@pytest.mark.parametrize("written", ["", "x", "NaN", "sNaN", "Infinity", "--1", "1,5"])
def test_what_is_no_number_is_told(written: str) -> None:
    """What is no number is not shown as one."""
    with pytest.raises(ValueError, match="is no number"):
        shown(written, GENERAL)


@given(st.decimals(-(10**12), 10**12, places=3), st.integers(0, 3))
def test_digits_are_never_wrong(number: Decimal, places: int) -> None:
    """What is shown with commas and places is the number, rounded to these places."""
    code = "#,##0." + "0" * places if places else "#,##0"
    read = Decimal(shown(str(number), code).replace(",", ""))
    assert abs(read - number) <= Decimal("0.5").scaleb(-places)


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_number_without_a_format_keeps_its_size(number: float) -> None:
    """A number without a format is shown within a part in a hundred thousand of itself."""
    read = float(shown(repr(number), GENERAL))
    assert read == pytest.approx(number, rel=1e-5, abs=1e-9)


@given(st.dates(date(1900, 3, 1), date(9999, 12, 31)))
def test_days_are_never_wrong(day: date) -> None:
    """A day is shown as itself, whichever it is."""
    number = (day - date(1899, 12, 30)) // timedelta(days=1)
    assert shown(str(number), "yyyy-mm-dd") == day.isoformat()


@given(
    st.one_of(st.integers(-(10**30), 10**30).map(str), st.floats().map(repr)),
    st.one_of(
        st.text(st.sampled_from('0#?.,%;-()[]"\\_*@/$€ymdhsEAPG+<>=1 x'), max_size=30),
        st.sampled_from(sorted(BUILT_IN.values())),
    ),
)
def test_any_format_shows_something_or_tells(written: str, code: str) -> None:
    """Whatever the format, a number is shown in one line, and what is none raises ValueError."""
    try:
        text = shown(written, code)
    except ValueError:
        assert written in {"nan", "inf", "-inf"}
    else:
        assert text == " ".join(text.split())
