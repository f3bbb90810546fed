"""The tables of the catalog."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
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

from ingest.records import Told

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


class Strings(TypeDecorator[tuple[str, ...]]):
    """A list of strings, kept as JSON; none at all where nothing is kept."""

    impl = Text
    cache_ok = True

    @property
    def python_type(self) -> type[tuple[str, ...]]:
        """What a value is."""
        return tuple

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str:
        """The list as JSON."""
        return json.dumps(list(value or ()), ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        """The list; a ValueError where it is none."""
        if not value or value == "[]":  # of most passages, and read for each
            return ()
        kept = json.loads(value)
        if not isinstance(kept, list) or not all(isinstance(each, str) for each in kept):
            raise ValueError(f"{value!r} is no list of strings")
        return tuple(kept)


class Tellings(TypeDecorator[tuple[Told, ...]]):
    """What is said of a report outside of it, kept as JSON; nothing where nothing is kept."""

    impl = Text
    cache_ok = True

    @property
    def python_type(self) -> type[tuple[Told, ...]]:
        """What a value is."""
        return tuple

    def process_bind_param(self, value: Sequence[Told] | None, dialect: Dialect) -> str:
        """What is said, as JSON."""
        kept = [[each.where, dict(each.fields), each.first] for each in value or ()]
        return json.dumps(kept, ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Told, ...]:
        """What is said; a ValueError or TypeError where it is no such thing."""
        told = []
        for where, fields, first in json.loads(value or "[]"):
            strings = [where, *fields.keys(), *fields.values()]
            if not all(isinstance(each, str) for each in strings) or not isinstance(first, bool):
                raise ValueError(f"{value!r} says nothing of a report")
            told.append(Told(where, fields, first))
        return tuple(told)


class StringsByName(TypeDecorator[Mapping[str, str]]):
    """Strings by name, kept as JSON; none at all where nothing is kept."""

    impl = Text
    cache_ok = True

    @property
    def python_type(self) -> type[dict[str, str]]:
        """What a value is."""
        return dict

    def process_bind_param(self, value: Mapping[str, str] | None, dialect: Dialect) -> str:
        """The strings as JSON."""
        return json.dumps(dict(value or {}), ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, str]:
        """The strings by name; a ValueError where they are none."""
        kept = json.loads(value or "{}")
        if not isinstance(kept, dict) or not all(isinstance(each, str) for each in kept.values()):
            raise ValueError(f"{value!r} holds no strings by name")
        return kept


metadata = MetaData()

# what the library remembers of itself: its own id
facts = Table(
    "facts",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
)

# a dense and a lexical index, and what wrote them; one answers, another may be in the making
indexes = Table(
    "indexes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("state", String, nullable=False),
    Column("model", String),
    Column("embedder", String, nullable=False),
    Column("dimension", Integer, nullable=False),
    Column("distance", String, nullable=False),
    Column("chunking", String, nullable=False),
    Column("collection", String, nullable=False),
    Column("words", String, nullable=False),
    # places ever taken in the vector index; what is deleted from it leaves its place empty
    Column("slots", Integer, nullable=False, default=0),
    Column("made_at", UtcDateTime, nullable=False),
    Column("retired_at", UtcDateTime),
)
# one index answers
Index(
    "one_live_index",
    indexes.c.state,
    unique=True,
    sqlite_where=indexes.c.state == "live",
    postgresql_where=indexes.c.state == "live",
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
    # of its text alone: two files may say the same in different bytes
    Column("text_hash", String, index=True),
    Column("title", Text, nullable=False, index=True),
    Column("publisher", Text),
    Column("published", Date),
    Column("language", String),
    Column("pages", Integer),
    Column("tickers", Strings, nullable=False, server_default="[]"),
    Column("companies", Strings, nullable=False, server_default="[]"),
    Column("kind", String),
    Column("period_first", Date),
    Column("period_last", Date),
    Column("period_name", String),
    Column("currency", String),
    # where each field was found
    Column("known_from", StringsByName, nullable=False, server_default="{}"),
    Column("live_from", UtcDateTime, nullable=False),
    Column("live_until", UtcDateTime, index=True),
    # when retention removed its passages
    Column("swept_at", UtcDateTime),
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
    Column("section", Text, nullable=False, server_default=""),
    # of table rows: what stands above each column, and what is counted in
    Column("heads", Strings, nullable=False, server_default="[]"),
    Column("unit", Text, nullable=False, server_default=""),
    Column("groups", Strings, nullable=False, server_default="[]"),
)

# a version is a list of passages and where they stand in its text; each index has its own,
# since another embedder reads other lengths
placements = Table(
    "placements",
    metadata,
    Column("index_id", ForeignKey("indexes.id"), primary_key=True),
    Column("version_id", ForeignKey("versions.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("passage_id", ForeignKey("passages.id"), nullable=False, index=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("page", Integer),
    Column("paragraph", Integer, nullable=False),
)

# the places a report is read from; of a dropped one, the last it was read from
origins = Table(
    "origins",
    metadata,
    Column("uri", String, primary_key=True),
    Column("report_id", ForeignKey("reports.id"), primary_key=True, index=True),
    Column("name", Text, nullable=False),
    Column("shelf", Text, nullable=False),
    # what was read there last: a version of the report, and the bytes, which may differ from
    # the version's own where the text is the same
    Column("version_id", ForeignKey("versions.id"), nullable=False),
    Column("content_hash", String, nullable=False, index=True),
    # how the file looked when it was last read; a file that looks the same is not read again
    Column("seen", String),
    # what was said of it outside of it then, by the file beside it, the list of sources, a feed
    Column("told", Tellings, nullable=False, server_default="[]"),
    Column("gone_at", UtcDateTime),
)
# one address leads to one report
Index(
    "one_report_an_address",
    origins.c.uri,
    unique=True,
    sqlite_where=origins.c.gone_at.is_(None),
    postgresql_where=origins.c.gone_at.is_(None),
)

# which versions were read at which addresses: who may read one of these may read the version
carriers = Table(
    "carriers",
    metadata,
    Column("version_id", ForeignKey("versions.id"), primary_key=True),
    Column("uri", String, primary_key=True),
)

# what people said of a report by hand; it holds for every version of it
corrections = Table(
    "corrections",
    metadata,
    Column("report_id", ForeignKey("reports.id"), primary_key=True),
    Column("field", String, primary_key=True),
    Column("value", Text, nullable=False),
)

# when each address and feed of the list of sources was last tried, and what it gave then
visits = Table(
    "visits",
    metadata,
    Column("uri", String, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("seen", Text),
)

failures = Table(
    "failures",
    metadata,
    Column("uri", String, primary_key=True),
    Column("name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("seen", String),
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
