"""An export: the filtered students with a column per checkpoint, read in one snapshot."""

import enum
import zoneinfo
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, checkpoints, export_notes, identifiers, jobs, operators, students
from domain.errors import Code, Refusal
from domain.words import office_word
from models import Clearance, Department, Job, JobKind, Student

PAGE = 2_000
NAME = "学生列表.xlsx"
_YES_NO = {True: "是", False: "否", None: ""}


class StudentColumn(enum.StrEnum):
    """A column of the student part of an export."""

    NUMBER = "NUMBER"
    CANDIDATE_NUMBER = "CANDIDATE_NUMBER"
    ID_NUMBER = "ID_NUMBER"
    NAME = "NAME"
    GENDER = "GENDER"
    ENTRY_YEAR = "ENTRY_YEAR"
    COHORT = "COHORT"
    DEPARTMENT = "DEPARTMENT"
    MAJOR = "MAJOR"
    CLASS = "CLASS"
    CATEGORY = "CATEGORY"
    TRAINING_LEVEL = "TRAINING_LEVEL"
    HOUSEHOLD_TRANSFER = "HOUSEHOLD_TRANSFER"
    DORMITORY = "DORMITORY"


@dataclass(frozen=True)
class ExportRequest:
    """Which students, which of their columns; every checkpoint is a column of its own."""

    where: students.StudentFilter
    columns: list[StudentColumn] | None = None
    full_id_numbers: bool = False


_Row = sa.Row[Student, str]
_COLUMNS: dict[StudentColumn, tuple[str, Callable[[_Row], str | None]]] = {
    StudentColumn.NUMBER: ("学号", lambda row: row.Student.number),
    StudentColumn.CANDIDATE_NUMBER: ("考生号", lambda row: row.Student.candidate_number),
    StudentColumn.ID_NUMBER: ("身份证号", lambda row: row.Student.id_number),
    StudentColumn.NAME: ("姓名", lambda row: row.Student.name),
    StudentColumn.GENDER: ("性别", lambda row: office_word(row.Student.gender or "")),
    StudentColumn.ENTRY_YEAR: ("年级", lambda row: str(row.Student.entry_year or "")),
    StudentColumn.COHORT: ("学生范围", lambda row: office_word(row.Student.cohort)),
    StudentColumn.DEPARTMENT: ("院系", lambda row: row.department),
    StudentColumn.MAJOR: ("专业", lambda row: row.Student.major),
    StudentColumn.CLASS: ("班级", lambda row: row.Student.class_name),
    StudentColumn.CATEGORY: ("学生类别", lambda row: row.Student.category),
    StudentColumn.TRAINING_LEVEL: ("培养层次", lambda row: row.Student.training_level),
    StudentColumn.HOUSEHOLD_TRANSFER: (
        "是否户口迁移",
        lambda row: _YES_NO[row.Student.household_transfer],
    ),
    StudentColumn.DORMITORY: ("住宿信息", lambda row: row.Student.dormitory),
}


@dataclass(frozen=True)
class Table:
    """What an export writes: its header, its rows as they are read, and what it is about."""

    header: list[str]
    rows: Iterator[list[str | None]]
    about: list[tuple[str, str]]


def start(session: Session, operator: operators.SignedIn, request: ExportRequest) -> Job:
    """A queued job; full ID numbers need the right and are recorded on it."""
    scheme_id = students.scheme_of(operator, request.where)
    if request.full_id_numbers and not operator.departments_unmasked(scheme_id):
        raise Refusal(Code.FORBIDDEN, {"right": operators.Right.SEE_ID_NUMBERS})
    job = Job(
        kind=JobKind.EXPORT,
        operator_id=operator.id,
        scheme_id=scheme_id,
        options=asdict(request),
        total=students.count(session, operator, request.where),
    )
    session.add(job)
    session.flush()
    session.refresh(job)
    return job


def report(
    session: Session, job_id: int, token: int, written: int, *, are_all: bool = False
) -> None:
    """How many students are in the file so far, or in all; renews the lease."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    # Counted when the job was started, before its snapshot.
    total = written if are_all else job.total
    jobs.advance(session, job, staged=written, applied=written, total=total)


def table(
    session: Session, operator: operators.SignedIn, job: Job, timezone: zoneinfo.ZoneInfo
) -> Table:
    """The table of an export job; the rows come from the session's snapshot, page by page."""
    request = _request(job)
    columns = request.columns or list(StudentColumn)
    points = checkpoints.of_schemes(session, operator, [job.scheme_id])[job.scheme_id]
    header = [_COLUMNS[column][0] for column in columns] + [point.title for point in points]
    tell = _teller(operator, job.scheme_id, columns, full=request.full_id_numbers)
    rows = _rows(session, operator, request.where, [point.id for point in points], tell)
    about = export_notes.when_and_who(operator, timezone)
    about += export_notes.conditions(session, operator, request.where)
    return Table(header, rows, about)


def _request(job: Job) -> ExportRequest:
    """The request as it was stored; JSON kept names, not enums."""
    where = dict(job.options["where"])
    where["status_at"] = [students.StatusAt(**each) for each in where["status_at"] or ()] or None
    columns = job.options["columns"]
    return ExportRequest(
        where=students.StudentFilter(**where),
        columns=columns and [StudentColumn(column) for column in columns],
        full_id_numbers=job.options["full_id_numbers"],
    )


def _teller(
    operator: operators.SignedIn, scheme_id: int, columns: Sequence[StudentColumn], *, full: bool
) -> Callable[[_Row], list[str | None]]:
    """How one student becomes cells: an ID number is masked unless asked for and allowed."""
    unmasked = operator.departments_unmasked(scheme_id) if full else operators.Departments()

    def tell(row: _Row) -> list[str | None]:
        return [_COLUMNS[column][1](row) for column in columns]

    if StudentColumn.ID_NUMBER not in columns:
        return tell
    place = list(columns).index(StudentColumn.ID_NUMBER)

    def tell_masked(row: _Row) -> list[str | None]:
        told = tell(row)
        if row.Student.department_id not in unmasked:
            told[place] = identifiers.mask(told[place] or "")
        return told

    return tell_masked


def _rows(
    session: Session,
    operator: operators.SignedIn,
    where: students.StudentFilter,
    checkpoint_ids: Sequence[int],
    tell: Callable[[_Row], list[str | None]],
) -> Iterator[list[str | None]]:
    last: tuple[str, int] = ("", 0)
    while page := _page(session, operator, where, last):
        statuses = _statuses(session, [row.Student.id for row in page])
        for row in page:
            of = statuses.get(row.Student.id, {})
            told = [office_word(of[each]) if each in of else "" for each in checkpoint_ids]
            yield [*tell(row), *told]
        last = (page[-1].Student.number or "", page[-1].Student.id)


def _page(
    session: Session,
    operator: operators.SignedIn,
    where: students.StudentFilter,
    last: tuple[str, int],
) -> Sequence[sa.Row[Student, str]]:
    order = (sa.func.coalesce(Student.number, ""), Student.id)
    found = session.execute(
        sa.select(Student, Department.name.label("department"))
        .join(Department, Department.id == Student.department_id)
        .where(students.matching(operator, where), sa.tuple_(*order) > last)
        .order_by(*order)
        .limit(PAGE)
    ).all()
    session.expunge_all()
    return found


def _statuses(session: Session, student_ids: Sequence[int]) -> dict[int, dict[int, str]]:
    rows = session.execute(
        sa.select(
            Clearance.student_id,
            sa.func.array_agg(Clearance.checkpoint_id),
            sa.func.array_agg(sa.cast(Clearance.status, sa.Text)),
        )
        .where(Clearance.student_id == sa.any_(arrays.ids(student_ids)))
        .group_by(Clearance.student_id)
    )
    return {student: dict(zip(points, of, strict=True)) for student, points, of in rows}
