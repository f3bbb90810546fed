"""Tests of the days that questions limit reports to."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.asked_limits import DateLimits, date_limits

TODAY = date(2024, 3, 1)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        # what was said, since or before a time
        ("What has CITIC said about copper since January?", "2024-01-01", None),
        ("Since January, what have analysts said about copper?", "2024-01-01", None),
        ("What did CITIC say before 2024?", None, "2023-12-31"),
        ("What was written about copper after March 2023?", "2023-04-01", None),
        ("What was expected of copper until June 2023?", None, "2023-06-30"),
        # verbs of publishing and nouns for reports
        ("notes published after 1 March 2023 on copper", "2023-03-02", None),
        ("Which reports published in 2023 mention copper?", "2023-01-01", "2023-12-31"),
        ("reports from Q3 2023", "2023-07-01", "2023-09-30"),
        ("articles from last week about chips", "2024-02-19", "2024-02-25"),
        ("news on copper since January", "2024-01-01", None),
        ("reports from March 2023 on", "2023-03-01", None),
        ("reports published between January and March 2023", "2023-01-01", "2023-03-31"),
        ("What was published this year about copper?", "2024-01-01", "2024-12-31"),
        ("In the note published on 3 February 2024, what is said?", "2024-02-03", "2024-02-03"),
        ("What does the note of 3 February 2024 say?", "2024-02-03", "2024-02-03"),
        # short stretches up to now
        ("What happened to copper in the last three months?", "2023-12-01", None),
        ("What was written in the last two years?", "2022-03-01", None),
        ("Which notes of the last two years name copper?", "2022-03-01", None),
        ("最近一年有哪些关于铜的研报？", "2023-03-01", None),
        # Chinese
        ("最近一个月有哪些关于铜的研报？", "2024-02-01", None),
        ("今年以来中信证券怎么看铜？", "2024-01-01", None),
        ("2024年1月发布的研报怎么说？", "2024-01-01", "2024-01-31"),
        ("2024年1月之后的研报有哪些观点？", "2024-02-01", None),
        ("2024年之前的研报怎么看铜？", None, "2023-12-31"),
        ("发表于2023年5月的文章怎么说？", "2023-05-01", "2023-05-31"),
        ("哪些研报发布于2023年5月？", "2023-05-01", "2023-05-31"),
    ],
)
def test_times_of_publication_limit(text: str, since: str | None, until: str | None) -> None:
    """Reports are limited where the words say when it was said or published."""
    found = date_limits(text, TODAY)
    assert (found.since, found.until) == (
        date.fromisoformat(since) if since else None,
        date.fromisoformat(until) if until else None,
    )


@pytest.mark.parametrize(
    "text",
    [
        "What was revenue in Q3 2023?",
        "How big will it be in 2030?",
        "What will it cost after 2024?",
        "How much has copper risen since January?",
        "How has revenue changed since 2020?",
        "What do analysts say about copper's rise since January?",
        "What did Apple report before 2024?",
        "What did Huang say in March?",
        "What happened this year?",
        "Which products were released in Q3 2023?",
        "In the quarterly reports from Q3 2023, what is said?",
        "What does the annual report of 2023 say?",
        "How did child mortality change over the past twenty years?",
        "How much did it earn in the last three months of 2023?",
        "Which law has been in force since January?",
        "How much money had OpenAI raised as of February 2024?",
        "As of June 30, 2023, what was Apple's cash?",
        "As of June 30, 2023, how much cash did analysts expect?",
        "What was Apple's cash as of June 30, 2023?",
        "Did the Verge article published on November 9, 2023 agree with the Polygon report?",
        "Between the note published on October 4, 2023 and that of October 6, 2023, what changed?",
        "截至上周，荣盛发展的股价连续多少日涨停？",
        "截至2024年7月15日，有多少家公司披露了预告？",
        "今年2月以来，A股上市公司共发布了多少单回购计划？",
        "过去二十年来死亡率如何变化？",
        "2022年7月26日发布的医保政策通知是什么？",
        "2023年年度报告里的收入是多少？",
        "瑞幸咖啡在2019年8月20日发布了什么财务报告？",
        "去年8月哪位高管被判刑？",
    ],
)
def test_times_of_facts_limit_nothing(text: str) -> None:
    """A report of 2024 tells the figures of 2023: in doubt no report is left out."""
    assert date_limits(text, TODAY) == DateLimits()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("As of 28 February 2024, what did CITIC recommend?", "2024-02-28"),
        ("As of January 2024, what do analysts expect of copper?", "2024-01-31"),
        ("What did the reports say as of 28 February 2024?", "2024-02-28"),
        ("What was known about Sora as of 20 February 2024?", "2024-02-20"),
        ("截至2024年2月28日，研报怎么看Sora？", "2024-02-28"),
    ],
)
def test_the_past_is_asked_where_it_limits_what_was_said(text: str, day: str) -> None:
    """A question as of a day looks back where the day goes with what was said or known."""
    assert date_limits(text, TODAY) == DateLimits(as_of=date.fromisoformat(day))


def test_nobody_asks_as_of_a_day_to_come() -> None:
    """A library knows nothing of tomorrow."""
    assert date_limits("As of 5 March 2024, what do the reports say?", TODAY).as_of is None


_SAID = """
    reports published since before after until as of between and in said has was What 2023
    March 2024 Q3 January notes last three months 1 2 , ? 截至 最近一个月 以来 研报 2023年 发布的
"""
WORDS = st.sampled_from(_SAID.split())


@given(text=st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=30))
def test_limits_leave_a_day(text: str) -> None:
    """Whatever is asked, the first day is not behind the last."""
    found = date_limits(text, TODAY)
    assert found.since is None or found.until is None or found.since <= found.until
