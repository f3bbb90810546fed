"""Ingestion killed at random moments, and what the library shows afterwards."""
