"""Tests of Footnote in Discord."""
