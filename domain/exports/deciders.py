"""Who may decide what in a scheme, for its administrators."""

import enum
import zoneinfo
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain import operators
from domain.configuration import schemes
from domain.exports.columns import cells, chosen
from domain.exports.table import Place, Subject, Table
from domain.ids import PublicId
from domain.signed_in import SignedIn
from domain.staffing import deciders


class DecidersColumn(enum.StrEnum):
    """A column of the report of who may decide, in its order."""

    CHECKPOINT = "CHECKPOINT"
    DEPARTMENT = "DEPARTMENT"
    LOGIN = "LOGIN"
    NAME = "NAME"
    ROLE = "ROLE"
    ENABLED = "ENABLED"


HEADINGS = dict(zip(DecidersColumn, deciders.HEADER, strict=True))


@dataclass(frozen=True)
class DecidersRequest:
    """In which scheme, which columns; None means all."""

    scheme: PublicId
    columns: list[DecidersColumn] | None = None


def _place(session: Session, operator: SignedIn, request: DecidersRequest) -> Place:
    scheme = schemes.get(session, operator, request.scheme)
    operators.require_administering(operator, scheme.id)
    return Place(scheme.id)


def _count(_session: Session, _operator: SignedIn, _request: DecidersRequest) -> None:
    """How many lines there are is known when they are made."""


def _table(
    session: Session,
    operator: SignedIn,
    request: DecidersRequest,
    _timezone: zoneinfo.ZoneInfo,
) -> Table:
    place = _place(session, operator, request)
    scheme = schemes.get(session, operator, request.scheme)
    columns = chosen(request.columns, DecidersColumn)
    lines = deciders.rows(session, operator, place.scheme_id)
    return Table(
        title="办理权限",
        header=[HEADINGS[column] for column in columns],
        rows=cells(lines, DecidersColumn, columns),
        about=[("离校方案", scheme.name)],
    )


SUBJECT = Subject(DecidersRequest, _place, _count, _table)
