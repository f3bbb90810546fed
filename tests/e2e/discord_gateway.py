"""The gateway of the stand-in for Discord: sessions, heartbeats, events, RESUME."""

from __future__ import annotations

import asyncio
import json
import secrets
import zlib
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from tests.e2e.discord_nouns import Json

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 0, 1, 2, 6, 9, 10, 11
PRIVILEGED_INTENTS = 1 << 1 | 1 << 8 | 1 << 15  # members, presences, message content


class Session:
    """What Discord keeps of a connected bot: its events, so that it can RESUME.

    Args:
        intents: what the bot asked to be told.
    """

    def __init__(self, intents: int) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.events: list[Json] = []
        self.outbox: asyncio.Queue[Json | int] | None = None

    def dispatch(self, name: str, data: Json) -> None:
        """Send an event, at once or when the bot resumes."""
        event = {"op": DISPATCH, "t": name, "s": len(self.events) + 1, "d": data}
        self.events.append(event)
        if self.outbox is not None:
            self.outbox.put_nowait(event)


class Gateway:
    """Speaks Discord's gateway protocol, version 10, over a web socket.

    Args:
        token: the only token it takes.
        ready: the data of READY, but for what the gateway adds.
        greet: sends the events that follow READY.
    """

    def __init__(
        self, token: str, ready: Callable[[], Json], greet: Callable[[Session], None]
    ) -> None:
        self.url = ""
        self.session: Session | None = None
        self.connected = asyncio.Event()
        self.identified = 0
        self.resumed = 0
        self.received: list[Json] = []
        self.token = token
        self.down = False
        self._ready = ready
        self._greet = greet

    def dispatch(self, name: str, data: Json) -> None:
        """Send an event to the bot.

        Raises:
            AssertionError: no bot has connected yet.
        """
        assert self.session is not None, "no bot has connected to the gateway yet"
        self.session.dispatch(name, data)

    def close(self, code: int) -> None:
        """Close the connection; the session lives on and can be resumed."""
        assert self.session is not None, "no bot has connected to the gateway yet"
        assert self.session.outbox is not None, "the bot is not connected"
        self.session.outbox.put_nowait(code)
        self.session.outbox = None
        self.connected.clear()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection of a bot, from HELLO to its end."""
        if self.down:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        outbox: asyncio.Queue[Json | int] = asyncio.Queue()
        outbox.put_nowait({"op": HELLO, "d": {"heartbeat_interval": 41_250}})
        compressed = request.query.get("compress") == "zlib-stream"
        writer = asyncio.create_task(_write(socket, outbox, compressed=compressed))
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._take(json.loads(frame.data), outbox)
        finally:
            writer.cancel()
            await asyncio.wait({writer})
            if self.session is not None and self.session.outbox is outbox:
                self.session.outbox = None
                self.connected.clear()
        return socket

    def _take(self, message: Json, outbox: asyncio.Queue[Json | int]) -> None:
        self.received.append(message)
        known = self.session is not None and self.session.outbox is outbox
        match message["op"]:
            case 1:  # HEARTBEAT
                outbox.put_nowait({"op": HEARTBEAT_ACK, "d": None})
            case 2:  # IDENTIFY
                outbox.put_nowait(4005) if known else self._identify(message["d"], outbox)
            case 6:  # RESUME
                self._resume(message["d"], outbox)
            case 3 | 4 | 8:  # presence, voice state, members
                if not known:
                    outbox.put_nowait(4003)
            case _:
                outbox.put_nowait(4001)

    def _identify(self, data: Json, outbox: asyncio.Queue[Json | int]) -> None:
        if data["token"] != self.token:
            outbox.put_nowait(4004)
            return
        if data["intents"] & PRIVILEGED_INTENTS:
            outbox.put_nowait(4014)
            return
        self.identified += 1
        self.session = session = Session(data["intents"])
        session.outbox = outbox
        session.dispatch(
            "READY",
            {
                "v": 10,
                "session_id": session.id,
                "resume_gateway_url": self.url,
                "session_type": "normal",
            }
            | self._ready(),
        )
        self._greet(session)
        self.connected.set()

    def _resume(self, data: Json, outbox: asyncio.Queue[Json | int]) -> None:
        session = self.session
        if data["token"] != self.token:
            outbox.put_nowait(4004)
        elif session is None or data["session_id"] != session.id:
            outbox.put_nowait({"op": INVALID_SESSION, "d": False})
        elif data["seq"] > len(session.events):
            outbox.put_nowait(4007)
        else:
            self.resumed += 1
            for event in session.events[data["seq"] :]:
                outbox.put_nowait(event)
            session.outbox = outbox
            session.dispatch("RESUMED", {})
            self.connected.set()


async def _write(
    socket: web.WebSocketResponse, outbox: asyncio.Queue[Json | int], *, compressed: bool
) -> None:
    """Send what is put into the outbox; a number closes the connection with it."""
    compressor = zlib.compressobj()
    while True:
        message: Any = await outbox.get()
        if isinstance(message, int):
            await socket.close(code=message)
            return
        text = json.dumps(message)
        if compressed:
            frame = compressor.compress(text.encode()) + compressor.flush(zlib.Z_SYNC_FLUSH)
            await socket.send_bytes(frame)
        else:
            await socket.send_str(text)
