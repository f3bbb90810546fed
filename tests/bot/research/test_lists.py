"""Tests of lists: of which one a piece of evidence is an item, and how it is told."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.lists import list_around
from bot.research.model import Answer, Question
from bot.research.pieces import asked_of, pieces
from bot.research.understand import understand
from ingest.language.sentences import sentences
from ingest.records import Hit
from tests.bot.research.reading_room import NOON, ReadingRoom
from tests.bot.research.test_answer import concluded, evidence, passage

WHICH = Question("List the metals that Chile sells.", NOON)


def items(text: str, holding: str) -> list[str]:
    """The items of the list that the sentence which holds some words stands in."""
    hit = passage(text)
    spans = sentences(text)
    [place] = [at for at, (start, end) in enumerate(spans) if holding in text[start:end]]
    return [each.text for each in list_around(evidence(hit, place), understand(WHICH))]


@pytest.mark.parametrize(
    ("text", "holding", "told"),
    [
        (
            "Chile is rich.\nIt sells:\n• Copper to China.\n• Tin to Peru.\n\nIt rains.",
            "Tin",
            ["It sells:\n• Copper to China.", "• Tin to Peru."],
        ),
        (
            "1. Copper goes\nto China.\n2. Tin goes\nto Peru.\nIt rains in Lima.",
            "Copper",
            ["1. Copper goes\nto China.", "2. Tin goes\nto Peru."],
        ),
        (
            "It rains. Chile sells (1) copper to China; (2) tin to Peru. It is rich.",
            "copper",
            ["Chile sells (1) copper to China;", "(2) tin to Peru."],
        ),
        (
            "智利出口：①铜，销往中国；②锡，销往秘鲁。天在下雨。",
            "铜",
            ["智利出口：①铜，销往中国；", "②锡，销往秘鲁。"],
        ),
        (
            "1、铜销往中国。\n2、锡销往秘鲁。\n3、金。",
            "锡",
            ["1、铜销往中国。", "2、锡销往秘鲁。", "3、金。"],
        ),
        # beside a list, not in it
        ("It rains in Lima.\n• Copper to China.\n• Tin to Peru.", "rains", []),
        # no lists
        ("1. Copper goes to China.\n3. Tin goes to Peru.", "Tin", []),
        ("Copper(1) and tin(2) are sold. It rains.", "Copper", []),
        ("- Copper goes to China.", "Copper", []),
        ("• Copper to China.\n\nIt rains in Lima.\n\n• Tin to Peru.", "Tin", []),
        (f"1. Copper {'x' * 700}.\n2. Tin to Peru.", "Tin", []),
    ],
)
def test_a_list_is_told_from_its_first_item_on(text: str, holding: str, told: list[str]) -> None:
    """Bullets of one sort and numbers in order make a list; what leads to it is told with it."""
    assert items(text, holding) == told


@pytest.mark.parametrize(
    ("section", "text", "told"),
    [
        ("Exports", "• Copper.\n• Tin.", 2),
        ("What we expect", "• Copper.\n• Tin.", 0),
        ("What we expect", "The metals are:\n• Copper.\n• Tin.", 2),
        ("What we expect", "• Chile sells copper.\n• Tin.", 2),
        ("Metals of Chile", "• Copper.\n• Tin.", 2),
    ],
)
def test_a_list_of_other_things_is_not_told(section: str, text: str, told: int) -> None:
    """Its heading, the line that leads to it or half of its items speak of what is asked for."""
    hit = passage(text)
    hit = replace(hit, passage=replace(hit.passage, section=section))
    found = list_around(evidence(hit, len(sentences(text)) - 1), understand(WHICH))
    assert len(found) == (told if section != "Exports" else 0)


LINES = st.lists(
    st.sampled_from(
        ["• Copper.", "- Tin", "1. Gold.", "2. Iron", "(1) Zinc; (2) lead.", "", "It is:"]
    ),
    max_size=9,
).map("\n".join)


@given(LINES)
def test_items_stand_in_order_and_apart(text: str) -> None:
    """Items are stretches of the text in order, none empty, the best evidence among them."""
    hit = passage(text)
    for place, (start, end) in enumerate(sentences(text)):
        found = list_around(evidence(hit, place), understand(WHICH))
        spans = [each.sentences[each.place] for each in found]
        assert all(first < last for first, last in spans)
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
        assert not spans or any(first < end and start < last for first, last in spans)


def table() -> Hit:
    """A passage of a table of sales."""
    hit = passage("Metals | 2023\nCopper | 9\nTin | 8\nShips | 7")
    groups = ("", "Sales of metals", "Sales of metals", "Others")
    return replace(
        hit, passage=replace(hit.passage, heads=("", "2023"), unit="dollars", groups=groups)
    )


def test_rows_under_one_label_are_a_list() -> None:
    """The rows of a table that stand under the same line as the best one are told with it."""
    query = understand(WHICH)
    hit = table()
    found = pieces(hit.passage, asked_of(query.text, query.terms))
    spans = tuple((piece.start, piece.end) for piece in found)
    [place] = [at for at, piece in enumerate(found) if piece.text.startswith("Tin")]
    best = replace(evidence(hit), sentences=spans, place=place, told=found[place].told)
    assert [each.told for each in list_around(best, query)] == [
        "Sales of metals: Copper, 2023: 9 dollars",
        "Sales of metals: Tin, 2023: 8 dollars",
    ]


@pytest.mark.parametrize(
    ("number", "holding", "first", "last", "more"),
    [(3, "metal 1", 1, 3, 0), (12, "metal 2", 1, 8, 4), (12, "metal 11", 4, 11, 4)],
)
def test_an_answer_tells_eight_items(
    number: int, holding: str, first: int, last: int, more: int
) -> None:
    """A list question is answered with the items in order, and how many more there are."""
    text = "\n".join(f"• Chile sells metal {at}." for at in range(1, number + 1))
    at = next(place for place, (a, b) in enumerate(sentences(text)) if holding + "." in text[a:b])
    found = concluded(evidence(passage(text, start=50), at), question=WHICH)
    assert isinstance(found, Answer)
    assert [each.text for each in found.statements] == [
        f"• Chile sells metal {at}." for at in range(first, last + 1)
    ]
    assert [each.more for each in found.statements] == [0] * (last - first) + [more]
    assert len(found.citations) == 1
    for each in found.statements:
        assert text[each.start - 50 : each.end - 50] == each.text


def test_what_stands_in_a_list_is_not_told_again() -> None:
    """Behind a list comes what else is best, and nothing of the list itself."""
    hit = passage("It sells:\n\n• Copper of Chile.\n• Tin of Chile.\n\nChile sells lead too.")
    spans = sentences(hit.passage.text)
    places = {hit.passage.text[start:end]: at for at, (start, end) in enumerate(spans)}
    ranked = [evidence(hit, place) for text, place in places.items() if "Chile" in text]
    found = concluded(*ranked, question=WHICH)
    assert isinstance(found, Answer)
    assert [each.text for each in found.statements] == [
        *("It sells:\n\n• Copper of Chile.", "• Tin of Chile.", "Chile sells lead too."),
    ]


def test_a_list_of_a_library_is_told_whole(room: ReadingRoom) -> None:
    """Asked of a library, the items stand at their offsets, those too that hold no asked word."""
    text = "It rains in Lima. Metals that Chile sells are: (1) copper; (2) tin; (3) zinc. It rains."
    found = room.ask(WHICH.text, text)
    assert isinstance(found, Answer)
    assert [statement.text for statement in found.statements] == [
        *("Metals that Chile sells are: (1) copper;", "(2) tin;", "(3) zinc."),
    ]
    for each in found.statements:
        whole = room.library.text_of(each.citation.report)
        assert whole[each.start : each.end] == each.text
