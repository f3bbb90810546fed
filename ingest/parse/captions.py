"""What stands just above a table."""

from __future__ import annotations

from ingest.language.rows import BETWEEN_CELLS
from ingest.parse.tables import is_unit, unit_in
from ingest.parse.writer import ReportWriter

_CAPTION = 200  # characters; what is longer is prose, whose figures may be another table's


def unit_of(caption: str) -> str:
    """Return the unit that a line above a table names.

    Args:
        caption: the line; "RMB million" is one that names nothing else.

    Returns:
        The unit as printed ("in millions"); empty where it names none, or is prose or a row of
        another table.
    """
    if len(caption) > _CAPTION or BETWEEN_CELLS in caption:
        return ""
    return unit_in(caption) or (" ".join(caption.split()) if is_unit(caption) else "")


def unit_above(writer: ReportWriter) -> str:
    """Return the unit that the block written last names, for the table that comes next.

    Args:
        writer: the report, up to the table.

    Returns:
        As `unit_of`.
    """
    return unit_of(writer.text_of(writer.count)) if writer.count else ""
