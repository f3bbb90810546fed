"""Tests of parsing mails and web pages saved as one file."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import ParseError
from ingest.parse.dispatch import parse
from ingest.records import ParsedReport, Table
from tests.ingest.parse.damage import assert_read_or_refused, damaged
from tests.ingest.parse.office import before_root, changed, text_document
from tests.ingest.parse.reading import assert_blocks_hold_the_text, said
from tests.ingest.parse.typesetting import paragraph, pdf_of

PROSE = "The supply of memory is tight because three makers share the market, and none adds much."
NOTE = (
    b"---\ntickers: NVDA\npublisher: Harbour Research\n---\n"
    b"# Costs\n\n| a | 2023 |\n|--|--|\n| b | 5 |\n"
)
HTML = (
    "<h2>Sales</h2><p>They rose.</p>"
    "<table><tr><th>Y</th><th>S</th></tr><tr><td>a</td><td>5</td></tr></table>"
)

BOMB = before_root(b" " * 41_000_000)  # more than is unpacked of one part


def mail(body: str = "", html: str = "", **headers: str) -> EmailMessage:
    """A mail that says something."""
    message = EmailMessage()
    for name, value in headers.items():
        message[name] = value
    message.set_content(body)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def attach(message: EmailMessage, content: bytes, name: str, kind: str = "octet-stream") -> None:
    """Attach a file to a mail."""
    message.add_attachment(content, maintype="application", subtype=kind, filename=name)


def read(message: EmailMessage | bytes) -> ParsedReport:
    """A mail as a report."""
    report = parse(message if isinstance(message, bytes) else message.as_bytes(), "a.eml")
    assert_blocks_hold_the_text(report)
    return report


def test_a_mail() -> None:
    """Subject, day and a sender with a house's name are stated, the text is what the mail says."""
    report = read(
        mail(
            f"Memory\n\n{PROSE}\n",
            Subject="Fwd: RE: 存储 memory",
            From="Northfield Securities <desk@example.org>",
            Date="Tue, 05 Mar 2024 23:30:00 -0500",
        )
    )
    assert report.stated == {
        "title": "存储 memory",
        "publisher": "Northfield Securities",
        "published": "2024-03-05",
    }
    assert report.stated_in == "headers of the mail"
    assert said(report) == [("heading", "Memory"), ("paragraph", PROSE)]
    assert report.pages is None


@pytest.mark.parametrize(
    ("header", "stated"),
    [
        (b"From: Jo Smith <jo@example.org>", {}),
        (b"From: a@[", {}),
        (b"Date: some day", {}),
        (b"Date: Tue, 99 Mar 99999 08:00:00 +9999", {}),
        (b"Subject: =?gb2312?B?1tDOxA==?= a", {"title": "中文 a"}),
        (b"Subject: \xd6\xd0\xce\xc4", {"title": "中文"}),
        ("Subject: 中文".encode(), {"title": "中文"}),
        (b"Subject: =?x-unheard-of?Q?abc?=", {"title": "abc"}),
        (b"Subject: =?utf-8?B?a?=", {"title": "=?utf-8?B?a?="}),
        (b"Subject: Fwd:", {}),
        (b"Subject: a\n b", {"title": "a b"}),
        (b"SUBJECT: a\nSubject: b", {"title": "a"}),
    ],
)
def test_headers(header: bytes, stated: dict[str, str]) -> None:
    """Headers are decoded however they are written; what cannot be read is not stated."""
    assert read(header + b"\nX-A: b\n\nCosts fell.").stated == stated


@pytest.mark.parametrize(
    ("body", "html", "expected"),
    [
        ("They rose.", HTML, ["Sales", "They rose.", "Y | S", "a | 5"]),
        (f"{PROSE}\n\n{PROSE}", "<p>See the text.</p>", [PROSE, PROSE]),
        ("They rose.", "<!-- -->", ["They rose."]),
    ],
)
def test_the_richer_of_two_bodies(body: str, html: str, expected: list[str]) -> None:
    """Of a text in two forms the page is read, but where it says less than the plain one."""
    assert [text for _, text in said(read(mail(body, html)))] == expected


def test_attachments() -> None:
    """Each attachment stands under its name, its headings deeper, its tables and pages its own."""
    message = mail("Two reports.", HTML)
    pdf = pdf_of([paragraph("Costs fell."), paragraph("Prices rose.")])
    attach(message, pdf, "costs.pdf", "pdf")
    attach(message, NOTE, "b.md")
    report = read(message)
    alone = parse(pdf, "costs.pdf")
    assert said(report)[4:] == [
        ("heading", "costs.pdf"),
        *said(alone),
        ("heading", "b.md"),
        ("heading", "Costs"),
        ("table_row", "a | 2023"),
        ("table_row", "b | 5"),
    ]
    pages = [block.page for block in report.blocks]
    assert pages == [None] * 5 + [1] * len(alone.blocks) + [None] * 4
    assert [block.level for block in report.blocks if block.level] == [2, 1, 1, 2]
    last = len(report.blocks)
    assert report.tables == (Table(3, 4, ("Y", "S")), Table(last - 1, last, ("a", "2023")))


def test_boxes_go_with_their_text() -> None:
    """Each character of an attached PDF stands where it stands on its own page."""
    pdf = pdf_of([paragraph("Costs fell."), paragraph(PROSE * 3), paragraph("The end.")])
    message = mail(PROSE)
    attach(message, b"Nothing.", "a.txt")
    attach(message, pdf, "b.pdf", "pdf")
    report, alone = read(message), parse(pdf, "b.pdf")

    def placed(each: ParsedReport) -> list[tuple[str, int, tuple[int, ...]]]:
        return [
            (each.text[box.start : box.start + len(box.edges) - 1], box.page, box.edges)
            for box in each.boxes
        ]

    assert len(alone.boxes) > 2
    assert placed(report) == placed(alone)


def test_a_mail_that_hands_on_one_report() -> None:
    """What one attachment states counts where the mail says next to nothing itself."""
    message = mail("See attached.", From="Jo <jo@example.org>")
    attach(message, NOTE, "b.md")
    report = read(message)
    assert report.stated == {"title": "b.md", "tickers": "NVDA", "publisher": "Harbour Research"}
    assert report.stated_in == "headers of the mail and b.md"
    attach(message, NOTE, "c.md")
    assert read(message).stated == {}
    message = mail(PROSE * 3, Subject="Costs")
    attach(message, NOTE, "b.md")
    assert read(message).stated == {"title": "Costs"}


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"PK\x03\x04 not to be unpacked", "bomb.zip", "is not in a format"),
        (b"%PDF-1.7 broken", "a.pdf", ""),
        (b"", "a.txt", "is empty"),
        (b"\x7fELF\x00\x01", "a.txt", "holds bytes that are no text"),
        (b"no mail", "b.eml", "is no mail by its content"),
    ],
)
def test_an_attachment_that_cannot_be_read(content: bytes, name: str, reason: str) -> None:
    """An attachment that cannot be read costs only itself, and the report says why."""
    message = mail("Costs fell.")
    attach(message, content, name)
    attach(message, b"Prices rose.", "b.txt")
    first, unread, *others = said(read(message))
    assert first == ("paragraph", "Costs fell.")
    assert unread[1].startswith(f"Attachment {name} could not be read: {name}")
    assert reason in unread[1]
    assert others == [("heading", "b.txt"), ("paragraph", "Prices rose.")]


def test_a_bomb_that_is_attached() -> None:
    """An attached document that unpacks to a great deal is not read, and costs only itself."""
    message = mail("Costs fell.")
    attach(message, changed(text_document(), "word/document.xml", BOMB), "bomb.docx")
    first, unread = said(read(message))
    assert first == ("paragraph", "Costs fell.")
    assert unread[1].startswith("Attachment bomb.docx could not be read: bomb.docx")
    assert "MB" in unread[1]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("/etc/passwd.txt", "passwd.txt"),
        ("C:\\Windows\\a b.txt", "a b.txt"),
        ("a\u202etxt.exe.txt", "atxt.exe.txt"),
        ("报告.txt", "报告.txt"),
        ("..", "attachment 1.txt"),
        ("", "attachment 1.txt"),
        ("x" * 300 + ".txt", "x" * 116 + ".txt"),
    ],
)
def test_names_of_attachments(written: str, name: str) -> None:
    """Whatever an attachment calls itself, its name is a plain file name."""
    message = mail("Costs fell.")
    message.add_attachment("Prices rose.", filename=written)
    assert said(read(message))[1] == ("heading", name)


def test_a_name_with_a_nul() -> None:
    """A NUL in an attachment's name, encoded as names may be, is cut out of it."""
    named = b"Content-Disposition: attachment; filename*=utf-8''..%2Fa%00b%0A.txt\n\nPrices rose."
    content = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + named + b"\n--b--\n"
    assert said(read(content)) == [("heading", "ab .txt"), ("paragraph", "Prices rose.")]


def test_what_is_passed_over() -> None:
    """Pictures within the text and signatures are no attachments; other pictures are."""
    message = mail("Costs fell.", "<p>Costs fell.</p><img src='cid:a'>")
    message.add_attachment(
        b"\x89PNG", maintype="image", subtype="png", cid="<a>", disposition="inline"
    )
    attach(message, b"x", "signature.asc", "pgp-signature")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="chart.png")
    assert [text[:20] for _, text in said(read(message))] == ["Costs fell.", "Attachment chart.png"]


def test_mails_in_mails() -> None:
    """An attached mail is read like the one it is in, a level deeper, down to the fifth."""
    inner = mail("It is level 0.", Subject="Mail 0")
    attach(inner, b"# Costs\n\nThey fell.", "a.md")
    for level in range(1, 8):
        outer = mail(f"It is level {level}.", Subject=f"Mail {level}")
        if level == 7:
            attach(outer, inner.as_bytes(), "Mail 6.eml")
        else:
            outer.add_attachment(inner)
        inner = outer
    report = read(inner)
    headings = [(report.text[block.start : block.end], block.level) for block in report.blocks]
    assert [each for each in headings if each[1]] == [
        ("Mail 6.eml", 1),
        *((f"Mail {6 - deep}", deep + 1) for deep in range(1, 5)),
    ]
    assert report.text.endswith("Attachment Mail 1 was not read: it is in more than 5 mails.")


def test_headings_of_attached_mails_are_deeper() -> None:
    """A heading in a file attached to an attached mail stands below both their names."""
    inner = mail("Costs fell.", Subject="Inner / one")
    attach(inner, b"# Costs", "a.md")
    outer = mail("See below.")
    outer.add_attachment(inner)
    report = read(outer)
    levels = [(report.text[block.start : block.end], block.level) for block in report.blocks]
    assert levels[1:] == [
        ("Inner - one", 1),
        ("Costs fell.", None),
        ("a.md", 2),
        ("Costs", 3),
    ]


PART = b"--b\nContent-Disposition: attachment; filename=a.txt\n\nPrices rose.\n"


def test_too_many_attachments() -> None:
    """Of very many attachments the first hundred are read, and the report says so."""
    report = read(b"Content-Type: multipart/mixed; boundary=b\n\n" + PART * 300)
    texts = [text for _, text in said(report)]
    assert texts.count("a.txt") == 100
    assert texts[-1] == "Attachments behind the first 100 were not read."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 10_001,
            "more than 10000",
        ),
        (
            b"".join(
                b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (at, at)
                for at in range(3_000)
            ),
            "without end",
        ),
        (b"Content-Type: message/rfc822\n\n" * 5_000, "without end"),
        (b"Costs fell.", "is no mail by its content"),
        (b"<html><body>Costs fell: much.</body></html>", "is no mail by its content"),
        (b"PK\x03\x04", "is a zip archive"),
        (b"Subject: a\n\n", "holds no text; check"),
        (
            b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: image/png\n\nx",
            "what is attached cannot be read",
        ),
    ],
)
def test_mails_that_are_refused(content: bytes, reason: str) -> None:
    """A mail of endless parts, one that says nothing and what is no mail are refused by name."""
    with pytest.raises(ParseError, match=r"^a\.eml") as refused:
        parse(content, "a.eml")
    assert reason in str(refused.value)


def test_a_mail_whose_parts_are_not_parted() -> None:
    """The text of a mail that names no boundary between its parts is read."""
    content = b"Subject: a\nContent-Type: multipart/mixed\n\nCosts fell."
    assert said(read(content)) == [("paragraph", "Costs fell.")]


@pytest.mark.parametrize("charset", [b'"a\x00b"', b"idna", b"x-unheard-of", b"utf-8'en'%00"])
def test_a_body_in_an_encoding_that_is_none(charset: bytes) -> None:
    """A garbled name of an encoding does not keep what is in a usual one from being read."""
    content = b"Content-Type: text/plain; charset=" + charset + "\n\nCosts fell. 价格。".encode()
    assert said(read(content)) == [("paragraph", "Costs fell. 价格。")]


PAGE = (
    b"From: <Saved by a browser>\nSubject: A\nDate: Tue, 05 Mar 2024 08:00:00 +0000\n"
    b"Snapshot-Content-Location: https://example.org/a\nMIME-Version: 1.0\n"
    b'Content-Type: multipart/related; type="text/html"; boundary="b"\n\n--b\n'
    b"Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n"
    b"<html lang=3D'en'><head><title>Costs</title></head><body><h1>Costs</h1><p>They =\nfell.</p>"
    b"</body></html>\n--b\nContent-Type: image/png\n\nx\n--b--\n"
)


@pytest.mark.parametrize("suffix", ["mhtml", "mht"])
def test_a_page_saved_as_one_file(suffix: str) -> None:
    """A page in one file with its pictures is read as the page, the day of saving not stated."""
    report = parse(PAGE, f"a.{suffix}")
    assert said(report) == [("heading", "Costs"), ("paragraph", "They fell.")]
    assert report.stated == {"title": "Costs", "language": "en", "url": "https://example.org/a"}


def test_lines_that_flow_on() -> None:
    """Lines that a mail program broke go on; a quotation and a signature do not."""
    mail = (
        b"Subject: a\nContent-Type: text/plain; format=flowed\n\nCosts rose by \n5 % in \nall.\n"
        b"> They fell. \n-- \nNorthfield"
    )
    lines = [text for _, text in said(parse(mail, "a.eml"))]
    assert lines == ["Costs rose by 5 % in all.", "> They fell.", "--", "Northfield"]


def test_a_file_without_a_page() -> None:
    """A saved file with no page in it is refused."""
    with pytest.raises(ParseError, match=r"^a\.mhtml holds no web page"):
        parse(b"Content-Type: image/png\n\nx", "a.mhtml")


words = st.text(st.sampled_from("abcdefgh中文é"), min_size=1, max_size=12)


@given(words, st.lists(words, max_size=4))
@settings(max_examples=40)
def test_what_is_written_is_found(body: str, attached: list[str]) -> None:
    """What a mail says and what is attached to it are found in the order they were written in."""
    message = mail(body, Subject=body)
    for place, text in enumerate(attached):
        attach(message, text.encode(), f"{place}.txt")
    expected = [("paragraph", body)]
    for place, text in enumerate(attached):
        expected += [("heading", f"{place}.txt"), ("paragraph", text)]
    assert said(read(message)) == expected


def _full_mail() -> bytes:
    message = mail("They rosé.", HTML, Subject="存储", From="Northfield Securities <a@example.org>")
    attach(message, NOTE, "../报告.md")
    attach(message, b"Prices rose.", "b.txt")
    inner = mail("Costs fell.", Subject="Inner")
    attach(inner, NOTE, "c.md")
    message.add_attachment(inner)
    return message.as_bytes()


@given(damaged(_full_mail()))
@settings(max_examples=60)
def test_a_damaged_mail_is_read_or_refused(content: bytes) -> None:
    """Whatever befell a mail, it is read wholly or refused by name."""
    assert_read_or_refused(content, "a.eml")


@given(damaged(PAGE))
@settings(max_examples=60)
def test_a_damaged_file_is_read_or_refused(content: bytes) -> None:
    """Whatever befell a page saved as one file, it is read wholly or refused by name."""
    assert_read_or_refused(content, "a.mhtml")
