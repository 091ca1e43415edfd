"""To whom a checkpoint applies: a small declarative rule, stored as data, never code.

What is not known of a student counts as applying: nobody is let off by an empty cell. Only
`has_dormitory` asks for the empty cell itself, which is what a student without a bed has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import arrays, errors, ids
from domain.ids import Noun, PublicId
from models import Cohort, Department, Student

MOST_VALUES = 500
LONGEST_VALUE = 100
_YEARS = range(1900, 2201)


@dataclass(frozen=True)
class Conditions:
    """What holds for a student; every condition given must hold, a list means any of it.

    Only `cohorts` may be empty, as every student's is known: it holds for nobody.
    """

    cohorts: list[Cohort] | None = None
    training_levels: list[str] | None = None
    categories: list[str] | None = None
    household_transfer: bool | None = None
    has_dormitory: bool | None = None
    dormitory_prefixes: list[str] | None = None
    departments: list[PublicId] | None = None
    entry_years: list[int] | None = None


@dataclass(frozen=True)
class Applicability:
    """It applies to whom `only` holds for and `not_for` does not; without both, to everybody."""

    only: Conditions | None = None
    not_for: Conditions | None = None


def read(kept: Mapping[str, Any] | None) -> Applicability:
    """The rule of a checkpoint; JSON kept names, not enums."""
    parts = {side: _conditions(given) for side, given in (kept or {}).items()}
    return Applicability(**parts)


def _conditions(given: Mapping[str, Any]) -> Conditions:
    known = dict(given)
    if "cohorts" in known:
        known["cohorts"] = [Cohort(each) for each in known["cohorts"]]
    return Conditions(**known)


def stored(session: Session, rule: Applicability, path: tuple[str, ...]) -> dict[str, Any] | None:
    """The rule as JSON; None for one that lets nobody off.

    INVALID_INPUT if it is none, NOT_FOUND for a department; `path` is where it was given.
    """
    kept = {}
    for side in ("only", "not_for"):
        conditions: Conditions | None = getattr(rule, side)
        if conditions is not None:
            kept[side] = _stored(conditions, (*path, side))
    _check_departments(session, rule)
    return kept or None


def _stored(conditions: Conditions, path: tuple[str, ...]) -> dict[str, Any]:
    given = {name: value for name, value in asdict(conditions).items() if value is not None}
    if not given:
        raise errors.invalid(path, "", "at least one condition")
    return {
        name: _list(value, (*path, name)) if isinstance(value, list) else value
        for name, value in given.items()
    }


def _list(values: list[Any], path: tuple[str, ...]) -> list[Any]:
    if not values and path[-1] != "cohorts":
        raise errors.invalid(path, "", "at least one value")
    if len(values) > MOST_VALUES:
        raise errors.exceeded(path, MOST_VALUES, len(values))
    return [_value(each, path) for each in values]


def _value(value: Any, path: tuple[str, ...]) -> Any:
    if isinstance(value, int) and value not in _YEARS:
        raise errors.invalid(path, value, f"{_YEARS[0]}-{_YEARS[-1]}")
    if not isinstance(value, str):
        return value
    return errors.of_length(path, value.strip(), 1, LONGEST_VALUE)


def department_ids(conditions: Conditions | None) -> list[int]:
    """The departments it names."""
    named = (conditions and conditions.departments) or ()
    return [ids.decode(each, Noun.DEPARTMENT) for each in named]


def _check_departments(session: Session, rule: Applicability) -> None:
    named = {*department_ids(rule.only), *department_ids(rule.not_for)}
    if not named:
        return
    known = sa.select(Department.id).where(Department.id == sa.any_(arrays.ids(sorted(named))))
    if len(session.scalars(known).all()) < len(named):
        raise ids.not_found(Noun.DEPARTMENT)


def applies(rule: Applicability) -> sa.ColumnElement[bool]:
    """The rule as a condition on students; never null."""
    conditions: list[sa.ColumnElement[bool]] = [
        sa.func.coalesce(each, True) for each in _clauses(rule.only)
    ]
    if rule.not_for is not None:
        held = [sa.func.coalesce(each, False) for each in _clauses(rule.not_for)]
        conditions.append(sa.not_(sa.and_(sa.true(), *held)))
    return sa.and_(sa.true(), *conditions)


def _clauses(given: Conditions | None) -> list[sa.ColumnElement[bool]]:
    if given is None:
        return []
    clauses = {
        "cohorts": lambda: arrays.any_of(Student.cohort, given.cohorts or ()),
        "training_levels": lambda: arrays.any_of(
            Student.training_level, given.training_levels or ()
        ),
        "categories": lambda: arrays.any_of(Student.category, given.categories or ()),
        "household_transfer": lambda: Student.household_transfer == given.household_transfer,
        "has_dormitory": lambda: Student.dormitory.is_not(None) == given.has_dormitory,
        "dormitory_prefixes": lambda: _begins(given.dormitory_prefixes or ()),
        "departments": lambda: arrays.any_of(Student.department_id, department_ids(given)),
        "entry_years": lambda: arrays.any_of(Student.entry_year, given.entry_years or ()),
    }
    return [clauses[each.name]() for each in fields(given) if getattr(given, each.name) is not None]


def _begins(prefixes: Sequence[str]) -> sa.ColumnElement[bool]:
    begins_with = Student.dormitory.op("^@", is_comparison=True)
    return begins_with(sa.any_(arrays.array(sa.Text(), prefixes)))
