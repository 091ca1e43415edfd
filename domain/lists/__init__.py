"""Students and clearances as lists: filter, page, matrix, look-up."""
