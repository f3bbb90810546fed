"""Tests of how reports are cut into passages."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.chunk import chunk
from ingest.records import Block, BlockKind, Description, ParsedReport, Passage
from tests.embedders import WordEmbedder

count_tokens = WordEmbedder().count_tokens
NAMELESS = Description("Note", None, None, "en", None)

H, P, L, R = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.TABLE_ROW


def report(*blocks: tuple[BlockKind, str]) -> ParsedReport:
    """A report of these blocks, a line break between."""
    made, text = [], ""
    for number, (kind, words) in enumerate(blocks, start=1):
        made.append(Block(kind, len(text), len(text) + len(words), number // 3 + 1, number))
        text += f"{words}\n"
    return ParsedReport(text, tuple(made))


def cut(
    parsed: ParsedReport, window: int = 40, description: Description = NAMELESS
) -> list[Passage]:
    """The passages of a report for a window of so many words."""
    return chunk(parsed, description, "report", count_tokens, window)


def sentence(word: str, length: int) -> str:
    """A sentence of so many words."""
    return " ".join([word.capitalize(), *[word] * (length - 1)]) + "."


@pytest.mark.parametrize(
    ("blocks", "passages"),
    [
        ([(P, "One."), (P, "Two.")], ["One.", "Two."]),
        ([(H, "Head"), (P, "One."), (P, "Two.")], ["Head\nOne.", "Two."]),
        ([(H, "Head"), (H, "Under"), (P, "One.")], ["Head\nUnder\nOne."]),
        ([(P, "Risks:"), (L, "one"), (L, "two"), (P, "End.")], ["Risks:\none\ntwo", "End."]),
        ([(P, "Text."), (L, "one"), (L, "two")], ["Text.", "one\ntwo"]),
        ([(P, "Text."), (R, "a | b"), (R, "1 | 2")], ["Text.", "a | b\n1 | 2"]),
        ([(P, "One."), (H, "Last")], ["One.", "Last"]),
        ([], []),
    ],
)
def test_what_belongs_together_is_one_passage(
    blocks: list[tuple[BlockKind, str]], passages: list[str]
) -> None:
    """Headings go with what they head, a list and a table stay whole, paragraphs stand alone."""
    assert [passage.text for passage in cut(report(*blocks))] == passages


def test_a_long_paragraph_is_cut_between_sentences_into_like_parts() -> None:
    """Four sentences that need two passages are cut two and two, not three and one."""
    text = " ".join(sentence(word, 10) for word in ("ash", "elm", "fir", "oak"))
    [first, second] = cut(report((P, text)))
    assert first.text.split()[0] == "Ash"
    assert second.text.split()[0] == "Fir"
    assert (first.end, second.start) == (text.index("Fir") - 1, text.index("Fir"))


def test_a_sentence_longer_than_the_window_is_cut_between_words() -> None:
    """Nothing of an endless sentence is lost, and no word is cut that need not be."""
    endless = " ".join(f"w{number}" for number in range(200))
    parts = cut(report((P, endless)))
    assert " ".join(part.text for part in parts) == endless


def test_the_header_is_embedded_and_not_shown() -> None:
    """Title, publisher and date stand above what is embedded, not in what is shown."""
    described = Description("Copper", "Quill", date(2024, 2, 1), "en", None)
    [passage] = cut(report((P, "One.")), description=described)
    assert passage.text == "One."
    assert passage.embedded == "Copper · Quill · 2024-02-01\nOne."


def test_an_overlong_title_leaves_room_for_the_text() -> None:
    """A title that would fill the window is cut in the header, never the text."""
    described = Description("word " * 100, "Quill", None, "en", None)
    [passage] = cut(report((P, sentence("oak", 20))), description=described)
    assert passage.text == sentence("oak", 20)
    assert count_tokens(passage.embedded) <= 40


def test_a_passage_knows_its_place() -> None:
    """Page and paragraph are those of the text, not of the heading above it."""
    [passage] = cut(report((P, "One."), (H, "Head"), (P, "Two.")))[1:]
    assert (passage.ordinal, passage.page, passage.paragraph) == (1, 2, 3)


def test_only_changed_paragraphs_get_new_ids() -> None:
    """A revision of one paragraph leaves the passages of the others as they were."""
    before = {p.id for p in cut(report((P, "One."), (P, "Two."), (P, "Three.")))}
    after = {p.id for p in cut(report((P, "One."), (P, "Changed."), (P, "Three.")))}
    assert len(before & after) == 2


def test_the_same_words_in_another_report_are_another_passage() -> None:
    """Passages of two reports never share an id."""
    parsed = report((P, "One."))
    [here] = chunk(parsed, NAMELESS, "here", count_tokens, 40)
    [there] = chunk(parsed, NAMELESS, "there", count_tokens, 40)
    assert here.id != there.id


words = st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=300)
blocks = st.lists(st.tuples(st.sampled_from(BlockKind), words.filter(str.strip)), max_size=12)


@given(blocks, st.integers(min_value=12, max_value=60))
def test_passages_hold_all_of_the_text_in_order(
    given_blocks: list[tuple[BlockKind, str]], window: int
) -> None:
    """Every offset is true, nothing but white space is left out, nothing exceeds the window."""
    trimmed = [(kind, text.strip()) for kind, text in given_blocks]
    parsed = report(*trimmed)
    reached = 0
    for passage in cut(parsed, window):
        assert passage.start >= reached
        assert not parsed.text[reached : passage.start].strip()
        assert passage.text == parsed.text[passage.start : passage.end]
        assert passage.text.strip()
        assert count_tokens(passage.embedded) <= window
        reached = passage.end
    assert not parsed.text[reached:].strip()
