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
    parts: Mapping[str, Measure],
    results: Path,
    wanted: Sequence[str],
) -> None:
    """All parts or those that are wanted; only a run without a wish writes the results."""
    unknown = set(wanted) - set(parts)
    if unknown:
        raise SystemExit(f"No part {', '.join(unknown)}; there are {', '.join(parts)}.")
    # Told to end, it takes the servers with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    began = time.monotonic()
    with opened() as house:
        circumstances = report.circumstances(house)
        measured = [_measured(name, parts[name], house) for name in wanted or parts]
    took = f"- took: {(time.monotonic() - began) / 60:.0f} minutes"
    text = report.render(command, [*circumstances, took], measured)
    if not wanted:
        results.write_text(text)
    print(text)


def _measured(name: str, measure: Measure, house: House) -> Part:
    began = time.monotonic()
    print(f"{name} ...", file=sys.stderr, flush=True)
    part = measure(house)
    took = f"... {time.monotonic() - began:.0f} s"
    # Should a later part fail, this one is known.
    print(report.section(part), took, sep="\n", file=sys.stderr, flush=True)
    return part
