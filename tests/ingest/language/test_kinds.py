"""Tests of the sorts of reports."""

from __future__ import annotations

import pytest

from ingest.language.kinds import is_rubric, kind_of_report, read_kind
from ingest.records import ReportKind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("broker report", ReportKind.BROKER),
        ("Broker", ReportKind.BROKER),
        ("equity research", ReportKind.BROKER),
        ("证券研究报告", ReportKind.BROKER),
        ("filing", ReportKind.FILING),
        ("10-K", ReportKind.FILING),
        ("公告", ReportKind.FILING),
        ("News", ReportKind.NEWS),
        ("新闻", ReportKind.NEWS),
        ("poem", None),
        ("", None),
    ],
)
def test_kinds_as_written(text: str, kind: ReportKind | None) -> None:
    """A kind is read in the words people have for it, English and Chinese."""
    assert read_kind(text) is kind


@pytest.mark.parametrize("kind", ReportKind)
def test_kinds_are_read_back(kind: ReportKind) -> None:
    """A kind's own name is read as that kind."""
    assert read_kind(str(kind)) is kind


@pytest.mark.parametrize(
    ("lines", "publisher", "kind"),
    [
        (["证券研究报告"], None, ReportKind.BROKER),
        (["Equity Research", "Memory"], None, ReportKind.BROKER),
        (["Memory", "Rating: Buy"], None, ReportKind.BROKER),
        (["Memory", "Rating | Outperform"], None, ReportKind.BROKER),
        (["存储芯片", "投资评级：买入（维持）"], None, ReportKind.BROKER),
        (["买入（维持）"], None, ReportKind.BROKER),
        (["Memory"], "Northfield Securities", ReportKind.BROKER),
        (["存储芯片"], "北方证券研究所", ReportKind.BROKER),
        (["Memory"], "Harbour Evening News", ReportKind.NEWS),
        (["存储芯片"], "北方证券报", ReportKind.NEWS),
        (["Rating: Buy"], "Harbour Evening News", ReportKind.NEWS),
        (["OSLO, March 5 (Reuters) - Prices rose."], None, ReportKind.NEWS),
        (["Memory", "Ratings of films rose"], None, None),
        (["Memory"], "Northfield Institute", None),
        ([], None, None),
    ],
)
def test_kinds_as_printed(lines: list[str], publisher: str | None, kind: ReportKind | None) -> None:
    """Press is news; a rubric, a rating on its own line or a securities house is a broker's."""
    found = kind_of_report(lines, "\n".join(lines), publisher)
    assert (found and found[0]) is kind


@pytest.mark.parametrize(
    ("line", "alone"),
    [
        ("证券研究报告", True),
        ("证券研究报告 | 行业深度", True),
        ("Equity Research", True),
        ("行业深度报告：存储芯片", False),
        ("Company note: memory", False),
        ("", False),
    ],
)
def test_rubrics(line: str, alone: bool) -> None:
    """A rubric alone names the sort of research and no subject."""
    assert is_rubric(line) is alone
