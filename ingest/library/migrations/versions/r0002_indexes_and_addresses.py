"""Indexes that change places, addresses that remember what stood at them.

What the first schema did not keep is taken from what it did: an address held the live
version of its report, and whoever may read there may read the versions before. Where a
dropped report had been read is not known any more, so its past is shown to those alone who
may read every shelf.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_SHIPPED = "all-MiniLM-L6-v2"


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
    kept = {row.key: row.value for row in connection.execute(sa.text("SELECT * FROM facts"))}
    if "embedder" in kept:
        passages = connection.scalar(sa.text("SELECT count(*) FROM passages"))
        shipped = kept["embedder"].startswith(f"{_SHIPPED}@")
        indexes = sa.table("indexes", *(sa.column(name) for name in _INDEX_COLUMNS))
        connection.execute(
            indexes.insert().values(
                id=1,
                state="live",
                model=_SHIPPED if shipped else None,
                embedder=kept["embedder"],
                dimension=int(kept["dimension"]),
                distance=kept["distance"],
                chunking=kept["chunking"],
                collection=f"footnote-{kept['library']}",
                words="words",
                slots=passages,
                made_at=datetime.now(UTC).replace(tzinfo=None),
            )
        )
    connection.execute(sa.text("DELETE FROM facts WHERE key <> 'library'"))


_INDEX_COLUMNS = (
    "id",
    "state",
    "model",
    "embedder",
    "dimension",
    "distance",
    "chunking",
    "collection",
    "words",
    "slots",
    "made_at",
)


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
        "INSERT INTO carriers (version_id, uri) SELECT v.id, o.uri FROM old_origins o "
        "JOIN versions v ON v.report_id = o.report_id",
    ):
        connection.execute(sa.text(statement))
