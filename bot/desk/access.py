"""Who may ask: nobody, until the owner has let them in."""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Engine,
    MetaData,
    String,
    Table,
    and_,
    delete,
    insert,
    or_,
    select,
)
from sqlalchemy.exc import SQLAlchemyError

from ingest.errors import DeskError

metadata = MetaData()

_members = Table(
    "members",
    metadata,
    Column("platform", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("let_in_by", String, nullable=False),
    Column("at", DateTime, nullable=False),
)

_claims = Table(
    "claims",
    metadata,
    Column("platform", String, primary_key=True),
    Column("code_hash", String, nullable=False),
)

_WRONG_CODES = 5  # a person may send so many …
_WRONG_CODES_WITHIN = timedelta(hours=1)  # … within so long


class Claim(StrEnum):
    """What came of an attempt to claim the bot."""

    MADE = "made"
    WRONG = "wrong"
    TAKEN = "taken"
    TOO_MANY = "too many"


class Access:
    """The members of the bot, and how the first of them becomes its owner.

    A member is a user or a chat of a platform. Each platform has an owner of its own, since
    a person is somebody else on each.

    Every method raises `DeskError` when the database fails.

    Args:
        engine: of a database with this module's tables.
        clock: the time now, with a zone.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        self._wrong: defaultdict[tuple[str, str], deque[datetime]] = defaultdict(
            lambda: deque(maxlen=_WRONG_CODES)
        )

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise DeskError(
                f"the database {self._engine.url.database} failed ({error}); nothing was changed"
            ) from error

    def new_claim_code(self, platform: str) -> str | None:
        """A new code that makes whoever sends it the owner; an earlier one is void.

        Returns:
            The code, of which only a hash is kept; None where the platform has an owner.
        """
        code = f"{secrets.token_hex(4)}-{secrets.token_hex(4)}"
        with self._transaction() as connection:
            if _owner(connection, platform) is not None:
                return None
            connection.execute(delete(_claims).where(_claims.c.platform == platform))
            connection.execute(insert(_claims).values(platform=platform, code_hash=_hash(code)))
        return code

    def claim(self, platform: str, user: str, code: str) -> Claim:
        """Make a user the owner of the bot if the code is right; a code works once."""
        now = self._clock()
        wrong = self._wrong[platform, user]
        if len(wrong) == _WRONG_CODES and now - wrong[0] < _WRONG_CODES_WITHIN:
            return Claim.TOO_MANY
        with self._transaction() as connection:
            if _owner(connection, platform) is not None:
                return Claim.TAKEN
            used = connection.execute(
                delete(_claims)
                .where(_claims.c.platform == platform, _claims.c.code_hash == _hash(code.strip()))
                .returning(_claims.c.platform)
            ).one_or_none()
            if used is None:
                wrong.append(now)
                return Claim.WRONG
            connection.execute(delete(_members).where(_is(platform, "user", user)))
            connection.execute(
                insert(_members).values(
                    platform=platform,
                    kind="user",
                    subject=user,
                    role="owner",
                    let_in_by=user,
                    at=now.astimezone(UTC).replace(tzinfo=None),
                )
            )
        return Claim.MADE

    def is_owner(self, platform: str, user: str) -> bool:
        """Whether a user is the owner."""
        with self._transaction() as connection:
            return _owner(connection, platform) == user

    def may_ask(self, platform: str, user: str, chat: str) -> bool:
        """Whether the owner has let in the user or the chat."""
        with self._transaction() as connection:
            return (
                connection.scalar(
                    select(_members.c.role)
                    .where(or_(_is(platform, "user", user), _is(platform, "chat", chat)))
                    .limit(1)
                )
                is not None
            )

    def allow(self, platform: str, owner: str, kind: str, subject: str) -> bool:
        """Let in a user or a chat.

        Returns:
            Whether they were not in before.
        """
        with self._transaction() as connection:
            if connection.scalar(select(_members.c.role).where(_is(platform, kind, subject))):
                return False
            connection.execute(
                insert(_members).values(
                    platform=platform,
                    kind=kind,
                    subject=subject,
                    role="reader",
                    let_in_by=owner,
                    at=self._clock().astimezone(UTC).replace(tzinfo=None),
                )
            )
        return True


def _is(platform: str, kind: str, subject: str) -> ColumnElement[bool]:
    return and_(
        _members.c.platform == platform, _members.c.kind == kind, _members.c.subject == subject
    )


def _owner(connection: Connection, platform: str) -> str | None:
    owner: str | None = connection.scalar(
        select(_members.c.subject).where(
            _members.c.platform == platform, _members.c.role == "owner"
        )
    )
    return owner


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
