"""The office of a university as django-import-export's documentation would build it.

Equivalent tables in a database of its own, and one process for each piece of work, which reads what
is given and prints what it took: `python -m benchmarks.peers.office --help`.
"""
