"""The nouns of the library: sources, parsed reports, passages and what a search returns.

Everything here is frozen and imports the standard library alone, so that both sides of
the house, ingestion and answering, can share it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a report outside it: beside its file, by a feed, by the list of sources.

    Attributes:
        where: where it is said, as people are told: "note.pdf.toml", "sources.toml".
        fields: what is said, as written, by the keys of `ParsedReport.stated`.
        first: it is believed before what the report says of itself; else only where that says
            nothing.
    """

    where: str
    fields: Mapping[str, str]
    first: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """One place a report is read from.

    Attributes:
        uri: canonical address; two sources with one uri are one source.
        name: what people call it, for a file its file name.
        shelf: the shelf its report lies on.
        seen: how it looks from outside (size, times); one that looks the same again has not
            changed. None where that cannot be told without reading it.
        told: what is said of it outside of it, whoever is believed first in front.
    """

    uri: str
    name: str
    shelf: str
    seen: str | None = None
    told: tuple[Told, ...] = ()


class BlockKind(StrEnum):
    """What a block of a report's text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item or table row of a report.

    Attributes:
        kind: what it is.
        start: offset of its first character in the report's text.
        end: offset behind its last character.
        page: page it begins on, counted from 1; None where the format has no pages.
        paragraph: its place among the report's blocks, counted from 1.
        level: of a heading, how deep it stands, 1 the uppermost; None where that is not known,
            and of everything else.
    """

    kind: BlockKind
    start: int
    end: int
    page: int | None
    paragraph: int
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that are one table.

    Attributes:
        first: place among the report's blocks, from 1, of its first row, heads included.
        last: of its last row.
        heads: what stands above each of its columns, lines of heads joined by a space; empty
            strings above columns without one, nothing at all where the table has no heads.
        unit: what its figures are counted in, as printed ("in millions, except per share");
            empty where nothing is printed.
        groups: of each of its rows the lines it stands under ("Net sales"), uppermost first,
            ": " between them; empty strings of rows that stand under none, nothing at all
            where no row does.
    """

    first: int
    last: int
    heads: tuple[str, ...] = ()
    unit: str = ""
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineBox:
    """Where a stretch of a report's text stands on its page.

    Lengths are tenths of a point (1/720 inch), from the lower left corner of the page.

    Attributes:
        start: offset of its first character in the report's text.
        page: its page, from 1.
        bottom: lower edge of its letters.
        top: upper edge of its letters.
        edges: n + 1 places for n characters: the left edge of each, and the right edge of the
            last.
    """

    start: int
    page: int
    bottom: int
    top: int
    edges: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ParsedReport:
    """The text of a report and where its blocks stand.

    Attributes:
        text: the whole text; every offset of the library counts characters of it.
        blocks: in reading order, neither empty nor overlapping, all of the text that is
            not white space.
        stated: what the document says of itself by key (title, publisher, published, language,
            tickers, companies, kind, period, currency), as written: front matter and document
            properties. A key is absent where the document does not say.
        pages: number of pages, None where the format has none.
        tables: those of its tables that have heads or a unit, in reading order.
        boxes: where its text stands on its pages, in reading order; empty where the format has
            no pages.
        stated_in: where `stated` stands, as people are told ("front matter").
        remark: what of it could not be read, or not surely; empty where all was.
    """

    text: str
    blocks: tuple[Block, ...]
    stated: Mapping[str, str] = field(default_factory=dict)
    pages: int | None = None
    tables: tuple[Table, ...] = ()
    boxes: tuple[LineBox, ...] = ()
    stated_in: str = "properties of the document"
    remark: str = ""


class ReportKind(StrEnum):
    """What sort of report it is."""

    BROKER = "broker report"
    FILING = "filing"
    NEWS = "news"


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time that a report covers.

    Attributes:
        first: its first day.
        last: its last day.
        name: as people call it ("Q3 2023", "FY 2023").
    """

    first: date
    last: date
    name: str


@dataclass(frozen=True, slots=True)
class Description:
    """What is known of a report; None is unknown, never a guess.

    Attributes:
        title: its title, or its file name where it has none.
        publisher: the house that published it.
        published: the day it was published.
        language: ISO 639-1 code of most of its text.
        pages: number of pages, None where it has none.
        tickers: codes of the companies it is about, the exchange behind those that are numbers
            ("NVDA", "600519.SH"), the one it is most about first.
        companies: their names, likewise.
        kind: what sort of report it is.
        period: the time it covers.
        currency: ISO 4217 code of the money it counts in.
        known_from: where each field that is known was found, by the field's name, as people are
            told; two descriptions that say the same are equal wherever they have it from.
    """

    title: str
    publisher: str | None
    published: date | None
    language: str | None
    pages: int | None
    tickers: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    kind: ReportKind | None = None
    period: Period | None = None
    currency: str | None = None
    known_from: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Report:
    """One version of a report, as the catalog knows it.

    Attributes:
        id: stable through renames and revisions.
        version: counts a report's versions from 1.
        description: title, publisher, date, language, pages.
        name: file name (or address) it was last read from.
        uri: where it was last read from.
        shelf: the shelf it lies on.
        content_hash: SHA-256 of its bytes, hexadecimal.
        live_from: when this version went live, UTC.
        live_until: when it was revised or withdrawn, UTC; None while it is live.
        withdrawn: no version of the report is live.
    """

    id: str
    version: int
    description: Description
    name: str
    uri: str
    shelf: str
    content_hash: str
    live_from: datetime
    live_until: datetime | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """One version in the history of a report.

    Attributes:
        number: counts a report's versions from 1.
        description: title, publisher, date, language, pages.
        content_hash: SHA-256 of its bytes, hexadecimal.
        live_from: when it went live, UTC.
        live_until: when it was revised or withdrawn, UTC; None while it is live.
        swept: its passages were removed, because it was older than what is kept.
        passages: how many it holds; 0 once it is swept.
    """

    number: int
    description: Description
    content_hash: str
    live_from: datetime
    live_until: datetime | None
    swept: bool
    passages: int


@dataclass(frozen=True, slots=True)
class Origin:
    """A place a report is read from.

    Attributes:
        uri: its address.
        name: what people call it.
        shelf: the shelf it puts the report on.
        version: number of the report's version that was last read there.
        gone_at: when the last place of a dropped report went, UTC; None of one that stands.
    """

    uri: str
    name: str
    shelf: str
    version: int
    gone_at: datetime | None


class EventKind(StrEnum):
    """What became of a report."""

    ADDED = "added"
    REVISED = "revised"
    DESCRIBED = "described"
    DROPPED = "dropped"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Event:
    """A change of the library.

    Attributes:
        id: counts the changes; a later one has a higher id.
        at: when, UTC; never before the event in front of it, whatever the clock did.
        kind: what became of the report.
        report: its id.
        version: number of the version that went live, or that was dropped.
        title: of that version.
    """

    id: int
    at: datetime
    kind: EventKind
    report: str
    version: int
    title: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a report that is embedded and found as one.

    Attributes:
        id: hash of its report and of exactly what is embedded.
        report: id of its report.
        ordinal: its place among the passages of its version, from 0.
        start: offset of its first character in the report's text.
        end: offset behind its last character.
        page: page it begins on, from 1; None where there are none.
        paragraph: block it begins with, from 1.
        header: title, publisher, date, section and table heads; embedded before the text, never
            shown as text.
        text: what the report says, verbatim.
        section: the headings it stands under, uppermost first, " › " between them; empty
            where there are none.
        heads: of a passage of table rows, what stands above each column, as `Table.heads`.
        unit: of a passage of table rows, what its figures are counted in, as `Table.unit`.
        groups: of each of its table rows the lines it stands under, as `Table.groups`.
    """

    id: str
    report: str
    ordinal: int
    start: int
    end: int
    page: int | None
    paragraph: int
    header: str
    text: str
    section: str = ""
    heads: tuple[str, ...] = ()
    unit: str = ""
    groups: tuple[str, ...] = ()

    @property
    def embedded(self) -> str:
        """Exactly what is given to the embedder: the header, a line break, the text."""
        return f"{self.header}\n{self.text}"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which reports a search may return; None everywhere lets every live report through.

    Attributes:
        shelves: only reports on one of these shelves.
        publishers: only reports of one of these publishers.
        companies: only reports about one of these companies, by their names or tickers as reports
            have them, in any case of letters; a report is about its publisher too.
        since: only reports published on this day or later (an undated report is not).
        until: only reports published on this day or earlier (an undated report is not).
        reports: only these report ids.
        as_of: the library as it was at this moment, with a time zone: versions live then of
            reports published by that day (UTC). An undated report that the library held then was
            out by then. None for the library as it is.
    """

    shelves: frozenset[str] | None = None
    publishers: frozenset[str] | None = None
    companies: frozenset[str] | None = None
    since: date | None = None
    until: date | None = None
    reports: frozenset[str] | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Company:
    """A company that reports of the library are about.

    Attributes:
        names: what the library calls it, and other names it goes by.
        tickers: its codes.
    """

    names: tuple[str, ...]
    tickers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What the library holds, by the names that a question may use.

    Attributes:
        publishers: of its live reports, each once.
        titles: of its live reports, by their ids.
        companies: that its live reports are about.
    """

    publishers: tuple[str, ...] = ()
    titles: tuple[tuple[str, str], ...] = ()
    companies: tuple[Company, ...] = ()

    def __hash__(self) -> int:
        # it is looked up for each question: to hash every name would take most of its time
        return hash((len(self.publishers), len(self.titles), len(self.companies)))


@dataclass(frozen=True, slots=True)
class Look:
    """One thing that a library is searched for, by its vector where there is one, else by words.

    Attributes:
        limit: how many passages at most.
        text: words in any order.
        vector: one row, of the embedder that wrote the index.
        reports: only passages of these reports; None for all that the filter lets through.
    """

    limit: int
    text: str = ""
    vector: NDArray[np.float32] | None = None
    reports: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage a search found, with its report.

    Attributes:
        passage: what was found.
        report: the version that holds it.
        score: the search's own: cosine similarity (-1 to 1) of a dense search, BM25
            (0 upwards) of a lexical one.
    """

    passage: Passage
    report: Report
    score: float


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that could not be ingested, and why.

    Attributes:
        name: what people call the source.
        uri: its address.
        reason: what happened and what to do, one line.
        at: when, UTC.
        seen: how the source looked from outside then; None where that says nothing.
    """

    name: str
    uri: str
    reason: str
    at: datetime
    seen: str | None = None


class Outcome(StrEnum):
    """What became of one source in a run."""

    ADDED = "added"
    CHANGED = "changed"
    RENAMED = "renamed"
    UNCHANGED = "unchanged"
    DROPPED = "dropped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Row:
    """One source's outcome in a run.

    Attributes:
        name: what people call the source.
        outcome: what became of it.
        reason: why, for a failure; empty otherwise.
        passages: passages written for it.
    """

    name: str
    outcome: Outcome
    reason: str = ""
    passages: int = 0


@dataclass(frozen=True, slots=True)
class IngestRun:
    """What one run of ingestion did.

    Attributes:
        rows: one per source, in the order they were taken.
        vanished: names of reports whose source is gone but which were not dropped.
        refused: why they were not dropped although that was asked; empty otherwise.
        seconds: how long it took.
    """

    rows: tuple[Row, ...]
    vanished: tuple[str, ...]
    refused: str
    seconds: float

    def count(self, outcome: Outcome) -> int:
        """How many sources had this outcome."""
        return sum(row.outcome is outcome for row in self.rows)


@dataclass(frozen=True, slots=True)
class Findings:
    """What looking after the library found and did.

    Attributes:
        wrong: what is wrong with the library, a sentence each.
        done: what was done, a sentence each.
        seconds: how long it took.
    """

    wrong: tuple[str, ...]
    done: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """The library at a glance.

    Attributes:
        reports: live reports.
        passages: live passages.
        undated: live reports without a published date.
        newest: the latest published date, None where none is known.
        last_ingest: when the last run of ingestion ended, UTC; None before the first.
        running: what ingestion is doing now, None while it rests.
        waiting: runs that are queued and not begun.
        failures: sources that could not be ingested, newest first.
    """

    reports: int
    passages: int
    undated: int
    newest: date | None
    last_ingest: datetime | None
    running: str | None
    waiting: int
    failures: tuple[Failure, ...]
