"""Mails, with what is attached to them, and web pages saved as one file."""

from __future__ import annotations

import mimetypes
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from ingest.errors import ParseError
from ingest.language.houses import looks_like_house
from ingest.parse.characters import decode
from ingest.parse.html import parse_html, write_fragment
from ingest.parse.text import report_of
from ingest.parse.writer import ReportWriter
from ingest.records import BlockKind, LineBox, ParsedReport

if TYPE_CHECKING:
    from email.message import Message

Parser = Callable[[bytes, str], ParsedReport]

_DEEPEST = 5  # mails within mails that are read
_MOST_ATTACHED = 100
_MOST_PARTS = 10_000  # lines that may part a mail; each costs an object
_LONGEST_NAME = 120
_BRIEF = 200  # characters of a mail that merely hands on what is attached
_PART_OF_PLAIN = 0.8  # of the plain text's letters; HTML that holds fewer is no match for it
_SIGNATURES = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
    | {"application/pgp-keys"}
)
_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:>?From [^\n]+\n)?[!-9;-~]+[ \t]*:")
_PARTING = re.compile(rb"^--", re.MULTILINE)
# where a mail program broke a line that goes on; the line above a signature does not
_FLOWS_ON = re.compile(r"(?<!^--) \n(?=[^>\s])(?!-- \n)", re.MULTILINE)
_HANDED_ON = re.compile(
    r"(?:\s*(?:re|fwd?|aw|wg|tr|转发|回复|答复)\s*(?:\[\d+\])?\s*[:：])+\s*", re.IGNORECASE
)


def parse_eml(content: bytes, name: str, parse: Parser) -> ParsedReport:
    """Parse a mail with its attachments.

    Args:
        content: the mail's bytes.
        name: its name, for messages.
        parse: reads an attachment by its bytes and its name.

    Returns:
        The report: what the mail says, then each attachment under a heading of its name, in a
        paragraph why where it cannot be read. Pages are the attachments' own. Stated are its
        subject, its day, and its sender where that has the name of a house; what one attachment
        states of itself counts, where the mail only hands it on.

    Raises:
        ParseError: the bytes are no mail, or hold nothing that can be read.
    """
    message = _message(content, name)
    mail = _Mail(parse)
    mail.write(message, depth=0)
    if not mail.read and mail.unread:
        message_text = f"{name} holds no text, and what is attached cannot be read: {mail.unread}"
        raise ParseError(message_text)
    stated = _stated(message)
    if mail.length_of_body > _BRIEF or len(mail.attached) != 1:
        return mail.writer.report(stated, stated_in="headers of the mail")
    ((attached, report),) = mail.attached
    stated = {"title": attached, **report.stated, **stated}
    return mail.writer.report(stated, stated_in=f"headers of the mail and {attached}")


def parse_mhtml(content: bytes, name: str) -> ParsedReport:
    """Parse a web page saved with all it shows as one file (MHTML).

    Args:
        content: the file's bytes.
        name: its name, for messages.

    Returns:
        The report, as of the page alone.

    Raises:
        ParseError: the bytes are no such file, or the page in it cannot be read.
    """
    message = _message(content, name)
    pages = (part for part in _leaves(message) if part.get_content_type() == "text/html")
    page = next(pages, None)
    if page is None:
        error = f"{name} holds no web page; save it anew from the browser"
        raise ParseError(error)
    report = parse_html(_bytes_of(page), name)
    address = _header(message, "Snapshot-Content-Location") or _header(page, "Content-Location")
    if re.match(r"https?://\S+\Z", address):
        return replace(report, stated={"url": address, **report.stated})
    return report


class _Mail:
    """Writes a mail, and the mails and files in it, into one report.

    Attributes:
        writer: takes the blocks.
        read: whether anything was read, be it of the mail or of what is attached.
        unread: why the first attachment that cannot be read cannot; empty where there is none.
        attached: the attachments that were read, with their names.
        length_of_body: characters the mail itself says.
    """

    def __init__(self, parse: Parser) -> None:
        self.writer = ReportWriter()
        self.read = False
        self.unread = ""
        self.attached: list[tuple[str, ParsedReport]] = []
        self.length_of_body = 0
        self._parse = parse
        self._count = 0

    def write(self, message: Message, depth: int) -> None:
        """Write a mail and what is attached to it.

        Args:
            message: the mail.
            depth: how many mails it is in.
        """
        bodies: list[Message] = []
        attachments: list[Message] = []
        for part in _leaves(message):
            (attachments if _is_attached(part) else bodies).append(part)
        for body in bodies:
            report = _body(body)
            self.read = self.read or bool(report.blocks)
            self.length_of_body += len(report.text) if depth == 0 else 0
            self._append(report, depth)
        for part in attachments:
            if not _is_passed_over(part):
                self._write_attachment(part, depth)

    def _write_attachment(self, part: Message, depth: int) -> None:
        """Write an attachment under its name, or why it cannot be read."""
        self._count += 1
        if self._count > _MOST_ATTACHED:
            if self._count == _MOST_ATTACHED + 1:
                self._refuse(f"Attachments behind the first {_MOST_ATTACHED} were not read.")
            return
        name = _name_of(part, self._count)
        try:
            if _is_mail(part, name):
                inner = _message_in(part, name)
                if depth == _DEEPEST:
                    self._refuse(
                        f"Attachment {name} was not read: it is in more than {_DEEPEST} mails."
                    )
                    return
                self.writer.add(BlockKind.HEADING, name, level=depth + 1)
                self.write(inner, depth + 1)
                return
            report = self._parse(_bytes_of(part), name)
        except ParseError as error:
            self._refuse(f"Attachment {name} could not be read: {error}")
            return
        self.read = True
        self.attached.append((name, report))
        self.writer.add(BlockKind.HEADING, name, level=depth + 1)
        self._append(report, depth + 1)

    def _refuse(self, reason: str) -> None:
        """Write why something is not read."""
        self.unread = self.unread or reason
        self.writer.add(BlockKind.PARAGRAPH, reason)

    def _append(self, report: ParsedReport, deeper: int) -> None:
        """Write the blocks, tables and boxes of another report, its headings so much deeper."""
        before = self.writer.count
        boxes: dict[int, list[LineBox]] = {}
        places = iter(report.blocks)
        block = next(places, None)
        for box in report.boxes:
            while block is not None and box.start >= block.end:
                block = next(places, None)
            if block is not None:
                boxes.setdefault(block.paragraph, []).append(
                    replace(box, start=box.start - block.start)
                )
        tables = {table.last: table for table in report.tables}
        for block in report.blocks:
            text = report.text[block.start : block.end]
            level = None if block.level is None else block.level + deeper
            self.writer.add(block.kind, text, block.page, level, boxes.get(block.paragraph, ()))
            table = tables.get(block.paragraph)
            if table is not None:
                self.writer.name_columns(
                    before + table.first, table.heads, table.unit, table.groups
                )


def _message(content: bytes, name: str) -> Message:
    """A mail as the standard library reads it, its headers as they are written.

    Headers are decoded here: the library's own reading of them fails on some that are damaged.
    """
    from email import message_from_bytes
    from email.policy import compat32

    if not _HEADER.match(content):
        message = f"{name} is no mail by its content; save it anew from the mail program"
        raise ParseError(message)
    if len(_PARTING.findall(content)) > _MOST_PARTS:
        message = f"{name} has more than {_MOST_PARTS} parts; save what matters in it alone"
        raise ParseError(message)
    try:
        return message_from_bytes(content, policy=compat32)
    except RecursionError as error:
        message = f"{name} has parts in parts without end; save what matters in it alone"
        raise ParseError(message) from error


def _leaves(message: Message) -> Iterator[Message]:
    """The parts of a mail that hold something, in order; of alternatives only the richest."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        inner = _inside(part)
        if part.get_content_maintype() != "multipart" or not inner:
            yield part
        elif part.get_content_subtype() == "alternative":
            waiting += _chosen(inner)
        else:
            waiting += reversed(inner)


def _inside(part: Message) -> list[Message]:
    """The parts that a part consists of; of a mail that is attached, itself."""
    from email.message import Message

    # asked for text it would decode it, and fail on an encoding of a garbled name
    inner = part.get_payload() if part.is_multipart() else []
    return [each for each in inner if isinstance(each, Message)]


def _chosen(alternatives: list[Message]) -> list[Message]:
    """The alternative that says most, the last of them as senders have it."""
    plain = [part for part in alternatives if part.get_content_type() == "text/plain"]
    rich = [
        part
        for part in alternatives
        if part.get_content_type() == "text/html" or part.is_multipart()
    ]
    if not rich:
        return plain[-1:] or alternatives[-1:]
    if not plain or rich[-1].get_content_type() != "text/html":
        return rich[-1:]
    poor = _letters(_body(rich[-1])) < _letters(_body(plain[-1])) * _PART_OF_PLAIN
    return plain[-1:] if poor else rich[-1:]


def _letters(report: ParsedReport) -> int:
    """How many characters of a report are no white space."""
    return len("".join(report.text.split()))


def _body(part: Message) -> ParsedReport:
    """What a part of a mail says; nothing where its bytes are no text."""
    writer = ReportWriter()
    charset = part.get_param("charset")
    try:
        text = decode(_bytes_of(part), "the mail", charset if isinstance(charset, str) else None)
    except ParseError:
        return writer.report({})
    if part.get_content_type() != "text/html":
        is_flowed = str(part.get_param("format")).lower() == "flowed"
        return report_of(_FLOWS_ON.sub(" ", text) if is_flowed else text)
    write_fragment(text, writer)
    return writer.report({})


def _is_attached(part: Message) -> bool:
    """Whether a part is a file of its own rather than what the mail says."""
    # parts that nothing parts, as where a mail is damaged, are text
    is_text = part.get_content_type() in {"text/plain", "text/html"}
    is_text = is_text or part.get_content_maintype() == "multipart"
    return not is_text or part.get_content_disposition() == "attachment" or bool(_file_name(part))


def _is_passed_over(part: Message) -> bool:
    """Whether an attachment is none to its reader: a picture in the text, or a signature."""
    shown = part.get_content_disposition() != "attachment" and bool(
        part.get("Content-ID") or part.get_content_disposition() == "inline"
    )
    picture = part.get_content_maintype() == "image" and shown
    return picture or part.get_content_type() in _SIGNATURES


def _is_mail(part: Message, name: str) -> bool:
    """Whether an attachment is a mail."""
    return part.get_content_type() == "message/rfc822" or PurePath(name).suffix.lower() == ".eml"


def _message_in(part: Message, name: str) -> Message:
    """The mail that is attached."""
    inner = _inside(part)
    return inner[0] if inner else _message(_bytes_of(part), name)


def _bytes_of(part: Message) -> bytes:
    """The bytes of a part as they were before it was sent; never more than the mail has."""
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError):  # damaged in a manner that the library does not mend
        return b""
    return content if isinstance(content, bytes) else b""


def _file_name(part: Message) -> str:
    """The name a part gives itself, decoded; empty where it gives none."""
    try:
        return _decoded(part.get_filename() or "")
    except (ValueError, LookupError, TypeError):
        return ""


def _name_of(part: Message, number: int) -> str:
    """The name of an attachment as a plain file name, whatever it calls itself.

    Folders before it go, and characters that nobody sees or that turn a name around.
    """
    written = _file_name(part) or _subject_in(part)
    seen = "".join(
        " " if letter.isspace() else letter
        for letter in written
        if letter.isspace() or not unicodedata.category(letter).startswith("C")
    )
    plain = " ".join(re.split(r"[/\\]", seen)[-1].split()).strip(" .")
    suffix = PurePath(plain).suffix[:_LONGEST_NAME]
    if not plain:
        plain = f"attachment {number}"
    if not suffix and part.get_content_type() != "message/rfc822":
        suffix = mimetypes.guess_extension(part.get_content_type()) or ""
        plain += suffix
    return plain if len(plain) <= _LONGEST_NAME else plain[: _LONGEST_NAME - len(suffix)] + suffix


def _subject_in(part: Message) -> str:
    """The subject of an attached mail, made fit for a name; empty of anything else."""
    inner = _inside(part) if part.get_content_type() == "message/rfc822" else []
    return re.sub(r"[/\\]", "-", _header(inner[0], "Subject")) if inner else ""


def _stated(message: Message) -> dict[str, str]:
    """What a mail's headers say of it."""
    from email.utils import parseaddr, parsedate_to_datetime

    subject = _HANDED_ON.sub("", _header(message, "Subject"), count=1)
    sender = parseaddr(_header(message, "From"))[0].strip("\"' ")
    try:
        published = parsedate_to_datetime(_header(message, "Date")).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        published = ""
    publisher = sender if looks_like_house(sender) else ""
    written = {"title": subject, "publisher": publisher, "published": published}
    return {key: value for key, value in written.items() if value}


def _header(message: Message, key: str) -> str:
    """A header on one line, decoded; empty where there is none."""
    written = (value for field, value in message.raw_items() if field.lower() == key.lower())
    return _decoded(str(next(written, "")))


def _decoded(written: str) -> str:
    """A header's text, of whatever encodings its words are in, and bare bytes as well."""
    from email.errors import MessageError
    from email.header import decode_header

    try:
        pieces = decode_header(written)
    except (MessageError, ValueError):
        pieces = [(written, None)]
    texts = []
    for piece, charset in pieces:
        raw = piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogateescape")
        try:
            texts.append(decode(raw, "the header", charset))
        except ParseError:
            texts.append(raw.decode("ascii", "replace"))
    return " ".join("".join(texts).split())
