"""The same with a million students: `python -m benchmarks.million`, 15,000,000 clearances.

Two more houses stand beside the large one, and each comparison is made with the same code in the
same run: a usual one of 100,000 students, and a small one of 20,000. With the names of parts
(`python -m benchmarks.million queries`) it only prints.
"""

import sys
from functools import partial
from pathlib import Path

from benchmarks import house, million_files, million_queries, run

RESULTS = Path(__file__).parent / "results-million.md"
STUDENTS = 1_000_000
PARTS = {
    "queries": million_queries.measure,
    # A worker that has imported a million rows keeps some memory, the usual house's has none.
    "export": million_files.measure_export,
    "import": million_files.measure_import,
}

if __name__ == "__main__":
    opened = partial(house.opened, STUDENTS)
    run.run("make bench-million", opened, PARTS, RESULTS, sys.argv[1:])
