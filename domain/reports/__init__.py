"""Counters and history: what stands, what stood, and who changed it."""
