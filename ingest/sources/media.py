"""From what a server says of a document to the name by which it is parsed."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from email.message import Message
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from ingest.errors import SourceError
from ingest.formats import SUFFIXES, is_page, is_pdf
from ingest.language.encodings import encoding_meant

_OFFICE = "application/vnd.openxmlformats-officedocument"
_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/plain": ".txt",
    "application/epub+zip": ".epub",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "message/rfc822": ".eml",
    f"{_OFFICE}.wordprocessingml.document": ".docx",
    f"{_OFFICE}.presentationml.presentation": ".pptx",
    f"{_OFFICE}.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-word.document.macroenabled.12": ".docm",
    "application/vnd.ms-powerpoint.presentation.macroenabled.12": ".pptm",
    "application/vnd.ms-excel.sheet.macroenabled.12": ".xlsm",
    "multipart/related": ".mhtml",
    "application/x-mimearchive": ".mhtml",
}
# what servers say of whatever they do not know
_ANYTHING = frozenset(
    {"", "application/octet-stream", "binary/octet-stream", "application/x-download"}
    | {"application/force-download", "application/download", "unknown/unknown"}
)
_PLAIN_TEXT = frozenset({".txt", ".md", ".markdown", ".csv", ".tsv", ".html", ".htm"})
_MAILS = frozenset({".eml", ".mhtml", ".mht"})
_ZIPPED = frozenset({".docx", ".pptx", ".xlsx", ".docm", ".pptm", ".xlsm"})
# what servers call by one type; which of them it is, the name tells
_SEVERAL = {
    "text/plain": _PLAIN_TEXT | _MAILS,
    "message/rfc822": _MAILS,
    "multipart/related": _MAILS,
    "application/vnd.ms-excel": frozenset({".csv", ".tsv", ".xlsx", ".xlsm"}),
    "application/zip": _ZIPPED,
    "application/x-zip-compressed": _ZIPPED,
}
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DECLARES = re.compile(rb"<meta[^>]{1,200}?charset|<\?xml[^>]{1,200}?encoding", re.IGNORECASE)
_DECLARED_WITHIN = 4096
_LONGEST = 80  # characters of a name's last part
_NAMELESS = "index"


@dataclass(frozen=True, slots=True)
class Document:
    """What was fetched, as a parser takes it.

    Attributes:
        name: host and last part of the address, with the suffix that a parser goes by.
        content: its bytes, as they were sent, unless the server alone said in which encoding
            they are; then UTF-8 with its mark.
    """

    name: str
    content: bytes


def document(content: bytes, url: str, content_type: str, disposition: str = "") -> Document:
    """Make a document of what was fetched.

    Args:
        content: its bytes.
        url: where they lie.
        content_type: the header that says what they are.
        disposition: the header that may give them a file name.

    Raises:
        SourceError: it is in no format that Footnote reads.
    """
    kind, charset = _parts_of(content_type)
    file_name = _file_name(disposition)
    suffix = _by_type(kind, url, file_name) or _by_content(content)
    if suffix is None or suffix not in SUFFIXES:
        raise SourceError(
            f"{shown(url)} is of a kind that Footnote does not read "
            f"({kind[:60] or 'its server does not say which'}); "
            f"it reads {', '.join(sorted(SUFFIXES))}"
        )
    return Document(_name(url, file_name, suffix), _with_mark(content, suffix, charset))


def suffix_of(content_type: str, url: str) -> str | None:
    """The suffix of what is said to be of a type, by its address where that says nothing.

    None where neither tells, or Footnote does not read it.
    """
    suffix = _by_type(_parts_of(content_type)[0], url, "")
    return suffix if suffix in SUFFIXES else None


def shown(url: str) -> str:
    """An address as people are told: without user, password and query, which may be secret."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "the address"
    query = "?…" if parts.query else ""
    return _printable(f"{parts.scheme}://{host}{parts.path}")[:300] + query


def name_of(url: str) -> str:
    """What people call an address of which nothing was fetched: host and last part."""
    last = _last_part(url)
    return f"{_host(url)}/{last}" if last else _host(url)


def _parts_of(content_type: str) -> tuple[str, str]:
    """Type and charset of the header, in lower case; empty where it does not say."""
    kind, _, rest = content_type.partition(";")
    message = Message()
    message["Content-Type"] = f"text/plain;{_printable(rest)}"
    return kind.strip().lower(), (message.get_content_charset() or "").strip().lower()


def _file_name(disposition: str) -> str:
    """The file name in the header; empty where there is none."""
    if not disposition:
        return ""
    message = Message()
    message["Content-Disposition"] = _printable(disposition)
    return PurePosixPath((message.get_filename() or "").replace("\\", "/")).name


def _by_type(kind: str, url: str, file_name: str) -> str | None:
    """The suffix by type and address, in lower case; None where neither tells."""
    by_name = PurePosixPath(file_name or _last_part(url)).suffix.lower()
    may_be = _SEVERAL.get(kind, SUFFIXES if kind in _ANYTHING else frozenset())
    return by_name if by_name in may_be else _SUFFIXES.get(kind)


def _by_content(content: bytes) -> str | None:
    if is_pdf(content):
        return ".pdf"
    return ".html" if is_page(content) else None


def _name(url: str, file_name: str, suffix: str) -> str:
    last = _printable(file_name)[-_LONGEST:] if file_name else _last_part(url) or _NAMELESS
    if PurePosixPath(last).suffix.lower() != suffix:
        last = f"{last}{suffix}"
    return f"{_host(url)}/{last}"


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


def _last_part(url: str) -> str:
    """The last part of an address's path, readable; empty where there is none."""
    last = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    return _printable(unquote(last)).replace("/", " ")[-_LONGEST:].strip()


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())


def _with_mark(content: bytes, suffix: str, charset: str) -> bytes:
    """The bytes; as UTF-8 with its mark where the server alone says what else they are in."""
    if suffix not in _PLAIN_TEXT or not charset or content.startswith(_MARKS):
        return content
    if _DECLARES.search(content[:_DECLARED_WITHIN]) or _is_utf8(content):
        return content
    encoding = encoding_meant(charset)
    if encoding is None:
        return content
    try:
        return codecs.BOM_UTF8 + content.decode(encoding).encode("utf-8")
    except ValueError:
        return content  # the server is wrong; the parser goes by the bytes


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
