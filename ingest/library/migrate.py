"""Bringing the catalog's database to the schema of this Footnote."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, inspect, text

from ingest.errors import LibraryError
from ingest.library.database import READS

NEWEST = "0003"
"""The newest revision of the schema; its steps are in `ingest.library.migrations`."""


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
        if _revision(connection) == NEWEST:
            return
    # imported here: most starts do without
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "ingest.library:migrations")
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    with engine.begin() as connection:
        revision = _revision(connection)
        if revision is not None and revision not in known:
            raise LibraryError(
                f"the library was written by a newer Footnote (its catalog is of revision "
                f"{revision}, this one knows {NEWEST}); update Footnote to open it"
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def see_newest(engine: Engine) -> None:
    """See that the tables of the catalog are those of this Footnote, and change nothing.

    Args:
        engine: of the catalog's database.

    Raises:
        LibraryError: they are another Footnote's.
    """
    with engine.execution_options(**READS).begin() as connection:
        revision = _revision(connection)
    if revision != NEWEST:
        raise LibraryError(
            f"the library's owner is another Footnote than this one (its catalog is of revision "
            f"{revision}, this one knows {NEWEST}); update the older of them and start the owner "
            "again"
        )


def _revision(connection: Connection) -> str | None:
    """What the database says it is; None of an empty one, and of one before there were revisions.

    Both begin with the first step, which makes only the tables that are missing.
    """
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision
