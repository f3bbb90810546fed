"""The library: the catalog, the originals and the two indexes derived from them."""
