"""Measurements of quality and speed; each prints what it measured."""
