"""Tests of the times that texts name, and of which rule out which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.times import Time, Times, times_in

Y2023 = Time(2023, 2023)


def named(*times: Time, spans: tuple[int, ...] = ()) -> Times:
    """Times that are named and stretches that are spoken of."""
    return Times(frozenset(times), frozenset(spans))


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("2023", named(Y2023)),
        ("2023E", named(Y2023)),
        ("CY2023", named(Y2023)),
        ("2023年", named(Y2023)),
        ("Spending in 2023?", named(Y2023)),
        ("FY2023", named(Y2023, spans=(12,))),
        ("FY23", named(Y2023, spans=(12,))),
        ("fiscal year 2023", named(Y2023, spans=(12,))),
        ("2023年度", named(Y2023, spans=(12,))),
        ("2021 2022", named(Time(2021, 2021), Time(2022, 2022))),
        ("between 2019 and 2023", named(Time(2019, 2023))),
        ("from 2019 to 2023", named(Time(2019, 2023))),
        ("2019–2023", named(Time(2019, 2023))),
        ("since 2020", named(Time(first=2020))),
        ("until 2020", named(Time(last=2020))),
        ("2020年以来", named(Time(first=2020))),
        ("Q3 2023", named(Time(2023, 2023, quarter=3), spans=(3,))),
        ("3Q23", named(Time(2023, 2023, quarter=3), spans=(3,))),
        ("2023Q3", named(Time(2023, 2023, quarter=3), spans=(3,))),
        ("Q2'23", named(Time(2023, 2023, quarter=2), spans=(3,))),
        ("Q3", named(Time(quarter=3), spans=(3,))),
        ("third quarter of fiscal 2023", named(Time(2023, 2023, quarter=3), spans=(3,))),
        ("2023年第三季度", named(Time(2023, 2023, quarter=3), spans=(3,))),
        ("H1 2024", named(Time(2024, 2024, half=1), spans=(6,))),
        ("1H24", named(Time(2024, 2024, half=1), spans=(6,))),
        ("first half of 2023", named(Time(2023, 2023, half=1), spans=(6,))),
        ("2023年上半年", named(Time(2023, 2023, half=1), spans=(6,))),
        ("June 2023", named(Time(2023, 2023, month=6))),
        ("Jun-23", named(Time(2023, 2023, month=6))),
        ("2023年6月", named(Time(2023, 2023, month=6))),
        ("in May", named(Time(month=5))),
        ("July 1, 2023", named(Time(2023, 2023, month=7, day=1))),
        ("12/31/2022", named(Time(2022, 2022, month=12, day=31))),
        ("quarter ended July 1, 2023", named(Time(2023, 2023, month=7, day=1), spans=(3,))),
        ("Nine Months Ended June 25,", named(Time(month=6, day=25), spans=(9,))),
        ("13 weeks ended", named(spans=(3,))),
        ("前三季度", named(spans=(9,))),
        ("first three quarters", named(spans=(9,))),
        ("annual sales", named(spans=(12,))),
        # names, sums, growth, shares and the days of reports
        ("the H100 and the B200", Times()),
        ("$2023", Times()),
        ("2,023", Times()),
        ("2023.5", Times()),
        ("We may buy", Times()),
        ("a quarter of sales", Times()),
        ("quarter-over-quarter growth", Times()),
        ("the 2024 report", Times()),
        ("the February 2024 note", Times()),
        ("", Times()),
    ],
)
def test_times_are_read_as_people_write_them(text: str, times: Times) -> None:
    """Years, quarters, halves, months, days and stretches; nothing that only looks like one."""
    found = times_in(text)
    assert (found.named, found.spans) == (times.named, times.spans)


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("Three Months Ended July 1, 2023", True),
        ("as of 30 June 2023", True),
        ("2023", True),
        ("2023 sales", False),
        ("1.375% Notes due 2024", False),
        ("Sales", False),
        ("", False),
    ],
)
def test_a_text_may_be_a_time_and_nothing_else(text: str, alone: bool) -> None:
    """A label of another subject is no time, though it names one."""
    assert times_in(text).alone is alone


@pytest.mark.parametrize(
    ("asked", "told", "ruled_out"),
    [
        ("2023", "2022", True),
        ("2023", "2023", False),
        ("2023", "Q3 2023", False),
        ("2023", "July 1, 2023", False),
        ("since 2021", "2020", True),
        ("since 2021", "2025", False),
        ("from 2019 to 2021", "2020", False),
        ("2022 and 2023", "2022", False),
        ("Q3 2023", "Q2 2023", True),
        ("Q3 2023", "Q3 2022", True),
        ("Q3 2023", "Q3", False),
        ("Q3 2023", "2023", True),
        ("Q3 2023", "FY2023", True),
        ("Q3 2023", "Three Months Ended July 1, 2023", False),
        ("Q3 2023", "Nine Months Ended July 1, 2023", True),
        ("quarter ended July 1, 2023", "Three Months Ended July 1, 2023", False),
        ("quarter ended July 1, 2023", "Three Months Ended June 25, 2022", True),
        ("quarter ended July 1, 2023", "Nine Months Ended July 1, 2023", True),
        ("quarter ended July 1, 2023", "July 1, 2023", False),
        ("June 2023", "2023", True),
        ("June 2023", "July 2023", True),
        ("July 1, 2023", "2023", False),
        ("fiscal 2023", "Three Months Ended July 1, 2023", True),
        ("the quarter", "Six Months Ended", True),
        ("sales", "2023", False),
        ("2023", "Change", False),
    ],
)
def test_one_time_rules_out_another(asked: str, told: str, ruled_out: bool) -> None:
    """What is of another time, of a longer or a shorter one is no answer."""
    assert times_in(asked).rules_out(times_in(told)) is ruled_out


@pytest.mark.parametrize(
    ("inner", "outer", "together"),
    [
        ("Q3", "2023", named(Time(2023, 2023, quarter=3), spans=(3,))),
        ("June 30", "2023", named(Time(2023, 2023, month=6, day=30))),
        ("2023", "", named(Y2023)),
        ("2025", "July 1, 2023", named(Time(2025, 2025), Time(2023, 2023, month=7, day=1))),
    ],
)
def test_times_within_others_are_read_together(inner: str, outer: str, together: Times) -> None:
    """A quarter beside a year is of that year; what cannot go together is told of both."""
    found = times_in(inner).within(times_in(outer))
    assert (found.named, found.spans) == (together.named, together.spans)


PARTS = (
    *("2023", "2024E", "FY24", "Q3", "3Q23", "H1", "July", "1,", "June", "May", "ended", "months"),
    *("nine", "three", "quarter", "half", "year", "年", "月", "第三季度", "上半年", "since"),
    *("between", "and", "to", "-", "2,023", "$", "of", "the"),
)
WRITTEN = st.lists(st.sampled_from(PARTS), max_size=8).map(" ".join)


@given(text=WRITTEN | st.text(max_size=40))
def test_no_time_rules_out_itself(text: str) -> None:
    """Any text can be read, and is of the time that it names."""
    times = times_in(text)
    assert not times.rules_out(times)
    assert all(time.first <= time.last for time in times.named)
    assert times.alone <= times.says_any
