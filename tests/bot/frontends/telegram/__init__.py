"""Tests of the door to Telegram."""
