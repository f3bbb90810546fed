"""Tests of what a document is, by what its server says."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceError
from ingest.formats import SUFFIXES
from ingest.sources.media import document, name_of, shown, suffix_of

URL = "https://example.org/2026/rates%20outlook"
PDF = b"%PDF-1.7\n"
PAGE = b"<!doctype html><html><body>words</body></html>"


@pytest.mark.parametrize(
    ("url", "content_type", "disposition", "content", "name"),
    [
        (URL, "text/html; charset=utf-8", "", PAGE, "rates outlook.html"),
        (URL, "application/xhtml+xml", "", PAGE, "rates outlook.html"),
        (URL, "Application/PDF", "", PDF, "rates outlook.pdf"),
        (f"{URL}.PDF", "application/pdf", "", PDF, "rates outlook.PDF"),
        (f"{URL}.php", "application/pdf", "", PDF, "rates outlook.php.pdf"),
        (f"{URL}.md", "text/plain; charset=utf-8", "", b"# words", "rates outlook.md"),
        (f"{URL}.html", "text/plain", "", PAGE, "rates outlook.html"),
        (f"{URL}.pdf", "text/plain", "", b"words", "rates outlook.pdf.txt"),
        (URL, "text/plain", "", b"words", "rates outlook.txt"),
        (URL, "text/markdown", "", b"words", "rates outlook.md"),
        (f"{URL}.pdf", "application/octet-stream", "", PDF, "rates outlook.pdf"),
        (URL, "application/octet-stream", "", PDF, "rates outlook.pdf"),
        (URL, "", "", b"\xef\xbb\xbf  <HTML lang='en'>", "rates outlook.html"),
        (URL, "image/png", "", PDF, "rates outlook.pdf"),
        (URL, "application/octet-stream", 'attachment; filename="q3.pdf"', b"x", "q3.pdf"),
        (URL, "application/pdf", "attachment; filename*=UTF-8''%E4%BB%B7.pdf", PDF, "价.pdf"),
        (URL, "application/pdf", 'inline; filename="../../etc/a\\\\b.pdf"', PDF, "b.pdf"),
        *(
            (f"{URL}{suffix}", kind, "", b"PK\x03\x04", f"rates outlook{suffix}")
            for suffix in (".docx", ".xlsm")
            for kind in ("application/zip", "application/x-zip-compressed", "")
        ),
        (
            URL,
            "application/vnd.ms-excel.sheet.macroEnabled.12",
            "",
            b"PK\x03\x04",
            "rates outlook.xlsm",
        ),
        (f"{URL}.csv", "application/vnd.ms-excel", "", b"a,b", "rates outlook.csv"),
        (f"{URL}.eml", "text/plain", "", b"a: b", "rates outlook.eml"),
        (f"{URL}.mhtml", "message/rfc822", "", b"a: b", "rates outlook.mhtml"),
        (URL, "message/rfc822", "", b"a: b", "rates outlook.eml"),
        (URL, "multipart/related; boundary=b", "", b"a: b", "rates outlook.mhtml"),
        ("https://example.org", "text/html", "", PAGE, "index.html"),
        ("https://example.org/a/?q=1", "text/html", "", PAGE, "a.html"),
        ("https://example.org/a%2F..%2Fb%00%0a.txt", "text/plain", "", b"x", "a .. b.txt"),
    ],
)
def test_a_document_gets_the_name_it_is_parsed_by(
    url: str, content_type: str, disposition: str, content: bytes, name: str
) -> None:
    """The type decides, plain text and unknown bytes go by their name, then by how they begin."""
    found = document(content, url, content_type, disposition)
    assert found.name == f"example.org/{name}"
    assert found.content == content


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("image/png", b"\x89PNG"),
        ("", b"\x00\x01"),
        ("video/mp4; a", b"x"),
        ("application/json", b""),
        ("application/vnd.ms-excel", b"\xd0\xcf\x11\xe0"),
    ],
)
def test_what_is_not_read_is_refused(content_type: str, content: bytes) -> None:
    """What is in no format that is read is an error that says what it is and what is read."""
    with pytest.raises(SourceError, match=r"rates%20outlook is of a kind .*\.html, .*\.pdf"):
        document(content, URL, content_type)


WORDS = "Größe und Zinsen: 1½ %"
CHINESE = "价格与利率"


@pytest.mark.parametrize(
    ("content", "content_type", "text"),
    [
        (WORDS.encode("latin-1"), "text/html; charset=ISO-8859-1", WORDS),
        ("“Zinsen” – 5 €".encode("cp1252"), "text/plain; charset=latin1", "“Zinsen” – 5 €"),
        ("镕".encode("gb18030"), 'text/html; charset="GB2312"', "镕"),
        (CHINESE.encode("gbk"), "text/plain; charset=gbk", CHINESE),
        (CHINESE.encode("big5"), "text/plain; charset=big5", CHINESE),
        ("価格①".encode("cp932"), "text/plain;charset=shift_jis", "価格①"),
        ("Ставки".encode("koi8-r"), "text/plain; charset=KOI8-R", "Ставки"),
    ],
)
def test_the_encoding_that_the_server_alone_says_is_heeded(
    content: bytes, content_type: str, text: str
) -> None:
    """Bytes that are no UTF-8 and say nothing themselves become UTF-8 with its mark."""
    found = document(content, URL, content_type).content
    assert found == codecs.BOM_UTF8 + text.encode()


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (WORDS.encode(), "text/html; charset=latin-1"),
        (WORDS.encode("latin-1"), "text/html"),
        (b'<meta charset="cp1252">' + WORDS.encode("latin-1"), "text/html; charset=koi8-r"),
        (b'<?xml version="1.0" encoding="cp1252"?>\xff', "text/html; charset=koi8-r"),
        (codecs.BOM_UTF16_LE + WORDS.encode("utf-16-le"), "text/plain; charset=latin-1"),
        (b"%PDF-\xff", "application/pdf; charset=latin-1"),
        (b"\xff", "text/plain; charset=none-such"),
        (b"\xff", "text/plain; charset=unicode_escape"),
        (b"\xff", "text/plain; charset=punycode"),
        (b"\xff", "text/plain; charset=zip"),
        (b"\xff", "text/plain; charset=big5"),
        (b"\xff", "text/plain; charset=\x00\xff"),
    ],
)
def test_otherwise_bytes_are_untouched(content: bytes, content_type: str) -> None:
    """What says itself how it is written, or is not written so, stays as it was sent."""
    assert document(content, URL, content_type).content == content


@pytest.mark.parametrize(
    ("content_type", "url", "suffix"),
    [
        ("application/pdf", "https://a.example/b", ".pdf"),
        ("", "https://a.example/b.pdf?c=d", ".pdf"),
        ("audio/mpeg", "https://a.example/b.mp3", None),
        ("", "https://a.example/b", None),
    ],
)
def test_what_is_promised_is_told(content_type: str, url: str, suffix: str | None) -> None:
    """Of what was not fetched, the type or the name tells what it is."""
    assert suffix_of(content_type, url) == suffix


@pytest.mark.parametrize(
    ("url", "people_see"),
    [
        ("https://u:geheim@a.example:8443/b/c?token=geheim#d", "https://a.example:8443/b/c?…"),
        ("https://a.example/b", "https://a.example/b"),
        ("https://[a", "the address"),
        ("https://a.example/b\u202e\x1b", "https://a.example/b"),
    ],
)
def test_no_secret_of_an_address_is_shown(url: str, people_see: str) -> None:
    """Neither user nor password, query nor invisible characters are shown."""
    assert shown(url) == people_see


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://a.example/b/c.pdf?d", "a.example/c.pdf"),
        ("https://a.example/", "a.example"),
        ("https://a.example/" + "b" * 200, "a.example/" + "b" * 80),
    ],
)
def test_an_address_has_a_name(url: str, name: str) -> None:
    """Host and last part of an address are its name."""
    assert name_of(url) == name


@given(st.binary(max_size=60), st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_whatever_a_server_says(
    content: bytes, path: str, content_type: str, disposition: str
) -> None:
    """A document has a printable name of one folder and a suffix that is read, or is refused."""
    url = f"https://a.example/{path.translate(dict.fromkeys(map(ord, '?#[]@')))}"
    try:
        name = document(content, url, content_type, disposition).name
    except SourceError as error:
        name = ".txt" if "of a kind that Footnote does not read" in str(error) else ""
    assert name.isprintable()
    assert name.count("/") <= 1
    assert any(name.lower().endswith(suffix) for suffix in SUFFIXES)
