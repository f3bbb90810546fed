"""The stand-in for the Bot API refuses what Telegram refuses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.e2e.telegram_chats import Chat, Person, written_entities
from tests.e2e.telegram_html import Refused, formatted
from tests.e2e.telegram_server import TelegramServer
from tests.e2e.telegram_specification import Specification

TOKEN = "12345:AAE-a_token_of_no_bot"


class Caller:
    """Calls the Bot API by hand, as the bot would."""

    def __init__(self, session: aiohttp.ClientSession, server: TelegramServer) -> None:
        self._session = session
        self.server = server

    async def answer(self, method: str, token: str = TOKEN, **form: Any) -> dict[str, Any]:
        """The whole answer to a call; what is no string is written as JSON."""
        written = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in form.items()
        }
        url = f"{self.server.url}/bot{token}/{method}"
        async with self._session.post(url, data=written) as response:
            body: dict[str, Any] = await response.json()
            assert response.status == body.get("error_code", 200)
            return body

    async def call(self, method: str, **form: Any) -> Any:
        """The result of a call that succeeds."""
        body = await self.answer(method, **form)
        assert body["ok"], body
        return body["result"]

    async def refusal(self, method: str, **form: Any) -> tuple[int, str]:
        """Code and description of a call that is refused."""
        body = await self.answer(method, **form)
        assert not body["ok"], body
        return body["error_code"], body["description"]


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    """A caller of a running server."""
    async with TelegramServer(TOKEN) as server, aiohttp.ClientSession() as session:
        yield Caller(session, server)
        server.violations.clear()  # what is wrong on purpose is asserted in the tests


@pytest.fixture
def ada(caller: Caller) -> Person:
    """Somebody who has a chat with the bot."""
    person = caller.server.add_person("Ada")
    caller.server.private(person)
    return person


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("a &lt;b&gt; &amp; &quot;c&quot; &#233; &#x4e2d;", 'a <b> & "c" é 中', []),
        ("<b>a</b> <strong>b</strong>", "a b", [("bold", 0, 1), ("bold", 2, 1)]),
        ("<B>a<i>b</i></B>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("🙂<b>é</b>", "🙂é", [("bold", 2, 1)]),
        ('<a href="http://a.b/?c&amp;d">x</a>', "x", [("text_link", 0, 1)]),
        ("<pre><code>x</code></pre>", "x", [("pre", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("<blockquote>x <b>y</b></blockquote>", "x y", [("blockquote", 0, 3), ("bold", 2, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("<b></b>x<i> </i>", "x", []),
        (" \n a <b>b</b> \n", "a b", [("bold", 2, 1)]),
        ("a\tb\r\nc\u202ed", "a b\ncd", []),
        ("x" + "<b>y</b>" * 120, "x" + "y" * 120, [("bold", n, 1) for n in range(1, 101)]),
    ],
)
def test_html_is_read_as_telegram_reads_it(
    source: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    """Tags become entities in UTF-16 offsets, the first hundred kept; the text is cleaned."""
    message = formatted(source, "HTML")
    assert message.text == text
    assert [(one.type, one.offset, one.length) for one in message.entities] == entities


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("a <b>b", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a b</b>", "Unexpected end tag at byte offset 3"),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("é<script>a</script>", 'Unsupported start tag "script" at byte offset 2'),
        ("<p>a</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ("<<b>a</b>", "Unclosed start tag at byte offset 0"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<>", 'Unsupported start tag "" at byte offset 0'),
        ("2 > 1", 'Bare ">" at byte offset 2'),
        ("a & b", 'Bare "&" at byte offset 2'),
        ("a&nbsp;b", 'Bare "&" at byte offset 1'),
        ('<a href="x>a</a>', 'Malformed attributes of the tag "a" at byte offset 0'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<pre>a<b>b</b></pre>", 'Tag "b" within code at byte offset 6'),
        (
            "<blockquote><b><blockquote>a</blockquote></b></blockquote>",
            "Blockquote within a blockquote at byte offset 15",
        ),
    ],
)
def test_bad_html_is_refused(source: str, reason: str) -> None:
    """What is not Telegram's HTML is refused, with the place of the fault."""
    with pytest.raises(Refused) as refused:
        formatted(source, "HTML")
    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"
    assert refused.value.code == 400


@pytest.mark.parametrize(
    ("source", "parse_mode", "reason"),
    [
        ("", "HTML", "message text is empty"),
        (" \n\t ", "HTML", "text must be non-empty"),
        ("<b> </b>", "HTML", "text must be non-empty"),
        ("\u202e", "", "text must be non-empty"),
        ("x" * 4097, "HTML", "message is too long"),
        ("中" * 4097, "", "message is too long"),
        ("&amp;" * 6554, "HTML", "text is too long"),
        ("x", "Markup", "unsupported parse_mode"),
    ],
)
def test_texts_without_a_fitting_length_are_refused(
    source: str, parse_mode: str, reason: str
) -> None:
    """A message has 1 to 4,096 characters once its markup is read."""
    with pytest.raises(Refused) as refused:
        formatted(source, parse_mode)
    assert refused.value.description == f"Bad Request: {reason}"


@pytest.mark.parametrize("source", ["<b>" + "x" * 4096 + "</b>", "&amp;" * 4096, "🙂" * 4096])
def test_markup_does_not_count(source: str) -> None:
    """4,096 characters are taken, whatever it takes to write them."""
    assert len(formatted(source, "HTML").text) == 4096


def test_commands_and_mentions_are_found() -> None:
    """What people write has entities at commands and mentions, in UTF-16 offsets."""
    entities = written_entities("🙂 /ask@footnote_bot of @ada, a/b x@y.z /help")
    assert [(one["type"], one["offset"], one["length"]) for one in entities] == [
        ("bot_command", 3, 17),
        ("mention", 24, 4),
        ("bot_command", 40, 5),
    ]


@pytest.mark.parametrize(
    ("token", "code", "reason"),
    [
        ("12345:another", 401, "Unauthorized"),
        ("999:AAE", 401, "Unauthorized"),
        ("no-token", 404, "Not Found"),
        ("12345:", 404, "Not Found"),
    ],
)
async def test_other_tokens_are_refused(caller: Caller, token: str, code: int, reason: str) -> None:
    """An unknown token is unauthorized, a malformed one not found."""
    assert await caller.answer("getMe", token=token) == {
        "ok": False,
        "error_code": code,
        "description": reason,
    }


async def test_a_message_is_sent(caller: Caller, ada: Person) -> None:
    """What is sent can be seen as it is shown, with its buttons."""
    keyboard = {"inline_keyboard": [[{"text": "More", "callback_data": "x" * 64}]]}
    result = await caller.call(
        "sendMessage",
        chat_id=ada.id,
        text="<b>a</b> &amp; b",
        parse_mode="HTML",
        reply_markup=keyboard,
    )
    message = await caller.server.wait_for_message(caller.server.private(ada))
    assert (result["text"], message.text, message.id) == ("a & b", "a & b", result["message_id"])
    assert [(one.label, one.data) for one in message.buttons] == [("More", "x" * 64)]
    assert caller.server.requests[-1].status == 200


@pytest.mark.parametrize(
    ("form", "code", "reason"),
    [
        ({"text": "<b>a"}, 400, "Bad Request: can't parse entities: Can't find end tag"),
        ({"text": "x" * 4097}, 400, "Bad Request: message is too long"),
        ({"text": ""}, 400, "Bad Request: message text is empty"),
        ({"chat_id": 404}, 400, "Bad Request: chat not found"),
        ({"chat_id": ""}, 400, "Bad Request: chat_id is empty"),
        ({"message_thread_id": 5}, 400, "Bad Request: message thread not found"),
        ({"reply_parameters": {"message_id": 5}}, 400, "Bad Request: message to be replied not"),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "é" * 33}]]}},
            400,
            "Bad Request: BUTTON_DATA_INVALID",
        ),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "a"}]]}},
            400,
            "Bad Request: can't parse inline keyboard button",
        ),
    ],
)
async def test_bad_messages_are_refused(
    caller: Caller, ada: Person, form: dict[str, Any], code: int, reason: str
) -> None:
    """Each fault of a message is refused as Telegram refuses it, and nothing is sent."""
    given = {"chat_id": ada.id, "text": "a", "parse_mode": "HTML"} | form
    refused, description = await caller.refusal("sendMessage", **given)
    assert refused == code
    assert description.startswith(reason)
    assert caller.server.sent(caller.server.private(ada)) == []


async def test_a_reply_to_what_is_gone_can_be_allowed(caller: Caller, ada: Person) -> None:
    """A message may be sent although the one it replies to is not there."""
    parameters = {"message_id": 5, "allow_sending_without_reply": True}
    await caller.call("sendMessage", chat_id=ada.id, text="a", reply_parameters=parameters)
    message = await caller.server.wait_for_message(caller.server.private(ada))
    assert message.reply_to is None


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("private", "Forbidden: bot was blocked by the user"),
        ("group", "Forbidden: bot was kicked from the group chat"),
        ("supergroup", "Forbidden: bot was kicked from the supergroup chat"),
    ],
)
async def test_a_closed_chat_is_forbidden(caller: Caller, kind: str, reason: str) -> None:
    """Nothing reaches a chat that blocked or removed the bot, not even "typing"."""
    server = caller.server
    chat = (
        server.private(server.add_person("Ada"))
        if kind == "private"
        else server.add_group("Desk", kind)
    )
    server.block(chat)
    assert await caller.refusal("sendMessage", chat_id=chat.id, text="a") == (403, reason)
    action = await caller.refusal("sendChatAction", chat_id=chat.id, action="typing")
    assert action == (403, reason)


async def test_edits_that_change_nothing_are_refused(caller: Caller, ada: Person) -> None:
    """The same text and buttons again are "not modified"; either changed is an edit."""
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]]}
    sent = await caller.call(
        "sendMessage", chat_id=ada.id, text="<b>a</b>", parse_mode="HTML", reply_markup=keyboard
    )
    here = {"chat_id": ada.id, "message_id": sent["message_id"], "parse_mode": "HTML"}
    same = {"text": "<strong>a</strong> ", "reply_markup": keyboard}
    code, description = await caller.refusal("editMessageText", **here, **same)
    assert code == 400
    assert description.startswith("Bad Request: message is not modified: specified new message")
    await caller.call("editMessageText", **here, text="a", reply_markup=keyboard)
    await caller.call("editMessageText", **here, text="a")
    (message,) = caller.server.sent(caller.server.private(ada))
    assert (message.text, message.buttons, message.edits) == ("a", [], 2)


async def test_only_the_bots_messages_can_be_edited(caller: Caller, ada: Person) -> None:
    """A message of somebody else or of nobody cannot be edited."""
    written = caller.server.send_text(caller.server.private(ada), ada, "hello")
    here = {"chat_id": ada.id, "text": "b"}
    assert await caller.refusal("editMessageText", **here, message_id=written["message_id"]) == (
        400,
        "Bad Request: message can't be edited",
    )
    assert await caller.refusal("editMessageText", **here, message_id=1) == (
        400,
        "Bad Request: message to edit not found",
    )


async def test_a_press_can_be_answered_once_and_in_time(caller: Caller, ada: Person) -> None:
    """An unknown, old or answered callback query is refused."""
    await caller.call("sendMessage", chat_id=ada.id, text="a")
    message = await caller.server.wait_for_message(caller.server.private(ada))
    query = caller.server.press(message, "made up", ada)
    late = caller.server.press(message, "made up", ada, too_old=True)
    await caller.call("answerCallbackQuery", callback_query_id=query)
    for refused in (query, late, "5"):
        code, description = await caller.refusal("answerCallbackQuery", callback_query_id=refused)
        assert (code, description[:29]) == (400, "Bad Request: query is too old")
    updates = await caller.call("getUpdates")
    assert [one["callback_query"]["data"] for one in updates] == ["made up", "made up"]


@pytest.mark.parametrize(
    ("command", "description", "reason"),
    [
        ("Ask", "a", "BOT_COMMAND_INVALID"),
        ("a" * 33, "a", "BOT_COMMAND_INVALID"),
        ("ask", "", "BOT_COMMAND_DESCRIPTION_INVALID"),
        ("ask", "a" * 257, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_bad_commands_are_refused(
    caller: Caller, command: str, description: str, reason: str
) -> None:
    """Commands are lower case and described."""
    commands = [{"command": command, "description": description}]
    refused = await caller.refusal("setMyCommands", commands=commands)
    assert refused == (400, f"Bad Request: {reason}")
    assert caller.server.menu == {}


async def test_unknown_methods_and_actions_are_refused(caller: Caller, ada: Person) -> None:
    """What the Bot API does not have is refused."""
    assert await caller.refusal("sendRichText") == (404, "Not Found: method not found")
    refused = await caller.refusal("sendChatAction", chat_id=ada.id, action="thinking")
    assert refused == (400, "Bad Request: wrong parameter action in request")


async def test_updates_stay_until_they_are_confirmed(caller: Caller, ada: Person) -> None:
    """Updates come again until a later offset is asked for; unwanted kinds do not come."""
    server, chat = caller.server, caller.server.private(ada)
    for text in ("one", "two", "three"):
        server.send_text(chat, ada, text)
    first, second = await caller.call("getUpdates", limit=2)
    assert await caller.call("getUpdates", limit=1) == [first]
    (third,) = await caller.call("getUpdates", offset=second["update_id"] + 1)
    assert third["message"]["text"] == "three"
    assert server.unconfirmed == 1
    after = third["update_id"] + 1
    assert await caller.call("getUpdates", offset=after, allowed_updates=["message"]) == []
    server.add_update("edited_message", third["message"])
    assert await caller.call("getUpdates", offset=after) == []
    server.send_text(chat, ada, "four")
    server.send_text(chat, ada, "five")
    (last,) = await caller.call("getUpdates", offset=-1)
    assert last["message"]["text"] == "five"


async def test_a_request_for_updates_waits_for_one(caller: Caller, ada: Person) -> None:
    """A long poll returns with the first update, or with nothing once its time is over."""
    assert await caller.call("getUpdates", timeout=0.01) == []
    waiting = asyncio.create_task(caller.call("getUpdates", timeout=5))
    await caller.server.wait_for_poll()
    caller.server.send_text(caller.server.private(ada), ada, "now")
    (update,) = await waiting
    assert update["message"]["text"] == "now"


async def test_a_second_poller_ends_the_first(caller: Caller, ada: Person) -> None:
    """Of two requests for updates the older is refused, the newer waits on."""
    older = asyncio.create_task(caller.refusal("getUpdates", timeout=5))
    await caller.server.wait_for_poll()
    newer = asyncio.create_task(caller.call("getUpdates", timeout=5))
    code, description = await older
    assert code == 409
    assert description.startswith("Conflict: terminated by other getUpdates request")
    caller.server.send_text(caller.server.private(ada), ada, "now")
    assert len(await newer) == 1


async def test_floods_are_answered_as_often_as_told(caller: Caller, ada: Person) -> None:
    """429 names the wait, and is given for one method alone where that is wanted."""
    caller.server.flood(retry_after=7, times=2, method="sendMessage")
    form: dict[str, Any] = {"chat_id": ada.id, "text": "a"}
    for _ in range(2):
        await caller.call("getMe")
        assert await caller.answer("sendMessage", **form) == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 7",
            "parameters": {"retry_after": 7},
        }
    await caller.call("sendMessage", **form)
    caller.server.flood()
    assert (await caller.refusal("getUpdates"))[0] == 429


async def test_it_can_go_down_and_come_back(caller: Caller, ada: Person) -> None:
    """While it is down nothing connects; back again it remembers everything."""
    caller.server.send_text(caller.server.private(ada), ada, "hello")
    await caller.server.go_down()
    with pytest.raises(aiohttp.ClientConnectionError):
        await caller.call("getMe")
    await caller.server.come_back()
    assert len(await caller.call("getUpdates")) == 1


async def test_waiting_ends(caller: Caller, ada: Person) -> None:
    """Waiting for what does not happen fails instead of hanging."""
    with pytest.raises(TimeoutError):
        await caller.server.wait_for_message(Chat(1, "private", "x"), within=0.01)


@pytest.fixture(scope="module")
def specification() -> Specification:
    """The Bot API's own description."""
    given = Specification.of_environment()
    if given is None:
        pytest.skip("SPEC_DIR is not set: the Bot API's description is not at hand")
    return given


MARKUP = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}


@pytest.mark.parametrize(
    ("method", "form", "violations"),
    [
        ("sendMessage", {"chat_id": "5", "text": "a", "reply_markup": json.dumps(MARKUP)}, 0),
        ("sendMessage", {"chat_id": "@channel", "text": "a", "disable_notification": "true"}, 0),
        ("setMyCommands", {"commands": '[{"command":"a","description":"b"}]'}, 0),
        (
            "setMyCommands",
            {
                "commands": '[{"command":"a","description":"b"}]',
                "scope": '{"type":"all_private_chats"}',
            },
            0,
        ),
        ("getUpdates", {"offset": "5", "timeout": "30", "allowed_updates": '["message"]'}, 0),
        ("sendText", {}, 1),
        ("sendMessage", {"chat_id": "5"}, 1),
        ("sendMessage", {"chat_id": "5", "text": "a", "colour": "red"}, 1),
        ("sendMessage", {"chat_id": "5", "text": "a", "message_thread_id": "five"}, 1),
        ("sendMessage", {"chat_id": "5", "text": "a", "disable_notification": "yes"}, 1),
        ("sendMessage", {"chat_id": "5", "text": "a", "link_preview_options": "{"}, 1),
        ("sendMessage", {"chat_id": "5", "text": "a", "link_preview_options": "[]"}, 1),
        (
            "sendMessage",
            {"chat_id": "5", "text": "a", "link_preview_options": '{"is_disabled":"yes"}'},
            1,
        ),
        (
            "sendMessage",
            {"chat_id": "5", "text": "a", "reply_markup": '{"inline_keyboard":[[{"data":1}]]}'},
            2,
        ),
        ("sendMessage", {"chat_id": "5", "text": "a", "reply_parameters": '{"message_id":1.5}'}, 1),
        ("setMyCommands", {"commands": '[{"command":"a"}]'}, 1),
        ("setMyCommands", {"commands": '{"command":"a"}'}, 1),
        ("getUpdates", {"offset": "5.5"}, 1),
        ("getUpdates", {"allowed_updates": "[true]"}, 1),
    ],
)
def test_requests_are_checked_against_the_description(
    specification: Specification, method: str, form: dict[str, str], violations: int
) -> None:
    """Unknown, missing and mistyped parameters are found, nested ones included."""
    assert len(specification.request_violations(method, form)) == violations


@pytest.mark.parametrize(
    ("method", "result", "violations"),
    [
        ("setMyCommands", True, 0),
        ("setMyCommands", "yes", 1),
        ("getUpdates", [], 0),
        ("getUpdates", [{"update_id": True}], 1),
        ("sendMessage", {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}, 0),
        ("sendMessage", {"message_id": 1, "date": 0, "chat": {"id": 1}}, 1),
    ],
)
def test_results_are_checked_against_the_description(
    specification: Specification, method: str, result: object, violations: int
) -> None:
    """The stand-in's own answers are held to the description too."""
    assert len(specification.result_violations(method, result)) == violations


@pytest.mark.usefixtures("specification")
async def test_a_violation_fails_the_test() -> None:
    """A bot that sends what the description does not know is found out at the end."""
    with pytest.raises(AssertionError, match="unknown parameter colour"):
        async with TelegramServer(TOKEN) as server, aiohttp.ClientSession() as session:
            await Caller(session, server).call("getMe", colour="red")
