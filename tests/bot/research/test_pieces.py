"""Tests of what of a passage can be quoted, and of how the rows of tables are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.model import Question
from bot.research.pieces import Asked, Piece, asked_of, chosen, has_asked_row, pieces
from bot.research.times import Times, times_in
from bot.research.understand import understand
from ingest.language.rows import BETWEEN_CELLS, cells_of, join_cells
from ingest.records import Passage
from tests.bot.research.reading_room import NOON

QUARTERS = (
    "",
    "Three Months Ended July 1, 2023",
    "Three Months Ended June 25, 2022",
    "Nine Months Ended July 1, 2023",
    "Nine Months Ended June 25, 2022",
)
YEARS = ("", *(str(year) for year in range(2019, 2031)))
REGIONS = ("", "Americas", "Europe", "Greater China", "Total")
CHANGES = ("", "2023", "2022", "Change")


def asked(question: str) -> Asked:
    """What of a question chooses among cells."""
    return asked_of(question, understand(Question(question, NOON)).terms)


def passage(
    *lines: str,
    heads: tuple[str, ...] = (),
    unit: str = "",
    groups: tuple[str, ...] = (),
    section: str = "",
    lead: str = "",
) -> Passage:
    """A passage of a table, a paragraph above it perhaps."""
    text = "\n\n".join(filter(None, (lead, "\n".join(lines))))
    return Passage("p", "r", 1, 0, len(text), 4, 9, "Metals", text, section, heads, unit, groups)


def told(question: str, *lines: str, **about: object) -> list[str]:
    """What is told of the rows of a passage that can be quoted."""
    found = pieces(passage(*lines, **about), asked(question))  # type: ignore[arg-type]  # of many types
    return [piece.told for piece in found if piece.quotable and piece.is_row]


@pytest.mark.parametrize(
    ("question", "heads", "places"),
    [
        # times
        ("Sales in the quarter ended July 1, 2023?", QUARTERS, [1]),
        ("Sales in the three months ended June 25, 2022?", QUARTERS, [2]),
        ("Sales in Q3 2023?", QUARTERS, [1]),
        ("Sales in the quarter?", QUARTERS, [1, 2]),
        ("Sales in the first nine months of 2023?", QUARTERS, [3]),
        ("Sales in 2023?", QUARTERS, [1, 3]),
        ("Sales in 2021?", QUARTERS, []),
        ("Sales in the quarter ended April 1, 2023?", QUARTERS, []),
        ("Sales in 2025?", YEARS, [7]),
        ("Sales from 2021 to 2023?", YEARS, [3, 4, 5]),
        ("Sales since 2028?", YEARS, [10, 11, 12]),
        ("Sales in June 2025?", YEARS, []),
        ("Sales in 2018?", YEARS, []),
        ("2025年的销售额是多少？", YEARS, [7]),
        # the year itself before its parts
        ("Sales in 2023?", ("", "Q3 2023", "Q4 2023", "2023"), [3]),
        # a change is told where it is asked for, never of other times
        ("Sales in 2023?", CHANGES, [1]),
        ("How did sales change in 2023?", CHANGES, [1, 3]),
        ("Sales in 2019?", CHANGES, []),
        ("How did sales grow compared with 2022?", CHANGES, [1, 2, 3]),
        ("Sales in three months?", ("", "Three Months 2023", "Three Months Change"), [1, 2]),
        ("Sales in three months of 2023?", ("", "Three Months 2023", "Three Months Change"), [1]),
        ("Are sales higher than in 2022?", CHANGES, [1, 2, 3]),
        ("Who sold more than 5 tonnes in 2023?", CHANGES, [1]),
        ("Sales in 2023 compared with 2022?", CHANGES, [1, 2]),
        # words of heads
        ("Sales in Greater China?", REGIONS, [3]),
        ("Sales in Europe and the Americas?", REGIONS, [1, 2]),
        ("What were total sales?", REGIONS, [4]),
        ("Sales in 2023?", REGIONS, [1, 2, 3, 4]),
        ("Profit in 2023?", ("", "2023 Sales", "2023 Profit", "2022 Profit"), [2]),
        # nobody knows of which time a figure without a head is
        ("Sales in 2023?", ("", "", "", ""), []),
        ("What are sales?", ("", "", ""), [1, 2]),
        # five at most, the latest where they are years
        ("What are sales?", YEARS, [8, 9, 10, 11, 12]),
        ("What are sales?", ("", *"ABCDEFG"), [1, 2, 3, 4, 5]),
        # a place in the report is no figure
        ("What are sales?", ("", "Page"), []),
    ],
)
def test_the_cells_that_are_asked_for_are_chosen(
    question: str, heads: tuple[str, ...], places: list[int]
) -> None:
    """By times and by words, none under a head that the question rules out."""
    row = join_cells(["Sales", *(f"{place}00" for place in range(1, len(heads)))])
    cells = cells_of(row, heads)
    assert chosen(cells, asked(question), Times()) == [cells[place - 1] for place in places]


@pytest.mark.parametrize(
    ("question", "context", "count"),
    [
        ("Sales in Q3 2023?", "2023", 1),
        ("Sales in Q3 2023?", "2022", 0),
        ("Sales in 2023?", "Nine months ended June 2023", 2),
    ],
)
def test_the_time_of_a_row_counts_with_its_heads(question: str, context: str, count: int) -> None:
    """A quarter above a column and a year beside a row are one time."""
    cells = cells_of("2023 | 100 | 200", ("", "Q3", "Q2"))
    assert len(chosen(cells, asked(question), times_in(context))) == count


@pytest.mark.parametrize(
    ("question", "line", "about", "expected"),
    [
        (
            "How large is the AIGC market in 2030?",
            "AIGC market size (billion yuan) | 340 | 1144.1",
            {"heads": ("", "2028", "2030")},
            ["AIGC market size, 2030: 1144.1 billion yuan"],
        ),
        (
            "What were total net sales in the quarter ended July 1, 2023?",
            "Total net sales | 81,797 | 82,959 | 293,787 | 304,182",
            {"heads": QUARTERS, "unit": "In millions", "groups": ("Net sales",)},
            ["Net sales: Total net sales, Three Months Ended July 1, 2023: 81,797 (In millions)"],
        ),
        (
            "What were total net sales in the quarter?",
            "Total net sales | 81,797 | 82,959 | 293,787 | 304,182",
            {"heads": QUARTERS, "unit": "in millions"},
            [
                "Total net sales, Three Months Ended July 1, 2023: 81,797; "
                "Three Months Ended June 25, 2022: 82,959 (in millions)"
            ],
        ),
        (
            "How large is the market?",
            "Market | 5 | 6",
            {"heads": ("", "2023", "2024"), "unit": "billion yuan"},
            ["Market, 2023: 5 billion yuan; 2024: 6 billion yuan"],
        ),
        # what the text says by itself is not told otherwise
        ("Copper of Peru?", "Peru | 28,000 tonnes", {}, [""]),
        ("Copper of Peru?", "Peru | 28,000", {"unit": "tonnes"}, ["Peru: 28,000 tonnes"]),
        # rows of another time by their label, their group or their section
        ("Copper in 2023?", "2022 | 5", {"heads": ("Year", "Copper")}, []),
        ("Copper in 2023?", "2023 | 5", {"heads": ("Year", "Copper")}, ["2023, Copper: 5"]),
        ("Copper in 2023?", "Peru | 5", {"heads": ("", "Sum"), "groups": ("2022",)}, []),
        ("Copper in 2023?", "Peru | 5", {"heads": ("", "Sum"), "section": "Year 2022"}, []),
        # a cell that says itself that it is of another time
        (
            "Copper in 2023?",
            "Peru | 5 in 2023 | 7 in 2024",
            {"heads": ("", "Old", "New")},
            ["Peru, Old: 5 in 2023"],
        ),
        # notes that fall due are of no time, nor is a day
        (
            "Debt in 2023?",
            "Notes due 2024 | 5",
            {"heads": ("", "2023")},
            ["Notes due 2024, 2023: 5"],
        ),
        (
            "Loans since 2024?",
            "Peru | 3 May 2023",
            {"heads": ("", "Day")},
            ["Peru, Day: 3 May 2023"],
        ),
        # heads, captions, rows without a label
        (
            "Copper in 2023?",
            "(in tonnes) | 2023 | 2022",
            {"heads": ("", "2023", "2022"), "unit": "in tonnes"},
            [],
        ),
        ("Copper in 2023?", "Source: Heron | 2023", {"heads": ("", "2023", "2022")}, []),
        ("Copper in 2023?", "| 5 | 6", {"heads": ("", "2023", "2022")}, []),
    ],
)
def test_a_row_is_told_with_all_that_says_what_it_is(
    question: str, line: str, about: dict[str, object], expected: list[str]
) -> None:
    """Label, group, heads and unit are said once; heads themselves say nothing."""
    assert told(question, "Metals", line, **{**about, **_groups_of(about)}) == expected


def _groups_of(about: dict[str, object]) -> dict[str, object]:
    """The groups of a line below a row of a label alone."""
    groups = about.get("groups")
    return {"groups": ("", *groups)} if isinstance(groups, tuple) else {}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ("Research | 7 | 6", "Percentage of sales | 9 % | 8 %"),
            ["Research, 2023: 7", "Research: Percentage of sales, 2023: 9 %"],
        ),
        (
            ("2023 | 2022", "Sales | 5 | 6", "Growth | 3 % | 2 %"),
            ["Sales, 2023: 5", "Sales: Growth, 2023: 3 %"],
        ),
        # of what it tells stands in another passage
        (("Percentage of sales | 9 % | 8 %", "Rent | 4 | 5"), ["Rent, 2023: 4"]),
    ],
)
def test_a_share_is_told_of_the_row_above(lines: tuple[str, ...], expected: list[str]) -> None:
    """A percentage or a growth says nothing without what it is of."""
    assert told("What was it in 2023?", *lines, heads=("", "2023", "2022")) == expected


def test_a_row_whose_beginning_may_be_missing_is_no_evidence() -> None:
    """Cells that may stand under the heads of others are not told."""
    heads = ("", "2022", "2023", "2024")
    assert told("Sales in 2023?", "Sales | 5", "Rent | 1 | 2", heads=heads) == ["Rent, 2023: 2"]


@pytest.mark.parametrize(
    ("label", "more"),
    [
        ("Total net sales", "Mac"),
        ("Total net sales", "Total net income"),
        ("Net sales", "Percentage of income"),
    ],
)
def test_the_label_that_is_asked_for_is_more_apt(label: str, more: str) -> None:
    """What a label says beside the question tells against it."""
    asks = asked("What were total net sales?")
    first, second = (
        piece.apt
        for piece in pieces(passage("Metals", f"{label} | 5", f"{more} | 6", unit="tonnes"), asks)
        if piece.is_row
    )
    assert first > second


def test_sentences_above_a_table_and_its_rows_are_apart() -> None:
    """Prose is cut into sentences, a table into rows."""
    found = pieces(
        passage(
            "2023 | 2022", "Sales | 5 | 6", heads=("", "2023", "2022"), lead="It grew. It fell."
        ),
        asked("Sales?"),
    )
    assert [(piece.text, piece.is_row) for piece in found] == [
        ("It grew.", False),
        ("It fell.", False),
        ("2023 | 2022", True),
        ("Sales | 5 | 6", True),
    ]


def test_prose_with_a_bar_stays_prose() -> None:
    """Lines of a paragraph are no rows because one of them holds a bar."""
    text = ("Copper is dear | so is tin", "and zinc is", "cheap again.")
    [piece] = pieces(passage(*text), asked("Copper?"))
    assert piece.text == "\n".join(text)
    assert not piece.is_row


CELLS = st.text("ab 2024,%.()|。—$", max_size=6).map(str.strip)
ROWS = st.lists(CELLS, min_size=1, max_size=6).map(join_cells).filter(str.strip)
LINES = st.lists(ROWS | st.sampled_from(["Copper is dear. Tin is not.", "Net sales:"]), max_size=5)


HEADS = st.lists(
    st.sampled_from(["", "2022", "2023", "Q3 2023", "FY24", "July 1, 2023", "Change", "Tin"])
    | st.text(max_size=8),
    max_size=9,
)


@given(
    heads=HEADS,
    question=st.sampled_from(
        ["Tin in 2023?", "Tin in Q3 2023?", "Tin of FY24?", "Change since 2022?", "Tin?"]
    ),
    context=st.sampled_from(["", "2023", "Three months ended"]),
)
def test_no_cell_is_told_under_a_head_that_is_ruled_out(
    heads: list[str], question: str, context: str
) -> None:
    """Whatever the heads, at most five cells are chosen, in order, none of another time."""
    cells = cells_of(join_cells(["Tin", *map(str, range(100, 100 + len(heads)))]), ["", *heads])
    asks = asked(question)
    found = chosen(cells, asks, times_in(context))
    assert len(found) <= 5
    assert [cell for cell in cells if cell in found] == found
    assert not any(asks.times.rules_out(times_in(cell.head)) for cell in found if not context)


@given(
    lines=LINES,
    heads=st.lists(st.sampled_from(["", "2023", "Q3 2024", "Change", "a"]), max_size=6),
    unit=st.sampled_from(["", "in millions"]),
    grouped=st.booleans(),
    question=st.sampled_from(["Sales in 2023?", "What is a?", "铜价多少？"]),
)
def test_pieces_are_verbatim_in_order_and_hold_all(
    lines: list[str], heads: list[str], unit: str, grouped: bool, question: str
) -> None:
    """Whatever a table holds, its rows stand where they are said to stand, and none is lost."""
    where = passage(
        *lines,
        heads=tuple(heads),
        unit=unit,
        groups=tuple("Group" for _ in lines) if grouped else (),
        lead="Copper is dear.",
    )
    found: list[Piece] = pieces(where, asked(question))
    behind = 0
    for piece in found:
        assert where.text[behind : piece.start].strip() == ""
        assert piece.text == where.text[piece.start : piece.end] == piece.text.strip() != ""
        assert not piece.told or (piece.is_row and BETWEEN_CELLS.strip() in piece.text)
        assert 0 <= piece.apt <= 1
        # what is not looked at for want of a label that is asked for has no apt row
        assert not piece.told or piece.apt < 0.75 or has_asked_row(where, asked(question))
        behind = piece.end
    assert where.text[behind:].strip() == ""


@pytest.mark.parametrize(("label", "asks"), [("Net sales", True), ("Rent", False)])
def test_a_table_is_looked_at_for_the_labels_that_are_asked_for(label: str, asks: bool) -> None:
    """A word of the question in the label of a row, not in its figures."""
    table = passage("Metals | sales", f"{label} | 5 sales", unit="tonnes")
    assert has_asked_row(table, asked("What were net sales?")) is asks
