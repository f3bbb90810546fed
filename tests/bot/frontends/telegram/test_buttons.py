"""Callback data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.model import ListReports
from bot.frontends.telegram.buttons import decode, encode


@given(st.integers(1, 999_999_999))
def test_a_button_comes_back_as_its_command(page: int) -> None:
    """What a button carries is at most 64 bytes and means its command again."""
    carried = encode(ListReports(page))
    assert len(carried.encode()) <= 64
    assert decode(carried) == ListReports(page)


MADE_UP = """
2 reports reports: reports:0 reports:-1 reports:x reports:² reports:٣ status:2 reports:2x
reports:9999999999999999999999999999999999999999999999999999999
"""


@pytest.mark.parametrize("carried", ["", "reports: 2", *MADE_UP.split()])
def test_made_up_data_means_nothing(carried: str) -> None:
    """Callback data that no button of ours carries is no command."""
    assert decode(carried) is None


@given(st.text(max_size=64))
def test_any_data_is_read_without_failing(carried: str) -> None:
    """Whatever a client sends is a command or none, never an exception."""
    command = decode(carried)
    assert command is None or encode(command).removeprefix("reports:").isdecimal()
