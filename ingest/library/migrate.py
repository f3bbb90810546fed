"""Bringing the catalog's database to the schema of this Footnote."""

from __future__ import annotations

from sqlalchemy import Engine, inspect, text

from ingest.errors import LibraryError
from ingest.library.database import READS

NEWEST = "0002"
"""The newest revision of the schema; its steps are in `ingest.library.migrations`."""
_FIRST = "0001"


def migrate(engine: Engine) -> None:
    """Make the tables of the catalog, or carry those of an older Footnote over, data included.

    All of it happens in one transaction: what fails leaves the database as it was. Where
    there is nothing to do, Alembic is not even imported.

    Args:
        engine: of the catalog's database.

    Raises:
        LibraryError: a newer Footnote made the database.
    """
    with engine.execution_options(**READS).begin() as connection:
        tables = inspect(connection).get_table_names()
        revision = None
        if "alembic_version" in tables:
            revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
        elif tables:
            revision = _FIRST  # made before there were revisions
        if revision == NEWEST:
            return
        if revision is not None and revision > NEWEST:
            raise LibraryError(
                f"the library was written by a newer Footnote (its catalog is of revision "
                f"{revision}, this one knows {NEWEST}); update Footnote to open it"
            )
    # imported here: most starts do without
    from alembic import command
    from alembic.config import Config

    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", "ingest.library:migrations")
        config.attributes["connection"] = connection
        if revision is not None and "alembic_version" not in tables:
            command.stamp(config, revision)
        command.upgrade(config, "head")
