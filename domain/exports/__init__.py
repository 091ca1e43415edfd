"""Exports: lists as files, read in one snapshot, a page at a time."""
