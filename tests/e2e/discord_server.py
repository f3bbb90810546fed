"""A stand-in for Discord on loopback, that refuses what Discord refuses.

    async with DiscordServer(token="…") as server:
        # point the bot at server.api_url and server.gateway_url, start it
        await server.wait_until_connected()
        ann = server.person("Ann")
        asked = server.slash(ann, server.text_channel("research"), "ask", question="…?")
        reply = await server.wait_for_reply(asked)
        assert "[1]" in reply.text

On leaving, a test fails that saw a request Discord's own description does not allow (where
SPEC_DIR is set), or a message that notified anybody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.e2e.discord_gateway import Gateway, Session
from tests.e2e.discord_nouns import ALL_PERMISSIONS, Channel, Interaction, Json, Message, Person
from tests.e2e.discord_rest import BASE, application
from tests.e2e.discord_specification import Specification, specification
from tests.e2e.discord_world import Call, Clock, World

STRING, INTEGER, USER, CHANNEL = 3, 4, 6, 7
GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 0, 1 << 9, 1 << 12
TOKEN = "a-token-that-opens-nothing"
PATIENCE = 20.0  # seconds of real time until a test that waits in vain fails


class DiscordServer:
    """Discord's HTTP API and gateway, and the people who write to the bot.

    Args:
        token: the only bot token it takes.
        clock: gives seconds; stands still unless the test moves it. Give `time.time` to let
            three seconds be three seconds.
        check: hold every request against Discord's description where SPEC_DIR is set, and
            fail on leaving if one differs.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        clock: Callable[[], float] | None = None,
        check: bool = True,
    ) -> None:
        self.token = token
        self.clock = Clock()
        described: Specification | None = specification() if check else None
        self._check = check
        self._world = World(token, clock or self.clock, described, self._announce)
        self._gateway = Gateway(token, self._ready, self._greet)
        self._people: dict[str, Person] = {}
        self.release()
        self._address = ""

    async def __aenter__(self) -> Self:
        app = application(self._world)
        app.router.add_get("/gateway/", self._gateway.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self._address = f"{host}:{port}"
        self._gateway.url = self.gateway_url
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()
        if self._check and error is None:
            assert not self.violations, "\n".join(self.violations)

    @property
    def api_url(self) -> str:
        """Where the bot finds the HTTP API."""
        return f"http://{self._address}{BASE}"

    @property
    def gateway_url(self) -> str:
        """Where the bot finds the gateway."""
        return f"ws://{self._address}/gateway/"

    @property
    def bot(self) -> Person:
        """The bot as a person on Discord."""
        return self._world.bot

    @property
    def calls(self) -> list[Call]:
        """Every request the bot made, with what it was answered."""
        return self._world.calls

    @property
    def violations(self) -> list[str]:
        """What the bot did against Discord's description, and whom it notified."""
        return self._world.violations

    @property
    def commands(self) -> list[Json]:
        """The slash commands the bot made known."""
        return self._world.commands

    @property
    def messages(self) -> list[Message]:
        """What stands in all channels, in the order it was written."""
        return [message for message in self._world.messages if not message.deleted]

    @property
    def identified(self) -> int:
        """How often the bot began a session."""
        return self._gateway.identified

    @property
    def resumed(self) -> int:
        """How often the bot resumed a session."""
        return self._gateway.resumed

    @property
    def connected(self) -> bool:
        """Whether the bot is connected to the gateway now."""
        return self._gateway.connected.is_set()

    @property
    def intents(self) -> int:
        """What the bot asked to be told, as bits."""
        assert self._gateway.session is not None, "no bot has connected to the gateway yet"
        return self._gateway.session.intents

    def person(self, name: str) -> Person:
        """The person of that name, who appears when first called."""
        return self._people.setdefault(name, Person(name))

    def text_channel(self, name: str) -> Channel:
        """The guild's channel of that name, which appears when first called."""
        return self._place(Channel(name=name, guild=self._world.guild))

    def thread(self, parent: Channel, name: str) -> Channel:
        """The thread of that name in a channel, which appears when first called."""
        return self._place(Channel(name=name, guild=self._world.guild, parent=parent))

    def direct(self, person: Person) -> Channel:
        """The direct messages between a person and the bot."""
        return self._world.direct(person)

    def forbid(
        self, channel: Channel, code: int = 50013, words: str = "Missing Permissions"
    ) -> None:
        """Refuse the bot everything in a channel."""
        channel.refusal = (code, words)

    def delete(self, message: Message) -> None:
        """Delete a message, as its writer or a moderator would."""
        message.deleted = True

    def hold(self) -> None:
        """Take requests but answer none until `release`."""
        self._world.answering.clear()

    def release(self) -> None:
        """Answer requests again, those that were held among them."""
        self._world.answering.set()

    def forget(self, interaction: Interaction) -> None:
        """Lose an interaction, so that its token opens nothing any more."""
        del self._world.interactions[interaction.token]

    def slash(
        self, person: Person, channel: Channel, name: str, /, *, late: float = 0.0, **options: Any
    ) -> Interaction:
        """Give a slash command.

        Args:
            person: who gives it.
            channel: where.
            name: of a command the bot made known.
            late: how many seconds it takes to reach the bot.
            **options: by name; people and channels as such.

        Raises:
            AssertionError: Discord's client would not have let the person send this.
        """
        command = next((known for known in self.commands if known["name"] == name), None)
        assert command is not None, f"the bot made no command {name!r} known"
        forms = {form["name"]: form for form in command.get("options", [])}
        assert options.keys() <= forms.keys(), (
            f"/{name} has no options {options.keys() - forms.keys()}"
        )
        missing = {form["name"] for form in forms.values() if form.get("required")} - options.keys()
        assert not missing, f"/{name} needs {missing}"
        resolved: Json = {}
        given = [
            {"name": key, "type": forms[key]["type"], "value": _value(value, resolved)}
            for key, value in options.items()
        ]
        data = {"id": command["id"], "name": name, "type": 1, "options": given}
        data |= {"resolved": resolved} if resolved else {}
        return self._interact(Interaction(2, person, channel, data, self._world.clock() - late))

    def press(
        self, person: Person, message: Message, label: str, *, late: float = 0.0
    ) -> Interaction:
        """Press the button of that label (or custom id) under a message of the bot's.

        Raises:
            AssertionError: there is no such button.
        """
        custom_id = message.buttons.get(label, label)
        assert custom_id in message.buttons.values(), f"no button {label!r} in {message.buttons}"
        data = {"component_type": 2, "custom_id": custom_id}
        created = self._world.clock() - late
        return self._interact(Interaction(3, person, message.channel, data, created, message))

    def direct_message(self, person: Person, text: str) -> Message:
        """Write to the bot directly."""
        return self.write(person, self.direct(person), text)

    def mention(self, person: Person, channel: Channel, text: str) -> Message:
        """Mention the bot in a channel, in front of the text."""
        return self.write(person, channel, f"<@{self.bot.id}> {text}", mentions=[self.bot])

    def reply(self, person: Person, message: Message, text: str, *, ping: bool = True) -> Message:
        """Reply to a message; without `ping` the one replied to is not mentioned."""
        mentions = [message.author] if ping else []
        return self.write(person, message.channel, text, mentions=mentions, replies_to=message)

    def write(
        self,
        person: Person,
        channel: Channel,
        text: str,
        *,
        mentions: list[Person] | None = None,
        replies_to: Message | None = None,
        **more: Any,
    ) -> Message:
        """Write a message; the bot is told of it as far as its intents go.

        Args:
            person: who writes.
            channel: where.
            text: its content.
            mentions: whom it mentions.
            replies_to: the message it replies to.
            **more: further fields of the message object ("webhook_id", "type").
        """
        reference = replies_to and {"message_id": replies_to.id, "channel_id": channel.id}
        body: Json = {"content": text} | ({"message_reference": reference} if reference else {})
        message = Message(channel, person, body)
        self._world.messages.append(message)
        payload = message.payload | {"mentions": [one.payload for one in mentions or []]} | more
        if replies_to is not None:
            payload["referenced_message"] = replies_to.payload
        if channel.guild is not None and self.bot not in (mentions or []):
            # Discord withholds what is not meant for a bot without the privileged intent
            payload |= {"content": "", "components": []}
        self._announce("MESSAGE_CREATE", payload, channel)
        return message

    async def wait_until_connected(self, seconds: float = PATIENCE) -> None:
        """Wait until the bot is connected to the gateway."""
        await self._patiently(self._gateway.connected.wait(), seconds, "the bot to connect")

    async def wait_for_reply(
        self, asked: Interaction | Message | Channel, seconds: float = PATIENCE
    ) -> Message:
        """Wait for the next thing the bot says to an interaction, or in a channel.

        Every message is given once; one that replaces "thinking", or turns a page in place,
        is given when it does.

        Args:
            asked: the interaction, the message written to the bot, or its channel.
            seconds: of real time.

        Raises:
            AssertionError: it said nothing in time; the requests it made are told.
        """
        asked = asked.channel if isinstance(asked, Message) else asked
        message: Message = await self._patiently(asked.answers.get(), seconds, "a reply")
        return message

    async def wait_for_call(self, ending: str, seconds: float = PATIENCE) -> Call:
        """Wait for the next request whose path ends so; those before it are passed over."""

        async def found() -> Call:
            while not (call := await self._world.arrived.get()).path.endswith(ending):
                pass
            return call

        call: Call = await self._patiently(found(), seconds, f"a request to …{ending}")
        return call

    async def wait_for_refusal(self, seconds: float = PATIENCE) -> Call:
        """Wait for the next request that is refused; each is given once."""
        refused = self._world.refused.get()
        call: Call = await self._patiently(refused, seconds, "a refused request")
        return call

    def close_gateway(self, code: int = 4000) -> None:
        """Close the bot's connection; what happens until it resumes is replayed to it."""
        self._gateway.close(code)

    def take_gateway_down(self) -> None:
        """Let the gateway take no connections any more; one that stands is not closed."""
        self._gateway.down = True

    def revoke_token_at_gateway(self) -> None:
        """Let the gateway take the bot's token no longer."""
        self._gateway.token = ""

    def _place(self, channel: Channel) -> Channel:
        """The channel of that name and parent that exists, else this one."""
        for known in self._world.channels.values():
            if known.name == channel.name and known.parent is channel.parent and known.guild:
                return known
        self._world.channels[channel.id] = channel
        if self._gateway.session is not None:
            kind = "CHANNEL_CREATE" if channel.parent is None else "THREAD_CREATE"
            self._gateway.dispatch(kind, channel.payload)
        return channel

    def _interact(self, interaction: Interaction) -> Interaction:
        self._world.interactions[interaction.token] = interaction
        self._gateway.dispatch("INTERACTION_CREATE", interaction.payload(self.bot.id))
        return interaction

    def _announce(self, event: str, payload: Json, channel: Channel) -> None:
        """Tell the bot of a message, if it asked to be told of such."""
        if self._gateway.session is None:
            return
        intent = GUILD_MESSAGES if channel.guild else DIRECT_MESSAGES
        if self._gateway.session.intents & intent:
            guild = {"guild_id": channel.guild} if channel.guild else {}
            self._gateway.dispatch(event, payload | guild)

    def _ready(self) -> Json:
        return {
            "user": self.bot.payload,
            "guilds": [{"id": self._world.guild, "unavailable": True}],
            "application": {"id": self.bot.id, "flags": 0},
        }

    def _greet(self, session: Session) -> None:
        if session.intents & GUILDS:
            session.dispatch("GUILD_CREATE", self._world.guild_payload)

    async def _patiently(self, awaited: Any, seconds: float, what: str) -> Any:
        try:
            return await asyncio.wait_for(awaited, seconds)
        except TimeoutError:
            calls = "\n".join(
                f"{call.status} {call.code} {call.method} {call.path}" for call in self.calls
            )
            raise AssertionError(
                f"waited {seconds} s for {what}; the bot's requests:\n{calls}"
            ) from None


def _value(value: Any, resolved: Json) -> Any:
    """An option's value as Discord sends it; people and channels are described beside it."""
    match value:
        case Person():
            resolved.setdefault("users", {})[value.id] = value.payload
            member = {key: field for key, field in value.member.items() if key != "user"}
            resolved.setdefault("members", {})[value.id] = member
            return value.id
        case Channel():
            described = value.payload | {"permissions": ALL_PERMISSIONS}
            resolved.setdefault("channels", {})[value.id] = described
            return value.id
        case _:
            return value
