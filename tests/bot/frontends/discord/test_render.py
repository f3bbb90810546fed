"""Replies as Discord's components: within the limits, and nothing lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from discord import ui
from hypothesis import given, settings
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
from bot.frontends.discord.render import views
from tests.e2e.discord_markdown import readable
from tests.e2e.discord_nouns import COMPONENTS_V2, walk
from tests.e2e.discord_rules import check_message

Json = dict[str, Any]

TEXT, SEPARATOR, CONTAINER = 10, 14, 17

TEXTS = st.text(max_size=200) | st.sampled_from(
    [
        "<b>bold</b> & @everyone `code` **stars**",
        "שלום @here ||עולם||",
        "人工智能产业规模预计达到1.1万亿元。",
        "🙂👩‍👩‍👧 # no heading\n# nor this\n- nor a list\n\n> nor a quote",
        "```\nfenced\n``` <@123456> [label](https://example.com)",
    ]
)
ROWS = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(TEXTS, min_size=width, max_size=width).map(tuple), min_size=1, max_size=5
    )
)
SPANS = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), max_size=3).map(tuple)
BLOCKS = st.one_of(
    st.builds(Heading, TEXTS),
    st.builds(Paragraph, TEXTS),
    st.builds(Note, TEXTS),
    st.builds(
        Quotation,
        TEXTS,
        TEXTS,
        st.integers(1, 99),
        st.just("") | st.just("iResearch"),
        st.booleans(),
        TEXTS,
        SPANS,
        st.lists(st.integers(1, 99), max_size=2).map(tuple),
    ),
    st.builds(Footnote, st.integers(1, 99), TEXTS, st.lists(TEXTS, max_size=3).map(tuple)),
    st.builds(PassageQuote, st.integers(1, 99), TEXTS, TEXTS),
    ROWS.map(lambda rows: Table(rows[0], tuple(rows[1:]))),
)


def components(view: ui.LayoutView) -> list[Json]:
    """What is sent of a view, after Discord's own rules were asked."""
    sent: list[Json] = view.to_components()  # type: ignore[no-untyped-call]  # discord.py leaves it untyped
    check_message({"components": sent, "flags": COMPONENTS_V2}, None)
    return sent


def markdown(reply: Reply) -> list[str]:
    """All text components of a reply, as written."""
    sent = [part for view in views(reply) for part in walk(components(view))]
    return [part["content"] for part in sent if part["type"] == TEXT]


def shown(reply: Reply) -> str:
    """What a person reads of a reply, white space aside."""
    return squeezed("".join(map(readable, markdown(reply))))


def squeezed(text: str) -> str:
    """A text without its white space."""
    return "".join(text.split())


def texts(block: Block) -> list[str]:
    """The texts of a block, in the order they are read."""
    match block:
        case Quotation(lead, text, _, speaker, _, remark):
            return [lead, text, speaker, remark]
        case Footnote(number, title, details):
            return [f"[{number}]", title, *details]
        case PassageQuote(number, label, text):
            return [f"[{number}]", label, text]
        case Table(heads, rows):
            return [*heads, *(cell for row in rows for cell in row)]
        case Heading(text) | Paragraph(text) | Note(text):
            return [text]


@given(st.lists(BLOCKS, max_size=12))
def test_any_reply_fits_and_holds_all_its_text(blocks: list[Block]) -> None:
    """Whatever a reply holds, Discord takes its messages and a person reads every word of it."""
    seen = shown(Reply(tuple(blocks)))

    place = 0
    for text in (squeezed(text) for block in blocks for text in texts(block)):
        place = seen.find(text, place)
        assert place >= 0, text
        place += len(text)


@settings(max_examples=25)
@given(st.text(min_size=1, max_size=60), st.sampled_from([Heading, Paragraph, Note]))
def test_long_text_is_cut_without_loss(text: str, kind: type[Heading | Paragraph | Note]) -> None:
    """A text of 20,000 characters becomes several messages that together say all of it."""
    text = (text * (20_000 // len(text) + 1))[:20_000]

    assert shown(Reply((kind(text),))) == squeezed(text)


@pytest.mark.parametrize(
    "text",
    ["It grew by 5.2% in 2024. ", "产业规模预计达到一万亿元。", "x", "*", "🙂", "word "],
)
@pytest.mark.parametrize(
    "block", [Quotation("", "", 7, ""), PassageQuote(7, "Outlook", "")], ids=["quoted", "passage"]
)
def test_long_quotes_are_cut_without_loss(block: Quotation | PassageQuote, text: str) -> None:
    """A quote longer than a message is quoted piece by piece, each piece with its footnote."""
    text = text * (20_000 // len(text))
    made = type(block)(
        **{field: getattr(block, field) for field in block.__slots__} | {"text": text}
    )

    seen = shown(Reply((made,)))

    assert re.sub(r"[“”]|\[7\]|Outlook", "", seen) == squeezed(text)
    assert seen.count("[7]") == len(views(Reply((made,)))) > 1


def test_a_quotation_names_its_footnote_and_speaker() -> None:
    """A quotation stands in quotation marks, led by its lead, with footnote and speaker."""
    reply = Reply((Quotation("iResearch looks ahead.", "It will be *big*.", 2, "iResearch"),))

    assert markdown(reply) == [
        "> “iResearch looks ahead. It will be \\*big\\*.” **[2]**\n> — *according to iResearch*"
    ]


@pytest.mark.parametrize(
    ("text", "figure", "written"),
    [
        ("It costs 9 dollars.", "9 dollars", "> “It costs **9 dollars**.” **[2][3]**"),
        ("It costs *9*.", "9", "> “It costs \\***9**\\*.” **[2][3]**"),
        ("It costs 9\ndollars.", "9\ndollars", "> “It costs 9\n> dollars.” **[2][3]**"),
    ],
)
def test_the_figure_asked_for_is_bold(text: str, figure: str, written: str) -> None:
    """A figure is bold within its line, and all footnotes of the quotation are shown."""
    start = text.index(figure)
    block = Quotation("", text, 2, "", figures=((start, start + len(figure)),), also=(3,))
    assert markdown(Reply((block,))) == [written]


def test_an_answer_is_laid_out_for_reading() -> None:
    """Quotations stand free, sources and passages each in a box under their heading."""
    reply = Reply(
        (
            Quotation("", "Sales rose.", 1, ""),
            Quotation("", "Costs fell.", 2, ""),
            Heading("Sources"),
            Footnote(1, "Outlook", ("North House", "28 Feb 2024", "page 3")),
            Footnote(2, "Review", ("South House", "undated")),
            Heading("Passages"),
            PassageQuote(1, "Outlook · page 3", "Sales rose. Much."),
            PassageQuote(2, "Review", "Costs fell.\n\nA little."),
            Note("Not advice."),
        )
    )

    (view,) = views(reply)
    free, sources, passages, note = components(view)

    assert free["content"] == "> “Sales rose.” **[1]**\n\n> “Costs fell.” **[2]**"
    assert [part["content"] for part in sources["components"]] == [
        "### Sources\n"
        "-# [1] **Outlook** · North House · 28 Feb 2024 · page 3\n"
        "-# [2] **Review** · South House · undated"
    ]
    assert [part["type"] for part in passages["components"]] == [TEXT, SEPARATOR, TEXT]
    assert [part.get("content") for part in passages["components"]] == [
        "### Passages\n**[1]** **Outlook · page 3**\n-# Sales rose. Much.",
        None,
        "**[2]** **Review**\n-# Costs fell.\n-# A little.",
    ]
    assert note["content"] == "-# Not advice."


def test_a_narrow_table_is_aligned() -> None:
    """A narrow table is a code block with aligned columns, wide characters counted as two."""
    reply = Reply((Table(("Who", "How much"), (("中国", "1"), ("Peru", "20"))),))

    assert markdown(reply) == ["```\nWho   How much\n────  ────────\n中国  1\nPeru  20\n```"]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            Table(("Command", "Does"), (("/ask", "what a person would expect of it, at length"),)),
            "**Command · Does**\n- /ask · what a person would expect of it, at length",
        ),
        (
            Table(("Library", ""), (("Reports", ""), ("`Tick`", "*1*"))),
            "**Library**\n- Reports · –\n- \\`Tick\\` · \\*1\\*",
        ),
    ],
    ids=["wide", "with a backtick"],
)
def test_other_tables_are_lines(table: Table, expected: str) -> None:
    """A table too wide for a phone, or with what would end a code block, is a list of lines."""
    assert markdown(Reply((table,))) == [expected]


def test_buttons_stand_below_the_last_message() -> None:
    """Buttons come once, below the last message, and their custom ids hold what they ask for."""
    text = "All of it. " * 1000
    buttons = (Button("‹ Newer", ListReports(1)), Button("Older ›", ListReports(3)))

    *earlier, last = views(Reply((Paragraph(text),), buttons))

    assert earlier
    assert all(part["type"] != 1 for view in earlier for part in components(view))
    row = components(last)[-1]
    assert [(part["label"], part["custom_id"]) for part in row["components"]] == [
        ("‹ Newer", "reports:1"),
        ("Older ›", "reports:3"),
    ]


@pytest.mark.parametrize("reply", [Reply(()), Reply((Paragraph(" \n"), Heading(""), Note("\t")))])
def test_nothing_to_be_seen_is_no_message(reply: Reply) -> None:
    """A reply in which nothing is to be seen gives no message, which Discord would refuse."""
    assert views(reply) == []
