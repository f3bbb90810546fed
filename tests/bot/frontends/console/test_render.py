"""From replies to what a terminal shows."""

from __future__ import annotations

import re
import unicodedata
from io import StringIO
from string import ascii_lowercase

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.console import Console

from bot.chat.model import (
    Block,
    Footnote,
    Heading,
    Note,
    Paragraph,
    PassageQuote,
    Quotation,
    Reply,
    Table,
)
from bot.frontends.console.render import render, shown

MARKUP = "[red]x[/] [/] [link=http://a.b]y[/link] :smile: \\[bold] [1]"


def printed(*blocks: Block, width: int = 10_000, terminal: bool = False) -> str:
    """What a console writes of a reply."""
    file = StringIO()
    wrapped = width < 10_000
    console = Console(
        file=file,
        width=width,
        highlight=False,
        force_terminal=terminal,
        no_color=not terminal,
        soft_wrap=not wrapped,
    )
    console.print(render(Reply(blocks)))
    return file.getvalue()


def unspaced(text: str) -> str:
    """A text without white space."""
    return "".join(text.split())


@pytest.mark.parametrize(
    ("block", "lines"),
    [
        (Heading("Sources"), ["", "Sources"]),
        (Paragraph("a < b & c"), ["a < b & c"]),
        (Note("Not advice."), ["", "Not advice."]),
        (Quotation("", "It grows.", 1, ""), ["“It grows.” [1]"]),
        (
            Quotation("Firm X sees more.", "It grows.", 2, "Firm X"),
            ["“Firm X sees more. It grows.” (according to Firm X) [2]"],
        ),
        (
            Footnote(1, "AI in 2024", ("House", "20 Feb 2024", "page 3")),
            ["[1] AI in 2024 · House · 20 Feb 2024 · page 3"],
        ),
        (PassageQuote(3, "AI · page 3", "One.\nTwo."), ["[3] AI · page 3", "    One.", "    Two."]),
    ],
)
def test_each_block_has_its_look(block: Block, lines: list[str]) -> None:
    """A block reads as it should in a pipe."""
    assert printed(block).splitlines() == lines


def test_the_figure_asked_for_is_bold() -> None:
    """Of a quotation only the figure asked for is bold."""
    block = Quotation("", "It costs [9] dollars.", 1, "", figures=((9, 20),), also=(3,))
    assert "\x1b[1m[9] dollars\x1b[0m" in printed(block, terminal=True)
    assert printed(block) == "“It costs [9] dollars.” [1][3]\n"


def test_a_table_has_its_heads_and_rows() -> None:
    """Cells stand in their columns, and none is cut in a narrow terminal."""
    table = Table(("House", "Reports"), (("甲乙", "12"), (f"A house {ascii_lowercase}", "3")))
    assert re.findall(r"甲乙 +│ 12", printed(table))
    narrow = printed(table, width=20)
    assert max(map(len, narrow.splitlines())) <= 20
    assert {"House", "Reports", "house", "12", "3"} <= set(narrow.split())
    assert set(ascii_lowercase) <= set(narrow)


@pytest.mark.parametrize("terminal", [False, True])
def test_markup_is_text(terminal: bool) -> None:
    """What rich would interpret stands as it was written, in every block."""
    blocks: list[Block] = [
        *(Heading(MARKUP), Paragraph(MARKUP), Note(MARKUP), Quotation(MARKUP, MARKUP, 1, MARKUP)),
        *(Footnote(1, MARKUP, (MARKUP,)), PassageQuote(1, MARKUP, MARKUP)),
        Table((MARKUP,), ((MARKUP,),)),
    ]
    for block in blocks:
        written = re.sub(r"\x1b\[[\d;]*m", "", printed(block, terminal=terminal))
        assert written.count(MARKUP) == strings(block).count(MARKUP) > 0


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("plain\n\ttext", "plain\n\ttext"),
        ("\x1b[2J\x07\x9b\r", "�[2J���"),
        ("back\u202ewards", "back�wards"),
        ("\ud800", "�"),
        # spaces of any width, and what joins letters and pictures, are harmless
        ("a\u00a0b\u3000c\u2009d", "a\u00a0b\u3000c\u2009d"),
        ("👩\u200d👧 中文 مرحبا é", "👩\u200d👧 中文 مرحبا é"),
    ],
)
def test_what_could_steer_a_terminal_is_replaced(text: str, safe: str) -> None:
    """Control characters and marks that turn the writing are shown as a replacement."""
    assert shown(text) == safe


ANY = st.text(st.characters(codec="utf-8"), max_size=40) | st.sampled_from([MARKUP, "", "\x1b[2J"])
SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=3).map(tuple)
BLOCKS: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, ANY),
    st.builds(Paragraph, ANY),
    st.builds(Note, ANY),
    st.builds(Quotation, ANY, ANY, st.integers(1, 9), ANY, st.booleans(), ANY, SPANS),
    st.builds(Footnote, st.integers(1, 9), ANY, st.lists(ANY, max_size=3).map(tuple)),
    st.builds(PassageQuote, st.integers(1, 9), ANY, ANY),
    st.lists(st.tuples(ANY, ANY), max_size=3).map(lambda rows: Table(("a", "b"), tuple(rows))),
)


def strings(block: Block) -> list[str]:
    """Every line of text that a block holds."""
    match block:
        case Heading(text) | Paragraph(text) | Note(text):
            held = [text]
        case Quotation(lead, text, _, speaker, _, remark):
            held = [lead, text, speaker, remark]
        case Footnote(_, title, details):
            held = [title, *details]
        case PassageQuote(_, label, text):
            held = [label, text]
        case Table(heads, rows):
            held = [*heads, *(cell for row in rows for cell in row)]
    return [line for text in held for line in text.split("\n")]


@given(blocks=st.lists(BLOCKS, min_size=1, max_size=4))
@example(blocks=[Paragraph(MARKUP)])
@example(blocks=[Table(("a", "b"), (("", "0\t0"),))])
def test_every_character_of_a_reply_shows(blocks: list[Block]) -> None:
    """Each line of each text is written as it is, control characters replaced, nothing added."""
    written = printed(*blocks)
    for block in blocks:
        for line in strings(block):
            assert unspaced(shown(line)) in unspaced(written)
    controls = {c for c in written if unicodedata.category(c) in {"Cc", "Cs"}}
    assert controls <= {"\n"}


@given(block=BLOCKS.filter(lambda block: not isinstance(block, Table)))
def test_a_narrow_terminal_loses_nothing(block: Block) -> None:
    """Wrapping drops white space alone."""
    written = printed(block, width=20)
    for line in strings(block):
        assert unspaced(shown(line)) in unspaced(written)
