"""Indexes that change places, addresses that remember what stood at them.

What the first schema did not keep is taken from what it did: an address held the live
version of its report, and whoever may read there may read the versions before. Where a
dropped report had been read is not known any more: it gets an address that says so, on a
shelf without a name, so that its past is shown to those alone who may read every shelf.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_SHIPPED = "all-MiniLM-L6-v2"
_CARRIED_OVER = ("embedder", "dimension", "distance", "chunking")
_INDEXES = sa.table(
    "indexes",
    sa.column("id"),
    sa.column("state"),
    sa.column("model"),
    sa.column("embedder"),
    sa.column("dimension"),
    sa.column("distance"),
    sa.column("chunking"),
    sa.column("collection"),
    sa.column("words"),
    sa.column("slots"),
    sa.column("made_at", sa.DateTime),
)


def upgrade() -> None:
    """Make the new tables, and fill them from the old."""
    op.create_table(
        "indexes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("model", sa.String),
        sa.Column("embedder", sa.String, nullable=False),
        sa.Column("dimension", sa.Integer, nullable=False),
        sa.Column("distance", sa.String, nullable=False),
        sa.Column("chunking", sa.String, nullable=False),
        sa.Column("collection", sa.String, nullable=False),
        sa.Column("words", sa.String, nullable=False),
        sa.Column("slots", sa.Integer, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("retired_at", sa.DateTime),
    )
    live = sa.text("state = 'live'")
    op.create_index(
        "one_live_index",
        "indexes",
        ["state"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
    _carry_index_over()
    op.add_column("versions", sa.Column("text_hash", sa.String))
    op.add_column("versions", sa.Column("swept_at", sa.DateTime))
    for column in ("text_hash", "title", "live_until"):
        op.create_index(f"ix_versions_{column}", "versions", [column])
    op.add_column("failures", sa.Column("seen", sa.String))
    _rename_away("placements", "origins")
    op.create_table(
        "placements",
        sa.Column("index_id", sa.Integer, sa.ForeignKey("indexes.id"), primary_key=True),
        sa.Column("version_id", sa.Integer, sa.ForeignKey("versions.id"), primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True),
        sa.Column("passage_id", sa.String, sa.ForeignKey("passages.id"), nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("page", sa.Integer),
        sa.Column("paragraph", sa.Integer, nullable=False),
    )
    op.create_table(
        "origins",
        sa.Column("uri", sa.String, primary_key=True),
        sa.Column("report_id", sa.String, sa.ForeignKey("reports.id"), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("shelf", sa.Text, nullable=False),
        sa.Column("version_id", sa.Integer, sa.ForeignKey("versions.id"), nullable=False),
        sa.Column("content_hash", sa.String, nullable=False),
        sa.Column("seen", sa.String),
        sa.Column("gone_at", sa.DateTime),
    )
    op.create_table(
        "carriers",
        sa.Column("version_id", sa.Integer, sa.ForeignKey("versions.id"), primary_key=True),
        sa.Column("uri", sa.String, primary_key=True),
    )
    _fill()
    op.drop_table("old_placements")
    op.drop_table("old_origins")
    op.create_index("ix_placements_passage_id", "placements", ["passage_id"])
    op.create_index("ix_origins_report_id", "origins", ["report_id"])
    op.create_index("ix_origins_content_hash", "origins", ["content_hash"])
    stands = sa.text("gone_at IS NULL")
    op.create_index(
        "one_report_an_address",
        "origins",
        ["uri"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )


def _carry_index_over() -> None:
    """What wrote the library was kept as facts of the library."""
    connection = op.get_bind()
    facts = sa.table("facts", sa.column("key", sa.String), sa.column("value", sa.String))
    kept = {row.key: row.value for row in connection.execute(sa.select(facts))}
    if "embedder" in kept:
        shipped = kept["embedder"].startswith(f"{_SHIPPED}@")
        versions = sa.table("versions", sa.column("live_from", sa.DateTime))
        first = connection.scalar(sa.select(sa.func.min(versions.c.live_from)))
        connection.execute(
            _INDEXES.insert().values(
                id=1,
                state="live",
                model=_SHIPPED if shipped else None,
                embedder=kept["embedder"],
                dimension=int(kept["dimension"]),
                distance=kept["distance"],
                chunking=kept["chunking"],
                collection=f"footnote-{kept['library']}",
                words="words",
                slots=connection.scalar(
                    sa.select(sa.func.count()).select_from(sa.table("passages"))
                ),
                made_at=first or datetime.now(UTC).replace(tzinfo=None),
            )
        )
    connection.execute(facts.delete().where(facts.c.key.in_(_CARRIED_OVER)))


def _rename_away(*tables: str) -> None:
    for table in tables:
        for index in sa.inspect(op.get_bind()).get_indexes(table):
            op.drop_index(str(index["name"]), table)
        op.rename_table(table, f"old_{table}")


def _fill() -> None:
    connection = op.get_bind()
    for statement in (
        'INSERT INTO placements (index_id, version_id, ordinal, passage_id, start, "end", page, '
        'paragraph) SELECT 1, version_id, ordinal, passage_id, start, "end", page, paragraph '
        "FROM old_placements",
        "INSERT INTO origins (uri, report_id, name, shelf, version_id, content_hash) "
        "SELECT o.uri, o.report_id, o.name, o.shelf, v.id, v.content_hash FROM old_origins o "
        "JOIN versions v ON v.report_id = o.report_id AND v.live_until IS NULL",
        # of the dropped reports, whose addresses were not kept
        "INSERT INTO origins (uri, report_id, name, shelf, version_id, content_hash, gone_at) "
        "SELECT 'unknown', v.report_id, v.title, '', v.id, v.content_hash, v.live_until "
        "FROM versions v WHERE v.live_until IS NOT NULL "
        "AND v.report_id NOT IN (SELECT report_id FROM origins) "
        "AND v.number = (SELECT max(number) FROM versions l WHERE l.report_id = v.report_id)",
        "INSERT INTO carriers (version_id, uri) SELECT v.id, o.uri FROM origins o "
        "JOIN versions v ON v.report_id = o.report_id",
    ):
        connection.execute(sa.text(statement))
