"""The methods of the Bot API that Footnote uses, with Telegram's refusals."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tests.e2e.telegram_chats import Chat, ChatBook, SentMessage
from tests.e2e.telegram_html import FormattedText, Refused, formatted
from tests.e2e.telegram_updates import UpdateQueue

MOST_CALLBACK_BYTES = 64
_LONGEST_DESCRIPTION = 256
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_ACTIONS = re.compile(
    "typing|upload_photo|record_video|upload_video|record_voice|upload_voice|upload_document|"
    "choose_sticker|find_location|record_video_note|upload_video_note"
)
_NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)
_TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"

Form = Mapping[str, str]


class Methods:
    """Carries out calls on the chats and the updates of one bot."""

    def __init__(self, book: ChatBook, updates: UpdateQueue) -> None:
        self._book = book
        self._updates = updates
        self._known: dict[str, Callable[[Form], Awaitable[Any]]] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "deleteWebhook": self._delete_webhook,
            "setMyCommands": self._set_my_commands,
            "sendChatAction": self._send_chat_action,
            "sendMessage": self._send_message,
            "editMessageText": self._edit_message_text,
            "answerCallbackQuery": self._answer_callback_query,
        }

    async def call(self, method: str, form: Form) -> Any:
        """The result of a method.

        Raises:
            Refused: Telegram would refuse the call.
        """
        called = self._known.get(method)
        if called is None:
            raise Refused("Not Found: method not found", 404)
        return await called(form)

    async def _get_me(self, form: Form) -> Any:
        abilities = {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }
        return self._book.bot.as_json() | abilities

    async def _get_updates(self, form: Form) -> Any:
        allowed = json.loads(form["allowed_updates"]) if "allowed_updates" in form else None
        return await self._updates.fetch(
            int(form.get("offset", "0")),
            min(100, max(1, int(form.get("limit", "100")))),
            float(form.get("timeout", "0")),
            allowed,
        )

    async def _delete_webhook(self, form: Form) -> Any:
        return True

    async def _set_my_commands(self, form: Form) -> Any:
        commands = json.loads(form.get("commands", "[]"))
        for one in commands:
            if _COMMAND.fullmatch(one["command"]) is None:
                raise Refused("Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(one["description"]) <= _LONGEST_DESCRIPTION:
                raise Refused("Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        self._book.menu = {one["command"]: one["description"] for one in commands}
        return True

    async def _send_chat_action(self, form: Form) -> Any:
        chat = self._chat(form)
        self._thread(form, chat)
        if _ACTIONS.fullmatch(form.get("action", "")) is None:
            raise Refused("Bad Request: wrong parameter action in request")
        return True

    async def _send_message(self, form: Form) -> Any:
        text = formatted(form.get("text", ""), form.get("parse_mode", ""))
        keyboard = _keyboard(form)
        chat = self._chat(form)
        message = SentMessage(
            self._book.next_id(),
            chat,
            self._book.bot,
            form["text"],
            text.text,
            text.entities,
            keyboard,
            reply_to=self._reply_to(form, chat),
            thread=self._thread(form, chat),
        )
        self._book.sent.setdefault(chat.id, []).append(message)
        return message.as_json()

    async def _edit_message_text(self, form: Form) -> Any:
        text = formatted(form.get("text", ""), form.get("parse_mode", ""))
        keyboard = _keyboard(form)
        chat = self._chat(form)
        edited = int(form.get("message_id", "0"))
        message = self._book.find_sent(chat.id, edited)
        if message is None:
            written = edited in self._book.written.get(chat.id, set())
            what = "message can't be edited" if written else "message to edit not found"
            raise Refused(f"Bad Request: {what}")
        if (text, keyboard) == (FormattedText(message.text, message.entities), message.keyboard):
            raise Refused(_NOT_MODIFIED)
        message.source, message.text, message.entities = form["text"], text.text, text.entities
        message.keyboard = keyboard
        message.edits += 1
        return message.as_json()

    async def _answer_callback_query(self, form: Form) -> Any:
        query = form.get("callback_query_id", "")
        if query not in self._book.open_queries:
            raise Refused(_TOO_OLD)
        self._book.open_queries.remove(query)
        self._book.answered_queries.append(query)
        return True

    def _chat(self, form: Form) -> Chat:
        if not form.get("chat_id"):
            raise Refused("Bad Request: chat_id is empty")
        chat = self._book.chats.get(int(form["chat_id"]))
        if chat is None:
            raise Refused("Bad Request: chat not found")
        if chat.id in self._book.blocked:
            reason = (
                "bot was blocked by the user"
                if chat.kind == "private"
                else f"bot was kicked from the {chat.kind} chat"
            )
            raise Refused(f"Forbidden: {reason}", 403)
        return chat

    def _thread(self, form: Form, chat: Chat) -> int | None:
        if "message_thread_id" not in form:
            return None
        thread = int(form["message_thread_id"])
        if (chat.id, thread) not in self._book.topics:
            raise Refused("Bad Request: message thread not found")
        return thread

    def _reply_to(self, form: Form, chat: Chat) -> int | None:
        """The message replied to; None where it is gone and that was allowed for."""
        if "reply_parameters" not in form:
            return None
        parameters = json.loads(form["reply_parameters"])
        message = int(parameters["message_id"])
        there = message in self._book.written.get(chat.id, set())
        if there or self._book.find_sent(chat.id, message) is not None:
            return message
        if parameters.get("allow_sending_without_reply"):
            return None
        raise Refused("Bad Request: message to be replied not found")


def _keyboard(form: Form) -> dict[str, Any] | None:
    """The inline keyboard of a request, checked."""
    if "reply_markup" not in form:
        return None
    keyboard: dict[str, Any] = json.loads(form["reply_markup"])
    for row in keyboard.get("inline_keyboard", []):
        for button in row:
            if len(button) == 1:
                raise Refused(
                    "Bad Request: can't parse inline keyboard button: "
                    "Text buttons are unallowed in the inline keyboard"
                )
            if len(button.get("callback_data", "").encode()) > MOST_CALLBACK_BYTES:
                raise Refused("Bad Request: BUTTON_DATA_INVALID")
    return keyboard if keyboard.get("inline_keyboard") else None
