"""Tests of how a row of a table reads on each platform."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from rich.console import Console

from bot.chat import words
from bot.chat.conversation import answer_reply, not_found_reply
from bot.chat.model import Block, Footnote, PassageQuote, Quotation, Reply
from bot.frontends.console.render import render as console_render
from bot.frontends.discord.render import views
from bot.frontends.telegram.render import render as telegram_render
from bot.research.model import (
    Answer,
    Citation,
    Limit,
    LimitKind,
    NotFound,
    Question,
    Statement,
    View,
)
from ingest.records import Description, LibraryStatus, Passage, Report
from tests.e2e.discord_markdown import readable
from tests.e2e.discord_nouns import walk
from tests.e2e.telegram_html import formatted

QUESTION = Question("What were sales?", datetime(2024, 3, 1, tzinfo=UTC))
ROW = "Sales <b>of</b> *tin* | 9 | 8"
TOLD = "Sales <b>of</b> *tin*, 2023 & @everyone: 9 (in `millions`)"


def citation(section: str, page: int | None = 4) -> Citation:
    """The footnote of a passage of a table."""
    text = f"2023 | 2022\n{ROW}"
    about = Description("Metals", "Quill", date(2024, 2, 8), "en", 9)
    at = datetime(2024, 2, 8, tzinfo=UTC)
    return Citation(
        1,
        Passage("p", "r", 0, 100, 100 + len(text), page, 7, "Metals", text, section),
        Report("r", 1, about, "metals.pdf", "file:///r", "general", "0" * 64, at),
    )


def answer(told: str, section: str = "", page: int | None = 4) -> Reply:
    """The reply to a question that a row answers."""
    cited = citation(section, page)
    statement = Statement(ROW, "", 112, 112 + len(ROW), None, cited, told)
    return answer_reply(Answer(QUESTION, (statement,), (cited,)))


def on_telegram(reply: Reply) -> str:
    """What a person reads on Telegram."""
    return "\n".join(formatted(message.html, "HTML").text for message in telegram_render(reply))


def on_discord(reply: Reply) -> str:
    """What a person reads on Discord."""
    sent = [part for view in views(reply) for part in walk(view.to_components())]  # type: ignore[no-untyped-call]  # discord.py leaves it untyped
    return "\n".join(readable(part["content"]) for part in sent if "content" in part)


def in_a_terminal(reply: Reply) -> str:
    """What a person reads in a terminal."""
    file = StringIO()
    Console(file=file, width=10_000, highlight=False).print(console_render(reply))
    return file.getvalue()


@pytest.mark.parametrize("read", [on_telegram, on_discord, in_a_terminal])
def test_every_platform_shows_a_row_as_it_is_told(read: Callable[[Reply], str]) -> None:
    """The told row is no quotation and has no quotation marks; the passage below is verbatim."""
    shown = read(answer(TOLD))
    assert TOLD in shown
    assert "“" not in shown
    assert shown.index(TOLD) < shown.index(ROW)


@pytest.mark.parametrize("read", [on_telegram, on_discord, in_a_terminal])
def test_what_speaks_for_itself_is_shown_as_it_is(read: Callable[[Reply], str]) -> None:
    """A statement of which nothing is told is quoted in the report's own words."""
    assert f"“{ROW}”" in read(answer(""))


@pytest.mark.parametrize("read", [on_telegram, on_discord, in_a_terminal])
def test_every_platform_marks_an_old_forecast(read: Callable[[Reply], str]) -> None:
    """A forecast is told with the month of its report, and how many years it is old."""
    cited = citation("")
    statement = Statement(ROW, "", 112, 112 + len(ROW), None, cited, forecast=True, years=2)
    shown = read(answer_reply(Answer(QUESTION, (statement,), (cited,))))
    assert "forecast, Feb 2024 · 2 years old" in shown
    assert "old" not in read(answer(""))


@pytest.mark.parametrize("read", [on_telegram, on_discord, in_a_terminal])
def test_every_platform_shows_what_was_understood(read: Callable[[Reply], str]) -> None:
    """Above the answer stands what it was limited to, and how to undo that."""
    cited = citation("")
    statement = Statement(ROW, "", 112, 112 + len(ROW), None, cited)
    limits = (Limit(LimitKind.PUBLISHERS, ("Quill",)),)
    shown = read(answer_reply(Answer(QUESTION, (statement,), (cited,), limits)))
    assert shown.index(words.understood(limits)) < shown.index(ROW)


def places(blocks: tuple[Block, ...]) -> list[str]:
    """The places that footnotes and passages are labelled with."""
    footnotes = [block.details[-1] for block in blocks if isinstance(block, Footnote)]
    labels = [block.label for block in blocks if isinstance(block, PassageQuote)]
    return footnotes + [label.removeprefix("Metals · ") for label in labels]


@pytest.mark.parametrize(
    ("section", "page", "place"),
    [
        ("", 4, "page 4"),
        ("Risks", 4, "page 4, Risks"),
        ("Part I › Item 1. Financial Statements", 4, "page 4, Item 1. Financial Statements"),
        ("Part I › Risks", None, "from paragraph 7, Risks"),
        # a list of the sections is none
        ("FORM 10-Q › TABLE OF CONTENTS", 4, "page 4"),
        ("目录", 4, "page 4"),
    ],
)
def test_a_citation_names_its_section(section: str, page: int | None, place: str) -> None:
    """Behind the page stands the last heading above the passage."""
    assert places(answer(TOLD, section, page).blocks) == [place, place]


def test_what_is_near_names_its_section_too() -> None:
    """A passage that does not answer has its place as one that does."""
    status = LibraryStatus(1, 1, 0, None, None, None, 0, ())
    found = not_found_reply(NotFound(QUESTION, (citation("Risks"),)), status)
    assert places(found.blocks) == ["page 4, Risks"] * 2
    assert not any(isinstance(block, Quotation) for block in found.blocks)


@pytest.mark.parametrize(
    ("text", "told", "figure"),
    [
        ("Sales\n were  9\nmillion yuan.", "", "9\nmillion yuan"),
        ("\n Sales were 9 million.", "", "9 million"),
        (ROW, TOLD, "9 (in"),
        (ROW, "", "9"),
    ],
)
def test_a_figure_is_marked_where_it_is_shown(text: str, told: str, figure: str) -> None:
    """The mark follows the figure to where it stands once the sentence flows."""
    cited = citation("")
    start = (told or text).index(figure)
    span = (start, start + len(figure))
    statement = Statement(text, "", 112, 112 + len(text), None, cited, told, figures=(span,))
    quotation = answer_reply(Answer(QUESTION, (statement,), (cited,))).blocks[0]
    assert isinstance(quotation, Quotation)
    assert [run for run, marked in quotation.runs if marked] == [" ".join(figure.split())]


@pytest.mark.parametrize("read", [on_telegram, on_discord, in_a_terminal])
def test_every_platform_shows_a_comparison_view_by_view(read: Callable[[Reply], str]) -> None:
    """Each view stands under a heading with its date, where it has one."""
    cited = citation("")
    statements = tuple(
        Statement(text, "", 112, 112 + len(text), None, cited)
        for text in ("It falls.", "It rises.", "It stays.")
    )
    views = (View("Heron", date(2024, 2, 3), (0, 1)), View("Quill & Co", None, (2,)))
    lines = read(answer_reply(Answer(QUESTION, statements, (cited,), views=views))).splitlines()
    wanted = ["Heron · 3 Feb 2024", "“It falls.” [1]", "“It rises.” [1]", "Quill & Co"]
    told = [line.strip() for line in lines if line.strip()]
    assert told[:5] == [*wanted, "“It stays.” [1]"]


@pytest.mark.parametrize("read", [on_telegram, on_discord, in_a_terminal])
def test_every_platform_says_how_a_list_goes_on(read: Callable[[Reply], str]) -> None:
    """The last item shown says how many more there are."""
    cited = citation("")
    statement = Statement(ROW, "", 112, 112 + len(ROW), None, cited, more=3)
    assert "and 3 more in the passage" in read(
        answer_reply(Answer(QUESTION, (statement,), (cited,)))
    )
