"""What of the list of sources is due, and noting that it was fetched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from ingest.library.catalog import Catalog
from ingest.sources.folder import is_file_address
from ingest.sources.listing import FeedEntry, Listing, UrlEntry
from ingest.sources.online import Failed, Found, Polled, Result, Web, due, read_written, written


def due_now(
    listing: Listing, catalog: Catalog, *, again: bool = False
) -> list[UrlEntry | FeedEntry]:
    """The addresses and feeds of a list whose time has come.

    Args:
        listing: the list.
        catalog: knows when each was tried last.
        again: also those that failed then, and every feed where some entry did.

    Raises:
        LibraryError: the catalog failed.
    """
    if not listing.urls and not listing.feeds:
        return []
    failed = {failure.uri for failure in catalog.failures()} if again else set()
    listed = {url.url for url in listing.urls} | {feed.url for feed in listing.feeds}
    if any(uri not in listed and not is_file_address(uri) for uri in failed):
        failed |= {feed.url for feed in listing.feeds}
    last = {uri: at for uri, (at, _) in catalog.visits().items() if uri not in failed}
    return due(listing, last, datetime.now(UTC))


def fetched(listing: Listing, web: Web, catalog: Catalog, *, again: bool) -> Iterator[Result]:
    """Fetch what is due, and note of each that it was tried.

    Args:
        listing: the list.
        web: fetches.
        catalog: knows what each gave the last time.
        again: also what failed then, though its time has not come.

    Yields:
        What `Web.sources` does.

    Raises:
        LibraryError: the catalog failed.
    """
    wanted = due_now(listing, catalog, again=again)
    if not wanted:
        return
    seen = {uri: kept for uri, (_, kept) in catalog.visits().items()}
    seen |= {each.uri: each.seen for each in catalog.standing() if not is_file_address(each.uri)}
    listed = {entry.url for entry in wanted}
    if again:
        # a feed that has not changed may name what could not be had or read
        seen |= dict.fromkeys(entry.url for entry in wanted if isinstance(entry, FeedEntry))
    known = {uri: read_written(kept) for uri, kept in seen.items() if kept}
    for result in web.sources(wanted, known):
        yield result
        uri = result.source.uri if isinstance(result, Found | Failed) else result.uri
        if uri in listed:
            validators = written(result.validators) if isinstance(result, Polled) else None
            catalog.visit(uri, validators)
