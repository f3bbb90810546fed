"""What stands just above a table."""

from __future__ import annotations

import re

from ingest.language.rows import BETWEEN_CELLS
from ingest.parse.tables import is_unit, unit_in
from ingest.parse.writer import ReportWriter

_NAMED = re.compile(r"[(（]?\s*(?:单位|units?)\s*[:：][^:：\n]{1,40}", re.IGNORECASE)
_PERCENT = re.compile(r"%|per ?cent", re.IGNORECASE)
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


def is_unit_alone(text: str) -> bool:
    """Tell whether a text says what a whole table is counted in, and nothing else.

    Args:
        text: as "(RMB million)" or "单位：亿元"; a share in percent is one column's alone.
    """
    named = _NAMED.fullmatch(text.strip())
    return _PERCENT.search(text) is None and (named is not None or is_unit(text))


def unit_above(writer: ReportWriter) -> str:
    """Return the unit that the block written last names, for the table that comes next.

    Args:
        writer: the report, up to the table.

    Returns:
        As `unit_of`.
    """
    return unit_of(writer.text_of(writer.count)) if writer.count else ""
