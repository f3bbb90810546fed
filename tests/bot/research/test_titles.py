"""Tests of the titles that questions name."""

from __future__ import annotations

import pytest

from bot.research.titles import Titles

TITLES = Titles(
    [
        ("sora", "Sora shocked to release a new mode of video production"),
        ("winter", "Cloud spending of Amazon and Microsoft in winter"),
        ("summer", "Cloud spending of Amazon and Microsoft in summer"),
        ("copper", "铜价展望：供应紧张"),
    ]
)


@pytest.mark.parametrize(
    ("text", "reports"),
    [
        ("Who wrote 'Sora shocked to release'?", {"sora"}),
        ("Who wrote “Cloud spending of Amazon and Microsoft in winter”?", {"winter"}),
        ('Who wrote "cloud spending of Amazon"?', {"winter", "summer"}),
        ("《铜价展望》说了什么？", {"copper"}),
        ("Who wrote 'a new mode of video'?", set()),
        ("Who said 'Sora'?", set()),
        ("Who wrote Sora shocked to release?", set()),
    ],
)
def test_a_quotation_is_a_title_from_its_beginning_on(text: str, reports: set[str]) -> None:
    """What stands in quotation marks names the reports whose titles begin so."""
    assert TITLES.quoted(text) == reports


@pytest.mark.parametrize(
    ("text", "reports"),
    [
        ("Who tells of cloud spending of Amazon and Microsoft in the winter?", {"winter"}),
        ("Sora shocked to release a new mode of video: why?", {"sora"}),
        ("Microsoft's and Amazon's cloud spending in winter?", {"winter"}),
        ("铜价展望与供应紧张", {"copper"}),
        ("What is cloud spending?", set()),
        ("Who produces videos?", set()),
        ("", set()),
    ],
)
def test_a_title_is_told_by_nearly_all_of_its_words(text: str, reports: set[str]) -> None:
    """The best title counts, whose words a question holds but for a few common ones."""
    assert TITLES.told(text) == reports
