"""Tests that nothing holds up the event loop: shown by events, not by a clock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from bot.chat import words
from bot.frontends.telegram.frontend import TelegramFrontend
from tests.bot.house import House
from tests.e2e.telegram_server import TelegramServer
from tests.ingest.library.shelves import described, put, source

TOKEN = "12345:token"


async def test_help_is_answered_while_the_embedder_is_held(tmp_path: Path) -> None:
    """A question that waits for the embedder keeps no other chat waiting, and is answered."""
    with ThreadPoolExecutor(2) as executor:
        house = House(tmp_path, executor)
        put(
            house.library,
            source("a.txt"),
            "Copper costs 9 dollars.",
            described("Metals", "Quill", date(2024, 2, 8)),
        )
        async with TelegramServer(TOKEN) as telegram:
            ada, bob = telegram.add_person("Ada"), telegram.add_person("Bob")
            house.claim(str(ada.id))
            house.access.allow("telegram", str(ada.id), "user", str(bob.id))
            frontend = TelegramFrontend(house.conversation, TOKEN, api_url=telegram.url)
            await frontend.start()
            try:
                house.embedder.gate.clear()
                waiting = telegram.private(ada)
                telegram.send_text(waiting, ada, "What does copper cost in dollars?")
                await telegram.until(lambda: bool(house.researched))
                other = telegram.private(bob)
                telegram.send_text(other, bob, "/help")
                assert words.HELP in (await telegram.wait_for_message(other)).text
                assert telegram.sent(waiting) == []
                house.embedder.gate.set()
                assert "9 dollars" in (await telegram.wait_for_message(waiting)).text
            finally:
                house.embedder.gate.set()
                await frontend.stop()
