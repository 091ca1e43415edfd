"""The matrix of students and checkpoints, read: clearances in checkpoint order, last entries."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, operators
from models import Checkpoint, Clearance, Entry, Student

Key = tuple[int, int]


def of_students(
    session: Session, _operator: operators.SignedIn, student_ids: Collection[int]
) -> dict[int, list[Clearance]]:
    """Every clearance of each student, in checkpoint order. The students were seen already."""
    found: dict[int, list[Clearance]] = {student_id: [] for student_id in student_ids}
    statement = (
        sa.select(Clearance)
        .join(Checkpoint, Checkpoint.id == Clearance.checkpoint_id)
        .where(Clearance.student_id == sa.any_(arrays.ids(student_ids)))
        .order_by(Clearance.student_id, Checkpoint.position)
    )
    for clearance in session.scalars(statement):
        found[clearance.student_id].append(clearance)
    return found


def by_keys(
    session: Session, operator: operators.SignedIn, keys: Collection[Key]
) -> dict[Key, Clearance]:
    """The clearances in sight among these (student, checkpoint) pairs."""
    statement = (
        sa.select(Clearance)
        .join(Student, Student.id == Clearance.student_id)
        .where(
            sa.tuple_(Clearance.student_id, Clearance.checkpoint_id).in_(list(keys)),
            operators.students_seen_anywhere(operator),
        )
    )
    return {(row.student_id, row.checkpoint_id): row for row in session.scalars(statement)}


def last_entries(
    session: Session, _operator: operators.SignedIn, clearances: Collection[tuple[int, int, int]]
) -> dict[tuple[int, int, int], Entry]:
    """The entry that led to each (student, checkpoint, version), if it was ever changed."""
    students, checkpoints, versions = zip(*clearances, strict=True)
    wanted = arrays.rows(
        "wanted",
        student_id=(sa.BigInteger(), students),
        checkpoint_id=(sa.BigInteger(), checkpoints),
        version=(sa.Integer(), versions),
    )
    statement = sa.select(Entry).join(
        wanted,
        sa.and_(
            Entry.student_id == wanted.c.student_id,
            Entry.checkpoint_id == wanted.c.checkpoint_id,
            Entry.version == wanted.c.version,
        ),
    )
    rows = session.scalars(statement)
    return {(row.student_id, row.checkpoint_id, row.version): row for row in rows}
