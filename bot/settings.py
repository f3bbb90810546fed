"""The settings of the bot, read from the environment and from a file `.env`."""

from __future__ import annotations

from pydantic import Field, SecretStr

from ingest.settings import LibrarySettings


class Settings(LibrarySettings):
    """The library's settings and the platforms'."""

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
