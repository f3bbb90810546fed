"""What the rows of a table are: which of them are heads, and what the figures are counted in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.language.rows import is_figure, is_year
from ingest.parse.shapes import columns

_HEAD_COLUMNS = 80  # width of a head, at most
_SPAN = re.compile(
    r"\b(?:months?|quarters?|years?|weeks|periods?) end(?:ed|ing)\b|\bas (?:of|at)\b"
    r"|截至|截止",
    re.IGNORECASE,
)
# what stands above columns and holds figures all the same
_TIME = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\b(?:19|20)\d\d\b|\b[1-4]?[QH][1-4]?\b"
    r"|\b(?:FY|CY)|\b(?:quarter|half|year|month|week|day)s?\b.*\bended\b|年|月|季度",
    re.IGNORECASE,
)
_INDENT = 2.5  # points; less is no indent
_TOTAL = re.compile(r"(?:sub-?)?total\b|合计|总计|小计", re.IGNORECASE)
_PLAIN_ROWS = 3  # rows without any figure that make it plain that the first is heads
_CHINESE_SCALE = "百万|千万|百亿|千亿|万亿|[百千万亿]"
_SCALE = rf"(?:thousand|million|billion|trillion)s?|{_CHINESE_SCALE}"
_MONEY = (
    r"(?:US|HK|NT)?[$€£¥]|USD|RMB|CNY|HKD|EUR|GBP|JPY|(?:US |U\.S\. |HK )?dollars?|yuan|euros?"
    r"|pounds?|yen|won|元|美元|港元|人民币"
)
# "(in millions, except per share amounts)", "Unit: 100 million yuan", "(RMB million)", "单位：亿元"
_UNIT = re.compile(
    rf"[(（\[]\s*(?P<inside>(?:[^()（）\[\]]{{0,40}}\b)?in (?:{_SCALE}|percent|%)\b"
    r"[^()（）\[\]]{0,80}"
    rf"|(?:{_MONEY})\s?(?:'000|{_SCALE}|bn|mn|m|k)s?"
    rf"|(?:人民币|港币)?(?:{_CHINESE_SCALE})?(?:元|美元|港元)"
    rf"|(?:\d+ )?(?:{_SCALE}) (?:of )?(?:{_MONEY}|units|shares|people)"
    rf"|(?:unaudited;?,?\s*)?(?:amounts |dollars )in [^()（）\[\]]{{3,80}})\s*[)）\]]"
    r"|\b(?:units?|单位)\s*[:：]\s*(?P<named>[^|\n;；。)）\]]{1,40})"
    rf"|^\s*(?P<alone>(?:amounts |dollars |US\$ |RMB )?in (?:{_SCALE})\b[^.|\n]{{0,80}})\s*$",
    re.IGNORECASE,
)


def unit_in(text: str) -> str:
    """Return the unit that a caption, a head or a line above a table names; empty if none."""
    found = _UNIT.search(text)
    if found is None:
        return ""
    return " ".join((found["inside"] or found["named"] or found["alone"] or "").split())


def is_unit(text: str) -> bool:
    """Tell whether a text says what is counted in, and nothing else: "(in millions)"."""
    inside = " ".join(text.strip("()（）[] ").split())
    return bool(inside) and unit_in(f"({inside})").casefold() == inside.casefold()


def unit_among(heads: Sequence[Sequence[str]]) -> str:
    """Return the unit of a table that its heads name, empty if none.

    One that stands in the head of some columns is theirs alone.

    Args:
        heads: rows of heads, the cell of the labels first in each.
    """
    for label, *others in heads:
        told = {cell for cell in others if cell.strip()}
        alone = next(iter(told)) if len(told) == 1 else ""
        over_all = unit_in(alone) if len(others) > 1 and set(others) == told else ""
        unit = unit_in(label) or (alone.strip("()（）[] ") if is_unit(alone) else over_all)
        if unit:
            return unit
    return ""


def head_rows(rows: Sequence[Sequence[str]], most: int = 4) -> int:
    """Tell how many rows at the top of a table are heads, by the form of its cells.

    Heads are what stands above the first row that says something of its label.

    Args:
        rows: n rows of cells, a cell's column being its place.
        most: more rows are none.
    """
    body = next((place for place, row in enumerate(rows) if is_body(row)), None)
    if body is None:
        return _plain_heads(rows)
    if body > most:
        return 0
    # a label alone right above the figures stands over rows, not over columns
    while body and not any(cell.strip() for cell in rows[body - 1][1:]):
        body -= 1
    above = rows[:body]
    if any(columns(cell) > _HEAD_COLUMNS for row in above for cell in row):
        return 0
    return body


def heads_of(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return what rows of heads say of each column, from the uppermost down.

    What is the same in two lines, as a head over several columns is, is said once. A stretch of
    time at the beginning of a line ("Three Months Ended September 30,") goes with all of it.

    Args:
        rows: the rows of heads alone, as many cells in each as the table has columns, or fewer.
    """
    rows = [_with_span(row) for row in rows]
    width = max(map(len, rows), default=0)
    heads = []
    for column in range(width):
        said = [row[column].strip() for row in rows if column < len(row) and row[column].strip()]
        heads.append(" ".join(text for at, text in enumerate(said) if text not in said[:at]))
    return tuple(heads)


def _with_span(row: Sequence[str]) -> list[str]:
    """A line of heads, a stretch of time in its first cell said of every other one."""
    first, *rest = row
    if not is_span(first) or not any(cell.strip() for cell in rest):
        return list(row)
    return ["", *(f"{first.strip()} {cell.strip()}" if cell.strip() else "" for cell in rest)]


def groups_of(rows: Sequence[Sequence[str]], lefts: Sequence[float | None] = ()) -> tuple[str, ...]:
    """Return of each row the lines it stands under, ": " between them; nothing where none does.

    A row of a label alone stands over those below it that are set further in. Where none are,
    as far as can be seen, it stands over those down to the next such row, or to a total.

    Args:
        rows: n rows of cells.
        lefts: where the label of each begins, in any unit; None, or too few of them, where that
            cannot be seen.
    """
    places = [lefts[at] if at < len(lefts) else None for at in range(len(rows))]
    groups: list[str] = []
    open_groups: list[
        tuple[str, float | None, bool]
    ] = []  # label, its place, whether set further in
    for at, (row, left) in enumerate(zip(rows, places, strict=True)):
        label = row[0].strip() if row else ""
        alone = bool(label) and not any(cell.strip() for cell in row[1:])
        open_groups = [
            group for group in open_groups if _stands_over(group, left, label, alone=alone)
        ]
        groups.append(": ".join(name for name, _, _ in open_groups))
        if alone:
            following = places[at + 1] if at + 1 < len(places) else None
            deeper = left is not None and following is not None and following > left + _INDENT
            open_groups.append((label.rstrip(":： "), left, deeper))
        elif label and _TOTAL.match(label):
            open_groups = [group for group in open_groups if group[2]]
    return tuple(groups) if any(groups) else ()


def _stands_over(
    group: tuple[str, float | None, bool], left: float | None, label: str, *, alone: bool
) -> bool:
    """Whether a row of a label alone stands over the next row that is not nearer to it."""
    _, place, deeper = group
    if deeper and place is not None and left is not None:
        # a row without a label goes with the one above it
        return not label or left > place + _INDENT
    return not alone


def is_span(label: str) -> bool:
    """Tell whether a label says when, of all columns: "Three Months Ended September 30,"."""
    return _SPAN.search(label) is not None


def is_body(row: Sequence[str]) -> bool:
    """Tell whether a row says something of its label, rather than what its columns are.

    Args:
        row: its cells, the first one empty where it has no label.
    """
    first, *rest = (cell.strip() for cell in row)
    told = [cell for cell in rest if cell]
    figures = [cell for cell in told if is_figure(cell) and not is_year(cell)]
    labelled = bool(first) and not is_span(first) and not is_unit(first)
    if figures or not labelled:
        return bool(figures)
    if not all(map(is_year, told)):
        return any(any(map(str.isdigit, cell)) and not _TIME.search(cell) for cell in told)
    years = [int(found[0]) for cell in told if (found := re.search(r"\d{4}", cell))]
    # in a row as years go, they stand above columns
    steps = {later - earlier for earlier, later in pairwise(years)}
    return bool(told) and not steps <= {-1, 0, 1}


def _plain_heads(rows: Sequence[Sequence[str]]) -> int:
    """How many heads a table without figures has: one row, all cells short, filled, unlike."""
    if len(rows) < _PLAIN_ROWS:
        return 0
    first = [cell.strip() for cell in rows[0]]
    alike = len(set(first)) < len(first)
    if alike or not all(first) or any(columns(cell) > _HEAD_COLUMNS / 2 for cell in first):
        return 0
    return 1
