"""What others build of the same parts, run by an interpreter that has their libraries."""
