"""What is granted to operators: who may give it and take it away, and that somebody is left."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import ids, operators
from domain.configuration import checkpoints, schemes
from domain.errors import Code, Refusal
from domain.ids import Noun, PublicId
from domain.signed_in import Right, SignedIn
from domain.words import office_word
from models import Grant, Operator, Role, Scheme, SchemeStatus

Path = tuple[str, ...]


@dataclass(frozen=True)
class NewGrant:
    """A right to give: in a scheme or all, at a checkpoint or all, for a department or all."""

    role: Role
    scheme: PublicId | None = None
    checkpoint: PublicId | None = None
    department: PublicId | None = None
    may_see_id_numbers: bool = False


def hold(session: Session, asker: SignedIn, scheme_ids: Collection[int] = ()) -> SignedIn:
    """Only one at a time changes who may do what, and as the asker's own rights stand then.

    First in the transaction. The schemes come before, as for whoever changes a scheme and then its
    grants; whoever decides goes on.
    """
    session.execute(
        sa.select(Scheme.id)
        .where(Scheme.id.in_(sorted(scheme_ids)))
        .order_by(Scheme.id)
        .with_for_update(read=True)
    )
    lock(session)
    return operators.load(session, asker.id)


def lock(session: Session) -> None:
    """Two who look at the same grants would both find one administrator left beside their own."""
    session.execute(sa.text("LOCK TABLE grants IN SHARE ROW EXCLUSIVE MODE"))


def scheme_ids_of(new: Collection[NewGrant]) -> set[int]:
    """The schemes that grants name; NOT_FOUND for what is no id."""
    return {ids.decode(each.scheme, Noun.SCHEME) for each in new if each.scheme}


def add(session: Session, asker: SignedIn, public_id: str, new: NewGrant) -> Grant:
    """Grant something to an operator; ALREADY_EXISTS if it is held."""
    asker = hold(session, asker, scheme_ids_of([new]))
    grant = resolve(session, asker, new, ("input",))
    give(session, operators.get(session, public_id), grant)
    return grant


def remove(session: Session, asker: SignedIn, public_id: str) -> Operator:
    """Take a grant away; LAST_ADMINISTRATOR if nobody else could give it back."""
    asker = hold(session, asker)
    grant_id = ids.decode(public_id, Noun.GRANT)
    grant = by_ids(session, asker, [grant_id]).get(grant_id)
    if grant is None:
        raise ids.not_found(Noun.GRANT)
    require_giving(asker, grant.scheme_id)
    operator = session.get_one(Operator, grant.operator_id)
    operators.require_person(operator)
    if is_of_everything(grant):
        require_another(session, operator)
    session.delete(grant)
    session.flush()
    return operator


def resolve(session: Session, asker: SignedIn, new: NewGrant, path: Path) -> Grant:
    """A grant that the asker may give, from ids; whose it will be is not said yet."""
    scheme = schemes.get(session, asker, new.scheme) if new.scheme else None
    scheme_id = scheme.id if scheme else None
    require_giving(asker, scheme_id)
    if scheme:
        require_living(scheme)
    _require_sense(new, path)
    checkpoint = checkpoints.get(session, asker, new.checkpoint) if new.checkpoint else None
    if checkpoint and checkpoint.scheme_id != scheme_id:
        raise _senseless(path, "checkpoint", checkpoint.title, "a checkpoint of the scheme")
    department_id = _department_id(session, asker, new.department) if new.department else None
    if new.may_see_id_numbers:
        require_showing(asker, scheme_id, department_id)
    return Grant(
        role=new.role,
        scheme_id=scheme_id,
        checkpoint_id=checkpoint.id if checkpoint else None,
        department_id=department_id,
        may_see_id_numbers=new.may_see_id_numbers,
    )


def require_giving(asker: SignedIn, scheme_id: int | None) -> None:
    """FORBIDDEN unless one administers what the grant is in; of all schemes, everything."""
    if scheme_id is None:
        operators.require_administering_all(asker)
    else:
        operators.require_administering(asker, scheme_id)


def require_living(scheme: Scheme) -> None:
    """SCHEME_READ_ONLY once a scheme is archived; before, people may be needed in it."""
    if scheme.status is SchemeStatus.ARCHIVED:
        raise Refusal(Code.SCHEME_READ_ONLY, {"scheme": scheme.name, "status": scheme.status})


def require_showing(asker: SignedIn, scheme_id: int | None, department_id: int | None) -> None:
    """FORBIDDEN for ID numbers that one does not see oneself."""
    if not asker.sees_id_numbers(scheme_id, department_id):
        raise Refusal(Code.FORBIDDEN, {"right": Right.SEE_ID_NUMBERS})


def _require_sense(new: NewGrant, path: Path) -> None:
    """A checkpoint is for its operators, and an administrator has the whole."""
    if new.checkpoint and new.role is not Role.CHECKPOINT_OPERATOR:
        raise _senseless(path, "checkpoint", office_word(new.role), "only for CHECKPOINT_OPERATOR")
    if new.department and new.role is Role.ADMINISTRATOR:
        raise _senseless(path, "department", office_word(new.role), "not for ADMINISTRATOR")


def _senseless(path: Path, name: str, value: str, expected: str) -> Refusal:
    facts = {"name": name, "value": value, "expected": expected}
    return Refusal(Code.INVALID_INPUT, facts, path=(*path, name))


def _department_id(session: Session, asker: SignedIn, public_id: PublicId) -> int:
    department_id = ids.decode(public_id, Noun.DEPARTMENT)
    if department_id not in schemes.departments_by_ids(session, asker, [department_id]):
        raise ids.not_found(Noun.DEPARTMENT)
    return department_id


def give(session: Session, operator: Operator, grant: Grant) -> None:
    """Write a grant under the lock; ALREADY_EXISTS if it is held, whatever ID numbers it shows."""
    grant.operator_id = operator.id
    if held(session, grant) is not None:
        facts = {"noun": Noun.GRANT, "value": f"{operator.login} {office_word(grant.role)}"}
        raise Refusal(Code.ALREADY_EXISTS, facts)
    session.add(grant)
    session.flush()


def held(session: Session, grant: Grant) -> Grant | None:
    """The same grant of the same operator, if there is one."""
    scope = (Grant.scheme_id, Grant.checkpoint_id, Grant.department_id)
    statement = sa.select(Grant).where(
        Grant.operator_id == grant.operator_id,
        Grant.role == grant.role,
        *(column.is_not_distinct_from(getattr(grant, column.key)) for column in scope),
    )
    return session.scalars(statement).one_or_none()


def is_of_everything(grant: Grant) -> bool:
    """Whether it lets its operator administer the whole service."""
    scope = (grant.scheme_id, grant.checkpoint_id, grant.department_id)
    return grant.role is Role.ADMINISTRATOR and scope == (None, None, None)


def require_another(session: Session, operator: Operator) -> None:
    """LAST_ADMINISTRATOR for the only enabled operator who administers everything."""
    enabled = [each for each in administrators(session) if not each.is_disabled]
    if enabled == [operator]:
        raise Refusal(Code.LAST_ADMINISTRATOR, {"operator": operator.name})


def administrators(session: Session) -> Sequence[Operator]:
    """Who administers everything, enabled or not, as they stand under the lock."""
    statement = (
        sa.select(Operator)
        .join(Grant, Grant.operator_id == Operator.id)
        .where(
            Grant.role == Role.ADMINISTRATOR,
            sa.func.num_nonnulls(Grant.scheme_id, Grant.checkpoint_id, Grant.department_id) == 0,
        )
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).all()


def by_ids(session: Session, asker: SignedIn, grant_ids: Collection[int]) -> dict[int, Grant]:
    """The grants in sight among these."""
    statement = sa.select(Grant).where(Grant.id.in_(grant_ids), operators.grants_seen(asker))
    return {grant.id: grant for grant in session.scalars(statement)}


def of_operators(
    session: Session, asker: SignedIn, operator_ids: Collection[int]
) -> dict[int, list[Grant]]:
    """The grants in sight of each of these operators, the oldest first."""
    found: dict[int, list[Grant]] = {operator_id: [] for operator_id in operator_ids}
    statement = (
        sa.select(Grant)
        .where(Grant.operator_id.in_(operator_ids), operators.grants_seen(asker))
        .order_by(Grant.id)
    )
    for grant in session.scalars(statement):
        found[grant.operator_id].append(grant)
    return found
