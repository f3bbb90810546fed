"""What became of reports: their versions, where each was read, and what happened when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, or_, select

from ingest.library.database import reading
from ingest.library.rows import LIVE_INDEX, PASSAGE_COLUMNS, description_of, passage_of
from ingest.library.schema import events, origins, passages, placements, versions
from ingest.records import Event, EventKind, Origin, Passage, Version


class History:
    """The past in the catalog's database.

    Every method raises `LibraryError` when the database fails.

    Args:
        engine: the catalog's.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, text: str) -> dict[str, str]:
        """The reports that a text may mean, live or dropped, each with its newest title.

        Args:
            text: the beginning of an id, an address's name or address, or a part of a title,
                whatever its case. The more exact wins: where an id begins so, titles are not
                looked at.
        """
        part = f"%{_escaped(text)}%"
        ways = (
            versions.c.report_id.startswith(text.lower(), autoescape=True),
            or_(origins.c.name == text, origins.c.uri == text),
            or_(versions.c.title.ilike(part, escape="\\"), origins.c.name.ilike(part, escape="\\")),
        )
        with reading(self._engine) as connection:
            for way in ways:
                rows = connection.execute(
                    select(versions.c.report_id, versions.c.title)
                    .outerjoin(origins, origins.c.report_id == versions.c.report_id)
                    .where(way)
                    .order_by(versions.c.report_id, versions.c.number)
                )
                if found := {row.report_id: row.title for row in rows}:
                    return found
        return {}

    def versions_of(self, report_id: str) -> list[Version]:
        """Every version of a report, oldest first."""
        held = (
            select(func.count())
            .select_from(placements)
            .where(placements.c.version_id == versions.c.id, placements.c.index_id == LIVE_INDEX)
            .scalar_subquery()
        )
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(versions, held.label("held"))
                .where(versions.c.report_id == report_id)
                .order_by(versions.c.number)
            )
            return [_version(row) for row in rows]

    def origins_of(self, report_id: str) -> list[Origin]:
        """The addresses a report is read from, or was at last, each with what stands there."""
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(origins, versions.c.number)
                .join(versions, versions.c.id == origins.c.version_id)
                .where(origins.c.report_id == report_id)
                .order_by(origins.c.uri)
            )
            return [Origin(row.uri, row.name, row.shelf, row.number, row.gone_at) for row in rows]

    def passages_of(self, report_id: str, number: int) -> list[Passage]:
        """The passages of one version of a report, in order; none once it is swept."""
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(*PASSAGE_COLUMNS)
                .select_from(
                    versions.join(placements, placements.c.version_id == versions.c.id).join(
                        passages, passages.c.id == placements.c.passage_id
                    )
                )
                .where(
                    versions.c.report_id == report_id,
                    versions.c.number == number,
                    placements.c.index_id == LIVE_INDEX,
                )
                .order_by(placements.c.ordinal)
            )
            return [passage_of(row) for row in rows]

    def events(
        self,
        *,
        report_id: str | None = None,
        after: int = 0,
        since: datetime | None = None,
        limit: int | None = None,
    ) -> list[Event]:
        """What happened, oldest first.

        Args:
            report_id: only to this report.
            after: only events with a higher id than this.
            since: only events from this moment on.
            limit: the newest so many.
        """
        query = (
            select(events, versions.c.number, versions.c.title)
            .join(versions, versions.c.id == events.c.version_id)
            .where(events.c.id > after)
            .order_by(events.c.id.desc())
            .limit(limit)
        )
        if report_id is not None:
            query = query.where(events.c.report_id == report_id)
        if since is not None:
            query = query.where(events.c.at >= since)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return [
            Event(row.id, row.at, EventKind(row.kind), row.report_id, row.number, row.title)
            for row in reversed(rows)
        ]


def _version(row: Any) -> Version:
    return Version(
        number=row.number,
        description=description_of(row),
        content_hash=row.content_hash,
        live_from=row.live_from,
        live_until=row.live_until,
        swept=row.swept_at is not None,
        passages=row.held,
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
