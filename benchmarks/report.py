"""The table with the circumstances it was made in."""

import datetime as dt
import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path

import psutil
import sqlalchemy as sa

from benchmarks.claims import Claim, Part
from benchmarks.house import House
from benchmarks.processes import ROOT
from benchmarks.university import CHECKPOINTS

NOTES = """\
Real parts on one machine: PostgreSQL and Redis from wheels, durable (fsync, synchronous commit),
with PostgreSQL's default memory; one Celery worker, one uvicorn process. The clients run on the
same machine and cost it some of its time. Whoever is compared is measured in turn, round by round,
and each ratio is of one round; median, least and most of the rounds. Memory is resident, shared
pages count for each process; the processor's time is that of the server or worker and PostgreSQL;
statements are without BEGIN and COMMIT.
"""


def render(command: str, circumstances: Sequence[str], parts: Sequence[Part]) -> str:
    """Markdown: the promises first, then what each part measured."""
    claims = [claim for part in parts for claim in part.claims]
    head = f"# Measured by `{command}`; never by hand"
    sections = [_promises(claims), *map(section, parts)]
    return "\n".join([head, "", NOTES, *circumstances, "", *sections])


def circumstances(house: House) -> list[str]:
    """Asked before anything is measured: the code may be changed meanwhile."""
    with house.database.engine.connect() as connection:
        version = connection.scalar(sa.text("SHOW server_version"))
    memory = psutil.virtual_memory().total / 2**30
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return [
        f"- machine: {_processor()}, {os.cpu_count()} processors, {memory:.0f} GiB;"
        f" load averages before {load}",
        f"- interpreter: {platform.python_implementation()} {platform.python_version()}"
        f", PostgreSQL {version}",
        f"- size: {house.university.students:,} students with {CHECKPOINTS} clearances each",
        f"- commit: {_commit()}",
        f"- date: {dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC",
    ]


def _promises(claims: Sequence[Claim]) -> str:
    head = [
        "| work | measure | must | goal | median | from - to | |",
        "|---|---|---|---|---:|---:|---|",
    ]
    return "\n".join(
        ["## What was promised", "", *head, *map(_row, (each.cells() for each in claims)), ""]
    )


def section(part: Part) -> str:
    """What one part measured."""
    head = [f"## {part.title}", "", "| | median | from - to |", "|---|---:|---:|"]
    return "\n".join([*head, *map(_row, (line.cells() for line in part.lines)), ""])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def _commit() -> str:
    commit = _git("rev-parse", "--short", "HEAD")
    return f"{commit} with uncommitted changes" if _git("status", "--porcelain") else commit


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()
