"""The newest changes first: whose clearances were changed when, as the database keeps it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from domain import paging
from domain.lists.standing import NEVER
from models import ChangedStudents, Student


@dataclass(frozen=True)
class Latest:
    """A list of a scheme's students, or of what hangs on them, by a moment of change; perhaps of
    those alone that were changed `since` then.

    Whoever was changed later than at a line is passed over there; the list is for what most of the
    lines lead to. The oldest first would pass over most of them, and is sorted as a whole.
    """

    scheme_id: int
    since: dt.datetime | None = None

    def among(self, rows: sa.Select[Any], seek: paging.Seek) -> sa.ColumnElement[bool] | None:
        """The students of the newest lines, and then of those that were never changed."""
        if not seek.is_down:
            return None
        moment, lines = seek.columns[0], self._lines(seek)
        students = rows.with_only_columns(Student.id.label("of"), maintain_column_froms=True)
        students = students.order_by(None)
        # One line after the other: joined in another way, all of them would be looked at.
        of_line = (
            students.where(Student.id == lines.c.student_id, moment == lines.c.at)
            .limit(1)
            .correlate(lines)
            .lateral("of_line")
        )
        keys = (lines.c.at, lines.c.student_id)
        changed = (
            sa.select(of_line.c.of)
            .select_from(lines.join(of_line, sa.true()))
            .ext(postgresql.distinct_on(*keys))
            .order_by(*(key.desc() for key in keys))
            .limit(seek.size)
        )
        if self.since is not None:
            return paging.one_of(Student.id, changed)
        never = students.where(moment == NEVER).order_by(Student.id.desc())
        both = sa.union_all(changed, never).limit(seek.size).subquery()
        return paging.one_of(Student.id, sa.select(both.c.of))

    def _lines(self, seek: paging.Seek) -> sa.Subquery:
        """A line for each student that a statement changed, beyond the keys."""
        student_id = sa.column("student_id", sa.BigInteger)
        who = sa.func.unnest(ChangedStudents.student_ids).table_valued(student_id, name="who")
        who = who.render_derived()
        keys = (ChangedStudents.at, who.c.student_id)
        since = [] if self.since is None else [ChangedStudents.at >= self.since]
        return (
            sa.select(*keys)
            .join(who, sa.true())
            .where(
                ChangedStudents.scheme_id == self.scheme_id,
                *since,
                # An index knows the moments alone.
                *seek.reached(keys[:1]),
                *seek.reached(keys),
            )
            .order_by(*(key.desc() for key in keys))
            .offset(0)
            .subquery("lines")
        )
