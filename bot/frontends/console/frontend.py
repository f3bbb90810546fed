"""Questions from a terminal, or a line each from standard input."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Semaphore, Thread
from typing import TextIO

import structlog
from rich.console import Console
from rich.text import Text

from bot.chat import words
from bot.chat.faults import described
from bot.chat.model import (
    Ask,
    Asker,
    Command,
    ListReports,
    Reply,
    Request,
    ShowHelp,
    ShowStatus,
)
from bot.chat.protocol import Converses
from bot.frontends.console.render import render, shown

_log = structlog.get_logger(__name__)
_PROMPT = "\n[bold]?[/] "


class ConsoleFrontend:
    """Answers what is typed, until the input ends or somebody leaves.

    Args:
        conversation: answers.
        questions: where they are read; a prompt is shown if it is a terminal.
        console: where answers are written.
        reference: makes the reference of an error.
    """

    name = "console"

    def __init__(
        self,
        conversation: Converses,
        questions: TextIO,
        console: Console,
        reference: Callable[[], str],
    ) -> None:
        self._conversation = conversation
        self._questions = questions
        self._console = console
        self._reference = reference
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._wanted = Semaphore(0)  # a line is read when one is wanted, so that answers come first
        self._over = False
        self._talk: asyncio.Task[None] | None = None
        self.ended = asyncio.Event()

    async def start(self) -> None:
        """Begin to read and answer."""
        # a read of a terminal cannot be cancelled: at worst this thread ends with the process
        loop = asyncio.get_running_loop()
        Thread(target=self._read, args=(loop,), name="console", daemon=True).start()
        self._talk = asyncio.create_task(self._answer_lines())

    async def stop(self) -> None:
        """Answer the line that is being answered, then end."""
        if self._talk is not None:
            self._over = True
            self._lines.put_nowait(None)
            await self._talk

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._wanted.acquire() and not self._over:
            line = self._read_line()
            with suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(self._lines.put_nowait, line or None)
            if not line:
                return

    def _read_line(self) -> str:
        """The next line; empty at the end, and where no more can be read."""
        try:
            if self._questions.isatty():
                self._console.print(_PROMPT, end="")
            return self._questions.readline()
        except (OSError, ValueError) as error:
            _log.error("no further question can be read", **described(error, OSError, ValueError))
            return ""

    async def _answer_lines(self) -> None:
        try:
            if self._questions.isatty():
                await self._answer(ShowHelp())
                self._console.print(words.LEAVE, style="dim", markup=False)
            while (line := await self._next_line()) is not None and not leaves(line):
                if command := command_of(line):
                    if not self._questions.isatty():
                        self._console.print(Text(f"> {shown(line.strip())}"))
                    await self._answer(command)
                    self._console.print()
        except SystemExit:
            pass  # what rich raises when nobody reads the answers any more
        finally:
            self._over = True
            self._wanted.release()
            self.ended.set()

    async def _next_line(self) -> str | None:
        if self._over:
            return None
        self._wanted.release()
        return await self._lines.get()

    async def _answer(self, command: Command) -> None:
        request = Request(Asker("console", "local", "you", "console", private=True), command)
        try:
            async for reply in self._conversation.answer(request):
                self._show(reply)
        except Exception as error:  # noqa: BLE001 - the boundary: one bad answer ends no session
            reference = self._reference()
            _log.error("an answer failed", reference=reference, **described(error))
            self._console.print(words.trouble(reference), markup=False)

    def _show(self, reply: Reply) -> None:
        self._console.print(render(reply))
        for button in reply.buttons:
            line = f"{button.label}: /reports {button.command.page}"
            self._console.print(Text(shown(line), style="dim"))


def command_of(line: str) -> Command | None:
    """The command a line gives; None of a blank line. What is no command gets the help."""
    word, _, rest = line.strip().partition(" ")
    match word:
        case "":
            return None
        case "/reports":
            return ListReports(int(rest) if rest.strip().isdecimal() else 1)
        case "/status":
            return ShowStatus()
        case "/ask":
            return Ask(rest)
        case _ if word.startswith("/"):
            return ShowHelp()
        case _:
            return Ask(line)


def leaves(line: str) -> bool:
    """Whether a line ends the session."""
    return line.split()[:1] in (["/quit"], ["/exit"])


def standard_questions() -> TextIO:
    """Standard input, empty where there is none; bytes that are no characters are replaced."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    return sys.stdin or io.StringIO()


def standard_console() -> Console:
    """A console on standard output: styled on a terminal, plain and unwrapped in a pipe."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    if sys.stdout.isatty():
        return Console(highlight=False)
    return Console(
        highlight=False, width=10_000, force_terminal=False, no_color=True, soft_wrap=True
    )
