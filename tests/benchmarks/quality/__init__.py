"""How well questions are answered, beside the usual pipelines: `make bench-quality`."""
