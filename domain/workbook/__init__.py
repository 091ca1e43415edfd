"""Spreadsheets, read and written: the only package that knows their libraries."""
