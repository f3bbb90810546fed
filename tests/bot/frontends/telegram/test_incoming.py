"""From updates to requests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telegram import Update, User

from bot.chat.model import (
    Allow,
    Ask,
    Asker,
    Command,
    ListReports,
    Missed,
    Request,
    ShowHelp,
    ShowStatus,
    Start,
)
from bot.frontends.telegram.incoming import translate
from tests.e2e.telegram_chats import Chat, Person, written_entities

BOT = Person(12345, "Footnote", "footnote_bot", is_bot=True)
ADA = Person(7, "Ada")
BEN = Person(8, "Ben")
OTHER_BOT = Person(99, "Prices", "prices_bot", is_bot=True)
PRIVATE = Chat(ADA.id, "private", "Ada")
GROUP = Chat(-1001234567890, "supergroup", "Desk")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def message(text: str, chat: Chat = PRIVATE, person: Person = ADA, **more: Any) -> dict[str, Any]:
    """The Bot API's Message, written now."""
    written = {
        "message_id": 1,
        "date": int(NOW.timestamp()),
        "chat": chat.as_json(),
        "from": person.as_json(),
        "text": text,
    }
    return written | {"entities": written_entities(text)} | more


def pressed(data: str, chat: Chat = PRIVATE) -> dict[str, Any]:
    """The Bot API's CallbackQuery below a message of the bot."""
    return {
        "id": "1",
        "from": ADA.as_json(),
        "chat_instance": "1",
        "data": data,
        "message": message("Reports", chat, BOT),
    }


def request(kind: str, content: dict[str, Any]) -> Request | None:
    """What an update is taken for."""
    update = Update.de_json({"update_id": 1, kind: content}, None)
    user = User(BOT.id, BOT.name, is_bot=True, username=BOT.username)
    return translate(update, user, NOW)


PRIVATELY: list[tuple[str, Command]] = [
    ("How big is the market?", Ask("How big is the market?")),
    ("  中国的AIGC产业有多大？ ", Ask("中国的AIGC产业有多大？")),
    ("what does /status do?", Ask("what does /status do?")),
    ("/ask How big\nis it?", Ask("How big\nis it?")),
    ("/ask", Ask("")),
    ("/ASK how?", Ask("how?")),
    ("/ask@footnote_bot how?", Ask("how?")),
    ("/ask@Footnote_Bot how?", Ask("how?")),
    ("/reports", ListReports(1)),
    ("/reports 3", ListReports(3)),
    ("/reports 0", ListReports(1)),
    ("/reports -2", ListReports(1)),
    ("/reports three", ListReports(1)),
    ("/reports ٣", ListReports(1)),
    ("/reports " + "9" * 5000, ListReports(1)),
    ("/status", ShowStatus()),
    ("/help", ShowHelp()),
    ("/start", Start("")),
    ("/start ABCD-1234", Start("ABCD-1234")),
    ("/allow", Allow("user", "")),
    ("/allow 42", Allow("user", "42")),
    ("/allow -42", Allow("chat", "-42")),
    ("/allow -1001234567890", Allow("chat", "-1001234567890")),
    ("/allow @ben", Allow("user", "")),
    ("/allow 42 43", Allow("user", "")),
    ("/weather", ShowHelp()),
]


@pytest.mark.parametrize(("text", "command"), PRIVATELY)
def test_what_is_written_in_private(text: str, command: Command) -> None:
    """In private every text is a question or a command."""
    expected = Request(Asker("telegram", "7", "Ada", "7", private=True), command)
    assert request("message", message(text)) == expected


TOPIC = {"name": "AI", "icon_color": 1}

IN_GROUPS: list[tuple[str, dict[str, Any], Command | None]] = [
    ("How big is the market?", {}, None),
    ("@footnote_bot how big is it?", {}, Ask("how big is it?")),
    ("🙂 how big is it, @Footnote_Bot?", {}, Ask("🙂 how big is it, ?")),
    ("@footnote_bot", {}, Ask("")),
    ("@prices_bot how big is it?", {}, None),
    ("not.me@footnote_bot.com", {}, None),
    ("And in 2025?", {"reply_to_message": message("1144", GROUP, BOT)}, Ask("And in 2025?")),
    ("I agree", {"reply_to_message": message("Up!", GROUP, BEN)}, None),
    (
        "hello",
        {"reply_to_message": message("", GROUP, BOT, forum_topic_created=TOPIC)},
        None,
    ),
    (
        "Footnote, how big?",
        {"entities": [{"type": "text_mention", "offset": 0, "length": 9, "user": BOT.as_json()}]},
        Ask("how big?"),
    ),
    ("/ask how big?", {}, Ask("how big?")),
    ("/ask@footnote_bot how big?", {}, Ask("how big?")),
    ("/ask@prices_bot how big?", {}, None),
    ("/weather", {}, None),
    ("/start@footnote_bot ABCD", {}, Start("ABCD")),
    ("/allow", {}, Allow("chat", str(GROUP.id))),
    ("/allow 42", {}, Allow("user", "42")),
    ("/allow", {"reply_to_message": message("Me too", GROUP, BEN)}, Allow("user", "8")),
    ("/allow", {"reply_to_message": message("Not you", GROUP, BOT)}, Allow("user", "")),
    (
        "/allow",
        {"reply_to_message": message("News", GROUP, BEN, sender_chat=GROUP.as_json())},
        Allow("user", ""),
    ),
]


@pytest.mark.parametrize(("text", "more", "command"), IN_GROUPS)
def test_what_is_written_in_groups(
    text: str, more: dict[str, Any], command: Command | None
) -> None:
    """In a group the bot is asked by a command, a mention or a reply to it, else not."""
    asker = Asker("telegram", "7", "Ada", str(GROUP.id), private=False)
    expected = None if command is None else Request(asker, command)
    assert request("message", message(text, GROUP, **more)) == expected


CHANNEL = Chat(-100777, "channel", "News")
FORWARDED = {"type": "user", "date": 1, "sender_user": BEN.as_json()}

IGNORED: list[tuple[str, dict[str, Any]]] = [
    ("message", message("/help", person=OTHER_BOT)),
    ("message", message("/help", forward_origin=FORWARDED)),
    ("message", message("/help", GROUP, sender_chat=CHANNEL.as_json())),
    ("message", {key: value for key, value in message("").items() if key != "text"}),
    ("edited_message", message("/help")),
    ("channel_post", message("/help", CHANNEL)),
    ("callback_query", pressed("reports:zero")),
    ("callback_query", {key: one for key, one in pressed("reports:2").items() if key != "message"}),
]


@pytest.mark.parametrize(("kind", "content"), IGNORED)
def test_what_is_ignored(kind: str, content: dict[str, Any]) -> None:
    """Bots, channels, edits, forwarded commands and made-up presses ask nothing."""
    assert request(kind, content) is None


def test_a_forwarded_text_is_a_question() -> None:
    """Who forwards a text to the bot in private asks it."""
    asked = request("message", message("How big?", forward_origin=FORWARDED))
    assert asked is not None
    assert asked.command == Ask("How big?")


def test_an_anonymous_administrator_asks_as_the_group() -> None:
    """Who writes in the group's name is known by the group's id."""
    anonymous = Person(1087968824, "Group", "GroupAnonymousBot", is_bot=True)
    content = message("/status", GROUP, anonymous, sender_chat=GROUP.as_json())
    asker = Asker("telegram", str(GROUP.id), "Desk", str(GROUP.id), private=False)
    assert request("message", content) == Request(asker, ShowStatus())


@pytest.mark.parametrize("chat", [PRIVATE, GROUP])
def test_a_pressed_button_gives_its_command(chat: Chat) -> None:
    """A press is a request of who pressed, in the chat of the message."""
    asker = Asker("telegram", "7", "Ada", str(chat.id), private=chat is PRIVATE)
    assert request("callback_query", pressed("reports:2", chat)) == Request(asker, ListReports(2))


@pytest.mark.parametrize(
    ("age", "missed"),
    [(timedelta(0), False), (timedelta(minutes=10), False), (timedelta(minutes=11), True)],
)
def test_an_old_message_was_missed(age: timedelta, missed: bool) -> None:
    """What was written more than ten minutes ago is not answered but was missed."""
    asked = request("message", message("How big?", date=int((NOW - age).timestamp())))
    assert asked is not None
    assert isinstance(asked.command, Missed) is missed


def test_old_talk_of_others_was_not_missed() -> None:
    """An old message that asked nothing of the bot is nothing to be sorry for."""
    old = int((NOW - timedelta(hours=3)).timestamp())
    assert request("message", message("How big?", GROUP, date=old)) is None
