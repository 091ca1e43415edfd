"""Who may decide what in a scheme, for its administrators."""

import zoneinfo
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain import operators
from domain.configuration import schemes
from domain.exports.table import Place, Subject, Table
from domain.ids import PublicId
from domain.staffing import deciders


@dataclass(frozen=True)
class DecidersRequest:
    """In which scheme."""

    scheme: PublicId


def _place(session: Session, operator: operators.SignedIn, request: DecidersRequest) -> Place:
    scheme = schemes.get(session, operator, request.scheme)
    operators.require_administering(operator, scheme.id)
    return Place(scheme.id)


def _count(_session: Session, _operator: operators.SignedIn, _request: DecidersRequest) -> None:
    """How many lines there are is known when they are made."""


def _table(
    session: Session,
    operator: operators.SignedIn,
    request: DecidersRequest,
    _timezone: zoneinfo.ZoneInfo,
) -> Table:
    place = _place(session, operator, request)
    scheme = schemes.get(session, operator, request.scheme)
    return Table(
        title="办理权限",
        header=list(deciders.HEADER),
        rows=iter(deciders.rows(session, operator, place.scheme_id)),
        about=[("离校方案", scheme.name)],
    )


SUBJECT = Subject(DecidersRequest, _place, _count, _table)
