"""What the catalog shows of its reports: those a filter lets through, live or as of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Engine, func, select

from ingest.library.database import reading
from ingest.library.names import Names
from ingest.library.rows import (
    LIVE_INDEX,
    PASSAGE_COLUMNS,
    READABLE,
    REPORT_COLUMNS,
    batches,
    let_through,
    passage_of,
    report_of,
)
from ingest.library.schema import origins, passages, placements, versions
from ingest.records import Filter, Known, Passage, Report

_VERSION = versions.c.id.label("of_version")


class View:
    """The catalog as it is read.

    Every method raises `LibraryError` when the database fails.

    Args:
        engine: the catalog's.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._names = Names(engine)

    def report_ids(self, wanted: Filter) -> list[str] | None:
        """The ids of the reports a filter lets through; None where that would narrow little.

        An index is slow to look among many ids: where more than half of the reports pass, it
        is quicker to ask it for more and to confirm what it finds.
        """
        if wanted == Filter():
            return None
        with reading(self._engine) as connection:
            passing = select(versions.c.report_id).distinct().select_from(READABLE)
            found = list(connection.scalars(let_through(passing, wanted)))
            total = connection.scalar(select(func.count(versions.c.report_id.distinct())))
        return None if 2 * len(found) > (total or 0) else found

    def confirm(
        self, passage_ids: Sequence[str], wanted: Filter, index_id: int
    ) -> dict[str, tuple[Passage, Report]]:
        """Those of the passages that a version the filter lets through holds.

        Each comes with its report. A passage that stands twice in a report is given at its
        first place; a report read from several addresses with the first of them that the
        filter lets through.

        Args:
            passage_ids: what an index found.
            wanted: which reports.
            index_id: of that index.
        """
        found: dict[str, tuple[Passage, Report]] = {}
        with reading(self._engine) as connection:
            rows: list[Any] = []
            for some in batches(passage_ids):
                held = select(_VERSION, origins.c.uri, *PASSAGE_COLUMNS).select_from(
                    READABLE.join(placements, placements.c.version_id == versions.c.id).join(
                        passages, passages.c.id == placements.c.passage_id
                    )
                )
                rows += connection.execute(
                    let_through(held, wanted)
                    .where(placements.c.index_id == index_id, placements.c.passage_id.in_(some))
                    .order_by(placements.c.ordinal, origins.c.uri)
                )
            # many passages are of one report, whose columns are read once
            reports = {}
            for some in batches(sorted({row.of_version for row in rows})):
                query = select(_VERSION, *REPORT_COLUMNS).select_from(READABLE)
                for each in connection.execute(query.where(versions.c.id.in_(some))):
                    reports[each.of_version, each.uri] = report_of(each)
        for row in rows:
            if row.passage_id not in found:
                found[row.passage_id] = passage_of(row), reports[row.of_version, row.uri]
        return found

    def placed(self, index_id: int) -> dict[str, str]:
        """The ids of every passage placed in an index, live or not, each with its report's."""
        query = (
            select(passages.c.id, passages.c.report_id)
            .join(placements, placements.c.passage_id == passages.c.id)
            .where(placements.c.index_id == index_id)
            .distinct()
        )
        with reading(self._engine) as connection:
            return {row.id: row.report_id for row in connection.execute(query)}

    def before(self, passage: Passage, report: Report, index_id: int) -> Passage | None:
        """The passage before one in its version; None where it is the first.

        Args:
            passage: any of the version.
            report: the version.
            index_id: of the index that holds it.
        """
        query = (
            select(*PASSAGE_COLUMNS)
            .select_from(
                placements.join(versions, placements.c.version_id == versions.c.id).join(
                    passages, passages.c.id == placements.c.passage_id
                )
            )
            .where(
                versions.c.report_id == report.id,
                versions.c.number == report.version,
                placements.c.index_id == index_id,
                placements.c.ordinal == passage.ordinal - 1,
            )
        )
        with reading(self._engine) as connection:
            row = connection.execute(query).first()
        return passage_of(row) if row else None

    def reports(self, wanted: Filter, offset: int, limit: int) -> list[Report]:
        """Reports, newest first and undated last, `limit` of them from `offset` on."""
        first = let_through(
            select(versions.c.id, func.min(origins.c.uri).label("uri")).select_from(READABLE),
            wanted,
        ).group_by(versions.c.id)
        each = first.subquery()
        query = (
            select(*REPORT_COLUMNS)
            .select_from(
                READABLE.join(each, (each.c.id == versions.c.id) & (each.c.uri == origins.c.uri))
            )
            .order_by(
                versions.c.published.is_(None),
                versions.c.published.desc(),
                versions.c.title,
                versions.c.report_id,
            )
            .offset(offset)
            .limit(limit)
        )
        with reading(self._engine) as connection:
            return [report_of(row) for row in connection.execute(query)]

    def counts(self, wanted: Filter) -> tuple[int, int, int, date | None]:
        """Reports, their passages, undated ones among them, and the newest date."""
        passing = let_through(
            select(versions.c.id, versions.c.published).distinct().select_from(READABLE), wanted
        ).subquery()
        with reading(self._engine) as connection:
            total, dated, newest = connection.execute(
                select(
                    func.count(passing.c.id),
                    func.count(passing.c.published),
                    func.max(passing.c.published),
                )
            ).one()
            held = connection.scalar(
                select(func.count())
                .select_from(placements)
                .where(placements.c.version_id.in_(select(passing.c.id)))
                .where(placements.c.index_id == LIVE_INDEX)
            )
        return total, held or 0, total - dated, newest

    def known(self, wanted: Filter) -> Known:
        """The publishers, titles and companies of the live reports on a filter's shelves."""
        return self._names.known(wanted)
