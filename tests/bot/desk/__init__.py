"""Tests of what the bot remembers of people."""
