"""New schemes, checkpoints and students; every student gets a clearance at every checkpoint."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from domain import identifiers
from models import (
    Checkpoint,
    Clearance,
    Cohort,
    Department,
    Gender,
    Prerequisite,
    Scheme,
    SchemeStatus,
    Student,
)

_GENDERS = {"男": Gender.MALE, "女": Gender.FEMALE}
_YES_NO = {"是": True, "否": False}


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
    scheme = Scheme(name=name, status=SchemeStatus.OPEN)
    session.add(scheme)
    session.flush()
    checkpoints = {
        new.title: _checkpoint(scheme.id, position, new)
        for position, new in enumerate(new_checkpoints, 1)
    }
    session.add_all(checkpoints.values())
    session.flush()
    session.add_all(_prerequisites(scheme.id, checkpoints, new_checkpoints))
    session.flush()
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


def _prerequisites(
    scheme_id: int,
    checkpoints: Mapping[str, Checkpoint],
    new_checkpoints: Sequence[NewCheckpoint],
) -> list[Prerequisite]:
    return [
        Prerequisite(
            scheme_id=scheme_id,
            checkpoint_id=checkpoints[new.title].id,
            required_id=checkpoints[title].id,
        )
        for new in new_checkpoints
        for title in new.after
    ]


def read_csv(path: Path) -> list[dict[str, str]]:
    """Rows under the manual's headers (学号, 姓名, 性别, 年级, 身份证号, 院系 …)."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def add_students(
    session: Session, scheme_id: int, cohort: Cohort, rows: Iterable[Mapping[str, str]]
) -> None:
    """Add these students with a PENDING clearance at each checkpoint of the scheme."""
    wanted = list(rows)
    departments = _departments(session, {row["院系"].strip() for row in wanted})
    session.execute(
        sa.insert(Student),
        [
            {
                "scheme_id": scheme_id,
                "cohort": cohort,
                "department_id": departments[row["院系"].strip()],
                **_student(row),
            }
            for row in wanted
        ],
    )
    _add_clearances(session, scheme_id)


def _departments(session: Session, names: set[str]) -> dict[str, int]:
    """Departments by name, created where unknown."""
    session.execute(
        postgresql.insert(Department)
        .values([{"name": name} for name in sorted(names)])
        .on_conflict_do_nothing()
    )
    rows = session.execute(
        sa.select(Department.name, Department.id).where(Department.name.in_(names))
    )
    return {row.name: row.id for row in rows}


def _student(row: Mapping[str, str]) -> dict[str, object]:
    return {
        "number": identifiers.clean(row.get("学号", "")) or None,
        "candidate_number": identifiers.clean(row.get("考生号", "")) or None,
        "id_number": identifiers.clean(row.get("身份证号", "")) or None,
        "name": row["姓名"].strip(),
        "gender": _GENDERS.get(row.get("性别", "").strip()),
        "entry_year": int(row["年级"]) if row.get("年级", "").strip() else None,
        "major": row.get("专业", "").strip() or None,
        "class_name": row.get("班级", "").strip() or None,
        "category": row.get("学生类别", "").strip() or None,
        "training_level": row.get("培养层次", "").strip() or None,
        "household_transfer": _YES_NO.get(row.get("是否户口迁移", "").strip()),
        "dormitory": row.get("住宿信息", "").strip() or None,
    }


def _add_clearances(session: Session, scheme_id: int) -> None:
    """A clearance for every student at every checkpoint that lacks one."""
    session.execute(
        postgresql.insert(Clearance)
        .from_select(
            ["student_id", "checkpoint_id"],
            sa.select(Student.id, Checkpoint.id)
            .join(Checkpoint, Checkpoint.scheme_id == Student.scheme_id)
            .where(Student.scheme_id == scheme_id)
            .order_by(Student.id, Checkpoint.position),
            include_defaults=False,
        )
        .on_conflict_do_nothing()
    )
