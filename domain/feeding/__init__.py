"""Feeds (系统对接): machines that decide at one checkpoint."""
