"""From the catalog's rows to the nouns of the library, and which rows a filter lets through."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    false,
    func,
    insert,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from ingest.library.schema import (
    carriers,
    indexes,
    origins,
    passages,
    placements,
    versions,
)
from ingest.records import Description, Filter, Passage, Period, Report, ReportKind

_PARAMETERS = 500  # below what any SQLite build takes in one statement

# a version, once for each address that it was read at and its report still is, or was at last
READABLE = versions.join(carriers, carriers.c.version_id == versions.c.id).join(
    origins,
    and_(origins.c.uri == carriers.c.uri, origins.c.report_id == versions.c.report_id),
)
LIVE_INDEX = select(indexes.c.id).where(indexes.c.state == "live").scalar_subquery()
DESCRIBED = (
    versions.c.title,
    versions.c.publisher,
    versions.c.published,
    versions.c.language,
    versions.c.pages,
    versions.c.tickers,
    versions.c.companies,
    versions.c.kind,
    versions.c.period_first,
    versions.c.period_last,
    versions.c.period_name,
    versions.c.currency,
    versions.c.known_from,
)
_live = versions.alias("live")
REPORT_COLUMNS = (
    versions.c.report_id,
    versions.c.number,
    versions.c.content_hash,
    *DESCRIBED,
    versions.c.live_from,
    versions.c.live_until,
    (
        ~select(_live.c.id)
        .where(_live.c.report_id == versions.c.report_id, _live.c.live_until.is_(None))
        .exists()
    ).label("withdrawn"),
    origins.c.name,
    origins.c.uri,
    origins.c.shelf,
)
PASSAGE_COLUMNS = (
    placements.c.passage_id,
    placements.c.ordinal,
    placements.c.start,
    placements.c.end,
    placements.c.page,
    placements.c.paragraph,
    passages.c.report_id.label("of_report"),
    passages.c.header,
    passages.c.text,
    passages.c.section,
    passages.c.heads,
    passages.c.unit,
    passages.c.groups,
)


def let_through(query: Select[Any], wanted: Filter) -> Select[Any]:
    """A query over `READABLE`, narrowed to the versions that a filter lets through.

    Who may read a version is decided by where it was read and where that lies now, also for
    what was live in the past.
    """
    if wanted.as_of is None:
        query = query.where(versions.c.live_until.is_(None))
    else:
        day = wanted.as_of.date()
        query = query.where(
            versions.c.live_from <= wanted.as_of,
            or_(versions.c.live_until.is_(None), versions.c.live_until > wanted.as_of),
            or_(versions.c.published.is_(None), versions.c.published <= day),
        )
    if wanted.shelves is not None:
        query = query.where(origins.c.shelf.in_(sorted(wanted.shelves)))
    if wanted.publishers is not None:
        query = query.where(versions.c.publisher.in_(sorted(wanted.publishers)))
    if wanted.companies is not None:
        query = query.where(or_(false(), *map(_about, sorted(wanted.companies))))
    if wanted.since is not None:
        query = query.where(versions.c.published >= wanted.since)
    if wanted.until is not None:
        query = query.where(versions.c.published <= wanted.until)
    if wanted.reports is not None:
        query = query.where(versions.c.report_id.in_(sorted(wanted.reports)))
    return query


def _about(company: str) -> ColumnElement[bool]:
    """Whether a version is about a company, whose name or ticker stands in a list kept as JSON."""
    # SQLite knows the two cases of ASCII letters alone
    name = re.sub("[A-Z]+", lambda letters: letters[0].lower(), company)
    written = json.dumps(name, ensure_ascii=False)
    lists = (versions.c.companies, versions.c.tickers)
    return or_(
        func.lower(versions.c.publisher) == name,
        *(func.lower(type_coerce(each, Text)).contains(written, autoescape=True) for each in lists),
    )


def report_of(row: Any) -> Report:
    """The report of a row of `REPORT_COLUMNS`."""
    return Report(
        id=row.report_id,
        version=row.number,
        description=description_of(row),
        name=row.name,
        uri=row.uri,
        shelf=row.shelf,
        content_hash=row.content_hash,
        live_from=row.live_from,
        live_until=row.live_until,
        withdrawn=bool(row.withdrawn),
    )


def description_of(row: Any) -> Description:
    """The description in a row of versions."""
    return Description(
        title=row.title,
        publisher=row.publisher,
        published=row.published,
        language=row.language,
        pages=row.pages,
        tickers=row.tickers,
        companies=row.companies,
        kind=ReportKind(row.kind) if row.kind else None,
        period=(
            Period(row.period_first, row.period_last, row.period_name) if row.period_first else None
        ),
        currency=row.currency,
        known_from=row.known_from,
    )


def described(about: Description) -> dict[str, object]:
    """The columns of `DESCRIBED` that hold a description."""
    period = about.period
    return {
        "title": about.title,
        "publisher": about.publisher,
        "published": about.published,
        "language": about.language,
        "pages": about.pages,
        "tickers": about.tickers,
        "companies": about.companies,
        "kind": about.kind,
        "period_first": period.first if period else None,
        "period_last": period.last if period else None,
        "period_name": period.name if period else None,
        "currency": about.currency,
        "known_from": about.known_from,
    }


def passage_of(row: Any) -> Passage:
    """The passage of a row of `PASSAGE_COLUMNS`."""
    return Passage(
        id=row.passage_id,
        report=row.of_report,
        ordinal=row.ordinal,
        start=row.start,
        end=row.end,
        page=row.page,
        paragraph=row.paragraph,
        header=row.header,
        text=row.text,
        section=row.section,
        heads=row.heads,
        unit=row.unit,
        groups=row.groups,
    )


def place(connection: Connection, version_id: int, held: Sequence[Passage], index_id: int) -> None:
    """Place the passages of a version in an index; what is placed already stays as it is.

    Args:
        connection: in a transaction.
        version_id: row id of the version.
        held: its passages, in order, at least one.
        index_id: of the index.
    """
    texts = {
        passage.id: {
            "id": passage.id,
            "report_id": passage.report,
            "header": passage.header,
            "text": passage.text,
            "section": passage.section,
            "heads": passage.heads,
            "unit": passage.unit,
            "groups": passage.groups,
        }
        for passage in held
    }
    connection.execute(upsert(passages).on_conflict_do_nothing(), list(texts.values()))
    connection.execute(
        upsert(placements).on_conflict_do_nothing(),
        [
            {
                "index_id": index_id,
                "version_id": version_id,
                "ordinal": passage.ordinal,
                "passage_id": passage.id,
                "start": passage.start,
                "end": passage.end,
                "page": passage.page,
                "paragraph": passage.paragraph,
            }
            for passage in held
        ],
    )


def copy_placements(
    connection: Connection, which: ColumnElement[bool], **instead: ColumnElement[Any]
) -> None:
    """Place passages once more as they are placed already.

    Args:
        connection: in a transaction.
        which: of the placements.
        instead: columns that are another in the copy.
    """
    connection.execute(
        insert(placements).from_select(
            [column.name for column in placements.c],
            select(*(instead.get(column.name, column) for column in placements.c)).where(which),
        )
    )


def placed(version_id: int) -> ColumnElement[bool]:
    """The placements of a version in whatever index, by way of their key."""
    return placements.c.index_id.in_(select(indexes.c.id)) & (placements.c.version_id == version_id)


def batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """The values in runs short enough for one statement."""
    for start in range(0, len(values), _PARAMETERS):
        yield values[start : start + _PARAMETERS]
