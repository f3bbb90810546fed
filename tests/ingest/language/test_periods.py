"""Tests of the periods reports cover."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language.periods import between, fiscal_quarter, fiscal_year, read_period


@pytest.mark.parametrize(
    ("text", "first", "last", "name"),
    [
        ("Q3 2023", "2023-07-01", "2023-09-30", "Q3 2023"),
        ("3Q23", "2023-07-01", "2023-09-30", "Q3 2023"),
        ("2023Q3", "2023-07-01", "2023-09-30", "Q3 2023"),
        ("third quarter of 2023", "2023-07-01", "2023-09-30", "Q3 2023"),
        ("2023年第三季度", "2023-07-01", "2023-09-30", "Q3 2023"),
        ("2023年三季报", "2023-07-01", "2023-09-30", "Q3 2023"),
        ("H1 2023", "2023-01-01", "2023-06-30", "H1 2023"),
        ("2023年半年度报告", "2023-01-01", "2023-06-30", "H1 2023"),
        ("2023年下半年", "2023-07-01", "2023-12-31", "H2 2023"),
        ("2023", "2023-01-01", "2023-12-31", "FY 2023"),
        ("FY2023", "2023-01-01", "2023-12-31", "FY 2023"),
        ("FY'23", "2023-01-01", "2023-12-31", "FY 2023"),
        ("fiscal year 2023", "2023-01-01", "2023-12-31", "FY 2023"),
        ("2023年年度报告", "2023-01-01", "2023-12-31", "FY 2023"),
        ("2023-07-01..2023-09-30", "2023-07-01", "2023-09-30", "Q3 2023"),
        ("1 July 2023 to 29 July 2023", "2023-07-01", "2023-07-29", "2023-07-01 to 2023-07-29"),
        ("2023年1月1日至2023年12月31日", "2023-01-01", "2023-12-31", "FY 2023"),
    ],
)
def test_periods(text: str, first: str, last: str, name: str) -> None:
    """A period is read in each manner in which people write one, and has one name."""
    period = read_period(text)
    assert period is not None
    assert (str(period.first), str(period.last), period.name) == (first, last, name)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "Q5 2023", "Q3", "Q3 FY2023", "2023-09-30..2023-07-01", "2023-09-30", "12023"],
)
def test_no_periods(text: str) -> None:
    """What names no stretch of days is none; a fiscal quarter has to be told by its days."""
    assert read_period(text) is None


def days(text: str, last: str) -> tuple[str, str]:
    """First day and name of the fiscal quarter that ends on a day, by what a text says."""
    period = fiscal_quarter(date.fromisoformat(last), text)
    return str(period.first), period.name


@pytest.mark.parametrize(
    ("text", "last", "first", "name"),
    [
        ("", "2023-09-30", "2023-07-01", "Q3 2023"),
        ("", "2023-02-28", "2022-12-01", "Q1 2023"),
        ("", "2023-07-01", "2023-04-02", "Q2 2023"),
        ("a 52- or 53-week year", "2023-09-30", "2023-07-02", "Q3 2023"),
        ("for the 12 weeks ended May 7, 2023", "2023-05-07", "2023-02-13", "Q1 2023"),
        ("year ended December 31, 2022", "2023-09-30", "2023-07-01", "Q3 2023"),
        (
            "fiscal year ended September 24, 2022. In the first fiscal quarter of 2023 it rose.",
            "2022-12-31",
            "2022-09-25",
            "Q1 FY 2023",
        ),
        (
            "fiscal year ended June 30, 2022. In the second quarter of fiscal 2023 it rose, as "
            "in the second quarter of fiscal 2022 and the second quarter of fiscal 2022.",
            "2022-12-31",
            "2022-10-01",
            "Q2 FY 2023",
        ),
        ("fiscal year ended June 30, 2022", "2022-12-31", "2022-10-01", "Q4 2022"),
        (
            "fiscal year ended January 28, 2023; the first quarter of fiscal 2023 was fine",
            "2023-04-29",
            "2023-01-29",
            "Q1 FY 2023",
        ),
        (
            "fiscal year ended June 30, 2022; the third quarter of fiscal 2019 was fine",
            "2022-12-31",
            "2022-10-01",
            "Q4 2022",
        ),
    ],
)
def test_fiscal_quarters(text: str, last: str, first: str, name: str) -> None:
    """A quarter begins behind the year before, so many weeks or three months back.

    Its fiscal name needs the words of the text and the end of the fiscal year to agree.
    """
    assert days(text, last) == (first, name)


@pytest.mark.parametrize(
    ("text", "last", "first", "name"),
    [
        ("", "2023-12-31", "2023-01-01", "FY 2023"),
        ("", "2024-02-29", "2023-03-01", "FY 2024"),
        ("", "2023-06-30", "2022-07-01", "FY 2023"),
        ("the year ended September 24, 2022", "2023-09-30", "2022-09-25", "FY 2023"),
        ("a 52/53-week year", "2023-12-31", "2023-01-02", "FY 2023"),
        ("in fiscal 2023, unlike fiscal 2022", "2024-02-03", "2023-02-05", "FY 2023"),
        ("in fiscal 2024, unlike fiscal 2023", "2024-01-28", "2023-01-30", "FY 2024"),
    ],
)
def test_fiscal_years(text: str, last: str, first: str, name: str) -> None:
    """A fiscal year begins behind the one before and is called by the year it ends in."""
    period = fiscal_year(date.fromisoformat(last), text)
    assert (str(period.first), period.name) == (first, name)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 800))
def test_days_are_read_back(first: date, length: int) -> None:
    """Any two days in order are read back as the period between them."""
    last = first + timedelta(days=length)
    assert read_period(f"{first}..{last}") == between(first, last)


@given(
    st.dates(date(1992, 1, 1), date(2090, 1, 1)),
    st.text(
        st.sampled_from("fiscal year ended 5 March 2023, 13 weeks ended third quarter of 2024")
    ),
)
def test_every_quarter_and_year_is_a_stretch_of_days(last: date, text: str) -> None:
    """A fiscal quarter is 12 to 17 weeks and a year about 52, whatever the text says."""
    quarter, year = fiscal_quarter(last, text), fiscal_year(last, text)
    assert quarter.last == year.last == last
    assert 12 * 7 <= (last - quarter.first).days + 1 <= 17 * 7
    assert 357 <= (last - year.first).days + 1 <= 397
    assert read_period(text) is None or text


@given(st.text(st.sampled_from("Qq1234 FYH'-年第三季度半上下报告.toΩ")))
def test_no_text_breaks_it(text: str) -> None:
    """Whatever a text holds, a period read from it ends no earlier than it begins."""
    period = read_period(text)
    assert period is None or period.first <= period.last
