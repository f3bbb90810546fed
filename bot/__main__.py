"""python -m bot: answer questions in Telegram, in Discord, in a terminal.

The composition root of answering: the one place of this side that reads settings and joins
the parts.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO, TypeVar

import structlog
from rich.console import Console

from bot.chat.conversation import Conversation, answer_reply, not_found_reply
from bot.chat.model import Reply
from bot.chat.protocol import Frontend
from bot.commands import command_of, thresholds_of
from bot.cross_encoder import CrossEncoder
from bot.desk.access import Access
from bot.desk.access import metadata as desk_tables
from bot.evaluation.calibrating import Calibrated, calibrate
from bot.evaluation.chart import picture_of
from bot.evaluation.export import json_of, write
from bot.evaluation.judge import judge
from bot.evaluation.kept import calibration_for, keep, place_of
from bot.evaluation.page import page_of
from bot.evaluation.questions import Asked, Questions, read_questions
from bot.evaluation.screen import calibration_told, evaluation_told, faults_told
from bot.evaluation.totals import Evaluation, measures_of
from bot.frontends.console.frontend import (
    ConsoleFrontend,
    standard_console,
    standard_questions,
)
from bot.glossary_file import load_glossary
from bot.reading import CurrentReading
from bot.research.model import Answer, NotFound
from bot.research.researcher import Researcher
from bot.research.trust import Calibration
from bot.settings import Settings
from ingest.errors import FootnoteError, FrontendError, LibraryOwned
from ingest.journal import configure_logging
from ingest.library.database import open_database
from ingest.library.library import Library
from ingest.library.opening import open_beside, open_library
from ingest.library.ownership import Ownership
from ingest.owner import followed, model_of, working
from ingest.records import Filter
from ingest.service import Service
from ingest.settings import read_settings
from ingest.showing import console_of
from ingest.watching import progress_bar, watch

_log = structlog.get_logger("bot")
_THREADS = 8  # questions looked up at once; more wait their turn

Got = TypeVar("Got")


@dataclass(frozen=True, slots=True)
class House:
    """The parts joined.

    Attributes:
        conversation: answers requests.
        access: who may ask.
        first_run: the run that ingests the followed folder at start; None where the bot
            follows none.
        library: the library.
        researcher: answers from it.
        calibration: what decides between answering and not knowing.
        embedder: identity of the one that answers.
    """

    conversation: Conversation
    access: Access
    first_run: int | None
    library: Library
    researcher: Researcher
    calibration: Calibration
    embedder: str


def main(arguments: Sequence[str]) -> int:
    """Run one command.

    Args:
        arguments: what stands behind `python -m bot`.

    Returns:
        The exit code: 0 all well, 1 nothing could be done or it is not good enough, 2 usage.
    """
    options = command_of(arguments)
    try:
        settings = read_settings(Settings)
        configure_logging(settings.log_level)
        if options.command == "ask":
            return asyncio.run(_ask(settings, " ".join(" ".join(options.question).split())))
        if options.command == "evaluate":
            return _evaluate(settings, options)
        if options.command == "calibrate":
            return _calibrate(settings, options)
        return asyncio.run(_run(settings))
    except FootnoteError as error:
        print(f"error: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
    return 1


async def _ask(settings: Settings, question: str) -> int:
    async with _house(settings, follow=None) as house:
        return await _talk(house, [_console(house, io.StringIO(question))])


def _evaluate(settings: Settings, options: argparse.Namespace) -> int:
    """Ask every question of a file, and print and write what came of them."""
    questions = read_questions(options.file, _now())
    evaluation, page = asyncio.run(_evaluated(settings, options, questions))
    console_of().print(evaluation_told(evaluation))
    if options.html is not None:
        write(options.html, page)
    if options.json is not None:
        write(options.json, json_of(evaluation))
    return 0 if evaluation.met else 1


async def _evaluated(
    settings: Settings, options: argparse.Namespace, questions: Questions
) -> tuple[Evaluation, str]:
    """What came of the questions, and a page of it."""
    async with _house(settings, follow=None) as house:
        verdicts = await _of_each(
            questions.asked,
            lambda asked: judge(
                asked, house.researcher.examine(asked.question), house.library.text_of
            ),
        )
        measures = measures_of(verdicts, thresholds_of(options))
        evaluation = Evaluation(options.file.name, tuple(verdicts), questions.faults, measures)
        status = house.library.status(Filter())

        def said(found: Answer | NotFound) -> Reply:
            return (
                answer_reply(found) if isinstance(found, Answer) else not_found_reply(found, status)
            )

        return evaluation, page_of(evaluation, house.embedder, _now(), said)


def _calibrate(settings: Settings, options: argparse.Namespace) -> int:
    """Fit what decides between answering and not knowing to a file of questions, and keep it."""
    questions = read_questions(options.file, _now())
    if questions.faults:
        console_of(errors=True).print(faults_told(questions.faults))
    calibrated = asyncio.run(_calibrated(settings, options, questions))
    console = console_of()
    console.print(calibration_told(calibrated))
    if options.chart is not None:
        write(options.chart, picture_of(calibrated.lines))
    if not options.dry_run:
        place = place_of(settings.library_dir)
        keep(calibrated.calibration, place)
        console.print(f"kept in {place}; a bot takes it up when it starts", markup=False)
    return 0


async def _calibrated(
    settings: Settings, options: argparse.Namespace, questions: Questions
) -> Calibrated:
    """What is fitted to the questions of which it is known whether the reports answer them."""
    async with _house(settings, follow=None) as house:
        known = await _of_each(
            [asked for asked in questions.asked if asked.answerable is not None],
            lambda asked: (bool(asked.answerable), house.researcher.examine(asked.question)),
        )
        return calibrate(known, house.calibration, house.embedder, options.refuse_wrongly)


async def _of_each(asked: Sequence[Asked], of: Callable[[Asked], Got]) -> list[Got]:
    """What comes of each question, asked off the loop, so that a signal ends it in between."""
    found = []
    with progress_bar(console_of(errors=True)) as tell:
        for done, each in enumerate(asked):
            tell(done, len(asked), each.question.text)
            found.append(await asyncio.to_thread(of, each))
    return found


async def _run(settings: Settings) -> int:
    follow = followed(settings, settings.reports_dir) if settings.follow_reports else []
    async with _house(settings, follow=follow) as house:
        platforms = _platforms(settings, house)
        if platforms:
            return await _talk(house, platforms)
        if house.first_run is not None:
            runs, terminal = house.library.runs, Console(stderr=True)
            await asyncio.to_thread(watch, runs, house.first_run, terminal, lambda: None)
        return await _talk(house, [_console(house, standard_questions())])


@asynccontextmanager
async def _house(settings: Settings, *, follow: Sequence[Path] | None) -> AsyncIterator[House]:
    """Join the parts, and take them apart in order.

    Args:
        settings: of the bot.
        follow: folders to follow; None where the library is only asked: by an owner that is
            gone again soon and leaves the queue alone, or beside the one there is.
    """
    owns = bool(follow) or settings.chroma_url is None
    async with AsyncExitStack() as stack:
        ownership = Ownership(settings.library_dir)
        # last of all: whoever waits for the lock opens the same Chroma as soon as it is free
        stack.callback(ownership.give_up)
        if owns and not _taken(ownership, is_needed=follow is not None):
            library = open_beside(settings.library_dir)
        else:
            library = open_library(settings.library_dir, settings.chroma_url)
        stack.callback(library.close)
        reading = CurrentReading(library, model_of(settings, library))
        stack.callback(reading.close)
        executor = ThreadPoolExecutor(_THREADS, thread_name_prefix="research")
        stack.callback(executor.shutdown)
        service = None
        if owns and follow is not None:
            service = await stack.enter_async_context(_off_the_loop(working(library, settings)))
        reading.warm()
        glossary = load_glossary(settings.own_glossary)
        reranker = CrossEncoder(settings.reranker) if settings.reranker else None
        if reranker is not None:
            stack.callback(reranker.close)
            reranker.warm()
        ready = asyncio.get_running_loop().run_in_executor(executor, reading.make_ready)
        first_run = service.start(follow or []) if service else None
        access = Access(
            open_database(settings.library_dir / "desk.sqlite", desk_tables.create_all), _now
        )
        await ready
        if reranker is not None:
            # one that cannot be loaded is told now, not to whoever asks first
            await asyncio.wrap_future(reranker.warm())
        calibration = calibration_for(place_of(settings.library_dir), reading.identity)
        researcher = Researcher(reading, executor, calibration, glossary, reranker)
        yield House(
            Conversation(researcher.ask, library, access, executor, _now),
            access,
            first_run,
            library,
            researcher,
            calibration,
            reading.identity,
        )


def _taken(ownership: Ownership, *, is_needed: bool) -> bool:
    """Become the library's owner; whether that worked, where it need not.

    Raises:
        LibraryOwned: another process is the owner, and must not be.
    """
    try:
        ownership.take("python -m bot")
    except LibraryOwned:
        if is_needed:
            raise
        return False
    return True


@asynccontextmanager
async def _off_the_loop(working: AbstractContextManager[Service]) -> AsyncIterator[Service]:
    """A block whose end takes a while: the loop goes on meanwhile."""
    stack = ExitStack()
    try:
        yield stack.enter_context(working)
    finally:
        await asyncio.to_thread(stack.close)


def _platforms(settings: Settings, house: House) -> list[Frontend]:
    """The platforms that a token is set for; their libraries are imported only then."""
    platforms: list[Frontend] = []
    if settings.telegram_bot_token:
        from bot.frontends.telegram.frontend import TelegramFrontend

        platforms.append(
            TelegramFrontend(
                house.conversation,
                settings.telegram_bot_token.get_secret_value(),
                api_url=settings.telegram_api_url,
            )
        )
    if settings.discord_bot_token:
        from bot.frontends.discord.frontend import DiscordFrontend

        platforms.append(
            DiscordFrontend(
                house.conversation,
                settings.discord_bot_token.get_secret_value(),
                api_url=settings.discord_api_url,
                gateway_url=settings.discord_gateway_url,
            )
        )
    return platforms


async def _talk(house: House, frontends: Sequence[Frontend]) -> int:
    """Answer on every platform until a signal comes, or the console's input ends.

    Returns:
        0, or 1 where no platform let the bot in.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    served = await asyncio.gather(*(_serve(house, frontend, stop) for frontend in frontends))
    return 0 if any(served) else 1


async def _serve(house: House, frontend: Frontend, stop: asyncio.Event) -> bool:
    """Answer on one platform until told to stop; whether the platform let the bot in."""
    stopping = asyncio.create_task(stop.wait())
    # a platform that cannot be reached is waited for, and must not keep the others waiting
    starting = asyncio.create_task(frontend.start())
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        await asyncio.wait({starting})
        return True
    try:
        await starting
    except FrontendError as error:
        stopping.cancel()
        _log.error("not answering", platform=frontend.name, reason=str(error))
        return False
    if isinstance(frontend, ConsoleFrontend):
        ended = asyncio.create_task(frontend.ended.wait())
        await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
    else:
        _log.info("answering", platform=frontend.name)
        await asyncio.to_thread(_offer_ownership, house.access, frontend.name)
        await stopping
    stopping.cancel()
    await frontend.stop()
    return True


def _offer_ownership(access: Access, platform: str) -> None:
    """Print the one-time code that makes whoever sends it the owner, if there is none yet."""
    if code := access.new_claim_code(platform):
        print(
            f"\n  Nobody owns the {platform.capitalize()} bot yet. Send it this code in a private "
            f"chat to become its owner:\n\n      {code}\n",
            file=sys.stderr,
            flush=True,
        )


def _console(house: House, questions: TextIO) -> ConsoleFrontend:
    return ConsoleFrontend(
        house.conversation, questions, standard_console(), lambda: secrets.token_hex(4)
    )


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
