"""Tests of feeds."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceError
from ingest.records import Told
from ingest.sources.feed import Entry, entries
from tests.ingest.sources.server import serving

URL = "https://feeds.example/markets/rss.xml"
TEXT = "Rates stay where they are, and so do we. " * 20

RSS = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Lanternfish Research</title><link>https://feeds.example/</link>
<item><title>Older &amp; wiser</title><link>/notes/1?a=b&amp;c=d</link>
  <guid isPermaLink="false">1</guid>
  <pubDate>Wed, 31 Dec 2025 23:30:00 -0500</pubDate>
  <content:encoded><![CDATA[<p>{TEXT}</p><script>alert(1)</script>]]></content:encoded></item>
<item><title>Newer</title><link>https://other.example/2</link><guid isPermaLink="false">2</guid>
  <pubDate>Fri, 02 Jan 2026 08:00:00 GMT</pubDate><dc:publisher>Quillmoor</dc:publisher>
  <enclosure url="files/2.pdf" type="application/pdf" length="5"/>
  <enclosure url="files/2.mp3" type="audio/mpeg" length="5"/></item>
</channel></rss>""".encode()

ATOM = b"""<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://feeds.example/atom/">
<title>Tallowbrook</title>
<entry><title type="html">A &lt;b&gt;bold&lt;/b&gt; call</title><id>tag:1</id>
  <link href="1.html"/>
  <published>2026-02-01T01:00:00+09:00</published>
  <updated>2026-02-03T00:00:00Z</updated>
  <source><title>Dunlin Marsh</title></source>
  <content type="text">Not &lt;much&gt;</content></entry>
<entry><title>Undated</title><id>https://feeds.example/2</id></entry>
</feed>"""

RDF = b"""<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://feeds.example/"><title>Otterholm</title></channel>
<item rdf:about="https://feeds.example/1"><title>One</title><link>https://feeds.example/1</link>
<dc:date>2026-03-04</dc:date></item></rdf:RDF>"""


def test_rss_is_read() -> None:
    """Of RSS 2.0 each entry is read, the newest first, its links resolved, its day as written."""
    newer, older = entries(RSS, URL)
    assert newer == Entry(
        link="https://other.example/2",
        files=("https://feeds.example/markets/files/2.pdf",),
        id="2",
        title="Newer",
        published=date(2026, 1, 2),
        updated="Fri, 02 Jan 2026 08:00:00 GMT",
        publisher="Quillmoor",
        content="",
    )
    assert newer.page is None
    assert older.link == "https://feeds.example/notes/1?a=b&c=d"
    assert older.title == "Older & wiser"
    assert older.published == date(2025, 12, 31)
    assert older.publisher == "Lanternfish Research"
    assert older.page is not None
    assert TEXT.strip() in older.page.decode()
    assert b"<h1>Older &amp; wiser</h1>" in older.page
    assert b"<script" not in older.page


def test_atom_is_read() -> None:
    """Of Atom likewise; an id that is an address is a link, and a short text is no page."""
    dated, undated = entries(ATOM, URL)
    assert (dated.link, dated.id) == ("https://feeds.example/atom/1.html", "tag:1")
    assert dated.published == date(2026, 2, 1)
    assert dated.publisher == "Dunlin Marsh"
    assert dated.content == "<p>Not &lt;much&gt;</p>"
    assert dated.page is None
    assert undated.link == "https://feeds.example/2"
    assert undated.published is None
    assert undated.publisher == "Tallowbrook"


def test_rss_1_is_read() -> None:
    """Of RSS 1.0 likewise."""
    (entry,) = entries(RDF, URL)
    assert (entry.link, entry.title) == ("https://feeds.example/1", "One")
    assert (entry.published, entry.publisher) == (date(2026, 3, 4), "Otterholm")


def test_what_a_feed_says_is_told() -> None:
    """Title, publisher and day are told of an entry's report, behind what it says itself."""
    newer, _ = entries(RSS, URL)
    assert newer.told(URL) == Told(
        "feed feeds.example",
        {"title": "Newer", "publisher": "Quillmoor", "published": "2026-01-02"},
        first=False,
    )
    assert entries(ATOM, URL)[1].told(URL).fields == {
        "title": "Undated",
        "publisher": "Tallowbrook",
    }


def test_a_change_is_another_stamp() -> None:
    """An entry's stamp stays until the feed says that it was changed."""
    before = entries(ATOM, URL)[0].stamp
    assert entries(ATOM.replace(b"bold", b"cold"), URL)[0].stamp == before
    assert entries(ATOM.replace(b"02-03T", b"02-04T"), URL)[0].stamp != before
    assert entries(ATOM.replace(b"tag:1", b"tag:2"), URL)[0].stamp != before


@pytest.mark.parametrize(
    "content",
    [
        b"<rss version='2.0'><channel><title>a</title></channel></rss>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'/>",
    ],
)
def test_an_empty_feed_is_one(content: bytes) -> None:
    """A feed without entries is no error."""
    assert entries(content, URL) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a feed",
        b"<!doctype html><html><head><title>Log in</title></head><body>Log in</body></html>",
        b'{"version": "https://jsonfeed.org/version/1.1", "items": []}',
        b"%PDF-1.7\n\x00\xff",
        b"\x00" * 100,
        b"<opml version='2.0'><body/></opml>",
        b"/etc/hostname",
    ],
)
def test_what_is_no_feed_is_refused(content: bytes) -> None:
    """What is neither RSS nor Atom is an error that says so, with nothing secret."""
    with pytest.raises(SourceError, match=r"^https://feeds\.example/a\?… is no feed"):
        entries(content, "https://feeds.example/a?token=geheim")


def test_no_file_is_read_that_a_feed_names(tmp_path: Path) -> None:
    """Bytes that are the path of a feed are no feed."""
    (tmp_path / "rss.xml").write_bytes(RSS)
    with pytest.raises(SourceError, match="is no feed"):
        entries(bytes(tmp_path / "rss.xml"), URL)


@pytest.mark.parametrize("kind", ["text/html", "text/plain; charset=utf-8", "", "nonsense"])
def test_a_feed_is_told_by_its_bytes(kind: str) -> None:
    """A feed is one, whatever its server says that it is."""
    assert len(entries(RSS, URL, kind)) == 2


def test_the_encoding_is_the_feeds_or_the_servers() -> None:
    """A feed is read in the encoding that it declares, or else its server."""
    feed = "<rss version='2.0'><channel><item><title>价格</title></item></channel></rss>"
    declared = b"<?xml version='1.0' encoding='gb18030'?>" + feed.encode("gb18030")
    assert entries(declared, URL, "application/xml")[0].title == "价格"
    served = entries(feed.encode("gb18030"), URL, "application/xml; charset=gb18030")
    assert served[0].title == "价格"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32"])
@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY x SYSTEM "file:///etc/hostname">',
        '<!ENTITY x SYSTEM "http://127.0.0.1:1/">',
        '<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;',
        "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in pairwise("abcdefghijklx")),
    ],
)
def test_a_feed_that_declares_entities_is_refused(declared: str, encoding: str) -> None:
    """No file and no address is read for an entity, and none grows, in any encoding."""
    feed = f"<!DOCTYPE rss [{declared}]>{RSS.decode().replace('wiser', '&x;').split('?>')[1]}"
    with pytest.raises(SourceError, match="declares entities, which no feed needs"):
        entries(feed.encode(encoding), URL)


def test_a_document_type_is_not_fetched() -> None:
    """What a feed says of its type, at an address, is passed over."""
    with serving() as server:
        kind = f'<!DOCTYPE rss SYSTEM "{server.url("/rss.dtd")}">'.encode()
        assert len(entries(RSS.replace(b"<rss", kind + b"<rss", 1), URL)) == 2
        assert server.asked == []


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "mailto:a@b.example", "https://", ""]
)
def test_what_is_no_address_is_no_link(link: str) -> None:
    """Only addresses of the web are links."""
    item = f"<item><title>a</title><link>{link}</link></item>"
    feed = f"<rss version='2.0'><channel>{item}</channel></rss>"
    found = [entry.link for entry in entries(feed.encode(), URL)]
    assert found in ([None], [URL.replace("rss.xml", link)], [URL])


@pytest.mark.parametrize("half", ["&#xD83D;", "&#xde00;", "&#55357;", "&#x0000D83D;"])
def test_half_a_character_costs_no_feed(half: str) -> None:
    """A number that is half of a character becomes the mark of one that is missing."""
    content = RSS.replace(b"wiser", f"wiser {half}".encode())
    assert [entry.title for entry in entries(content, URL)] == ["Newer", "Older & wiser \ufffd"]


def test_a_feed_cut_off_gives_what_came() -> None:
    """Of a feed that ends in the middle those entries are read that came whole."""
    cut = RSS[: RSS.index(b"Quillmoor")]
    assert "Older & wiser" in {entry.title for entry in entries(cut, URL)}


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """A feed with bytes changed, cut out and put in."""
    content = bytearray(draw(st.sampled_from([RSS, ATOM, RDF])))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(content)))
        gone = draw(st.sampled_from([0, 1, 20, 200]))
        new = draw(st.binary(max_size=4) | st.sampled_from([b"<", b"&", b"]]>", b"<!--", b"\x00"]))
        content[at : at + gone] = new
    return bytes(content)


@given(broken())
def test_a_broken_feed_is_read_or_refused(content: bytes) -> None:
    """Whatever happened to a feed, its entries are read, or it is refused."""
    try:
        found = entries(content, URL)
    except SourceError as error:
        found = []
        assert "feeds.example" in str(error)  # noqa: PT017 (most of them are read)
    for entry in found:
        assert entry.link is None or entry.link.startswith(("http://", "https://"))
        assert len(entry.title) <= 1000
