"""Tests that the README tells the truth about the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.chat import words
from bot.settings import Settings
from ingest.parse.dispatch import parse

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
_SETTING = re.compile(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`|unset) \| (.+) \|$", re.MULTILINE)


def test_every_setting_stands_in_the_table_as_the_code_has_it() -> None:
    """Name, default and meaning of each setting are those of the code, in its order."""
    expected = [
        (name.upper(), _shown(field.default), field.description or "")
        for name, field in Settings.model_fields.items()
    ]
    assert _SETTING.findall(README) == expected


def _shown(default: object) -> str:
    if default is None:
        return ""
    return str(default).lower() if isinstance(default, bool) else str(default)


@pytest.mark.parametrize("command", sorted(set(words.COMMAND_DESCRIPTIONS) - {"start"}))
def test_every_command_is_explained(command: str) -> None:
    """No chat command is left out of the table of commands."""
    assert f"| `/{command}` |" in README


@pytest.mark.parametrize("target", re.findall(r"^    make (\S+)", README, re.MULTILINE))
def test_every_make_target_exists(target: str) -> None:
    """What the README tells to make can be made."""
    makefile = (Path(__file__).parents[1] / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)


@pytest.mark.parametrize("link", re.findall(r"\]\(((?!https?:)[^)]+)\)", README))
def test_every_link_inside_leads_somewhere(link: str) -> None:
    """Pages the README names exist."""
    assert (Path(__file__).parents[1] / link).exists()


def test_what_the_transcript_quotes_stands_in_the_sample_library() -> None:
    """The transcript is of the reports that a newcomer has, word for word."""
    library = " ".join(
        " ".join(parse(path.read_bytes(), path.name).text.split())
        for path in (Path(__file__).parents[1] / "reports").rglob("*.*")
    )
    quoted = re.findall(r"^“(.+?)”", README, re.MULTILINE | re.DOTALL)
    assert quoted
    assert all(" ".join(each.split()) in library for each in quoted)
