"""Fetching over HTTP: politely, within bounds, and from open hosts alone.

Every step of a redirect is judged like an address that somebody named, asked for in robots.txt,
and waits its turn at its host. Neither cookies nor proxies nor passwords are known here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from ingest.errors import SourceError
from ingest.sources.body import read_body
from ingest.sources.guard import Guard
from ingest.sources.media import shown
from ingest.sources.robots import MOST_HEEDED, Robots

if TYPE_CHECKING:
    import ssl

    import httpx

_AGENT = "Footnote/0.1"
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = 5
_MOVED = frozenset({301, 302, 303, 307, 308})
_TRY_AGAIN = frozenset({429, 502, 503, 504})
_ATTEMPTS = 3
_LONGEST_WAIT_SECONDS = 60.0  # that a host may ask for before Footnote gives up
_LONGEST_VALIDATOR = 512
_REMEDIES = {
    401: "it asks for a password, which Footnote has not",
    403: "its host refuses it",
    404: "it is not there; check the address",
    410: "it is gone; take it out of the list",
    429: "its host asks for patience; fetch it less often",
}


@dataclass(frozen=True, slots=True)
class Validators:
    """What tells whether something changed since it was fetched.

    Attributes:
        etag: the mark its host gave it.
        modified: when its host changed it, as the host wrote that.
        stamp: what a feed said of it then, told apart from all else that it may say.
    """

    etag: str | None = None
    modified: str | None = None
    stamp: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What lies at an address.

    Attributes:
        content: its bytes, unpacked.
        url: where redirects led.
        content_type: what its host says that it is; empty where it does not.
        disposition: the header in which the host may name a file.
        validators: for the next time.
    """

    content: bytes
    url: str
    content_type: str
    disposition: str
    validators: Validators


@dataclass(frozen=True, slots=True)
class NotModified:
    """It is still what it was.

    Attributes:
        validators: for the next time.
    """

    validators: Validators


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far Footnote goes.

    Attributes:
        largest: bytes of a body.
        connect: seconds until a host answers a connection.
        read: seconds between two pieces of what it sends.
        whole: seconds for one request in all.
        pause: seconds between two requests to a host; more where its robots.txt says so.
        wait: seconds before a request that failed is made again; twice as many the next time.
    """

    largest: int = 100_000_000
    connect: float = 10.0
    read: float = 20.0
    whole: float = 120.0
    pause: float = 1.0
    wait: float = 1.0


def is_address(text: str) -> bool:
    """Tell whether a text that names a place means one on the web, and no path."""
    return text.lower().startswith(("http://", "https://"))


def canonical(url: str) -> str:
    """Write an address in one way: two that are one to every host are the same text.

    Raises:
        SourceError: it is none that is fetched: not of http or https, or with a password in it.
    """
    return str(_read(url))


class Fetcher:
    """Fetches addresses, one at a time from each host. Any thread may call it.

    Args:
        guard: judges the hosts.
        agent: how Footnote calls itself.
        bounds: how far it goes.
        clock: gives the time in seconds, for pauses and for what is remembered of hosts.
        sleep: waits so many seconds between two requests to a host.
        tls: proves who a host is; by the authorities of the system when None.
    """

    def __init__(
        self,
        guard: Guard,
        agent: str = _AGENT,
        bounds: Bounds | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._guard = guard
        self._agent = agent
        self._bounds = bounds or Bounds()
        self._turns = _Turns(clock, sleep)
        self._robots = Robots(self._ask_robots, agent.partition("/")[0], clock)
        self._tls = tls

    def fetch(
        self,
        url: str,
        known: Validators | None = None,
        named_by: str | None = None,
        largest: int | None = None,
    ) -> Fetched | NotModified:
        """Fetch an address, unless it is still what it was.

        Args:
            url: the address.
            known: what an earlier call gave for it.
            named_by: the address of the feed that names it; None where somebody here did. From
                an open host no way leads to one that was opened inside.
            largest: bytes of its body; as the bounds have it when None.

        Raises:
            SourceError: it cannot be had; the message says why.
        """
        address = _read(url)
        if named_by is not None:
            self._check_way_in(_read(named_by), address)
        answer = self._insistently(address, known, largest or self._bounds.largest, robots=False)
        if answer.status == HTTPStatus.NOT_MODIFIED and known is not None:
            return NotModified(known)
        if answer.status != HTTPStatus.OK:
            remedy = _REMEDIES.get(answer.status, "try it in a browser")
            raise SourceError(
                f"{shown(answer.url)} cannot be fetched (status {answer.status}): {remedy}"
            )
        headers = answer.headers
        validators = Validators(_mark(headers.get("etag")), _mark(headers.get("last-modified")))
        return Fetched(
            answer.content,
            answer.url,
            headers.get("content-type", ""),
            headers.get("content-disposition", ""),
            validators,
        )

    def _ask_robots(self, url: str) -> tuple[int, bytes]:
        answer = self._insistently(_read(url), None, MOST_HEEDED, robots=True)
        return answer.status, answer.content

    def _insistently(
        self, url: httpx.URL, known: Validators | None, largest: int, *, robots: bool
    ) -> _Answer:
        """Ask, and again where a failure may pass."""
        import stamina

        for attempt in stamina.retry_context(
            on=_wait_of,
            attempts=_ATTEMPTS,
            timeout=None,
            wait_initial=self._bounds.wait,
            wait_max=4 * self._bounds.wait,
            wait_jitter=self._bounds.wait / 4,
        ):
            with attempt:
                return self._follow(url, known, largest, robots=robots)
        raise AssertionError

    def _follow(
        self, url: httpx.URL, known: Validators | None, largest: int, *, robots: bool
    ) -> _Answer:
        """Ask, and go where the answers lead."""
        visited = {str(url)}
        while True:
            pause = self._permitted_pause(url, robots=robots)
            with self._turns.turn(_host(url), pause):
                answer = self._request(url, known, largest)
            if answer.status not in _MOVED or "location" not in answer.headers:
                return answer
            after = _read(answer.headers["location"], url)
            if url.scheme == "https" and after.scheme == "http":
                raise SourceError(
                    f"{shown(str(url))} leads from https to http, where everybody on the way may "
                    "change it; give another address"
                )
            self._check_way_in(url, after)
            if str(after) in visited or len(visited) > _REDIRECTS:
                raise SourceError(
                    f"{shown(str(url))} redirects in a circle or too often; give the address at "
                    "which a browser ends"
                )
            visited.add(str(after))
            url = after

    def _check_way_in(self, before: httpx.URL, after: httpx.URL) -> None:
        """Raise where a way leads from outside to what was opened inside."""
        if (
            _host(before) != _host(after)
            and self._guard.opens(_host(after), _port(after))
            and not self._guard.opens(_host(before), _port(before))
        ):
            raise SourceError(
                f"{shown(str(before))} leads to {_host(after)}, which is open to those addresses "
                "alone that are named here; name it itself"
            )

    def _permitted_pause(self, url: httpx.URL, *, robots: bool) -> float:
        """The seconds that are left between two requests, where this one may be made."""
        self._guard.admit(_host(url), _port(url))
        if robots:
            return self._bounds.pause
        rule = self._robots.rule(f"{url.scheme}://{url.netloc.decode('ascii')}", str(url))
        if rule.refused:
            raise SourceError(f"{shown(str(url))} is not fetched: {rule.refused}")
        return max(rule.pause, self._bounds.pause)

    def _request(self, url: httpx.URL, known: Validators | None, largest: int) -> _Answer:
        """One request and its answer; the body of a redirect or an error is not read."""
        import httpcore

        from ingest.sources.transport import Deadline, GuardedBackend, OutOfTimeError

        name = shown(str(url))
        where = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        limits = dict.fromkeys(("read", "write", "pool"), self._bounds.read)
        limits["connect"] = self._bounds.connect
        backend = GuardedBackend(self._guard, Deadline(self._bounds.whole))
        headers = self._headers(url, known)
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self._tls, network_backend=backend) as pool,
                pool.stream(
                    "GET", where, headers=headers, extensions={"timeout": limits}
                ) as response,
            ):
                said = {
                    key.decode("ascii", "replace").lower(): value.decode("latin-1")
                    for key, value in response.headers
                }
                content = b""
                if response.status in _TRY_AGAIN:
                    raise _MayPass(
                        f"{name} cannot be fetched now (status {response.status}); try again later",
                        _seconds(said.get("retry-after")),
                    )
                if response.status == HTTPStatus.OK:
                    packing = said.get("content-encoding", "")
                    chunks = response.iter_stream()
                    content = read_body(chunks, packing, largest, name)
        except OutOfTimeError as error:
            raise SourceError(
                f"{name} takes longer than {self._bounds.whole:g} s to send; leave it out"
            ) from error
        except httpcore.TimeoutException as error:
            raise _MayPass(f"{name} does not answer; try again later") from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            said_why = f" ({error})" if str(error) else ""
            raise _MayPass(
                f"{name} cannot be fetched{said_why}; check the address, or try again later"
            ) from error
        return _Answer(response.status, said, content, str(url))

    def _headers(self, url: httpx.URL, known: Validators | None) -> list[tuple[bytes, bytes]]:
        headers = [
            (b"Host", url.netloc),
            (b"User-Agent", self._agent.encode("ascii", "replace")),
            (b"Accept", b"*/*"),
            (b"Accept-Encoding", b"gzip"),
            (b"Connection", b"close"),
        ]
        if known is not None and known.etag:
            headers.append((b"If-None-Match", known.etag.encode("ascii", "replace")))
        if known is not None and known.modified:
            headers.append((b"If-Modified-Since", known.modified.encode("ascii", "replace")))
        return headers


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a host answered: the headers by their names in lower case."""

    status: int
    headers: dict[str, str]
    content: bytes
    url: str


class _MayPass(SourceError):
    """A failure after which it is worth while to ask again.

    Args:
        message: what happened.
        wait: seconds that the host asks for; None where it does not.
    """

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(slots=True)
class _Host:
    """When a host may be asked again."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    asked: float | None = None


class _Turns:
    """One request at a time to each host, and a pause between two."""

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, host: str, pause: float) -> Iterator[None]:
        """Wait until a host may be asked."""
        with self._lock:
            known = self._hosts.setdefault(host, _Host())
        with known.lock:
            if known.asked is not None:
                left = known.asked + pause - self._clock()
                if left > 0:
                    self._sleep(left)
            try:
                yield
            finally:
                known.asked = self._clock()


def _read(written: str, base: httpx.URL | None = None) -> httpx.URL:
    """Read an address, relative to another where one is given."""
    from httpx import URL, InvalidURL

    try:
        url = URL(written.strip()) if base is None else base.join(written.strip())
        # so that a host in other letters is one host, and what is behind "#" no other page
        url = url.copy_with(fragment=None)
    except (InvalidURL, UnicodeError, ValueError, TypeError) as error:
        raise SourceError(f"{shown(written)} is no address; check how it is written") from error
    if url.scheme not in _PORTS or not url.raw_host:
        raise SourceError(f"{shown(written)} cannot be fetched; give an address of http or https")
    if not 0 < _port(url) < 65_536:
        raise SourceError(f"{shown(written)} has a port that there is not; check the address")
    if url.userinfo:
        raise SourceError(
            f"{shown(written)} holds a name or a password, which is not sent; take it out"
        )
    return url.copy_with(raw_path=url.raw_path or b"/")


def _host(url: httpx.URL) -> str:
    """The host as it is asked for: in lower case, its letters ASCII."""
    return url.raw_host.decode("ascii")


def _port(url: httpx.URL) -> int:
    return _PORTS[url.scheme] if url.port is None else url.port


def _wait_of(error: Exception) -> bool | float:
    """Whether to ask again, and after how many seconds where a host says so."""
    if not isinstance(error, _MayPass):
        return False
    if error.wait is None:
        return True
    return error.wait if error.wait <= _LONGEST_WAIT_SECONDS else False


def _seconds(retry_after: str | None) -> float | None:
    """The seconds that a header asks to wait, which may name a time; None where it asks none."""
    if retry_after is None:
        return None
    written = retry_after.strip()
    if written.isascii() and written.isdecimal():
        return float(written[:9])
    try:
        until = parsedate_to_datetime(written)
        if until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        return max(0.0, (until - datetime.now(UTC)).total_seconds())
    except (ValueError, OverflowError):
        return None


def _mark(header: str | None) -> str | None:
    """A header that can be sent back; None of one that cannot."""
    if header and header.isascii() and header.isprintable() and len(header) <= _LONGEST_VALIDATOR:
        return header
    return None
