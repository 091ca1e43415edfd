"""What an operator sees and may decide: the only scope filter.

A grant covers a scheme or all, a checkpoint or all, a department or all. Sight is of students, by
scheme and department, and then of all their checkpoints; decisions are by checkpoint too.
"""

import enum
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

import models
from domain import arrays
from domain.errors import Code, Refusal
from models import Department, File, FileKind, Grant, Job, JobFile, Role, Student, StudentStatus

DECIDING = frozenset({Role.CHECKPOINT_OPERATOR, Role.ADMINISTRATOR})


class Right(enum.StrEnum):
    """What a grant may lack."""

    DECIDE = "DECIDE"
    SEE_ID_NUMBERS = "SEE_ID_NUMBERS"


@dataclass(frozen=True)
class Departments:
    """Some departments, or all of them."""

    ids: frozenset[int] = frozenset()
    are_all: bool = False

    def __contains__(self, department_id: object) -> bool:
        return self.are_all or department_id in self.ids

    def __bool__(self) -> bool:
        return self.are_all or bool(self.ids)

    def clause(self, column: sa.SQLColumnExpression[int]) -> sa.ColumnElement[bool]:
        """The same as SQL, with one parameter however many there are."""
        if self.are_all:
            return sa.true()
        return column == sa.any_(arrays.ids(sorted(self.ids)))


@dataclass(frozen=True)
class SignedIn:
    """An operator with every grant; a session acts with all of them."""

    id: int
    login: str
    name: str
    grants: tuple[Grant, ...]

    @property
    def schemes(self) -> frozenset[int] | None:
        """The schemes of the grants; None means all."""
        if any(grant.scheme_id is None for grant in self.grants):
            return None
        return frozenset(grant.scheme_id for grant in self.grants if grant.scheme_id)

    def sees_scheme(self, scheme_id: int) -> bool:
        """Whether any grant reaches into a scheme."""
        return self.schemes is None or scheme_id in self.schemes

    def departments_seen(self, scheme_id: int) -> Departments:
        """Whose students are visible in a scheme."""
        return _departments(self._in_scheme(scheme_id))

    def departments_decided(self, scheme_id: int, checkpoint_id: int) -> Departments:
        """Whose students may be decided at a checkpoint."""
        return _departments(
            grant
            for grant in self._in_scheme(scheme_id)
            if grant.role in DECIDING and grant.checkpoint_id in {None, checkpoint_id}
        )

    def departments_unmasked(self, scheme_id: int) -> Departments:
        """Whose students' full ID numbers may be seen."""
        return _departments(
            grant for grant in self._in_scheme(scheme_id) if grant.may_see_id_numbers
        )

    def _in_scheme(self, scheme_id: int) -> list[Grant]:
        return [grant for grant in self.grants if grant.scheme_id in {None, scheme_id}]


def _departments(grants: Iterable[Grant]) -> Departments:
    found = [grant.department_id for grant in grants]
    return Departments(frozenset(filter(None, found)), None in found)


def load(session: Session, operator_id: int) -> SignedIn:
    """An operator as the grants stand in this transaction; a disabled one has none any more."""
    operator = session.get_one(models.Operator, operator_id, populate_existing=True)
    grants = session.scalars(
        sa.select(Grant).where(Grant.operator_id == operator_id).order_by(Grant.id)
    )
    held = () if operator.is_disabled else tuple(grants)
    return SignedIn(operator.id, operator.login, operator.name, held)


def by_ids(
    session: Session, _operator: SignedIn, operator_ids: Collection[int]
) -> dict[int, models.Operator]:
    """Operators by id: whoever sees a decision or a job sees who made it."""
    statement = sa.select(models.Operator).where(models.Operator.id.in_(operator_ids))
    return {operator.id: operator for operator in session.scalars(statement)}


def is_active() -> sa.ColumnElement[bool]:
    """Archived students are outside every list and every sum."""
    return Student.status == StudentStatus.ACTIVE


def students_seen(operator: SignedIn, scheme_id: int) -> sa.ColumnElement[bool]:
    """The students of a scheme that an operator sees."""
    return sa.and_(
        Student.scheme_id == scheme_id,
        is_active(),
        operator.departments_seen(scheme_id).clause(Student.department_id),
    )


def students_seen_anywhere(operator: SignedIn) -> sa.ColumnElement[bool]:
    """The same without a scheme, for rows that are asked for by id."""
    return sa.and_(
        is_active(),
        sa.or_(
            sa.false(),
            *(
                sa.and_(
                    sa.true() if scheme_id is None else Student.scheme_id == scheme_id,
                    _departments(
                        grant for grant in operator.grants if grant.scheme_id == scheme_id
                    ).clause(Student.department_id),
                )
                for scheme_id in {grant.scheme_id for grant in operator.grants}
            ),
        ),
    )


def schemes_seen(operator: SignedIn, column: sa.SQLColumnExpression[int]) -> sa.ColumnElement[bool]:
    """Rows of the schemes that an operator's grants reach."""
    if operator.schemes is None:
        return sa.true()
    return column.in_(sorted(operator.schemes))


def departments_seen(operator: SignedIn) -> sa.ColumnElement[bool]:
    """Departments with students in sight, and those of the grants themselves."""
    granted = [grant.department_id for grant in operator.grants if grant.department_id]
    with_students = sa.exists().where(
        Student.department_id == Department.id, students_seen_anywhere(operator)
    )
    return sa.or_(Department.id.in_(granted), with_students)


def jobs_seen(operator: SignedIn) -> sa.ColumnElement[bool]:
    """One's own jobs in the schemes in sight; an administrator of a whole scheme sees all of it."""
    administered = [
        grant.scheme_id
        for grant in operator.grants
        if grant.role is Role.ADMINISTRATOR and not (grant.department_id or grant.checkpoint_id)
    ]
    if None in administered:
        return sa.true()
    own = sa.and_(Job.operator_id == operator.id, schemes_seen(operator, Job.scheme_id))
    return sa.or_(own, Job.scheme_id.in_(administered))


def files_seen(operator: SignedIn) -> sa.ColumnElement[bool]:
    """One's own uploads, and the files of the jobs one sees."""
    made = sa.select(JobFile.file_id).join(Job).where(jobs_seen(operator))
    sent = sa.select(Job.upload_id).where(jobs_seen(operator))
    own = sa.and_(File.operator_id == operator.id, File.kind == FileKind.UPLOAD)
    return sa.or_(own, File.id.in_(made), File.id.in_(sent))


def require_deciding(operator: SignedIn, scheme_id: int, checkpoint_id: int) -> Departments:
    """The departments decided at a checkpoint; FORBIDDEN if there are none."""
    departments = operator.departments_decided(scheme_id, checkpoint_id)
    if not departments:
        raise Refusal(Code.FORBIDDEN, {"right": Right.DECIDE})
    return departments
