"""Tests of how a reply that is too long is cut."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.model import (
    Block,
    Button,
    Footnote,
    Heading,
    ListReports,
    Note,
    Paragraph,
    PassageQuote,
    Quotation,
    Reply,
    Table,
)
from bot.chat.split import split


def said(reply: Reply) -> str:
    """Every word of a reply's blocks, in the order of their fields."""
    return " ".join(chain.from_iterable(_strings(asdict(block)) for block in reply.blocks))


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in _strings(part)]
    if isinstance(value, list | tuple):
        return [text for part in value for text in _strings(part)]
    return []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One two. Three four.", ["One two. Three four."]),
        ("One two three. Four five six.", ["One two three.", "Four five six."]),
        ("One two.\nThree four five six.", ["One two.", "Three four five six."]),
        ("onetwothree fourfivesix seven", ["onetwothree", "fourfivesix seven"]),
        ("a" * 45, ["a" * 20, "a" * 20, "a" * 5]),
    ],
)
def test_a_paragraph_is_cut_at_its_best_boundary(text: str, parts: list[str]) -> None:
    """A line's end is better than a sentence's, that than a word's, that than none."""
    cut = split(Reply((Paragraph(text),)), lambda reply: len(said(reply)) <= 20)
    assert [said(part) for part in cut] == parts


def test_blocks_are_kept_whole_and_buttons_stay_last() -> None:
    """A block that fits is never cut, and only the last part can be pressed."""
    buttons = (Button("Older", ListReports(2)),)
    blocks = (Paragraph("one two"), Paragraph("three four"), Paragraph("five"))
    cut = split(Reply(blocks, buttons), lambda reply: len(said(reply)) <= 12)
    assert [part.blocks for part in cut] == [blocks[:1], blocks[1:2], blocks[2:]]
    assert [part.buttons for part in cut] == [(), (), buttons]


def test_no_room_at_all_is_an_error() -> None:
    """A limit that takes nothing cannot be met."""
    with pytest.raises(ValueError, match="no room"):
        split(Reply((Paragraph("text"),)), lambda reply: not reply.blocks)


FIGURE = "12.5"


@pytest.mark.parametrize("lead", ["", "Heron said so much of it then."])
@pytest.mark.parametrize("limit", [15, 30, 60, 200])
def test_a_figure_stays_marked_where_a_quotation_is_cut(lead: str, limit: int) -> None:
    """Whichever part of a quotation holds the figure asked for, and it alone, marks it."""
    text = "Sales of tin, as of all metals, grew by 12.5 % and those of copper by 1.5 %."
    start = text.index(FIGURE)
    quotation = Quotation(lead, text, 1, "", figures=((start, start + len(FIGURE)),))
    cut = split(Reply((quotation,)), lambda reply: len(said(reply)) <= limit)
    parts = [block for part in cut for block in part.blocks if isinstance(block, Quotation)]
    assert [run for part in parts for run, figure in part.runs if figure] == [FIGURE]


text = st.text(
    st.characters(categories=["L", "N", "P", "Zs"], include_characters="\n🙂"), max_size=200
)
cell = text.filter(lambda value: bool(value.strip()))
spans = st.lists(st.tuples(st.integers(0, 250), st.integers(0, 250)), max_size=3).map(tuple)
blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, text),
    st.builds(Paragraph, text),
    st.builds(Note, text),
    st.builds(Quotation, text, text, st.integers(1, 9), text, st.booleans(), text, spans),
    st.builds(Footnote, st.integers(1, 9), text, st.tuples(text, text)),
    st.builds(PassageQuote, st.integers(1, 9), text, text),
    st.builds(Table, st.tuples(cell, cell), st.lists(st.tuples(cell, cell), max_size=3).map(tuple)),
)


@given(st.lists(blocks, max_size=6).map(tuple), st.integers(min_value=12, max_value=120))
def test_nothing_is_lost_and_every_part_fits(given_blocks: tuple[Block, ...], limit: int) -> None:
    """The parts hold every character but white space, in order, and each is within the limit."""

    def fits(reply: Reply) -> bool:
        return sum(len(said(Reply((block,)))) for block in reply.blocks) <= limit

    parts = split(Reply(given_blocks), fits)
    assert all(fits(part) for part in parts)
    whole = Counter("".join(said(Reply(given_blocks)).split()))
    together = Counter("".join("".join(said(part) for part in parts).split()))
    # heads, labels and speakers may be said again with each part they belong to
    assert whole <= together
    if all(isinstance(block, Heading | Paragraph | Note) for block in given_blocks):
        assert whole == together
