"""Tests of one bot process on Telegram and Discord at once, as its users meet it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from bot.chat import words
from tests.e2e.discord_nouns import Person as DiscordPerson
from tests.e2e.discord_server import DiscordServer
from tests.e2e.library_texts import (
    COPPER_FACT,
    COPPER_QUESTION,
    TIN,
    TIN_FACT,
    TIN_QUESTION,
    UNANSWERED_QUESTION,
    write_reports,
)
from tests.e2e.library_watch import wait_for
from tests.e2e.processes import PATIENCE, Process, run
from tests.e2e.telegram_chats import Person as TelegramPerson
from tests.e2e.telegram_server import TelegramServer

TELEGRAM_TOKEN = "12345:telegram-token-of-a-test"
DISCORD_TOKEN = "discord-token-of-a-test"
_CODE = r"(?s)owns the {} bot yet.*?([0-9a-f]{{8}}-[0-9a-f]{{8}})"
_FOOTNOTE = re.compile(r"^\[\d+\] .+$", re.MULTILINE)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Town:
    """One bot process, two platforms, and its owner on each."""

    folder: Path
    bot: Process
    telegram: TelegramServer
    discord: DiscordServer
    ada: TelegramPerson
    ann: DiscordPerson

    async def in_telegram(self, text: str) -> str:
        """What the owner is answered in Telegram."""
        chat = self.telegram.private(self.ada)
        self.telegram.send_text(chat, self.ada, text)
        return (await self.telegram.wait_for_message(chat, PATIENCE)).text

    async def in_discord(self, text: str) -> str:
        """What the owner is answered in Discord."""
        asked = self.discord.direct_message(self.ann, text)
        return (await self.discord.wait_for_reply(asked, PATIENCE)).text


def settings(telegram: TelegramServer, discord: DiscordServer) -> dict[str, str]:
    """The environment of a bot on both stand-ins."""
    return {
        "TELEGRAM_BOT_TOKEN": TELEGRAM_TOKEN,
        "TELEGRAM_API_URL": telegram.url,
        "DISCORD_BOT_TOKEN": DISCORD_TOKEN,
        "DISCORD_API_URL": discord.api_url,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with reports."""
    made = tmp_path_factory.mktemp("town")
    write_reports(made)
    return made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(folder: Path) -> AsyncIterator[Town]:
    """The bot on both platforms, claimed by its owner on each."""
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(TelegramServer(TELEGRAM_TOKEN))
        discord = await stack.enter_async_context(DiscordServer(DISCORD_TOKEN))
        bot = await stack.enter_async_context(
            Process("bot", folder=folder, env=settings(telegram, discord))
        )
        here = Town(
            folder, bot, telegram, discord, telegram.add_person("Ada"), discord.person("Ann")
        )
        code = (await bot.says(_CODE.format("Telegram")))[1]
        assert await here.in_telegram(f"/start {code}") == words.CLAIMED
        code = (await bot.says(_CODE.format("Discord")))[1]
        assert await here.in_discord(code) == words.CLAIMED
        await wait_for(folder, lambda status: status.reports == 2)
        yield here
        assert TELEGRAM_TOKEN not in bot.errors
        assert DISCORD_TOKEN not in bot.errors


def spoken(text: str) -> str:
    """The words of a text, without the signs and line breaks that part them."""
    return " ".join(re.findall(r"\w+", text))


async def test_both_platforms_give_the_footnotes_of_the_console(town: Town, tmp_path: Path) -> None:
    """One question has the same quotation and footnotes wherever it is asked."""
    write_reports(tmp_path)
    _, console, _ = await run("bot", folder=tmp_path, questions=f"{COPPER_QUESTION}\n")
    telegram = await town.in_telegram(COPPER_QUESTION)
    discord = await town.in_discord(COPPER_QUESTION)
    footnotes = [line for line in _FOOTNOTE.findall(console) if "Heron Research" in line]
    assert footnotes
    slash = town.discord.slash(
        town.ann, town.discord.text_channel("research"), "ask", question=COPPER_QUESTION
    )
    slashed = (await town.discord.wait_for_reply(slash, PATIENCE)).text
    for shown in (telegram, discord, slashed):
        assert COPPER_FACT in shown
        assert all(spoken(footnote) in spoken(shown) for footnote in footnotes), shown


async def test_what_the_reports_do_not_say_is_refused_everywhere(town: Town) -> None:
    """Not knowing is said in the same words on every platform."""
    assert words.NOT_FOUND in await town.in_telegram(UNANSWERED_QUESTION)
    assert words.NOT_FOUND in await town.in_discord(UNANSWERED_QUESTION)


async def test_a_file_that_comes_is_answered_from_and_one_that_goes_is_not_cited(
    town: Town,
) -> None:
    """The folder is followed while the bot runs, without a restart."""
    assert TIN_FACT not in await town.in_telegram(TIN_QUESTION)
    tin = town.folder / "reports" / "tin.txt"
    tin.write_text(TIN, encoding="utf-8")
    await wait_for(town.folder, lambda status: status.reports == 3)
    assert TIN_FACT in await town.in_telegram(TIN_QUESTION)
    assert TIN_FACT in await town.in_discord(TIN_QUESTION)
    tin.unlink()
    await wait_for(town.folder, lambda status: status.reports == 2)
    assert TIN_FACT not in await town.in_telegram(TIN_QUESTION)
    assert TIN_FACT not in await town.in_discord(TIN_QUESTION)


async def test_an_ingest_beside_the_bot_is_done_by_the_bot(town: Town) -> None:
    """A command queues its run with the library's owner and shows what came of it."""
    elsewhere = town.folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "tin.txt").write_text(TIN, encoding="utf-8")
    code, output, errors = await run("ingest", str(elsewhere), folder=town.folder)
    assert (code, "1 added" in output) == (0, True), errors
    assert "queued for the library's owner, python -m bot" in errors
    assert TIN_FACT in await town.in_telegram(TIN_QUESTION)


async def test_a_second_bot_says_who_owns_the_library_and_an_ask_reads_beside_it(
    town: Town,
) -> None:
    """Chroma is never opened twice: a second bot is told what to do, a question needs none."""
    code, output, errors = await run("bot", folder=town.folder)
    assert (code, output) == (1, "")
    assert "in use by python -m bot" in errors
    code, output, errors = await run("bot", "ask", COPPER_QUESTION, folder=town.folder)
    assert (code, COPPER_FACT in output) == (0, True), errors
    code, output, _ = await run("ingest", "status", folder=town.folder)
    assert (code, "Reports" in output) == (0, True)


async def test_a_stranger_learns_nothing(town: Town) -> None:
    """Who was not let in gets one polite line on either platform; who is let in may ask."""
    mallory = town.telegram.add_person("Mallory")
    chat = town.telegram.private(mallory)
    town.telegram.send_text(chat, mallory, COPPER_QUESTION)
    refusal = await town.telegram.wait_for_message(chat, PATIENCE)
    assert refusal.text == words.stranger(str(mallory.id))
    asked = town.discord.direct_message(town.discord.person("Mallory"), COPPER_QUESTION)
    assert COPPER_FACT not in (await town.discord.wait_for_reply(asked, PATIENCE)).text
    assert words.allowed("user", str(mallory.id)) == await town.in_telegram(f"/allow {mallory.id}")
    town.telegram.send_text(chat, mallory, COPPER_QUESTION)
    assert COPPER_FACT in (await town.telegram.wait_for_message(chat, PATIENCE)).text


async def test_discord_resumes_after_its_gateway_closed(town: Town) -> None:
    """A question asked while the connection was down is answered after it resumed."""
    before = town.discord.resumed
    town.discord.close_gateway()
    assert COPPER_FACT in await town.in_discord(COPPER_QUESTION)
    assert town.discord.resumed == before + 1


async def test_a_term_signal_lets_what_was_asked_be_answered(town: Town) -> None:
    """Told to end, the bot answers what it has received, and ends well."""
    chat = town.telegram.private(town.ada)
    town.telegram.send_text(chat, town.ada, COPPER_QUESTION)
    asked = town.discord.direct_message(town.ann, COPPER_QUESTION)
    await town.telegram.wait_for_poll(PATIENCE)
    town.bot.terminate()
    assert COPPER_FACT in (await town.telegram.wait_for_message(chat, PATIENCE)).text
    assert COPPER_FACT in (await town.discord.wait_for_reply(asked, PATIENCE)).text
    assert await town.bot.ended() == 0


async def test_a_bad_token_for_one_platform_does_not_stop_the_other(tmp_path: Path) -> None:
    """The platform that lets the bot in is served; the other is named in the log."""
    write_reports(tmp_path)
    async with (
        TelegramServer("99:another-token") as telegram,
        DiscordServer(DISCORD_TOKEN) as discord,
        Process("bot", folder=tmp_path, env=settings(telegram, discord)) as bot,
    ):
        await bot.says("TELEGRAM_BOT_TOKEN")
        code = (await bot.says(_CODE.format("Discord")))[1]
        claim = discord.direct_message(discord.person("Ann"), code)
        assert (await discord.wait_for_reply(claim, PATIENCE)).text == words.CLAIMED
        assert not re.search(_CODE.format("Telegram"), bot.errors)
        bot.terminate()
        assert await bot.ended() == 0
