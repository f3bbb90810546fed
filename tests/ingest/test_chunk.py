"""Tests of how reports are cut into passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.chunk import chunk
from ingest.records import Block, BlockKind, Description, ParsedReport, Passage, Table
from tests.embedders import WordEmbedder

count_tokens = WordEmbedder().count_tokens
LONG = f"{'x' * 480}."  # a paragraph that says enough by itself
NAMELESS = Description("Note", None, None, "en", None)

H, P, L, R = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.TABLE_ROW


def report(
    *blocks: tuple[BlockKind, str], levels: Sequence[int | None] = (), table: Table | None = None
) -> ParsedReport:
    """A report of these blocks, a line break between, with levels of the first of its headings."""
    made, text = [], ""
    known = iter(levels)
    for number, (kind, words) in enumerate(blocks, start=1):
        level = next(known, None) if kind is H else None
        made.append(Block(kind, len(text), len(text) + len(words), number // 3 + 1, number, level))
        text += f"{words}\n"
    return ParsedReport(text, tuple(made), tables=(table,) if table else ())


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
        ([(P, LONG), (P, "Two.")], [LONG, "Two."]),
        ([(H, "Head"), (P, LONG), (P, "Two.")], [f"Head\n{LONG}", "Two."]),
        ([(H, "Head"), (H, "Under"), (P, "One.")], ["Head\nUnder\nOne."]),
        ([(P, "Risks:"), (L, LONG), (L, "two"), (P, "End.")], [f"Risks:\n{LONG}\ntwo", "End."]),
        ([(P, LONG), (L, "one"), (L, "two")], [LONG, "one\ntwo"]),
        # what is short goes with the next of its page and section
        ([(P, "One."), (P, "Two.")], ["One.\nTwo."]),
        ([(P, "One."), (P, LONG), (P, "Two.")], [f"One.\n{LONG}", "Two."]),
        ([(P, "One."), (L, "one"), (P, "Two.")], ["One.\none", "Two."]),
        ([(P, "One."), (H, "Head"), (P, "Two.")], ["One.", "Head\nTwo."]),
        ([(P, "Text."), (R, "a | b"), (R, "1 | 2")], ["Text.", "a | b\n1 | 2"]),
        ([(P, "One."), (H, "Last")], ["One.", "Last"]),
        ([], []),
    ],
)
def test_what_belongs_together_is_one_passage(
    blocks: list[tuple[BlockKind, str]], passages: list[str]
) -> None:
    """Headings go with what they head, a list and a table stay whole, long paragraphs alone."""
    assert [passage.text for passage in cut(report(*blocks))] == passages


def test_a_chinese_paragraph_says_enough_sooner() -> None:
    """A character says as much as three letters."""
    short, enough = "中" * 159, "中" * 160
    assert len(cut(report((P, short), (P, "Two.")), window=400)) == 1
    assert len(cut(report((P, enough), (P, "Two.")), window=400)) == 2


def test_no_passage_goes_on_to_the_next_page() -> None:
    """A footnote names one page, and what it cites stands there."""
    passages = cut(report((P, "One."), (P, "Two."), (P, "Three."), (P, "Four.")))
    assert [(each.page, each.text) for each in passages] == [
        (1, "One.\nTwo."),
        (2, "Three.\nFour."),
    ]


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
    long = [f"{word}{LONG}" for word in ("One", "Two", "Three", "Changed")]
    before = {p.id for p in cut(report(*((P, text) for text in long[:3])))}
    after = {p.id for p in cut(report((P, long[0]), (P, long[3]), (P, long[2])))}
    assert len(before & after) == 2


def test_the_same_words_in_another_report_are_another_passage() -> None:
    """Passages of two reports never share an id."""
    parsed = report((P, "One."))
    [here] = chunk(parsed, NAMELESS, "here", count_tokens, 40)
    [there] = chunk(parsed, NAMELESS, "there", count_tokens, 40)
    assert here.id != there.id


@pytest.mark.parametrize(
    ("levels", "sections"),
    [
        ([1, 2, 2], ["Risks", "Risks › Market", "Risks › Law"]),
        ([1, 2, 1], ["Risks", "Risks › Market", "Law"]),
        ([2, 1, 3], ["Risks", "Market", "Market › Law"]),
        ([1, 3, 2], ["Risks", "Risks › Market", "Risks › Law"]),
        ([1, None, None], ["Risks", "Risks › Market", "Risks › Law"]),
        ([None, None, None], ["Risks", "Market", "Law"]),
        ([None, 1, None], ["Risks", "Market", "Market › Law"]),
    ],
)
def test_sections(levels: list[int | None], sections: list[str]) -> None:
    """A heading stands under those of higher levels, and ends what is not above it."""
    blocks = [(H, "Risks"), (P, "One."), (H, "Market"), (P, "Two."), (H, "Law"), (P, "Three.")]
    passages = cut(report(*blocks, levels=levels))
    assert [passage.section for passage in passages] == sections


def test_a_section_goes_on_until_the_next_heading() -> None:
    """Every passage of a section is told with its headings, in the text or in the header."""
    blocks = [(H, "Risks"), (H, "Market"), (P, LONG), (P, LONG), (L, "three"), (H, "Law")]
    first, second, third, last = cut(report(*blocks, levels=[1, 2, 1]))
    assert [passage.section for passage in (first, second, third)] == ["Risks › Market"] * 3
    assert (first.text, first.header) == (f"Risks\nMarket\n{LONG}", "Note")
    assert (second.text, second.header) == (LONG, "Note\nRisks › Market")
    assert (last.section, last.header) == ("Law", "Note")


def test_later_parts_of_a_long_section_carry_its_headings() -> None:
    """A paragraph cut in two is under its headings in both parts, in the header of the second."""
    text = " ".join(sentence(word, 10) for word in ("ash", "elm", "fir", "oak"))
    blocks = [(H, "Risks"), (P, "One."), (H, "Market"), (P, text)]
    _, first, second = cut(report(*blocks, levels=[1, 2]), window=44)
    assert first.text.startswith("Market\nAsh")
    assert (first.header, second.header) == ("Note\nRisks", "Note\nRisks › Market")
    assert first.section == second.section == "Risks › Market"


def test_the_title_of_a_report_is_no_section_of_it() -> None:
    """A heading that is the report's title stands over nothing, since every header has it."""
    blocks = [(H, "Note"), (H, "Risks"), (P, LONG), (P, "Two.")]
    passages = cut(report(*blocks, levels=[1, 2]))
    assert [passage.section for passage in passages] == ["Risks", "Risks"]
    assert passages[1].header == "Note\nRisks"


def test_an_overlong_section_leaves_out_what_is_farthest() -> None:
    """Where the headings are too long for a header the nearest ones are kept."""
    blocks = [(H, "far " * 9 + "off"), (H, "Near"), (P, LONG), (P, "Two.")]
    passages = cut(report(*blocks, levels=[1, 2]))
    assert passages[1].header == "Note\nNear"
    assert passages[1].section.endswith("off › Near")


ROWS = [(R, " | 2023 | 2024"), *[(R, f"{word} | 12 | 13") for word in "abcdefghijklmno"]]
NAMED = Table(1, 16, ("", "2023", "2024"), "in millions", ("", *["Sales"] * 9, *["Costs"] * 6))


def test_later_parts_of_a_table_carry_its_heads() -> None:
    """Heads and unit stand in the header of a table's later parts, and in the first as its rows."""
    first, *others = cut(report(*ROWS, table=NAMED))
    assert len(others) > 1
    assert first.header == "Note"
    assert {passage.header for passage in others} == {"Note\n2023 | 2024 (in millions)"}
    for passage in (first, *others):
        assert (passage.heads, passage.unit) == (("", "2023", "2024"), "in millions")


def test_groups_of_the_rows_in_each_part() -> None:
    """Each part of a table has the groups of its own rows, row for row."""
    passages = cut(report(*ROWS, table=NAMED))
    assert sum((passage.groups for passage in passages), ()) == NAMED.groups
    for passage in passages:
        assert len(passage.groups) == len(passage.text.splitlines())


def test_parts_without_a_group_have_none() -> None:
    """Where no row of a part stands under anything its groups are empty."""
    groups = ("",) * 14 + ("Costs",) * 2
    first, *_, last = cut(report(*ROWS, table=replace(NAMED, groups=groups)))
    assert first.groups == ()
    assert set(last.groups) == {"", "Costs"} or set(last.groups) == {"Costs"}


def test_two_tables_are_two_passages() -> None:
    """Rows of a table are not cut together with those of the next, nor with rows of none."""
    blocks = [(R, "a | 1"), (R, "b | 2"), (R, "c | 3"), (R, "d | 4"), (R, "e | 5")]
    parsed = replace(report(*blocks), tables=(Table(1, 2, unit="tons"), Table(3, 4, unit="tons")))
    assert [passage.text for passage in cut(parsed)] == ["a | 1\nb | 2", "c | 3\nd | 4", "e | 5"]
    assert [passage.unit for passage in cut(parsed)] == ["tons", "tons", ""]


@pytest.mark.parametrize(
    "changed",
    [
        replace(NAMED, heads=("", "2022", "2023")),
        replace(NAMED, unit="in thousands"),
        replace(NAMED, groups=("", *["Staff"] * 15)),
    ],
)
def test_other_heads_make_other_passages(changed: Table) -> None:
    """The same rows under other heads, in another unit or group, are other passages."""
    before = {passage.id for passage in cut(report(*ROWS, table=NAMED))}
    after = {passage.id for passage in cut(report(*ROWS, table=changed))}
    assert not before & after


def test_another_section_makes_another_passage() -> None:
    """The same words under another heading are another passage."""
    here, there = (cut(report((H, head), (P, "One."), (P, "Two."))) for head in ("Risks", "Law"))
    assert here[1].text == there[1].text
    assert here[1].id != there[1].id


words = st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=300)
blocks = st.lists(st.tuples(st.sampled_from(BlockKind), words.filter(str.strip)), max_size=12)
levels = st.lists(st.none() | st.integers(1, 4), max_size=12)
short = st.text("abc 亿12()", max_size=40)


@st.composite
def reports(draw: st.DrawFn) -> ParsedReport:
    """A report of any blocks, some runs of whose rows are tables with heads, unit and groups."""
    trimmed = [(kind, text.strip()) for kind, text in draw(blocks)]
    parsed = report(*trimmed, levels=draw(levels))
    tables: list[Table] = []
    first = 0
    for number, (kind, _) in enumerate([*trimmed, (P, "")], start=1):
        if kind is R:
            first = first or number
            continue
        if first and draw(st.booleans()):
            rows = number - first
            groups = tuple(draw(short) for _ in range(rows)) if draw(st.booleans()) else ()
            heads = tuple(draw(st.lists(short, max_size=5)))
            tables.append(Table(first, number - 1, heads, draw(short), groups))
        first = 0
    return replace(parsed, tables=tuple(tables))


@given(reports(), st.integers(min_value=12, max_value=60))
def test_passages_hold_all_of_the_text_in_order(parsed: ParsedReport, window: int) -> None:
    """Every offset is true, nothing but white space is left out, nothing exceeds the window."""
    reached = 0
    for passage in cut(parsed, window):
        assert passage.start >= reached
        assert not parsed.text[reached : passage.start].strip()
        assert passage.text == parsed.text[passage.start : passage.end]
        assert passage.text.strip()
        assert count_tokens(passage.embedded) <= window
        reached = passage.end
    assert not parsed.text[reached:].strip()


@given(reports(), st.integers(min_value=12, max_value=60))
def test_rows_know_their_table(parsed: ParsedReport, window: int) -> None:
    """A passage of whole rows has the heads and groups of its table, one of a cut row none."""
    tables = {row: table for table in parsed.tables for row in range(table.first, table.last + 1)}
    for passage in cut(parsed, window):
        rows = [
            block
            for block in parsed.blocks
            if block.kind is R and block.start < passage.end and block.end > passage.start
        ]
        named = {
            id(tables[row.paragraph]): tables[row.paragraph]
            for row in rows
            if row.paragraph in tables
        }
        if any(row.start < passage.start or row.end > passage.end for row in rows):
            assert (passage.heads, passage.unit, passage.groups) == ((), "", ())
            continue
        for table in named.values():
            assert (passage.heads, passage.unit) == (table.heads, table.unit)
            groups = (
                tuple(table.groups[row.paragraph - table.first] for row in rows)
                if table.groups
                else ()
            )
            assert passage.groups == (groups if any(groups) else ())
        assert len(named) <= 1
        assert named or not (passage.groups)
