"""Tests of sentences, dates and languages."""
