"""A run: a house is opened, parts are measured in it, and the table is printed."""

import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from benchmarks import report
from benchmarks.claims import Part
from benchmarks.house import House

Measure = Callable[[House], Part]


def run(
    command: str,
    opened: Callable[[], AbstractContextManager[House]],
    parts: Mapping[str, Sequence[Measure]],
    results: Path,
    wanted: Sequence[str],
) -> None:
    """All parts or those that are wanted; only a run of all writes the results."""
    unknown = set(wanted) - set(parts)
    if unknown:
        raise SystemExit(f"No part {', '.join(unknown)}; there are {', '.join(parts)}.")
    # Told to end, it takes the servers with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    chosen = [each for name in wanted or parts for each in parts[name]]
    began = time.monotonic()
    with opened() as house:
        circumstances = report.circumstances(house)
        measured = [_measured(each, house) for each in chosen]
    took = f"- took: {(time.monotonic() - began) / 60:.0f} minutes"
    text = report.render(command, [*circumstances, took], measured)
    if not wanted:
        results.write_text(text)
    print(text)


def _measured(measure: Measure, house: House) -> Part:
    began = time.monotonic()
    print(f"{measure.__module__}.{measure.__name__} ...", file=sys.stderr, flush=True)
    part = measure(house)
    print(f"... {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return part
