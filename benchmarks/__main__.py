"""Measures everything, prints the table and writes it to results.md; takes a few minutes."""

import signal
import sys
from pathlib import Path

from benchmarks import export_rows, house, import_rows, query_page, report

RESULTS = Path(__file__).parent / "results.md"
PARTS = {
    "A page of 50 students with 15 clearances, 16 clients": query_page.measure_page,
    "One student by number, 16 clients": query_page.measure_one,
    "Export of 20,000 students x 15 checkpoints": export_rows.measure,
    "Import of 100,000 rows, by student number": import_rows.measure_in_order,
    "Import of 100,000 rows, in no order": import_rows.measure_shuffled,
}


def main() -> None:
    # Told to end, it takes the servers with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with house.opened() as opened:
        circumstances = report.circumstances(opened)
        measured = {}
        for title, measure in PARTS.items():
            print(f"{title} ...", file=sys.stderr, flush=True)
            measured[title] = measure(opened)
        text = report.render(circumstances, measured)
    RESULTS.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
