"""Tests of what the command says when it cannot begin."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.library.ownership import Ownership
from tests.e2e.processes import run


@pytest.mark.parametrize(
    ("command", "advice"),
    [
        (["ask", "What is tin?"], "ask again when the first report is in it"),
        ([], "stop it first"),
    ],
)
async def test_beside_an_owner_it_says_who_and_what_to_do(
    tmp_path: Path, command: list[str], advice: str
) -> None:
    """One line on standard error names the owner and a way out.

    A second bot is refused; a question is, where the owner has nothing yet.
    """
    owner = Ownership(tmp_path / "library")
    (tmp_path / "library").mkdir()
    owner.take("a test of the command")
    code, output, errors = await run("bot", *command, folder=tmp_path)
    owner.give_up()
    assert (code, output) == (1, "")
    assert errors.startswith("error: the library in ")
    assert "a test of the command" in errors
    assert advice in errors
    assert errors.count("\n") == 1


async def test_ask_wants_a_question(tmp_path: Path) -> None:
    """Wrong usage exits with 2 and shows the usage."""
    code, output, errors = await run("bot", "ask", folder=tmp_path)
    assert (code, output) == (2, "")
    assert "usage: python -m bot ask" in errors
