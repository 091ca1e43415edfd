"""Students one by one and by roster, with a line for every change of their data."""
