"""Reports on the web: those at addresses that are listed, and those that feeds name."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Protocol

from ingest.errors import SourceError
from ingest.records import Source, Told
from ingest.sources.feed import Entry, entries
from ingest.sources.listing import FeedEntry, Listing, UrlEntry
from ingest.sources.media import document, name_of
from ingest.sources.web import Fetched, NotModified, Validators, canonical

_LARGEST_FEED = 2_000_000  # bytes; a feed made to be slow takes half a minute for each megabyte
_PATIENCE_SECONDS = 600.0  # for the entries of one feed, which may name hosts that do not answer
_NOTHING = Validators()


class Fetching(Protocol):
    """What is needed of whatever fetches."""

    def fetch(
        self,
        url: str,
        known: Validators | None = None,
        named_by: str | None = None,
        largest: int | None = None,
    ) -> Fetched | NotModified:
        """Fetch an address, unless it is still what it was; a `SourceError` says why not."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """A report that is new or may have changed.

    Attributes:
        source: where it lies; its `seen` are the validators as `written` writes them.
        content: its bytes.
        told: what is said of it, the weightiest first.
        validators: for the next time.
    """

    source: Source
    content: bytes
    told: tuple[Told, ...]
    validators: Validators


@dataclass(frozen=True, slots=True)
class Same:
    """A report that has not changed.

    Attributes:
        uri: its address.
        shelf: the shelf it lies on by now.
        validators: for the next time; the feed may have put another stamp on it.
    """

    uri: str
    shelf: str
    validators: Validators


@dataclass(frozen=True, slots=True)
class Failed:
    """A report or a feed that could not be had.

    Attributes:
        source: where it should lie.
        reason: what happened and what to do, one line.
    """

    source: Source
    reason: str


@dataclass(frozen=True, slots=True)
class Polled:
    """A feed that was read to its end.

    Attributes:
        uri: its address.
        validators: for the next time; empty where one of its entries failed or was left, so
            that the feed is read again although it has not changed.
    """

    uri: str
    validators: Validators


Result = Found | Same | Failed | Polled


def written(validators: Validators) -> str:
    """Write validators as one line of text, the same for the same."""
    said = {"etag": validators.etag, "modified": validators.modified, "stamp": validators.stamp}
    return json.dumps({key: value for key, value in said.items() if value}, sort_keys=True)


def read_written(text: str | None) -> Validators:
    """Read what `written` wrote; empty validators of anything else."""
    try:
        said = json.loads(text or "")
    except ValueError:
        return _NOTHING
    if not isinstance(said, dict):
        return _NOTHING
    keys = ("etag", "modified", "stamp")
    return Validators(*(v if isinstance(v := said.get(key), str) else None for key in keys))


def due(
    listing: Listing, last: Mapping[str, datetime], now: datetime
) -> list[UrlEntry | FeedEntry]:
    """The addresses and feeds of a list whose time has come, in its order.

    Args:
        listing: the list.
        last: when each was fetched, or tried, last, by its address.
        now: the time.
    """
    listed: list[UrlEntry | FeedEntry] = [*listing.urls, *listing.feeds]
    return [
        entry
        for entry in listed
        if entry.url not in last or not (last[entry.url] <= now < last[entry.url] + entry.every)
    ]


class Web:
    """Gives the reports on the web, one after the other.

    Args:
        fetcher: fetches them.
        list_name: file name of the list of sources, as people are told.
        clock: gives the time in seconds.
    """

    def __init__(
        self,
        fetcher: Fetching,
        list_name: str = "sources.toml",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetcher = fetcher
        self._list_name = list_name
        self._clock = clock

    def sources(
        self, wanted: Sequence[UrlEntry | FeedEntry], known: Mapping[str, Validators]
    ) -> Iterator[Result]:
        """Fetch what is wanted.

        Whatever cannot be had costs only itself. An entry of a feed that is known is fetched
        again only where the feed says that it changed. What a feed names no more is not gone:
        feeds roll. Where its entries take very long, the rest is left for the next time. Nothing
        is given twice.

        Args:
            wanted: addresses and feeds of the list.
            known: the validators that were given for reports and feeds, by their addresses.

        Yields:
            One result for each address and each entry of a feed, and `Polled` behind each feed
            that was read.
        """
        given = {entry.url for entry in wanted if isinstance(entry, UrlEntry)}
        for entry in wanted:
            if isinstance(entry, FeedEntry):
                yield from self._feed(entry, known, given)
            else:
                yield self._url(entry, known.get(entry.url))

    def _url(self, entry: UrlEntry, known: Validators | None) -> Found | Same | Failed:
        try:
            fetched = self._fetcher.fetch(entry.url, known)
            if isinstance(fetched, NotModified):
                return Same(entry.url, entry.shelf, fetched.validators)
            return _found(fetched, entry.url, entry.shelf, self._listed(entry), None)
        except SourceError as error:
            return Failed(Source(entry.url, name_of(entry.url), entry.shelf), str(error))

    def _feed(
        self, feed: FeedEntry, known: Mapping[str, Validators], given: set[str]
    ) -> Iterator[Result]:
        try:
            fetched = self._fetcher.fetch(feed.url, known.get(feed.url), largest=_LARGEST_FEED)
            if isinstance(fetched, NotModified):
                yield Polled(feed.url, fetched.validators)
                return
            named = entries(fetched.content, fetched.url, fetched.content_type)
        except SourceError as error:
            yield Failed(Source(feed.url, name_of(feed.url), feed.shelf), str(error))
            return
        whole = True
        began = self._clock()
        for entry in islice(named, feed.limit):
            if self._clock() - began > _PATIENCE_SECONDS:
                whole = False
                break
            for result in self._entry(feed, entry, known, given):
                whole = whole and not isinstance(result, Failed)
                yield result
        yield Polled(feed.url, fetched.validators if whole else _NOTHING)

    def _entry(
        self, feed: FeedEntry, entry: Entry, known: Mapping[str, Validators], given: set[str]
    ) -> Iterator[Found | Same | Failed]:
        """What an entry names: its files, or else its page, or else the text in the feed."""
        told = (*self._listed(feed), entry.told(feed.url))
        for link in entry.files or (entry.link,):
            try:
                uri = canonical(link) if link else f"{feed.url}#{entry.key}"
            except SourceError as error:
                yield Failed(Source(str(link)[:300], name_of(feed.url), feed.shelf), str(error))
                continue
            if uri in given:
                continue
            given.add(uri)
            before = known.get(uri)
            if before is not None and before.stamp == entry.stamp:
                yield Same(uri, feed.shelf, before)
                continue
            yield self._linked(feed, entry, uri, before, told)

    def _linked(
        self,
        feed: FeedEntry,
        entry: Entry,
        uri: str,
        before: Validators | None,
        told: tuple[Told, ...],
    ) -> Found | Same | Failed:
        page = None if entry.files else entry.page
        reason = f"an entry of {name_of(feed.url)} has neither a link nor a text; leave it"
        if entry.files or entry.link:
            try:
                fetched = self._fetcher.fetch(uri, before, named_by=feed.url)
                if isinstance(fetched, NotModified):
                    return Same(uri, feed.shelf, replace(fetched.validators, stamp=entry.stamp))
                return _found(fetched, uri, feed.shelf, told, entry.stamp)
            except SourceError as error:
                reason = str(error)
        if page is None:
            return Failed(Source(uri, name_of(uri), feed.shelf), reason)
        validators = Validators(stamp=entry.stamp)
        name = f"{name_of(entry.link or feed.url).removesuffix('.html')}.html"
        return Found(Source(uri, name, feed.shelf, written(validators)), page, told, validators)

    def _listed(self, entry: UrlEntry | FeedEntry) -> tuple[Told, ...]:
        """What the list of sources says of an entry's reports."""
        if entry.publisher is None:
            return ()
        return (Told(self._list_name, {"publisher": entry.publisher}),)


def _found(
    fetched: Fetched, uri: str, shelf: str, told: tuple[Told, ...], stamp: str | None
) -> Found:
    read = document(fetched.content, fetched.url, fetched.content_type, fetched.disposition)
    validators = replace(fetched.validators, stamp=stamp)
    return Found(Source(uri, read.name, shelf, written(validators)), read.content, told, validators)
