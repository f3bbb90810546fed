"""The frontend over real sockets: connecting, losing the connection, and leaving."""

from __future__ import annotations

import asyncio
import logging

import pytest
from structlog.testing import capture_logs

from bot.chat.words import SHUTTING_DOWN
from bot.frontends.discord.frontend import DiscordFrontend
from ingest.errors import FrontendError
from tests.bot.frontends.discord.conftest import frontend_at
from tests.bot.frontends.discord.conversation import Scripted
from tests.e2e.discord_nouns import Interaction, Message
from tests.e2e.discord_server import DiscordServer


@pytest.mark.parametrize("token", ["another-token", "a token\nin two lines", "señal"])
async def test_a_refused_token_is_told(
    server: DiscordServer,
    conversation: Scripted,
    caplog: pytest.LogCaptureFixture,
    token: str,
) -> None:
    """A token that Discord refuses is an error that names the setting and not the token."""
    caplog.set_level(logging.DEBUG)
    frontend = frontend_at(server, conversation, token)

    with capture_logs() as logs, pytest.raises(FrontendError, match="DISCORD_BOT_TOKEN") as error:
        await frontend.start()

    assert token not in f"{error.value}{logs}{caplog.text}"
    assert server.identified == 0
    await frontend.stop()


async def test_a_token_refused_by_the_gateway_is_told(
    server: DiscordServer, conversation: Scripted
) -> None:
    """A token taken back between logging in and connecting is told as any refused one."""
    server.revoke_token_at_gateway()

    with pytest.raises(FrontendError, match="DISCORD_BOT_TOKEN"):
        await frontend_at(server, conversation).start()


async def test_an_unreachable_discord_is_told(conversation: Scripted) -> None:
    """Where nobody listens, the error says that Discord cannot be reached."""
    frontend = DiscordFrontend(
        conversation,
        "a-token",
        api_url="http://127.0.0.1:1/api/v10",
        gateway_url="ws://127.0.0.1:1/gateway/",
    )

    with pytest.raises(FrontendError, match="cannot be reached"):
        await frontend.start()


async def test_an_unreachable_gateway_is_told(
    server: DiscordServer, conversation: Scripted
) -> None:
    """Where the token is taken but the gateway cannot be reached, the error says the latter."""
    server.take_gateway_down()

    with pytest.raises(FrontendError, match="cannot be reached"):
        await frontend_at(server, conversation).start()


async def test_the_token_is_never_logged(
    server: DiscordServer, conversation: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever is logged of connecting, answering and leaving, the token is not in it."""
    caplog.set_level(logging.DEBUG)
    frontend = frontend_at(server, conversation)

    with capture_logs() as logs:
        await frontend.start()
        await server.wait_for_reply(server.direct_message(server.person("Ann"), "How big?"))
        await frontend.stop()

    assert server.token not in f"{logs}{caplog.text}"


@pytest.mark.usefixtures("frontend")
async def test_a_closed_gateway_is_resumed(server: DiscordServer, conversation: Scripted) -> None:
    """When Discord closes the connection the session is resumed, and what was missed answered."""
    ann, research = server.person("Ann"), server.text_channel("research")

    server.close_gateway()
    asked = server.slash(ann, research, "ask", question="Did you miss this?")
    written = server.direct_message(ann, "And this?")
    replies = [await server.wait_for_reply(one) for one in (asked, written)]

    assert [reply.text for reply in replies] == [
        "You asked: Did you miss this?",
        "You asked: And this?",
    ]
    assert (server.identified, server.resumed) == (1, 1)
    assert len(conversation.requests) == 2


async def test_a_connection_lost_for_good_is_logged(
    server: DiscordServer, frontend: DiscordFrontend
) -> None:
    """When Discord ends the connection for good the log says so, and what to do."""
    with capture_logs() as logs:
        server.close_gateway(4004)
        assert frontend._connection is not None
        await asyncio.wait({frontend._connection})

    (entry,) = logs
    assert entry["log_level"] == "error"
    assert "DISCORD_BOT_TOKEN" in entry["advice"]


async def test_stopping_lets_what_was_asked_be_answered(
    server: DiscordServer, conversation: Scripted
) -> None:
    """A stop answers what was asked before it, by command and by message, then disconnects."""
    frontend = frontend_at(server, conversation)
    await frontend.start()
    ann, research = server.person("Ann"), server.text_channel("research")
    conversation.held.clear()
    asked: list[Interaction | Message] = [
        server.slash(ann, research, "ask", question="How big?"),
        server.direct_message(ann, "And when?"),
    ]
    for _ in asked:
        await conversation.taken.get()

    stopped = asyncio.create_task(frontend.stop())
    late = server.slash(ann, research, "ask", question="Too late?")
    declined = await server.wait_for_reply(late)
    assert not stopped.done()
    conversation.held.set()
    replies = [await server.wait_for_reply(one) for one in asked]
    await stopped

    assert [reply.text for reply in replies] == ["You asked: How big?", "You asked: And when?"]
    assert declined.text == SHUTTING_DOWN
    assert len(conversation.requests) == 2
    assert not server.connected


async def test_stopping_before_a_question_is_taken_up_answers_it(
    server: DiscordServer, conversation: Scripted
) -> None:
    """What was asked before a stop is answered, even if the stop came before its first step."""
    frontend = frontend_at(server, conversation)
    await frontend.start()
    server.hold()
    asked = server.direct_message(server.person("Ann"), "How big?")
    await server.wait_for_call("/typing")

    stopped = asyncio.create_task(frontend.stop())
    await asyncio.sleep(0)  # lets the stop begin
    server.release()
    reply = await server.wait_for_reply(asked)
    await stopped

    assert reply.text == "You asked: How big?"


async def test_stopping_while_discord_is_away(
    server: DiscordServer, frontend: DiscordFrontend
) -> None:
    """A stop does not wait for the next attempt to connect to a Discord that is away."""
    server.take_gateway_down()
    server.close_gateway()
    await frontend.stop()

    assert (server.identified, server.resumed) == (1, 0)


async def test_stopping_before_starting_is_nothing(
    server: DiscordServer, conversation: Scripted
) -> None:
    """A frontend that never started, or has stopped, can be stopped."""
    frontend = frontend_at(server, conversation)

    await frontend.stop()
    await frontend.start()
    await frontend.stop()
    await frontend.stop()

    assert server.identified == 1
