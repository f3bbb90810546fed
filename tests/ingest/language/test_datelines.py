"""Tests of datelines."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language.datelines import name_at_start, read_dateline, source_of

DAY = date(2024, 3, 5)


@pytest.mark.parametrize(
    ("line", "publisher"),
    [
        ("5 March 2024", None),
        (
            "13:09, March 5, 2024 \u00a0\u00a0 Source: Harbour Evening News \u00a0",
            "Harbour Evening News",
        ),
        ("2024-03-05 13:09 来源：北方证券报 作者：某人", "北方证券报"),
        ("发布时间：2024年3月5日 星期二", None),
        ("本文发布于2024年3月5日", None),
        ("北方证券研究所　2024年3月5日", "北方证券研究所"),
        ("Tuesday, 5 March 2024, 9:30 a.m. GMT", None),
        ("Published: 5 March 2024", None),
        ("Published on 5 March 2024 by Northfield Research", "Northfield Research"),
        ("Date of publication: 2024-03-05", None),
        ("Northfield Research | 5 March 2024", "Northfield Research"),
        ("Northfield Research · Oslo · 5 March 2024 · No. 3", "Northfield Research"),
        ("Oslo, Tue., 5 March 2024", None),
        ("Sun Harbour Capital | 5 March 2024", "Sun Harbour Capital"),
        ("Jane Miller – 5 March 2024", None),
        ("5 March 2024 (Northfield Research)", "Northfield Research"),
        ("Published 5 March 2024, updated 7 March 2024", None),
    ],
)
def test_datelines(line: str, publisher: str | None) -> None:
    """A short line of a day, a label, a time and names is a dateline, and may name a house."""
    read = read_dateline(line)
    assert read is not None
    assert (read.day, read.publisher) == (DAY, publisher)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "March 2024",
        "Prices as of 5 March 2024",
        "Quarter ended 5 March 2024",
        "Updated: 5 March 2024",
        "数据截至2024年3月5日",
        "On 5 March 2024 prices rose.",
        "The day that changed memory: 5 March 2024",
        "5 March 2024 was the day on which prices rose",
        "2024年3月5日，英伟达发布财报",
        "北京时间2024年3月5日，英伟达股价上涨",
        "英伟达将于当地时间2024年3月5日发布财报",
        "英伟达发布2024年3月5日的消息，其中讲到芯片的价格、产量、客户和供应商，还有明年的计划与预算",
        "As of 5 March 2024, the house had sold 92.5 million of them.",
        "Northfield Research | " + "5 March 2024 | " * 20,
        "(Source: Memory, West Institute, a study of many words that goes on, 5 March 2024)",
    ],
)
def test_other_lines(line: str) -> None:
    """Prose with a day in it, and days that are called something else, are no datelines."""
    assert read_dateline(line) is None


@pytest.mark.parametrize(
    ("line", "labelled", "bare"),
    [
        ("Published: 5 March 2024", True, True),
        ("5 March 2024", False, True),
        ("Oslo, 5 March 2024", False, False),
        ("5 March 2024   Source: A Paper", False, True),
    ],
)
def test_what_else_stands_in_it(line: str, labelled: bool, bare: bool) -> None:
    """A dateline tells whether it is labelled and whether names stand beside the day."""
    read = read_dateline(line)
    assert read is not None
    assert (read.labelled, read.bare) == (labelled, bare)


def test_names() -> None:
    """A name ends at a gap, a mark or a day."""
    assert source_of("Source: Harbour Evening News, edited by X") == "Harbour Evening News"
    assert source_of("来源：北方证券报 作者：某人") == "北方证券报"
    assert source_of("The source of all") is None
    assert name_at_start("Northfield Securities (sample) on 5 March 2024") == (
        "Northfield Securities (sample)"
    )
    assert name_at_start("2024-03-05") is None
    assert name_at_start("a" * 80) is None


@given(st.text(st.sampled_from("5 March 2024,.|·:-–()年月日来源：Source Published\u3000AB")))
def test_no_line_breaks_it(line: str) -> None:
    """Whatever a line holds, reading it raises nothing, and a publisher found stands in it."""
    read = read_dateline(line)
    assert read is None or read.publisher is None or read.publisher in line
