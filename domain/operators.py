"""What an operator sees and may decide: the only scope filter.

A grant covers a scheme or all, a checkpoint or all, a department or all. Sight is of students, by
scheme and department, and then of all their checkpoints; decisions are by checkpoint too.
"""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

import models
from domain import arrays, ids
from domain.errors import Code, Refusal
from domain.signed_in import DECIDING, Departments, Right, SignedIn, departments
from models import (
    Department,
    Feed,
    File,
    FileKind,
    Grant,
    Job,
    JobFile,
    JobKind,
    Student,
    StudentStatus,
)

# Initial passwords stand in what was uploaded: nobody else sees it, and it goes as soon as nobody
# needs it any more.
WITH_SECRETS = (JobKind.OPERATORS, JobKind.STUDENT_PASSWORDS)


def load(session: Session, operator_id: int) -> SignedIn:
    """An operator as the grants stand in this transaction; a disabled one has none any more."""
    operator = session.get_one(models.Operator, operator_id, populate_existing=True)
    grants = session.scalars(
        sa.select(Grant).where(Grant.operator_id == operator_id).order_by(Grant.id),
        execution_options={"populate_existing": True},
    )
    held = () if operator.is_disabled else tuple(grants)
    return SignedIn(operator.id, operator.login, operator.name, held)


def by_ids(
    session: Session, _operator: SignedIn, operator_ids: Collection[int]
) -> dict[int, models.Operator]:
    """Operators by id: whoever sees a decision or a job sees who made it."""
    found = session.scalars(with_id(_operator, sa.any_(arrays.ids(operator_ids))))
    return {operator.id: operator for operator in found}


def with_id(_operator: SignedIn, operator_id: arrays.Key) -> sa.Select[models.Operator]:
    """One of them, or any of an array."""
    return sa.select(models.Operator).where(models.Operator.id == operator_id)


def get(session: Session, public_id: str) -> models.Operator:
    """Any person, for who has shown the right to change them; NOT_FOUND if there is none."""
    operator = session.get(models.Operator, ids.decode(public_id, ids.Noun.OPERATOR))
    if operator is None:
        raise ids.not_found(ids.Noun.OPERATOR)
    require_person(operator)
    return operator


def require_person(operator: models.Operator) -> None:
    """OPERATOR_IS_FEED for a machine's account, which must not become something more."""
    if operator.is_feed:
        raise Refusal(Code.OPERATOR_IS_FEED, {"operator": operator.name})


def grants_seen(operator: SignedIn) -> sa.ColumnElement[bool]:
    """One's own grants, and those that reach the schemes one administers."""
    if operator.administered is None:
        return sa.true()
    reaching = sa.or_(Grant.scheme_id.is_(None), Grant.scheme_id.in_(sorted(operator.administered)))
    own = Grant.operator_id == operator.id
    return sa.or_(own, reaching) if operator.administered else own


def operators_seen(operator: SignedIn) -> sa.ColumnElement[bool]:
    """Oneself, and whoever has a grant in the schemes one administers; of all schemes: everybody.

    Beside this, whoever sees a decision or a job sees who made it.
    """
    if operator.administered is None:
        return sa.true()
    granted = sa.exists().where(Grant.operator_id == models.Operator.id, grants_seen(operator))
    return sa.or_(models.Operator.id == operator.id, granted)


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


def students_administered(operator: SignedIn) -> sa.ColumnElement[bool]:
    """The students of the schemes administered as a whole, archived ones too."""
    if operator.administered is None:
        return sa.true()
    return Student.scheme_id.in_(sorted(operator.administered))


def students_seen_anywhere(operator: SignedIn) -> sa.ColumnElement[bool]:
    """The same without a scheme, for rows that are asked for by id."""
    return sa.and_(
        is_active(),
        sa.or_(
            sa.false(),
            *(
                sa.and_(
                    sa.true() if scheme_id is None else Student.scheme_id == scheme_id,
                    departments(
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
    """Departments with students in sight, and those of the grants themselves.

    Whoever administers a scheme names departments in its rules and grants, and so sees all.
    """
    if operator.administers_any:
        return sa.true()
    granted = [grant.department_id for grant in operator.grants if grant.department_id]
    with_students = sa.exists().where(
        Student.department_id == Department.id, students_seen_anywhere(operator)
    )
    return sa.or_(Department.id.in_(granted), with_students)


def jobs_seen(operator: SignedIn) -> sa.ColumnElement[bool]:
    """One's own jobs in the schemes in sight; an administrator of a whole scheme sees all of it."""
    if operator.administered is None:
        return sa.true()
    own = sa.and_(Job.operator_id == operator.id, schemes_seen(operator, Job.scheme_id))
    return sa.or_(own, Job.scheme_id.in_(sorted(operator.administered)))


def feeds_seen(operator: SignedIn) -> sa.ColumnElement[bool]:
    """Whoever decides at a checkpoint sees which machine decides there too."""
    places = {
        (grant.scheme_id, grant.checkpoint_id)
        for grant in operator.grants
        if grant.role in DECIDING
    }
    return sa.or_(
        sa.false(),
        *(
            sa.and_(
                sa.true() if scheme_id is None else Feed.scheme_id == scheme_id,
                sa.true() if checkpoint_id is None else Feed.checkpoint_id == checkpoint_id,
            )
            for scheme_id, checkpoint_id in places
        ),
    )


def files_seen(operator: SignedIn) -> sa.ColumnElement[bool]:
    """One's own uploads, and the files of the jobs one sees, but no passwords of others, and no
    full ID numbers without the right to them."""
    is_masked = Job.options["full_id_numbers"].astext.is_distinct_from("true")
    may_hold_all = sa.or_(is_masked, _unmasked(operator))
    made = sa.select(JobFile.file_id).join(Job).where(jobs_seen(operator), may_hold_all)
    sent = sa.select(Job.upload_id).where(jobs_seen(operator), Job.kind.not_in(WITH_SECRETS))
    own = sa.and_(File.operator_id == operator.id, File.kind == FileKind.UPLOAD)
    return sa.or_(own, File.id.in_(made), File.id.in_(sent))


def _unmasked(operator: SignedIn) -> sa.ColumnElement[bool]:
    """One's own jobs, made by the right of then, and those of schemes whose ID numbers one sees."""
    own = Job.operator_id == operator.id
    shown = {
        grant.scheme_id
        for grant in operator.grants
        if grant.may_see_id_numbers and grant.department_id is None
    }
    return (
        sa.true() if None in shown else sa.or_(own, Job.scheme_id.in_(sorted(filter(None, shown))))
    )


def require_deciding(operator: SignedIn, scheme_id: int, checkpoint_id: int) -> Departments:
    """The departments decided at a checkpoint; FORBIDDEN if there are none."""
    departments = operator.departments_decided(scheme_id, checkpoint_id)
    if not departments:
        raise Refusal(Code.FORBIDDEN, {"right": Right.DECIDE})
    return departments


def require_handing(operator: SignedIn, scheme_id: int) -> Departments:
    """The departments whose students one hands out to; FORBIDDEN if there are none."""
    departments = operator.departments_handing(scheme_id)
    if not departments:
        raise Refusal(Code.FORBIDDEN, {"right": Right.HAND_OUT})
    return departments


def require_administering(operator: SignedIn, scheme_id: int) -> None:
    """FORBIDDEN unless the whole scheme is administered."""
    if not operator.administers(scheme_id):
        raise Refusal(Code.FORBIDDEN, {"right": Right.ADMINISTER})


def require_administering_any(operator: SignedIn) -> None:
    """FORBIDDEN unless some scheme is administered as a whole."""
    if not operator.administers_any:
        raise Refusal(Code.FORBIDDEN, {"right": Right.ADMINISTER})


def require_administering_all(operator: SignedIn) -> None:
    """FORBIDDEN unless the whole service is administered."""
    if operator.administered is not None:
        raise Refusal(Code.FORBIDDEN, {"right": Right.ADMINISTER_ALL})
