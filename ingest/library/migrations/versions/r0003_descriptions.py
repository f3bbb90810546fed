"""What is known of reports beyond title, house and day; sections, tables, corrections, the web.

Of what the library held before, none of it is known; it is found when its reports are read again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns and the table."""
    for column in (
        sa.Column("tickers", sa.Text, nullable=False, server_default="[]"),
        sa.Column("companies", sa.Text, nullable=False, server_default="[]"),
        sa.Column("kind", sa.String),
        sa.Column("period_first", sa.Date),
        sa.Column("period_last", sa.Date),
        sa.Column("period_name", sa.String),
        sa.Column("currency", sa.String),
        sa.Column("known_from", sa.Text, nullable=False, server_default="{}"),
    ):
        op.add_column("versions", column)
    for column in (
        sa.Column("section", sa.Text, nullable=False, server_default=""),
        sa.Column("heads", sa.Text, nullable=False, server_default="[]"),
        sa.Column("unit", sa.Text, nullable=False, server_default=""),
        sa.Column("groups", sa.Text, nullable=False, server_default="[]"),
    ):
        op.add_column("passages", column)
    op.add_column("origins", sa.Column("told", sa.Text, nullable=False, server_default="[]"))
    op.create_table(
        "corrections",
        sa.Column("report_id", sa.String, sa.ForeignKey("reports.id"), primary_key=True),
        sa.Column("field", sa.String, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "visits",
        sa.Column("uri", sa.String, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("seen", sa.Text),
    )
