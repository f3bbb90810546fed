"""One behaviour for every platform: a request in, replies out."""
