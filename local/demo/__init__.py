"""A client of the service that does what an operator does, and shows it."""
