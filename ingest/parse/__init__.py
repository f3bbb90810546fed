"""From a report's bytes to its text and blocks, one module a format."""
