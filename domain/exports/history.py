"""The history (办理记录): every entry that a filter matches, the newest first."""

import enum
import zoneinfo
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.configuration import schemes
from domain.exports import history_lines, notes
from domain.exports.columns import cells, chosen
from domain.exports.history_lines import HEADINGS
from domain.exports.notes import Asker
from domain.exports.table import Place, Subject, Table
from domain.reports import history
from domain.reports.history import EntryFilter
from domain.signed_in import SignedIn


class EntryColumn(enum.StrEnum):
    """A column of the history: a field of its lines."""

    AT = "AT"
    NUMBER = "NUMBER"
    NAME = "NAME"
    DEPARTMENT = "DEPARTMENT"
    CHECKPOINT = "CHECKPOINT"
    OLD_STATUS = "OLD_STATUS"
    NEW_STATUS = "NEW_STATUS"
    OLD_REMARK = "OLD_REMARK"
    NEW_REMARK = "NEW_REMARK"
    OPERATOR = "OPERATOR"
    LOGIN = "LOGIN"
    CHANNEL = "CHANNEL"
    ROW_NUMBER = "ROW_NUMBER"


@dataclass(frozen=True)
class HistoryRequest:
    """Which entries, which of their columns; None means all."""

    where: EntryFilter
    columns: list[EntryColumn] | None = None


def _place(session: Session, operator: SignedIn, request: HistoryRequest) -> Place:
    history.matching(session, operator, request.where)
    return Place(schemes.id_of(session, operator, request.where.scheme))


def _count(session: Session, operator: SignedIn, request: HistoryRequest) -> int:
    return history.count(session, operator, request.where)


def _table(
    session: Session,
    operator: SignedIn,
    request: HistoryRequest,
    timezone: zoneinfo.ZoneInfo,
) -> Table:
    columns = chosen(request.columns, EntryColumn)
    lines = history_lines.rows(session, operator, request.where, timezone)
    return Table(
        title="办理记录",
        header=[HEADINGS[column.lower()] for column in columns],
        rows=cells(lines, EntryColumn, columns),
        about=notes.conditions(Asker(session, operator, timezone), request.where),
    )


SUBJECT = Subject(HistoryRequest, _place, _count, _table)
