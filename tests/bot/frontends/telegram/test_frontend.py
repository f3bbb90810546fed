"""The door to Telegram: real updates through a real Application, over a real socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.chat import words
from bot.chat.model import Ask, Button, Heading, ListReports, Missed, Reply, Request, ShowHelp
from tests.bot.frontends.telegram.scripted import TOKEN, Scripted, running, said, soon
from tests.e2e.telegram_server import TelegramServer

Logged = list[dict[str, Any]]


def page(number: int, *older: int) -> Reply:
    """A page of reports with a button to each of the other pages."""
    buttons = tuple(Button(f"Page {n}", ListReports(n)) for n in older)
    return Reply((Heading(f"Reports, page {number}"),), buttons)


def paged(request: Request) -> list[Reply]:
    """Page 1 leads to page 2 and back; any other is a refusal without buttons."""
    match request.command:
        case ListReports(1):
            return [page(1, 2, 3)]
        case ListReports(2):
            return [page(2, 1)]
        case _:
            return [said("There is no such page.")]


async def test_a_question_is_answered(server: TelegramServer) -> None:
    """A question in private comes back with its answer, as HTML without link previews."""
    conversation = Scripted(lambda request: [Reply((Heading("<1144> & more"),))])
    async with running(conversation, server):
        ada = server.add_person("Ada")
        chat = server.private(ada)
        server.send_text(chat, ada, "How big?")
        message = await server.wait_for_message(chat)
    assert [request.command for request in conversation.requests] == [Ask("How big?")]
    assert message.text == "<1144> & more"
    assert message.reply_to is None
    form = server.requests_of("sendMessage")[0].form
    assert json.loads(form["link_preview_options"]) == {"is_disabled": True}


async def test_the_start_sets_the_menu_and_asks_for_what_is_used(server: TelegramServer) -> None:
    """The command menu is set, a webhook ended, and only messages and presses received."""
    async with running(Scripted(), server):
        await server.wait_for_poll()
        assert server.menu == words.COMMAND_DESCRIPTIONS
        assert len(server.requests_of("deleteWebhook")) == 1
        ada = server.add_person("Ada")
        server.add_update("edited_message", server.send_text(server.private(ada), ada, "/help"))
        await server.wait_for_message(server.private(ada))
    polls = server.requests_of("getUpdates")
    assert json.loads(polls[0].form["allowed_updates"]) == ["message", "callback_query"]
    assert len(server.sent(server.private(ada))) == 1


async def test_in_a_group_the_answer_replies_to_the_question(server: TelegramServer) -> None:
    """A mention is answered as a reply to it; talk among people is not answered."""
    conversation = Scripted()
    async with running(conversation, server):
        ada, desk = server.add_person("Ada"), server.add_group("Desk")
        server.send_text(desk, ada, "Anyone read it?")
        question = server.send_text(desk, ada, "@footnote_bot how big?")
        message = await server.wait_for_message(desk)
    assert message.reply_to == question["message_id"]
    assert [request.command for request in conversation.requests] == [Ask("how big?")]


async def test_in_a_topic_the_answer_stays_there(server: TelegramServer) -> None:
    """A question in a forum's topic is answered in the topic."""
    async with running(Scripted(), server):
        ada, desk = server.add_person("Ada"), server.add_group("Desk")
        server.send_text(desk, ada, "/help", message_thread_id=77, is_topic_message=True)
        assert (await server.wait_for_message(desk)).thread == 77


async def test_a_long_answer_comes_in_several_messages(server: TelegramServer) -> None:
    """What Telegram would refuse as too long arrives whole, in order."""
    text = " ".join(str(n) for n in range(3000))
    async with running(Scripted(lambda request: [said(text)]), server):
        ada = server.add_person("Ada")
        chat = server.private(ada)
        server.send_text(chat, ada, "Count!")
        messages = [await server.wait_for_message(chat) for _ in range(4)]
    assert " ".join(message.text for message in messages) == text


async def test_one_chat_does_not_wait_for_another(server: TelegramServer) -> None:
    """While one answer is held, another chat gets its help; the first shows "typing"."""
    conversation = Scripted()
    released = conversation.held["slow"] = asyncio.Event()
    async with running(conversation, server):
        ada, ben = server.add_person("Ada"), server.add_person("Ben")
        server.private(ada)
        server.send_text(server.private(ada), ada, "slow")
        await soon(lambda: len(conversation.requests) == 1)
        server.send_text(server.private(ben), ben, "/help")
        await server.wait_for_message(server.private(ben))
        action = await server.wait_for_request("sendChatAction", 2)
        assert (action.form["chat_id"], action.form["action"]) == (str(ada.id), "typing")
        assert server.sent(server.private(ada)) == []
        released.set()
        await server.wait_for_message(server.private(ada))
        shown = len(server.requests_of("sendChatAction"))
    assert len(server.requests_of("sendChatAction")) == shown


async def test_a_button_turns_the_page(server: TelegramServer) -> None:
    """A press changes the message it is below, and its spinner ends."""
    async with running(Scripted(paged), server):
        ada = server.add_person("Ada")
        chat = server.private(ada)
        server.send_text(chat, ada, "/reports")
        message = await server.wait_for_message(chat)
        query = server.press(message, "Page 2", ada)
        await server.wait_for_request("editMessageText")
    assert server.answered_queries == [query]
    assert [one.text for one in server.sent(chat)] == ["Reports, page 2"]
    assert [button.label for button in message.buttons] == ["Page 1"]


async def test_turning_to_the_same_page_is_no_error(server: TelegramServer, logged: Logged) -> None:
    """Telegram's "message is not modified" goes unnoticed."""
    async with running(Scripted(paged), server):
        ada = server.add_person("Ada")
        chat = server.private(ada)
        server.send_text(chat, ada, "/reports")
        server.press(await server.wait_for_message(chat), "reports:1", ada)
        refused = await server.wait_for_request("editMessageText")
    assert "message is not modified" in refused.description
    assert len(server.sent(chat)) == 1
    assert [entry for entry in logged if entry["log_level"] != "info"] == []


async def test_a_refusal_does_not_replace_the_page(server: TelegramServer) -> None:
    """What comes back without buttons is no page and becomes a message of its own."""
    async with running(Scripted(paged), server):
        ada, desk = server.add_person("Ada"), server.add_group("Desk")
        server.send_text(desk, ada, "/reports")
        server.press(await server.wait_for_message(desk), "Page 3", server.add_person("Ben"))
        assert (await server.wait_for_message(desk)).text == "There is no such page."
    assert server.sent(desk)[0].text == "Reports, page 1"


async def test_a_page_that_cannot_be_turned_is_sent(server: TelegramServer) -> None:
    """Where the message is too old to be changed, the page comes as a new one."""
    async with running(Scripted(paged), server):
        ada = server.add_person("Ada")
        chat = server.private(ada)
        server.send_text(chat, ada, "/reports")
        message = await server.wait_for_message(chat)
        server.refuse(400, "Bad Request: message can't be edited", method="editMessageText")
        server.press(message, "Page 2", ada)
        assert (await server.wait_for_message(chat)).text == "Reports, page 2"


async def test_a_late_press_still_turns_the_page(server: TelegramServer, logged: Logged) -> None:
    """A press from a long absence cannot be acknowledged any more, but is obeyed."""
    async with running(Scripted(paged), server):
        ada = server.add_person("Ada")
        chat = server.private(ada)
        server.send_text(chat, ada, "/reports")
        server.press(await server.wait_for_message(chat), "Page 2", ada, too_old=True)
        await server.wait_for_request("editMessageText")
    assert "query is too old" in server.requests_of("answerCallbackQuery")[0].description
    assert [entry for entry in logged if entry["log_level"] != "info"] == []


async def test_a_made_up_press_is_only_acknowledged(server: TelegramServer) -> None:
    """Callback data of no button of ours ends the spinner and does nothing else."""
    conversation = Scripted(paged)
    async with running(conversation, server):
        ada = server.add_person("Ada")
        chat = server.private(ada)
        server.send_text(chat, ada, "/reports")
        server.press(await server.wait_for_message(chat), "allow:7", ada)
        await server.wait_for_request("answerCallbackQuery")
    assert len(conversation.requests) == 1


async def test_stale_messages_get_one_word_a_chat(server: TelegramServer) -> None:
    """Of a long absence each chat hears once, and again only after it has written anew."""
    conversation = Scripted()
    long_ago = datetime.now(UTC) - timedelta(hours=5)
    ada, ben = server.add_person("Ada"), server.add_person("Ben")
    chat = server.private(ada)
    for question in ("one", "two", "three"):
        server.send_text(chat, ada, question, sent_at=long_ago)
    server.send_text(server.private(ben), ben, "four", sent_at=long_ago)
    async with running(conversation, server):
        await server.wait_for_message(chat)
        await server.wait_for_message(server.private(ben))
        await server.wait_for_poll()
        assert [request.command for request in conversation.requests] == [Missed(), Missed()]
        server.send_text(chat, ada, "five")
        await server.wait_for_message(chat)
        server.send_text(chat, ada, "six", sent_at=long_ago)
        await server.wait_for_message(chat)
    commands = [request.command for request in conversation.requests]
    assert commands[2:] == [Ask("five"), Missed()]


class BrokenInside(ValueError):
    """What a bug in the conversation raises."""


async def test_a_broken_answer_is_logged_with_the_reference_the_chat_gets(
    server: TelegramServer, logged: Logged
) -> None:
    """An exception leads to one line and one log entry of the same reference, no text in it."""

    def break_for_ada(request: Request) -> list[Reply]:
        if request.asker.name == "Ada":
            raise BrokenInside(f"cannot weigh {request.command}")
        return [said("fine")]

    async with running(Scripted(break_for_ada), server):
        ada, ben = server.add_person("Ada"), server.add_person("Ben")
        chat = server.private(ada)
        server.send_text(chat, ada, "my secret fund")
        message = await server.wait_for_message(chat)
        server.send_text(server.private(ben), ben, "/help")
        assert (await server.wait_for_message(server.private(ben))).text == "fine"
    (entry,) = [entry for entry in logged if entry["log_level"] == "error"]
    assert message.text == words.trouble(entry["reference"])
    assert len(server.sent(chat)) == 1
    assert entry["error"] == "BrokenInside"
    assert "break_for_ada" in entry["where"]
    assert "secret" not in str(logged)


async def test_a_message_telegram_refuses_is_a_broken_answer(
    server: TelegramServer, logged: Logged
) -> None:
    """A 400 that nobody foresaw is logged with Telegram's reason and told with a reference."""
    async with running(Scripted(), server):
        ada = server.add_person("Ada")
        chat = server.private(ada)
        server.refuse(400, "Bad Request: can't parse entities: oh", method="sendMessage")
        server.send_text(chat, ada, "/help")
        message = await server.wait_for_message(chat)
    (entry,) = [entry for entry in logged if entry["log_level"] == "error"]
    assert message.text == words.trouble(entry["reference"])
    assert entry["detail"] == "Can't parse entities: oh"


@pytest.mark.parametrize(
    "close",
    [
        lambda server, chat: server.block(chat),
        lambda server, chat: server.refuse(
            400,
            "Bad Request: not enough rights to send text messages to the chat",
            method="sendMessage",
        ),
        lambda server, chat: server.refuse(
            400, "Bad Request: chat not found", method="sendMessage"
        ),
    ],
    ids=["blocked", "muted", "gone"],
)
async def test_a_chat_closed_to_the_bot_is_dropped_quietly(
    server: TelegramServer, logged: Logged, close: Callable[[TelegramServer, Any], None]
) -> None:
    """Where the bot may not write, its answer ends, and nobody is told of an error."""
    conversation = Scripted(lambda request: [said("one"), said("two")])
    async with running(conversation, server):
        ada = server.add_person("Ada")
        chat = server.private(ada)
        close(server, chat)
        server.send_text(chat, ada, "/help")
        await soon(lambda: len(conversation.finished) == 1)
    assert len(server.requests_of("sendMessage")) == 1
    assert server.sent(chat) == []
    assert [entry for entry in logged if entry["log_level"] != "info"] == []


async def test_a_flood_limit_is_honoured(server: TelegramServer) -> None:
    """After a 429 nothing is sent, to whatever chat, before the time Telegram asked for."""
    loop = asyncio.get_running_loop()
    async with running(Scripted(), server):
        ada, ben = server.add_person("Ada"), server.add_person("Ben")
        server.flood(retry_after=0.2, method="sendMessage")
        server.send_text(server.private(ada), ada, "/help")
        await server.wait_for_request("sendMessage")
        refused_at = loop.time()
        server.send_text(server.private(ben), ben, "/help")
        await server.wait_for_request("sendMessage", 2)
        assert loop.time() - refused_at >= 0.2
        await server.wait_for_message(server.private(ada))
        await server.wait_for_message(server.private(ben))
    assert [one.status for one in server.requests_of("sendMessage")] == [429, 200, 200]


@pytest.mark.parametrize("code", [500, 502])
async def test_a_failing_server_is_tried_again(server: TelegramServer, code: int) -> None:
    """An answer survives a few failures of Telegram's servers."""
    async with running(Scripted(), server):
        ada = server.add_person("Ada")
        chat = server.private(ada)
        server.refuse(code, "Bad Gateway", times=3, method="sendMessage")
        server.send_text(chat, ada, "/help")
        await server.wait_for_message(chat)
    assert len(server.sent(chat)) == 1


async def test_an_answer_that_cannot_be_sent_ends_in_the_log(
    server: TelegramServer, logged: Logged
) -> None:
    """After enough tries the answer is given up, and the next one goes on."""
    async with running(Scripted(), server):
        ada = server.add_person("Ada")
        chat = server.private(ada)
        server.refuse(502, "Bad Gateway", times=7, method="sendMessage")
        server.send_text(chat, ada, "/help")
        await server.wait_for_request("sendMessage", 7)
        server.send_text(chat, ada, "/status")
        await server.wait_for_message(chat)
    (entry,) = [entry for entry in logged if entry["log_level"] == "error"]
    assert entry["reference"] in str([one for one in logged if "could not be told" in one["event"]])
    assert len(server.sent(chat)) == 1


async def test_a_reply_that_says_nothing_is_delivered_as_nothing(server: TelegramServer) -> None:
    """An empty reply is no message, and what follows it is sent."""
    async with running(Scripted(lambda request: [Reply(()), said("then this")]), server):
        ada = server.add_person("Ada")
        chat = server.private(ada)
        server.send_text(chat, ada, "/help")
        assert (await server.wait_for_message(chat)).text == "then this"
    assert len(server.requests_of("sendMessage")) == 1


async def test_the_command_of_a_stranger_is_passed_on(server: TelegramServer) -> None:
    """Who may ask is the conversation's to decide: the door passes everything on."""
    conversation = Scripted()
    async with running(conversation, server):
        eve = server.add_person("Eve")
        server.send_text(server.private(eve), eve, "/help")
        await server.wait_for_message(server.private(eve))
    assert [request.command for request in conversation.requests] == [ShowHelp()]
    assert conversation.requests[0].asker.user == str(eve.id)


async def test_the_token_is_never_logged(
    server: TelegramServer, logged: Logged, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever happens, neither our log nor a library's holds the token or a message."""
    caplog.set_level("DEBUG")
    async with running(Scripted(), server):
        ada = server.add_person("Ada")
        chat = server.private(ada)
        server.flood(retry_after=0.01, method="sendMessage")
        server.send_text(chat, ada, "my secret fund")
        await server.wait_for_message(chat)
        await server.go_down()
        await soon(lambda: any("cannot be reached" in entry["event"] for entry in logged))
        await server.come_back()
        await server.wait_for_poll()
    told = caplog.text + str(logged)
    assert "connected" in told
    assert TOKEN.partition(":")[2] not in told
    assert "secret" not in told
