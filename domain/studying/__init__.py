"""Studying: how students sign in, and what each sees of their own way out."""
