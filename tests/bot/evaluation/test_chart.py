"""Tests of drawing curves."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.chart import Line, picture_of, text_of
from bot.evaluation.curve import Point, curve_of
from tests.bot.evaluation.test_curve import questions

CURVE = [Point(0.25, 1.0, 0.6, 1.0), Point(0.5, 1.0, 0.2, 1.0), Point(1.0, 0.6, 0.0, 0.0)]
LINE = Line("questions & <answers>", CURVE, CURVE[1])
_SVG = "{http://www.w3.org/2000/svg}"


def test_a_picture_shows_each_curve_and_what_was_chosen() -> None:
    """A line goes through every point, a dot stands on the chosen one, names are escaped."""
    picture = ET.fromstring(picture_of([LINE, LINE]))  # noqa: S314 - made right here
    lines = picture.findall(f"{_SVG}polyline")
    assert len(lines) == 2
    points = lines[0].attrib["points"].split()
    assert len(points) == len(CURVE)
    dots = picture.findall(f"{_SVG}circle[@class='ring']")
    assert f"{dots[0].attrib['cx']},{dots[0].attrib['cy']}" == points[1]
    texts = [each.text for each in picture.findall(f"{_SVG}text")]
    assert "questions & <answers>" in texts
    assert {"100%", "60%", "0%"} <= set(texts)


@pytest.mark.parametrize(
    ("least", "ticks"),
    [(0.99, ["90%", "92%"]), (0.85, ["80%", "85%"]), (0.55, ["50%"]), (0.0, ["0%", "20%"])],
)
def test_precision_begins_where_the_curves_do(least: float, ticks: list[str]) -> None:
    """What is far from the curves is not drawn, so that they can be told apart."""
    point = Point(0.5, least, 0.0, 0.0)
    picture = ET.fromstring(picture_of([Line("a", [point], point)]))  # noqa: S314 - as above
    shown = [
        each.text
        for each in picture.findall(f"{_SVG}text")
        if each.attrib.get("text-anchor") == "end" and (each.text or "").endswith("%")
    ]
    assert [each for each in shown if each in ticks] == list(reversed(ticks))
    assert shown[0] == "100%"


def test_a_terminal_shows_it_too() -> None:
    """Both axes, the names and the chosen point stand in plain lines."""
    drawn = text_of([LINE]).splitlines()
    assert "· questions & <answers>" in drawn[0]
    assert [line.index("●") for line in drawn[1:] if "●" in line] == [6 + 30]
    assert drawn[1].startswith("100% ┤")
    assert drawn[-3].startswith(" 60% ┤")
    assert drawn[-1].endswith("100%  of the questions answered")


@given(st.lists(questions, min_size=1, max_size=2))
def test_every_curve_can_be_drawn(asked: list[list[object]]) -> None:
    """No curve leaves the picture or the terminal."""
    lines = [
        Line(str(number), curve, curve[0])
        for number, each in enumerate(asked)
        if (curve := curve_of(each))  # type: ignore[arg-type]  # as the strategy makes them
    ]
    if not lines:
        return
    assert max(map(len, text_of(lines).splitlines()[1:-1])) <= 6 + 61
    for each in ET.fromstring(picture_of(lines)).findall(f"{_SVG}polyline"):  # noqa: S314 - above
        for point in each.attrib["points"].split():
            x, y = map(float, point.split(","))
            assert 72 <= x <= 696
            assert 84 <= y <= 396.1
