"""What should be there: the versions the catalog holds, and what of them can go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import ColumnElement, Engine, delete, select, text, update

from ingest.library.database import reading, transaction
from ingest.library.rows import batches, placed
from ingest.library.schema import events, indexes, origins, passages, placements, versions


@dataclass(frozen=True, slots=True)
class Held:
    """A version whose passages the library holds.

    Attributes:
        version_id: its row id.
        report_id: of its report.
        number: counts the report's versions.
        title: of the version.
        content_hash: of its original.
        text_hash: of its text; None of one that came from the first schema.
        live: it is shown.
        name: of the last place its report was read from; None where that is not known.
    """

    version_id: int
    report_id: str
    number: int
    title: str
    content_hash: str
    text_hash: str | None
    live: bool
    name: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands in its version.

    Attributes:
        passage_id: of the passage.
        start: offset of its first character in the report's text.
        end: offset behind its last character.
        text: of the passage.
    """

    passage_id: str
    start: int
    end: int
    text: str


class Inventory:
    """The catalog, as it is held against the rest of the library.

    Every method raises `LibraryError` when the database fails.

    Args:
        engine: the catalog's.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def held(self) -> list[Held]:
        """The versions that are not swept, in the order they came."""
        return self._held(versions.c.swept_at.is_(None))

    def unhashed(self) -> list[Held]:
        """Those of them whose text was never hashed."""
        return self._held(versions.c.swept_at.is_(None), versions.c.text_hash.is_(None))

    def _held(self, *conditions: ColumnElement[bool]) -> list[Held]:
        name = (
            select(origins.c.name)
            .where(origins.c.report_id == versions.c.report_id)
            .limit(1)
            .scalar_subquery()
        )
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(versions, name.label("name")).where(*conditions).order_by(versions.c.id)
            )
            return [
                Held(
                    row.id,
                    row.report_id,
                    row.number,
                    row.title,
                    row.content_hash,
                    row.text_hash,
                    row.live_until is None,
                    row.name,
                )
                for row in rows
            ]

    def places(self, version_id: int, index_id: int) -> list[Place]:
        """Where the passages of a version stand, in order, as an index holds them."""
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(passages.c.id, placements.c.start, placements.c.end, passages.c.text)
                .join(placements, placements.c.passage_id == passages.c.id)
                .where(placements.c.version_id == version_id, placements.c.index_id == index_id)
                .order_by(placements.c.ordinal)
            )
            return [Place(*row) for row in rows]

    def faults(self) -> list[str]:
        """What is wrong with the catalog in itself, a sentence each."""
        wrong = []
        live = versions.c.live_until.is_(None)
        stands = origins.c.gone_at.is_(None)
        with reading(self._engine) as connection:
            if (said := connection.scalar(text("PRAGMA integrity_check"))) != "ok":
                wrong.append(f"the catalog's database is damaged ({said}); restore a backup")
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                wrong.append(f"{len(broken)} rows of the catalog lead nowhere; restore a backup")
            nowhere = connection.execute(
                select(versions.c.title).where(
                    live,
                    versions.c.id.not_in(select(origins.c.version_id).where(stands)),
                )
            ).all()
            wrong.extend(f"{row.title!r} is live and read from nowhere" for row in nowhere)
            astray = connection.execute(
                select(origins.c.name)
                .join(versions, versions.c.id == origins.c.version_id)
                .where(versions.c.report_id != origins.c.report_id)
            ).all()
            wrong.extend(f"{row.name} leads to a version of another report" for row in astray)
            times = connection.scalars(select(events.c.at).order_by(events.c.id)).all()
            if any(later < earlier for earlier, later in pairwise(times)):
                wrong.append("the times of the events are not in order")
        return wrong

    def note_text(self, version_id: int, text_hash: str) -> None:
        """Keep the hash of a version's text."""
        with transaction(self._engine) as connection:
            connection.execute(
                update(versions).where(versions.c.id == version_id).values(text_hash=text_hash)
            )

    def note_slots(self, index_id: int, slots: int) -> None:
        """Correct how many places of a vector index were ever taken."""
        with transaction(self._engine) as connection:
            connection.execute(update(indexes).where(indexes.c.id == index_id).values(slots=slots))

    def ended_before(self, moment: datetime) -> list[int]:
        """The versions, not swept yet, that ended before a moment and stand nowhere any more."""
        with reading(self._engine) as connection:
            return list(connection.scalars(select(versions.c.id).where(_ended(moment))))

    def sweep(self, version_ids: Sequence[int], now: datetime) -> tuple[list[str], list[str]]:
        """Remove the passages of versions that ended, but for those that others hold.

        Args:
            version_ids: of the versions.
            now: the time, kept with them.

        Returns:
            The ids of the passages that no version holds any more, and the hashes of originals
            that none needs.
        """
        with transaction(self._engine) as connection:
            gone: list[str] = []
            for version_id in version_ids:
                connection.execute(delete(placements).where(placed(version_id)))
                connection.execute(
                    update(versions).where(versions.c.id == version_id).values(swept_at=now)
                )
            orphans = connection.scalars(
                select(passages.c.id).where(passages.c.id.not_in(select(placements.c.passage_id)))
            ).all()
            for some in batches(orphans):
                connection.execute(delete(passages).where(passages.c.id.in_(some)))
                gone.extend(some)
            needed = select(versions.c.content_hash).where(versions.c.swept_at.is_(None))
            spare = connection.scalars(
                select(versions.c.content_hash)
                .where(versions.c.id.in_(version_ids), versions.c.content_hash.not_in(needed))
                .distinct()
            ).all()
            return gone, list(spare)


def _ended(moment: datetime) -> ColumnElement[bool]:
    stands = select(origins.c.version_id).where(origins.c.gone_at.is_(None))
    return (
        versions.c.swept_at.is_(None)
        & (versions.c.live_until < moment)
        & versions.c.id.not_in(stands)
    )
