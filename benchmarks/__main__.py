"""Measures everything, prints the table and writes it to results.md: `python -m benchmarks`.

With the names of parts (`python -m benchmarks list one`) it only prints.
"""

import sys
from pathlib import Path

from benchmarks import (
    decide_many,
    export_rows,
    house,
    import_rows,
    query_matrix,
    query_one,
    query_page,
    run,
)

RESULTS = Path(__file__).parent / "results.md"
PARTS = {
    "list": query_page.measure,
    "one": query_one.measure,
    "matrix": query_matrix.measure,
    "import": import_rows.measure,
    "export": export_rows.measure,
    "decide": decide_many.measure,
}

if __name__ == "__main__":
    run.run("make bench", house.opened, PARTS, RESULTS, sys.argv[1:])
