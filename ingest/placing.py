"""What a source is to the library: known, a copy, moved, an older version, a revision or new.

Bytes are compared first, then the text in them, then title, publisher and wording. What is
settled without writing passages is settled here; for the rest, this tells whose version it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import PurePosixPath
from typing import NamedTuple

from ingest.language.likeness import Edition, is_revision
from ingest.library.catalog import Move, Standing
from ingest.library.library import Library
from ingest.records import Description, Outcome, ParsedReport, Report, Row, Source


class Settled(NamedTuple):
    """A source of which nothing needs to be written but where it stands.

    Attributes:
        row: what is said of it.
        move: what its address holds from now on; None where that is known already.
        anew: id of its report, where another thing may be said of it since it was moved, so that
            it is to be described anew, and `move` to be made for good then; else None.
    """

    row: Row
    move: Move | None
    anew: str | None = None


class Placing:
    """Tells what sources are to a library.

    What it tells holds of the library as it was before any of it is done, so that a run can
    do all of its moves at once.

    Args:
        library: the library.
        stands: whether the bytes last read at an address stand there still.
        gone: addresses whose source is gone; one whose report is found elsewhere is taken out.
    """

    def __init__(
        self, library: Library, stands: Callable[[Standing], bool], gone: dict[str, str]
    ) -> None:
        self._library = library
        self._catalog = library.catalog
        self._stands = stands
        self._gone = gone
        self._left: set[str] = set()

    def by_bytes(self, source: Source, content_hash: str) -> Settled | None:
        """Settle a source whose bytes the library has read before.

        Returns:
            What it is; None where the bytes are new, are an older version on another shelf, or
            another thing is said of them outside of them.

        Raises:
            LibraryError: the catalog failed.
        """
        same = self._catalog.standing_with(content_hash)
        here = next((each for each in same if each.uri == source.uri), None)
        if here is not None:
            # another thing is said of it: it is described anew
            known = here.told == source.told
            return Settled(Row(source.name, Outcome.UNCHANGED), None) if known else None
        if (settled := self._moved(source, content_hash, same)) is not None:
            return settled
        live = [each for each in same if each.live]
        for each in live:
            # where another thing is said of it, it may be the report of another house
            if each.told == source.told:
                return _copy(source, content_hash, each.report_id, each.name)
        for each in same if not live else ():
            if each.shelf == source.shelf and self._read_beside(source, each.report_id):
                return self._older(source, content_hash, each.report_id, each.version)
        return None

    def by_text(
        self,
        source: Source,
        content_hash: str,
        text_hash: str,
        describe: Callable[[str | None], Description],
    ) -> Settled | None:
        """Settle a source whose bytes are new and whose text the library holds.

        A copy says the same of its publisher and date, or nothing: two houses may publish one
        text.

        Args:
            source: what it is.
            content_hash: of its bytes.
            text_hash: of its text.
            describe: what is known of it, as one of the report with an id.

        Returns:
            What it is; None where the text is new, or the source says another thing of itself.

        Raises:
            LibraryError: the catalog failed.
        """
        catalog = self._catalog
        same = catalog.live_with_text(text_hash)
        for report in same:
            if report.uri == source.uri:
                if report.description != describe(report.id):
                    return None
                said = "the same text in other bytes"
                if report.content_hash == content_hash:
                    said = "what is said of it changes nothing"
                row = Row(source.name, Outcome.UNCHANGED, said)
                return Settled(row, Move(source, content_hash, report.id))
        for report in same:
            if not _agree(report.description, describe(report.id)):
                continue
            standing = [each for each in catalog.standing_of(report.id) if each.live]
            if (settled := self._moved(source, content_hash, standing, anew=True)) is not None:
                return settled
            return _copy(source, content_hash, report.id, report.name)
        for report_id, version in catalog.past_with_text(text_hash):
            if self._read_beside(source, report_id):
                return self._older(source, content_hash, report_id, version)
        return None

    def whose(
        self,
        source: Source,
        content_hash: str,
        text_hash: str,
        describe: Callable[[str | None], Description],
        parsed: ParsedReport,
    ) -> tuple[str, Report | None]:
        """The report whose next version a source is.

        Args:
            source: what it is.
            content_hash: of its bytes.
            text_hash: of its text.
            describe: what is known of it, as one of the report with an id.
            parsed: its text.

        Returns:
            Its id, and the live version that this one replaces; None where it begins a report
            or brings a dropped one back.

        Raises:
            LibraryError: the catalog failed.
        """
        catalog, description = self._catalog, describe(None)
        edition = Edition(
            source.name, _own_title(source.name, description), description.publisher,
            description.published, lambda: parsed.text,
        )  # fmt: skip
        here = catalog.report_at(source.uri)
        if here is not None:
            others = [
                each
                for each in catalog.standing_of(here.id)
                if each.live and each.uri != source.uri and self._stands(each)
            ]
            if not others:
                return here.id, here
        title = description.title
        near = catalog.live_with_title(title, description.publisher, source.shelf)
        for report in near:
            readers = {each.shelf for each in catalog.standing_of(report.id) if each.live}
            # who reads it on another shelf goes on reading what stands there
            if readers == {source.shelf} and is_revision(self._edition(report), edition):
                return report.id, report
        for report_id, about in catalog.dropped_with(text_hash):
            if _agree(about, describe(report_id)):
                return report_id, None
        return self._library.report_id_for(source, content_hash), None

    def settle_moved(self, before: Report, source: Source) -> str:
        """Let go of the address of the version before, where its file is gone.

        Returns:
            What is said of it: that this one is a revision of it; empty where the address is
            the same.

        Raises:
            LibraryError: the catalog failed.
        """
        if before.uri == source.uri:
            return ""
        old = [each for each in self._catalog.standing_of(before.id) if each.uri != source.uri]
        left = [each.uri for each in old if each.uri in self._gone]
        self._catalog.remove_origins(left)
        for uri in left:
            self._gone.pop(uri)
        return f"a revision of {before.name}"

    def _edition(self, report: Report) -> Edition:
        about = report.description

        def text() -> str:
            kept = self._library.originals.kept(report.content_hash)
            return kept.text if kept else ""  # what is lost is near to nothing

        return Edition(
            report.name, _own_title(report.name, about), about.publisher, about.published, text
        )

    def _moved(
        self, source: Source, content_hash: str, same: Iterable[Standing], *, anew: bool = False
    ) -> Settled | None:
        for each in same:
            if each.uri not in self._left and not self._stands(each):
                self._left.add(each.uri)
                self._gone.pop(each.uri, None)
                row = Row(source.name, Outcome.RENAMED, f"was {each.name}")
                version = None if each.live else each.version
                move = Move(source, content_hash, each.report_id, version, each.uri)
                if not anew and (not each.live or each.told == source.told):
                    return Settled(row, move)
                # until that is done it is to be read again, also where the run breaks off
                unread = replace(move, source=replace(source, seen=None), content_hash="")
                return Settled(row, unread, each.report_id)
        return None

    def _read_beside(self, source: Source, report_id: str) -> bool:
        """Whether a report is read on a source's shelf, at another address than the source's.

        If it is not, who reads that shelf would be shown neither of the two.
        """
        return any(
            each.live and each.shelf == source.shelf and each.uri != source.uri
            for each in self._catalog.standing_of(report_id)
        )

    def _older(self, source: Source, content_hash: str, report_id: str, version: int) -> Settled:
        newer = next(each.name for each in self._catalog.standing_of(report_id) if each.live)
        row = Row(source.name, Outcome.UNCHANGED, f"an older version of {newer}")
        return Settled(row, Move(source, content_hash, report_id, version))


def _copy(source: Source, content_hash: str, report_id: str, name: str) -> Settled:
    row = Row(source.name, Outcome.UNCHANGED, f"a copy of {name}")
    return Settled(row, Move(source, content_hash, report_id))


def _own_title(name: str, description: Description) -> str | None:
    """The title, where it is more than the file's name."""
    return None if description.title == PurePosixPath(name).name else description.title


def _agree(one: Description, other: Description) -> bool:
    pairs = ((one.publisher, other.publisher), (one.published, other.published))
    return all(a is None or b is None or a == b for a, b in pairs)
