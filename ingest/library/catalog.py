"""The catalog: which reports the library holds, in which versions. It is the truth.

Chroma and tantivy are derived from it: a hit that the catalog does not confirm is never
shown. A version goes live, and the one before it ends, in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Select,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from ingest.library.database import transaction
from ingest.library.schema import (
    events,
    facts,
    failures,
    origins,
    passages,
    placements,
    reports,
    versions,
)
from ingest.records import Description, Failure, Filter, Passage, Report, Source

_PARAMETERS = 500  # below what any SQLite build takes in one statement


class Catalog:
    """The catalog in a database.

    Every method raises `LibraryError` when the database fails.

    Args:
        engine: of a database with the tables of `ingest.library.schema`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def fact(self, key: str) -> str | None:
        """What the library remembers of itself under a key; None where nothing."""
        with transaction(self._engine) as connection:
            return connection.scalar(select(facts.c.value).where(facts.c.key == key))

    def remember(self, known: Mapping[str, str]) -> None:
        """Keep facts of the library; one that is kept already stays as it is."""
        rows = [{"key": key, "value": value} for key, value in known.items()]
        with transaction(self._engine) as connection:
            connection.execute(upsert(facts).on_conflict_do_nothing(), rows)

    def report_at(self, uri: str) -> Report | None:
        """The live report read from an address; None where there is none."""
        return self._one(_live_reports().where(origins.c.uri == uri))

    def reports_with(self, content_hash: str) -> list[Report]:
        """The live report with this content, once for each address it is read from."""
        return self._many(_live_reports().where(versions.c.content_hash == content_hash))

    def origins_of(self, report_id: str) -> list[str]:
        """Every address a live report is read from."""
        with transaction(self._engine) as connection:
            found = connection.scalars(
                select(origins.c.uri)
                .where(origins.c.report_id == report_id)
                .order_by(origins.c.uri)
            )
            return list(found)

    def is_live(self, report_id: str) -> bool:
        """Whether a report has a live version."""
        with transaction(self._engine) as connection:
            return (
                connection.scalar(
                    select(versions.c.id)
                    .where(versions.c.report_id == report_id)
                    .where(versions.c.live_until.is_(None))
                )
                is not None
            )

    def known(self, passage_ids: Sequence[str]) -> set[str]:
        """Those of the passages that some version, live or not, holds."""
        found: set[str] = set()
        with transaction(self._engine) as connection:
            for some in _batches(passage_ids):
                found.update(
                    connection.scalars(select(passages.c.id).where(passages.c.id.in_(some)))
                )
        return found

    def flip(
        self,
        report_id: str,
        source: Source,
        content_hash: str,
        description: Description,
        held: Sequence[Passage],
    ) -> None:
        """Make a version live in place of the one before it, in one transaction.

        Args:
            report_id: of a report that is new, live or dropped.
            source: where it was read from.
            content_hash: of its bytes.
            description: what is known of it.
            held: its passages, in order.
        """
        now = datetime.now(UTC)
        with transaction(self._engine) as connection:
            connection.execute(
                upsert(reports).values(id=report_id, added_at=now).on_conflict_do_nothing()
            )
            last = connection.scalar(
                select(func.max(versions.c.number)).where(versions.c.report_id == report_id)
            )
            ended = _end_live_version(connection, report_id, now)
            version_id = connection.scalars(
                insert(versions)
                .returning(versions.c.id)
                .values(
                    report_id=report_id,
                    number=(last or 0) + 1,
                    content_hash=content_hash,
                    title=description.title,
                    publisher=description.publisher,
                    published=description.published,
                    language=description.language,
                    pages=description.pages,
                    live_from=now,
                )
            ).one()
            if held:
                _place(connection, version_id, held)
            _set_origin(connection, source, report_id, now)
            kind = "revised" if ended else "restored" if last else "added"
            connection.execute(
                insert(events).values(at=now, kind=kind, report_id=report_id, version_id=version_id)
            )

    def add_origin(self, source: Source, report_id: str) -> None:
        """Note that a live report is read from this address, whatever was read there before."""
        with transaction(self._engine) as connection:
            _set_origin(connection, source, report_id, datetime.now(UTC))

    def move_origin(self, old_uri: str, source: Source) -> None:
        """Note that a report is now read from another address than before."""
        now = datetime.now(UTC)
        with transaction(self._engine) as connection:
            report_id = connection.scalar(
                select(origins.c.report_id).where(origins.c.uri == old_uri)
            )
            if report_id is not None:
                _set_origin(connection, source, report_id, now)
                _remove_origin(connection, old_uri, now)

    def remove_origin(self, uri: str) -> None:
        """Forget an address; a report read from nowhere any more is dropped."""
        with transaction(self._engine) as connection:
            _remove_origin(connection, uri, datetime.now(UTC))

    def origins_under(self, prefix: str) -> dict[str, str]:
        """Addresses that begin with a prefix, each with the name of its report's source."""
        with transaction(self._engine) as connection:
            found = connection.execute(
                select(origins.c.uri, origins.c.name)
                .where(origins.c.uri.startswith(prefix, autoescape=True))
                .order_by(origins.c.uri)
            )
            return {row.uri: row.name for row in found}

    def fail(self, source: Source, reason: str) -> None:
        """Keep why a source could not be ingested."""
        row = {"name": source.name, "reason": reason, "at": datetime.now(UTC)}
        with transaction(self._engine) as connection:
            connection.execute(
                upsert(failures)
                .values(uri=source.uri, **row)
                .on_conflict_do_update(index_elements=["uri"], set_=row)
            )

    def forgive(self, uris: Sequence[str]) -> None:
        """Forget the failures of these addresses."""
        with transaction(self._engine) as connection:
            for some in _batches(uris):
                connection.execute(delete(failures).where(failures.c.uri.in_(some)))

    def failures(self) -> list[Failure]:
        """The sources that could not be ingested, newest first."""
        with transaction(self._engine) as connection:
            found = connection.execute(select(failures).order_by(failures.c.at.desc()))
            return [Failure(row.name, row.uri, row.reason, row.at) for row in found]

    def report_ids(self, wanted: Filter) -> list[str] | None:
        """The ids of the reports a filter lets through; None where it lets all through."""
        if wanted == Filter():
            return None
        with transaction(self._engine) as connection:
            found = connection.scalars(
                _filtered(select(versions.c.report_id).distinct().select_from(_LIVE), wanted)
            )
            return list(found)

    def confirm(
        self, passage_ids: Sequence[str], wanted: Filter
    ) -> dict[str, tuple[Passage, Report]]:
        """Those of the passages that a live version the filter lets through holds.

        Each comes with its report. A passage that stands twice in a report is given at its
        first place; a report read from several addresses with the first of them.
        """
        found: dict[str, tuple[Passage, Report]] = {}
        with transaction(self._engine) as connection:
            for some in _batches(passage_ids):
                held = select(*_REPORT_COLUMNS, *_PASSAGE_COLUMNS).select_from(
                    _LIVE.join(placements, placements.c.version_id == versions.c.id).join(
                        passages, passages.c.id == placements.c.passage_id
                    )
                )
                rows = connection.execute(
                    _filtered(held, wanted)
                    .where(placements.c.passage_id.in_(some))
                    .order_by(placements.c.ordinal, origins.c.uri)
                )
                for row in rows:
                    found.setdefault(row.passage_id, (_passage(row), _report(row)))
        return found

    def passages_of(self, report_id: str) -> list[Passage]:
        """The passages of a report's live version, in order."""
        with transaction(self._engine) as connection:
            rows = connection.execute(
                select(*_PASSAGE_COLUMNS, versions.c.report_id)
                .select_from(
                    versions.join(placements, placements.c.version_id == versions.c.id).join(
                        passages, passages.c.id == placements.c.passage_id
                    )
                )
                .where(versions.c.report_id == report_id, versions.c.live_until.is_(None))
                .order_by(placements.c.ordinal)
            )
            return [_passage(row) for row in rows]

    def reports(self, wanted: Filter, offset: int, limit: int) -> list[Report]:
        """Live reports, newest first and undated last, `limit` of them from `offset` on."""
        return self._many(
            _filtered(_live_reports(), wanted)
            .group_by(versions.c.id)
            .order_by(None)
            .order_by(
                versions.c.published.is_(None),
                versions.c.published.desc(),
                versions.c.title,
                versions.c.report_id,
            )
            .offset(offset)
            .limit(limit)
        )

    def counts(self, wanted: Filter) -> tuple[int, int, int, Any]:
        """Live reports, live passages, undated live reports, and the newest date."""
        with transaction(self._engine) as connection:
            live = _filtered(
                select(versions.c.id, versions.c.published).distinct().select_from(_LIVE), wanted
            ).subquery()
            total, dated, newest = connection.execute(
                select(
                    func.count(live.c.id), func.count(live.c.published), func.max(live.c.published)
                )
            ).one()
            held = connection.scalar(
                select(func.count())
                .select_from(placements)
                .where(placements.c.version_id.in_(select(live.c.id)))
            )
            return total, held or 0, total - dated, newest

    def publishers(self) -> list[str]:
        """The publishers of the live reports, each once."""
        with transaction(self._engine) as connection:
            found = connection.scalars(
                select(versions.c.publisher)
                .distinct()
                .where(versions.c.live_until.is_(None), versions.c.publisher.is_not(None))
                .order_by(versions.c.publisher)
            )
            return [publisher for publisher in found if publisher is not None]

    def _one(self, query: Select[Any]) -> Report | None:
        found = self._many(query)
        return found[0] if found else None

    def _many(self, query: Select[Any]) -> list[Report]:
        with transaction(self._engine) as connection:
            return [_report(row) for row in connection.execute(query)]


# a live version, once for each address its report is read from
_LIVE = versions.join(origins, origins.c.report_id == versions.c.report_id)
_REPORT_COLUMNS = (
    versions.c.report_id,
    versions.c.number,
    versions.c.content_hash,
    versions.c.title,
    versions.c.publisher,
    versions.c.published,
    versions.c.language,
    versions.c.pages,
    versions.c.live_from,
    origins.c.name,
    origins.c.uri,
    origins.c.shelf,
)
_PASSAGE_COLUMNS = (
    placements.c.passage_id,
    placements.c.ordinal,
    placements.c.start,
    placements.c.end,
    placements.c.page,
    placements.c.paragraph,
    passages.c.header,
    passages.c.text,
)


def _live_reports() -> Select[Any]:
    return (
        select(*_REPORT_COLUMNS)
        .select_from(_LIVE)
        .where(versions.c.live_until.is_(None))
        .order_by(origins.c.uri)
    )


def _filtered(query: Select[Any], wanted: Filter) -> Select[Any]:
    query = query.where(versions.c.live_until.is_(None))
    if wanted.shelves is not None:
        query = query.where(origins.c.shelf.in_(sorted(wanted.shelves)))
    if wanted.publishers is not None:
        query = query.where(versions.c.publisher.in_(sorted(wanted.publishers)))
    if wanted.since is not None:
        query = query.where(versions.c.published >= wanted.since)
    if wanted.until is not None:
        query = query.where(versions.c.published <= wanted.until)
    if wanted.reports is not None:
        query = query.where(versions.c.report_id.in_(sorted(wanted.reports)))
    return query


def _end_live_version(connection: Connection, report_id: str, now: datetime) -> int | None:
    """End a report's live version; its id, or None where there was none."""
    ended: int | None = connection.scalar(
        update(versions)
        .where(versions.c.report_id == report_id, versions.c.live_until.is_(None))
        .values(live_until=now)
        .returning(versions.c.id)
    )
    return ended


def _place(connection: Connection, version_id: int, held: Sequence[Passage]) -> None:
    texts = {
        passage.id: {
            "id": passage.id,
            "report_id": passage.report,
            "header": passage.header,
            "text": passage.text,
        }
        for passage in held
    }
    connection.execute(upsert(passages).on_conflict_do_nothing(), list(texts.values()))
    connection.execute(
        insert(placements),
        [
            {
                "version_id": version_id,
                "ordinal": passage.ordinal,
                "passage_id": passage.id,
                "start": passage.start,
                "end": passage.end,
                "page": passage.page,
                "paragraph": passage.paragraph,
            }
            for passage in held
        ],
    )


def _set_origin(connection: Connection, source: Source, report_id: str, now: datetime) -> None:
    before = connection.scalar(select(origins.c.report_id).where(origins.c.uri == source.uri))
    row = {"report_id": report_id, "name": source.name, "shelf": source.shelf}
    connection.execute(
        upsert(origins)
        .values(uri=source.uri, **row)
        .on_conflict_do_update(index_elements=["uri"], set_=row)
    )
    if before is not None and before != report_id:
        _drop_if_read_nowhere(connection, before, now)


def _remove_origin(connection: Connection, uri: str, now: datetime) -> None:
    report_id = connection.scalar(
        delete(origins).where(origins.c.uri == uri).returning(origins.c.report_id)
    )
    if report_id is not None:
        _drop_if_read_nowhere(connection, report_id, now)


def _drop_if_read_nowhere(connection: Connection, report_id: str, now: datetime) -> None:
    if connection.scalar(select(origins.c.uri).where(origins.c.report_id == report_id)) is None:
        version_id = _end_live_version(connection, report_id, now)
        connection.execute(
            insert(events).values(
                at=now, kind="dropped", report_id=report_id, version_id=version_id
            )
        )


def _report(row: Any) -> Report:
    return Report(
        id=row.report_id,
        version=row.number,
        description=Description(row.title, row.publisher, row.published, row.language, row.pages),
        name=row.name,
        uri=row.uri,
        shelf=row.shelf,
        content_hash=row.content_hash,
        live_from=row.live_from,
    )


def _passage(row: Any) -> Passage:
    return Passage(
        id=row.passage_id,
        report=row.report_id,
        ordinal=row.ordinal,
        start=row.start,
        end=row.end,
        page=row.page,
        paragraph=row.paragraph,
        header=row.header,
        text=row.text,
    )


def _batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _PARAMETERS):
        yield values[start : start + _PARAMETERS]
