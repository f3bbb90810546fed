"""Charts of office documents as the tables they are drawn from."""

from __future__ import annotations

from itertools import islice
from typing import Any

from ingest.parse.number_formats import GENERAL, shown
from ingest.parse.zipped import child, descendants, local

_MOST_POINTS = 2_000  # of a series; nobody reads more off a chart
_MOST_SERIES = 100


def chart_title(chart: Any) -> str:
    """Return the title of a chart; empty where it has none.

    Args:
        chart: the root element of its part.
    """
    title = child(chart, "chart", "title")
    return "" if title is None else "".join(text.text or "" for text in descendants(title, "t"))


def chart_rows(chart: Any) -> list[list[str]]:
    """Return the table of a chart: a row of heads, then a row for each category.

    Args:
        chart: the root element of its part.

    Returns:
        No rows where the chart holds no figures.
    """
    names: list[str] = []
    series: list[dict[int, str]] = []
    labels: dict[int, str] = {}
    for drawn in islice(descendants(chart, "ser"), _MOST_SERIES):
        values = _points(child(drawn, "val") if child(drawn, "val") is not None else _y(drawn))
        if not values:
            continue
        categories = _points(child(drawn, "cat") if child(drawn, "cat") is not None else _x(drawn))
        if labels and categories and categories != labels:
            continue  # drawn over something else; a row would say what is not so
        labels = labels or categories
        names.append(" ".join(_points(child(drawn, "tx")).values()))
        series.append(values)
    if not series:
        return []
    places = sorted({place for values in series for place in values})
    rows = [["", *names]]
    for place in places:
        label = labels.get(place, "")
        rows.append([label, *(values.get(place, "") for values in series)])
    return rows


def _x(drawn: Any) -> Any:
    return child(drawn, "xVal")


def _y(drawn: Any) -> Any:
    return child(drawn, "yVal")


def _points(holder: Any) -> dict[int, str]:
    """What a series holds at each place, as shown; of labels in levels, the outer ones first."""
    if holder is None:
        return {}
    levels = list(descendants(holder, "lvl")) or [holder]
    told = [_level(level) for level in levels]
    points = dict(told[0])
    for outer in told[1:]:
        current = ""
        for place in range(max(points, default=-1) + 1):
            current = outer.get(place, current)
            if place in points:
                points[place] = f"{current} {points[place]}".strip()
    return points


def _level(level: Any) -> dict[int, str]:
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
                text = shown(text, point.get("formatCode") or usual)
            except ValueError:
                continue
        points[int(place)] = text
    if not found:
        value = child(level, "v")
        if value is not None and value.text:
            points[0] = value.text.strip()
    return points
