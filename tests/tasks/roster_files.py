"""Rosters as files, their jobs over HTTP, and the students as they stand in the tables."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from models import Clearance, Entry, Student, StudentChange
from tests.client import Client
from tests.world import GEOLOGY, MARX, World

START = """
mutation($file: ID!, $scheme: ID!, $cohort: Cohort, $createDepartments: Boolean! = false,
         $archiveMissing: Int, $dryRun: Boolean! = false, $sheet: String) {
  startRosterImport(file: $file, scheme: $scheme, cohort: $cohort, dryRun: $dryRun,
                    createDepartments: $createDepartments, archiveMissing: $archiveMissing,
                    sheet: $sheet) {
    ... on Job { id status kind }
    ... on Refused { code path facts { name value } }
  }
}
"""
JOB = """
query($id: ID!) { job(id: $id) {
  kind status phase dryRun total staged applied unchanged failed unprocessed unknownColumns
  problem { code message }
  roster {
    added changed restored missing archived unknownDepartments
    notArchivedReason { code message facts { name value } }
  }
  missingStudents(first: 100) { totalCount nodes { number name status } }
  files { kind name url }
  rows(first: 100) { nodes {
    rowNumber key name outcome code change student { number }
    changes { field title old new }
    problems { code column value message }
  } }
} }
"""
Line = Sequence[object]
BRIEF = ("学号", "姓名", "身份证号", "院系")
EVERYBODY = [
    ("2020010101", "张思", "110101199601010001", MARX),
    ("2020010102", "李思", "110101199701010002", MARX),
    ("2020010103", "周思", "110101199701010003", MARX),
    ("2020010104", "周思", "110101199701010004", MARX),
    ("2020020101", "欧阳·娜娜", "E12345678", GEOLOGY),
    ("2020020102", "吴思", "110101199701010006", GEOLOGY),
]
DOUBLE = "DOUBLE_CERTIFICATE_GRADUATE"


def table(header: Sequence[str], *rows: Line, delimiter: str = ",") -> bytes:
    """A text file, as a system of the university would export it."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([header, *rows])
    return text.getvalue().encode()


def start(client: Client, world: World, content: bytes, **options: Any) -> Any:
    """The answer of startRosterImport for a new upload."""
    file = client.upload(content, "名册.csv")
    return client.query(START, file=file, scheme=world.scheme, **options)["startRosterImport"]


def run(client: Client, world: World, content: bytes, **options: Any) -> Any:
    """Upload, start, wait; the finished job."""
    job = start(client, world, content, **options)["id"]
    client.finished(job, 20)
    return client.query(JOB, id=job)["job"]


def sums(job: Mapping[str, Any]) -> tuple[int, int, int, int]:
    """Applied, unchanged, failed, unprocessed."""
    return job["applied"], job["unchanged"], job["failed"], job["unprocessed"]


def codes(job: Mapping[str, Any]) -> dict[int, list[str]]:
    """Every problem of every row, by its number."""
    return {
        row["rowNumber"]: [problem["code"] for problem in row["problems"]]
        for row in job["rows"]["nodes"]
        if row["problems"]
    }


def student(world: World, number: str) -> Student:
    """One student's row."""
    with world.database.write() as session:
        return session.scalars(
            sa.select(Student).where(Student.scheme_id == world.scheme_id, Student.number == number)
        ).one()


def lines(world: World) -> list[tuple[str, str, str, str, int | None]]:
    """Every line: whose, field, old, new, Excel row."""
    with world.database.write() as session:
        rows = session.execute(
            sa.select(
                sa.func.coalesce(Student.number, ""),
                StudentChange.field,
                StudentChange.old,
                StudentChange.new,
                StudentChange.row_number,
            )
            .join(Student, Student.id == StudentChange.student_id)
            .order_by(StudentChange.id)
        )
        return [tuple(row) for row in rows]  # type: ignore[misc]  # five columns


def snapshot(world: World) -> list[list[tuple[object, ...]]]:
    """What a dry run may not touch."""
    with world.database.write() as session:
        return [
            [
                tuple(row)
                for row in session.execute(
                    sa.select(each.__table__).order_by(*each.__table__.primary_key)
                )
            ]
            for each in (Student, StudentChange, Clearance, Entry)
        ]
