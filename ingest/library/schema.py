"""The tables of the catalog."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

if TYPE_CHECKING:
    from sqlalchemy import Dialect


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, kept in UTC without its zone, since SQLite has none to keep."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC, its zone taken off."""
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment with its zone put back."""
        return value.replace(tzinfo=UTC) if value else None


metadata = MetaData()

# what the library remembers of itself: which embedder and chunking wrote it, its own id
facts = Table(
    "facts",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
)

reports = Table(
    "reports",
    metadata,
    Column("id", String, primary_key=True),
    Column("added_at", UtcDateTime, nullable=False),
)

versions = Table(
    "versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("report_id", ForeignKey("reports.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("content_hash", String, nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("publisher", Text),
    Column("published", Date),
    Column("language", String),
    Column("pages", Integer),
    Column("live_from", UtcDateTime, nullable=False),
    Column("live_until", UtcDateTime),
)
# at most one version of a report is live: the database itself refuses a mixture
Index(
    "one_live_version",
    versions.c.report_id,
    unique=True,
    sqlite_where=versions.c.live_until.is_(None),
    postgresql_where=versions.c.live_until.is_(None),
)

passages = Table(
    "passages",
    metadata,
    Column("id", String, primary_key=True),
    Column("report_id", ForeignKey("reports.id"), nullable=False, index=True),
    Column("header", Text, nullable=False),
    Column("text", Text, nullable=False),
)

# a version is a list of passages and where they stand in its text
placements = Table(
    "placements",
    metadata,
    Column("version_id", ForeignKey("versions.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("passage_id", ForeignKey("passages.id"), nullable=False, index=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("page", Integer),
    Column("paragraph", Integer, nullable=False),
)

# the places a live report is read from
origins = Table(
    "origins",
    metadata,
    Column("uri", String, primary_key=True),
    Column("report_id", ForeignKey("reports.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("shelf", Text, nullable=False),
)

failures = Table(
    "failures",
    metadata,
    Column("uri", String, primary_key=True),
    Column("name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String, nullable=False),
    Column("report_id", ForeignKey("reports.id"), nullable=False, index=True),
    Column("version_id", ForeignKey("versions.id"), nullable=False),
)

# the queue of ingestion and its history
runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("state", String, nullable=False, index=True),
    Column("request", Text, nullable=False),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("done", Integer, nullable=False, default=0),
    Column("total", Integer, nullable=False, default=0),
    Column("current", Text, nullable=False, default=""),
    Column("result", Text),
)
