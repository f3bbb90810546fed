"""Sentences, dates and numbers in English and Chinese text."""
