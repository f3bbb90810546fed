"""The settings of the library, read from the environment and from a file `.env`."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.errors import SettingsError

Read = TypeVar("Read", bound="LibrarySettings")


class LibrarySettings(BaseSettings):
    """Where the reports are and where the library is kept."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    reports_dir: Path = Field(
        default=Path("reports"), description="Folder of reports that is ingested and followed"
    )
    library_dir: Path = Field(
        default=Path(".footnote"), description="Folder the library is kept in; made when missing"
    )
    chroma_url: str | None = Field(
        default=None,
        description="Chroma server, such as http://chroma:8000; embedded in the owner when unset",
    )
    embedder: str | None = Field(
        default=None,
        description="sentence-transformers model, a folder or a hub name; the library's own when "
        "unset, all-MiniLM-L6-v2 for a new one",
    )
    sources_file: Path = Field(
        default=Path("sources.toml"), description="List of folders, addresses and feeds to read"
    )
    fetch_open_hosts: str = Field(
        default="",
        description="Hosts of one's own network that may be fetched from, comma-separated",
    )
    largest_file_mb: int = Field(
        default=100, gt=0, description="Files larger than this many megabytes are not read"
    )
    parse_seconds: int = Field(
        default=120, gt=0, description="A file that takes longer to parse is given up"
    )
    parse_megabytes: int = Field(
        default=2000, gt=0, description="A file that takes more memory to parse is given up"
    )
    keep_versions_days: int | None = Field(
        default=None,
        ge=0,
        description="Days that superseded and withdrawn versions are kept; for ever when unset",
    )
    log_level: str = Field(
        default="INFO",
        pattern="^(DEBUG|INFO|WARNING|ERROR)$",
        description="Least severe message that is logged: DEBUG, INFO, WARNING or ERROR",
    )


def read_settings(kind: type[Read]) -> Read:
    """The settings of a kind, as the environment and `.env` have them.

    Raises:
        SettingsError: one cannot be used; the message names it.
    """
    try:
        return kind()
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()
        )
        raise SettingsError(f"a setting cannot be used: {wrong}") from error
