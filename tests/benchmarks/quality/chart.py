"""A chart of the rankings: nDCG@10 of every pipeline, a block of bars for each set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from tests.benchmarks.quality.results import OURS, Line

_WIDTH, _COLUMNS = 960, 2
_MARGIN, _HEADING, _TITLE, _ROW, _BAR, _GAP = 24, 56, 28, 24, 16, 22
_LABELS, _VALUES = 228, 44  # widths beside the bars
_FONT = "system-ui, 'Segoe UI', Helvetica, Arial, sans-serif"
_INK, _SOFT, _PAPER, _TRACK = "#1f2933", "#52606d", "#ffffff", "#eef1f4"
_OURS, _OTHERS = "#0b6e4f", "#9fb3c8"


def draw(lines: Sequence[Line]) -> str:
    """Draw the chart.

    Args:
        lines: what was measured; those of one set are one block.

    Returns:
        An SVG that needs no other file.
    """
    names = list(dict.fromkeys(line.set_name for line in lines))
    blocks = [[line for line in lines if line.set_name == name] for name in names]
    parts: list[str] = []
    tops = [_HEADING] * _COLUMNS
    for block in blocks:
        column = tops.index(min(tops))  # where most room is left
        parts += _block(block, _MARGIN + column * (_wide() + 2 * _MARGIN), tops[column])
        tops[column] += _TITLE + len(block) * _ROW + _GAP
    height = max(tops)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
            f'width="{_WIDTH}" height="{height}" font-family="{_FONT}" font-size="13">',
            f'<rect width="{_WIDTH}" height="{height}" fill="{_PAPER}"/>',
            _text(_MARGIN, 34, "How well the passages asked for are ranked: nDCG@10", size=17),
            *parts,
            "</svg>\n",
        ]
    )


def _wide() -> int:
    """The width of a block."""
    return (_WIDTH - 2 * _MARGIN * _COLUMNS) // _COLUMNS


def _block(block: Sequence[Line], left: int, top: int) -> Iterator[str]:
    """A set: its name, and a bar for each pipeline, the best first."""
    yield _text(left, top + 14, block[0].set_name, size=14, weight=600)
    room = _wide() - _LABELS - _VALUES
    for place, line in enumerate(sorted(block, key=lambda line: -line.measures.ndcg)):
        ours = line.pipeline == OURS
        value, y = line.measures.ndcg, top + _TITLE + place * _ROW
        weight = 600 if ours else 400
        middle = y + _BAR - 3
        yield _text(left, middle, line.pipeline, colour=_INK if ours else _SOFT, weight=weight)
        for width, colour in ((room, _TRACK), (value * room, _OURS if ours else _OTHERS)):
            yield (
                f'<rect x="{left + _LABELS}" y="{y}" width="{width:.1f}" height="{_BAR}" '
                f'rx="2" fill="{colour}"/>'
            )
        shown = f"{value:.3f}".removeprefix("0")
        yield _text(left + _LABELS + room + 8, middle, shown, weight=weight)


def _text(
    x: int, y: int, text: str, *, size: int = 13, weight: int = 400, colour: str = _INK
) -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{colour}">'
        f"{escape(text)}</text>"
    )
