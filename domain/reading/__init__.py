"""What the cells of an uploaded list mean: headers, words, records."""
