"""Tests of the ingesting side."""
