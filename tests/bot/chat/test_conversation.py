"""Tests of what the bot says, and to whom."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from bot.chat import words
from bot.chat.model import (
    Allow,
    Ask,
    Asker,
    Command,
    Footnote,
    Heading,
    ListReports,
    Missed,
    Note,
    Paragraph,
    PassageQuote,
    Quotation,
    ShowHelp,
    ShowStatus,
    Start,
    Table,
)
from bot.research.model import LimitKind
from tests.bot.house import OWNER, House
from tests.ingest.library.shelves import described, put, source

STRANGER = Asker("telegram", "2", "Mallory", "2", private=True)
GROUP = Asker("telegram", "2", "Mallory", "-100", private=False)
CONSOLE = Asker("console", "local", "you", "console", private=True)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house with an empty library."""
    with ThreadPoolExecutor(2) as executor:
        yield House(tmp_path, executor)


COMMANDS: list[Command] = [
    Ask("What does copper cost?"),
    ListReports(),
    ShowStatus(),
    ShowHelp(),
    Start(),
    Start("11111111-22222222"),
    Allow("user", "2"),
    Missed(),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
@pytest.mark.parametrize("asker", [STRANGER, GROUP], ids=["private", "group"])
async def test_a_stranger_gets_one_line_and_nothing_is_looked_up(
    house: House, asker: Asker, command: Command
) -> None:
    """Whatever a stranger sends, the reply is one line and no research happens."""
    house.claim()
    put(house.library, source("a.txt"), "Copper costs 9 dollars.")
    [block] = await house.blocks(asker, command)
    assert isinstance(block, Paragraph)
    assert "Copper" not in block.text
    assert house.researched == []
    assert not house.access.may_ask("telegram", "2", "-100")


@pytest.mark.parametrize("command", [Start, Ask], ids=["with /start", "as plain text"])
async def test_the_code_makes_its_sender_the_owner(
    house: House, command: type[Start] | type[Ask]
) -> None:
    """The claim code is taken in private, behind /start or alone."""
    code = house.access.new_claim_code("telegram") or ""
    assert await house.blocks(OWNER, command(code)) == (Paragraph(words.CLAIMED),)
    assert house.access.is_owner("telegram", "1")


async def test_the_code_is_not_taken_in_a_group(house: House) -> None:
    """A code that everybody in a group reads makes nobody the owner."""
    code = house.access.new_claim_code("telegram") or ""
    assert await house.blocks(GROUP, Start(code)) == (Paragraph(words.stranger("-100")),)
    assert not house.access.is_owner("telegram", "2")


async def test_the_owner_lets_others_in(house: House) -> None:
    """Who was let in may ask, but may not let in others."""
    house.claim()
    assert await house.blocks(OWNER, Allow("user", "2")) == (Paragraph(words.allowed("user", "2")),)
    assert await house.blocks(OWNER, Allow("user", "2")) == (Paragraph(words.ALREADY_ALLOWED),)
    assert await house.blocks(OWNER, Allow("user", "")) == (Paragraph(words.ALLOW_WHOM),)
    assert await house.blocks(STRANGER, Allow("user", "3")) == (Paragraph(words.OWNER_ONLY),)
    assert not house.access.may_ask("telegram", "3", "3")
    await house.blocks(STRANGER, Ask("What does copper cost?"))
    assert house.researched == ["What does copper cost?"]


async def test_an_answer_has_footnotes_and_passages(house: House) -> None:
    """Every quotation has its footnote, every footnote its passage."""
    text = "According to Heron Research, copper costs 9 dollars.\nRain falls."
    put(house.library, source("a.txt"), text, described("Metals", "Quill", date(2024, 2, 8)))
    blocks = await house.blocks(CONSOLE, Ask("What does copper cost in dollars?"))
    quotations = [block for block in blocks if isinstance(block, Quotation)]
    assert quotations[0].text == "According to Heron Research, copper costs 9 dollars."
    assert quotations[0].speaker == "Heron Research"
    footnotes = [block for block in blocks if isinstance(block, Footnote)]
    assert footnotes[0] == Footnote(1, "Metals", ("Quill", "8 Feb 2024", "page 1"))
    passages = [block for block in blocks if isinstance(block, PassageQuote)]
    assert [p.number for p in passages] == [f.number for f in footnotes]
    assert {q.number for q in quotations} <= {f.number for f in footnotes}
    assert blocks[-1] == Note(words.NOT_ADVICE)


async def test_an_answer_carries_the_disclaimers_of_its_reports(house: House) -> None:
    """Under the sources stands what each report says it is not to be taken for, word for word."""
    notice = "This note is for reference only and does not constitute investment advice."
    put(house.library, source("a.txt"), f"Copper costs 9 dollars.\n{notice}", described("Metals"))
    put(house.library, source("b.txt"), f"Copper costs 9 dollars now.\n{notice}", described("Tin"))
    put(house.library, source("c.txt"), "Copper costs 9 dollars still.", described("Lead"))
    blocks = await house.blocks(CONSOLE, Ask("What does copper cost in dollars?"))
    footnotes = [block for block in blocks if isinstance(block, Footnote)]
    numbers = [block.number for block in footnotes if block.title in {"Metals", "Tin"}]
    assert {block.title for block in footnotes} == {"Metals", "Tin", "Lead"}
    notes = [block for block in blocks if isinstance(block, Note)]
    assert notes == [Note(words.disclaimer(numbers, notice)), Note(words.NOT_ADVICE)]
    assert blocks.index(footnotes[-1]) + 1 == blocks.index(notes[0])


async def test_a_disclaimer_is_kept_for_its_version(house: House, tmp_path: Path) -> None:
    """What was read once is not read again; the next version of a report has its own."""
    text = "Copper costs {} dollars.\n{}"
    old, new = "No investment advice.", "This note is not investment advice."
    report = put(house.library, source("a.txt"), text.format(9, old))
    ask = Ask("What does copper cost in dollars?")
    assert Note(words.disclaimer([1], old)) in await house.blocks(CONSOLE, ask)
    shutil.rmtree(tmp_path / "library" / "originals")
    assert Note(words.disclaimer([1], old)) in await house.blocks(CONSOLE, ask)
    put(house.library, source("a.txt"), text.format(8, new), report_id=report)
    assert Note(words.disclaimer([1], new)) in await house.blocks(CONSOLE, ask)


async def test_an_answer_stands_without_a_disclaimer_that_cannot_be_read(
    house: House, tmp_path: Path
) -> None:
    """Where the original of a report is gone, what is quoted from it is shown all the same."""
    put(house.library, source("a.txt"), "Copper costs 9 dollars.\nNo investment advice.")
    shutil.rmtree(tmp_path / "library" / "originals")
    blocks = await house.blocks(CONSOLE, Ask("What does copper cost in dollars?"))
    assert any(isinstance(block, Quotation) for block in blocks)
    assert [block for block in blocks if isinstance(block, Note)] == [Note(words.NOT_ADVICE)]


async def test_a_newer_report_that_says_otherwise_is_named(house: House) -> None:
    """Below an older figure stands the footnote of the newer one, which is quoted as well."""
    for month, price in ((1, 9), (2, 8)):
        about = described("Metals", "Quill", date(2024, month, 8))
        put(house.library, source(f"{month}.txt"), f"Copper costs {price} dollars.", about)
    blocks = await house.blocks(CONSOLE, Ask("What does copper cost in dollars?"))
    quoted = {block.text: block for block in blocks if isinstance(block, Quotation)}
    newer = quoted["Copper costs 8 dollars."].number
    assert quoted["Copper costs 8 dollars."].remark == ""
    assert quoted["Copper costs 9 dollars."].remark == f"a newer report says otherwise [{newer}]"


async def test_not_knowing_shows_the_nearest_as_the_nearest(house: House) -> None:
    """What the reports do not say is said not to be known, whatever comes near."""
    put(house.library, source("a.txt"), "Copper is red.", described("Metals"))
    blocks = await house.blocks(CONSOLE, Ask("How many people live in Lima?"))
    assert blocks[0] == Paragraph(words.NOT_FOUND)
    assert Note(words.NEAREST) in blocks
    assert not any(isinstance(block, Quotation) for block in blocks)
    assert Footnote(1, "Metals", ("publisher unknown", "undated", "paragraph 1")) in blocks


async def test_an_empty_library_says_so(house: House) -> None:
    """Neither a question nor the list pretends that there are reports."""
    assert Note(words.EMPTY_LIBRARY) in await house.blocks(CONSOLE, Ask("Copper?"))
    assert await house.blocks(CONSOLE, ListReports()) == (Paragraph(words.EMPTY_LIBRARY),)


async def test_reports_are_listed_in_pages(house: House) -> None:
    """Pages hold eight reports, numbered through; a page that is none is the nearest one."""
    for number in range(1, 20):
        put(
            house.library,
            source(f"{number}.txt"),
            f"Text {number}.",
            described(f"Note {number}", "Quill", date(2024, 1, number)),
        )
    [first] = await house.says(CONSOLE, ListReports())
    assert first.blocks[0] == Heading(words.reports_page(1, 8, 19))
    assert first.blocks[1] == Footnote(1, "Note 19", ("Quill", "19 Jan 2024"))
    assert [button.command for button in first.buttons] == [ListReports(2)]
    [second] = await house.says(CONSOLE, ListReports(2))
    assert [button.command for button in second.buttons] == [ListReports(1), ListReports(3)]
    [last] = await house.says(CONSOLE, ListReports(99))
    assert [button.command for button in last.buttons] == [ListReports(2)]
    assert len(last.blocks) == 1 + 3


async def test_the_status_shows_what_failed(house: House) -> None:
    """The library's numbers come first, then each failure with its reason, ten at most."""
    for number in range(12):
        house.library.catalog.fail(source(f"{number}.pdf"), "it is empty")
    blocks = await house.blocks(CONSOLE, ShowStatus())
    assert isinstance(blocks[0], Table)
    assert ("Reports", "0 (0 undated)") in blocks[0].rows
    assert sum(isinstance(block, Paragraph) for block in blocks) == 10
    assert blocks[-1] == Note(words.more_failures(2))


async def test_help_names_every_command(house: House) -> None:
    """Nothing the bot can do is left out of its help."""
    house.claim()
    [table] = [b for b in await house.blocks(OWNER, ShowHelp()) if isinstance(b, Table)]
    assert [row[0] for row in table.rows] == [f"/{name}" for name in words.COMMAND_DESCRIPTIONS]


async def test_a_question_without_words_is_asked_back(house: House) -> None:
    """An empty /ask is no question."""
    assert await house.blocks(CONSOLE, Ask("  ")) == (Paragraph(words.ASK_WHAT),)
    assert house.researched == []


@pytest.mark.parametrize(
    "before", ["everything:", "Everything: ", "everything ：", "EVERYTHING:\n"]
)
async def test_everything_undoes_what_words_limit(house: House, before: str) -> None:
    """A question behind "everything:" is asked of all reports, whatever it names."""
    await house.blocks(CONSOLE, Ask(f"{before}What does copper cost?"))
    [question] = house.questions
    assert question.text == "What does copper cost?"
    assert question.undone == frozenset(LimitKind)


@pytest.mark.parametrize("text", ["What is everything: worth?", "everything about copper"])
async def test_everything_within_a_question_undoes_nothing(house: House, text: str) -> None:
    """Only as a beginning, with its colon, does the word undo limits."""
    await house.blocks(CONSOLE, Ask(text))
    assert [(each.text, each.undone) for each in house.questions] == [(text, frozenset())]


async def test_everything_alone_is_no_question(house: House) -> None:
    """Nothing is looked up where nothing stands behind the word."""
    assert await house.blocks(CONSOLE, Ask("everything: ")) == (Paragraph(words.ASK_WHAT),)
    assert house.questions == []


async def test_a_question_knows_the_turns_before_it(house: House) -> None:
    """What was said goes along as plain text, an empty one where the reports did not say."""
    put(house.library, source("a.txt"), "Copper costs 9 dollars.")
    await house.blocks(CONSOLE, Ask("What does copper cost in dollars?"))
    await house.blocks(CONSOLE, Ask("How many people live in Lima?"))
    await house.blocks(CONSOLE, Ask("And tin?"))
    history = house.questions[-1].history
    assert [turn.question for turn in history] == house.researched[:2]
    assert [turn.answer for turn in history] == ["Copper costs 9 dollars.", ""]
