"""The peers, each from its own packages: node/ (npm), and those in Python (a venv of their own).

They work on Lixiao's own database, or, where they need tables of their own, beside it on the same
server.
"""
