"""What of the list of sources is due, and noting that it was fetched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from ingest.library.catalog import Catalog, Standing
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
    if _of_feeds(failed, listing):
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
    online = [each for each in catalog.standing() if not is_file_address(each.uri)]
    said = {entry.url: entry.publisher for entry in wanted if isinstance(entry, UrlEntry)}
    # of what another publisher is said it is read again, so that it is described by it
    seen |= {
        each.uri: each.seen
        for each in online
        if each.uri not in said or said[each.uri] == _publisher_of(each, listing)
    }
    listed = {entry.url for entry in wanted}
    if again and _of_feeds({failure.uri for failure in catalog.failures()}, listing):
        # a feed that has not changed may name what could not be had or read
        seen |= dict.fromkeys(entry.url for entry in wanted if isinstance(entry, FeedEntry))
    known = {uri: read_written(kept) for uri, kept in seen.items() if kept}
    for result in web.sources(wanted, known):
        yield result
        uri = result.source.uri if isinstance(result, Found | Failed) else result.uri
        if uri in listed:
            validators = written(result.validators) if isinstance(result, Polled) else None
            catalog.visit(uri, validators)


def _of_feeds(uris: set[str], listing: Listing) -> bool:
    """Whether some address on the web is one that no list names, so that a feed does."""
    listed = {url.url for url in listing.urls} | {feed.url for feed in listing.feeds}
    return any(uri not in listed and not is_file_address(uri) for uri in uris)


def _publisher_of(standing: Standing, listing: Listing) -> str | None:
    """The publisher that a list named of what was last read at an address."""
    said = (each.fields.get("publisher") for each in standing.told if each.where == listing.name)
    return next(said, None)
