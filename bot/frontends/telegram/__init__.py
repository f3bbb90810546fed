"""Footnote in Telegram."""
