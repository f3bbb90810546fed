"""The stretches of a passage that can be quoted: its sentences, and the rows of its table."""

from __future__ import annotations

from ingest.language.rows import BETWEEN_CELLS
from ingest.language.sentences import sentences
from ingest.records import Passage

Span = tuple[int, int]
"""Offsets in a passage's text, of the first character and behind the last."""


def stretches(passage: Passage) -> list[Span]:
    """Return the sentences and rows of a passage, in order; none is empty and none overlap."""
    prose, rows = parted(passage)
    found = list(prose)
    for start, end in rows:
        line = passage.text[start:end]
        if is_row(line):
            found.append((start, end))
        else:
            found += [(start + first, start + last) for first, last in sentences(line)]
    return found


def parted(passage: Passage) -> tuple[list[Span], list[Span]]:
    """Return the sentences before a passage's table, and the lines of the table.

    Returns:
        All its sentences and no lines where there is no table in it.
    """
    text = passage.text
    first = text.rfind("\n\n") + 2 if "\n\n" in text else 0
    lines: list[Span] = []
    start = first
    for line in text[first:].split("\n"):
        begin = start + len(line) - len(line.lstrip())
        if line.strip():
            lines.append((begin, begin + len(line.strip())))
        start += len(line) + 1
    in_cells = sum(is_row(text[begin:end]) for begin, end in lines)
    named = bool(passage.heads or passage.unit or passage.groups)
    # a line of prose may hold a bar too
    if not in_cells or not (named or 2 * in_cells >= len(lines)):
        return sentences(text), []
    return sentences(text[:first]), lines


def is_row(line: str) -> bool:
    """Whether a line of a table has more cells than one."""
    return BETWEEN_CELLS.strip() in line
