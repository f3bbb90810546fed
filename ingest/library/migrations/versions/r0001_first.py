"""The first schema.

It was made without Alembic before there were revisions, one table after the other: what of it
stands already stays, and a start that was broken off then is brought to its end.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables that are missing."""
    op.create_table(
        "facts",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("value", sa.String, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "reports",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("added_at", sa.DateTime, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "versions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("report_id", sa.String, sa.ForeignKey("reports.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("content_hash", sa.String, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("publisher", sa.Text),
        sa.Column("published", sa.Date),
        sa.Column("language", sa.String),
        sa.Column("pages", sa.Integer),
        sa.Column("live_from", sa.DateTime, nullable=False),
        sa.Column("live_until", sa.DateTime),
        if_not_exists=True,
    )
    op.create_index("ix_versions_report_id", "versions", ["report_id"], if_not_exists=True)
    op.create_index("ix_versions_content_hash", "versions", ["content_hash"], if_not_exists=True)
    live = sa.text("live_until IS NULL")
    op.create_index(
        "one_live_version",
        "versions",
        ["report_id"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
        if_not_exists=True,
    )
    op.create_table(
        "passages",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("report_id", sa.String, sa.ForeignKey("reports.id"), nullable=False),
        sa.Column("header", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        if_not_exists=True,
    )
    op.create_index("ix_passages_report_id", "passages", ["report_id"], if_not_exists=True)
    op.create_table(
        "placements",
        sa.Column("version_id", sa.Integer, sa.ForeignKey("versions.id"), primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True),
        sa.Column("passage_id", sa.String, sa.ForeignKey("passages.id"), nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("page", sa.Integer),
        sa.Column("paragraph", sa.Integer, nullable=False),
        if_not_exists=True,
    )
    op.create_index("ix_placements_passage_id", "placements", ["passage_id"], if_not_exists=True)
    op.create_table(
        "origins",
        sa.Column("uri", sa.String, primary_key=True),
        sa.Column("report_id", sa.String, sa.ForeignKey("reports.id"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("shelf", sa.Text, nullable=False),
        if_not_exists=True,
    )
    op.create_index("ix_origins_report_id", "origins", ["report_id"], if_not_exists=True)
    op.create_table(
        "failures",
        sa.Column("uri", sa.String, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("report_id", sa.String, sa.ForeignKey("reports.id"), nullable=False),
        sa.Column("version_id", sa.Integer, sa.ForeignKey("versions.id"), nullable=False),
        if_not_exists=True,
    )
    op.create_index("ix_events_report_id", "events", ["report_id"], if_not_exists=True)
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("queued_at", sa.DateTime, nullable=False),
        sa.Column("ended_at", sa.DateTime),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("current", sa.Text, nullable=False),
        sa.Column("result", sa.Text),
        if_not_exists=True,
    )
    op.create_index("ix_runs_state", "runs", ["state"], if_not_exists=True)
