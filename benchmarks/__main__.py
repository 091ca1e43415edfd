"""Measures everything, prints the table and writes it to results.md; takes a few minutes."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import export_rows, house, import_rows, query_page, report
from benchmarks.claims import Part
from benchmarks.house import House

RESULTS = Path(__file__).parent / "results.md"
PARTS = (
    query_page.measure_page,
    query_page.measure_one,
    export_rows.measure,
    import_rows.measure_in_order,
    import_rows.measure_shuffled,
)


def main() -> None:
    # Told to end, it takes the servers with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with house.opened() as opened:
        circumstances = report.circumstances(opened)
        text = report.render(circumstances, [_measured(each, opened) for each in PARTS])
    RESULTS.write_text(text)
    print(text)


def _measured(measure: Callable[[House], Part], opened: House) -> Part:
    print(f"{measure.__module__}.{measure.__name__} ...", file=sys.stderr, flush=True)
    return measure(opened)


if __name__ == "__main__":
    main()
