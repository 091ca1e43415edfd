"""Which fields can be read as columns of one statement, by the resolver of each.

A field without a resolver is a column of its row. What is not listed is resolved field by field.
Arguments come with the defaults of the schema.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import models
from domain import ids, operators
from domain.configuration import checkpoints, schemes
from domain.ids import Noun, PublicId
from domain.lists import clearances, student_keys, students
from domain.lists import matrix as domain_matrix
from domain.lists.clearances import ClearanceFilter
from domain.lists.student_filters import StudentFilter
from domain.lists.student_keys import StudentKey
from domain.lists.students import StudentOrder
from domain.reports import history
from domain.reports.history import EntryFilter
from domain.sources import Columns, Related
from models import ClearanceStatus, SchemeStatus
from resolvers import clearances as clearance_resolvers
from resolvers import decisions, matrix
from resolvers import history as history_resolvers
from resolvers import operators as operator_resolvers
from resolvers import schemes as scheme_resolvers
from resolvers import students as student_resolvers
from resolvers.kinds import Asked, ColumnOf, Computed, Itself, Kind, Parent, Root
from resolvers.paging import window


def _columns(table: type[models.Base]) -> Columns:
    return dict(table.__table__.c)


def _students(where: StudentFilter, order_by: StudentOrder, **page: Any) -> Asked:
    asked = (where, order_by, window(**page))
    return Asked(repr(asked), lambda operator: students.listing(operator, *asked))


def _clearances(
    where: StudentFilter,
    checkpoint: PublicId | None,
    statuses: list[ClearanceStatus] | None,
    order_by: StudentOrder,
    **page: Any,
) -> Asked:
    which = ClearanceFilter(where, checkpoint, statuses)
    asked = (which, order_by, window(**page))
    return Asked(repr(asked), lambda operator: clearances.listing(operator, *asked))


def _student(scheme: PublicId, key: StudentKey) -> Asked:
    values = student_keys.values_of(key)
    having = partial(student_keys.having, scheme=scheme, names=tuple(values))
    return Asked((scheme, *values), having, values)


def _entries(where: EntryFilter, **page: Any) -> Asked:
    asked = (where, window(**page))
    return Asked(repr(asked), lambda operator: history.listing(operator, *asked))


def _schemes(statuses: list[SchemeStatus] | None) -> Asked:
    wanted = schemes.SHOWN if statuses is None else frozenset(statuses)
    rows = partial(schemes.with_status, statuses=wanted)
    return Asked(wanted, rows, order=schemes.NEWEST)


def _checkpoints(where: StudentFilter) -> Asked:
    below = partial(checkpoints.below, scheme_id=ids.decode(where.scheme, Noun.SCHEME))
    return Asked(where.scheme, below, order=checkpoints.IN_ORDER)


_STANDING = Related("id", domain_matrix.below, domain_matrix.COLUMNS)
READINGS: Mapping[Callable[..., Any], Kind] = {
    student_resolvers.page: Root(_students, _columns(models.Student)),
    student_resolvers.find: Root(_student, _columns(models.Student)),
    student_resolvers.public_id: Computed(("id",)),
    student_resolvers.masked_id_number: Computed(("id_number",)),
    student_resolvers.department: Related(
        "department_id", schemes.department_with_id, _columns(models.Department)
    ),
    student_resolvers.scheme: Related("scheme_id", schemes.with_id, _columns(models.Scheme)),
    student_resolvers.clearances: Related(
        "id", clearances.below, _columns(models.Clearance), checkpoints.IN_ORDER
    ),
    clearance_resolvers.page: Root(_clearances, _columns(models.Clearance)),
    decisions.clearance_id: Computed(("student_id", "checkpoint_id")),
    decisions.checkpoint: Related(
        "checkpoint_id", checkpoints.with_id, _columns(models.Checkpoint)
    ),
    decisions.student: Related("student_id", students.with_id, _columns(models.Student)),
    matrix.matching: Parent(),
    matrix.checkpoints: Root(_checkpoints, _columns(models.Checkpoint)),
    matrix.students: Root(_students, _columns(models.Student)),
    matrix.student: Itself(),
    matrix.statuses: ColumnOf(_STANDING, "statuses"),
    matrix.changed_at: ColumnOf(_STANDING, "changed_at"),
    history_resolvers.page: Root(_entries, _columns(models.Entry)),
    history_resolvers.student: Related("student_id", students.with_id, _columns(models.Student)),
    history_resolvers.checkpoint: Related(
        "checkpoint_id", checkpoints.with_id, _columns(models.Checkpoint)
    ),
    history_resolvers.operator: Related(
        "operator_id", operators.with_id, _columns(models.Operator)
    ),
    operator_resolvers.operator_id: Computed(("id",)),
    scheme_resolvers.seen: Root(_schemes, _columns(models.Scheme)),
    scheme_resolvers.scheme_id: Computed(("id",)),
    scheme_resolvers.department_id: Computed(("id",)),
    scheme_resolvers.checkpoint_id: Computed(("id",)),
    scheme_resolvers.template_url: Computed(("id",)),
    scheme_resolvers.checkpoints: Related(
        "id", checkpoints.below, _columns(models.Checkpoint), checkpoints.IN_ORDER
    ),
}
