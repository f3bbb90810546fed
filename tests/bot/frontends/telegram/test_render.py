"""From replies to messages."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
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
from bot.frontends.telegram.render import MOST_ENTITIES, PHONE_WIDTH, render
from tests.e2e.telegram_html import FormattedText, cleaned, formatted, units

HOSTILE = (
    "<b>bold</b> & <script>, &lt; @everyone `code` *stars* _under_ [link](http://a.b) "
    "🙂👩‍👩‍👧 مرحبا 中国的人工智能产业规模。 \u202eback\u202c \x00\r\n\tend $NVDA #ai"
)


def shown(reply: Reply) -> list[FormattedText]:
    """The messages of a reply as the server reads them; it refuses what is wrong."""
    return [formatted(message.html, "HTML") for message in render(reply)]


def one(*blocks: Block) -> FormattedText:
    """The single message of a short reply."""
    (message,) = shown(Reply(blocks))
    return message


@pytest.mark.parametrize(
    ("block", "text", "entities"),
    [
        (Heading("Sources"), "Sources", ["bold"]),
        (Paragraph("a < b & c > d"), "a < b & c > d", []),
        (Note("Not advice."), "Not advice.", ["italic"]),
        (Quotation("", "It grows.", 1, ""), "“It grows.” [1]", ["bold"]),
        (
            Quotation("Firm X sees more.", "It grows.", 2, "Firm X"),
            "“Firm X sees more. It grows.” [2]\n— according to Firm X",
            ["bold", "italic"],
        ),
        (
            Quotation("", "It costs <9 & 8>.", 1, "", figures=((9, 15),), also=(3,)),
            "“It costs <9 & 8>.” [1][3]",
            ["bold", "bold"],
        ),
        (
            Footnote(1, "AI in 2024", ("House", "2024-02-20", "page 3")),
            "[1] AI in 2024\nHouse · 2024-02-20 · page 3",
            ["italic"],
        ),
        (Footnote(1, "AI in 2024", ()), "[1] AI in 2024", []),
        (
            PassageQuote(3, "AI in 2024, page 3", "One.\nTwo."),
            "[3] AI in 2024, page 3\nOne.\nTwo.",
            ["bold", "expandable_blockquote"],
        ),
    ],
)
def test_each_block_has_its_look(block: Block, text: str, entities: list[str]) -> None:
    """A block reads as it should on a phone."""
    message = one(block)
    assert (message.text, [entity.type for entity in message.entities]) == (text, entities)


def test_blocks_are_apart_and_footnotes_together() -> None:
    """An empty line stands between two blocks, none between two footnotes."""
    message = one(Paragraph("a"), Footnote(1, "b", ()), Footnote(2, "c", ()), Note("d"))
    assert message.text == "a\n\n[1] b\n[2] c\n\nd"


def test_a_narrow_table_is_aligned() -> None:
    """Columns line up, a Chinese character counting as two."""
    message = one(Table(("House", "n"), (("甲乙", "12"), ("abc", "3"))))
    assert message.text == "House  n\n甲乙   12\nabc    3"
    assert [entity.type for entity in message.entities] == ["pre"]


def test_a_table_without_heads_has_no_empty_line_above() -> None:
    """Where all heads are empty the rows stand alone."""
    assert one(Table(("", ""), (("Reports", "8"),))).text == "Reports  8"


def test_a_wide_table_becomes_lines() -> None:
    """What a phone would break is shown a row after the other, under the heads."""
    title = "A title that takes more than a phone has"
    assert len(title) > PHONE_WIDTH
    message = one(Table(("Report", "House", "Date"), ((title, "H", "2024"), ("B", "", "undated"))))
    assert message.text == f"Report · House · Date\n\n{title}\nH · 2024\n\nB\nundated"


def test_a_wide_table_of_pairs_has_a_line_a_row() -> None:
    """Names and what they mean stay side by side."""
    meaning = "More words than a phone has room for"
    message = one(Table(("Command", "Meaning"), (("/ask", meaning), ("/help", ""))))
    assert message.text == f"Command · Meaning\n/ask · {meaning}\n/help"
    assert [entity.type for entity in message.entities] == ["italic", "bold", "bold"]


def test_buttons_are_below_the_last_message() -> None:
    """A reply of several messages has its buttons once, at the end."""
    reply = Reply((Paragraph("word " * 2000),), (Button("Older ›", ListReports(2)),))
    messages = render(reply)
    assert [message.keyboard is not None for message in messages] == [False, False, True]
    keyboard = messages[-1].keyboard
    assert keyboard is not None
    assert [b.callback_data for row in keyboard.inline_keyboard for b in row] == ["reports:2"]


@pytest.mark.parametrize(
    "reply", [Reply(()), Reply((Paragraph(""), Note(" \n\t"), Table((), ()), Heading("\u202e")))]
)
def test_what_says_nothing_is_no_message(reply: Reply) -> None:
    """Telegram refuses empty messages, so none is made."""
    assert render(reply) == []


def test_a_message_never_has_more_entities_than_telegram_heeds() -> None:
    """A reply with hundreds of headings is split before any loses its look."""
    messages = shown(Reply(tuple(Heading(str(n)) for n in range(250))))
    assert len(messages) == 3
    assert sum(len(message.entities) for message in messages) == 250
    assert max(len(message.entities) for message in messages) == MOST_ENTITIES


def test_a_message_is_filled_to_the_limit() -> None:
    """4,096 characters are one message, markup not counted, and one more makes two."""
    assert [units(m.text) for m in shown(Reply((Heading("&" * 4096),)))] == [4096]
    assert [units(m.text) for m in shown(Reply((Heading("&" * 4097),)))] == [4096, 1]


texts = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="ab <>&;\"'`*_[]()@#/|~\\🙂é中。. \n\u0301\u202e\u05d0", max_size=200),
    st.integers(1, 90).map(lambda times: HOSTILE * times),
    st.builds(operator.mul, st.text(min_size=1, max_size=9), st.integers(1, 900)),
)
numbers = st.integers(1, 99)
tables = st.integers(1, 3).flatmap(
    lambda width: st.builds(
        Table,
        st.tuples(*[st.text(max_size=20)] * width),
        st.lists(st.tuples(*[st.text(max_size=300)] * width), max_size=6).map(tuple),
    )
)
blocks = st.one_of(
    st.builds(Heading, texts),
    st.builds(Paragraph, texts),
    st.builds(Note, texts),
    st.builds(
        Quotation,
        texts,
        texts,
        numbers,
        st.text(max_size=60),
        st.booleans(),
        st.text(max_size=60),
        st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), max_size=3).map(tuple),
        st.lists(numbers, max_size=2).map(tuple),
    ),
    st.builds(Footnote, numbers, texts, st.lists(texts, max_size=3).map(tuple)),
    st.builds(PassageQuote, numbers, texts, texts),
    tables,
)
replies = st.builds(Reply, st.lists(blocks, max_size=6).map(tuple))


def parts(block: Block) -> Iterator[str]:
    """The texts of a block in the order they are shown."""
    match block:
        case Heading(text) | Paragraph(text) | Note(text):
            yield text
        case Quotation(lead, text, _, speaker, _, remark):
            yield from (lead, text, speaker, remark)
        case Footnote(_, title, details):
            yield from (title, *details)
        case PassageQuote(_, label, text):
            yield from (label, text)
        case Table(heads, rows):
            yield from heads
            for row in rows:
                yield from row


def letters(text: str) -> str:
    """The characters of a text that Telegram shows, without white space."""
    return "".join(cleaned(text).split())


@settings(max_examples=100)
@given(replies)
@example(Reply((Paragraph(HOSTILE * 200),)))
@example(Reply((PassageQuote(1, HOSTILE, HOSTILE * 100),)))
@example(Reply((Quotation(HOSTILE * 30, HOSTILE * 30, 1, HOSTILE),)))
@example(Reply((Table(("a", "b"), ((HOSTILE * 30, HOSTILE * 40),)),)))
@example(Reply((Footnote(1, "&" * 5000, ("<" * 5000,)),)))
@example(Reply((Paragraph("🙂" * 20_000),)))
def test_nothing_is_refused_and_nothing_lost(reply: Reply) -> None:
    """Every message is one Telegram takes, and together they hold all of the reply."""
    read = "".join(letters(message.text) for message in shown(reply))
    told = [letters(text) for block in reply.blocks for text in parts(block)]
    assert not Counter("".join(told)) - Counter(read)
    if not any(isinstance(block, Table) for block in reply.blocks):
        # a wide table shows its heads again where it was cut; all else keeps its order
        following = iter(read)
        assert all(letter in following for letter in "".join(told))
