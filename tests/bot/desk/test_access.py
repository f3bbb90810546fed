"""Tests of who may ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.desk.access import Access, Claim, metadata
from ingest.library.database import open_database


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2024, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time it is set to."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock at noon."""
    return Clock()


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """The desk's database."""
    return open_database(tmp_path / "desk.sqlite", metadata.create_all)


@pytest.fixture
def access(engine: Engine, clock: Clock) -> Access:
    """A desk that knows nobody."""
    return Access(engine, clock)


def claimed(access: Access, platform: str = "telegram", user: str = "1") -> None:
    """Make a user the owner."""
    code = access.new_claim_code(platform)
    assert code is not None
    assert access.claim(platform, user, code) is Claim.MADE


def test_nobody_may_ask_before_the_bot_is_claimed(access: Access) -> None:
    """A new desk knows nobody."""
    assert not access.may_ask("telegram", "1", "1")
    assert not access.is_owner("telegram", "1")


def test_who_sends_the_code_is_the_owner(access: Access) -> None:
    """The right code makes its sender the owner, on that platform alone."""
    claimed(access)
    assert access.is_owner("telegram", "1")
    assert access.may_ask("telegram", "1", "elsewhere")
    assert not access.is_owner("discord", "1")
    assert not access.may_ask("discord", "1", "1")


def test_a_code_works_once(access: Access) -> None:
    """A used code makes nobody else the owner."""
    code = access.new_claim_code("telegram") or ""
    assert access.claim("telegram", "1", code) is Claim.MADE
    assert access.claim("telegram", "2", code) is Claim.TAKEN
    assert access.new_claim_code("telegram") is None


def test_a_new_code_voids_the_one_before(access: Access) -> None:
    """After a restart only the code printed last works."""
    old, new = access.new_claim_code("telegram"), access.new_claim_code("telegram")
    assert access.claim("telegram", "1", old or "") is Claim.WRONG
    assert access.claim("telegram", "1", new or "") is Claim.MADE


def test_a_code_is_for_one_platform(access: Access) -> None:
    """Telegram's code does not open Discord."""
    code = access.new_claim_code("telegram") or ""
    access.new_claim_code("discord")
    assert access.claim("discord", "1", code) is Claim.WRONG


def test_guessing_is_limited(access: Access, clock: Clock) -> None:
    """After five wrong codes even the right one waits for an hour."""
    code = access.new_claim_code("telegram") or ""
    for _ in range(5):
        assert access.claim("telegram", "1", "guess") is Claim.WRONG
    assert access.claim("telegram", "1", code) is Claim.TOO_MANY
    clock.now += timedelta(hours=1, seconds=1)
    assert access.claim("telegram", "1", code) is Claim.MADE


@pytest.mark.parametrize(
    ("kind", "subject", "user", "chat", "may"),
    [
        ("user", "7", "7", "anywhere", True),
        ("user", "7", "8", "7", False),
        ("chat", "-100", "anybody", "-100", True),
        ("chat", "-100", "-100", "elsewhere", False),
    ],
)
def test_letting_in(
    access: Access, kind: str, subject: str, user: str, chat: str, may: bool
) -> None:
    """A user let in may ask anywhere, a chat let in lets everybody in it ask."""
    claimed(access)
    assert access.allow("telegram", "1", kind, subject)
    assert access.may_ask("telegram", user, chat) is may


def test_letting_in_twice_changes_nothing(access: Access) -> None:
    """Who is in already is told to be, the owner among them."""
    claimed(access)
    assert access.allow("telegram", "1", "user", "7")
    assert not access.allow("telegram", "1", "user", "7")
    assert not access.allow("telegram", "1", "user", "1")
    assert access.is_owner("telegram", "1")


def test_a_member_can_still_claim(access: Access) -> None:
    """A code makes a user the owner of each platform only while it has none."""
    claimed(access, "telegram", "1")
    access.allow("discord", "1", "user", "9")
    claimed(access, "discord", "9")
    assert access.is_owner("discord", "9")


def test_members_are_remembered(access: Access, engine: Engine, clock: Clock) -> None:
    """A restart forgets nobody."""
    claimed(access)
    assert Access(engine, clock).is_owner("telegram", "1")
