"""Schemes, their checkpoints and rules, and departments: seen and changed."""
