"""The catalog: which reports the library holds, in which versions. It is the truth.

Chroma and tantivy are derived from it: a hit that the catalog does not confirm is never
shown. A version goes live, and the one before it ends, in one transaction.

A report is read from one address or several. Where its newest text stands is where it lives;
another address may still hold an older version of it, which is shown to nobody, until the
newer one is withdrawn.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from ingest.errors import LibraryError
from ingest.library.database import reading, transaction
from ingest.library.rows import (
    DESCRIBED,
    READABLE,
    REPORT_COLUMNS,
    batches,
    copy_placements,
    described,
    description_of,
    place,
    placed,
    report_of,
)
from ingest.library.schema import (
    carriers,
    corrections,
    events,
    facts,
    failures,
    indexes,
    origins,
    placements,
    reports,
    versions,
    visits,
)
from ingest.records import Description, EventKind, Failure, Passage, Report, Source, Told

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """A version of a report that is to go live.

    Attributes:
        report_id: of a report that is new, live or dropped.
        source: where it was read from.
        content_hash: of its bytes.
        text_hash: of its text.
        description: what is known of it.
        passages: its passages, in order.
    """

    report_id: str
    source: Source
    content_hash: str
    text_hash: str
    description: Description
    passages: Sequence[Passage]


@dataclass(frozen=True, slots=True)
class Move:
    """What an address is from now on known to hold.

    Attributes:
        source: the address.
        content_hash: of the bytes there.
        report_id: of the report they belong to, which is live.
        version: number of its version that they are; None for the live one.
        old_uri: the address they were read at before and stand at no more; None where they
            are a copy.
    """

    source: Source
    content_hash: str
    report_id: str
    version: int | None = None
    old_uri: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """An address that a live report is read from.

    Attributes:
        uri: the address.
        report_id: of the report.
        name: what people call the address.
        shelf: the shelf it puts the report on.
        content_hash: of the bytes last read there.
        seen: how it looked from outside then; None where that says nothing.
        version: number of the report's version that was read there.
        live: that is the live one, not an older one.
        told: what was said of it outside of it then.
    """

    uri: str
    report_id: str
    name: str
    shelf: str
    content_hash: str
    seen: str | None
    version: int
    live: bool
    told: tuple[Told, ...] = ()


class Catalog:
    """The catalog in a database, as ingestion writes it.

    Every method raises `LibraryError` when the database fails.

    Args:
        engine: of a database with the tables of `ingest.library.schema`.
        clock: gives the time, with its zone.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime] | None = None) -> None:
        self._engine = engine
        self._clock = clock or _now

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def copy_into(self, copy: sqlite3.Connection) -> None:
        """Copy the whole database, as it is at one moment, into another one."""
        with reading(self._engine) as connection:
            original = connection.connection.driver_connection
            if not isinstance(original, sqlite3.Connection):
                raise LibraryError("only a catalog in SQLite can be copied")
            original.backup(copy)

    def fact(self, key: str) -> str | None:
        """What the library remembers of itself under a key; None where nothing."""
        with reading(self._engine) as connection:
            return connection.scalar(select(facts.c.value).where(facts.c.key == key))

    def remember(self, known: Mapping[str, str]) -> None:
        """Keep facts of the library; one that is kept already stays as it is."""
        rows = [{"key": key, "value": value} for key, value in known.items()]
        with transaction(self._engine) as connection:
            connection.execute(upsert(facts).on_conflict_do_nothing(), rows)

    def report_at(self, uri: str) -> Report | None:
        """The live report whose live version was read at an address; None where there is none."""
        query = (
            select(*REPORT_COLUMNS)
            .select_from(READABLE)
            .where(versions.c.live_until.is_(None), origins.c.uri == uri)
        )
        with reading(self._engine) as connection:
            row = connection.execute(query).first()
        return report_of(row) if row is not None else None

    def seen_under(self, roots: Iterable[str]) -> dict[str, tuple[str, str, str | None]]:
        """The addresses that are read among some and all below them.

        Returns:
            Of each its name, its shelf, and how it looked from outside when it was last read.
        """
        found: dict[str, tuple[str, str, str | None]] = {}
        seen = select(origins.c.uri, origins.c.name, origins.c.shelf, origins.c.seen).where(
            origins.c.gone_at.is_(None)
        )
        with reading(self._engine) as connection:
            for root in roots:
                rows = connection.execute(seen.where(or_(origins.c.uri == root, _below(root))))
                found.update({uri: (name, shelf, look) for uri, name, shelf, look in rows})
        return found

    def one_below(self, folder: str) -> tuple[str, str] | None:
        """Some address that is read below another: itself and its name; None where none is."""
        with reading(self._engine) as connection:
            row = connection.execute(
                select(origins.c.uri, origins.c.name)
                .where(origins.c.gone_at.is_(None), _below(folder))
                .limit(1)
            ).first()
        return (row.uri, row.name) if row is not None else None

    def standing(self) -> list[Standing]:
        """Every address that is read."""
        with reading(self._engine) as connection:
            return [Standing(*row) for row in connection.execute(_standing()).all()]

    def standing_with(self, content_hash: str) -> list[Standing]:
        """The addresses that these bytes were last read at."""
        with reading(self._engine) as connection:
            rows = connection.execute(_standing().where(origins.c.content_hash == content_hash))
            return [Standing(*row) for row in rows]

    def standing_at(self, uri: str) -> list[Standing]:
        """The address itself, where a live report is read from it."""
        with reading(self._engine) as connection:
            rows = connection.execute(_standing().where(origins.c.uri == uri))
            return [Standing(*row) for row in rows]

    def standing_of(self, report_id: str) -> list[Standing]:
        """The addresses that a live report is read from."""
        with reading(self._engine) as connection:
            rows = connection.execute(_standing().where(origins.c.report_id == report_id))
            return [Standing(*row) for row in rows]

    def live_with_text(self, text_hash: str) -> list[Report]:
        """The live reports with this text, once for each address it stands at."""
        return self._live_reports(versions.c.text_hash == text_hash)

    def live_with_title(self, title: str, publisher: str | None, shelf: str) -> list[Report]:
        """The live reports of a title and publisher on a shelf, once for each address."""
        return self._live_reports(
            versions.c.title == title,
            versions.c.publisher.is_not_distinct_from(publisher),
            origins.c.shelf == shelf,
        )

    def past_with_text(self, text_hash: str) -> list[tuple[str, int]]:
        """The live reports that had this text once, with the number of the latest such version.

        A version whose passages retention removed does not count.
        """
        live = versions.alias("live")
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(versions.c.report_id, func.max(versions.c.number).label("number"))
                .join(live, live.c.report_id == versions.c.report_id)
                .where(
                    versions.c.text_hash == text_hash,
                    versions.c.live_until.is_not(None),
                    versions.c.swept_at.is_(None),
                    live.c.live_until.is_(None),
                    live.c.text_hash.is_distinct_from(text_hash),
                )
                .group_by(versions.c.report_id)
                .order_by(versions.c.report_id)
            )
            return [(row.report_id, row.number) for row in rows]

    def dropped_with(self, text_hash: str) -> list[tuple[str, Description]]:
        """The dropped reports whose last version had this text, the one dropped last first.

        Returns:
            Of each its id, and what was known of it.
        """
        last = (
            select(versions.c.report_id, func.max(versions.c.number).label("number"))
            .group_by(versions.c.report_id)
            .subquery()
        )
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(versions)
                .join(
                    last,
                    (last.c.report_id == versions.c.report_id)
                    & (last.c.number == versions.c.number),
                )
                .where(versions.c.text_hash == text_hash, versions.c.live_until.is_not(None))
                .order_by(versions.c.live_until.desc())
            )
            return [(row.report_id, description_of(row)) for row in rows]

    def holds(self, content_hash: str) -> bool:
        """Whether a version that is not swept was made of these bytes."""
        with reading(self._engine) as connection:
            found = connection.scalar(
                select(versions.c.id)
                .where(versions.c.content_hash == content_hash, versions.c.swept_at.is_(None))
                .limit(1)
            )
            return found is not None

    def is_live(self, report_id: str) -> bool:
        """Whether a report has a live version."""
        with reading(self._engine) as connection:
            return _live_version(connection, report_id) is not None

    def known(self, passage_ids: Sequence[str], index_id: int) -> set[str]:
        """Those of the passages that some version, live or not, holds in an index."""
        found: set[str] = set()
        with reading(self._engine) as connection:
            for some in batches(passage_ids):
                found.update(
                    connection.scalars(
                        select(placements.c.passage_id).where(
                            placements.c.passage_id.in_(some), placements.c.index_id == index_id
                        )
                    )
                )
        return found

    def flip(self, entries: Sequence[Entry], index_id: int, slots: int) -> None:
        """Make versions live in place of those before them, all in one transaction.

        Args:
            entries: the versions.
            index_id: of the index that holds their passages.
            slots: places newly taken in its vector index.
        """
        with transaction(self._engine) as connection:
            displaced: list[Row[Any]] = []
            for entry in entries:
                displaced += _flip(connection, entry, index_id, self._moment(connection))
            _leave(connection, displaced, self._moment(connection))
            connection.execute(
                update(indexes)
                .where(indexes.c.id == index_id)
                .values(slots=indexes.c.slots + slots)
            )

    def rearrange(self, moves: Sequence[Move]) -> None:
        """Note what addresses hold from now on, all in one transaction.

        A report that was read at one of them and now is at none is dropped; two files that
        change places keep their reports.
        """
        if not moves:
            return
        with transaction(self._engine) as connection:
            now = self._moment(connection)
            displaced: list[Row[Any]] = []
            for move in moves:
                which = (
                    versions.c.live_until.is_(None)
                    if move.version is None
                    else versions.c.number == move.version
                )
                version_id = connection.scalars(
                    select(versions.c.id).where(versions.c.report_id == move.report_id, which)
                ).one()
                displaced += _set_origin(
                    connection, move.source, move.content_hash, move.report_id, version_id
                )
            for move in moves:
                if move.old_uri is not None:
                    _hand_over(connection, move.report_id, move.old_uri, move.source.uri)
                    _take_away(connection, move.report_id, [move.old_uri])
            moved = {(move.report_id, move.old_uri) for move in moves}
            left = [row for row in displaced if (row.report_id, row.uri) not in moved]
            _leave(connection, left, now)
            for report_id in {move.report_id for move in moves}:
                _settle(connection, report_id, now)

    def glance(self, sources: Sequence[Source]) -> None:
        """Keep how sources look from outside, and their names and shelves.

        Args:
            sources: those at whose address no report stands are passed over.
        """
        if not sources:
            return
        with transaction(self._engine) as connection:
            for source in sources:
                connection.execute(
                    update(origins)
                    .where(origins.c.uri == source.uri, origins.c.gone_at.is_(None))
                    .values(seen=source.seen, name=source.name, shelf=source.shelf)
                )

    def remove_origins(self, uris: Sequence[str]) -> None:
        """Forget addresses; a report read from nowhere any more is dropped.

        All in one transaction. Where an address goes that held the newest version, and another
        still holds an older one, that one is live again.
        """
        with transaction(self._engine) as connection:
            now = self._moment(connection)
            gone: list[Row[Any]] = []
            for some in batches(uris):
                gone += connection.execute(
                    delete(origins)
                    .where(origins.c.uri.in_(some), origins.c.gone_at.is_(None))
                    .returning(*origins.c)
                ).all()
            _leave(connection, gone, now)

    def corrections(self, report_id: str) -> dict[str, str]:
        """What people said of a report by hand, by the keys of `ParsedReport.stated`."""
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(corrections.c.field, corrections.c.value)
                .where(corrections.c.report_id == report_id)
                .order_by(corrections.c.field)
            )
            return {row.field: row.value for row in rows}

    def corrected(self) -> set[str]:
        """Ids of the reports of which people said something by hand."""
        with reading(self._engine) as connection:
            return set(connection.scalars(select(corrections.c.report_id).distinct()))

    def correct(self, report_id: str, said: Mapping[str, str]) -> None:
        """Keep what people say of a report by hand; an empty value takes back what was said.

        Args:
            report_id: of the report.
            said: by the keys of `ParsedReport.stated`.
        """
        with transaction(self._engine) as connection:
            for field, value in said.items():
                which = (corrections.c.report_id == report_id) & (corrections.c.field == field)
                connection.execute(delete(corrections).where(which))
                if value:
                    connection.execute(
                        insert(corrections).values(report_id=report_id, field=field, value=value)
                    )

    def visits(self) -> dict[str, tuple[datetime, str | None]]:
        """When each address and feed of the list of sources was last tried, and what it gave.

        Returns:
            By its address the moment, UTC, and what to ask it with the next time.
        """
        with reading(self._engine) as connection:
            rows = connection.execute(select(visits))
            return {row.uri: (row.at, row.seen) for row in rows}

    def visit(self, uri: str, seen: str | None) -> None:
        """Note that an address or feed of the list of sources was tried now, and what it gave."""
        row = {"at": self._clock(), "seen": seen}
        with transaction(self._engine) as connection:
            connection.execute(
                upsert(visits)
                .values(uri=uri, **row)
                .on_conflict_do_update(index_elements=["uri"], set_=row)
            )

    def fail(self, source: Source, reason: str) -> None:
        """Keep why a source could not be ingested."""
        row = {
            "name": source.name,
            "reason": reason,
            "at": self._clock(),
            "seen": source.seen,
        }
        with transaction(self._engine) as connection:
            connection.execute(
                upsert(failures)
                .values(uri=source.uri, **row)
                .on_conflict_do_update(index_elements=["uri"], set_=row)
            )

    def forgive(self, uris: Sequence[str]) -> None:
        """Forget the failures of these addresses."""
        with transaction(self._engine) as connection:
            for some in batches(uris):
                connection.execute(delete(failures).where(failures.c.uri.in_(some)))

    def failures(self) -> list[Failure]:
        """The sources that could not be ingested, newest first."""
        with reading(self._engine) as connection:
            found = connection.execute(select(failures).order_by(failures.c.at.desc()))
            return [Failure(row.name, row.uri, row.reason, row.at, row.seen) for row in found]

    def _live_reports(self, *conditions: Any) -> list[Report]:
        query = (
            select(*REPORT_COLUMNS)
            .select_from(READABLE)
            .where(versions.c.live_until.is_(None), *conditions)
            .order_by(versions.c.report_id, origins.c.uri)
        )
        with reading(self._engine) as connection:
            return [report_of(row) for row in connection.execute(query)]

    def _moment(self, connection: Connection) -> datetime:
        """Now, or just after the last event where the clock stands before that."""
        # the last by its id: they are in the order of time
        last = connection.scalar(select(events.c.at).order_by(events.c.id.desc()).limit(1))
        now = self._clock()
        return now if last is None or now > last else last + _TICK


def _now() -> datetime:
    return datetime.now(UTC)


def _below(folder: str) -> ColumnElement[bool]:
    """Whether an address lies below another.

    A range of the primary key; a pattern would look at every address. Behind the slash in the
    order of characters comes the nought.
    """
    return (origins.c.uri > f"{folder.rstrip('/')}/") & (origins.c.uri < f"{folder.rstrip('/')}0")


def _standing() -> Select[Any]:
    return (
        select(
            origins.c.uri,
            origins.c.report_id,
            origins.c.name,
            origins.c.shelf,
            origins.c.content_hash,
            origins.c.seen,
            versions.c.number,
            versions.c.live_until.is_(None).label("live"),
            origins.c.told,
        )
        .join(versions, versions.c.id == origins.c.version_id)
        .where(origins.c.gone_at.is_(None))
        .order_by(origins.c.uri)
    )


def _live_version(connection: Connection, report_id: str) -> int | None:
    """The row id of a report's live version; None where it has none."""
    version_id: int | None = connection.scalar(
        select(versions.c.id).where(
            versions.c.report_id == report_id, versions.c.live_until.is_(None)
        )
    )
    return version_id


def _live_hash(connection: Connection, report_id: str) -> str | None:
    """The hash of a report's live version; None where it has none."""
    found: str | None = connection.scalar(
        select(versions.c.content_hash).where(
            versions.c.report_id == report_id, versions.c.live_until.is_(None)
        )
    )
    return found


def _flip(connection: Connection, entry: Entry, index_id: int, now: datetime) -> Sequence[Row[Any]]:
    """Make one version live; the origin that it took an address from, if there was one."""
    report_id = entry.report_id
    connection.execute(upsert(reports).values(id=report_id, added_at=now).on_conflict_do_nothing())
    last = connection.scalar(
        select(func.max(versions.c.number)).where(versions.c.report_id == report_id)
    )
    before = _live_hash(connection, report_id)
    ended = _end_live_version(connection, report_id, now)
    version_id = _add_version(
        connection,
        now,
        report_id=report_id,
        number=(last or 0) + 1,
        content_hash=entry.content_hash,
        text_hash=entry.text_hash,
        **described(entry.description),
    )
    if entry.passages:
        place(connection, version_id, entry.passages, index_id)
    displaced = _set_origin(connection, entry.source, entry.content_hash, report_id, version_id)
    if ended is None:
        _take_up_gone(connection, report_id, entry.source)
    if ended:
        same = before == entry.content_hash
        kind = EventKind.DESCRIBED if same else EventKind.REVISED
    else:
        kind = EventKind.RESTORED if last else EventKind.ADDED
    _note(connection, now, kind, report_id, version_id)
    return displaced


def _add_version(connection: Connection, now: datetime, **values: object) -> int:
    """Add a live version; its row id."""
    version_id: int = connection.scalars(
        insert(versions).returning(versions.c.id).values(live_from=now, **values)
    ).one()
    return version_id


def _note(
    connection: Connection, now: datetime, kind: EventKind, report_id: str, version_id: int
) -> None:
    connection.execute(
        insert(events).values(at=now, kind=kind, report_id=report_id, version_id=version_id)
    )


def _end_live_version(connection: Connection, report_id: str, now: datetime) -> int | None:
    """End a report's live version; its row id, or None where there was none."""
    ended: int | None = connection.scalar(
        update(versions)
        .where(versions.c.report_id == report_id, versions.c.live_until.is_(None))
        .values(live_until=now)
        .returning(versions.c.id)
    )
    return ended


def _set_origin(
    connection: Connection,
    source: Source,
    content_hash: str,
    report_id: str,
    version_id: int,
) -> Sequence[Row[Any]]:
    """Let an address lead to a version of a report, and to nothing else.

    Returns:
        The origin of another report that it was, to be left (`_leave`).
    """
    displaced = connection.execute(
        delete(origins)
        .where(
            origins.c.uri == source.uri,
            origins.c.gone_at.is_(None),
            origins.c.report_id != report_id,
        )
        .returning(*origins.c)
    ).all()
    row = {
        "name": source.name,
        "shelf": source.shelf,
        "version_id": version_id,
        "content_hash": content_hash,
        "seen": source.seen,
        "told": source.told,
        "gone_at": None,
    }
    connection.execute(
        upsert(origins)
        .values(uri=source.uri, report_id=report_id, **row)
        .on_conflict_do_update(index_elements=["uri", "report_id"], set_=row)
    )
    connection.execute(
        upsert(carriers).values(version_id=version_id, uri=source.uri).on_conflict_do_nothing()
    )
    live = _live_version(connection, report_id)
    if live != version_id:
        # the live version is read where it stands, and here it stands no more
        connection.execute(
            delete(carriers).where(carriers.c.uri == source.uri, carriers.c.version_id == live)
        )
    return displaced


def _take_away(connection: Connection, report_id: str, uris: Sequence[str]) -> None:
    """Let a report no longer be read at some addresses, which another stands for."""
    connection.execute(
        delete(origins).where(
            origins.c.report_id == report_id,
            origins.c.uri.in_(uris),
            origins.c.gone_at.is_(None),
        )
    )


def _leave(connection: Connection, gone: Iterable[Row[Any]], now: datetime) -> None:
    """See to the reports whose origins were taken away.

    Args:
        connection: in a transaction.
        gone: the origins as they were.
        now: the time.
    """
    reports_left: dict[str, list[Row[Any]]] = {}
    for row in gone:
        reports_left.setdefault(row.report_id, []).append(row)
    for report_id, rows in reports_left.items():
        standing = select(origins.c.uri, origins.c.shelf).where(
            origins.c.report_id == report_id, origins.c.gone_at.is_(None)
        )
        if not connection.execute(standing).all():
            # who could read it last may read what it said
            last = [
                {**dict(zip(origins.c.keys(), row, strict=True)), "gone_at": now, "seen": None}
                for row in rows
            ]
            connection.execute(insert(origins), last)
            ended = _end_live_version(connection, report_id, now)
            if ended is not None:
                _note(connection, now, EventKind.DROPPED, report_id, ended)
            continue
        _settle(connection, report_id, now)
        heirs = {row.shelf: row.uri for row in connection.execute(standing)}
        for row in rows:
            # what is live is read where it stands; its past may be read on the same shelf
            live = _live_version(connection, report_id)
            connection.execute(
                delete(carriers).where(carriers.c.uri == row.uri, carriers.c.version_id == live)
            )
            _hand_over(connection, report_id, row.uri, heirs.get(row.shelf))


def _settle(connection: Connection, report_id: str, now: datetime) -> None:
    """See that a report's live version stands at an address of its own.

    Where it does not any more, the newest of those that do is live again, as a new version.
    """
    newest = connection.execute(
        select(versions)
        .join(origins, origins.c.version_id == versions.c.id)
        .where(origins.c.report_id == report_id, origins.c.gone_at.is_(None))
        .order_by(versions.c.number.desc())
    ).first()
    if newest is None or newest.live_until is None:
        return
    last = connection.scalar(
        select(func.max(versions.c.number)).where(versions.c.report_id == report_id)
    )
    _end_live_version(connection, report_id, now)
    kept = ("report_id", "content_hash", "text_hash", *(column.name for column in DESCRIBED))
    version_id = _add_version(
        connection,
        now,
        number=(last or 0) + 1,
        **{name: getattr(newest, name) for name in kept},
    )
    copy_placements(connection, placed(newest.id), version_id=literal(version_id))
    back = (origins.c.report_id == report_id) & (origins.c.version_id == newest.id)
    connection.execute(
        insert(carriers).from_select(
            ["version_id", "uri"], select(literal(version_id), origins.c.uri).where(back)
        )
    )
    connection.execute(update(origins).where(back).values(version_id=version_id))
    _note(connection, now, EventKind.REVISED, report_id, version_id)


def _take_up_gone(connection: Connection, report_id: str, source: Source) -> None:
    """Forget the last addresses of a report that is back; what it said is read at the new one.

    Only where that lies on the same shelf: nobody reads by a return what was closed to them.
    """
    gone = connection.execute(
        select(origins.c.uri, origins.c.shelf).where(
            origins.c.report_id == report_id, origins.c.gone_at.is_not(None)
        )
    ).all()
    for row in gone:
        _hand_over(
            connection, report_id, row.uri, source.uri if row.shelf == source.shelf else None
        )
    connection.execute(
        delete(origins).where(origins.c.report_id == report_id, origins.c.gone_at.is_not(None))
    )


def _hand_over(connection: Connection, report_id: str, uri: str, heir: str | None) -> None:
    """Let another address stand for one that goes, in what was read there; None for no other."""
    theirs = select(versions.c.id).where(versions.c.report_id == report_id)
    at = (carriers.c.uri == uri) & carriers.c.version_id.in_(theirs)
    if heir is not None:
        connection.execute(
            upsert(carriers)
            .from_select(
                ["version_id", "uri"],
                select(carriers.c.version_id, literal(heir)).where(at),
            )
            .on_conflict_do_nothing()
        )
    connection.execute(delete(carriers).where(at))
