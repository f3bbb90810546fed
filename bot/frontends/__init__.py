"""The platforms, each translated at its own door."""
