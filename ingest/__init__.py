"""Reports in, library out."""
