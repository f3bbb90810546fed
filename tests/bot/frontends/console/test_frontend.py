"""Questions in, answers out, over standard input and output and at a terminal."""

from __future__ import annotations

import asyncio
import io
import os
import pty
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TextIO

import pytest
from rich.console import Console

from bot.chat import words
from bot.chat.model import Ask, Command, ListReports, ShowHelp, ShowStatus
from bot.frontends.console.frontend import (
    ConsoleFrontend,
    command_of,
    leaves,
    standard_console,
    standard_questions,
)
from bot.research.model import Answer, NotFound, Question
from tests.bot.house import House
from tests.ingest.library.shelves import described, put, source

COPPER = "According to Heron Research, copper costs 9 dollars a kilo."
TIN = "Tin costs 5 dollars a kilo."


class UnluckyHouse(House):
    """A house in which a question about luck breaks something."""

    async def _ask(self, question: Question) -> Answer | NotFound:
        if "luck" in question.text:
            raise RuntimeError("a secret of the library")
        return await super()._ask(question)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house with a report on copper and one on tin."""
    with ThreadPoolExecutor(2) as executor:
        house = UnluckyHouse(tmp_path, executor)
        put(house.library, source("a.txt"), COPPER, described("Metals", "Quill", date(2024, 2, 8)))
        put(house.library, source("b.txt"), TIN, described("[red]Tin[/] :smile:"))
        yield house
        house.library.close()


def frontend_of(house: House, questions: TextIO, answers: StringIO) -> ConsoleFrontend:
    """The frontend, writing as it does into a pipe."""
    console = Console(file=answers, width=10_000, soft_wrap=True, highlight=False, no_color=True)
    return ConsoleFrontend(house.conversation, questions, console, lambda: "0a1b2c3d")


async def answered(house: House, questions: str) -> str:
    """What is written when questions come through a pipe until its end."""
    answers = StringIO()
    frontend = frontend_of(house, StringIO(questions), answers)
    await frontend.start()
    async with asyncio.timeout(20):
        await frontend.ended.wait()
    await frontend.stop()
    return answers.getvalue()


async def soon(holds: Callable[[], bool]) -> None:
    """Return once a condition of the test's own holds; TimeoutError after ten seconds."""
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0.005)


async def test_piped_lines_are_answered_in_order(house: House) -> None:
    """Each line is repeated and answered before the next; blank ones are nothing."""
    output = await answered(house, "What does tin cost?\n\n   \n/ask What does copper cost?")
    assert house.researched == ["What does tin cost?", "What does copper cost?"]
    places = [
        output.index(part)
        for part in (
            "> What does tin cost?",
            f"“{TIN}” [1]",
            "> /ask What does copper cost?",
            f"“{COPPER}” (according to Heron Research) [1]",
        )
    ]
    assert places == sorted(places)
    assert output.count("> ") == 2


async def test_commands_are_answered_too(house: House) -> None:
    """The list, a page of it, the status and the help are asked for by name."""
    for number in range(9):
        put(house.library, source(f"{number}.txt"), f"Note {number}.", described(f"Note {number}"))
    output = await answered(house, "/reports\n/reports 2\n/status\n/help\n")
    first, second = output.split("> /reports 2\n")
    assert words.reports_page(1, 8, 11) in first
    assert f"{words.OLDER}: /reports 2" in first
    assert words.reports_page(9, 11, 11) in second
    assert f"{words.NEWER}: /reports 1" in second
    assert "11 (10 undated)" in second
    assert words.HELP in second
    assert house.researched == []


@pytest.mark.parametrize("leave", ["/quit", "/exit", " /quit \t", "/quit now"])
async def test_quit_ends_the_session(house: House, leave: str) -> None:
    """What stands behind it is not read any more, and nobody waits to read it."""
    output = await answered(house, f"What does tin cost?\n{leave}\nWhat does copper cost?\n")
    assert house.researched == ["What does tin cost?"]
    assert "/quit" not in output
    await soon(lambda: "console" not in {thread.name for thread in threading.enumerate()})


async def test_the_end_of_the_input_ends_the_session(house: House) -> None:
    """An empty input is answered with nothing; a last line needs no line break."""
    assert await answered(house, "") == ""
    assert TIN in await answered(house, "What does tin cost?")


async def test_a_broken_answer_is_one_line_and_the_session_goes_on(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever asked gets a reference, the log where it broke, and nobody what was said."""
    output = await answered(house, "What of luck?\nWhat does tin cost?\n")
    broken, _, after = output.partition("> What does tin cost?")
    assert broken.split("\n") == ["> What of luck?", words.trouble("0a1b2c3d"), "", ""]
    assert TIN in after
    log = capsys.readouterr().out
    assert "0a1b2c3d" in log
    assert "RuntimeError" in log
    assert "secret" not in output + log


async def test_nothing_typed_or_quoted_is_interpreted(house: House) -> None:
    """Markup and control characters of questions, titles and passages are shown as text."""
    zinc = "Zinc [bold]costs[/bold] 7 dollars [/] a kilo"
    put(house.library, source("c.txt"), f"{zinc}\x1b[2J, it is said.")
    output = await answered(house, "What does [bold]zinc[/] cost?\x1b[2J\x07\n/reports\n")
    assert "> What does [bold]zinc[/] cost?�[2J�\n" in output
    assert f"“{zinc}�[2J, it is said.” [1]" in output
    assert "[red]Tin[/] :smile:" in output
    assert "\x1b" not in output


async def test_a_stop_waits_for_the_answer_being_given(house: House) -> None:
    """What was asked gets its answer; what comes behind it is left."""
    reading, writing = os.pipe()
    answers = StringIO()
    with os.fdopen(reading, encoding="utf-8") as questions, os.fdopen(writing, "w") as typing:
        frontend = frontend_of(house, questions, answers)
        house.embedder.gate.clear()
        await frontend.start()
        typing.write("What does tin cost?\nWhat does copper cost?\n")
        typing.flush()
        await soon(lambda: bool(house.researched))
        stopping = asyncio.create_task(frontend.stop())
        await asyncio.sleep(0)
        assert not stopping.done()
        house.embedder.gate.set()
        await stopping
        assert frontend.ended.is_set()
        assert questions.readline() == "What does copper cost?\n"
    assert TIN in answers.getvalue()
    assert house.researched == ["What does tin cost?"]


async def test_a_stop_while_nobody_asks_ends_at_once(house: House) -> None:
    """A reader that waits for a line holds up nobody."""
    reading, writing = os.pipe()
    with os.fdopen(reading, encoding="utf-8") as questions, os.fdopen(writing, "w") as typing:
        frontend = frontend_of(house, questions, StringIO())
        await frontend.stop()  # not started: nothing to end
        await frontend.start()
        await asyncio.sleep(0)
        await frontend.stop()
        assert frontend.ended.is_set()
        typing.write("\n")  # lets the reader go


async def test_an_input_that_breaks_ends_the_session(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bytes that are no text are an error in the log, not a session that waits for ever."""
    answers = StringIO()
    reading, writing = os.pipe()
    with os.fdopen(reading, encoding="utf-8") as questions, os.fdopen(writing, "wb", 0) as typing:
        frontend = frontend_of(house, questions, answers)
        await frontend.start()
        typing.write(b"What does tin cost?\n")
        await soon(lambda: TIN in answers.getvalue())
        typing.write(b"\xff\xfe\n")
        async with asyncio.timeout(20):
            await frontend.ended.wait()
    assert "no further question can be read" in capsys.readouterr().out


async def test_the_session_ends_when_nobody_reads_the_answers(house: House) -> None:
    """A closed pipe at the other end is an end, not an error."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as nowhere:
        console = Console(file=nowhere, width=10_000)
        lines = StringIO("What does tin cost?\nWhat does copper cost?\n")
        frontend = ConsoleFrontend(house.conversation, lines, console, lambda: "0")
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(sys, "stdout", nowhere)  # rich turns its descriptor elsewhere
            await frontend.start()
            async with asyncio.timeout(20):
                await frontend.ended.wait()
            await frontend.stop()
    assert house.researched in ([], ["What does tin cost?"])


async def test_a_terminal_is_prompted_once_the_answer_is_there(house: House) -> None:
    """First the help, then a prompt for each line, and nothing is typed twice."""
    keyboard, terminal = pty.openpty()
    answers = StringIO()
    with closing(os.fdopen(terminal, encoding="utf-8")) as questions:
        frontend = frontend_of(house, questions, answers)
        await frontend.start()
        await soon(lambda: answers.getvalue().endswith("? "))
        os.write(keyboard, b"What does tin cost?\n")
        await soon(lambda: TIN in answers.getvalue() and answers.getvalue().endswith("? "))
        os.write(keyboard, b"/quit\n")
        async with asyncio.timeout(20):
            await frontend.ended.wait()
        os.close(keyboard)
    output = answers.getvalue()
    assert output.startswith(words.HELP)
    assert words.LEAVE in output
    assert output.index(words.LEAVE) < output.index("\n? ") < output.index(TIN)
    assert output.count("\n? ") == 2
    assert "> What" not in output


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("", None),
        (" \n", None),
        ("What is tin?\n", Ask("What is tin?\n")),
        ("/ask What is tin?", Ask("What is tin?")),
        ("/ask", Ask("")),
        ("/reports", ListReports(1)),
        ("/reports 2\n", ListReports(2)),
        ("/reports two", ListReports(1)),
        ("/status", ShowStatus()),
        ("/help", ShowHelp()),
        ("/start", ShowHelp()),
        ("/repotrs", ShowHelp()),
        ("1/2 of what?", Ask("1/2 of what?")),
    ],
)
def test_a_line_is_a_command_or_a_question(line: str, command: Command | None) -> None:
    """What begins with a stroke and is no command gets the help."""
    assert command_of(line) == command


@pytest.mark.parametrize(("line", "left"), [("/quit\n", True), ("/exit", True), ("quit", False)])
def test_two_words_leave(line: str, left: bool) -> None:
    """Only the commands leave, not the words."""
    assert leaves(line) is left


def test_standard_input_may_hold_any_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that are no characters are replaced, and no input at all is an empty one."""
    bytes_in = io.TextIOWrapper(io.BytesIO(b"tin\xff?\n"), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", bytes_in)
    assert standard_questions().readline() == "tin�?\n"
    monkeypatch.setattr(sys, "stdin", None)
    assert standard_questions().readline() == ""


def test_standard_output_in_a_pipe_is_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """No colour, no wrapping, whatever the environment asks; odd characters break nothing."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    standard_console().print("tin " * 100 + "“", style="bold red")
    sys.stdout.flush()
    assert written.getvalue() == b"tin " * 100 + b"?\n"
