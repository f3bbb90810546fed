"""The error boundary: what goes wrong with one answer is told, and goes no further."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.chat.model import Button, Command, ListReports, Paragraph, Reply
from bot.chat.words import trouble
from bot.frontends.discord.faults import PAST_HELP
from ingest.errors import IndexUnavailable
from tests.bot.frontends.discord.conversation import Scripted
from tests.e2e.discord_nouns import Interaction, Message
from tests.e2e.discord_server import DiscordServer

pytestmark = pytest.mark.usefixtures("frontend")

QUESTION = "What nobody else may read"


def broken(command: Command) -> Iterator[Reply]:
    """Says one thing, then breaks with the question in its message."""
    yield Reply((Paragraph("So far so good."),))
    raise ValueError(f"cannot parse {command}")


def by_command(server: DiscordServer) -> Interaction | Message:
    """Ask by a slash command."""
    return server.slash(server.person("Ann"), server.text_channel("x"), "ask", question=QUESTION)


def by_message(server: DiscordServer) -> Interaction | Message:
    """Ask by a direct message."""
    return server.direct_message(server.person("Ann"), QUESTION)


@pytest.mark.parametrize("ask", [by_command, by_message])
async def test_a_broken_answer_is_told_with_its_reference(
    server: DiscordServer,
    conversation: Scripted,
    ask: Callable[[DiscordServer], Interaction | Message],
) -> None:
    """The person gets one line with the reference under which the log tells the error."""
    conversation.script = broken

    with capture_logs() as logs:
        asked = ask(server)
        replies = [await server.wait_for_reply(asked) for _ in range(2)]

    (entry,) = logs
    assert [reply.text for reply in replies] == ["So far so good.", trouble(entry["reference"])]


async def test_the_log_tells_where_but_not_what(
    server: DiscordServer, conversation: Scripted
) -> None:
    """Of a broken answer the log holds the error's kind and place, nothing anybody wrote."""
    conversation.script = broken

    with capture_logs() as logs:
        asked = server.direct_message(server.person("Ann"), QUESTION)
        [await server.wait_for_reply(asked) for _ in range(2)]

    (entry,) = logs
    assert entry["log_level"] == "error"
    assert entry["error"] == "ValueError"
    assert re.match(r"discord/test_boundary\.py:\d+ broken < ", entry["where"])
    assert QUESTION not in str(entry)


async def test_footnotes_own_errors_are_logged_in_full(
    server: DiscordServer, conversation: Scripted
) -> None:
    """Footnote's own errors hold nothing private, so that the log tells what they say."""

    def unavailable(_: Command) -> list[Reply]:
        raise IndexUnavailable("the index cannot be read: repair it") from OSError("no folder")

    conversation.script = unavailable
    with capture_logs() as logs:
        await server.wait_for_reply(server.direct_message(server.person("Ann"), QUESTION))

    assert logs[0]["error"] == "IndexUnavailable from OSError"
    assert logs[0]["detail"] == "the index cannot be read: repair it"


async def test_a_broken_page_leaves_the_list_standing(
    server: DiscordServer, conversation: Scripted
) -> None:
    """Where turning a page fails, the list stays and the trouble is told beside it."""
    ann = server.person("Ann")
    conversation.script = lambda _: [
        Reply((Paragraph("Page 1."),), (Button("Older", ListReports(2)),))
    ]
    listed = await server.wait_for_reply(server.slash(ann, server.direct(ann), "reports"))

    def unreadable(_: Command) -> list[Reply]:
        raise IndexUnavailable("no")

    conversation.script = unreadable
    told = await server.wait_for_reply(server.press(ann, listed, "Older"))

    assert listed.text == "Page 1."
    assert told is not listed
    assert told.ephemeral
    assert "reference" in told.text


def acknowledged_elsewhere(_: DiscordServer, asked: Interaction) -> None:
    """Another process of the same bot was faster."""
    asked.acknowledged = 5


def forgotten(server: DiscordServer, asked: Interaction) -> None:
    """Discord knows the interaction's token no longer."""
    server.forget(asked)


def expired(server: DiscordServer, _: Interaction) -> None:
    """More than a quarter of an hour goes by."""
    server.clock.advance(15 * 60 + 1)


def deleted(server: DiscordServer, asked: Interaction) -> None:
    """Somebody deletes the message that says that the bot is thinking."""
    assert asked.original is not None
    server.delete(asked.original)


async def test_a_late_acknowledgement_is_dropped(
    server: DiscordServer, conversation: Scripted
) -> None:
    """A command that takes over three seconds to be acknowledged is logged and not answered."""
    ann, research = server.person("Ann"), server.text_channel("research")
    with capture_logs() as logs:
        server.slash(ann, research, "ask", question=QUESTION, late=3.1)
        refused = await server.wait_for_refusal()
        await server.wait_for_reply(server.slash(ann, research, "ask", question="Now?", late=2.9))

    assert refused.code == 10062
    assert len(conversation.requests) == 1
    assert_dropped(logs, 10062)


async def test_a_second_acknowledgement_is_dropped(
    server: DiscordServer, conversation: Scripted
) -> None:
    """A command that was acknowledged already is logged and not answered twice."""
    with capture_logs() as logs:
        asked = server.slash(server.person("Ann"), server.text_channel("research"), "help")
        acknowledged_elsewhere(server, asked)
        refused = await server.wait_for_refusal()
        await server.wait_for_reply(server.direct_message(server.person("Ann"), "Now?"))

    assert refused.code == 40060
    assert len(conversation.requests) == 1
    assert_dropped(logs, 40060)


@pytest.mark.parametrize(
    ("mishap", "code"), [(forgotten, 10015), (expired, 50027), (deleted, 10008)]
)
async def test_an_answer_that_comes_too_late_is_dropped(
    server: DiscordServer,
    conversation: Scripted,
    mishap: Callable[[DiscordServer, Interaction], None],
    code: int,
) -> None:
    """What Discord takes no answer to any more is logged; the bot goes on."""
    conversation.held.clear()
    with capture_logs() as logs:
        asked = server.slash(server.person("Ann"), server.text_channel("research"), "help")
        await conversation.taken.get()
        mishap(server, asked)
        conversation.held.set()
        refused = await server.wait_for_refusal()
        await server.wait_for_reply(server.direct_message(server.person("Ann"), "Still there?"))

    assert refused.code == code
    assert_dropped(logs, code)


@pytest.mark.parametrize("code", [50013, 50001])
async def test_a_channel_closed_to_the_bot_is_left_alone(
    server: DiscordServer, conversation: Scripted, code: int
) -> None:
    """Where the bot may not write it does not look anything up, and logs why."""
    ann, research = server.person("Ann"), server.text_channel("research")
    server.forbid(research, code)
    with capture_logs() as logs:
        server.mention(ann, research, QUESTION)
        await server.wait_for_refusal()
        await server.wait_for_reply(server.direct_message(ann, "Still there?"))

    assert len(conversation.requests) == 1
    assert_dropped(logs, code)


async def test_a_question_deleted_meanwhile_is_answered(
    server: DiscordServer, conversation: Scripted
) -> None:
    """The answer to a message that was deleted meanwhile stands there without pointing at it."""
    conversation.held.clear()
    asked = server.mention(server.person("Ann"), server.text_channel("research"), "How big?")
    await conversation.taken.get()
    server.delete(asked)
    conversation.held.set()

    assert (await server.wait_for_reply(asked)).text == "You asked: How big?"


async def test_where_it_may_not_reply_it_still_tells_the_trouble(server: DiscordServer) -> None:
    """Without the permission to read what stands there the bot cannot reply, but can say so."""
    research = server.text_channel("research")
    research.history = False

    with capture_logs() as logs:
        told = await server.wait_for_reply(server.mention(server.person("Ann"), research, "How?"))

    assert told.text == trouble(logs[0]["reference"])
    assert "permission to read message history" in logs[0]["detail"]


def assert_dropped(logs: Sequence[Mapping[str, Any]], code: int) -> None:
    """The log tells of one dropped answer and why, and nothing of what was asked."""
    (entry,) = logs
    assert entry["log_level"] == "warning"
    assert entry["reason"] == PAST_HELP[code]
    assert str(code) in str(entry["detail"])
    assert QUESTION not in str(entry)
