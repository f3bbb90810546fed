"""The frontend over real sockets: each way to ask, and who is answered where."""

from __future__ import annotations

from typing import Any

import pytest

from bot.chat.model import (
    Allow,
    Ask,
    Asker,
    Button,
    Command,
    ListReports,
    Note,
    Paragraph,
    Reply,
    Request,
    ShowHelp,
    ShowStatus,
    Start,
)
from bot.chat.words import COMMAND_DESCRIPTIONS
from bot.frontends.discord.frontend import DiscordFrontend
from tests.bot.frontends.discord.conftest import frontend_at
from tests.bot.frontends.discord.conversation import Scripted
from tests.e2e.discord_nouns import Interaction, Message
from tests.e2e.discord_server import DIRECT_MESSAGES, GUILD_MESSAGES, GUILDS, DiscordServer

pytestmark = pytest.mark.usefixtures("frontend")


def pages(command: Command) -> list[Reply]:
    """A list of reports in three pages, with buttons to turn them."""
    assert isinstance(command, ListReports)
    page = command.page
    older = (Button("Older", ListReports(page + 1)),) if page < 3 else ()
    newer = (Button("Newer", ListReports(page - 1)),) if page > 1 else ()
    return [Reply((Paragraph(f"This is page {page}."),), (*newer, *older))]


@pytest.mark.parametrize(
    ("name", "options", "command"),
    [
        ("ask", {"question": "How big?"}, Ask("How big?")),
        ("reports", {}, ListReports(1)),
        ("reports", {"page": 3}, ListReports(3)),
        ("status", {}, ShowStatus()),
        ("help", {}, ShowHelp()),
        ("start", {}, Start("")),
        ("start", {"code": " a-code "}, Start("a-code")),
    ],
)
async def test_a_slash_command_gives_its_command(
    server: DiscordServer,
    conversation: Scripted,
    name: str,
    options: dict[str, Any],
    command: Command,
) -> None:
    """A slash command reaches the conversation as the chat's own command, and is answered."""
    ann, research = server.person("Ann"), server.text_channel("research")

    reply = await server.wait_for_reply(server.slash(ann, research, name, **options))

    asker = Asker("discord", ann.id, "Ann", research.id, private=False)
    assert conversation.requests == [Request(asker, command)]
    assert reply.channel is research
    assert reply.text


async def test_the_commands_are_made_known(server: DiscordServer) -> None:
    """Discord learns exactly the commands of the chat, in the chat's own words."""
    known = {command["name"]: command["description"] for command in server.commands}

    assert known == COMMAND_DESCRIPTIONS


async def test_only_what_is_needed_is_asked_of_the_gateway(server: DiscordServer) -> None:
    """The bot wants to be told of guilds and messages, and has no privileged intent."""
    assert server.intents == GUILDS | GUILD_MESSAGES | DIRECT_MESSAGES


async def test_allow_names_people_and_channels(
    server: DiscordServer, conversation: Scripted
) -> None:
    """/allow lets in the user and the channel that are named, each by a command of its own."""
    ann, bob, desk = server.person("Ann"), server.person("Bob"), server.text_channel("desk")
    research = server.text_channel("research")

    asked = server.slash(ann, research, "allow", user=bob, channel=desk)
    first, second = [await server.wait_for_reply(asked) for _ in range(2)]

    thread = server.thread(desk, "China")
    await server.wait_for_reply(server.slash(ann, research, "allow", channel=thread))

    users, *chats = [request.command for request in conversation.requests]
    assert users == Allow("user", bob.id)
    assert chats == [Allow("chat", desk.id)] * 2
    assert first.ephemeral
    assert second.ephemeral


async def test_allow_alone_is_this_channel(server: DiscordServer, conversation: Scripted) -> None:
    """/allow without a name is the channel it is given in, and in direct messages nobody."""
    ann, research = server.person("Ann"), server.text_channel("research")

    for where in (research, server.thread(research, "a thread"), server.direct(ann)):
        await server.wait_for_reply(server.slash(ann, where, "allow"))

    commands = [request.command for request in conversation.requests]
    assert commands == [Allow("chat", research.id), Allow("chat", research.id), Allow("chat", "")]


@pytest.mark.parametrize(
    ("name", "options", "ephemeral"),
    [
        ("start", {"code": "secret"}, True),
        ("allow", {}, True),
        ("start", {}, False),
        ("ask", {"question": "How big?"}, False),
    ],
)
async def test_what_is_private_is_shown_to_one_person(
    server: DiscordServer, name: str, options: dict[str, Any], *, ephemeral: bool
) -> None:
    """What answers a claim code or /allow only the person sees, the rest the channel."""
    asked = server.slash(server.person("Ann"), server.text_channel("research"), name, **options)

    assert (await server.wait_for_reply(asked)).ephemeral is ephemeral


async def test_a_direct_message_is_a_question(
    server: DiscordServer, conversation: Scripted
) -> None:
    """Plain text in a direct message is a question; the bot types, then answers there."""
    ann = server.person("Ann")

    reply = await server.wait_for_reply(server.direct_message(ann, "How big?\nAnd when?"))

    asker = Asker("discord", ann.id, "Ann", server.direct(ann).id, private=True)
    assert conversation.requests == [Request(asker, Ask("How big?\nAnd when?"))]
    assert reply.text == "You asked: How big?\nAnd when?"
    assert server.direct(ann).typing == 1
    assert "message_reference" not in reply.body


async def test_a_mention_is_a_question(server: DiscordServer, conversation: Scripted) -> None:
    """A message that mentions the bot is a question without the mention; the answer replies."""
    ann, research = server.person("Ann"), server.text_channel("research")

    asked = server.mention(ann, research, "How big?")
    reply = await server.wait_for_reply(asked)

    assert conversation.requests[0].command == Ask("How big?")
    assert reply.body["message_reference"]["message_id"] == asked.id
    assert research.typing == 1


async def test_a_mention_may_stand_anywhere(server: DiscordServer, conversation: Scripted) -> None:
    """Wherever the mention stands and however it is written, it is no part of the question."""
    ann, research = server.person("Ann"), server.text_channel("research")

    for text in (f"How <@{server.bot.id}> big?", f"How big? <@!{server.bot.id}>"):
        await server.wait_for_reply(server.write(ann, research, text, mentions=[server.bot]))
    await server.wait_for_reply(server.mention(ann, research, ""))

    commands = [request.command for request in conversation.requests]
    assert commands == [Ask("How big?"), Ask("How big?"), Ask("")]


async def test_a_reply_to_the_bot_is_a_question(
    server: DiscordServer, conversation: Scripted
) -> None:
    """A reply to what the bot said is a question, as long as it mentions the bot."""
    ann, research = server.person("Ann"), server.text_channel("research")
    answer = await server.wait_for_reply(server.mention(ann, research, "How big?"))

    server.reply(ann, answer, "Discord withholds this from the bot", ping=False)
    reply = await server.wait_for_reply(server.reply(ann, answer, "And when?"))

    assert reply.text == "You asked: And when?"
    assert len(conversation.requests) == 2


async def test_a_thread_belongs_to_its_channel(
    server: DiscordServer, conversation: Scripted
) -> None:
    """What is asked in a thread is asked in the channel it hangs from, and answered in it."""
    ann, research = server.person("Ann"), server.text_channel("research")
    thread = server.thread(research, "China")

    replies = [
        await server.wait_for_reply(server.mention(ann, thread, "How big?")),
        await server.wait_for_reply(server.slash(ann, thread, "help")),
    ]

    assert [request.asker.chat for request in conversation.requests] == [research.id] * 2
    assert [reply.channel for reply in replies] == [thread] * 2


async def test_what_is_not_meant_for_the_bot_is_left_alone(
    server: DiscordServer, conversation: Scripted
) -> None:
    """What others write among themselves, bots, webhooks and Discord itself is no question."""
    ann, research = server.person("Ann"), server.text_channel("research")
    robot = server.person("Robot")
    robot.bot = True

    server.write(ann, research, "How big? I wonder.")
    server.write(ann, research, "@everyone look", mention_everyone=True)
    server.mention(robot, research, "I am a bot")
    server.direct_message(robot, "I am a bot")
    server.write(ann, research, "through a webhook", mentions=[server.bot], webhook_id="1")
    server.write(ann, research, "has pinned a message", mentions=[server.bot], type=6)
    await server.wait_for_reply(server.mention(ann, research, "at last"))

    assert [request.command for request in conversation.requests] == [Ask("at last")]


async def test_nobody_is_notified(server: DiscordServer, conversation: Scripted) -> None:
    """Mentions in an answer are shown as text and notify nobody, by every way out."""
    ann, research = server.person("Ann"), server.text_channel("research")
    text = f"@everyone @here <@{ann.id}> <@&1>"
    conversation.script = lambda _: [Reply((Paragraph(text),)), Reply((Note(text),))]

    asked: list[Interaction | Message] = [
        server.slash(ann, research, "help"),
        server.mention(ann, research, "?"),
        server.direct_message(ann, "?"),
    ]
    replies = [await server.wait_for_reply(one) for one in asked for _ in range(2)]

    assert [reply.text for reply in replies] == [text] * 6
    assert [reply.notified for reply in replies] == [[]] * 6
    written = [call.body for call in server.calls if call.body and "components" in call.body]
    assert [body["allowed_mentions"] for body in written] == [{"parse": []}] * 6


async def test_a_long_answer_is_several_messages(
    server: DiscordServer, conversation: Scripted
) -> None:
    """An answer too long for a message goes on in further ones, by every way out."""
    ann, research = server.person("Ann"), server.text_channel("research")
    text = " ".join(f"Sentence {number}." for number in range(600))
    conversation.script = lambda _: [Reply((Paragraph(text),))]

    for asked in (server.slash(ann, research, "help"), server.mention(ann, research, "?")):
        replies = [await server.wait_for_reply(asked) for _ in range(3)]
        assert " ".join(reply.text for reply in replies) == text


async def test_no_answer_ends_the_thinking(server: DiscordServer, conversation: Scripted) -> None:
    """Where the conversation says nothing, Discord does not go on showing that the bot thinks."""
    conversation.script = lambda _: []
    ann = server.person("Ann")

    asked = server.slash(ann, server.text_channel("research"), "help")
    await conversation.taken.get()
    conversation.script = lambda _: [Reply((Paragraph("Here I am."),))]
    await server.wait_for_reply(server.direct_message(ann, "Anybody?"))

    assert [reply.text for reply in server.messages if reply.author is server.bot] == ["Here I am."]
    assert asked.original is not None
    assert asked.original.deleted


async def test_a_button_turns_the_page_in_place(
    server: DiscordServer, conversation: Scripted
) -> None:
    """In direct messages a button turns the page of the list it stands under."""
    conversation.script = pages
    ann = server.person("Ann")
    listed = await server.wait_for_reply(server.slash(ann, server.direct(ann), "reports"))

    turned = await server.wait_for_reply(server.press(ann, listed, "Older"))

    assert turned is listed
    assert turned.text == "This is page 2."
    assert list(turned.buttons) == ["Newer", "Older"]


async def test_a_button_does_not_turn_the_page_for_others(
    server: DiscordServer, conversation: Scripted
) -> None:
    """In a channel whoever presses a button gets a list of their own, and turns that."""
    conversation.script = pages
    ann, bob = server.person("Ann"), server.person("Bob")
    listed = await server.wait_for_reply(
        server.slash(ann, server.text_channel("research"), "reports")
    )

    own = await server.wait_for_reply(server.press(bob, listed, "Older"))
    turned = await server.wait_for_reply(server.press(bob, own, "Older"))

    assert listed.text == "This is page 1."
    assert own is not listed
    assert own.ephemeral
    assert turned is own
    assert turned.text == "This is page 3."
    assert conversation.requests[-1].asker.user == bob.id


async def test_a_button_survives_a_restart(
    server: DiscordServer, conversation: Scripted, frontend: DiscordFrontend
) -> None:
    """A button under a message from before a restart still works after it."""
    conversation.script = pages
    ann = server.person("Ann")
    listed = await server.wait_for_reply(server.slash(ann, server.direct(ann), "reports"))

    await frontend.stop()
    again = frontend_at(server, conversation)
    await again.start()
    turned = await server.wait_for_reply(server.press(ann, listed, "Older"))
    await again.stop()

    assert turned.text == "This is page 2."
