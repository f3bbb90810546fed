"""What of a passage can be quoted: its sentences, and the rows of its tables with their heads.

A row says little without what stands above and beside its figures, so it is told in words. Of a
long one only the cells are told that the question asks for, and never one that stands under a
head which the question rules out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.research.sought import stem_of, stems
from bot.research.telling import closed, is_caption, tells
from bot.research.times import Times, times_in
from ingest.language.rows import Cell, cells_of, is_figure, split_cells
from ingest.language.sentences import sentences
from ingest.language.stretches import is_row, parted
from ingest.records import Passage

_MOST_CELLS = 5  # of a row that the question does not choose from
_COMPARED = re.compile(
    r"\b(?:compar(?:ed|es?|ing) (?:with|to)|relative to|versus|vs\.?|than)\b|较", re.IGNORECASE
)
_OF_CONTENTS = re.compile(r"pages?(?: no\.?)?|页码?", re.IGNORECASE)
_JOINING = frozenset(
    {"a", "an", "and", "at", "by", "for", "in", "of", "on", "or", "per", "the", "to"}
)
# labels that say nothing without the row above
_OF_ABOVE = re.compile(
    r"(?:as )?(?:a )?(?:percentage|percent|%) of .*"
    r"|(?:yoy|y/y|qoq|q/q|annual|year[- ]on[- ]year|year[- ]over[- ]year)\b.*"
    r"|%? ?(?:change|growth|increase|margin|share)(?: rate)?(?:\s*[(（].*[)）]|,? %| yoy)?"
    r"|(?:同比|环比)?(?:增速|增长率?|变动|变化|占比|比重)(?:\s*[(（].*[)）])?",
    re.IGNORECASE,
)
_CALLED = {3: "quarter", 6: "half", 12: "year"}  # stretches of so many months


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a question chooses among the cells of a row.

    Attributes:
        times: the times it names.
        stems: of its content words.
    """

    times: Times
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence of a passage, or a row of its table.

    Attributes:
        start: offset in the passage's text.
        end: offset behind its last character.
        text: itself, verbatim.
        is_row: it is a row of a table.
        quotable: it says something that answers could be made of.
        told: a row in words, with its heads and unit; empty where the text speaks for itself.
        figures: what must hold the figure that a question asks for.
        around: what else says what a row is about: its section, and what its time is called.
        group: the lines that a row stands under; empty where there are none.
        apt: how far the label of a row is what is asked for and no other thing, 0 to 1; half of
            what has no label.
    """

    start: int
    end: int
    text: str
    is_row: bool = False
    quotable: bool = False
    told: str = ""
    figures: str = ""
    around: str = ""
    group: str = ""
    apt: float = 0.5

    @property
    def said(self) -> str:
        """What a question is compared with."""
        return self.told or self.text


def asked_of(question: str, terms: Sequence[str]) -> Asked:
    """Return what of a question chooses among cells.

    Args:
        question: in the asker's words.
        terms: its content words.
    """
    times = Times() if _is_of_two_times(question) else times_in(question)
    return Asked(times, frozenset(stem_of(term) for term in terms))


def pieces(passage: Passage, asked: Asked) -> list[Piece]:
    """Return the sentences and rows of a passage, in order.

    Args:
        passage: any.
        asked: chooses the cells of rows.
    """
    found: list[Piece] = []
    text = passage.text
    prose, rows = parted(passage)
    for start, end in prose:
        found.append(_sentence(passage, start, end))
    groups = ["" for _ in rows]
    if passage.groups:
        groups = [*groups, *passage.groups][-len(rows) :] if rows else []
    above: str | None = None  # label of the last row that can stand alone
    for (start, end), group in zip(rows, groups, strict=True):
        line = text[start:end]
        if not is_row(line):
            above = ""
            for begin, stop in sentences(line):
                piece = _sentence(passage, start + begin, start + stop)
                # a label alone stands over other rows; a column of prose says something
                found.append(replace(piece, quotable=piece.quotable and closed(piece.text)))
            continue
        label = split_cells(line)[0].strip()
        row = Piece(start, end, line, is_row=True, figures=line, group=group)
        if not _OF_ABOVE.fullmatch(label):
            above = above if _is_heads(line, passage) else label
            found.append(_row(row, passage, group, asked))
        elif above is not None:
            under = ": ".join(filter(None, (group, above)))
            found.append(_row(row, passage, under, asked))
        else:  # of what it tells stands in the passage before
            found.append(row)
    return found


def has_asked_row(passage: Passage, asked: Asked) -> bool:
    """Whether the label of a row names anything that is asked for; quicker than `pieces`."""
    return any(
        asked.stems & stems(split_cells(line)[0])
        for line in passage.text.split("\n")
        if is_row(line)
    )


def chosen(cells: Sequence[Cell], asked: Asked, context: Times) -> list[Cell]:
    """Return those cells of a row that a question asks for, in order.

    None is under a head that the question rules out, and of a time that it names no figure is
    chosen of which that cannot be told. Where it asks for no cell before others, five are
    chosen, the last ones where their heads are times in order.

    Args:
        cells: of one row.
        asked: what the question names.
        context: the times that all of the row is of, where its label or section says so.
    """
    times = {cell: times_in(cell.head).within(context) for cell in cells}
    left = [
        cell
        for cell in cells
        if not asked.times.rules_out(times[cell])
        and not _OF_CONTENTS.fullmatch(cell.head)
        and not _is_of_other_time(cell.value, asked)
    ]
    timed = [cell for cell in left if asked.times.meets(times[cell])]
    if asked.times.named and any(times[cell].named for cell in cells):
        timed = [cell for cell in timed if times[cell].named]
    if asked.times.is_years:
        timed = [cell for cell in timed if times[cell].is_years] or timed
    if not timed and any(asked.times.rules_out(times[cell]) for cell in cells):
        return []  # what is left, a change perhaps, is of the times that are ruled out
    if asked.times.says_any and sum(not cell.head and is_figure(cell.value) for cell in left) > 1:
        return []  # nobody knows which of them is of the time asked for
    worded = _worded(left, asked)
    best = [cell for cell in worded if cell in timed] if timed else worded
    wanted = best or [cell for cell in left if cell in timed or cell in worded] or left
    if len(wanted) <= _MOST_CELLS:
        return wanted
    firsts = [min((time.first for time in times[cell].named), default=0) for cell in wanted]
    rising = all(one < other for one, other in pairwise(firsts))
    return wanted[-_MOST_CELLS:] if rising else wanted[:_MOST_CELLS]


def _is_of_two_times(question: str) -> bool:
    """Whether it asks of a time that it names and of another that it does not name.

    "How did sales change compared with 2022?" does.
    """
    found = _COMPARED.search(question)
    if found is None or times_in(question[: found.start()]).says_any:
        return False
    return times_in(" ".join(question[found.end() :].split()[:3])).says_any


def _sentence(passage: Passage, start: int, end: int) -> Piece:
    text = passage.text[start:end]
    return Piece(start, end, text, quotable=tells(text, passage.header), figures=text)


def _row(row: Piece, passage: Passage, group: str, asked: Asked) -> Piece:
    """A row with what is told of it, under the lines `group`."""
    text = row.text
    if is_caption(text) or _is_heads(text, passage) or _may_be_cut(row, passage):
        return row
    cells = cells_of(text, passage.heads, passage.unit, group)
    label = cells[0].label if cells else ""
    section = passage.section.rpartition(" › ")[2]
    context = Times()
    for part in (section, *label.split(": ")):
        times = times_in(part)
        context = times.within(context) if times.alone else context
    wanted = chosen(cells, asked, context)
    spans = {months for cell in wanted for months in times_in(cell.head).within(context).spans}
    around = " ".join((section, *(_CALLED[months] for months in sorted(spans & _CALLED.keys()))))
    row = replace(row, around=around)
    if not wanted or asked.times.rules_out(context):
        return row
    if not (passage.unit or group or any(cell.head or cell.unit for cell in cells)):
        return replace(row, quotable=tells(text, passage.header))
    return replace(
        row,
        quotable=any(map(str.isalnum, label)),
        apt=_aptness(label, asked),
        told=_told(wanted),
        figures=" ".join(f"{cell.value} {cell.unit}" for cell in wanted),
    )


def _told(cells: Sequence[Cell]) -> str:
    """Cells of one row in words, what they share said once."""
    last = len(cells) - 1
    unit = cells[0].unit
    shared = all(str(cell).endswith(f"({unit})") and cell.unit == unit for cell in cells)
    return "; ".join(
        str(
            cell._replace(
                label="" if at else cell.label, unit="" if shared and at < last else cell.unit
            )
        )
        for at, cell in enumerate(cells)
    )


def _aptness(label: str, asked: Asked) -> float:
    """The share of asked words in a label, in its last line and in all of it alike."""
    shares = []
    for part in (label.rpartition(": ")[2], label):
        said = stems(part) - _JOINING
        said = {word for word in said if not word.isdecimal()}
        shares.append(len(said & asked.stems) / len(said) if said else 0.5)
    return sum(shares) / len(shares)


def _worded(cells: Sequence[Cell], asked: Asked) -> list[Cell]:
    """The cells whose heads hold most words of the question that other heads do not hold."""
    # times are chosen by what they mean
    heads = [stems(times_in(cell.head).rest) & asked.stems for cell in cells]
    shared = set.intersection(*heads) if heads else set()
    most = max((len(head - shared) for head in heads), default=0)
    return [cell for cell, head in zip(cells, heads, strict=True) if most == len(head - shared) > 0]


def _is_heads(row: str, passage: Passage) -> bool:
    """Whether a row says nothing but what stands above columns."""
    told = [cell.strip("()（） ") for cell in split_cells(row) if cell.strip()]
    above = [*passage.heads, passage.unit]
    return all(
        any(re.search(rf"(?<!\w){re.escape(cell)}(?!\w)", head) for head in above) for cell in told
    )


def _is_of_other_time(value: str, asked: Asked) -> bool:
    """Whether a cell itself says that its figure is of a time not asked for; a day is no figure."""
    times = times_in(value)
    return not times.alone and asked.times.rules_out(times)


def _may_be_cut(row: Piece, passage: Passage) -> bool:
    """Whether the beginning of a row may stand in the passage before.

    Its cells would then be told under the heads of others.
    """
    return row.start == 0 and len(split_cells(row.text)) < len(passage.heads)
