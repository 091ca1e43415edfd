"""New schemes, checkpoints and students; every student gets a clearance at every checkpoint."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from domain.configuration import prerequisites, scheme_changes
from domain.enrolling import student_writes
from domain.errors import Refusal
from domain.reading import roster_cells, sheets
from domain.reading.student_records import Value
from domain.workbook.read import Row
from models import Checkpoint, Cohort, Scheme, SchemeStatus, StudentField


@dataclass(frozen=True)
class NewCheckpoint:
    """A checkpoint by its title; what must be passed before it, by theirs."""

    title: str
    requirement: str = ""
    place: str = ""
    contact: str = ""
    hours: str = ""
    after: tuple[str, ...] = ()


def create_scheme(
    session: Session, name: str, new_checkpoints: Sequence[NewCheckpoint]
) -> tuple[Scheme, dict[str, Checkpoint]]:
    """An open scheme with its checkpoints in this order, by title."""
    scheme = scheme_changes.add(session, name, SchemeStatus.OPEN)
    checkpoints = {
        new.title: _checkpoint(scheme.id, position, new)
        for position, new in enumerate(new_checkpoints, 1)
    }
    session.add_all(checkpoints.values())
    session.flush()
    for new in new_checkpoints:
        required_ids = [checkpoints[title].id for title in new.after]
        prerequisites.add(session, checkpoints[new.title], required_ids)
    return scheme, checkpoints


def _checkpoint(scheme_id: int, position: int, new: NewCheckpoint) -> Checkpoint:
    return Checkpoint(
        scheme_id=scheme_id,
        position=position,
        title=new.title,
        requirement=new.requirement,
        place=new.place,
        contact=new.contact,
        hours=new.hours,
    )


def read_csv(path: Path) -> list[dict[str, str]]:
    """Rows under the manual's headers (学号, 姓名, 性别, 年级, 身份证号, 院系 …)."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def add_students(
    session: Session, scheme_id: int, cohort: Cohort, rows: Iterable[Mapping[str, str]]
) -> None:
    """Add these students with a PENDING clearance at each checkpoint, and their departments."""
    records = [{StudentField.COHORT: cohort} | record for record in _records(list(rows))]
    student_writes.departments(session, records, create=True)
    student_ids = student_writes.insert(session, scheme_id, records)
    student_writes.add_clearances(session, student_ids)


def _records(rows: Sequence[Mapping[str, str]]) -> Iterator[dict[StudentField, Value]]:
    """What the rows say, as in a file; the first error is raised."""
    titles = list(dict.fromkeys(title for row in rows for title in row))
    layout = sheets.find_layout([Row(1, tuple(titles))], roster_cells.HEADERS)
    for number, row in enumerate(rows, 2):
        cells = tuple(row.get(title) for title in titles)
        parsed = roster_cells.parse(Row(number, cells), layout)
        for problem in parsed.problems:
            if problem.code not in sheets.WARNINGS:
                raise Refusal(problem.code, problem.facts)
        yield parsed.record
