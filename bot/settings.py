"""The settings of the bot, read from the environment and from a file `.env`."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr

from ingest.settings import LibrarySettings


class Settings(LibrarySettings):
    """The library's settings, those of answering and the platforms'."""

    glossary: Path = Field(
        default=Path("glossary.toml"),
        description="Names of your own for things that reports write of, beside Footnote's",
    )
    reranker: str | None = Field(
        default=None,
        description="sentence-transformers cross-encoder, a folder or a hub name, that reads the "
        "best passages once more; none when unset",
    )
    telegram_bot_token: SecretStr | None = Field(
        default=None, description="Token of the Telegram bot; no Telegram when unset"
    )
    discord_bot_token: SecretStr | None = Field(
        default=None, description="Token of the Discord bot; no Discord when unset"
    )
    follow_reports: bool = Field(
        default=True,
        description="Whether the bot itself ingests REPORTS_DIR; no where another process does",
    )
    telegram_api_url: str | None = Field(
        default=None, description="A Bot API server of your own instead of Telegram's"
    )
    discord_api_url: str | None = Field(
        default=None, description="A proxy for Discord's HTTP API, with its version (…/api/v10)"
    )
    discord_gateway_url: str | None = Field(
        default=None, description="A proxy for Discord's gateway (wss://…)"
    )

    @property
    def own_glossary(self) -> Path | None:
        """The user's glossary; None where none was named and the usual one is not there."""
        named = "glossary" in self.model_fields_set
        return self.glossary if named or self.glossary.exists() else None
