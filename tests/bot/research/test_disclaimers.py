"""Tests of finding a report's own disclaimer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.disclaimers import disclaimer_of

PROSE = "Copper rose to 9 dollars a kilo. Miners ship more of it than last year.\n\n"
LONG = PROSE * 60  # what stands in the middle is neither beginning nor end


def found_in(text: str) -> str | None:
    """The disclaimer of a text, as it stands there."""
    span = disclaimer_of(text)
    return None if span is None else text[slice(*span)]


@pytest.mark.parametrize(
    "notice",
    [
        "This report is for reference only and does not constitute investment advice.",
        "The content of this article does not make any investment recommendations.",
        "Nothing in this note should be construed as an offer to sell or buy securities.",
        "None of this is investment advice.",
        "No investment advice.",
        "The views above are those of the author, only for investors' reference.",
        "This document is not a solicitation of an offer to buy any security.",
        "Investors who operate accordingly do so. Investors operate accordingly at their own risk.",
        "本报告仅供参考，不构成投资建议。",
        "以上内容仅供投资者参考，并不构成任何投资建议。",
        "文中观点不作为买卖依据。据此操作，风险自担。",
        "股市有风险，投资需谨慎。",
    ],
)
def test_a_closing_sentence_that_says_so_is_the_disclaimer(notice: str) -> None:
    """A sentence near the end that takes back its own report is found, whole."""
    found = found_in(LONG + notice)
    assert found is not None
    assert notice.endswith(found)


@pytest.mark.parametrize(
    ("heading", "body"),
    [
        ("Disclaimer\n\n", "We believe our sources reliable. Their accuracy is not guaranteed."),
        ("Disclaimer: ", "The author takes no responsibility for the accuracy of the figures."),
        ("**Important Disclosures**\n\n", "Heron is not liable. It gives no guarantee."),
        ("7. Legal notice\n", "Heron accepts no liability and gives no warranty."),
        ("Exemption clause: ", "The website bears no responsibility and makes no guarantee."),
        ("Risk warning: ", "Nothing in this report is investment advice."),
        ("免责声明\n\n", "本公司对信息的准确性及完整性不作任何保证。本公司不承担责任。"),
        ("【免责声明】", "本公司对信息的准确性不作任何保证。"),
        ("风险提示：", "本文不构成投资建议。"),
        ("重要声明：", "股市有风险，投资需谨慎。"),
    ],
)
def test_what_stands_below_its_heading_is_the_disclaimer(heading: str, body: str) -> None:
    """The first sentences below a heading of disclaimers are shown without the heading."""
    assert found_in(f"{LONG}{heading}{body}\n\n{LONG}") == body


def test_a_heading_comes_before_a_sentence_alone() -> None:
    """What a section of its own says is shown, and not a line at the end that says it too."""
    section = "Heron gives no warranty and accepts no liability."
    text = f"{PROSE}Disclaimer\n\n{section}\n\n{PROSE}No investment advice."
    assert found_in(text) == section


@pytest.mark.parametrize("heading", ["Disclaimer\n\n", ""])
def test_of_several_the_last_one_is_shown(heading: str) -> None:
    """Below headings as well as alone, what closes a report is its disclaimer."""
    first, last = "This note is not investment advice.", "Nothing in it is investment advice."
    assert found_in(f"{heading}{first}\n\n{LONG}{heading}{last}\n\n{PROSE}") == last


def test_a_heading_in_the_contents_is_none() -> None:
    """Below the contents stands something else; the heading at the end is the one."""
    body = "Heron accepts no liability and gives no warranty."
    assert found_in(f"Contents\n\nRisks\n\nDisclaimer\n\n{LONG}Disclaimer\n\n{body}") == body
    assert found_in(f"Contents\n\nRisks\n\nDisclaimer\n\n{LONG}") is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "This Form 10-Q contains forward-looking statements that involve risks. Words such as "
            "“may” tell them.",
            "This Form 10-Q contains forward-looking statements that involve risks.",
        ),
        ("本报告包含前瞻性陈述，实际结果可能不同。", "本报告包含前瞻性陈述，实际结果可能不同。"),
    ],
)
def test_a_filing_warns_that_it_looks_ahead(text: str, wanted: str) -> None:
    """The sentence that warns of statements that look ahead counts, wherever it stands."""
    assert found_in(f"{LONG}{text}\n\n{LONG}") == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Copper costs 9 dollars.",
        "Risk warning: demand may fall short of expectations; rules may tighten.",
        "风险提示：AI核心技术发展不及预期；政策监管收紧。",
        "Robot advisers do not give investment advice to the rich.",
        "The court ruled that the newsletter was not investment advice.",
        "“This report is not investment advice,” the banker wrote.",
        "The regulator said this report does not constitute investment advice.",
        "According to Heron, this report does not constitute investment advice.",
        "专家提醒，短视频内容不构成投资建议。",
        "The company did not offer investment advice in these reports.",
        "Companies that ignore the yen do so at their own risk.",
        "See the disclaimer on the last page.",
        "请务必阅读正文之后的免责条款部分。",
        "Disclaimer\n\nThe series is a thriller in seven parts. It stars a journalist.",
        "Important information: copper is red.",
        "Analysts dislike forward-looking statements.",
        "Most filings contain forward-looking statements that nobody reads.",
        "",
    ],
)
def test_what_is_not_surely_a_disclaimer_is_none(text: str) -> None:
    """Lists of risks, news about advice and what somebody else says are no disclaimers."""
    assert found_in(text) is None


def test_a_sentence_in_the_middle_is_none() -> None:
    """Without a heading only the beginning and the end of a report are believed."""
    notice = "This report does not constitute investment advice."
    assert found_in(f"{LONG}{notice}\n\n{LONG}") is None
    assert found_in(f"{notice}\n\n{LONG}") == notice


def test_what_goes_with_it_is_shown_with_it() -> None:
    """The sentence it goes on from and the next one that warns too are shown, no other."""
    shown = (
        "The figures come from partners. It is only for investors' reference and this text is "
        "not investment advice. Investors operate accordingly at their own risk."
    )
    assert found_in(f"{LONG}Heron is a bird of the shore. {shown} Herons eat fish.") == shown


def test_whose_it_is_belongs_to_it() -> None:
    """A machine-translated notice that begins with the name of its house is shown with the name."""
    notice = (
        "The statement of Heron Network: The information comes from partners. It is the author's "
        "personal opinion, only for investors' reference, and does not constitute investment "
        "advice. Investors operate accordingly at their own risk."
    )
    assert found_in(f"{LONG}(Editor in charge: Kang)\n\n{notice}\n Full observation") == notice


def test_lines_broken_at_a_width_are_one_paragraph() -> None:
    """A sentence over several lines is found whole; a narrow line above is none of it."""
    wrapped = (
        "This is a sample note whose publisher is invented, and nothing\n"
        "in it is investment advice."
    )
    assert found_in(f"{LONG}(Editor: Kang)\n{wrapped}\n") == wrapped


def test_a_sentence_without_an_end_is_none() -> None:
    """What runs on for hundreds of characters is no sentence that could be shown."""
    assert found_in(f"{LONG}This report {'very ' * 200}is not investment advice.") is None


FRAGMENTS = [
    "Disclaimer",
    "免责声明：",
    "This report is not investment advice.",
    "本文不构成投资建议。",
    "Investors operate accordingly at their own risk.",
    "This report contains forward-looking statements.",
    "Heron accepts no liability and gives no warranty.",
    "Copper rose",
    "\n",
    "\n\n",
    " ",
    "“",
]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=30).map(" ".join))
def test_a_disclaimer_is_a_stretch_of_its_text(text: str) -> None:
    """Whatever is found lies within the text, begins and ends with no space and is short."""
    found = found_in(text)
    assert found is None or (found and found == found.strip() and len(found) <= 600)
