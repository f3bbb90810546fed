"""Tests of the list of sources."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SettingsError
from ingest.sources.listing import FeedEntry, FolderEntry, Listing, UrlEntry, read_listing

_KINDS: dict[type, str] = {FolderEntry: "folder", UrlEntry: "url", FeedEntry: "feed"}
WHOLE = """
[[folder]]
path = "reports"
[[folder]]
path = "/srv/notes"
shelf = "notes"
publisher = "Lanternfish Research"
[[url]]
url = "HTTPS://Example.org:443/outlook.pdf#page=2"
[[url]]
url = "http://example.org/news?id=5"
shelf = "news"
publisher = "价格研究所"
every = "15m"
[[feed]]
url = "https://example.org/rss.xml"
shelf = "news"
publisher = "Example"
every = "6h"
limit = 5
[[feed]]
url = "https://example.org/atom.xml"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the list lies."""
    return tmp_path / "sources.toml"


def test_a_list_is_read(file: Path) -> None:
    """Every key is read, what is left out has its default, a path is relative to the file."""
    file.write_text(WHOLE, encoding="utf-8")
    assert read_listing(file) == Listing(
        "sources.toml",
        (
            FolderEntry(file.parent.resolve() / "reports"),
            FolderEntry(Path("/srv/notes"), "notes", "Lanternfish Research"),
        ),
        (
            UrlEntry("https://example.org/outlook.pdf", every=timedelta(days=1)),
            UrlEntry("http://example.org/news?id=5", "news", "价格研究所", timedelta(minutes=15)),
        ),
        (
            FeedEntry("https://example.org/rss.xml", "news", "Example", timedelta(hours=6), 5),
            FeedEntry("https://example.org/atom.xml", limit=50),
        ),
    )


def test_the_list_of_the_page_is_one(file: Path) -> None:
    """What docs/sources.md shows is read, and shows every key with its value."""
    page = (Path(__file__).parents[3] / "docs" / "sources.md").read_text(encoding="utf-8")
    shown = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert shown is not None
    file.write_text(shown[1], encoding="utf-8")
    listing = read_listing(file)
    entries: list[FolderEntry | UrlEntry | FeedEntry] = [
        *listing.folders,
        *listing.urls,
        *listing.feeds,
    ]
    assert [type(entry) for entry in entries] == [FolderEntry, UrlEntry, FeedEntry]
    for entry in entries:
        for key in (field.name for field in fields(entry)):
            assert getattr(entry, key) is not None
            assert f"\n{key} = " in shown[1].split(f"[[{_KINDS[type(entry)]}]]")[1].split("[[")[0]


def test_an_empty_list_names_nothing(file: Path) -> None:
    """A list in which nothing stands, or a mark of its encoding alone, is a list."""
    for content in (b"", b"\xef\xbb\xbf# nothing yet\n"):
        file.write_bytes(content)
        assert read_listing(file) == Listing("sources.toml")


URL = '[[url]]\nurl = "https://a.example/"\n'


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[[url]", "is no TOML"),
        ("a = " + "[" * 5000, "is no TOML"),
        ("[[page]]\n", r"\[\[page\]\] is not known; write \[\[folder\]\]"),
        ("[url]\nurl = 1", "url is no list of tables"),
        ("feed = [1]", "feed is no list of tables"),
        ("[[url]]\nshelf = 'a'", r"\[\[url\]\] number 1 has no url"),
        (URL + "[[url]]\nlink = 'a'", r"\[\[url\]\] number 2: 'link' is not known; its keys are"),
        ("[[folder]]\npath = 'a'\nevery = '1d'", "'every' is not known"),
        ("[[folder]]\npath = ''", "number 1: path: '' is no path"),
        ("[[folder]]\npath = 7", "path: 7 is no path"),
        ("[[url]]\nurl = 7", "url: 7 is no address"),
        ("[[url]]\nurl = 'ftp://a.example/b'", "url: ftp://a.example/b cannot be fetched"),
        ("[[url]]\nurl = 'a.example/b'", "cannot be fetched; give an address of http or https"),
        ("[[url]]\nurl = 'https://u:geheim@a.example/'", "url: https://a.example/ holds a name"),
        ("[[url]]\nurl = 'https://[::1/'", "is no address"),
        ("[[url]]\nurl = 'https:///a'", "cannot be fetched"),
        (URL + "every = '4m'", "every: '4m' is not allowed"),
        (URL + "every = '366d'", "every: '366d' is not allowed"),
        (URL + "every = '1 d'", "every: '1 d' is not allowed"),
        (URL + "every = 60", "every: 60 is not allowed"),
        (URL + "shelf = 'a/b'", "shelf: 'a/b' has a slash"),
        (URL + "shelf = ' '", "shelf: ' ' is no name"),
        (URL + "publisher = 7", "publisher: 7 is no name"),
        (URL + 'publisher = "a\\nb"', "publisher: .* is no name"),
        (URL + f"publisher = '{'x' * 101}'", "longer than 100 characters"),
        ("[[feed]]\nurl = 'https://a.example/'\nlimit = 0", "limit: 0 is not allowed"),
        ("[[feed]]\nurl = 'https://a.example/'\nlimit = true", "limit: True is not allowed"),
        (URL + URL, r"\[\[url\]\] number 2 is \[\[url\]\] number 1 once more"),
        (URL + "[[feed]]\nurl = 'HTTPS://a.example'", r"number 1 is \[\[url\]\] number 1 once"),
        ("[[folder]]\npath='a'\n[[folder]]\npath='./b/../a'", "number 2 is .* once more"),
    ],
)
def test_a_mistake_is_named(file: Path, written: str, said: str) -> None:
    """A mistake is an error that names the file, the entry and what is allowed."""
    file.write_text(written, encoding="utf-8")
    with pytest.raises(SettingsError, match=said) as raised:
        read_listing(file)
    assert str(raised.value).startswith(str(file))
    assert "geheim" not in str(raised.value)


def test_a_list_that_cannot_be_read_is_named(file: Path) -> None:
    """A list that is missing, is no text or is far too large is an error that names it."""
    with pytest.raises(SettingsError, match=r"sources\.toml cannot be read"):
        read_listing(file)
    file.write_bytes(b"\xff\xfe[")
    with pytest.raises(SettingsError, match="not written in UTF-8"):
        read_listing(file)
    file.write_bytes(b"#" * 1_000_001)
    with pytest.raises(SettingsError, match="larger than a list"):
        read_listing(file)


@given(st.text(max_size=60), st.sampled_from(["[[url]]\nurl = '{}'", "{}", WHOLE + "{}"]))
def test_whatever_is_written_is_read_or_named(
    tmp_path_factory: pytest.TempPathFactory, text: str, frame: str
) -> None:
    """A list is read, or its mistake is named; nothing else is raised."""
    path = tmp_path_factory.getbasetemp() / "sources.toml"
    path.write_bytes(frame.replace("{}", text).encode("utf-8", "replace"))
    try:
        said = read_listing(path).name
    except SettingsError as error:
        said = str(error)
    assert path.name in said
