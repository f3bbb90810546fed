"""Tests of reports in files and folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.errors import SourceError
from ingest.sources.folder import exists, read, sources, uri_of

LARGEST = 1000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with reports, hidden files, other files and folders below it."""
    for name in (
        "b.txt",
        "A.PDF",
        "shelf/two.md",
        "shelf/deeper/three.html",
        "other/one.htm",
        "notes.doc",
        "shelf/picture.png",
        ".hidden.txt",
        ".git/four.txt",
        "shelf/.cache/five.txt",
    ):
        path = tmp_path / "reports" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "reports"


def test_a_folder_is_listed(folder: Path) -> None:
    """Of a folder each visible file with a suffix that is read is listed, by name."""
    found = sources([folder])
    assert [(source.name, source.shelf) for source in found] == [
        ("A.PDF", "general"),
        ("b.txt", "general"),
        ("other/one.htm", "other"),
        ("shelf/deeper/three.html", "shelf"),
        ("shelf/two.md", "shelf"),
    ]
    assert found[1].uri == (folder / "b.txt").as_uri()
    assert sources([folder]) == found


def test_a_file_named_itself_is_listed(folder: Path) -> None:
    """A file that is named counts whatever its suffix, hidden or not, on the general shelf."""
    paths = [folder / "shelf" / "two.md", folder / "notes.doc", folder / ".hidden.txt"]
    assert [(source.name, source.shelf) for source in sources(paths)] == [
        ("two.md", "general"),
        ("notes.doc", "general"),
        (".hidden.txt", "general"),
    ]


def test_a_hidden_folder_named_itself_is_listed(folder: Path) -> None:
    """A folder that is named is looked into, hidden or not."""
    assert [source.name for source in sources([folder / ".git"])] == ["four.txt"]


def test_nothing_is_listed_twice(folder: Path) -> None:
    """What is named by several paths is one source, as the first of them names it."""
    found = sources([folder / "shelf", folder, folder / "b.txt", folder / "shelf" / ".." / "b.txt"])
    assert [source.name for source in found] == [
        "deeper/three.html",
        "two.md",
        "A.PDF",
        "b.txt",
        "other/one.htm",
    ]


def test_links_are_followed_once(folder: Path) -> None:
    """Links to files and folders are followed, circles of them are survived."""
    (folder / "shelf" / "up").symlink_to(folder)
    (folder / "circle").symlink_to(folder / "circle")
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    (folder / "z.txt").symlink_to(folder / "b.txt")
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "six.txt").write_text("six")
    (folder / "linked").symlink_to(outside)
    names = [source.name for source in sources([folder])]
    assert names.count("b.txt") == 1
    assert "linked/six.txt" in names
    assert len(names) == 6


def test_a_missing_path_is_named(folder: Path) -> None:
    """A path that is not there is an error that names it."""
    with pytest.raises(SourceError, match=r"nowhere does not exist"):
        sources([folder, folder / "nowhere"])


def test_a_name_that_is_no_unicode(folder: Path) -> None:
    """A file whose name is not UTF-8 is listed under a printable name, and read."""
    path = folder / os.fsdecode(b"caf\xe9 \xff.txt")
    path.write_bytes(b"content")
    (source,) = [source for source in sources([folder]) if source.name.startswith("caf")]
    assert source.name == "caf\ufffd \ufffd.txt"
    assert source.uri.isascii()
    assert exists(source.uri)
    assert read(source, LARGEST) == b"content"


@pytest.mark.parametrize("name", ["a b.txt", "100% #1?.txt", "价格.txt", "a\nb.txt", "a;b=c&d.txt"])
def test_any_name_is_read_back(tmp_path: Path, name: str) -> None:
    """Whatever stands in a file's name, its address leads back to it."""
    (tmp_path / name).write_bytes(name.encode())
    (source,) = sources([tmp_path])
    assert source.name == name
    assert read(source, LARGEST) == name.encode()
    assert source.uri == uri_of(tmp_path / name)


def test_a_file_over_the_limit_is_refused(folder: Path) -> None:
    """A file of the largest size is read, one byte more is refused."""
    path = folder / "b.txt"
    (source,) = sources([path])
    path.write_bytes(b"x" * LARGEST)
    assert len(read(source, LARGEST)) == LARGEST
    path.write_bytes(b"x" * (LARGEST + 1))
    with pytest.raises(SourceError, match=r"^b\.txt is larger than .* MB; split it"):
        read(source, LARGEST)


def test_no_more_is_read_than_the_limit(folder: Path) -> None:
    """A file far larger than memory is refused like any that is too large."""
    with (folder / "b.txt").open("wb") as file:
        file.truncate(1 << 42)  # a hole, which takes no space
    (source,) = sources([folder / "b.txt"])
    with pytest.raises(SourceError, match=r"^b\.txt is larger than .* MB; split it"):
        read(source, LARGEST)


def test_what_vanished_is_refused(folder: Path) -> None:
    """A file that went after it was listed is refused, as is a folder in its place."""
    (source,) = sources([folder / "b.txt"])
    (folder / "b.txt").unlink()
    assert not exists(source.uri)
    with pytest.raises(SourceError, match=r"^b\.txt is not there any more"):
        read(source, LARGEST)
    (folder / "b.txt").mkdir()
    assert not exists(source.uri)
    with pytest.raises(SourceError, match=r"^b\.txt is no file"):
        read(source, LARGEST)


def test_what_is_no_file_is_not_read(folder: Path) -> None:
    """A pipe in a folder is passed over; named itself, it is refused and nobody waits for it."""
    os.mkfifo(folder / "pipe.txt")
    assert "pipe.txt" not in [source.name for source in sources([folder])]
    (source,) = sources([folder / "pipe.txt"])
    with pytest.raises(SourceError, match=r"^pipe\.txt is no file"):
        read(source, LARGEST)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_refused(folder: Path) -> None:
    """A file without permission is refused when read, a folder when listed."""
    (source,) = sources([folder / "b.txt"])
    (folder / "b.txt").chmod(0)
    with pytest.raises(SourceError, match=r"^b\.txt may not be read"):
        read(source, LARGEST)
    (folder / "shelf").chmod(0)
    try:
        with pytest.raises(SourceError, match=r"shelf cannot be read; change its permissions"):
            sources([folder])
    finally:
        (folder / "shelf").chmod(0o700)


def test_addresses(folder: Path) -> None:
    """An address is absolute with links resolved; only addresses of files have files."""
    (folder / "link").symlink_to(folder / "shelf")
    assert uri_of(folder / "link" / "two.md") == (folder / "shelf" / "two.md").as_uri()
    assert exists(uri_of(folder / "b.txt"))
    assert not exists(uri_of(folder))
    assert not exists("https://example.org/b.txt")
