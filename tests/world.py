"""A small university for tests: rows made by the domain's own functions, ids by name."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import ids, operators
from domain.enrolling import roster
from domain.enrolling.roster import NewCheckpoint
from domain.ids import Noun
from domain.signed_in import SignedIn
from domain.staffing import sessions
from models import (
    Checkpoint,
    Clearance,
    ClearanceStatus,
    Cohort,
    Department,
    Entry,
    Grant,
    Operator,
    Role,
    Scheme,
    Student,
)
from models.database import Database

MARX, GEOLOGY = "马克思主义学院", "地球科学学院"
SUPERVISOR, AFFAIRS, LIBRARY = "导师审核", "学工审核", "图书馆"
CHECKPOINTS = (
    NewCheckpoint(SUPERVISOR),
    NewCheckpoint(AFFAIRS, "提交毕业生登记表", after=(SUPERVISOR,)),
    NewCheckpoint(LIBRARY, "还清图书"),
)
STUDENTS = (
    # number, name, ID number, department
    ("2020010101", "张思", "110101199601010001", MARX),
    ("2020010102", "李思", "110101199701010002", MARX),
    ("2020010103", "周思", "110101199701010003", MARX),
    ("2020010104", "周思", "110101199701010004", MARX),
    ("2020020101", "欧阳·娜娜", "E12345678", GEOLOGY),
    ("2020020102", "吴思", "110101199701010006", GEOLOGY),
)
# Role, checkpoint, department, may see ID numbers.
Hired = tuple[Role, str | None, str | None, bool]
PEOPLE: dict[str, Hired] = {
    "admin": (Role.ADMINISTRATOR, None, None, True),
    "supervisor": (Role.CHECKPOINT_OPERATOR, SUPERVISOR, None, False),
    "affairs": (Role.CHECKPOINT_OPERATOR, AFFAIRS, MARX, False),
    "affairs-geology": (Role.CHECKPOINT_OPERATOR, AFFAIRS, GEOLOGY, False),
    "library": (Role.CHECKPOINT_OPERATOR, LIBRARY, None, False),
    "department": (Role.DEPARTMENT_OPERATOR, None, MARX, False),
}


@dataclass
class World:
    """Primary keys by the names that tests use."""

    database: Database
    scheme_id: int
    checkpoints: dict[str, int]
    departments: dict[str, int]
    students: dict[str, int]
    people: dict[str, int] = field(default_factory=dict)

    @classmethod
    def build(cls, database: Database) -> "World":
        """An open scheme with everything above."""
        with database.write() as session:
            scheme, checkpoints = roster.create_scheme(session, "2020级研究生6月份", CHECKPOINTS)
            rows = [
                {"学号": number, "姓名": name, "身份证号": id_number, "院系": department}
                for number, name, id_number, department in STUDENTS
            ]
            roster.add_students(session, scheme.id, Cohort.DOUBLE_CERTIFICATE_GRADUATE, rows)
            world = cls(
                database,
                scheme.id,
                {title: checkpoint.id for title, checkpoint in checkpoints.items()},
                {
                    row.name: row.id
                    for row in session.execute(sa.select(Department.name, Department.id))
                },
                {
                    row.number: row.id
                    for row in session.execute(sa.select(Student.number, Student.id))
                },
            )
            world._hire(session, PEOPLE)
        return world

    @property
    def scheme(self) -> str:
        """The public id."""
        return ids.encode(Noun.SCHEME, self.scheme_id)

    def checkpoint(self, title: str) -> str:
        """The public id."""
        return ids.encode(Noun.CHECKPOINT, self.checkpoints[title])

    def student(self, number: str) -> str:
        """The public id."""
        return ids.encode(Noun.STUDENT, self.students[number])

    def department(self, name: str) -> str:
        """The public id."""
        return ids.encode(Noun.DEPARTMENT, self.departments[name])

    def clearance(self, number: str, title: str) -> str:
        """The public id."""
        return ids.encode(Noun.CLEARANCE, self.students[number], self.checkpoints[title])

    def hire(
        self,
        login: str,
        role: Role,
        checkpoint: str | None = None,
        department: str | None = None,
        may_see_id_numbers: bool = False,  # noqa: FBT001, FBT002 -- a row of PEOPLE
    ) -> int:
        """A new operator with one grant."""
        with self.database.write() as session:
            self._hire(session, {login: (role, checkpoint, department, may_see_id_numbers)})
        return self.people[login]

    def hire_for(self, login: str, checkpoint: str, departments: Sequence[str]) -> str:
        """Somebody who decides at a checkpoint for several departments; their login."""
        role, first, *others = Role.CHECKPOINT_OPERATOR, *departments
        self.hire(login, role, checkpoint, first)
        places = {"scheme_id": self.scheme_id, "checkpoint_id": self.checkpoints[checkpoint]}
        with self.database.write() as session:
            session.add_all(
                Grant(
                    operator_id=self.people[login],
                    role=role,
                    department_id=self.departments[each],
                    may_see_id_numbers=False,
                    **places,
                )
                for each in others
            )
        return login

    def _hire(self, session: Session, people: Mapping[str, Hired]) -> None:
        hired = {login: Operator(login=login, name=f"{login} 老师") for login in people}
        session.add_all(hired.values())
        session.flush()
        session.add_all(
            Grant(
                operator_id=hired[login].id,
                role=role,
                scheme_id=self.scheme_id,
                checkpoint_id=self.checkpoints[checkpoint] if checkpoint else None,
                department_id=self.departments[department] if department else None,
                may_see_id_numbers=may_see_id_numbers,
            )
            for login, (role, checkpoint, department, may_see_id_numbers) in people.items()
        )
        self.people |= {login: operator.id for login, operator in hired.items()}

    def operator(self, login: str) -> SignedIn:
        """The operator as the domain sees one."""
        with self.database.write() as session:
            return operators.load(session, self.people[login])

    def token(self, login: str) -> str:
        """A live session's token."""
        with self.database.write() as session:
            return sessions.open_for(session, self.people[login], dt.timedelta(hours=1)).token

    def put(self, number: str, title: str, status: ClearanceStatus, **values: object) -> None:
        """Put one clearance into a state, without an entry."""
        with self.database.write() as session:
            session.execute(
                sa.update(Clearance)
                .where(
                    Clearance.student_id == self.students[number],
                    Clearance.checkpoint_id == self.checkpoints[title],
                )
                .values(status=status, **values)
            )

    def put_all(self, title: str, status: ClearanceStatus) -> None:
        """Put everybody's clearance at a checkpoint into a state, without entries."""
        for number in self.students:
            self.put(number, title, status)

    def set_scheme(self, **values: object) -> None:
        """Change the scheme's row."""
        with self.database.write() as session:
            session.execute(sa.update(Scheme).values(**values))

    def set_checkpoint(self, title: str, **values: object) -> None:
        """Change a checkpoint's row."""
        with self.database.write() as session:
            session.execute(
                sa.update(Checkpoint)
                .where(Checkpoint.id == self.checkpoints[title])
                .values(**values)
            )

    def state(self, number: str, title: str) -> tuple[str, str, int]:
        """Status, remark and version of one clearance."""
        with self.database.write() as session:
            row = session.get_one(Clearance, (self.students[number], self.checkpoints[title]))
            return row.status.value, row.remark, row.version

    def entries(self) -> Sequence[Entry]:
        """The whole history."""
        with self.database.write() as session:
            return session.scalars(sa.select(Entry).order_by(Entry.at, Entry.student_id)).all()

    def enrol(self, *rows: Mapping[str, str]) -> None:
        """More students, under the manual's headers (学号, 考生号, 身份证号, 姓名, 院系 …)."""
        with self.database.write() as session:
            cohort = Cohort.DOUBLE_CERTIFICATE_GRADUATE
            roster.add_students(session, self.scheme_id, cohort, rows)
            keys = (Student.number, Student.candidate_number, Student.id_number)
            found = session.execute(sa.select(sa.func.coalesce(*keys).label("key"), Student.id))
            self.students = {row.key: row.id for row in found}

    def add_students(self, count: int, department: str = MARX) -> list[str]:
        """More students, 学生0001 and so on; their numbers."""
        numbers = [f"S{place:07d}" for place in range(1, count + 1)]
        rows = [
            {"学号": number, "姓名": f"学生{place:07d}", "院系": department}
            for place, number in enumerate(numbers, 1)
        ]
        with self.database.write() as session:
            cohort = Cohort.DOUBLE_CERTIFICATE_GRADUATE
            roster.add_students(session, self.scheme_id, cohort, rows)
            found = session.execute(sa.select(Student.number, Student.id))
            self.students = {row.number: row.id for row in found}
        return numbers
