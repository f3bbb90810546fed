"""Tests of the days printed in a text."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language.dates import find_date, printed_dates

DAY = date(2024, 2, 28)


@pytest.mark.parametrize(
    "text",
    [
        "13:09, February 28, 2024     Source: a paper",
        "28 Feb 2024",
        "28 February, 2024",
        "28-Feb-2024",
        "the 28th of February 2024",
        "Feb. 28th, 2024",
        "FEBRUARY 28 2024",
        "2024-02-28",
        "2024-02-28T13:09:00Z",
        "2024/02/28 13:09",
        "2024/2/28",
        "2024.02.28",
        "on 2024.02.28.",
        "2024年2月28日",
        "发布时间：2024 年 02 月 28 日 13:09",
        "发布于2024年2月28日",
        "02/28/2024",
        "28.02.2024",
        "February 31, 2024, no, 28 February 2024",
    ],
)
def test_a_day_is_found(text: str) -> None:
    """A day is found in each manner in which reports print one."""
    assert find_date(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "February 2024",
        "Feb. 2024",
        "2024年2月",
        "2024-02",
        "2023-2024",
        "fiscal year 2024",
        "February 30, 2024",
        "2023-02-29",
        "2024-13-01",
        "2024年2月30日",
        "03/04/2024",
        "version 1.2024-02-28",
        "0000320193-2022-000070",
        "February 16",
        "28 Feb 24",
        "the 12028 Feb 2024",
        "from 192.168.20.24",
        "2024-02-281",
    ],
)
def test_what_names_no_day_is_no_date(text: str) -> None:
    """A month, a year, a day the calendar lacks and an ambiguous one are not dates."""
    assert find_date(text) is None


def test_days_are_found_where_they_stand() -> None:
    """Every day of a text is found in order, with the place it is printed at."""
    text = "From 5 March 2024 to 2024年12月31日, as of May 2024."
    found = [(text[item.start : item.end], item.day) for item in printed_dates(text)]
    assert found == [
        ("5 March 2024", date(2024, 3, 5)),
        ("2024年12月31日", date(2024, 12, 31)),
    ]


@pytest.mark.parametrize(
    "manner", ["%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%d %b %Y", "%Y年%m月%d日"]
)
@given(day=st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back(manner: str, day: date) -> None:
    """Any day, written in any manner, is read back as that day."""
    assert find_date(f"Published {day.strftime(manner)}.") == day


@given(st.text(st.sampled_from("0123456789-/. ,年月日 FebMay")))
def test_no_text_breaks_it(text: str) -> None:
    """Whatever stands in a text, finding its days raises nothing and goes forward."""
    ends = [0]
    for found in printed_dates(text):
        assert ends[-1] <= found.start < found.end
        ends.append(found.end)
