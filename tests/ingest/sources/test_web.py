"""Tests of fetching, over sockets of this machine."""

from __future__ import annotations

import gzip
import shutil
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from ingest.errors import SourceError
from ingest.sources.guard import Guard
from ingest.sources.web import Bounds, Fetched, Fetcher, NotModified, Validators, canonical
from tests.ingest.sources.server import (
    OTHER,
    Answer,
    Server,
    WithAWeb,
    drips,
    floods,
    hangs_up,
    in_turn,
    redirects,
    sends,
    serving,
)

LARGEST = 10_000
QUICK = Bounds(largest=LARGEST, connect=2.0, read=0.4, whole=0.8, pause=1.0, wait=0.0)
NAME = "reports.example"


class Clock:
    """A clock that only goes on when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        """The time, in seconds."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let the time pass."""
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def server() -> Iterator[Server]:
    """A server without answers."""
    with serving() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    """The time."""
    return Clock()


def resolved(host: str, _port: int) -> Sequence[str]:
    """All names are names of this machine."""
    return [host] if host[0].isdigit() else ["127.0.0.1"]


@pytest.fixture
def fetcher(server: Server, clock: Clock) -> Fetcher:
    """Fetches from the server under its address and one of its names; the other is closed."""
    opened = frozenset({f"127.0.0.1:{server.port}", f"{NAME}:{server.port}"})
    return Fetcher(Guard(opened, resolved), "Footnote/9 (+test)", QUICK, clock, clock.sleep)


def fetched(fetcher: Fetcher, url: str, known: Validators | None = None) -> Fetched:
    """What is fetched, which is not what it was."""
    found = fetcher.fetch(url, known)
    assert isinstance(found, Fetched)
    return found


def refused(fetcher: Fetcher, url: str, reason: str) -> str:
    """Why an address is not fetched."""
    with pytest.raises(SourceError, match=reason) as raised:
        fetcher.fetch(url)
    return str(raised.value)


def test_an_address_is_fetched(server: Server, fetcher: Fetcher) -> None:
    """Its bytes come untouched, with what tells later whether it changed."""
    server.answers["/a?b=1"] = sends(
        b"\x00words\xff",
        content_type="text/plain; charset=latin-1",
        etag='"one"',
        last_modified="Wed, 25 Nov 2026 10:00:00 GMT",
        content_disposition='attachment; filename="a.txt"',
    )
    assert fetched(fetcher, server.url("/a?b=1#c")) == Fetched(
        b"\x00words\xff",
        server.url("/a?b=1"),
        "text/plain; charset=latin-1",
        'attachment; filename="a.txt"',
        Validators('"one"', "Wed, 25 Nov 2026 10:00:00 GMT"),
    )
    headers = server.asked[-1].headers
    assert headers["user-agent"] == "Footnote/9 (+test)"
    assert headers["host"] == f"127.0.0.1:{server.port}"
    assert "if-none-match" not in headers


def test_what_has_not_changed_is_not_sent(server: Server, fetcher: Fetcher) -> None:
    """What is known is sent along, and 304 is believed."""
    server.answers["/a"] = sends(status="304 Not Modified")
    known = Validators('"one"', "Wed, 25 Nov 2026 10:00:00 GMT", "stamp")
    assert fetcher.fetch(server.url("/a"), known) == NotModified(known)
    headers = server.asked[-1].headers
    assert (headers["if-none-match"], headers["if-modified-since"]) == (known.etag, known.modified)
    refused(fetcher, server.url("/a"), r"\(status 304\)")


@pytest.mark.parametrize("etag", ['"ümlaut"', '"' + "x" * 600 + '"'])
def test_a_mark_that_cannot_be_sent_back_is_forgotten(
    server: Server, fetcher: Fetcher, etag: str
) -> None:
    """A mark that is no ASCII or very long is as good as none."""
    server.answers["/a"] = sends(b"words", etag=etag)
    assert fetched(fetcher, server.url("/a")).validators == Validators()


@pytest.mark.parametrize("status", ["301", "302", "303", "307", "308"])
def test_redirects_are_followed(server: Server, fetcher: Fetcher, status: str) -> None:
    """A redirect, relative too, leads on, and what is fetched says where it led."""
    server.answers["/a"] = sends(status=f"{status} Moved", location="b/c#d")
    server.answers["/b/c"] = redirects("//127.0.0.1:%d/d" % server.port)  # noqa: UP031 (braces would be doubled)
    server.answers["/d"] = sends(b"words")
    assert fetched(fetcher, server.url("/a")).url == server.url("/d")


def test_redirects_for_ever_end(server: Server, fetcher: Fetcher) -> None:
    """A circle is broken off, and so is a chain that does not end."""
    server.answers |= {"/a": redirects("/b"), "/b": redirects("/a")}
    refused(fetcher, server.url("/a"), "redirects in a circle or too often")
    assert server.paths() == ["/a", "/b"]
    server.answers |= {f"/{n}": redirects(f"/{n + 1}") for n in range(20)}
    refused(fetcher, server.url("/0"), "redirects in a circle or too often")
    assert server.paths()[2:] == [f"/{n}" for n in range(6)]


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://127.0.0.1/", r"127\.0\.0\.1 is closed to Footnote"),
        ("http://localhost/", "localhost is closed"),
        ("http://169.254.169.254/latest/meta-data/", "hands out keys"),
        ("http://[::ffff:10.0.0.1]/", "is closed"),
        ("http://2130706433/", "is no name of a host"),
        ("http://other.example/", r"127\.0\.0\.1 is an address inside"),
        ("http://127.0.0.1:1/", "port 1 is not"),
        ("http://u:geheim@127.0.0.1/", "holds a name or a password"),
        ("file:///etc/passwd", "give an address of http or https"),
        ("gopher://127.0.0.1/", "give an address of http or https"),
        ("http://[", "is no name of a host"),
        ("http://a:99999/", "has a port that there is not"),
        ("http://127.0.0.1:0/", "has a port that there is not"),
        ("http://a b/", "is no name of a host"),
        ("http://a\\@127.0.0.1/", "is no name of a host|is no address|is closed|password"),
    ],
)
def test_no_redirect_leads_inside(
    server: Server, fetcher: Fetcher, location: str, reason: str
) -> None:
    """Each step is judged like an address that somebody gave, before anything is asked there."""
    server.answers["/a"] = redirects(location)
    assert "geheim" not in refused(fetcher, server.url("/a"), reason)
    assert len(server.asked) == 2  # robots.txt and the redirect


def test_nobody_outside_leads_to_what_was_opened(server: Server, clock: Clock) -> None:
    """A redirect or a feed of a host on the web reaches no host that was opened inside."""
    guard = WithAWeb(frozenset({f"127.0.0.1:{server.port}", f"{NAME}:{server.port}"}), resolved)
    fetcher = Fetcher(guard, "Footnote", QUICK, clock, clock.sleep)
    server.answers |= {
        "/here": redirects("/a"),
        "/in": redirects(server.url("/a")),
        "/a": sends(b"words"),
    }
    assert fetched(fetcher, server.url("/here", OTHER)).content == b"words"
    assert fetched(fetcher, server.url("/in", NAME)).content == b"words"
    reason = "open to those addresses alone that are named here"
    refused(fetcher, server.url("/in", OTHER), reason)
    with pytest.raises(SourceError, match=reason):
        fetcher.fetch(server.url("/a"), named_by=server.url("/rss.xml", OTHER))
    assert fetcher.fetch(server.url("/a"), named_by=server.url("/rss.xml", NAME))
    assert server.paths() == ["/here", "/a", "/in", "/a", "/in", "/a"]


def test_the_connection_goes_where_was_judged(server: Server, clock: Clock) -> None:
    """A name is resolved once for a connection; the next answer counts for the next one alone."""
    answers = [["127.0.0.1"], ["127.0.0.1"], ["169.254.169.254"]]
    guard = Guard(frozenset({f"{NAME}:{server.port}"}), lambda _host, _port: answers.pop(0))
    fetcher = Fetcher(guard, "Footnote", QUICK, clock, clock.sleep)
    server.answers["/a"] = sends(b"words")
    assert fetched(fetcher, server.url("/a", NAME)).content == b"words"
    assert answers == [["169.254.169.254"]]  # one was for robots.txt, one for the page
    assert server.asked[-1].headers["host"] == f"{NAME}:{server.port}"
    refused(fetcher, server.url("/a", NAME), "hands out keys")


def test_a_proxy_of_the_environment_is_passed_by(
    server: Server, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is set for other programs leads no connection past the guard."""
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server.answers["/a"] = sends(b"words")
    assert fetched(fetcher, server.url("/a")).content == b"words"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (floods, r"is larger than 0\.01 MB, the most that is read of it; leave"),
        (sends(b"x" * (LARGEST + 1)), "is larger than"),
        (drips(0.05), r"takes longer than 0\.8 s to send"),
        (drips(0.05, b"HTTP/1.1 200 OK\r\nx-slow: "), r"takes longer than 0\.8 s to send"),
        (drips(0.6), "does not answer"),
        (sends(b"words", length=50), "cannot be fetched"),
        (hangs_up, "cannot be fetched"),
        (lambda _asked, out: out.write(b"SSH-2.0-OpenSSH\r\n"), "cannot be fetched"),
        (lambda _asked, out: out.write(b"HTTP/1.1 200 OK\r\na: " + b"b" * 200_000), "cannot be"),
        (sends(b"words", content_encoding="br"), "packed as 'br', which was not asked for"),
        (sends(b"words", content_encoding="gzip"), "is packed and damaged"),
        (sends(gzip.compress(b"words" * 99)[:-9], content_encoding="gzip"), "ends in the middle"),
        (sends(gzip.compress(bytes(10**7)), content_encoding="gzip"), "is larger than"),
        (sends(status="204 No Content"), r"\(status 204\): try it in a browser"),
        (sends(status="401 No"), r"\(status 401\): it asks for a password"),
        (sends(status="403 No"), r"\(status 403\): its host refuses it"),
        (sends(status="404 No"), r"\(status 404\): it is not there"),
        (sends(status="500 No"), r"\(status 500\)"),
        (sends(status="302 Found"), r"\(status 302\)"),
    ],
)
def test_what_is_wrong_is_said(
    server: Server, fetcher: Fetcher, answer: Answer, reason: str
) -> None:
    """A body without an end, a lie, a bomb or a silence costs little and is an error."""
    server.answers["/a?token=geheim"] = answer
    began = time.monotonic()
    said = refused(fetcher, server.url("/a?token=geheim"), reason)
    assert said.startswith(server.url("/a?…"))
    assert "geheim" not in said
    assert time.monotonic() - began < 5


def test_a_longer_body_than_was_said_is_cut(server: Server, fetcher: Fetcher) -> None:
    """What comes behind the length that was said belongs to nothing."""
    server.answers["/a"] = sends(b"words and more", length=5)
    assert fetched(fetcher, server.url("/a")).content == b"words"


@pytest.mark.parametrize("packing", ["gzip", "X-GZIP", "identity"])
def test_a_body_is_unpacked(server: Server, fetcher: Fetcher, packing: str) -> None:
    """A packed body is unpacked, one of several archives as well."""
    words = b"words" * 100
    parts = (gzip.compress(words), gzip.compress(b"more"))
    sent = words + b"more" if packing == "identity" else b"".join(parts)
    server.answers["/a"] = sends(sent, content_encoding=packing)
    assert fetched(fetcher, server.url("/a")).content == words + b"more"


def test_a_bomb_is_given_up_before_it_is_unpacked(server: Server, fetcher: Fetcher) -> None:
    """However much a small body unpacks to, no more is unpacked than may be read."""
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(10**6)) for _ in range(20)) + packer.flush()
    server.answers["/a"] = sends(bomb[: LARGEST - 1], content_encoding="gzip")
    began = time.process_time()
    refused(fetcher, server.url("/a"), "is larger than")
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "first",
    [
        *(sends(status=f"{status} Later") for status in (429, 502, 503, 504)),
        hangs_up,
        sends(b"wo", length=5),
    ],
)
def test_what_may_pass_is_tried_again(server: Server, fetcher: Fetcher, first: Answer) -> None:
    """After a failure that may pass it is asked again, three times in all."""
    server.answers["/a"] = in_turn(first, first, sends(b"words"))
    assert fetched(fetcher, server.url("/a")).content == b"words"
    assert server.paths() == ["/a"] * 3
    server.answers["/b"] = first
    refused(fetcher, server.url("/b"), "cannot be fetched")
    assert server.paths()[3:] == ["/b"] * 3


@pytest.mark.parametrize("status", [400, 403, 404, 410, 500, 501])
def test_what_stays_is_not_tried_again(server: Server, fetcher: Fetcher, status: int) -> None:
    """After any other failure it is asked no more."""
    server.answers["/a"] = sends(status=f"{status} No")
    refused(fetcher, server.url("/a"), f"status {status}")
    assert server.paths() == ["/a"]


def test_a_host_is_waited_for_as_it_asks(server: Server, fetcher: Fetcher) -> None:
    """The seconds that a host asks for pass; it is not asked at all where it asks for many."""
    server.answers["/a"] = in_turn(sends(status="429 Later", retry_after="1"), sends(b"words"))
    assert fetched(fetcher, server.url("/a")).content == b"words"
    first, second = server.asked[-2:]
    assert second.at - first.at >= 1
    for asks in ("3600", "Fri, 31 Dec 2100 23:59:59 GMT"):
        before = len(server.asked)
        server.answers["/b"] = sends(status="429 Later", retry_after=asks)
        refused(fetcher, server.url("/b"), "status 429")
        assert len(server.asked) == before + 1


@pytest.mark.parametrize("asks", ["soon", "-1", "", "Wed, 01 Jan 2020 00:00:00 GMT"])
def test_a_time_that_says_nothing_is_passed_over(
    server: Server, fetcher: Fetcher, asks: str
) -> None:
    """A wait that cannot be read, or is over, is none."""
    server.answers["/a"] = in_turn(sends(status="503 Later", retry_after=asks), sends(b"words"))
    assert fetched(fetcher, server.url("/a")).content == b"words"


def test_a_pause_is_made_between_two_requests(
    server: Server, fetcher: Fetcher, clock: Clock
) -> None:
    """A host is left alone for a second between two requests, and not where that is over."""
    server.answers["/a"] = sends(b"words")
    fetcher.fetch(server.url("/a"))
    assert clock.slept == [1.0]  # between robots.txt and the page
    clock.now += 0.25
    fetcher.fetch(server.url("/a"))
    assert clock.slept == [1.0, 0.75]
    clock.now += 5
    fetcher.fetch(server.url("/a"))
    assert clock.slept == [1.0, 0.75]


def test_a_host_is_asked_one_thing_at_a_time(server: Server, clock: Clock) -> None:
    """Whoever asks a host at once waits for the answer to the one before."""
    at_once, most = 0, 0
    lock = threading.Lock()

    def answer(asked: object, out: object) -> None:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.05)
        with lock:
            at_once -= 1
        sends(b"words")(asked, out)  # type: ignore[arg-type] # handed on

    server.answers["/a"] = answer
    guard = Guard(frozenset({f"127.0.0.1:{server.port}"}), resolved)
    fetcher = Fetcher(guard, "Footnote", QUICK, clock, clock.sleep)
    threads = [threading.Thread(target=fetcher.fetch, args=(server.url("/a"),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.paths() == ["/a"] * 4
    assert most == 1


ROBOTS = (
    b"User-agent: *\nDisallow: /private\nCrawl-delay: 7\n\nUser-agent: Footnote\nDisallow: /no\n"
)


def test_what_a_host_asks_is_heeded(server: Server, fetcher: Fetcher, clock: Clock) -> None:
    """What robots.txt asks of Footnote is done, asked once a day, whichever way leads there."""
    server.answers |= {
        "/robots.txt": sends(ROBOTS),
        "/no/a": sends(b"words"),
        "/private": sends(b"words"),
        "/way": redirects("/no/a"),
    }
    refused(fetcher, server.url("/no/a"), "robots.txt asks programs not to fetch it")
    refused(fetcher, server.url("/way"), "robots.txt asks programs not to fetch it")
    assert fetched(fetcher, server.url("/private")).content == b"words"
    assert [asked.path for asked in server.asked] == ["/robots.txt", "/way", "/private"]
    clock.now += 86_400
    fetcher.fetch(server.url("/private"))
    assert [asked.path for asked in server.asked][3:] == ["/robots.txt", "/private"]


@pytest.mark.parametrize(("asked_for", "pause"), [("7", 7.0), ("0.1", 1.0), ("86400", 30.0)])
def test_a_host_may_ask_for_longer_pauses(
    server: Server, fetcher: Fetcher, clock: Clock, asked_for: str, pause: float
) -> None:
    """The pause that robots.txt asks for is made where it is longer, up to half a minute."""
    server.answers["/robots.txt"] = sends(f"User-agent: *\nCrawl-delay: {asked_for}".encode())
    server.answers["/a"] = sends(b"words")
    fetcher.fetch(server.url("/a"))
    fetcher.fetch(server.url("/a"))
    assert clock.slept == [pause, pause]


@pytest.mark.parametrize(
    ("answer", "allowed"),
    [
        (sends(status="404 No"), True),
        (sends(status="403 No"), True),
        (sends(b"\xff\xfe\x00 no robots"), True),
        (sends(b"<html>not found</html>"), True),
        (redirects("/other.txt"), False),
        (redirects("http://127.0.0.1:1/"), False),
        (sends(status="500 No"), False),
        (sends(status="503 No"), False),
        (hangs_up, False),
        (floods, False),
    ],
)
def test_a_host_that_does_not_say_is_left_alone(
    server: Server,
    fetcher: Fetcher,
    clock: Clock,
    answer: Answer,
    allowed: bool,
) -> None:
    """Without a robots.txt everything is allowed; where it fails, nothing, for ten minutes."""
    server.answers |= {"/robots.txt": answer, "/a": sends(b"words")}
    server.answers["/other.txt"] = sends(b"User-agent: *\nDisallow: /")
    if allowed:
        assert fetched(fetcher, server.url("/a")).content == b"words"
        return
    refused(fetcher, server.url("/a"), "is not fetched: ")
    assert "/a" not in server.paths()
    clock.now += 86_400
    server.answers["/robots.txt"] = sends()
    assert fetched(fetcher, server.url("/a")).content == b"words"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of one name that it signs itself, and its key."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl, which makes certificates, is not here")
    folder = tmp_path_factory.mktemp("certificate")
    paths = (folder / "certificate.pem", folder / "key.pem")
    subprocess.run(
        [
            *(program, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", f"/CN={NAME}"),
            *("-addext", f"subjectAltName=DNS:{NAME}"),
            *("-out", str(paths[0]), "-keyout", str(paths[1])),
        ],
        check=True,
        capture_output=True,
    )
    return paths


@pytest.mark.parametrize(
    ("host", "trusted", "reason"),
    [(NAME, True, ""), (OTHER, True, "certificate"), (NAME, False, "certificate")],
)
def test_the_name_is_proven_although_the_address_is_connected_to(
    certificate: tuple[Path, Path],
    clock: Clock,
    host: str,
    trusted: bool,
    reason: str,
) -> None:
    """TLS asks for the name and proves it; another name, or an unknown authority, is refused."""
    asked_names = []
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*certificate)
    tls.sni_callback = lambda _socket, name, _context: asked_names.append(name)
    trust = ssl.create_default_context(cafile=certificate[0] if trusted else None)
    with serving({"/a": sends(b"words"), "/b": redirects("http://a.example/")}, tls) as server:
        guard = Guard(frozenset({f"{host}:{server.port}"}), resolved)
        fetcher = Fetcher(guard, "Footnote", QUICK, clock, clock.sleep, trust)
        if reason:
            refused(fetcher, server.url("/a", host), reason)
            assert server.asked == []
        else:
            assert fetched(fetcher, server.url("/a", host)).content == b"words"
            refused(fetcher, server.url("/b", host), "leads from https to http")
        assert set(asked_names) == {host}


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("HTTPS://Example.ORG:443", "https://example.org/"),
        ("http://example.org:80/a#b", "http://example.org/a"),
        ("http://example.org:443/a?b#c", "http://example.org:443/a?b"),
        (" http://example.org/a b ", "http://example.org/a%20b"),
        ("http://bücher.example/ü", "http://xn--bcher-kva.example/%C3%BC"),
    ],
)
def test_an_address_is_written_in_one_way(url: str, same: str) -> None:
    """Letters of the host, usual ports and what is behind "#" make no other address."""
    assert canonical(url) == same
    assert canonical(same) == same
