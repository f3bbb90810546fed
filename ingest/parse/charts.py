"""Charts of office documents as the tables they are drawn from."""

from __future__ import annotations

from itertools import islice
from typing import Any

from ingest.parse.grids import write_grid
from ingest.parse.number_formats import GENERAL, shown
from ingest.parse.writer import ReportWriter
from ingest.parse.zipped import child, descendants, local, own
from ingest.records import BlockKind

_MOST_POINTS = 2_000  # of a series; nobody reads more off a chart
_MOST_SERIES = 100


def write_chart(writer: ReportWriter, chart: Any, page: int | None = None) -> None:
    """Write the title of a chart and its table; nothing of one without figures but the title.

    Args:
        writer: takes the blocks.
        chart: the root element of its part.
        page: the page it stands on, from 1; None where there are no pages.
    """
    writer.add(BlockKind.PARAGRAPH, _title(chart), page)
    write_grid(writer, _rows(chart), page=page, heads=1)


def _title(chart: Any) -> str:
    """The title of a chart; empty where it has none."""
    title = child(chart, "chart", "title")
    return "" if title is None else "".join(text.text or "" for text in descendants(title, "t"))


def _rows(chart: Any) -> list[list[str]]:
    """The table of a chart: a row of heads, then a row for each category; none without figures."""
    counted = child(chart, "date1904")
    from_1904 = counted is not None and own(counted, "val") not in {"0", "false"}
    names: list[str] = []
    series: list[dict[int, str]] = []
    labels: dict[int, str] = {}
    for drawn in islice(descendants(chart, "ser"), _MOST_SERIES):
        values = _points(_first(drawn, "val", "yVal"), from_1904=from_1904)
        if not values:
            continue
        categories = _points(_first(drawn, "cat", "xVal"), from_1904=from_1904)
        if labels and categories and categories != labels:
            continue  # drawn over something else; a row would say what is not so
        labels = labels or categories
        names.append(" ".join(_points(child(drawn, "tx"), from_1904=from_1904).values()))
        series.append(values)
    if not series:
        return []
    places = sorted({place for values in series for place in values})
    rows = [["", *names]]
    for place in places:
        label = labels.get(place, "")
        rows.append([label, *(values.get(place, "") for values in series)])
    return rows


def _first(drawn: Any, *names: str) -> Any:
    """The first of some parts that a series has; None where it has none of them."""
    return next(filter(lambda part: part is not None, (child(drawn, each) for each in names)), None)


def _points(holder: Any, *, from_1904: bool) -> dict[int, str]:
    """What a series holds at each place, as shown; of labels in levels, the outer ones first."""
    if holder is None:
        return {}
    levels = list(descendants(holder, "lvl")) or [holder]
    told = [_level(level, from_1904=from_1904) for level in levels]
    points = dict(told[0])
    for outer in told[1:]:
        current = ""
        for place in range(max(points, default=-1) + 1):
            current = outer.get(place, current)
            if place in points:
                points[place] = f"{current} {points[place]}".strip()
    return points


def _level(level: Any, *, from_1904: bool) -> dict[int, str]:
    """What the points of one level say."""
    points: dict[int, str] = {}
    cache = next((each for each in level.iter() if local(each) in {"numCache", "numLit"}), None)
    code = child(cache, "formatCode") if cache is not None else None
    usual = (code.text or GENERAL) if code is not None else GENERAL
    found = list(descendants(level, "pt"))
    for point in found[:_MOST_POINTS]:
        value = child(point, "v")
        place = point.get("idx", "")
        if value is None or not value.text or not (place.isascii() and place.isdigit()):
            continue
        if len(place) > 9 or int(place) >= _MOST_POINTS:
            continue
        text = value.text.strip()
        if cache is not None:
            try:
                text = shown(text, point.get("formatCode") or usual, from_1904=from_1904)
            except ValueError:
                continue
        points[int(place)] = text
    if not found:
        value = child(level, "v")
        if value is not None and value.text:
            points[0] = value.text.strip()
    return points
