"""The pages of a PDF as they are read: running heads once, heads of columns side by side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from itertools import pairwise
from math import inf
from operator import add

from ingest.parse.pdf_lines import Line
from ingest.parse.shapes import columns

_EDGE_LINES = 3  # at the top and at the bottom of a page, at most
_PAGES_ALIKE = 3  # pages that make a line a running one; half of them in a short document
_EDGE_GAP = 1.8  # heights of a line; double spacing is less
_PAGE_NUMBER = re.compile(r"\W*(?:page|p\.|第)?\s*#\s*(?:(?:/|of|页)\s*#?)?\W*", re.IGNORECASE)
_HEAD_LINES = 4  # lines in the head of one column, at most
_HEAD_COLUMNS = 30  # width of such a line, at most


def without_repeats(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Take out what stands at the edge of page after page, but for its number alike.

    A running head is kept where it comes first, above or below the text of that page as it
    stands on paper, and marked as running; a page number is not kept.

    Args:
        pages: the lines of each page in reading order.
    """
    edges = [_at_edges(page) for page in pages]
    seen = Counter(key for above, below in edges for key in {_key(line) for line in above + below})
    running = {
        key
        for key, count in seen.items()
        if count >= min(_PAGES_ALIKE, max(2, len(pages) / 2))
        and (any(map(str.isalpha, key)) or _PAGE_NUMBER.fullmatch(key))
    }
    done: set[str] = set()

    def first_seen(line: Line) -> bool:
        key = _key(line)
        known = key in done or _PAGE_NUMBER.fullmatch(key) is not None
        done.add(key)
        return not known

    kept: list[list[Line]] = []
    for page, (above, below) in zip(pages, edges, strict=True):
        top = [line for line in above if _key(line) in running]
        foot = [line for line in below if _key(line) in running]
        text = [line for line in page if line not in top and line not in foot]
        top, foot = ([_run(line) for line in half if first_seen(line)] for half in (top, foot))
        kept.append([*top, *text, *foot])
    return kept


def with_column_heads(lines: Sequence[Line]) -> list[Line]:
    """Make one row of the heads of a table's columns where each is broken into lines.

    PDFium reads such heads column by column: down one, then up again and to the right.

    Args:
        lines: lines of one page in reading order.
    """
    merged: list[Line] = []
    index = 0
    while index < len(lines):
        heads, taken = _heads(lines[index:])
        merged.append(heads if taken > 1 else lines[index])
        index += taken
    return merged


def _at_edges(page: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines above and below the text of a page: few, and set apart from it."""
    downwards = sorted(page, key=lambda line: -line.bottom)
    return _apart(downwards), list(reversed(_apart(downwards[::-1])))


def _apart(lines: Sequence[Line]) -> list[Line]:
    """The first few lines, if a gap wider than any between a paragraph's lines follows."""
    for count, (line, following) in enumerate(pairwise(lines[: _EDGE_LINES + 1]), 1):
        if abs(line.bottom - following.bottom) > _EDGE_GAP * line.height:
            return list(lines[:count])
    return []


def _run(line: Line) -> Line:
    """A line as a running one, its cells no table's."""
    return replace(line, gap=0.0, running=True)


def _key(line: Line) -> str:
    """What is alike in a running line from page to page."""
    return re.sub(r"\d+", "#", line.text)


def _heads(lines: Sequence[Line]) -> tuple[Line, int]:
    """The heads of columns that lines begin with, as one row, and how many lines they are.

    The first line alone, as it is, where the lines begin with anything else.
    """
    first = before = lines[0]
    heads = [[cell] for cell in first.cells]
    lowest, highest, right = first.bottom, first.top, first.right
    taken, beside = 1, False
    if columns(first.text) > _HEAD_COLUMNS:
        return first, 1
    for line in lines[1:]:
        step = line.height / 3
        if columns(line.text) > _HEAD_COLUMNS:
            break
        if line.bottom > before.bottom + step:  # up again: the next column, or another thing
            if line.left < right or not lowest - step <= line.bottom <= highest:
                break
            heads.append([line.cells[0]])
            beside = True
        elif line.bottom < before.bottom - step:
            left = min(cell.left for cell in heads[-1])
            right = max(cell.right for cell in heads[-1])
            under = [cell for cell in line.cells if cell.left <= right and cell.right >= left]
            # several below one are a line of heads of its own
            outside = under != [line.cells[0]]
            if outside or len(heads[-1]) == _HEAD_LINES:
                break
            heads[-1].append(line.cells[0])
        else:
            break
        heads.extend([cell] for cell in line.cells[1:])
        lowest, highest = min(lowest, line.bottom), max(highest, line.top)
        right, before = max(right, line.right), line
        taken += 1
    if not beside:
        return first, 1
    cells = tuple(reduce(add, head) for head in heads)
    top = lowest + first.height
    return replace(first, cells=cells, right=right, bottom=lowest, top=top, gap=inf), taken
