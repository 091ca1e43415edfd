"""The floors: what is left of a piece of work when everything but the necessary is taken away."""
