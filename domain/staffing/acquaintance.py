"""Whom a session was found to belong to, and how a statement asks by itself whether it still does.

Who asks need not be read before what they ask for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

import models
from domain.signed_in import SignedIn
from domain.staffing import sessions
from models import Grant, Operator


@dataclass(frozen=True)
class Acquaintance:
    """An operator as a live session and its grants once were: two with one fingerprint are equal,
    whatever their sessions."""

    fingerprint: str
    token_hash: bytes = field(compare=False)
    operator: SignedIn = field(compare=False)

    @property
    def values(self) -> Mapping[str, object]:
        """The parameters of `still_holds`."""
        return {"token_hash": self.token_hash, "fingerprint": self.fingerprint}


def of(session: Session, operator: SignedIn, token: str) -> Acquaintance:
    """The operator of a live session, in the snapshot that the grants were read from."""
    token_hash = sessions.hashed(token)
    fingerprint = session.scalars(sa.select(_fingerprint()), {"token_hash": token_hash}).one()
    return Acquaintance(fingerprint or "", token_hash, operator)


def still_holds() -> sa.ColumnElement[bool]:
    """Not once the session has ended, or the operator or any of the grants is another."""
    return _fingerprint() == sa.bindparam("fingerprint", type_=sa.Text(), required=False)


def _fingerprint() -> sa.ScalarSelect[str]:
    """All that a SignedIn is made of; null without a live session."""
    grant = sa.cast(
        sa.type_coerce(Grant.metadata.tables[Grant.__tablename__].table_valued(), sa.Text()),
        sa.Text,
    )
    grants = sa.select(sa.func.array_agg(aggregate_order_by(grant, Grant.id)))
    held = grants.where(Grant.operator_id == Operator.id).scalar_subquery()
    everything = sa.func.json_build_array(Operator.id, Operator.login, Operator.name, held)
    return (
        sa.select(sa.cast(everything, sa.Text))
        .join(models.Session, models.Session.operator_id == Operator.id)
        .where(
            models.Session.token_hash
            == sa.bindparam("token_hash", type_=sa.LargeBinary(), required=False),
            models.Session.expires_at > sa.func.now(),
            Operator.is_disabled.is_(False),
        )
        .scalar_subquery()
    )
