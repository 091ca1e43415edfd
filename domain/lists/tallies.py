"""How many stand where, by the lines that the database keeps (decision 0024): a sum, no count."""

from collections.abc import Collection

import sqlalchemy as sa

from domain import arrays
from domain.signed_in import SignedIn
from models import Tally

_NUMBER = sa.cast(sa.func.coalesce(sa.func.sum(Tally.number), 0), sa.BigInteger)


def in_sight(
    operator: SignedIn, scheme_id: int, department_ids: Collection[int] | None
) -> sa.ColumnElement[bool]:
    """The lines of the students that an operator sees in a scheme, or in some departments of it."""
    wanted: sa.ColumnElement[bool] = sa.true()
    if department_ids is not None:
        wanted = arrays.any_of(Tally.department_id, department_ids)
    seen = operator.departments_seen(scheme_id).clause(Tally.department_id)
    return sa.and_(Tally.scheme_id == scheme_id, seen, wanted)


def students(lines: sa.ColumnElement[bool]) -> sa.Select[int]:
    """How many they are."""
    return sa.select(_NUMBER).where(lines, Tally.checkpoint_id.is_(None))


def clearances(
    lines: sa.ColumnElement[bool],
    checkpoint_id: int | None,
    statuses: Collection[str] | None,
) -> sa.Select[int]:
    """How many clearances they have, at one checkpoint or in some statuses."""
    conditions: list[sa.ColumnElement[bool]] = [Tally.checkpoint_id.is_not(None)]
    if checkpoint_id is not None:
        conditions.append(Tally.checkpoint_id == checkpoint_id)
    if statuses is not None:
        conditions.append(arrays.any_of(Tally.status, statuses))
    return sa.select(_NUMBER).where(lines, *conditions)
