"""What a feed, RSS or Atom, says of the pages and files that it names."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from html import escape
from typing import Any
from urllib.parse import urljoin, urlsplit

from ingest.errors import SourceError
from ingest.records import Told
from ingest.sources.media import shown, suffix_of

_LONGEST = 1000  # characters of whatever a feed says but an entry's text
_NUMBERED = re.compile(rb"&#(?:x([0-9a-f]{1,8})|([0-9]{1,8}));", re.IGNORECASE)
_HALVES = range(0xD800, 0xE000)  # halves of a character, which are no characters
_DECLARES = re.compile(rb"<!ENTITY", re.IGNORECASE)
_WHOLE_TEXT = 500  # characters; a shorter text of an entry is a foretaste of it


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed.

    Attributes:
        link: address of its page; None where it has none.
        files: addresses of the files that come with it, of kinds that Footnote reads.
        id: what the feed knows it by.
        title: its title, empty where it has none.
        published: the day it was published; None where it does not say.
        updated: when it was published and last changed, as written; empty where it does not say.
        publisher: who published it; empty where neither it nor its feed says.
        content: its whole text as a fragment of HTML; empty where the feed carries none.
    """

    link: str | None
    files: tuple[str, ...]
    id: str
    title: str
    published: date | None
    updated: str
    publisher: str
    content: str

    @property
    def stamp(self) -> str:
        """Another one when the feed says that the entry was changed."""
        return sha256(f"{self.id}\n{self.updated}".encode("utf-8", "replace")).hexdigest()[:32]

    @property
    def key(self) -> str:
        """The same as long as it is the same entry, as a part of an address."""
        return sha256((self.id or self.title).encode("utf-8", "replace")).hexdigest()[:16]

    @property
    def page(self) -> bytes | None:
        """Its text as a page of its own; None where the feed does not carry it whole."""
        if len(self.content) < _WHOLE_TEXT:
            return None
        title = escape(self.title)
        page = (
            f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title></head>'
            f"<body><article><h1>{title}</h1>{self.content}</article></body></html>"
        )
        return page.encode("utf-8", "replace")

    def told(self, feed: str) -> Told:
        """What the feed, by its address, says of the entry's report."""
        said = {
            "title": self.title,
            "publisher": self.publisher,
            "published": self.published.isoformat() if self.published else "",
        }
        fields = {key: value for key, value in said.items() if value}
        return Told(f"feed {urlsplit(feed).hostname or feed}", fields, first=False)


def entries(content: bytes, url: str, content_type: str = "") -> list[Entry]:
    """Read a feed. Nothing is fetched, whatever it holds.

    Args:
        content: its bytes.
        url: where they lie; relative links are relative to it.
        content_type: what its host says that it is, for the encoding.

    Returns:
        Its entries, the newest first where each has a day, else as they stand.

    Raises:
        SourceError: it is no feed, or declares entities, which could grow without bounds.
    """
    import feedparser  # type: ignore[import-untyped] # it carries no types

    if _DECLARES.search(content.replace(b"\x00", b"")):  # in UTF-16 as well
        raise SourceError(
            f"{shown(url)} declares entities, which no feed needs and which are not read; "
            "give another address of it"
        )

    headers = {"content-location": url, "content-type": content_type or "application/xml"}
    try:
        # as a stream: bytes by themselves would be taken for the name of a file
        stream = io.BytesIO(_NUMBERED.sub(_whole, content))
        feed = feedparser.parse(stream, response_headers=headers)
        found = list(_entries(feed, url))
    except Exception as error:  # (what may go wrong in it is not written anywhere)
        raise SourceError(
            f"{shown(url)} is a feed that cannot be read ({type(error).__name__}); "
            "give another address of it"
        ) from error
    if not feed.get("version"):
        raise SourceError(
            f"{shown(url)} is no feed, neither RSS nor Atom; give the address of the feed itself"
        )
    if all(entry.published for entry in found):
        found.sort(key=lambda entry: entry.published or date.min, reverse=True)
    return found


def _entries(feed: Any, url: str) -> Iterator[Entry]:
    site = _text(feed.get("feed", {}), "title")
    for entry in feed.get("entries", []):
        links = [link for link in _list(entry, "links") if _text(link, "href")]
        link = _text(entry, "link")
        files = tuple(
            file
            for each in links
            if _text(each, "rel") == "enclosure"
            and (file := _absolute(_text(each, "href"), url))
            and suffix_of(_text(each, "type"), file)
        )
        identity = _text(entry, "id")
        published, updated = _text(entry, "published"), _text(entry, "updated")
        yield Entry(
            link=_absolute(link, url) or _absolute(identity, "") or None,
            files=files,
            id=identity or link,
            title=_text(entry, "title"),
            published=_day(published) or _day_of(entry, "published_parsed", "updated_parsed"),
            updated=f"{published}\n{updated}".strip(),
            publisher=_text(entry, "publisher") or _text(_dict(entry, "source"), "title") or site,
            content=_content(entry),
        )


def _whole(number: re.Match[bytes]) -> bytes:
    """A numbered character; that for what is missing where it is half of one.

    Some programs number the halves in which they keep a character, and feedparser gives up there.
    """
    is_half = int(number[1] or number[2], 16 if number[1] else 10) in _HALVES
    return b"&#xFFFD;" if is_half else number[0]


def _absolute(link: str, base: str) -> str:
    """A link as an address of the web; empty where it is none."""
    if not link:
        return ""
    try:
        address = urljoin(base, link) if base else link
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in {"http", "https"} and parts.netloc else ""


def _content(entry: Any) -> str:
    """The longest text that an entry carries as HTML or plain text."""
    texts = []
    for part in _list(entry, "content"):
        value = dict.get(part, "value")
        if isinstance(value, str):
            plain = dict.get(part, "type") == "text/plain"
            texts.append(f"<p>{escape(value)}</p>" if plain else value)
    return max(texts, key=len, default="")


def _text(of: Any, key: str) -> str:
    """What stands under a key on one line; empty where no text stands there.

    Asked of the dictionary beneath, which neither answers with other keys nor warns of it.
    """
    value = dict.get(of, key)
    return " ".join(value.split())[:_LONGEST] if isinstance(value, str) else ""


def _list(of: Any, key: str) -> list[Any]:
    value = dict.get(of, key)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _dict(of: Any, key: str) -> dict[str, Any]:
    value = dict.get(of, key)
    return value if isinstance(value, dict) else {}


def _day(written: str) -> date | None:
    """The day of a time as it is written in RSS and in Atom, where it was written."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(written).date()
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None


def _day_of(entry: Any, *keys: str) -> date | None:
    """The day, in UTC, of the first of some keys that feedparser made a time of."""
    for key in keys:
        value = dict.get(entry, key)
        if value is not None:
            try:
                return date(*value[:3])
            except (ValueError, TypeError, OverflowError):
                continue
    return None
