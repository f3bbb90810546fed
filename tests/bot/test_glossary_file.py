"""Tests of the glossary as it is kept: what may be written in it, and how two are joined."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from bot.glossary_file import load_glossary, read_entries, shipped_glossary
from bot.settings import Settings
from ingest.errors import SettingsError


def written(folder: Path, text: str) -> Path:
    """A glossary of the user's own."""
    path = folder / "glossary.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_glossary_can_be_read() -> None:
    """It has hundreds of entries, each with more than one name or with a ticker."""
    entries, off = read_entries(shipped_glossary(), "shipped")
    assert len(entries) > 250
    assert off == ()
    assert [e for e in entries if len((*e.names, *e.also, *e.tickers)) < 2] == []


def test_what_it_is_also_called_is_none_of_its_names() -> None:
    """No entry says of a name that it is both sure and unsure."""
    entries, _ = read_entries(shipped_glossary(), "shipped")
    both = [set(map(str.casefold, e.names)) & set(map(str.casefold, e.also)) for e in entries]
    assert not any(both)


def test_it_is_installed_with_the_package() -> None:
    """The file is among the data of its package, as the project says."""
    project = tomllib.loads(
        (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    )
    [name] = project["tool"]["setuptools"]["package-data"]["bot.research"]
    assert files("bot.research").joinpath(name).is_file()


def test_an_own_entry_is_added(tmp_path: Path) -> None:
    """A thing that Footnote does not know is known by the user's names."""
    own = written(tmp_path, '[[terms]]\nnames = ["Heron index", "苍鹭指数"]\nalso = ["heron"]\n')
    glossary = load_glossary(own)
    assert dict(glossary.aliases("the Heron index")) == {"Heron index": ("苍鹭指数", "heron")}
    assert glossary.concepts("revenue") == {"revenue"}


def test_an_own_entry_adds_to_the_one_it_shares_a_name_with(tmp_path: Path) -> None:
    """Both glossaries' names are of one thing then, which keeps what it is."""
    own = written(
        tmp_path,
        '[[companies]]\nnames = ["英伟达", "Team Green"]\n'
        'also = ["jacket"]\ntickers = ["NVD.DE"]\n',
    )
    glossary = load_glossary(own)
    assert glossary.concepts("Team Green") == {"nvidia"}
    assert {"Nvidia", "jacket", "NVD.DE"} <= set(dict(glossary.aliases("Team Green"))["Team Green"])
    [nvidia] = [each for each in glossary.companies() if "Nvidia" in each.names]
    assert nvidia.tickers == ("NVDA", "NVD.DE")


@pytest.mark.parametrize("name", ["Douyin", "抖音", "douyin"])
def test_a_shipped_entry_can_be_switched_off(tmp_path: Path, name: str) -> None:
    """Any of its names tells which entry is not wanted."""
    glossary = load_glossary(written(tmp_path, f'off = ["{name}"]\n'))
    assert glossary.aliases("Douyin") == ()
    assert glossary.aliases("WeChat") != ()


def test_an_entry_that_is_off_can_be_written_anew(tmp_path: Path) -> None:
    """The user's own takes the place of the one that is switched off."""
    own = written(tmp_path, 'off = ["Douyin"]\n[[terms]]\nnames = ["Douyin", "抖音"]\n')
    assert load_glossary(own).aliases("Douyin") == (("Douyin", ("抖音",)),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[terms]\n", "is no TOML .*; correct it"),
        ("[[words]]\n", r"'words' is not known; write \[\[terms\]\]"),
        ('terms = "revenue"\n', r"terms is no list of tables; write \[\[terms\]\] above each"),
        ('[[terms]]\nname = ["a"]\n', r"\[\[terms\]\] number 1: 'name' is not known; its keys are"),
        ('[[terms]]\nnames = ["sea ice"]\ntickers = ["X"]\n', "'tickers' is not known"),
        ('[[terms]]\nalso = ["ice"]\n', r"\[\[terms\]\] number 1 has no names; write"),
        ('[[terms]]\nnames = "ice"\n', "names is no list; write"),
        ("[[terms]]\nnames = [1]\n", "1 is no name; write words in quotes"),
        ('[[terms]]\nnames = ["…"]\n', "'…' is no name"),
        ('[[terms]]\nnames = ["x"]\n', "'x' is too short"),
        (
            '[[terms]]\nnames = ["sea ice"]\n[[companies]]\nnames = ["Sea Ice"]\n',
            r"\[\[companies\]\] number 1: 'Sea Ice' is a name of \[\[terms\]\] number 1 too; join",
        ),
        ('off = ["dithering"]\n', "off: 'dithering' is no name in the glossary of"),
        ('off = ["no such thing"]\n', "off: 'no such thing' is no name in the glossary of"),
        (
            '[[terms]]\nnames = ["revenue", "net profit"]\n',
            "'revenue' has names of both 'revenue' and 'net income', which are two things",
        ),
    ],
)
def test_a_slip_is_an_error_that_names_it(tmp_path: Path, text: str, told: str) -> None:
    """The message has the file, the entry and what to write instead."""
    own = written(tmp_path, text)
    with pytest.raises(SettingsError, match=f"glossary.toml.*{told}"):
        load_glossary(own)


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """A file that is named and missing, in another encoding, or huge is told by its name."""
    with pytest.raises(SettingsError, match=r"none\.toml cannot be read .*; check GLOSSARY"):
        load_glossary(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes('[[terms]]\nnames = ["Société"]'.encode("latin-1"))
    with pytest.raises(SettingsError, match=r"latin\.toml is not written in UTF-8"):
        load_glossary(tmp_path / "latin.toml")
    (tmp_path / "huge.toml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(SettingsError, match=r"huge\.toml is larger than a glossary can be"):
        load_glossary(tmp_path / "huge.toml")


def test_the_usual_file_need_not_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file of the usual name is read where there is one; one that is named must be there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GLOSSARY", raising=False)
    assert Settings().own_glossary is None
    written(tmp_path, "")
    assert Settings().own_glossary == Path("glossary.toml")
    monkeypatch.setenv("GLOSSARY", "other.toml")
    assert Settings().own_glossary == Path("other.toml")
