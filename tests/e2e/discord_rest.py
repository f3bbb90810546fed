"""The HTTP API of the stand-in for Discord: what a bot calls, and what is refused."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.e2e.discord_rules import Refused, check_commands, check_message, notified
from tests.e2e.discord_specification import Specification
from tests.e2e.discord_world import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    Channel,
    Interaction,
    Json,
    Message,
    Person,
    snowflake,
)

BASE = "/api/v10"
SECONDS_TO_ACKNOWLEDGE = 3.0
SECONDS_TO_FOLLOW_UP = 15 * 60.0

# kinds of interaction callbacks
MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE = 4, 5, 6, 7
BUTTON_PRESSED = 3

UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")
UNKNOWN_WEBHOOK = (404, 10015, "Unknown Webhook")
UNKNOWN_INTERACTION = (404, 10062, "Unknown interaction")


@dataclass
class Call:
    """One request and what it was answered with.

    Attributes:
        method: of HTTP.
        path: behind the API's base.
        query: the parameters in the address.
        body: what was sent as JSON, None where nothing was.
        status: HTTP status of the answer.
        code: Discord's code where it was refused, else 0.
    """

    method: str
    path: str
    query: dict[str, str]
    body: Any
    status: int = 0
    code: int = 0


@dataclass
class World:
    """Everything there is on the stand-in for Discord.

    Attributes:
        token: the bot's.
        clock: seconds; what is late is late by it.
        specification: Discord's description, None where requests are not held against it.
        announce: tells the bot of an event.
        bot: the bot as a person; its id is the application's too.
        channels: by id.
        interactions: by token.
        messages: in the order they were written.
        commands: the slash commands the bot made known.
        calls: every request.
        violations: what the bot did that a bot must not do.
    """

    token: str
    clock: Callable[[], float]
    specification: Specification | None
    announce: Callable[[str, Json, Channel], None]
    bot: Person = field(default_factory=lambda: Person("Footnote", bot=True))
    channels: dict[str, Channel] = field(default_factory=dict)
    interactions: dict[str, Interaction] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    commands: list[Json] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def message(self, message_id: str) -> Message:
        """A message that still exists.

        Raises:
            Refused: 10008, there is none.
        """
        for message in self.messages:
            if message.id == message_id and not message.deleted:
                return message
        raise Refused(*UNKNOWN_MESSAGE)

    def direct(self, person: Person) -> Channel:
        """The direct messages between the bot and a person."""
        for channel in self.channels.values():
            if channel.person is person:
                return channel
        channel = Channel(person=person)
        self.channels[channel.id] = channel
        return channel


def application(world: World) -> web.Application:
    """Discord's HTTP API as an aiohttp application."""
    api = _Api(world)
    routes: list[tuple[str, str, Callable[[Call, dict[str, str]], tuple[int, Any]]]] = [
        ("GET", "/users/@me", api.me),
        ("GET", "/oauth2/applications/@me", api.application),
        ("POST", "/users/@me/channels", api.open_direct),
        ("GET", "/applications/{application}/commands", api.list_commands),
        ("PUT", "/applications/{application}/commands", api.set_commands),
        ("POST", "/channels/{channel}/typing", api.show_typing),
        ("POST", "/channels/{channel}/messages", api.send),
        ("PATCH", "/channels/{channel}/messages/{message}", api.edit),
        ("DELETE", "/channels/{channel}/messages/{message}", api.delete),
        ("POST", "/interactions/{interaction}/{token}/callback", api.acknowledge),
        ("POST", "/webhooks/{application}/{token}", api.follow_up),
        ("GET", "/webhooks/{application}/{token}/messages/{message}", api.get_answer),
        ("PATCH", "/webhooks/{application}/{token}/messages/{message}", api.edit_answer),
        ("DELETE", "/webhooks/{application}/{token}/messages/{message}", api.delete_answer),
    ]
    app = web.Application()
    for method, path, handler in routes:
        app.router.add_route(method, BASE + path, _served(world, handler))
    app.router.add_route("*", BASE + "/{rest:.*}", _served(world, _nothing_here))
    return app


def _nothing_here(call: Call, _: dict[str, str]) -> tuple[int, Any]:
    raise Refused(404, 0, "404: Not Found")


def _served(
    world: World, handler: Callable[[Call, dict[str, str]], tuple[int, Any]]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Around every handler: log the request, check it, answer in Discord's form."""

    async def serve(request: web.Request) -> web.Response:
        call = Call(request.method, request.path.removeprefix(BASE), dict(request.query), None)
        world.calls.append(call)
        try:
            await _read_body(request, call)
            if world.specification is not None:
                world.violations += world.specification.violations(
                    call.method, call.path, call.query, call.body
                )
            _check_token(request, call, world.token)
            call.status, answer = handler(call, dict(request.match_info))
        except Refused as refused:
            call.status, call.code, answer = refused.status, refused.body["code"], refused.body
        if call.status == 204:
            return web.Response(status=204)
        # exactly this content type, without a charset, is what Discord sends
        body = json.dumps(answer).encode()
        return web.Response(status=call.status, body=body, content_type="application/json")

    return serve


def _check_token(request: web.Request, call: Call, token: str) -> None:
    by_its_own_token = call.path.startswith(("/interactions/", "/webhooks/"))
    if not by_its_own_token and request.headers.get("Authorization") != f"Bot {token}":
        raise Refused(401, 0, "401: Unauthorized")


async def _read_body(request: web.Request, call: Call) -> None:
    raw = await request.read()
    if not raw:
        return
    if request.content_type != "application/json":
        raise Refused(400, 50035, "Invalid Form Body")
    try:
        call.body = json.loads(raw)
    except ValueError:
        raise Refused(400, 50109, "The request body contains invalid JSON.") from None


class _Api:
    """The handlers: each takes a call and the variables of its path, gives status and answer."""

    def __init__(self, world: World) -> None:
        self._world = world

    def me(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        return 200, self._world.bot.payload

    def application(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        bot = self._world.bot
        return 200, {
            "id": bot.id,
            "name": bot.name,
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "team": None,
            "flags": 0,
            "owner": bot.payload,
            "rpc_origins": [],
        }

    def open_direct(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        for channel in self._world.channels.values():
            if channel.person is not None and channel.person.id == call.body.get("recipient_id"):
                return 200, channel.payload
        raise Refused(400, 50033, "Invalid Recipient(s)")

    def list_commands(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        return 200, self._world.commands

    def set_commands(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        if path["application"] != self._world.bot.id:
            raise Refused(403, 20012, "You are not authorized to perform this action")
        check_commands(call.body)
        fixed = {"application_id": self._world.bot.id, "version": "1", "type": 1}
        self._world.commands = [{"id": snowflake()} | fixed | command for command in call.body]
        return 200, self._world.commands

    def show_typing(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        self._channel(path).typing += 1
        return 204, None

    def send(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        channel = self._channel(path)
        reference = call.body.get("message_reference")
        replied_to = None
        if reference is not None:
            try:
                replied_to = self._world.message(str(reference["message_id"])).author.id
            except Refused:
                if reference.get("fail_if_not_exists", True):
                    fault = {"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}
                    errors = {"message_reference": {"_errors": [fault]}}
                    raise Refused(400, 50035, "Invalid Form Body", errors) from None
                call.body.pop("message_reference")
        message = self._written(channel, call.body, replied_to)
        channel.answers.put_nowait(message)
        return 200, message.payload

    def edit(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        self._channel(path)
        message = self._world.message(path["message"])
        if message.author is not self._world.bot:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        self._edited(message, call.body)
        return 200, message.payload

    def delete(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        self._channel(path)
        message = self._world.message(path["message"])
        if message.author is not self._world.bot:
            raise Refused(403, 50003, "Cannot execute action on this channel type")
        message.deleted = True
        return 204, None

    def acknowledge(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        interaction = self._world.interactions.get(path["token"])
        if interaction is None or interaction.id != path["interaction"]:
            raise Refused(*UNKNOWN_INTERACTION)
        if self._world.clock() - interaction.created > SECONDS_TO_ACKNOWLEDGE:
            raise Refused(*UNKNOWN_INTERACTION)
        if interaction.acknowledged is not None:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        kind, data = call.body["type"], call.body.get("data") or {}
        if kind == MESSAGE:
            message = self._written(interaction.channel, data, None)
            interaction.original = message
            interaction.answers.put_nowait(message)
        elif kind == DEFERRED_MESSAGE:
            flags = LOADING | (int(data.get("flags") or 0) & EPHEMERAL)
            thinking = Message(interaction.channel, self._world.bot, {"flags": flags})
            interaction.original = thinking
            self._world.messages.append(thinking)
        elif kind in (DEFERRED_UPDATE, UPDATE) and interaction.kind == BUTTON_PRESSED:
            interaction.original = interaction.pressed
            if kind == UPDATE and interaction.pressed is not None:
                self._edited(interaction.pressed, data)
                interaction.answers.put_nowait(interaction.pressed)
        else:
            raise Refused(400, 50035, "Invalid Form Body")
        interaction.acknowledged = kind
        if call.query.get("with_response") not in ("true", "1"):
            return 204, None
        return 200, _callback_answer(interaction, kind)

    def follow_up(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        interaction = self._interaction(path)
        original = interaction.original
        if original is not None and original.loading:
            # the first thing said after "thinking" takes its place, as edit of it would
            if original.deleted:
                raise Refused(*UNKNOWN_MESSAGE)
            return self._answered(interaction, original, call.body)
        message = self._written(interaction.channel, call.body, None)
        interaction.answers.put_nowait(message)
        return 200, message.payload

    def get_answer(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        return 200, self._answer(path)[1].payload

    def edit_answer(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        return self._answered(*self._answer(path), call.body)

    def delete_answer(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        self._answer(path)[1].deleted = True
        return 204, None

    def _answered(self, interaction: Interaction, message: Message, body: Json) -> tuple[int, Any]:
        """Edit an answer; the edit that ends "thinking" or turns a page is what was awaited."""
        awaited = message.loading or message is interaction.pressed
        self._edited(message, body)
        if awaited:
            interaction.answers.put_nowait(message)
        return 200, message.payload

    def _channel(self, path: dict[str, str]) -> Channel:
        channel = self._world.channels.get(path["channel"])
        if channel is None:
            raise Refused(*UNKNOWN_CHANNEL)
        if channel.refusal is not None:
            raise Refused(403, *channel.refusal)
        return channel

    def _interaction(self, path: dict[str, str]) -> Interaction:
        interaction = self._world.interactions.get(path["token"])
        if interaction is None or path["application"] != self._world.bot.id:
            raise Refused(*UNKNOWN_WEBHOOK)
        if self._world.clock() - interaction.created > SECONDS_TO_FOLLOW_UP:
            raise Refused(401, 50027, "Invalid Webhook Token")
        if interaction.acknowledged is None:
            raise Refused(*UNKNOWN_WEBHOOK)
        return interaction

    def _answer(self, path: dict[str, str]) -> tuple[Interaction, Message]:
        interaction = self._interaction(path)
        if path["message"] != "@original":
            return interaction, self._world.message(path["message"])
        if interaction.original is None or interaction.original.deleted:
            raise Refused(*UNKNOWN_MESSAGE)
        return interaction, interaction.original

    def _written(self, channel: Channel, body: Json, replied_to: str | None) -> Message:
        """A new message of the bot's, if Discord takes it."""
        check_message(body, body.get("allowed_mentions"))
        message = Message(channel, self._world.bot, body)
        self._notify(message, body, replied_to)
        self._world.messages.append(message)
        if not message.ephemeral:
            self._world.announce("MESSAGE_CREATE", message.payload, channel)
        return message

    def _edited(self, message: Message, body: Json) -> None:
        """Edit a message of the bot's, if Discord takes what it would become."""
        was_loading = message.loading
        kept = message.flags & (EPHEMERAL | COMPONENTS_V2)
        flags = kept | (int(body.get("flags") or 0) & ~EPHEMERAL)
        merged = message.body | body | {"flags": flags}
        check_message(merged, body.get("allowed_mentions"))
        message.body = merged
        if was_loading:  # to the people in the channel this is when it appears
            self._notify(message, body, None)
        else:
            message.edits += 1
        if not message.ephemeral:
            self._world.announce("MESSAGE_UPDATE", message.payload, message.channel)

    def _notify(self, message: Message, body: Json, replied_to: str | None) -> None:
        message.notified = notified(message.markdown, body.get("allowed_mentions"), replied_to)
        if message.notified:
            self._world.violations.append(f"message {message.id} notified {message.notified}")


def _callback_answer(interaction: Interaction, kind: int) -> Json:
    message = interaction.original
    about = {"id": interaction.id, "type": interaction.kind}
    resource: Json = {"type": kind}
    if message is not None:
        about |= {
            "response_message_id": message.id,
            "response_message_loading": message.loading,
            "response_message_ephemeral": message.ephemeral,
        }
        if kind in (MESSAGE, UPDATE):
            resource["message"] = message.payload
    return {"interaction": about, "resource": resource}


class Clock:
    """A clock that stands still until a test moves it, so that nothing is late by accident."""

    def __init__(self) -> None:
        self._now = time.time()

    def __call__(self) -> float:
        """Seconds."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now += seconds
