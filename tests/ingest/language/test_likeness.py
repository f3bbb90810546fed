"""Tests of what is the same text, and what a revision of it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language.likeness import Edition, base_name, is_revision, likeness, text_hash_of

_BODY = " ".join(f"In week {week} the price of copper rose in {week} ports." for week in range(40))
_EDITED = _BODY.replace("In week 7 the price", "In week 7 the cost")
_HALF = " ".join([*_BODY.split()[:260], *(f"word{number}" for number in range(200))])


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("Copper  is\n\ncheap.", True),
        (" Copper is cheap. \t", True),
        ("Copper is cheap", False),
        ("Copper is cheap. 1", False),
        ("copper is cheap.", False),
    ],
)
def test_white_space_alone_does_not_tell_texts_apart(other: str, same: bool) -> None:
    """A text has one hash however it is broken into lines; any other sign gives another."""
    assert (text_hash_of(other) == text_hash_of("Copper is cheap.")) is same


def test_one_character_written_in_two_ways_is_one() -> None:
    """An accent of its own and a letter with it are the same; half a character is no error."""
    assert text_hash_of("cafe\u0301") == text_hash_of("caf\u00e9")
    assert len(text_hash_of("\ud800")) == 64


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("note.pdf", "note"),
        ("shelf/Note_v2.pdf", "note"),
        ("note v2.1.pdf", "note"),
        ("note-rev3.pdf", "note"),
        ("note (2).pdf", "note"),
        ("note_final.pdf", "note"),
        ("note_v2_final.pdf", "note"),
        ("note-corrected.docx", "note"),
        ("note copy.pdf", "note"),
        ("研报（修订版）.pdf", "研报"),
        ("研报_更新.pdf", "研报"),
        ("研报修订.pdf", "研报"),
        ("Q2.pdf", "q2"),
        ("v2ray-review.pdf", "v2ray-review"),
        ("2024-02-28.pdf", "2024-02-28"),
        ("10-Q (2023).pdf", "10-q (2023)"),
        ("final.pdf", "final"),
    ],
)
def test_marks_of_a_version_are_no_part_of_a_name(name: str, base: str) -> None:
    """What marks a version is cut off; a year, a date and a quarter are not that."""
    assert base_name(name) == base


@given(st.text(), st.text())
def test_likeness_is_the_same_both_ways(one: str, other: str) -> None:
    """Between nothing and all; a text is wholly like itself."""
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, one) == 1


def test_more_in_common_is_nearer() -> None:
    """A word changed is nearer than half of the words, and that nearer than another text."""
    assert 1 > likeness(_BODY, _EDITED) > likeness(_BODY, _HALF) > likeness(_BODY, "Wheat is dull.")
    assert likeness("人工智能产业规模", "人工智能产业规划") > 0 == likeness("铜价", "小麦")


def edition(
    name: str = "note.pdf",
    title: str | None = "Copper weekly",
    publisher: str | None = "Heron",
    published: date | None = None,
    text: str = _BODY,
) -> Edition:
    """A report that differs from another in what is given."""
    return Edition(name, title, publisher, published, lambda: text)


_MONDAY, _TUESDAY, _NEXT_WEEK = date(2024, 2, 5), date(2024, 2, 6), date(2024, 2, 12)


@pytest.mark.parametrize(
    ("old", "new", "revision"),
    [
        (edition(), edition("other.pdf", text=_EDITED), True),
        (edition(), edition("other.pdf", title="Copper daily", text=_EDITED), False),
        (edition(), edition("other.pdf", publisher="Quill", text=_EDITED), False),
        (edition(publisher=None), edition("other.pdf", publisher=None, text=_EDITED), True),
        (edition(title=None), edition("other.pdf", title=None, text=_EDITED), False),
        (edition(), edition("other.pdf", text=_HALF), False),
        (edition(), edition("note_v2.pdf", text=_HALF), True),
        (edition(), edition("note_v2.pdf", text="Wheat is dull."), False),
        (
            edition(published=_MONDAY),
            edition("note_v2.pdf", published=_TUESDAY, text=_HALF),
            True,
        ),
        (
            edition(published=_MONDAY),
            edition("other.pdf", published=_NEXT_WEEK, text=_EDITED),
            False,
        ),
        (
            edition(published=_MONDAY),
            edition("note (2).pdf", published=_NEXT_WEEK, text=_HALF),
            False,
        ),
        (
            edition(published=_MONDAY),
            edition("note_v2.pdf", published=_NEXT_WEEK, text=_EDITED),
            True,
        ),
    ],
)
def test_a_revision_has_the_title_and_the_wording_of_another(
    old: Edition, new: Edition, revision: bool
) -> None:
    """Title, publisher, date and name decide how near the wording must be."""
    assert is_revision(old, new) is revision
