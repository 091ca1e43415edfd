"""What people do in a round: on paper, and in the service, on a connection of their own each."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Protocol

import sqlalchemy as sa

from domain import batches, files, ids, jobs, undos
from domain.batches import BatchRequest, Selection
from domain.configuration import rules
from domain.deciding import decisions
from domain.deciding.applicability import Applicability, Conditions
from domain.deciding.decisions import Origin
from domain.deciding.judgement import Decision
from domain.enrolling import enrolment
from domain.enrolling.student_inputs import StudentEdit
from domain.ids import Noun, PublicId
from domain.importing import imports, rematching, repairs
from domain.importing.imports import ImportRequest
from domain.importing.repairs import RepairRequest, Replacement
from domain.reading import parts, sheets
from domain.reading.parts import Sheet
from domain.workbook.read import Row
from models import Act, Channel, FileKind, Job, JobRow, MatchBy
from tests.domain import import_steps
from tests.model.paper import Paper, Told
from tests.world import World

Outcomes = dict[str, Told]
WORD = {"PASS": "通过", "REFUSE": "未通过", "NONE": "说不清"}
RULES = {
    "everybody": Applicability(),
    "nobody": Applicability(only=Conditions(cohorts=[])),
    "dormitory": Applicability(only=Conditions(has_dormitory=True)),
}


class Deed(Protocol):
    """An act of one person; `prepare` comes before anybody of the round acts."""

    def prepare(self, world: World) -> None: ...
    def act(self, world: World) -> Outcomes: ...
    def on_paper(self, paper: Paper) -> Outcomes: ...


@dataclass
class Decide:
    """One student, as they were seen when the round began."""

    by: str
    student: str
    where: str
    act_: str
    remark: str
    version: int = 0

    def prepare(self, world: World) -> None:
        self.version = world.state(self.student, self.where)[2]

    def act(self, world: World) -> Outcomes:
        decision = Decision(world.students[self.student], Act(self.act_), self.remark, self.version)
        origin = Origin(world.operator(self.by), Channel.SINGLE)
        with world.database.write() as session:
            [verdict] = decisions.apply(session, world.checkpoints[self.where], [decision], origin)
        return {self.student: (verdict.outcome, verdict.code)}

    def on_paper(self, paper: Paper) -> Outcomes:
        told = paper.decide(
            self.student, self.where, self.act_, self.remark, by=self.by, version=self.version
        )
        return {self.student: told}


@dataclass
class OfJob:
    """What leaves a job with rows."""

    by: str
    job: int = 0

    def rows(self, world: World) -> Outcomes:
        numbers = {key: number for number, key in world.students.items()}
        with world.database.write() as session:
            rows = session.scalars(
                sa.select(JobRow).where(JobRow.job_id == self.job).order_by(JobRow.row_number)
            )
            return {
                numbers[row.student_id]: (str(row.outcome), row.code)
                for row in rows
                if row.student_id
            }

    def run(self, world: World, step: object, job: int) -> None:
        """Batch after batch, each in a transaction of its own."""
        more = True
        while more:
            with world.database.write() as session:
                token = session.get_one(Job, job).token
                more = bool(step(session, job, token))  # type: ignore[operator]  # a step

    def claim(self, world: World) -> int:
        with world.database.write() as session:
            claimed = jobs.claim(session, self.job)
            assert claimed
            return claimed.token


@dataclass
class Batch(OfJob):
    """Several students by number."""

    students: list[str] = field(default_factory=list)
    where: str = ""
    act_: str = "PASS"
    remark: str = ""

    def prepare(self, world: World) -> None:
        """A batch by number is as it is asked for."""

    def act(self, world: World) -> Outcomes:
        request = BatchRequest(
            PublicId(world.checkpoint(self.where)),
            Selection(numbers=self.students),
            Act(self.act_),
            self.remark,
        )
        with world.database.write() as session:
            self.job = batches.decide(session, world.operator(self.by), request).id
        return self.rows(world)

    def on_paper(self, paper: Paper) -> Outcomes:
        return {
            each: paper.decide(each, self.where, self.act_, self.remark, by=self.by, job=self.job)
            for each in self.students
        }


@dataclass
class Import(OfJob):
    """A file, uploaded when the round began; a word that nobody knows fails its row."""

    where: str = ""
    lines: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def prepare(self, world: World) -> None:
        operator = world.operator(self.by)
        new = files.NewFile(operator.id, FileKind.UPLOAD, "a.xlsx", dt.timedelta(days=1))
        with world.database.write() as session:
            upload = files.store(session, new, BytesIO(b"-"))
            request = ImportRequest(
                ids.encode(Noun.FILE, upload.id),
                [PublicId(world.checkpoint(self.where))],
                again=True,
            )
            self.job = imports.start(session, operator, request, "zh").id

    def act(self, world: World) -> Outcomes:
        token = self.claim(world)
        rows = [
            Row(number, (student, WORD[act], remark))
            for number, (student, (act, remark)) in enumerate(self.lines.items(), 2)
        ]
        header = Row(1, ("学号", "办理结果", "备注"))
        layout = parts.check(
            sheets.find_layout([header], parts.headers([self.where])), [self.where], MatchBy.AUTO
        )
        source = imports.Source("a.xlsx", (self.where,), MatchBy.AUTO)
        with world.database.write() as session:
            sheet = imports.understood(Sheet("S", layout, rows), source)
            imports.stage(session, self.job, token, sheet, source)
        with world.database.write() as session:
            imports.finish_staging(session, self.job, token)
        self.run(world, import_steps.decide, self.job)
        with world.database.write() as session:
            jobs.finish(session, self.job, token)
        return self.rows(world)

    def on_paper(self, paper: Paper) -> Outcomes:
        return {
            student: ("FAILED", "RESULT_UNKNOWN")
            if act == "NONE"
            else paper.decide(
                student, self.where, act, remark, by=self.by, job=self.job, is_old=True
            )
            for student, (act, remark) in self.lines.items()
        }


@dataclass
class Repair(OfJob):
    """The unknown words of an import become a pass; it began when the round did."""

    where: str = ""
    lines: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def prepare(self, world: World) -> None:
        asked = RepairRequest(
            ids.encode(Noun.JOB, self.job), replace=Replacement("B", WORD["NONE"], WORD["PASS"])
        )
        with world.database.write() as session:
            repairs.repair(session, world.operator(self.by), asked)

    def act(self, world: World) -> Outcomes:
        token = self.claim(world)
        self.run(world, rematching.match, self.job)
        self.run(world, import_steps.decide, self.job)
        with world.database.write() as session:
            jobs.finish(session, self.job, token)
        rows = self.rows(world)
        return {each: rows[each] for each, (act, _) in self.lines.items() if act == "NONE"}

    def on_paper(self, paper: Paper) -> Outcomes:
        return {
            student: paper.decide(
                student, self.where, "PASS", remark, by=self.by, job=self.job, is_old=True
            )
            for student, (act, remark) in self.lines.items()
            if act == "NONE"
        }


@dataclass
class Undo(OfJob):
    """What a job of an earlier round did is taken back."""

    of: int = 0

    def prepare(self, world: World) -> None:
        with world.database.write() as session:
            public_id = ids.encode(Noun.JOB, self.of)
            self.job = undos.start(session, world.operator(self.by), public_id, "zh").id

    def act(self, world: World) -> Outcomes:
        token = self.claim(world)
        with world.database.write() as session:
            undos.stage(session, self.job, token)
        self.run(world, import_steps.of_waiting(undos.apply), self.job)
        with world.database.write() as session:
            jobs.finish(session, self.job, token)
        return self.rows(world)

    def on_paper(self, paper: Paper) -> Outcomes:
        return {
            student: paper.undo(student, where, self.of, self.job)
            for student, where in paper.changed_by(self.of)
        }


@dataclass
class SetRule:
    """To whom a checkpoint applies."""

    by: str
    where: str
    rule: str

    def prepare(self, world: World) -> None:
        """It holds from when it is set."""

    def act(self, world: World) -> Outcomes:
        with world.database.write() as session:
            checkpoint = PublicId(world.checkpoint(self.where))
            rules.change(session, world.operator(self.by), checkpoint, RULES[self.rule])
        return {}

    def on_paper(self, paper: Paper) -> Outcomes:
        paper.set_rule(self.rule, self.by)
        return {}


@dataclass
class Move:
    """A change of the roster: a bed, or none."""

    by: str
    student: str
    has_dormitory: bool

    def prepare(self, world: World) -> None:
        """The roster is as it is."""

    def act(self, world: World) -> Outcomes:
        bed = "东区-1号楼-101-01床" if self.has_dormitory else ""
        with world.database.write() as session:
            enrolment.update(
                session,
                world.operator(self.by),
                PublicId(world.student(self.student)),
                StudentEdit(dormitory=bed),
                (),
            )
        return {}

    def on_paper(self, paper: Paper) -> Outcomes:
        paper.move(self.student, has_dormitory=self.has_dormitory, by=self.by)
        return {}
