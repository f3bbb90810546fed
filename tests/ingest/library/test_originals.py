"""Tests of how the originals of reports are kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import LibraryError
from ingest.library.library import content_hash_of
from ingest.library.originals import Originals
from ingest.records import Block, BlockKind, LineBox, ParsedReport, Table
from tests.ingest.library.shelves import parsed

TEXT = "Copper is cheap.\nTin is bright."
HASH = content_hash_of(TEXT.encode())


@pytest.fixture
def originals(tmp_path: Path) -> Originals:
    """A folder that keeps one."""
    originals = Originals(tmp_path / "originals")
    originals.keep(HASH, TEXT.encode(), parsed(TEXT))
    return originals


def test_what_is_kept_comes_back(originals: Originals) -> None:
    """Bytes and text are as they were, and nothing is wrong with either."""
    assert originals.content(HASH) == TEXT.encode()
    assert originals.parsed(HASH) == originals.kept(HASH) == parsed(TEXT)
    assert (originals.fault(HASH), originals.text_fault(HASH)) == ("", "")
    assert originals.hashes() == {HASH}


def test_everything_of_a_parsed_text_comes_back(originals: Originals) -> None:
    """Levels of headings, tables, boxes and where a thing is stated come back as they were kept."""
    full = ParsedReport(
        "Sales\n\n | 2024\n😀 | 12",
        (
            Block(BlockKind.HEADING, 0, 5, 1, 1, 2),
            Block(BlockKind.TABLE_ROW, 7, 14, 1, 2),
            Block(BlockKind.TABLE_ROW, 15, 21, 2, 3),
        ),
        {"title": "Sales", "tickers": "600519.SH"},
        2,
        (Table(2, 3, ("", "2024"), "in millions", ("", "Net sales")), Table(2, 2)),
        (LineBox(0, 1, 100, 220, (0, 10, 20, 30, 40, 50)), LineBox(15, 2, -5, 7, (0, 1))),
        "front matter",
    )
    originals.mend(HASH, parsed=full)
    assert originals.parsed(HASH) == full


def test_a_text_of_an_older_footnote_is_read(originals: Originals, tmp_path: Path) -> None:
    """What was kept before tables, boxes and levels were known has none, and is no error."""
    [path] = tmp_path.rglob("*.json")
    block = {"kind": "paragraph", "start": 0, "end": 4, "page": None, "paragraph": 1}
    kept = {"text": "One.", "blocks": [block], "stated": {"title": "One"}, "pages": None}
    path.write_text(json.dumps(kept), encoding="utf-8")
    read = originals.parsed(HASH)
    assert (read.text, read.stated) == ("One.", {"title": "One"})
    assert read.blocks == (Block(BlockKind.PARAGRAPH, 0, 4, None, 1),)
    assert (read.tables, read.boxes, read.stated_in) == ((), (), "")


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
some_tables = st.builds(
    Table,
    st.integers(1, 9),
    st.integers(1, 9),
    st.lists(words).map(tuple),
    words,
    st.lists(words).map(tuple),
)
some_boxes = st.builds(
    LineBox,
    st.integers(0, 99),
    st.integers(1, 9),
    st.integers(),
    st.integers(),
    st.lists(st.integers(), min_size=1).map(tuple),
)


@settings(max_examples=40)
@given(words, st.lists(some_tables).map(tuple), st.lists(some_boxes).map(tuple), words)
def test_any_parsed_text_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    text: str,
    tables: tuple[Table, ...],
    boxes: tuple[LineBox, ...],
    stated_in: str,
) -> None:
    """Whatever stands in a text, its tables and its boxes, it is read as it was written."""
    originals = Originals(tmp_path_factory.mktemp("originals"))
    given_report = ParsedReport(text, (), {}, None, tables, boxes, stated_in)
    originals.keep(HASH, b"bytes", given_report)
    assert originals.parsed(HASH) == given_report


def test_what_is_kept_stays_until_it_is_mended(originals: Originals) -> None:
    """To keep it again changes nothing; to mend it puts the new in its place."""
    other = parsed("Copper is dear.")
    originals.keep(HASH, b"other bytes", other)
    assert (originals.content(HASH), originals.parsed(HASH)) == (TEXT.encode(), parsed(TEXT))
    originals.mend(HASH, parsed=other)
    assert (originals.content(HASH), originals.parsed(HASH)) == (TEXT.encode(), other)
    originals.mend(HASH, b"other bytes")
    assert originals.fault(HASH) == "its original is damaged"


@pytest.mark.parametrize("damage", ["", "[", "[]", "{}", '{"text": "a", "blocks": [{}]}', "\0"])
def test_a_damaged_text_is_an_error_of_the_library(
    originals: Originals, tmp_path: Path, damage: str
) -> None:
    """Whatever stands in its file, the error says what to do, and it counts as not kept."""
    [path] = tmp_path.rglob("*.json")
    path.write_text(damage, encoding="utf-8")
    with pytest.raises(LibraryError, match="ingest repair"):
        originals.parsed(HASH)
    assert originals.kept(HASH) is None
    assert originals.text_fault(HASH) == "its parsed text is missing or damaged"


def test_what_is_removed_is_gone(originals: Originals) -> None:
    """Both files go; to remove them again is no error."""
    for _ in range(2):
        originals.remove(HASH)
        assert originals.hashes() == set()
    assert originals.fault(HASH) == "its original is missing"


@pytest.mark.parametrize(
    "content_hash", ["", "..", "../../victim", "/victim", HASH[:-1], HASH.upper(), f"{HASH}\n"]
)
def test_nothing_outside_the_folder_is_touched(
    originals: Originals, tmp_path: Path, content_hash: str
) -> None:
    """What is no hash is refused, whatever a catalog says."""
    victims = [tmp_path / f"victim.{ending}" for ending in ("json", "original")]
    for victim in victims:
        victim.write_text("precious", encoding="utf-8")
    for ask in (originals.remove, originals.content, originals.parsed):
        with pytest.raises(LibraryError, match="no hash of an original"):
            ask(content_hash)
    with pytest.raises(LibraryError, match="no hash of an original"):
        originals.keep(content_hash, b"bytes", parsed(TEXT))
    assert all(victim.read_text(encoding="utf-8") == "precious" for victim in victims)


def test_a_disk_that_takes_nothing_is_named(originals: Originals, tmp_path: Path) -> None:
    """The error names the file; what was kept before stays."""
    other = content_hash_of(b"other")
    (tmp_path / "originals" / other[:2]).write_text("a file where a folder belongs")
    with pytest.raises(LibraryError, match=f"{other}.*cannot be written"):
        originals.keep(other, b"other", parsed("other"))
    assert originals.hashes() == {HASH}
