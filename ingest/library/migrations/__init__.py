"""The steps from the first schema of the catalog to the newest."""
