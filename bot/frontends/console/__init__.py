"""Footnote in a terminal, or over standard input and output."""
