"""Tests of what is told of a revision."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.changes import _PIECE, Edit, changes, edits
from ingest.records import Passage

_SENTENCES = st.sampled_from(
    ["Copper cost 9,000 dollars.", "Copper cost 9,100 dollars.", "Tin was calm.", "Lead fell 3%."]
)


def version(*texts: str, header: str = "Note") -> list[Passage]:
    """The passages of a version, one a text."""
    return [
        Passage(f"{header} {text}", "r", place, 0, len(text), None, place + 1, header, text)
        for place, text in enumerate(texts)
    ]


def told(before: list[Passage], after: list[Passage]) -> list[tuple[str | None, str | None]]:
    """The changes, as the texts before and after."""
    return [
        (each.before.text if each.before else None, each.after.text if each.after else None)
        for each in changes(before, after)
    ]


def test_a_changed_passage_is_told_beside_what_it_was() -> None:
    """What says much the same is paired; what came and what went stand alone."""
    before = version("Tin was calm all week.", "Wheat is dull.", "Copper cost 9,000 dollars.")
    after = version("Tin was calm all day.", "Copper cost 9,000 dollars.", "Chips are scarce now.")
    assert told(before, after) == [
        ("Tin was calm all week.", "Tin was calm all day."),
        ("Wheat is dull.", None),
        (None, "Chips are scarce now."),
    ]


def test_changed_figures_come_first() -> None:
    """A passage with another figure is told before one with other words alone."""
    before = version("Tin was calm all week.", "Copper cost 9,000 dollars a ton.")
    after = version("Tin was calm all day.", "Copper cost 9,100 dollars a ton.")
    first, second = changes(before, after)
    assert first.figures == (("9,000", "9,100"),)
    assert second.figures == ()


@pytest.mark.parametrize(
    ("before", "after", "figures"),
    [
        ("It made $60.922 billion.", "It made $61 billion.", [("$60.922 billion", "$61 billion")]),
        ("It rose 126%.", "It rose 12%.", [("126%", "12%")]),
        ("规模1144.1亿元。", "规模1200亿元。", [("1144.1亿元", "1200亿元")]),
        ("It cost 5 dollars.", "It cost 5 dollars or 6.", [("", "6")]),
        ("It cost 5 or 6.", "It cost 6.", [("5", "")]),
        ("It cost 5.", "It was worth 5.", []),
    ],
)
def test_figures_are_paired_with_what_they_became(
    before: str, after: str, figures: list[tuple[str, str]]
) -> None:
    """A figure is told with its unit, as it was and as it is."""
    found = changes(version(f"As we said before. {before}"), version(f"As we said before. {after}"))
    assert [each for change in found for each in change.figures] == figures


def test_what_moved_or_has_another_header_is_no_change() -> None:
    """Where a passage stands and what it is embedded under do not count."""
    texts = ["Copper is cheap.", "Tin was calm.", "Wheat is dull."]
    assert changes(version(*texts), version(*texts, header="Another title")) == []
    assert changes(version(*texts), version(*reversed(texts))) == []


@given(st.lists(_SENTENCES, unique=True), st.lists(_SENTENCES, unique=True))
def test_every_passage_that_went_or_came_is_told_once(old: list[str], new: list[str]) -> None:
    """Nothing is left out, nothing told twice, and what stayed is not told."""
    found = told(version(*old), version(*new))
    assert sorted(was for was, _ in found if was is not None) == sorted(set(old) - set(new))
    assert sorted(now for _, now in found if now is not None) == sorted(set(new) - set(old))


def paired_plainly(gone: list[str], come: list[str]) -> set[tuple[str, str]]:
    """Texts that went with the nearest of those that came and are left, by looking at all."""
    left, found = list(come), set()
    for text in gone:
        shares = [share(text, other) for other in left]
        if shares and max(shares) >= 0.5:
            found.add((text, left.pop(shares.index(max(shares)))))
    return found


def share(one: str, other: str) -> float:
    """How much of the words and signs of two texts is the same."""
    words, others = (
        [each for each in _PIECE.findall(text) if not each.isspace()] for text in (one, other)
    )
    return SequenceMatcher(None, words, others, autojunk=False).ratio()


_TEXTS = st.lists(
    st.lists(st.sampled_from("abcd"), min_size=1, max_size=8).map(" ".join), unique=True, max_size=6
)


@given(_TEXTS, _TEXTS)
def test_pairs_are_the_nearest(gone: list[str], come: list[str]) -> None:
    """Whatever is not looked at closely could not have been the nearest."""
    come = [text for text in come if text not in gone]
    found = told(version(*gone), version(*come))
    assert {(was, now) for was, now in found if was and now} == paired_plainly(gone, come)


class Counting(SequenceMatcher[str]):
    """A matcher that counts how often two texts were looked at closely."""

    looked = 0

    def ratio(self) -> float:
        """How much the two share."""
        Counting.looked += 1
        return super().ratio()


def test_only_what_may_be_near_is_looked_at_closely(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of passages that were all rewritten, each costs little more than its one likely pair."""
    monkeypatch.setattr("ingest.changes.SequenceMatcher", Counting)
    monkeypatch.setattr(Counting, "looked", 0)
    before, after = (
        [" ".join(f"{word}of{each}" for word in range(20)) + f" {say}" for each in range(40)]
        for say in ("was said", "is said")
    )
    found = told(version(*before), version(*after))
    assert found == list(zip(before, after, strict=True))
    assert Counting.looked == len(before)


@given(st.text(), st.text())
def test_edits_hold_both_texts(before: str, after: str) -> None:
    """What was kept and removed is the text before; what was kept and added the text after."""
    found = edits(before, after)
    assert "".join(text for edit, text in found if edit is not Edit.ADDED) == before
    assert "".join(text for edit, text in found if edit is not Edit.REMOVED) == after
