"""The indexes in the catalog: which one answers, what wrote it, and which is in the making.

An index is a collection of vectors in Chroma and a folder of words in tantivy, made together.
Another one is made beside the one that answers; then the two change places at once.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, delete, func, insert, literal, select, update

from ingest.library.database import reading, transaction
from ingest.library.rows import (
    PASSAGE_COLUMNS,
    batches,
    copy_placements,
    description_of,
    passage_of,
    place,
)
from ingest.library.schema import facts, indexes, passages, placements, versions
from ingest.records import Description, Passage

_DISTANCE = "cosine"


class IndexState(StrEnum):
    """How far an index is."""

    MAKING = "making"
    LIVE = "live"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Writing:
    """How the passages of an index are written; every passage alike.

    Attributes:
        embedder: the model's name with what tells its weights apart.
        dimension: of its vectors.
        chunking: the rules and limits by which reports are cut into passages.
        model: the setting by which the model is loaded; None where that is not known.
    """

    embedder: str
    dimension: int
    chunking: str
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """An index, as the catalog knows it.

    Attributes:
        id: counts the library's indexes.
        state: whether it answers.
        writing: what wrote it.
        collection: name of its collection in Chroma.
        words: name of its folder of words.
        slots: places ever taken in its vector index; those of deleted vectors stay taken.
        retired_at: when another took its place, UTC; None before.
    """

    id: int
    state: IndexState
    writing: Writing
    collection: str
    words: str
    slots: int
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A version whose passages an index does not hold yet.

    Attributes:
        version_id: its row id.
        report_id: of its report.
        content_hash: of its original.
        description: what is known of it.
    """

    version_id: int
    report_id: str
    content_hash: str
    description: Description


class Indexes:
    """The indexes in the catalog's database.

    Every method raises `LibraryError` when the database fails.

    Args:
        engine: the catalog's.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def live(self) -> Index | None:
        """The index that answers; None before anything is written."""
        found = self.all(IndexState.LIVE)
        return found[0] if found else None

    def all(self, *states: IndexState) -> list[Index]:
        """The indexes in some states, oldest first."""
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(indexes).where(indexes.c.state.in_(states)).order_by(indexes.c.id)
            )
            return [_index(row) for row in rows]

    def make(self, writing: Writing, state: IndexState = IndexState.MAKING) -> Index:
        """Begin an index; the first of a library may answer at once, since nothing is in it.

        Its collection is named after the library: a Chroma server may hold several.

        Returns:
            The new index; the one that answers already, where the new one was to answer.
        """
        with transaction(self._engine) as connection:
            if state is IndexState.LIVE:
                answering = select(indexes).where(indexes.c.state == state)
                if (row := connection.execute(answering).one_or_none()) is not None:
                    return _index(row)
            library = connection.scalar(select(facts.c.value).where(facts.c.key == "library"))
            name = uuid.uuid4().hex[:8]
            number = (connection.scalar(select(func.max(indexes.c.id))) or 0) + 1
            connection.execute(
                insert(indexes).values(
                    id=number,
                    state=state,
                    model=writing.model,
                    embedder=writing.embedder,
                    dimension=writing.dimension,
                    distance=_DISTANCE,
                    chunking=writing.chunking,
                    # never used before: another process may still know one by that name
                    collection=f"footnote-{library}-{name}",
                    words=f"words-{name}",
                    slots=0,
                    made_at=datetime.now(UTC),
                )
            )
            row = connection.execute(select(indexes).where(indexes.c.id == number)).one()
            return _index(row)

    def promote(self, index_id: int, slots: int) -> None:
        """Let an index answer in place of the one that does, in one transaction.

        Args:
            index_id: of an index that holds every passage placed in it.
            slots: places taken in its vector index.
        """
        with transaction(self._engine) as connection:
            connection.execute(
                update(indexes)
                .where(indexes.c.state == IndexState.LIVE)
                .values(state=IndexState.RETIRED, retired_at=datetime.now(UTC))
            )
            connection.execute(
                update(indexes)
                .where(indexes.c.id == index_id)
                .values(state=IndexState.LIVE, slots=slots)
            )

    def forget(self, index_id: int) -> None:
        """Forget an index that does not answer, and the passages that it alone held."""
        with transaction(self._engine) as connection:
            connection.execute(delete(placements).where(placements.c.index_id == index_id))
            connection.execute(delete(indexes).where(indexes.c.id == index_id))
            connection.execute(
                delete(passages).where(passages.c.id.not_in(select(placements.c.passage_id)))
            )

    def copy_placements(self, old_id: int, new_id: int) -> None:
        """Place in an index the versions that another holds, at the same places; once each."""
        there = select(placements.c.version_id).where(placements.c.index_id == new_id)
        lacking = (placements.c.index_id == old_id) & placements.c.version_id.not_in(there)
        with transaction(self._engine) as connection:
            copy_placements(connection, lacking, index_id=literal(new_id))

    def place(self, index_id: int, version_id: int, held: Sequence[Passage]) -> None:
        """Place the passages of a version in an index in the making.

        Args:
            index_id: of the index.
            version_id: row id of the version.
            held: its passages, in order, at least one.
        """
        with transaction(self._engine) as connection:
            place(connection, version_id, held, index_id)

    def unplaced(self, index_id: int) -> list[Unplaced]:
        """The versions, live or not, whose passages an index does not hold yet."""
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(versions)
                .where(
                    versions.c.swept_at.is_(None),
                    versions.c.id.not_in(
                        select(placements.c.version_id).where(placements.c.index_id == index_id)
                    ),
                )
                .order_by(versions.c.id)
            )
            return [
                Unplaced(row.id, row.report_id, row.content_hash, description_of(row))
                for row in rows
            ]

    def passage_ids(self, index_id: int) -> set[str]:
        """The ids of every passage placed in an index, live or not."""
        with reading(self._engine) as connection:
            return set(
                connection.scalars(
                    select(placements.c.passage_id)
                    .where(placements.c.index_id == index_id)
                    .distinct()
                )
            )

    def passages(self, passage_ids: Sequence[str]) -> list[Passage]:
        """Passages by their ids, each at its first place; ids of none are passed over."""
        found: dict[str, Passage] = {}
        with reading(self._engine) as connection:
            for some in batches(passage_ids):
                rows = connection.execute(
                    select(*PASSAGE_COLUMNS)
                    .select_from(
                        placements.join(passages, passages.c.id == placements.c.passage_id)
                    )
                    .where(placements.c.passage_id.in_(some))
                    .order_by(placements.c.version_id, placements.c.ordinal)
                )
                for row in rows:
                    found.setdefault(row.passage_id, passage_of(row))
        return [found[passage_id] for passage_id in passage_ids if passage_id in found]


def _index(row: Any) -> Index:
    return Index(
        id=row.id,
        state=IndexState(row.state),
        writing=Writing(row.embedder, row.dimension, row.chunking, row.model),
        collection=row.collection,
        words=row.words,
        slots=row.slots,
        retired_at=row.retired_at,
    )
