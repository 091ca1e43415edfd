"""What hand-outs are judged by, read under locks: the scheme, the numbers, then the students.

What is judged comes in the next statements of the same transaction, so that it shows what others
committed while the locks were awaited.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, ids, locks, operators
from domain.deciding import gate
from domain.deciding.judgement import Verdict, refuse
from domain.errors import Code
from domain.handing.judgement import Case, Given, Handing, Item
from domain.signed_in import Departments, Right, SignedIn
from models import HandOut, HandOutKind, Operator, Scheme, Student


@dataclass(frozen=True)
class Locked:
    """What hand-outs are judged by; nobody else changes it meanwhile."""

    scheme: Scheme
    departments: Mapping[int, int]
    may_hand_out: Departments
    entitled: Mapping[int, Collection[HandOutKind]]
    open_checkpoints: Mapping[int, tuple[str, ...]]
    # Both change as the batch goes on.
    received: Mapping[int, dict[HandOutKind, Given]]
    taken: dict[Item, int]
    now: dt.datetime

    def barred(self, student_id: int) -> Verdict | None:
        """Why nothing is handed out to a student: out of sight, or of departments of others."""
        if student_id not in self.departments:
            return refuse(Code.NOT_FOUND, noun=ids.Noun.STUDENT)
        if self.departments[student_id] not in self.may_hand_out:
            return refuse(Code.FORBIDDEN, right=Right.HAND_OUT)
        return None

    def case(self, handing: Handing) -> Case:
        """Of one student, as the ones before left it."""
        student_id = handing.student_id
        return Case(
            self.scheme.name,
            self.scheme.status,
            self.entitled[student_id],
            self.received[student_id],
            self.open_checkpoints.get(student_id, ()),
            self.taken,
        )


def load(
    session: Session, scheme_id: int, handings: Sequence[Handing], operator: SignedIn
) -> Locked:
    """Lock the scheme, the numbers, the students; what is judged comes in the next statements."""
    scheme = hold_scheme(session, scheme_id)
    numbered = {item for handing in handings for item in handing.items if item.number}
    if numbered:
        _hold_numbers(session)
    wanted = sorted({handing.student_id for handing in handings})
    departments = lock(session, scheme_id, wanted, operator)
    student_ids = sorted(departments)
    return Locked(
        scheme,
        departments,
        operator.departments_handing(scheme_id),
        _entitled(session, student_ids),
        gate.open_checkpoints(session, student_ids),
        _received(session, student_ids),
        _taken(session, numbered),
        session.scalars(sa.select(sa.func.clock_timestamp())).one(),
    )


def hold_scheme(session: Session, scheme_id: int) -> Scheme:
    """Who changes its checkpoints, rules or students waits for us; decisions do not."""
    statement = sa.select(Scheme).where(Scheme.id == scheme_id).with_for_update(read=True)
    return session.scalars(statement, execution_options={"populate_existing": True}).one()


def _hold_numbers(session: Session) -> None:
    """One at a time gives certificates out: two with the same number would not see each other."""
    locks.hold(session, "certificate_numbers")


def lock(
    session: Session, scheme_id: int, student_ids: list[int], operator: SignedIn
) -> dict[int, int]:
    """Those in sight among these, with their departments: no clearance of theirs changes."""
    rows = session.execute(
        sa.select(Student.id, Student.department_id)
        .where(
            Student.id == sa.any_(arrays.ids(student_ids)),
            operators.students_seen(operator, scheme_id),
        )
        .order_by(Student.id)
        .with_for_update()
    )
    return {row.id: row.department_id for row in rows}


def _entitled(session: Session, student_ids: list[int]) -> dict[int, list[HandOutKind]]:
    rows = session.execute(
        sa.select(Student.id, gate.entitled()).where(arrays.any_of(Student.id, student_ids))
    )
    return {student_id: [HandOutKind(each) for each in kinds] for student_id, kinds in rows}


def _received(session: Session, student_ids: list[int]) -> dict[int, dict[HandOutKind, Given]]:
    rows = session.execute(
        sa.select(
            HandOut.student_id,
            HandOut.kind,
            HandOut.certificate_number,
            Operator.name,
            HandOut.handed_out_at,
        )
        .join(Operator, Operator.id == HandOut.operator_id)
        .where(arrays.any_of(HandOut.student_id, student_ids), HandOut.revoked_at.is_(None))
    )
    received: defaultdict[int, dict[HandOutKind, Given]] = defaultdict(dict)
    for student_id, kind, number, name, at in rows:
        received[student_id][kind] = Given(number, name, at)
    return received


def _taken(session: Session, numbered: Collection[Item]) -> dict[Item, int]:
    """Whose these numbers are, in whatever scheme."""
    wanted = arrays.rows(
        "wanted",
        kind=(sa.Text(), [item.kind for item in numbered]),
        number=(sa.Text(), [item.number for item in numbered]),
    )
    rows = session.execute(
        sa.select(HandOut.kind, HandOut.certificate_number, HandOut.student_id)
        .join(
            wanted,
            sa.and_(HandOut.kind == wanted.c.kind, HandOut.certificate_number == wanted.c.number),
        )
        .where(HandOut.revoked_at.is_(None))
    )
    return {Item(kind, number): student_id for kind, number, student_id in rows}
