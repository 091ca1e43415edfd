"""A large university, made by a few statements."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import ids
from domain.enrolling import roster
from domain.enrolling.roster import NewCheckpoint
from domain.ids import Noun
from domain.staffing import accounts
from models import Department, Grant, Role
from models.database import Database

STUDENTS, DEPARTMENTS, CHECKPOINTS = 100_000, 5, 15
LOGIN, PASSWORD = "bench", "lixiao-bench"
# Everybody is passed at the first checkpoint, and every other one asks for that.
FIRST = "环节 01"
TITLES = [f"环节 {place:02}" for place in range(1, CHECKPOINTS + 1)]

# A name (m) tells nothing of the rest: Knuth's hash of the place.
_STUDENTS = """
INSERT INTO students (
  scheme_id, department_id, number, candidate_number, id_number, name, gender, entry_year, cohort,
  training_level, category, major, class_name, household_transfer, dormitory)
SELECT :scheme_id, (SELECT min(id) FROM departments) + n * :departments / :students,
  '2020' || lpad(n::text, 6, '0'), '10491' || lpad(n::text, 9, '0'),
  '110101' || to_char(date '1995-01-01' + n % 3000, 'YYYYMMDD') || lpad((n / 3000)::text, 4, '0'),
  substr('赵钱孙李周吴郑王冯陈', m % 10 + 1, 1)
    || substr('思宁远航一诺若曦子涵', m / 10 % 10 + 1, 1)
    || substr('文武德才兼备山高水长', m / 100 + 1, 1),
  CASE n % 2 WHEN 0 THEN 'MALE' ELSE 'FEMALE' END, 2020, 'DOUBLE_CERTIFICATE_GRADUATE', '硕士',
  '学历硕士', '专业' || n % 100, '班级' || n % 3000, n % 3 = 0, '东区-研1号楼-2层-206-01床'
FROM (
  SELECT n, (n::bigint * 2654435761 % 4294967296 / 4294968)::int AS m
  FROM generate_series(0, :students - 1) AS n) AS students
"""
_CLEARANCES = """
INSERT INTO clearances (student_id, checkpoint_id, status)
SELECT students.id, checkpoints.id, CASE WHEN title = :first THEN 'PASSED' ELSE 'PENDING' END
FROM students CROSS JOIN checkpoints ORDER BY students.id, position
"""


@dataclass(frozen=True)
class University:
    """Its size, and the public ids that requests need."""

    students: int
    scheme: str
    checkpoints: tuple[str, ...]
    departments: tuple[str, ...]

    @staticmethod
    def number(place: int) -> str:
        """Of the student at this place, counted from 0 in the order of the departments."""
        return f"2020{place:06}"


def build(database: Database, students: int) -> University:
    """Fill an empty installation; statistics are those that autovacuum would make."""
    with database.write() as session:
        university = _fill(session, students)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))
    return university


def _fill(session: Session, students: int) -> University:
    points = [NewCheckpoint(title, after=() if title == FIRST else (FIRST,)) for title in TITLES]
    scheme, checkpoints = roster.create_scheme(session, "2020级研究生6月份", points)
    session.add_all(Department(name=f"院系 {place}") for place in range(1, DEPARTMENTS + 1))
    session.flush()
    sizes = {"scheme_id": scheme.id, "students": students, "departments": DEPARTMENTS}
    session.execute(sa.text(_STUDENTS), sizes)
    session.execute(sa.text(_CLEARANCES), {"first": FIRST})
    accounts.create(session, LOGIN, "基准", PASSWORD, [Grant(role=Role.ADMINISTRATOR)])
    departments = session.scalars(sa.select(Department.id).order_by(Department.id))
    return University(
        students,
        ids.encode(Noun.SCHEME, scheme.id),
        tuple(ids.encode(Noun.CHECKPOINT, checkpoints[title].id) for title in TITLES),
        tuple(ids.encode(Noun.DEPARTMENT, each) for each in departments),
    )
