"""An import of decisions: staged, matched, decided, told row by row."""
