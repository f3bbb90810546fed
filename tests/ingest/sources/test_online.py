"""Tests of the reports on the web, over sockets of this machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.records import Source, Told
from ingest.sources.guard import Guard
from ingest.sources.listing import FeedEntry, Listing, UrlEntry
from ingest.sources.online import (
    Failed,
    Found,
    Polled,
    Result,
    Same,
    Web,
    due,
    read_written,
    written,
)
from ingest.sources.web import Bounds, Fetcher, Validators
from tests.ingest.sources.server import OTHER, Server, WithAWeb, redirects, sends, serving

PAGE = b"<!doctype html><html><body>words</body></html>"
TEXT = "Rates stay where they are, and so do we. " * 20
HTML = "text/html; charset=utf-8"


@pytest.fixture
def server() -> Iterator[Server]:
    """A server without answers."""
    with serving() as running:
        yield running


@pytest.fixture
def web(server: Server) -> Web:
    """Reads from the server, without a pause."""
    guard = Guard(frozenset({f"127.0.0.1:{server.port}"}))
    bounds = Bounds(largest=100_000, connect=2.0, read=1.0, whole=2.0, pause=0.0, wait=0.0)
    return Web(Fetcher(guard, "Footnote", bounds))


def feed_of(*items: str) -> bytes:
    """A feed of entries."""
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Lanternfish Research</title>{''.join(items)}</channel></rss>"
    ).encode()


def item(number: int, more: str = "", link: str | None = None, day: int = 1) -> str:
    """An entry of a feed; the first are the older ones."""
    return (
        f"<item><title>Note {number}</title><guid isPermaLink='false'>{number}</guid>"
        f"<link>{f'/notes/{number}' if link is None else link}</link>"
        f"<pubDate>{day:02} Jan 2026 08:00:0{number} GMT</pubDate>{more}</item>"
    )


def results(
    web: Web, *wanted: UrlEntry | FeedEntry, known: Mapping[str, Validators] | None = None
) -> list[Result]:
    """What becomes of what is wanted."""
    return list(web.sources(wanted, known or {}))


def kept(found: Sequence[Result]) -> dict[str, Validators]:
    """What is remembered of a round."""
    return {
        **{each.source.uri: each.validators for each in found if isinstance(each, Found)},
        **{each.uri: each.validators for each in found if isinstance(each, Same | Polled)},
    }


def test_an_address_becomes_a_source(server: Server, web: Web) -> None:
    """It is called by where it led, known by what was listed, and said what the list says."""
    server.answers["/a"] = redirects("/b/outlook")
    server.answers["/b/outlook"] = sends(PAGE, content_type=HTML, etag='"1"')
    url = server.url("/a")
    assert results(web, UrlEntry(url, "news", "Quillmoor")) == [
        Found(
            Source(url, f"127.0.0.1:{server.port}/outlook.html", "news", '{"etag": "\\"1\\""}'),
            PAGE,
            (Told("sources.toml", {"publisher": "Quillmoor"}),),
            Validators('"1"'),
        )
    ]
    server.answers["/b/outlook"] = sends(status="304 Not Modified")
    again = results(web, UrlEntry(url, "other"), known={url: Validators('"1"')})
    assert again == [Same(url, "other", Validators('"1"'))]


def test_what_cannot_be_had_costs_only_itself(server: Server, web: Web) -> None:
    """An address or a feed that fails is a failure with its reason; the others are taken."""
    server.answers |= {
        "/a": sends(PAGE, content_type=HTML),
        "/picture": sends(b"\x89PNG", content_type="image/png"),
        "/feed": sends(PAGE, content_type=HTML),
        "/notes": sends(feed_of(item(1)), content_type="application/rss+xml"),
        "/notes/1": sends(PAGE, content_type=HTML),
    }
    wanted: list[UrlEntry | FeedEntry] = [
        UrlEntry("http://127.0.0.1/"),
        *(UrlEntry(server.url(path)) for path in ("/gone", "/picture", "/a")),
        *(FeedEntry(server.url(path), "news") for path in ("/feed", "/nowhere", "/notes")),
    ]
    found = results(web, *wanted)
    assert [type(each).__name__ for each in found] == [
        *("Failed", "Failed", "Failed", "Found", "Failed", "Failed", "Found", "Polled"),
    ]
    reasons = [each.reason for each in found if isinstance(each, Failed)]
    assert [reason.count("\n") for reason in reasons] == [0] * 5
    for reason, part in zip(
        reasons,
        ("is closed", "404", "is of a kind that", "is no feed, neither RSS nor Atom", "404"),
        strict=True,
    ):
        assert part in reason
    assert isinstance(found[4], Failed)
    assert found[4].source == Source(server.url("/feed"), f"127.0.0.1:{server.port}/feed", "news")


def test_a_feed_gives_what_it_names(server: Server, web: Web) -> None:
    """The newest entries are fetched; a file goes before its page; what is said is handed on."""
    enclosure = '<enclosure url="/files/2.pdf" type="application/pdf" length="9"/>'
    server.answers |= {
        "/feed": sends(feed_of(item(1, day=5), item(2, enclosure, day=7), item(3, day=6))),
        "/notes/3": sends(PAGE, content_type=HTML, etag='"3"'),
        "/files/2.pdf": sends(b"%PDF-1.7\n", content_type="application/pdf"),
    }
    first, second, end = results(web, FeedEntry(server.url("/feed"), "news", limit=2))
    assert isinstance(first, Found)
    assert isinstance(second, Found)
    assert first.source.uri == server.url("/files/2.pdf")
    assert first.source.name.endswith("/2.pdf")
    assert second.source.uri == server.url("/notes/3")
    assert second.validators.etag == '"3"'
    said = {"title": "Note 3", "publisher": "Lanternfish Research", "published": "2026-01-06"}
    assert second.told == (Told("feed 127.0.0.1", said, first=False),)
    assert end == Polled(server.url("/feed"), Validators())
    assert "/notes/1" not in server.paths()


def test_what_is_known_is_not_fetched_again(server: Server, web: Web) -> None:
    """An entry is fetched once, and again when its feed says that it changed."""
    feed = FeedEntry(server.url("/feed"))
    server.answers |= {
        "/feed": sends(feed_of(item(1), item(2)), etag='"f1"'),
        "/notes/1": sends(PAGE, content_type=HTML, etag='"1"'),
        "/notes/2": sends(PAGE, content_type=HTML),
    }
    first = results(web, feed)
    assert [type(each) for each in first] == [Found, Found, Polled]
    known = kept(first)
    assert known[feed.url] == Validators('"f1"')

    server.asked.clear()
    again = results(web, feed, known=known)
    assert [type(each) for each in again] == [Same, Same, Polled]
    assert server.paths() == ["/feed"]
    assert kept(again) == known

    server.answers["/feed"] = sends(feed_of(item(1, day=9), item(3)))
    server.answers["/notes/1"] = sends(status="304 Not Modified")
    server.answers["/notes/3"] = sends(PAGE, content_type=HTML)
    server.asked.clear()
    changed = results(web, feed, known=known)
    assert [type(each) for each in changed] == [Same, Found, Polled]
    assert server.paths() == ["/feed", "/notes/1", "/notes/3"]
    stamp = kept(changed)[server.url("/notes/1")].stamp
    assert stamp is not None
    assert stamp != known[server.url("/notes/1")].stamp
    assert server.url("/notes/2") not in {str(each) for each in changed}  # nor is it gone


def test_a_feed_that_has_not_changed_is_not_read(server: Server, web: Web) -> None:
    """Where the feed itself is what it was, nothing is asked of its entries."""
    server.answers["/feed"] = sends(status="304 Not Modified")
    known = {server.url("/feed"): Validators('"f1"')}
    assert results(web, FeedEntry(server.url("/feed")), known=known) == [
        Polled(server.url("/feed"), Validators('"f1"'))
    ]


def test_a_feed_with_a_failure_is_read_again(server: Server, web: Web) -> None:
    """Where an entry failed, the feed keeps no validators, and that entry is tried again."""
    feed = FeedEntry(server.url("/feed"))
    server.answers["/feed"] = sends(feed_of(item(1)), etag='"f1"')
    failed, end = results(web, feed)
    assert isinstance(failed, Failed)
    assert end == Polled(feed.url, Validators())
    server.answers["/notes/1"] = sends(PAGE, content_type=HTML)
    found, end = results(web, feed, known=kept([failed, end]))
    assert isinstance(found, Found)
    assert end == Polled(feed.url, Validators('"f1"'))


def test_a_feed_may_not_be_very_large(server: Server) -> None:
    """A feed of which a megabyte would take long is not read."""
    web = Web(Fetcher(Guard(frozenset({f"127.0.0.1:{server.port}"})), bounds=Bounds(pause=0.0)))
    server.answers["/feed"] = sends(feed_of(*[item(1)] * 20_000))
    (failed,) = results(web, FeedEntry(server.url("/feed")))
    assert isinstance(failed, Failed)
    assert "is larger than 2 MB, the most that is read of it" in failed.reason


def test_the_entries_of_a_feed_do_not_take_for_ever(server: Server) -> None:
    """After ten minutes the rest of a feed is left for the next time, when it is read again."""
    now = [0.0]

    def slowly(seconds: float) -> None:
        now[0] += 200 * seconds

    guard = Guard(frozenset({f"127.0.0.1:{server.port}"}))
    fetcher = Fetcher(guard, clock=lambda: now[0], sleep=slowly)
    web = Web(fetcher, clock=lambda: now[0])
    server.answers |= {f"/notes/{n}": sends(PAGE, content_type=HTML) for n in range(1, 7)}
    server.answers["/feed"] = sends(feed_of(*[item(n) for n in range(1, 7)]), etag='"f1"')
    feed = FeedEntry(server.url("/feed"))
    found = results(web, feed)
    assert [type(each) for each in found] == [Found] * 4 + [Polled]
    assert found[-1] == Polled(feed.url, Validators())
    now[0] = 100_000.0
    again = results(web, feed, known=kept(found))
    assert [type(each) for each in again] == [Same] * 4 + [Found] * 2 + [Polled]
    assert again[-1] == Polled(feed.url, Validators('"f1"'))


def test_the_text_in_a_feed_stands_in_for_a_page(server: Server, web: Web) -> None:
    """An entry without a link, or whose page cannot be had, is taken from the feed itself."""
    text = f"<content:encoded><![CDATA[<p>{TEXT}</p>]]></content:encoded>"
    server.answers["/feed"] = sends(feed_of(item(1, text), item(2, text, link=""), item(3)))
    server.answers["/robots.txt"] = sends(b"User-agent: *\nDisallow: /notes/")
    feed = FeedEntry(server.url("/feed"), "news")
    found = results(web, feed)
    assert [type(each) for each in found] == [Found, Found, Failed, Polled]
    for each in found[:2]:
        assert isinstance(each, Found)
        assert TEXT.strip().encode() in each.content
        assert each.source.name.endswith(".html")
    assert kept(found).keys() >= {server.url("/notes/1"), feed.url}
    again = results(web, feed, known=kept(found))
    assert [type(each) for each in again] == [Same, Same, Failed, Polled]


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("http://localhost/a", "localhost is closed"),
        ("http://169.254.169.254/latest", "is closed"),
        ("http://u:geheim@127.0.0.1/", "holds a name or a password"),
        ("http://0x7f.1/a", "is no name of a host"),
        ("file:///etc/passwd", "neither a link nor a text"),
    ],
)
def test_no_feed_leads_inside(server: Server, web: Web, link: str, reason: str) -> None:
    """A link of a feed is judged like any address."""
    server.answers["/feed"] = sends(feed_of(item(1, link=link)))
    failed, _ = results(web, FeedEntry(server.url("/feed")))
    assert isinstance(failed, Failed)
    assert reason in failed.reason
    assert "geheim" not in failed.reason


def test_no_feed_on_the_web_leads_to_what_was_opened(server: Server) -> None:
    """What was opened inside is open to the list, not to what a feed on the web names."""
    guard = WithAWeb(frozenset({f"127.0.0.1:{server.port}"}))
    web = Web(Fetcher(guard, bounds=Bounds(pause=0.0)))
    server.answers["/feed"] = sends(feed_of(item(1, link=server.url("/notes/1"))))
    server.answers["/notes/1"] = sends(PAGE, content_type=HTML)
    failed, _ = results(web, FeedEntry(server.url("/feed", OTHER)))
    assert isinstance(failed, Failed)
    assert "open to those addresses alone that are named here" in failed.reason
    (found,) = results(web, UrlEntry(server.url("/notes/1")))
    assert isinstance(found, Found)


def test_nothing_is_given_twice(server: Server, web: Web) -> None:
    """What is listed and named by feeds is one source, that of the list first."""
    server.answers |= {
        "/feed": sends(feed_of(item(1), item(1, link="/notes/1#top"))),
        "/other": sends(feed_of(item(1))),
        "/notes/1": sends(PAGE, content_type=HTML),
    }
    wanted = [FeedEntry(server.url("/feed")), FeedEntry(server.url("/other"))]
    found = results(web, *wanted, UrlEntry(server.url("/notes/1"), "listed"))
    assert [type(each) for each in found] == [Polled, Polled, Found]
    assert server.paths().count("/notes/1") == 1


NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("last", "is_due"),
    [
        (None, True),
        (NOW, False),
        (NOW - timedelta(minutes=59), False),
        (NOW - timedelta(hours=1), True),
        (NOW + timedelta(days=1), True),  # the clock was set back
    ],
)
def test_what_is_due(last: datetime | None, is_due: bool) -> None:
    """An address or feed is due when its interval is over, or the clock is not to be trusted."""
    url = UrlEntry("https://a.example/", every=timedelta(hours=1))
    feed = FeedEntry("https://b.example/", every=timedelta(hours=1))
    listing = Listing("sources.toml", (), (url,), (feed,))
    when = {} if last is None else {url.url: last, feed.url: last}
    assert due(listing, when, NOW) == ([url, feed] if is_due else [])


@given(st.builds(Validators, *[st.none() | st.text(min_size=1)] * 3))
def test_validators_are_written_and_read(validators: Validators) -> None:
    """What is written of validators is read again."""
    assert read_written(written(validators)) == validators


@pytest.mark.parametrize("text", [None, "", "5 1 1", "[]", "{", '{"etag": 5}', "null"])
def test_what_is_no_validators_is_none(text: str | None) -> None:
    """Whatever else stands there says nothing."""
    assert read_written(text) == Validators()
