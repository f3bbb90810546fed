"""Tests of the settings of both commands."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import Settings
from ingest.settings import LibrarySettings

KINDS = [LibrarySettings, Settings]


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without .env, and an environment without any setting."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.lower() in Settings.model_fields:
            monkeypatch.delenv(name)
    return tmp_path


@pytest.mark.parametrize("kind", KINDS)
def test_every_setting_is_described(kind: type[LibrarySettings]) -> None:
    """Whoever looks for a setting reads in one line what it does."""
    assert len(kind.model_fields) >= 6
    for name, field in kind.model_fields.items():
        assert field.description, name
        assert "\n" not in field.description, name
        assert not field.is_required(), name


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_needs_to_be_set(kind: type[LibrarySettings]) -> None:
    """Without any setting Footnote works in the folder it is started in."""
    settings = kind()
    assert (settings.reports_dir, settings.library_dir) == (Path("reports"), Path(".footnote"))
    assert settings.chroma_url is None
    assert (settings.largest_file_mb, settings.log_level) == (100, "INFO")


def test_the_environment_wins_over_the_file(
    nothing_set: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What .env says holds unless the environment says otherwise, in either case of letters."""
    (nothing_set / ".env").write_text(
        'REPORTS_DIR="my reports"\nlog_level=DEBUG\nTELEGRAM_BOT_TOKEN=1:abc\n'
        "FOLLOW_REPORTS=no\nSOMETHING_ELSE=1\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("LOG_LEVEL", "WARNING")
    settings = Settings()
    assert settings.reports_dir == Path("my reports")
    assert settings.log_level == "WARNING"
    assert settings.follow_reports is False
    assert settings.telegram_bot_token is not None
    assert settings.telegram_bot_token.get_secret_value() == "1:abc"
    assert LibrarySettings().reports_dir == Path("my reports")


def test_a_token_is_never_shown() -> None:
    """Settings that are printed or logged hide their tokens."""
    settings = Settings.model_validate({"telegram_bot_token": "1:abc", "discord_bot_token": "xyz"})
    for shown in (str(settings), repr(settings), settings.model_dump_json()):
        assert "1:abc" not in shown
        assert "xyz" not in shown


def test_an_empty_value_is_none(nothing_set: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that is there without a value, as compose files leave it, is not set."""
    names = [name.upper() for name in Settings.model_fields]
    for name in names[::2]:
        monkeypatch.setenv(name, "")
    lines = "".join(f"{name}=\n" for name in names[1::2])
    (nothing_set / ".env").write_text(lines, encoding="utf-8")
    assert Settings() == Settings.model_validate({})
    assert Settings().telegram_bot_token is None
    assert Settings().embedder is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LARGEST_FILE_MB", "0"),
        ("LARGEST_FILE_MB", "-1"),
        ("LARGEST_FILE_MB", "many"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_LEVEL", "INFO "),
        ("LOG_LEVEL", "TRACE"),
    ],
)
def test_a_wrong_value_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that cannot be used is an error that names its setting."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as error:
        LibrarySettings()
    assert [place for wrong in error.value.errors() for place in wrong["loc"]] == [name.lower()]


def test_only_the_bot_follows_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that is neither yes nor no is no answer to whether reports are followed."""
    monkeypatch.setenv("FOLLOW_REPORTS", "perhaps")
    LibrarySettings()
    with pytest.raises(ValidationError, match="follow_reports"):
        Settings()
