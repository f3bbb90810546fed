"""Tests of the stretches of the calendar that questions name."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.asked_times import months_before, stretches_in, written_out

TODAY = date(2024, 3, 1)  # a Friday


def named(text: str) -> list[tuple[str, str, str]]:
    """What a question asked on that day names: first and last day, and the words."""
    return [
        (each.first.isoformat(), each.last.isoformat(), text[each.start : each.end])
        for each in stretches_in(text, TODAY)
    ]


@pytest.mark.parametrize(
    ("text", "first", "last", "words"),
    [
        ("published after 1 March 2024", "2024-03-01", "2024-03-01", "1 March 2024"),
        ("in Q3 2023", "2023-07-01", "2023-09-30", "Q3 2023"),
        ("in Q3", "2023-07-01", "2023-09-30", "Q3"),
        ("in Q1", "2024-01-01", "2024-03-31", "Q1"),
        ("the first half of 2023", "2023-01-01", "2023-06-30", "first half of 2023"),
        ("2023年第三季度的铜", "2023-07-01", "2023-09-30", "2023年第三季度"),
        ("in March 2023", "2023-03-01", "2023-03-31", "March 2023"),
        ("in 2023-06", "2023-06-01", "2023-06-30", "2023-06"),
        ("2023年6月份的铜", "2023-06-01", "2023-06-30", "2023年6月份"),
        ("since January", "2024-01-01", "2024-01-31", "January"),
        ("since May", "2023-05-01", "2023-05-31", "May"),
        ("since December 5", "2023-12-05", "2023-12-05", "December 5"),
        ("since 5 December", "2023-12-05", "2023-12-05", "5 December"),
        ("in 2022", "2022-01-01", "2022-12-31", "2022"),
        ("this year", "2024-01-01", "2024-12-31", "this year"),
        ("last year", "2023-01-01", "2023-12-31", "last year"),
        ("three years ago", "2021-01-01", "2021-12-31", "three years ago"),
        ("in March last year", "2023-03-01", "2023-03-31", "March last year"),
        ("last month", "2024-02-01", "2024-02-29", "last month"),
        ("two months ago", "2024-01-01", "2024-01-31", "two months ago"),
        ("last week", "2024-02-19", "2024-02-25", "last week"),
        ("last quarter", "2023-10-01", "2023-12-31", "last quarter"),
        ("yesterday", "2024-02-29", "2024-02-29", "yesterday"),
        ("in the last three months", "2023-12-01", "2024-03-01", "last three months"),
        ("in the last month", "2024-02-01", "2024-03-01", "last month"),
        ("in the past week", "2024-02-23", "2024-03-01", "past week"),
        ("最近一个月的研报", "2024-02-01", "2024-03-01", "最近一个月"),
        ("近三个月的研报", "2023-12-01", "2024-03-01", "近三个月"),
        ("最近半年的研报", "2023-09-01", "2024-03-01", "最近半年"),
        ("今年以来的研报", "2024-01-01", "2024-12-31", "今年"),
        ("去年十月的铜价", "2023-10-01", "2023-10-31", "去年十月"),
        ("今年6月26日的铜价", "2024-06-26", "2024-06-26", "今年6月26日"),
        ("今年二季度的铜价", "2024-04-01", "2024-06-30", "今年二季度"),
        ("五年前10月份的铜价", "2019-10-01", "2019-10-31", "五年前10月份"),
        ("五年前的今天", "2019-03-01", "2019-03-01", "五年前的今天"),
        ("四个月前的铜价", "2023-11-01", "2023-11-30", "四个月前"),
        ("三天前的铜价", "2024-02-27", "2024-02-27", "三天前"),
        ("上个月的铜价", "2024-02-01", "2024-02-29", "上个月"),
        ("上周的铜价", "2024-02-19", "2024-02-25", "上周"),
    ],
)
def test_times_are_counted_from_the_day_of_asking(
    text: str, first: str, last: str, words: str
) -> None:
    """A month without a year is the last that began, "last year" the one before this."""
    assert named(text) == [(first, last, words)]


@pytest.mark.parametrize(
    "text",
    [
        "May copper rise?",
        "the march of copper",
        "附近的铜矿",
        "近日",
        "$2023",
        "the year-over-year growth",
        "去年同期",
        "今日头条的收入",
        "the last months of the war",
    ],
)
def test_what_only_looks_like_a_time_is_none(text: str) -> None:
    """Verbs, places, sums and growth name no stretch of the calendar."""
    assert named(text) == []


def test_a_fiscal_quarter_is_of_no_calendar() -> None:
    """Which days a fiscal quarter covers, only the company knows."""
    assert ("2023-07-01", "2023-09-30") not in {each[:2] for each in named("Q3 of fiscal 2023")}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("What was sold last year?", "What was sold in 2023?"),
        ("What were last year's sales?", "What were 2023's sales?"),
        ("Sales of last year?", "Sales of 2023?"),
        ("两年前9月铜价多少？", "2022年9月铜价多少？"),
        ("五年前的今天铜价多少？", "2019年3月1日铜价多少？"),
        ("What was sold two months ago?", "What was sold January 2024?"),
        ("今年二季度铜价多少？", "2024年二季度铜价多少？"),
        # a fiscal quarter may be meant; what it does today is what it does now
        ("What was sold last quarter?", "What was sold last quarter?"),
        ("What does it do today?", "What does it do today?"),
        ("What was sold in 2023?", "What was sold in 2023?"),
        ("What was said in the last three months?", "What was said in the last three months?"),
    ],
)
def test_times_counted_from_today_are_written_out(text: str, written: str) -> None:
    """Reports name years and months; who searches them must name them too."""
    assert written_out(text, TODAY) == written


def test_months_end_where_the_calendar_ends_them() -> None:
    """A month before the last of March is the last of February."""
    assert months_before(date(2024, 3, 31), 1) == date(2024, 2, 29)
    assert months_before(date(2024, 3, 31), 13) == date(2023, 2, 28)


_SAID = """
    last this year month ago three in since 2023 Q3 H1 March May 5 31 , - to 近 最近 一个 月 年 前
    今年 去年 十 12 上周 天 五 第三季度 日 29 February
"""
WORDS = st.sampled_from(_SAID.split())


@given(
    text=st.lists(WORDS, max_size=8).map("".join) | st.lists(WORDS, max_size=8).map(" ".join),
    today=st.dates(date(1990, 1, 1), date(2090, 1, 1)),
)
def test_stretches_lie_in_the_text_in_order(text: str, today: date) -> None:
    """Whatever is written is read, no two stretches overlap, and none ends before it begins."""
    found = stretches_in(text, today)
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert all(one.end <= another.start for one, another in pairwise(found))
    assert all(each.first <= each.last for each in found)
    assert bool(written_out(text, today)) == bool(text)
