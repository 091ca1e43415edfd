"""Who may decide what: the grants behind every checkpoint of a scheme, and whom nobody serves."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import operators
from domain.configuration import checkpoints, schemes
from domain.signed_in import DECIDING, SignedIn
from domain.words import office_word
from models import Checkpoint, Department, Grant, Operator, Role, Student

HEADER = ("离校环节", "院系", "账号", "姓名", "角色", "是否启用")
_EVERY = "全部"
_NOBODY = "（无人办理）"
_YES_NO = {True: "是", False: "否"}


@dataclass(frozen=True)
class Deciders:
    """The grants that allow deciding at a checkpoint, and the departments they leave out."""

    checkpoint: Checkpoint
    grants: Sequence[Grant]
    uncovered: Sequence[Department]


@dataclass(frozen=True)
class _Held:
    grant: Grant
    login: str
    name: str
    is_enabled: bool
    department: str

    @property
    def covers(self) -> bool:
        return self.is_enabled and self.grant.role is not Role.ADMINISTRATOR


def report(session: Session, asker: SignedIn, scheme_public_id: str) -> list[Deciders]:
    """Every checkpoint in order; a disabled operator's grants are told, but cover nobody.

    Nor do administrators: they may decide everywhere, and it is not their work.
    """
    scheme_id = schemes.get(session, asker, scheme_public_id).id
    operators.require_administering(asker, scheme_id)
    held = _held(session, scheme_id)
    departments = _departments(session, scheme_id)
    return [
        _deciders(checkpoint, held, departments)
        for checkpoint in checkpoints.of_schemes(session, asker, [scheme_id])[scheme_id]
    ]


def _deciders(
    checkpoint: Checkpoint, held: Sequence[_Held], departments: Sequence[Department]
) -> Deciders:
    here = _at(checkpoint, held)
    covered = {each.grant.department_id for each in here if each.covers}
    uncovered = [] if None in covered else [d for d in departments if d.id not in covered]
    return Deciders(checkpoint, [each.grant for each in here], uncovered)


def rows(session: Session, asker: SignedIn, scheme_id: int) -> list[list[str | None]]:
    """The same as a table under HEADER, for who has shown the right to it."""
    held = _held(session, scheme_id)
    departments = _departments(session, scheme_id)
    return [
        line
        for checkpoint in checkpoints.of_schemes(session, asker, [scheme_id])[scheme_id]
        for line in _lines(checkpoint, held, departments)
    ]


def _lines(
    checkpoint: Checkpoint, held: Sequence[_Held], departments: Sequence[Department]
) -> list[list[str | None]]:
    """A line for each grant, and one for each department for which nobody may decide."""
    granted: list[list[str | None]] = [
        [
            checkpoint.title,
            each.department,
            each.login,
            each.name,
            office_word(each.grant.role),
            _YES_NO[each.is_enabled],
        ]
        for each in _at(checkpoint, held)
    ]
    uncovered = _deciders(checkpoint, held, departments).uncovered
    nobody: list[list[str | None]] = [
        [checkpoint.title, each.name, "", _NOBODY, "", ""] for each in uncovered
    ]
    return [*granted, *nobody]


def _at(checkpoint: Checkpoint, held: Sequence[_Held]) -> list[_Held]:
    return [each for each in held if each.grant.checkpoint_id in {None, checkpoint.id}]


def _held(session: Session, scheme_id: int) -> list[_Held]:
    """The grants that allow deciding anywhere in a scheme: those for everybody, then by name."""
    found = session.execute(
        sa.select(
            Grant,
            Operator.login,
            Operator.name,
            Operator.is_disabled,
            sa.func.coalesce(Department.name, _EVERY).label("department"),
        )
        .join(Operator, Operator.id == Grant.operator_id)
        .outerjoin(Department, Department.id == Grant.department_id)
        .where(
            Grant.role.in_(sorted(DECIDING)),
            sa.or_(Grant.scheme_id.is_(None), Grant.scheme_id == scheme_id),
        )
        .order_by(Department.name.asc().nulls_first(), Operator.login, Grant.id)
    )
    return [
        _Held(row.Grant, row.login, row.name, not row.is_disabled, row.department) for row in found
    ]


def _departments(session: Session, scheme_id: int) -> Sequence[Department]:
    """Those with active students in the scheme, by name."""
    with_students = sa.exists().where(
        Student.department_id == Department.id,
        Student.scheme_id == scheme_id,
        operators.is_active(),
    )
    statement = sa.select(Department).where(with_students).order_by(Department.name)
    return session.scalars(statement).all()
