"""The small university with a second scheme beside it, and what one may reach for, by name."""

import datetime as dt
import functools
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

import models
from domain import batches, files, ids, job_files, waivers
from domain.batches import BatchRequest, Selection
from domain.enrolling import roster
from domain.enrolling.roster import NewCheckpoint
from domain.files import NewFile
from domain.ids import Noun
from domain.staffing import sessions
from domain.studying import student_accounts
from models import (
    Act,
    Cohort,
    Department,
    File,
    FileKind,
    Grant,
    Job,
    JobKind,
    Operator,
    Role,
)
from tests.scope import feed_house, graduates
from tests.world import AFFAIRS, GEOLOGY, LIBRARY, MARX, PEOPLE, STUDENTS, World

CHEMISTRY = "化学学院"
OUTSIDER = "司马青衫"
PASSWORD = "correct horse"
# Who signs in as a student; 2020010102 stands in one scheme only.
STUDENT = "2020010102"
# The columns of the table: the people of the world, one with a grant in the second scheme only,
# one whose grants are gone, and somebody without a token.
COLUMNS = (
    "admin",
    "affairs",
    "affairs-geology",
    "library",
    "department",
    "elsewhere",
    "ungranted",
    "nobody",
)
# A refused sign-in counts; that is no state of anything else.
COUNTED = frozenset({"sign_in_failures"})
_DAY = dt.timedelta(days=1)


@dataclass
class House:
    """A world with a second scheme; `ids` are public ids by the names that the table uses."""

    world: World
    path: Path
    ids: dict[str, str] = field(default_factory=dict)
    own: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    def build(cls, world: World, path: Path) -> "House":
        """Everything that any line of the table needs."""
        house = cls(world, path)
        path.write_bytes("没有表格".encode())
        house._add_second_scheme()
        world.people["ungranted"] = house._hire("ungranted", None)
        house._name_the_world()
        house._name_the_people()
        house._add_work()
        house._add_waivers()
        house.tokens["feed"] = feed_house.furnish(world.database, house.ids, world.people)
        graduates.furnish(world, house.ids)
        for login in COLUMNS[:-1]:
            house._equip(login)
        house.tokens["nobody"] = None
        house._sign_in_a_student()
        return house

    def named(self, value: object, login: str) -> object:
        """The value with every @name in it replaced by what it means to this person."""
        if isinstance(value, dict):
            return {key: self.named(each, login) for key, each in value.items()}
        if isinstance(value, list):
            return [self.named(each, login) for each in value]
        if isinstance(value, str) and value.startswith("@"):
            return (self.ids | self.own.get(login, {})).get(value, self.ids["@unknown-student"])
        return value

    def hidden_names(self, login: str) -> set[str]:
        """The names of the students whom a person must never read of."""
        seen: set[str] = {OUTSIDER} if login == "elsewhere" else set()
        if login in PEOPLE:
            department = PEOPLE[login][2]
            seen = {name for _, name, _, of in STUDENTS if department in {None, of}}
        return {OUTSIDER, *(name for _, name, _, _ in STUDENTS)} - seen

    def digest(self) -> dict[str, str]:
        """What stands in each table."""
        names = sorted(models.Base.metadata.tables.keys() - COUNTED)
        statement = " UNION ALL ".join(
            f"SELECT '{name}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
            f" FROM {name} t"
            for name in names
        )
        with self.world.database.write() as session:
            return {row[0]: row[1] for row in session.execute(sa.text(statement))}

    def _add_second_scheme(self) -> None:
        with self.world.database.write() as session:
            steps = (NewCheckpoint(AFFAIRS), NewCheckpoint(LIBRARY))
            scheme, checkpoints = roster.create_scheme(session, "2021级本科生6月份", steps)
            row = {"学号": "2020010101", "姓名": OUTSIDER, "身份证号": "", "院系": CHEMISTRY}
            roster.add_students(session, scheme.id, Cohort.UNDERGRADUATE, [row])
            student = session.scalars(
                sa.select(models.Student).where(models.Student.scheme_id == scheme.id)
            ).one()
            checkpoint_id = checkpoints[AFFAIRS].id
            self.ids |= {
                "@other-scheme": ids.encode(Noun.SCHEME, scheme.id),
                "@other-checkpoint": ids.encode(Noun.CHECKPOINT, checkpoint_id),
                "@other-department": ids.encode(Noun.DEPARTMENT, student.department_id),
                "@outsider": ids.encode(Noun.STUDENT, student.id),
                "@other-clearance": ids.encode(Noun.CLEARANCE, student.id, checkpoint_id),
            }
            grant = Grant(
                role=Role.CHECKPOINT_OPERATOR, scheme_id=scheme.id, checkpoint_id=checkpoint_id
            )
        self.world.people["elsewhere"] = self._hire("elsewhere", grant)

    def _hire(self, login: str, grant: Grant | None) -> int:
        with self.world.database.write() as session:
            operator = Operator(login=login, name=f"{login} 老师")
            session.add(operator)
            session.flush()
            if grant:
                grant.operator_id = operator.id
                session.add(grant)
            return operator.id

    def _sign_in_a_student(self) -> None:
        """Nobody of `COLUMNS`: students have a table of their own."""
        hashes = {STUDENT: _password_hash()}
        with self.world.database.write() as session:
            student_accounts.issue(session, hashes)
            # Without proving the password, which is meant to be slow.
            token, _ = sessions.add(session, _DAY, student_number=STUDENT)
            self.tokens["student"] = token

    def _name_the_world(self) -> None:
        world = self.world
        self.ids |= {
            "@scheme": world.scheme,
            "@checkpoint": world.checkpoint(AFFAIRS),
            "@library": world.checkpoint(LIBRARY),
            "@marx": world.department(MARX),
            "@geology": world.department(GEOLOGY),
            "@student": world.student("2020010101"),
            "@classmate": world.student("2020010102"),
            "@geologist": world.student("2020020101"),
            "@unknown-student": ids.encode(Noun.STUDENT, 2**40),
            "@clearance": world.clearance("2020010101", AFFAIRS),
            "@geologist-clearance": world.clearance("2020020101", AFFAIRS),
            "@unknown-clearance": ids.encode(Noun.CLEARANCE, 2**40, 1),
        }
        with world.database.write() as session:
            empty = Department(name="没有学生的学院")
            session.add(empty)
            session.flush()
            self.ids["@empty-department"] = ids.encode(Noun.DEPARTMENT, empty.id)
            session.get_one(Operator, world.people["affairs"]).password_hash = _password_hash()

    def _name_the_people(self) -> None:
        for login, prefix in (("affairs", ""), ("elsewhere", "other-")):
            operator = self.world.operator(login)
            self.ids[f"@{prefix}operator"] = ids.encode(Noun.OPERATOR, operator.id)
            self.ids[f"@{prefix}grant"] = ids.encode(Noun.GRANT, operator.grants[0].id)

    def _add_work(self) -> None:
        """A finished batch of the operator in scope, with a file; the same in the other scheme."""
        plans = (
            ("affairs", "", "@checkpoint", "@student"),
            ("elsewhere", "other-", "@other-checkpoint", "@outsider"),
        )
        for login, prefix, checkpoint, student in plans:
            selection = Selection(ids=[ids.PublicId(self.ids[student])])
            request = BatchRequest(
                ids.PublicId(self.ids[checkpoint]), selection, Act.REFUSE, "缺表"
            )
            operator = self.world.operator(login)
            with self.world.database.write() as session:
                job = batches.decide(session, operator, request)
                job_files.keep(session, job, FileKind.ANNOTATED, "结果.xlsx", self.path, _DAY)
                made = session.scalars(sa.select(File.id).order_by(File.id.desc())).first()
                self.ids[f"@{prefix}job"] = ids.encode(Noun.JOB, job.id)
                self.ids[f"@{prefix}row"] = ids.encode(Noun.JOB_ROW, job.id, 1)
                self.ids[f"@{prefix}result"] = ids.encode(Noun.FILE, made or 0)

    def _add_waivers(self) -> None:
        """One that is requested in each scope."""
        plans = (
            ("affairs", "@waiver", "@student", "@checkpoint"),
            ("affairs-geology", "@geologist-waiver", "@geologist", "@checkpoint"),
            ("elsewhere", "@other-waiver", "@outsider", "@other-checkpoint"),
        )
        for login, name, *place in plans:
            student, checkpoint = (ids.PublicId(self.ids[each]) for each in place)
            operator = self.world.operator(login)
            with self.world.database.write() as session:
                made = waivers.request(session, operator, student, checkpoint, "因病休学")
                self.ids[name] = ids.encode(Noun.WAIVER, made.id)

    def _equip(self, login: str) -> None:
        """A token, an upload, and a queued import that uses another upload."""
        operator_id = self.world.people[login]
        scheme = "@other-scheme" if login == "elsewhere" else "@scheme"
        checkpoint = "@other-checkpoint" if login == "elsewhere" else "@checkpoint"
        with self.world.database.write() as session:
            self.tokens[login] = sessions.open_for(session, operator_id, _DAY).token
            new = NewFile(operator_id, FileKind.UPLOAD, f"{login}.xlsx", _DAY)
            with self.path.open("rb") as content:
                upload = files.store(session, new, content)
                used = files.store(session, new, content)
            job = Job(
                kind=JobKind.IMPORT,
                operator_id=operator_id,
                scheme_id=ids.decode(self.ids[scheme], Noun.SCHEME),
                checkpoint_id=ids.decode(self.ids[checkpoint], Noun.CHECKPOINT),
                upload_id=used.id,
                options={"language": "zh"},
            )
            session.add(job)
            session.flush()
            self.own[login] = {
                "@own-upload": ids.encode(Noun.FILE, upload.id),
                "@own-used": ids.encode(Noun.FILE, used.id),
                "@own-job": ids.encode(Noun.JOB, job.id),
            }
            if login == "affairs":
                self.ids["@upload"] = self.own[login]["@own-upload"]


@functools.cache
def _password_hash() -> str:
    """Once for all tests: it is meant to be slow."""
    return sessions.hash_password(PASSWORD)
