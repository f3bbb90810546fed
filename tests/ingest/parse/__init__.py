"""Tests of the parsers, one file per format."""
