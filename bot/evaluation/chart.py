"""The curve of answered share against precision, as a picture and in a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape

from bot.evaluation.curve import Point

_WIDTH, _HEIGHT = 720, 460
_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 24, 84, 64  # around where the curves are drawn
_COLOURS = ("#3b82c4", "#c9770f")  # seen on white and on black
_COLUMNS, _ROWS = 60, 14  # of a terminal
_MARKS = ("·", "∘")
_STYLE = """
svg{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-size:13px}
.ground{fill:#fff}.ink{fill:#1d2733}.soft{fill:#5b6775}.grid{stroke:#dde2e8}.axis{stroke:#8793a1}
.ring{stroke:#fff}
@media (prefers-color-scheme:dark){
.ground{fill:#12171d}.ink{fill:#e8ecf1}.soft{fill:#9aa7b5}.grid{stroke:#2a333d}.axis{stroke:#6b7885}
.ring{stroke:#12171d}}
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One curve of a chart.

    Attributes:
        name: what it is of.
        curve: from where the fewest are answered to where the most are; at least one point.
        chosen: what the bound that was chosen makes of the same questions.
    """

    name: str
    curve: Sequence[Point]
    chosen: Point


def picture_of(lines: Sequence[Line]) -> str:
    """Draw the curves as SVG that needs no font and no file beside it.

    Args:
        lines: one or two.

    Returns:
        The picture; precision goes up, the share of questions that is answered to the right.
    """
    floor = _floor(lines)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" role="img" aria-label="Precision of the answers '
        'against the share of questions answered">',
        f"<style>{_STYLE}</style>",
        f'<rect class="ground" width="{_WIDTH}" height="{_HEIGHT}"/>',
        f'<text class="ink" x="{_LEFT}" y="30" font-size="17" font-weight="600">'
        "Answering more, or answering rightly</text>",
        f'<text class="soft" x="{_WIDTH - _RIGHT}" y="30" text-anchor="end">'
        "dot: what the chosen bound makes</text>",
        *_grid(floor),
    ]
    for number, line in enumerate(lines):
        colour = _COLOURS[number]
        path = " ".join(f"{_x(p.answered):.1f},{_y(p.precision, floor):.1f}" for p in line.curve)
        x, y = _x(line.chosen.answered), _y(line.chosen.precision, floor)
        parts += [
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5" '
            'stroke-linejoin="round" stroke-linecap="round"/>',
            f'<circle class="ring" cx="{x:.1f}" cy="{y:.1f}" r="6.5" fill="{colour}" '
            'stroke-width="2"/>',
            *_legend(number, line, colour),
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"


def text_of(lines: Sequence[Line]) -> str:
    """Draw the curves with characters.

    Args:
        lines: one or two.

    Returns:
        Lines of text, the axes included; the bound that was chosen is a "●".
    """
    floor = _floor(lines)
    cells = [[" "] * (_COLUMNS + 1) for _ in range(_ROWS + 1)]
    for number, line in enumerate(lines):
        for point in _filled(line.curve):
            row, column = _cell(point, floor)
            cells[row][column] = _MARKS[number]
    for line in lines:
        row, column = _cell((line.chosen.answered, line.chosen.precision), floor)
        cells[row][column] = "●"
    drawn = [f"precision; {', '.join(_keys(lines))}; ● as chosen"]
    for row, marks in enumerate(cells):
        share = 1 - row / _ROWS * (1 - floor)
        label = f"{share:4.0%}" if row % 2 == 0 else "    "
        drawn.append(f"{label} ┤{''.join(marks)}".rstrip())
    quarter = _COLUMNS // 4
    drawn.append(f"     └{('─' * (quarter - 1) + '┴') * 4}")
    ticks = "".join(f"{share:>{quarter}.0%}" for share in (0.25, 0.5, 0.75, 1.0))
    drawn.append(f"    0%{ticks}  of the questions answered")
    return "\n".join(drawn)


def _floor(lines: Sequence[Line]) -> float:
    """Where precision begins: the tenth below the least that is drawn."""
    least = min(p.precision for line in lines for p in (*line.curve, line.chosen))
    return max(min(math.floor(least * 10) / 10, 0.9), 0.0)


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _y(share: float, floor: float) -> float:
    height = _HEIGHT - _TOP - _BOTTOM
    return _TOP + (1 - share) / (1 - floor) * height


def _grid(floor: float) -> list[str]:
    """Lines and numbers behind the curves."""
    parts = []
    tenths = round((1 - floor) * 10)
    step = 0.02 if tenths == 1 else 0.05 if tenths <= 2 else 0.1 if tenths <= 5 else 0.2
    for number in range(int((1 - floor) / step + 1e-9) + 1):
        share = 1 - number * step
        y = _y(share, floor)
        parts.append(f'<path class="grid" d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"/>')
        parts.append(
            f'<text class="soft" x="{_LEFT - 10}" y="{y + 4.5:.1f}" text-anchor="end">'
            f"{share:.0%}</text>"
        )
    base = _HEIGHT - _BOTTOM
    for number in range(6):
        x = _x(number / 5)
        parts.append(f'<path class="axis" d="M{x:.1f} {base}v5"/>')
        parts.append(
            f'<text class="soft" x="{x:.1f}" y="{base + 21}" text-anchor="middle">'
            f"{number / 5:.0%}</text>"
        )
    middle = _TOP + (base - _TOP) / 2
    parts += [
        f'<path class="axis" d="M{_LEFT} {base}H{_WIDTH - _RIGHT}"/>',
        f'<text class="ink" x="{_x(0.5):.1f}" y="{_HEIGHT - 14}" text-anchor="middle">'
        "Share of questions answered</text>",
        f'<text class="ink" transform="translate(20 {middle:.1f}) rotate(-90)" '
        'text-anchor="middle">Share of the answers to answerable questions</text>',
    ]
    return parts


def _legend(number: int, line: Line, colour: str) -> list[str]:
    x = _LEFT + number * 290
    return [
        f'<path d="M{x} 55h22" stroke="{colour}" stroke-width="2.5"/>',
        f'<circle cx="{x + 11}" cy="55" r="4.5" fill="{colour}"/>',
        f'<text class="ink" x="{x + 30}" y="59.5">{escape(line.name)}</text>',
    ]


def _keys(lines: Sequence[Line]) -> list[str]:
    return [f"{_MARKS[number]} {line.name}" for number, line in enumerate(lines)]


def _cell(point: tuple[float, float], floor: float) -> tuple[int, int]:
    """Row and column of an answered share and a precision."""
    answered, precision = point
    return round((1 - precision) / (1 - floor) * _ROWS), round(answered * _COLUMNS)


def _filled(curve: Sequence[Point]) -> list[tuple[float, float]]:
    """Points close enough that every column of a terminal between them has one."""
    points = [(point.answered, point.precision) for point in curve]
    filled = points[:1]
    for (left, low), (right, high) in pairwise(points):
        steps = max(math.ceil((right - left) * _COLUMNS * 2), 1)
        filled += [
            (left + (right - left) * step / steps, low + (high - low) * step / steps)
            for step in range(1, steps + 1)
        ]
    return filled
