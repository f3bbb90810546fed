"""Tests of who is set side by side where a question compares what houses say."""

from __future__ import annotations

import pytest

from bot.research.model import Answer, Question
from bot.research.sides import Side, sides_of
from bot.research.understand import understand
from ingest.records import Known
from tests.bot.research.reading_room import NOON, ReadingRoom
from tests.ingest.library.shelves import described, put, source

KNOWN = Known(publishers=("Heron Securities", "Quill Research", "鹭证券"))
HERON, QUILL = frozenset({"Heron Securities"}), frozenset({"Quill Research"})


def sides(text: str) -> tuple[Side, ...]:
    """The sides of a question."""
    return sides_of(understand(Question(text, NOON), KNOWN), KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "Compare Heron and Quill on copper.",
        "Compare Heron's view of copper with Quill's.",
        "What do Heron and Quill think of copper?",
        "How do Heron and Quill differ on copper?",
        "How does Heron compare with Quill Research on copper?",
    ],
)
def test_each_house_is_asked_of_the_matter_alone(text: str) -> None:
    """Neither the other house nor the frame of the comparison is put to it."""
    heron, quill = sides(text)
    assert heron == Side("Heron Securities", HERON, heron.asks)
    assert quill == Side("Quill Research", QUILL, quill.asks)
    assert heron.asks == quill.asks
    assert heron.asks == "our view of copper"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Compare how Heron and Wren Fund see copper.", "Wren Fund"),
        ("Compare how Wren Fund and Heron see copper.", "Wren Fund"),
    ],
)
def test_who_is_no_publisher_is_asked_for_by_name(text: str, label: str) -> None:
    """A house whose words others report is looked for in all reports."""
    by_label = {side.label: side for side in sides(text)}
    assert by_label.keys() == {"Heron Securities", label}
    assert by_label[label].publishers is None
    assert by_label[label].asks.startswith(label)


def test_chinese_questions_have_sides_too() -> None:
    """The names go, and what asks for a comparison."""
    heron, quill = sides("对比鹭证券和Quill Research对铜的看法")
    assert {heron.asks, quill.asks} == {"对铜的看法"}


@pytest.mark.parametrize(
    "text",
    [
        "What does Heron think of copper?",  # one house
        "Compare copper and tin.",  # no house
        "Compare Heron and Quill.",  # on nothing
        "Did Heron and Quill merge?",  # no comparison
    ],
)
def test_other_questions_have_no_sides(text: str) -> None:
    """Two houses, and something on which they are compared."""
    assert sides(text) == ()


def test_each_side_speaks_for_itself(own_room: ReadingRoom) -> None:
    """A view of each house, from its own reports, however much more another says."""
    for number, (publisher, text) in enumerate(
        [
            ("Heron Securities", "Our view of copper is good. Copper is dear. Copper is scarce."),
            ("Quill Research", "Our view of copper is bad."),
            ("Wren", "Everybody compares Heron and Quill on copper."),
        ]
    ):
        about = described("Note", publisher=publisher)
        put(own_room.library, source(f"{number}.txt", "general"), text, about)
    said = own_room.researcher.ask_now(Question("Compare Heron and Quill on copper.", NOON))
    assert isinstance(said, Answer)
    assert {view.label for view in said.views} == {"Heron Securities", "Quill Research"}
    texts = {statement.text for statement in said.statements}
    assert "Our view of copper is bad." in texts
    assert "Everybody compares Heron and Quill on copper." not in texts
