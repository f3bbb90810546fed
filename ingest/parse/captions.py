"""What stands just above a table."""

from __future__ import annotations

from ingest.parse.tables import unit_in
from ingest.parse.writer import ReportWriter

_CAPTION = 200  # characters; what is longer is prose, whose figures may be another table's


def unit_above(writer: ReportWriter) -> str:
    """Return the unit that the block written last names, for the table that comes next.

    Args:
        writer: the report, up to the table.

    Returns:
        The unit as printed ("in millions"); empty where the block names none or is prose.
    """
    above = writer.text_of(writer.count) if writer.count else ""
    return unit_in(above) if len(above) <= _CAPTION else ""
