"""Connecting to Telegram, staying connected, and leaving."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import pytest

from bot.chat.model import Reply, Request
from bot.frontends.telegram.frontend import TelegramFrontend
from bot.frontends.telegram.network import Timing
from ingest.errors import FrontendError
from tests.bot.frontends.telegram.scripted import QUICK, TOKEN, Scripted, running, said, soon
from tests.e2e.telegram_server import TelegramServer

Logged = list[dict[str, Any]]


def frontend(server: TelegramServer, token: str = TOKEN) -> TelegramFrontend:
    """One that has not been started."""
    return TelegramFrontend(Scripted(), token, api_url=server.url, timing=QUICK)


@pytest.mark.parametrize("token", ["999:AAE-unknown", "12345:revoked"])
async def test_a_refused_token_is_a_clear_error(server: TelegramServer, token: str) -> None:
    """A token Telegram does not know ends the start, names the remedy and is not repeated."""
    with pytest.raises(FrontendError, match="TELEGRAM_BOT_TOKEN") as raised:
        await frontend(server, token).start()
    assert token not in "".join(traceback.format_exception(raised.value))
    assert [(one.method, one.status) for one in server.requests] == [("getMe", 401)]


async def test_a_server_that_knows_no_such_address_is_a_clear_error(
    server: TelegramServer,
) -> None:
    """404, which Telegram gives for a malformed token, is a refused token as well."""
    server.refuse(404, "Not Found", method="getMe")
    with pytest.raises(FrontendError, match="TELEGRAM_BOT_TOKEN"):
        await frontend(server).start()


@pytest.mark.parametrize("token", ["", "token", "123", "12 3:abc", "1:a/../b", "1:a\n"])
async def test_what_is_no_token_is_not_sent(server: TelegramServer, token: str) -> None:
    """A text that cannot be a token is refused before it is put into an address."""
    with pytest.raises(FrontendError, match="TELEGRAM_BOT_TOKEN"):
        await frontend(server, token).start()
    assert server.requests == []


async def test_a_refused_menu_is_a_clear_error(server: TelegramServer) -> None:
    """Where Telegram refuses the start for another reason, its reason is told."""
    server.refuse(400, "Bad Request: BOT_COMMAND_INVALID", method="setMyCommands")
    with pytest.raises(FrontendError, match="command_invalid"):
        await frontend(server).start()
    assert server.requests_of("getUpdates") == []


async def test_a_network_down_at_the_start_is_waited_out(
    server: TelegramServer, logged: Logged
) -> None:
    """The start takes until Telegram can be reached, and the log says so once."""
    await server.go_down()
    door = frontend(server)
    starting = asyncio.create_task(door.start())
    await soon(lambda: any("cannot be reached" in entry["event"] for entry in logged))
    await asyncio.sleep(0.1)
    assert not starting.done()
    await server.come_back()
    await starting
    await door.stop()
    events = [entry["event"] for entry in logged]
    assert sum("cannot be reached" in event for event in events) == 1
    assert "Telegram answers again" in events


async def test_a_start_can_be_given_up(server: TelegramServer) -> None:
    """Who cancels a start that waits for the network leaves nothing behind."""
    await server.go_down()
    door = frontend(server)
    starting = asyncio.create_task(door.start())
    await asyncio.sleep(0.05)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    await door.stop()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_network_that_fails_later_is_waited_out(
    server: TelegramServer, logged: Logged
) -> None:
    """After an outage the bot answers again, what was asked meanwhile included."""
    async with running(Scripted(), server):
        await server.wait_for_poll()
        await server.go_down()
        await soon(lambda: any("cannot be reached" in entry["event"] for entry in logged))
        ada = server.add_person("Ada")
        chat = server.private(ada)
        server.send_text(chat, ada, "/help")
        await server.come_back()
        await server.wait_for_message(chat)
    assert len(server.sent(chat)) == 1


async def test_a_second_poller_is_named_and_outlived(
    server: TelegramServer, logged: Logged
) -> None:
    """409 is logged plainly, and the bot goes on to receive."""
    conversation = Scripted()
    async with running(conversation, server), aiohttp.ClientSession() as session:
        await server.wait_for_poll()
        rival = f"{server.url}/bot{TOKEN}/getUpdates?timeout=5"
        async with session.get(rival) as response:
            # the bot tries again, which ends the rival's wait in turn
            assert response.status == 409
        ada = server.add_person("Ada")
        server.send_text(server.private(ada), ada, "/help")
        await server.wait_for_message(server.private(ada))
    (entry,) = [entry for entry in logged if entry["log_level"] == "warning"]
    assert "another program receives this bot's messages" in entry["event"]
    assert entry["error"] == "Conflict"


@pytest.mark.parametrize(
    ("code", "description", "told"),
    [
        (401, "Unauthorized", "no longer accepts the bot token"),
        (502, "Bad Gateway", "cannot be reached"),
        (400, "Bad Request: what?", "cannot be reached"),
    ],
)
async def test_polling_goes_on_whatever_is_answered(
    server: TelegramServer, logged: Logged, code: int, description: str, told: str
) -> None:
    """No answer to a request for updates makes the bot deaf; each kind is told once."""
    async with running(Scripted(), server):
        server.refuse(code, description, times=4, method="getUpdates")
        ada = server.add_person("Ada")
        server.send_text(server.private(ada), ada, "/help")
        server.send_text(server.private(ada), ada, "/status")
        await server.wait_for_message(server.private(ada))
        await server.wait_for_message(server.private(ada))
    assert sum(told in entry["event"] for entry in logged) == 1


async def test_a_flood_limit_on_receiving_is_honoured(
    server: TelegramServer, logged: Logged
) -> None:
    """429 to a request for updates makes the bot wait as long as it is told to."""
    server.flood(retry_after=0.15, method="getUpdates")
    loop = asyncio.get_running_loop()
    async with running(Scripted(), server):
        await server.wait_for_request("getUpdates")
        refused_at = loop.time()
        await server.wait_for_poll()
        assert loop.time() - refused_at >= 0.15
    assert sum("slow down" in entry["event"] for entry in logged) == 1


async def test_updates_that_cannot_be_read_do_not_end_the_polling(
    server: TelegramServer, logged: Logged
) -> None:
    """Nonsense instead of updates is logged without its text, and the bot asks again."""
    server.add_update("message", {"message_id": "secret"})
    async with running(Scripted(), server):
        await soon(lambda: any("cannot be read" in entry["event"] for entry in logged))
        await server.wait_for_request("getUpdates", 3)
    assert "secret" not in str(logged)
    server.violations.clear()  # such an update is none by the Bot API's description


async def test_stopping_answers_all_that_was_received(server: TelegramServer) -> None:
    """Every update received before the stop is answered, none is received after it."""
    conversation = Scripted()
    released = conversation.held["slow"] = asyncio.Event()
    door = TelegramFrontend(conversation, TOKEN, api_url=server.url, timing=QUICK)
    await door.start()
    people = [server.add_person(f"Person {n}") for n in range(20)]
    for person in people:
        server.send_text(server.private(person), person, "slow")
    await server.wait_for_poll()
    stopping = asyncio.create_task(door.stop())
    await asyncio.sleep(0.05)
    late = server.add_person("Late")
    server.send_text(server.private(late), late, "/help")
    assert not stopping.done()
    released.set()
    await stopping
    assert [len(server.sent(server.private(person))) for person in people] == [1] * 20
    assert len(conversation.requests) == 20
    assert server.unconfirmed == 1


async def test_stopping_answers_what_is_still_queued(server: TelegramServer) -> None:
    """More updates than are answered at a time are all answered before the stop ends."""
    conversation = Scripted(lambda request: [])
    released = conversation.held["slow"] = asyncio.Event()
    door = TelegramFrontend(conversation, TOKEN, api_url=server.url, timing=QUICK)
    ada = server.add_person("Ada")
    for n in range(600):
        server.send_text(server.private(ada), ada, f"slow {n}")
    await door.start()
    await server.wait_for_poll()
    stopping = asyncio.create_task(door.stop())
    await asyncio.sleep(0.05)
    assert len(conversation.finished) == 0
    released.set()
    await stopping
    assert len(conversation.finished) == 600
    assert server.unconfirmed == 0


async def test_what_was_answered_is_not_sent_again(server: TelegramServer) -> None:
    """A stop right after an update confirms it, so that the next start does not see it."""
    for _ in range(2):
        conversation = Scripted()
        door = TelegramFrontend(conversation, TOKEN, api_url=server.url, timing=QUICK)
        ada = server.add_person("Ada")
        server.send_text(server.private(ada), ada, "/help")
        await door.start()
        await server.wait_for_message(server.private(ada))
        await door.stop()
        assert len(conversation.requests) == 1
        assert server.unconfirmed == 0


async def test_what_was_received_is_confirmed_at_the_stop(server: TelegramServer) -> None:
    """A stop between receiving and asking again still tells Telegram what was received."""
    patient = Timing(first_retry=60.0, longest_retry=60.0)
    door = TelegramFrontend(Scripted(), TOKEN, api_url=server.url, timing=patient)
    await door.start()
    await server.wait_for_poll()
    server.refuse(502, "Bad Gateway", method="getUpdates")
    ada = server.add_person("Ada")
    server.send_text(server.private(ada), ada, "/help")
    await server.wait_for_message(server.private(ada))
    assert (await server.wait_for_request("getUpdates", 2)).status == 502
    assert server.unconfirmed == 1
    async with asyncio.timeout(2):
        await door.stop()
    assert server.unconfirmed == 0


class Tidying(Scripted):
    """Takes a moment to end an answer that was given up.

    Attributes:
        tidied: it has ended.
    """

    tidied = False

    async def answer(self, request: Request) -> AsyncGenerator[Reply]:
        """Yield two replies."""
        try:
            yield said("one")
            yield said("two")
        finally:
            await asyncio.sleep(0.05)
            self.tidied = True


async def test_the_stop_waits_for_answers_that_were_given_up(server: TelegramServer) -> None:
    """An answer that could not be delivered is ended in order, before the stop returns."""
    conversation = Tidying()
    async with running(conversation, server):
        ada = server.add_person("Ada")
        server.block(server.private(ada))
        server.send_text(server.private(ada), ada, "/help")
        await server.wait_for_request("sendMessage")
    assert conversation.tidied


async def test_stopping_is_prompt_while_the_network_is_down(
    server: TelegramServer, logged: Logged
) -> None:
    """A bot that waits to try again stops at once, and says what it could not confirm."""
    conversation = Scripted(lambda request: [])
    released = conversation.held["slow"] = asyncio.Event()
    door = TelegramFrontend(conversation, TOKEN, api_url=server.url, timing=QUICK)
    await door.start()
    ada = server.add_person("Ada")
    server.send_text(server.private(ada), ada, "slow")
    await soon(lambda: len(conversation.requests) == 1)
    await server.go_down()
    await soon(lambda: any("cannot be reached" in entry["event"] for entry in logged))
    released.set()
    async with asyncio.timeout(2):
        await door.stop()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_stopping_twice_or_before_the_start_does_nothing(server: TelegramServer) -> None:
    """A stop without a start, and a second stop, return at once."""
    door = frontend(server)
    await door.stop()
    await door.start()
    await door.stop()
    await door.stop()
    assert server.requests_of("getMe") != []


async def test_it_can_be_started_again(server: TelegramServer) -> None:
    """A frontend that was stopped starts and answers anew."""
    door = frontend(server)
    for _ in range(2):
        await door.start()
        ada = server.add_person("Ada")
        server.send_text(server.private(ada), ada, "/help")
        await server.wait_for_message(server.private(ada))
        await door.stop()
    assert len(server.requests_of("setMyCommands")) == 2
