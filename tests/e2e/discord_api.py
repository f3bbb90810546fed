"""What each call of the stand-in's HTTP API does, and when it is refused."""

from __future__ import annotations

from typing import Any

from tests.e2e.discord_nouns import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    Channel,
    Interaction,
    Json,
    Message,
    snowflake,
)
from tests.e2e.discord_rules import Refused, check_commands, check_message, invalid_form, notified
from tests.e2e.discord_world import UNKNOWN_MESSAGE, Call, World

SECONDS_TO_ACKNOWLEDGE = 3.0
SECONDS_TO_FOLLOW_UP = 15 * 60.0

# kinds of interaction callbacks
MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE = 4, 5, 6, 7
BUTTON_PRESSED = 3

NO_HISTORY = (400, 160002, "Cannot reply without permission to read message history")
UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
UNKNOWN_WEBHOOK = (404, 10015, "Unknown Webhook")
UNKNOWN_INTERACTION = (404, 10062, "Unknown interaction")


class Api:
    """The handlers: each takes a call and the variables of its path, gives status and answer.

    Args:
        world: what they read and change.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def me(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        """The bot as a user."""
        return 200, self._world.bot.payload

    def application(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        """The bot as an application."""
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
        """The direct messages with a person known to the bot."""
        for channel in self._world.channels.values():
            if channel.person is not None and channel.person.id == call.body.get("recipient_id"):
                return 200, channel.payload
        raise Refused(400, 50033, "Invalid Recipient(s)")

    def list_commands(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        """The slash commands made known."""
        return 200, self._world.commands

    def set_commands(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        """Replace all slash commands."""
        if path["application"] != self._world.bot.id:
            raise Refused(403, 20012, "You are not authorized to perform this action")
        check_commands(call.body)
        fixed = {"application_id": self._world.bot.id, "version": "1", "type": 1}
        self._world.commands = [{"id": snowflake()} | fixed | command for command in call.body]
        return 200, self._world.commands

    def show_typing(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        """Show in a channel that the bot types."""
        self._channel(path).typing += 1
        return 204, None

    def send(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        """Write a message in a channel."""
        channel = self._channel(path)
        reference = call.body.pop("message_reference", None)
        replied_to = None
        if reference is not None and not channel.history:
            raise Refused(*NO_HISTORY)
        if reference is not None:
            try:
                replied_to = self._world.message(str(reference["message_id"])).author.id
                ids = {"message_id": str(reference["message_id"]), "channel_id": channel.id}
                call.body["message_reference"] = ids
            except Refused:
                if reference.get("fail_if_not_exists", True):
                    unknown = ("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message"
                    raise invalid_form(unknown) from None
        message = self._written(channel, call.body, replied_to)
        channel.answers.put_nowait(message)
        return 200, message.payload

    def edit(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        """Edit a message of the bot's."""
        self._channel(path)
        message = self._world.message(path["message"])
        if message.author is not self._world.bot:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        self._edited(message, call.body)
        return 200, message.payload

    def delete(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        """Delete a message of the bot's."""
        self._channel(path)
        message = self._world.message(path["message"])
        if message.author is not self._world.bot:
            raise Refused(403, 50003, "Cannot execute action on this channel type")
        message.deleted = True
        return 204, None

    def acknowledge(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        """Acknowledge an interaction: once, and within three seconds."""
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
        """Write a further answer to an interaction."""
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
        """An answer to an interaction."""
        return 200, self._answer(path)[1].payload

    def edit_answer(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        """Edit an answer to an interaction."""
        return self._answered(*self._answer(path), call.body)

    def delete_answer(self, call: Call, path: dict[str, str]) -> tuple[int, Any]:
        """Delete an answer to an interaction."""
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
