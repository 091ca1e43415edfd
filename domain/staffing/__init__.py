"""Operators, their grants, passwords and sessions; one by one and by file."""
