"""django-import-export beside us, in a database of its own on the same server."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from benchmarks import peer_work
from benchmarks.house import House
from benchmarks.peer_work import ROWS, Work
from benchmarks.servers import database_variables
from benchmarks.sheet import Row, workbook, wrong
from benchmarks.university import TITLES

NAME = "office"
_STUDENTS = """
SELECT number, candidate_number, id_number, students.name, gender, entry_year, cohort,
  departments.name AS department, major, class_name, category, training_level,
  household_transfer, dormitory
FROM students JOIN departments ON departments.id = department_id ORDER BY number LIMIT :count
"""


@dataclass(frozen=True)
class Office:
    """The first students of the house, each pending everywhere at first."""

    house: House

    def decide(self, kind: str, title: str, rows: Sequence[Row]) -> Work:
        """Import a workbook: by `default`, in `bulk` mode, or with that `tuned`."""
        with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
            file.write(workbook(rows))
            file.flush()
            work = self._do(kind, title, file.name)
        failed = wrong(len(rows))
        assert work.done == {"update": len(rows) - failed, "invalid": failed}, work
        return work

    def export(self, checkpoints: int, target: Path) -> Work:
        """Every student with a column for each of the first checkpoints."""
        return self._do("export", str(checkpoints), str(target))

    def fill(self, source: Path) -> None:
        """The tables, and what this file holds."""
        self._do("fill", str(source))

    def _do(self, *words: str) -> Work:
        environment = database_variables(self.house) | {"PGDATABASE": NAME}
        return peer_work.do(("benchmarks.peers.office", *words), environment)


def opened(house: House) -> Office:
    """As it is found if it was opened before."""
    office = Office(house)
    autocommit = house.database.engine.execution_options(isolation_level="AUTOCOMMIT")
    with autocommit.connect() as connection, tempfile.NamedTemporaryFile() as file:
        known = sa.text("SELECT FROM pg_database WHERE datname = :name")
        if connection.execute(known, {"name": NAME}).first() is not None:
            return office
        connection.execute(sa.text(f"CREATE DATABASE {NAME}"))
        students = connection.execute(sa.text(_STUDENTS), {"count": ROWS}).mappings().all()
        given = {"students": [dict(each) for each in students], "titles": TITLES}
        file.write(json.dumps(given).encode())
        file.flush()
        office.fill(Path(file.name))
    return office
