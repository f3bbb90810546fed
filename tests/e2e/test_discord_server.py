"""The stand-in for Discord refuses what Discord refuses, in Discord's words."""

from __future__ import annotations

import json
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType

from tests.e2e.discord_gateway import PRIVILEGED_INTENTS
from tests.e2e.discord_nouns import COMPONENTS_V2, EPHEMERAL, Interaction
from tests.e2e.discord_rules import notified
from tests.e2e.discord_server import (
    DIRECT_MESSAGES,
    GUILD_MESSAGES,
    GUILDS,
    TOKEN,
    DiscordServer,
)

Json = dict[str, Any]
Call = Callable[..., Awaitable[tuple[int, Any]]]

INTENTS = GUILDS | GUILD_MESSAGES | DIRECT_MESSAGES
ROW, BUTTON, TEXT, CONTAINER = 1, 2, 10, 17


class Bot:
    """The barest bot: a web socket and HTTP calls by hand.

    Args:
        server: whose bot it is.
        session: to call with.
    """

    def __init__(self, server: DiscordServer, session: aiohttp.ClientSession) -> None:
        self.server = server
        self._session = session

    async def call(
        self, method: str, path: str, body: Any = None, *, token: str = TOKEN
    ) -> tuple[int, Any]:
        """Status and body of an HTTP call."""
        headers = {"Authorization": f"Bot {token}"}
        url = self.server.api_url + path
        async with self._session.request(method, url, json=body, headers=headers) as response:
            assert response.status == 204 or response.headers["content-type"] == "application/json"
            return response.status, await response.json() if response.status != 204 else None

    async def raw(self, path: str, body: bytes, kind: str) -> tuple[int, Any]:
        """Status and body of a POST of bytes."""
        headers = {"Authorization": f"Bot {TOKEN}", "Content-Type": kind}
        url = self.server.api_url + path
        async with self._session.post(url, data=body, headers=headers) as response:
            return response.status, await response.json()

    async def connect(self, *, compress: bool = False) -> aiohttp.ClientWebSocketResponse:
        """A connection to the gateway, after its HELLO."""
        query = "?v=10&encoding=json" + ("&compress=zlib-stream" if compress else "")
        socket = await self._session.ws_connect(self.server.gateway_url + query)
        if not compress:
            assert (await socket.receive_json())["op"] == 10
        return socket

    async def identify(self, token: str = TOKEN, intents: int = INTENTS) -> Any:
        """A connection on which IDENTIFY was sent."""
        socket = await self.connect()
        await socket.send_json({"op": 2, "d": {"token": token, "intents": intents}})
        return socket

    async def ready(self) -> tuple[aiohttp.ClientWebSocketResponse, str]:
        """A connection past READY and GUILD_CREATE, and the session's id."""
        socket = await self.identify()
        ready = await socket.receive_json()
        assert (await socket.receive_json())["t"] == "GUILD_CREATE"
        return socket, ready["d"]["session_id"]

    async def acknowledged(self, kind: int = 5, **data: Any) -> Interaction:
        """A slash command somebody gave, acknowledged."""
        interaction = await self.asked()
        body = {"type": kind, "data": data}
        assert (await self.call("POST", callback(interaction), body))[0] == 204
        return interaction

    async def asked(self, *, late: float = 0.0) -> Interaction:
        """A slash command somebody gave."""
        await self.know_commands()
        server = self.server
        return server.slash(server.person("Ann"), server.text_channel("x"), "help", late=late)

    async def know_commands(self) -> None:
        """Connect, and make two slash commands known."""
        await self.ready()
        option = {"name": "question", "description": "What", "type": 3, "required": True}
        commands = [
            {"name": "help", "description": "Helps"},
            {"name": "ask", "description": "Asks", "options": [option]},
        ]
        path = f"/applications/{self.server.bot.id}/commands"
        assert (await self.call("PUT", path, commands))[0] == 200


def callback(interaction: Interaction) -> str:
    """Where an interaction is acknowledged."""
    return f"/interactions/{interaction.id}/{interaction.token}/callback"


def webhook(bot: Bot, interaction: Interaction) -> str:
    """Where an interaction is followed up."""
    return f"/webhooks/{bot.server.bot.id}/{interaction.token}"


def text(content: str) -> Json:
    """A text component."""
    return {"type": TEXT, "content": content}


def modern(*components: Json, **more: Any) -> Json:
    """A message of components."""
    return {"flags": COMPONENTS_V2, "components": list(components), **more}


def button(label: str = "A", custom_id: str = "a") -> Json:
    """A button."""
    return {"type": BUTTON, "style": 2, "label": label, "custom_id": custom_id}


def row(*children: Json) -> Json:
    """A row of buttons."""
    return {"type": ROW, "components": list(children)}


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    """The barest bot, at a server that does not mind what it does."""
    async with DiscordServer(check=False) as server, aiohttp.ClientSession() as session:
        yield Bot(server, session)


@pytest.mark.parametrize(
    ("message", "path", "name"),
    [
        ({"content": "x" * 2001}, "content", "BASE_TYPE_MAX_LENGTH"),
        (modern(text("x" * 4001)), "components.0.content", "BASE_TYPE_BAD_LENGTH"),
        (modern(text("")), "components.0.content", "BASE_TYPE_BAD_LENGTH"),
        (
            modern(text("x" * 2001), text("x" * 2000)),
            "components",
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
        ),
        (
            modern(*[text("x")] * 41),
            "components",
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
        ),
        (
            modern({"type": CONTAINER, "components": [text("x")] * 39}, text("y")),
            "components",
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
        ),
        (
            modern(text("x"), content="y"),
            "content",
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        ),
        ({"components": [text("x")]}, "components.0", "UNION_TYPE_CHOICES"),
        (
            modern({"type": CONTAINER, "components": [{"type": CONTAINER, "components": []}]}),
            "components.0.components.0",
            "UNION_TYPE_CHOICES",
        ),
        (modern(row()), "components.0.components", "BASE_TYPE_BAD_LENGTH"),
        (
            modern(row(*[button(custom_id=str(place)) for place in range(6)])),
            "components.0.components",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            modern(row(button("x" * 81))),
            "components.0.components.0.label",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            modern(row(button(custom_id="x" * 101))),
            "components.0.components.0.custom_id",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            modern(row(button("A"), button("B"))),
            "components",
            "COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        (
            {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
            "allowed_mentions",
            "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        ),
        (
            {"content": "x", "message_reference": {"message_id": "1"}},
            "message_reference",
            "REPLIES_UNKNOWN_MESSAGE",
        ),
    ],
)
async def test_an_invalid_message_is_refused(bot: Bot, message: Json, path: str, name: str) -> None:
    """What Discord does not take as a message is refused with 50035 and the field's fault."""
    channel = bot.server.text_channel("x")

    status, answer = await bot.call("POST", f"/channels/{channel.id}/messages", message)

    assert (status, answer["code"], answer["message"]) == (400, 50035, "Invalid Form Body")
    place = answer["errors"]
    for step in path.split("."):
        place = place[step]
    assert name in [fault["code"] for fault in place["_errors"]]
    assert bot.server.messages == []


@pytest.mark.parametrize(
    "message",
    [
        {"content": "x" * 2000},
        modern(text("x" * 4000)),
        modern(*[text("x")] * 40),
        modern({"type": CONTAINER, "components": [text("x")] * 38}, text("y")),
        modern(row(button("x" * 80, "y" * 100))),
        modern(text("产" * 3386)),
        {"content": "x", "message_reference": {"message_id": "1", "fail_if_not_exists": False}},
    ],
)
async def test_a_message_at_the_limits_is_taken(bot: Bot, message: Json) -> None:
    """What just keeps within the limits is taken."""
    channel = bot.server.text_channel("x")

    assert (await bot.call("POST", f"/channels/{channel.id}/messages", message))[0] == 200


@pytest.mark.parametrize(
    ("message", "status", "code"),
    [({"content": ""}, 400, 50006), ({}, 400, 50006), (modern(text("产" * 3387)), 500, 0)],
)
async def test_other_messages_discord_refuses(
    bot: Bot, message: Json, status: int, code: int
) -> None:
    """An empty message is 50006; one of too many bytes, though short enough, is a 500."""
    channel = bot.server.text_channel("x")

    answer = await bot.call("POST", f"/channels/{channel.id}/messages", message)

    assert (answer[0], answer[1]["code"]) == (status, code)


async def test_a_wrong_token_is_refused(bot: Bot) -> None:
    """Another bot's token is refused with 401."""
    status, answer = await bot.call("GET", "/users/@me", token="another")

    assert (status, answer) == (401, {"message": "401: Unauthorized", "code": 0})


async def test_what_is_no_json_is_refused(bot: Bot) -> None:
    """A body that is not JSON, or does not say that it is, is refused."""
    path = f"/channels/{bot.server.text_channel('x').id}/messages"

    assert (await bot.raw(path, b"{", "application/json"))[1]["code"] == 50109
    assert (await bot.raw(path, b"{}", "text/plain"))[1]["code"] == 50035


async def test_places_that_are_not_there(bot: Bot) -> None:
    """Unknown routes, channels, messages and webhooks, and others' messages, are refused."""
    channel = bot.server.text_channel("x")
    theirs = bot.server.write(bot.server.person("Ann"), channel, "hello")
    here, said = f"/channels/{channel.id}/messages", {"content": "x"}

    answers = [
        await bot.call("GET", "/nowhere"),
        await bot.call("POST", "/channels/1/messages", said),
        await bot.call("PATCH", f"{here}/1", said),
        await bot.call("PATCH", f"{here}/{theirs.id}", said),
        await bot.call("DELETE", f"{here}/{theirs.id}"),
        await bot.call("POST", f"/webhooks/{bot.server.bot.id}/unknown", said),
        await bot.call("POST", "/interactions/1/unknown/callback", {"type": 5}),
        await bot.call("PUT", "/applications/1/commands", []),
    ]

    assert [(status, answer["code"]) for status, answer in answers] == [
        (404, 0),
        (404, 10003),
        (404, 10008),
        (403, 50005),
        (403, 50003),
        (404, 10015),
        (404, 10062),
        (403, 20012),
    ]
    assert [call.code for call in bot.server.calls] == [answer["code"] for _, answer in answers]


async def test_a_forbidden_channel_is_refused(bot: Bot) -> None:
    """Where the bot may not write, typing and writing are refused."""
    channel = bot.server.text_channel("x")
    bot.server.forbid(channel)

    typing = await bot.call("POST", f"/channels/{channel.id}/typing")
    writing = await bot.call("POST", f"/channels/{channel.id}/messages", {"content": "x"})

    assert typing == writing == (403, {"message": "Missing Permissions", "code": 50013})


@pytest.mark.parametrize(
    "command",
    [
        {"name": "Ask", "description": "x"},
        {"name": "two words", "description": "x"},
        {"name": "ask", "description": ""},
        {"name": "ask", "description": "x" * 101},
        {
            "name": "ask",
            "description": "x",
            "options": [
                {"name": "a", "description": "x", "type": 3},
                {"name": "b", "description": "x", "type": 3, "required": True},
            ],
        },
    ],
)
async def test_invalid_commands_are_refused(bot: Bot, command: Json) -> None:
    """Slash commands must be named, described and ordered as Discord wants them."""
    path = f"/applications/{bot.server.bot.id}/commands"

    assert (await bot.call("PUT", path, [command]))[1]["code"] == 50035
    assert bot.server.commands == []


async def test_an_interaction_is_acknowledged_in_time_and_once(bot: Bot) -> None:
    """A late acknowledgement is 10062, a second one 40060."""
    late, timely = await bot.asked(late=3.01), await bot.asked(late=3.0)

    refused = await bot.call("POST", callback(late), {"type": 5})
    taken = await bot.call("POST", callback(timely), {"type": 5})
    again = await bot.call("POST", callback(timely), {"type": 5})

    assert refused == (404, {"message": "Unknown interaction", "code": 10062})
    assert taken == (204, None)
    assert again[0] == 400
    assert again[1]["code"] == 40060


async def test_the_clock_makes_late(bot: Bot) -> None:
    """Time passes where a test lets it, and nowhere else."""
    interaction = await bot.asked()
    bot.server.clock.advance(3.5)

    assert (await bot.call("POST", callback(interaction), {"type": 5}))[1]["code"] == 10062


async def test_a_slash_command_cannot_be_deferred_as_an_update(bot: Bot) -> None:
    """Updating a message answers a button, never a slash command."""
    interaction = await bot.asked()

    assert (await bot.call("POST", callback(interaction), {"type": 6}))[1]["code"] == 50035


async def test_an_answer_to_the_acknowledgement_describes_it(bot: Bot) -> None:
    """Asked for it, the acknowledgement is answered with what it made."""
    interaction = await bot.asked()

    data = {"flags": EPHEMERAL}
    path = f"{callback(interaction)}?with_response=true"
    status, answer = await bot.call("POST", path, {"type": 5, "data": data})

    assert status == 200
    assert answer["interaction"]["response_message_loading"]
    assert answer["interaction"]["response_message_ephemeral"]


async def test_following_up_has_its_time(bot: Bot) -> None:
    """A follow-up before the acknowledgement is 10015, one after fifteen minutes 50027."""
    early, late = await bot.asked(), await bot.acknowledged()

    before = await bot.call("POST", webhook(bot, early), {"content": "x"})
    bot.server.clock.advance(15 * 60)
    in_time = await bot.call("POST", webhook(bot, late), {"content": "x"})
    bot.server.clock.advance(1)
    after = await bot.call("POST", webhook(bot, late), {"content": "x"})

    assert before[1]["code"] == 10015
    assert in_time[0] == 200
    assert after == (401, {"message": "Invalid Webhook Token", "code": 50027})


async def test_what_is_said_first_takes_the_place_of_thinking(bot: Bot) -> None:
    """The first follow-up, or the edit, ends "thinking"; whether it is private stays as it was."""
    followed, edited = await bot.acknowledged(flags=EPHEMERAL), await bot.acknowledged()
    original = f"{webhook(bot, edited)}/messages/@original"

    await bot.call("POST", webhook(bot, followed), {"content": "one"})
    await bot.call("POST", webhook(bot, followed), {"content": "two"})
    await bot.call("PATCH", original, modern(text("three"), flags=COMPONENTS_V2 | EPHEMERAL))

    first, second = [await bot.server.wait_for_reply(followed) for _ in range(2)]
    third = await bot.server.wait_for_reply(edited)
    assert (first.text, second.text, third.text) == ("one", "two", "three")
    assert (first.ephemeral, second.ephemeral, third.ephemeral) == (True, False, False)
    assert first is followed.original
    assert not first.loading


async def test_a_message_of_components_stays_one(bot: Bot) -> None:
    """A message of components cannot be edited into one of content."""
    interaction = await bot.acknowledged()
    original = f"{webhook(bot, interaction)}/messages/@original"
    await bot.call("PATCH", original, modern(text("one")))

    assert (await bot.call("PATCH", original, {"content": "two"}))[1]["code"] == 50035
    assert (await bot.call("PATCH", original, {"components": [text("two")]}))[0] == 200


async def test_what_was_deleted_is_gone(bot: Bot) -> None:
    """A deleted "thinking" can neither be edited nor followed up."""
    interaction = await bot.acknowledged()
    original = f"{webhook(bot, interaction)}/messages/@original"

    assert (await bot.call("GET", original))[0] == 200
    assert (await bot.call("DELETE", original))[0] == 204
    assert (await bot.call("PATCH", original, {"content": "x"}))[1]["code"] == 10008
    assert (await bot.call("POST", webhook(bot, interaction), {"content": "x"}))[1]["code"] == 10008


async def test_a_button_can_update_its_message(bot: Bot) -> None:
    """A pressed button's message is updated at once, or deferred and then edited."""
    server, ann = bot.server, bot.server.person("Ann")
    interaction = await bot.acknowledged(4, **modern(text("one"), row(button())))
    message = await server.wait_for_reply(interaction)

    pressed = server.press(ann, message, "A")
    await bot.call(
        "POST", callback(pressed), {"type": 7, "data": modern(text("two"), row(button()))}
    )
    updated = await server.wait_for_reply(pressed)
    assert (updated is message, updated.text) == (True, "two")

    pressed = server.press(ann, message, "a")
    await bot.call("POST", callback(pressed), {"type": 6})
    await bot.call("PATCH", f"{webhook(bot, pressed)}/messages/@original", modern(text("three")))
    assert (await server.wait_for_reply(pressed)).text == "three"


@pytest.mark.parametrize(
    ("said", "allowed", "expected"),
    [
        ("@everyone", None, ["everyone"]),
        ("\\@here", {"parse": ["everyone"]}, ["everyone"]),
        ("<@1> <@!2> <@&3>", None, ["1", "2", "3"]),
        ("<@1> <@&3>", {"parse": ["roles"]}, ["3"]),
        ("<@1> <@2>", {"users": ["2"]}, ["2"]),
        ("@everyone <@1>", {"parse": []}, []),
    ],
)
def test_who_is_notified(said: str, allowed: Json | None, expected: list[str]) -> None:
    """Whom a message notifies is up to allowed_mentions, not to escaping."""
    assert notified(said, allowed, None) == expected


@pytest.mark.parametrize(
    ("allowed", "expected"), [(None, ["9"]), ({"parse": []}, []), ({"replied_user": True}, ["9"])]
)
def test_a_reply_notifies_unless_told_otherwise(allowed: Json | None, expected: list[str]) -> None:
    """The person replied to is notified where allowed_mentions does not rule it out."""
    assert notified("", allowed, "9") == expected


async def test_leaving_fails_where_somebody_was_notified() -> None:
    """A server that saw a message notify somebody fails the test on leaving."""
    server = await DiscordServer().__aenter__()
    async with aiohttp.ClientSession() as session:
        path = f"/channels/{server.text_channel('x').id}/messages"
        await Bot(server, session).call("POST", path, {"content": "@everyone"})

    with pytest.raises(AssertionError, match="notified"):
        await server.__aexit__(None, None, None)


async def test_the_gateway_greets_and_acknowledges(bot: Bot) -> None:
    """After IDENTIFY come READY and the guild; every heartbeat is acknowledged."""
    socket = await bot.identify()
    ready, guild = await socket.receive_json(), await socket.receive_json()
    await socket.send_json({"op": 1, "d": 2})

    assert (ready["t"], ready["s"], ready["d"]["user"]["id"]) == ("READY", 1, bot.server.bot.id)
    assert (guild["t"], guild["s"]) == ("GUILD_CREATE", 2)
    assert (await socket.receive_json())["op"] == 11


@pytest.mark.parametrize(
    ("token", "intents", "code"),
    [("another", INTENTS, 4004), (TOKEN, INTENTS | PRIVILEGED_INTENTS, 4014)],
)
async def test_the_gateway_refuses(bot: Bot, token: str, intents: int, code: int) -> None:
    """A wrong token and intents the bot was not granted close the connection."""
    socket = await bot.identify(token, intents)

    frame = await socket.receive()

    assert (frame.type, frame.data) == (WSMsgType.CLOSE, code)


@pytest.mark.parametrize(
    ("before", "message", "code"),
    [(False, {"op": 3, "d": {}}, 4003), (True, {"op": 2, "d": {}}, 4005), (True, {"op": 99}, 4001)],
)
async def test_the_gateway_minds_the_order(
    bot: Bot, message: Json, code: int, *, before: bool
) -> None:
    """Speaking before IDENTIFY, identifying twice and unknown opcodes close the connection."""
    socket = (await bot.ready())[0] if before else await bot.connect()

    await socket.send_json(message)

    assert (await socket.receive()).data == code


async def test_resuming_replays_what_was_missed(bot: Bot) -> None:
    """After RESUME come the events behind the given sequence number, then RESUMED."""
    server, ann = bot.server, bot.server.person("Ann")
    first, session = await bot.ready()
    server.close_gateway()
    assert (await first.receive()).data == 4000
    server.direct_message(ann, "while you were away")

    second = await bot.connect()
    resume = {"token": TOKEN, "session_id": session, "seq": 2}
    await second.send_json({"op": 6, "d": resume})
    missed, resumed = await second.receive_json(), await second.receive_json()

    assert (missed["t"], missed["s"]) == ("MESSAGE_CREATE", 3)
    assert missed["d"]["content"] == "while you were away"
    assert resumed["t"] == "RESUMED"
    assert server.resumed == 1


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"token": "another"}, 4004),
        ({"seq": 99}, 4007),
        ({"session_id": "another"}, {"op": 9, "d": False}),
    ],
)
async def test_resuming_is_checked(bot: Bot, changed: Json, expected: Any) -> None:
    """A wrong token, a number not reached and an unknown session cannot be resumed."""
    _, session = await bot.ready()
    socket = await bot.connect()

    resume = {"token": TOKEN, "session_id": session, "seq": 2} | changed
    await socket.send_json({"op": 6, "d": resume})

    frame = await socket.receive()
    assert (json.loads(frame.data) if frame.type is WSMsgType.TEXT else frame.data) == expected


async def test_the_gateway_compresses_when_asked(bot: Bot) -> None:
    """With compress=zlib-stream every message is a flushed piece of one zlib stream."""
    socket = await bot.connect(compress=True)
    stream = zlib.decompressobj()

    hello = await socket.receive_bytes()
    await socket.send_json({"op": 1, "d": None})
    acknowledged = await socket.receive_bytes()

    assert json.loads(stream.decompress(hello))["op"] == 10
    assert json.loads(stream.decompress(acknowledged))["op"] == 11


async def test_text_is_withheld_from_those_it_is_not_meant_for(bot: Bot) -> None:
    """Without the privileged intent a bot gets text in direct messages and where mentioned."""
    socket, _ = await bot.ready()
    server, ann = bot.server, bot.server.person("Ann")
    channel = server.text_channel("x")
    assert (await socket.receive_json())["t"] == "CHANNEL_CREATE"

    server.write(ann, channel, "among ourselves")
    server.mention(ann, channel, "for you")
    server.direct_message(ann, "between us")

    heard = [(await socket.receive_json())["d"] for _ in range(3)]
    assert [message["content"] for message in heard] == [
        "",
        f"<@{server.bot.id}> for you",
        "between us",
    ]
    assert ["guild_id" in message for message in heard] == [True, True, False]


async def test_events_are_told_as_far_as_intents_go(bot: Bot) -> None:
    """A bot that did not ask for direct messages is not told of them."""
    socket = await bot.identify(intents=GUILD_MESSAGES)
    assert (await socket.receive_json())["t"] == "READY"
    server, ann = bot.server, bot.server.person("Ann")
    channel = server.text_channel("x")

    server.direct_message(ann, "between us")
    server.mention(ann, channel, "for you")

    told = [await socket.receive_json() for _ in range(2)]
    assert [event["t"] for event in told] == ["CHANNEL_CREATE", "MESSAGE_CREATE"]
    assert told[1]["d"]["channel_id"] == channel.id


async def test_people_send_only_what_discords_client_sends(bot: Bot) -> None:
    """Unknown commands, missing and unknown options, and buttons not there cannot be sent."""
    await bot.know_commands()
    server, ann = bot.server, bot.server.person("Ann")
    channel = server.text_channel("x")
    message = server.write(ann, channel, "no buttons here")

    with pytest.raises(AssertionError, match="no command 'sing' known"):
        server.slash(ann, channel, "sing")
    with pytest.raises(AssertionError, match=r"needs {'question'}"):
        server.slash(ann, channel, "ask")
    with pytest.raises(AssertionError, match=r"no options {'loudly'}"):
        server.slash(ann, channel, "help", loudly=True)
    with pytest.raises(AssertionError, match="no button"):
        server.press(ann, message, "Older")


async def test_waiting_in_vain_tells_what_the_bot_did(bot: Bot) -> None:
    """A wait that ends in vain fails and lists the requests the bot made."""
    await bot.call("GET", "/users/@me")

    with pytest.raises(AssertionError, match="GET /users/@me"):
        await bot.server.wait_for_reply(bot.server.text_channel("x"), seconds=0.01)


async def test_people_and_channels_are_known_by_name(bot: Bot) -> None:
    """A name is one person, one channel, one thread of a channel."""
    server = bot.server
    research = server.text_channel("research")

    assert server.person("Ann") is server.person("Ann")
    assert server.text_channel("research") is research
    assert server.thread(research, "China") is server.thread(research, "China")
    assert server.thread(server.text_channel("x"), "China") is not server.thread(research, "China")
    assert server.direct(server.person("Ann")) is server.direct(server.person("Ann"))
    opened = await bot.call(
        "POST", "/users/@me/channels", {"recipient_id": server.person("Ann").id}
    )
    assert opened[1]["id"] == server.direct(server.person("Ann")).id
