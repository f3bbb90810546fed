"""Tests of how names are found in texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.name_index import NameIndex

FORMS = ("Heron", "Heron Research", "Target", "SAP", "Intel", "中信", "中信证券", "Quillmoor")
INDEX = NameIndex((form, form) for form in FORMS)


def found(text: str) -> list[tuple[str, set[str]]]:
    """The names in a text, as it writes them, and what they are the names of."""
    mentions = sorted(INDEX.mentions(text), key=lambda each: each.start)
    return [(text[each.start : each.end], set(each.names)) for each in mentions]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What does Heron Research's note say?", [("Heron Research", {"Heron Research"})]),
        ("What does Heron say?", [("Heron", {"Heron"})]),
        ("中信证券认为", [("中信证券", {"中信证券"})]),
        ("中信和Intel的芯片", [("中信", {"中信"}), ("Intel", {"Intel"})]),
        ("what does intel sell", [("intel", {"Intel"})]),
        ("What does Target sell?", [("Target", {"Target"})]),
        ("Target's sales?", [("Target", {"Target"})]),
        # words, not names
        ("Target sales?", []),
        ("what is the target", []),
        ("What does a heron eat?", []),
        ("does the tree have sap", []),
        ("Intelligence is dear", []),
    ],
)
def test_names_are_told_from_words(text: str, names: list[tuple[str, set[str]]]) -> None:
    """The longest name at a place counts, where it is written as a name."""
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What does Quilmoor say?", ["Quillmoor"]),
        ("What does Quillmore's note say?", ["Quillmoor"]),
        ("What does Hern Research say?", ["Heron Research"]),
        ("What does quilmoor say?", []),
        ("Quilmoor says what?", []),
        ("What does Quixote say?", []),
        ("What does Quillmoor say?", []),
    ],
)
def test_a_slip_of_the_pen_is_seen_past(text: str, names: list[str]) -> None:
    """A word that is written as a name may be a letter or so off; what is right is no slip."""
    slips = INDEX.misspelt(text, INDEX.mentions(text))
    assert [name for each in slips for name in each.names] == names


TEXT = st.lists(st.sampled_from([*FORMS, "heron", "'s", "Heorn", "，", "a"])).map(" ".join)


@given(text=TEXT | st.text(max_size=30))
def test_names_do_not_overlap(text: str) -> None:
    """Each name that is found stands somewhere in the text, and no two at one place."""
    mentions = INDEX.mentions(text)
    mentions += INDEX.misspelt(text, mentions)
    taken = [place for each in mentions for place in range(each.start, each.end)]
    assert len(taken) == len(set(taken))
    assert all(0 <= place < len(text) for place in taken)
