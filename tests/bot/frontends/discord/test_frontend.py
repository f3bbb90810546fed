from __future__ import annotations
import pytest
from bot.chat.model import *
from tests.bot.frontends.discord.conversation import Scripted
from tests.e2e.discord_server import DiscordServer
from bot.frontends.discord.frontend import DiscordFrontend

pytestmark = pytest.mark.usefixtures("frontend")
async def test_ask(server: DiscordServer, conversation: Scripted) -> None:
    ann = server.person("Ann")
    asked = server.slash(ann, server.text_channel("research"), "ask", question="How *big*?")
    reply = await server.wait_for_reply(asked)
    assert reply.text == "You asked: How *big*?"
    dm = server.direct_message(ann, "hello")
    assert (await server.wait_for_reply(dm)).text == "You asked: hello"
    for call in server.calls: print(call)
    print(conversation.requests)
