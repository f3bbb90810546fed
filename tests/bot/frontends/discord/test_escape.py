"""What is escaped is read as it stands."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.frontends.discord.escape import literal
from tests.e2e.discord_markdown import readable

MARKUP = st.lists(
    st.sampled_from(
        [*"\\`*_~|<>[]()@#:-+./! \n1a中é", "**", "__", "```", "||", "~~", ":a:", "http://a", "🙂"]
    ),
    max_size=30,
).map("".join)


def trimmed(text: str) -> str:
    """A text without the white space that Discord does not show."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


@pytest.mark.parametrize(
    "text",
    [
        "**bold** and *italic*, __under__ _lined_, ~~struck~~, ||hidden||",
        "`code` and ```\nmore code\n```",
        "@everyone @here <@123> <@!123> <@&123> <#123>",
        "<t:1700000000:R> <:smile:123> <a:wave:123> </ask:123> <id:browse>",
        ":smile: :+1: at 13:09:10, ratio 1:2",
        "[label](https://example.com) https://example.com/a_b_c <https://example.com>",
        "# heading\n## second\n### third\n-# small",
        "> quote\n>>> all of it",
        "- item\n* item\n+ item\n  - item\n1. first\n27. not the second\n3) third",
        "a backslash \\ and one before a star \\*",
        "¯\\_(ツ)_/¯",
        "snake_case_name and 2 * 3 * 4",
        "<b>bold?</b> & &amp;",
        "\r\n# after a foreign line end\r# and another",
        "עברית *עם* כוכבים",
    ],
)
def test_markup_is_shown_literally(text: str) -> None:
    """Whatever Discord reads as markup, mention, link, emoji or time is shown as it stands."""
    assert readable(literal(text)) == trimmed(text)


def test_plain_prose_is_left_as_it_is() -> None:
    """A sentence without markup is not touched, so that previews of it read well."""
    text = "In 2024, revenue rose 5.2% to US$60.922 billion (plan: 58); see No. 3, 13:09 - 14:00."

    assert literal(text) == text


@given(MARKUP | st.text())
@example("1.\n\n2. x")
@example("-\\")
def test_any_text_is_shown_literally(text: str) -> None:
    """No text, however adversarial, is read as anything but itself."""
    assert readable(literal(text)) == trimmed(text)


@given(MARKUP | st.text())
def test_escaping_adds_backslashes_only(text: str) -> None:
    """Escaping adds nothing but backslashes: what is copied is what the report says."""
    unescaped = re.sub(r"\\([^0-9A-Za-z\s])", r"\1", literal(text))

    assert unescaped == text.replace("\r\n", "\n").replace("\r", "\n")
