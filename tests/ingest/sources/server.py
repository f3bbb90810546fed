"""A small server on this machine that answers as a test says, however wrong that is."""

from __future__ import annotations

import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol

from ingest.sources.guard import Guard

OTHER = "other.example"
"""A host that `WithAWeb` takes for one on the web."""

Answer = Callable[["Asked", "Wire"], None]
"""Writes everything that is sent, from the status line on."""


class Wire(Protocol):
    """One end of a connection."""

    def readline(self) -> bytes:
        """The next line."""
        ...

    def write(self, content: bytes, /) -> int:
        """Send bytes, perhaps later."""
        ...

    def flush(self) -> None:
        """Send them now."""
        ...


@dataclass(frozen=True)
class Asked:
    """A request, its headers by their names in lower case, and when it came."""

    path: str
    headers: Mapping[str, str]
    at: float = field(default_factory=time.monotonic)


def sends(
    body: bytes = b"", status: str = "200 OK", *, length: int | None = None, **headers: str
) -> Answer:
    """An answer with a body; `length` is what it says of its length where that is a lie."""

    def answer(_asked: Asked, out: Wire) -> None:
        said = {"content_length": str(len(body) if length is None else length), **headers}
        lines = [f"{key.replace('_', '-')}: {value}" for key, value in said.items()]
        out.write("\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + body)

    return answer


def redirects(location: str) -> Answer:
    """An answer that sends elsewhere."""
    return sends(status="302 Found", location=location)


def in_turn(*answers: Answer) -> Answer:
    """The first answer first, the last for ever."""
    left = list(answers)

    def answer(asked: Asked, out: Wire) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(asked, out)

    return answer


def drips(seconds: float, head: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> Answer:
    """A body of which one byte comes at a time, without an end."""

    def answer(_asked: Asked, out: Wire) -> None:
        out.write(head)
        while True:
            out.write(b"x")
            out.flush()
            time.sleep(seconds)

    return answer


def floods(_asked: Asked, out: Wire) -> None:
    """A body without an end, as fast as it goes."""
    out.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n")
    while True:
        out.write(b"and so on " * 1000)


def hangs_up(_asked: Asked, _out: Wire) -> None:
    """Not a word."""


class Server(socketserver.ThreadingTCPServer):
    """Listens on a free port of 127.0.0.1.

    Args:
        answers: what is answered, by path; "404 Not Found" to others.
        tls: what it proves itself with; None to speak in the open.
    """

    allow_reuse_address = True

    def __init__(self, answers: dict[str, Answer], tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = answers
        self.tls = tls
        self.asked: list[Asked] = []

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """The address of a path, under a name of this machine."""
        return f"http{'s' if self.tls else ''}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """What was asked for, without the robots.txt."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]


class _Handler(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        with suppress(OSError):  # whoever asked has gone
            if self.server.tls is not None:
                with (
                    self.server.tls.wrap_socket(self.connection, server_side=True) as proven,
                    proven.makefile("rwb") as both,
                ):
                    self._answer(both, both)
            else:
                self._answer(self.rfile, self.wfile)

    def _answer(self, read: Wire, write: Wire) -> None:
        line = read.readline().decode("latin-1").split()
        headers = {}
        while (header := read.readline().decode("latin-1").strip()) != "":
            key, _, value = header.partition(":")
            headers[key.lower()] = value.strip()
        asked = Asked(line[1], headers)
        self.server.asked.append(asked)
        answer = self.server.answers.get(asked.path, sends(status="404 Not Found"))
        answer(asked, write)
        write.flush()


@contextmanager
def serving(
    answers: Mapping[str, Answer] | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[Server]:
    """A server that runs; its answers may be changed."""
    with Server(dict(answers or {}), tls) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class WithAWeb(Guard):
    """A guard to which one host lies on the web, although it is this machine."""

    def opens(self, host: str, port: int) -> bool:
        """As ever, but for that host, which nobody needs to open."""
        return host != OTHER and super().opens(host, port)

    def admit(self, host: str, port: int) -> None:
        """As ever, but for that host, which is open."""
        if host != OTHER:
            super().admit(host, port)

    def addresses(self, host: str, port: int) -> list[str]:
        """As ever, but for that host, which is here."""
        return ["127.0.0.1"] if host == OTHER else super().addresses(host, port)
