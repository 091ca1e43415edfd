"""What a row of a list of operators does to who is hired and granted what, pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from domain import identifiers
from domain.errors import Code
from domain.operators import Right, SignedIn
from domain.reading.sheets import Problem
from domain.staffing.hiring_cells import Column, Wanted
from models import Outcome

# A grant by its operator's login, without what it shows.
Held = tuple[str, Wanted]


class Asked(NamedTuple):
    """What a row asks for."""

    row_number: int
    login: str
    name: str
    wanted: Wanted

    @property
    def key(self) -> Held:
        """The same for grants that differ in ID numbers only."""
        return self.login, self.wanted._replace(may_see_id_numbers=False)


class Judged(NamedTuple):
    """What becomes of a row; a problem with an outcome other than FAILED is its reason."""

    outcome: Outcome
    problem: Problem | None = None


@dataclass
class Staff:
    """Who there is and what is held, with what the rows before have changed; `shows` holds whether
    a grant shows ID numbers, `told` the row of the file that asked for it first."""

    names: dict[str, str] = field(default_factory=dict)
    shows: dict[Held, bool] = field(default_factory=dict)
    told: dict[Held, int] = field(default_factory=dict)

    def take(self, asked: Asked) -> None:
        """A row was accepted."""
        self.names.setdefault(asked.login, asked.name)
        self.shows[asked.key] = self.shows.get(asked.key, False) or asked.wanted.may_see_id_numbers
        self.told.setdefault(asked.key, asked.row_number)


@dataclass(frozen=True)
class Terms:
    """What rows are judged by: who asks, for which scheme, and whose password is known.

    `missing` says of a row what is wrong with its password; `letters` are those of the columns.
    """

    asker: SignedIn
    scheme_id: int
    with_password: Collection[str]
    missing: Mapping[int, Problem]
    letters: Mapping[Column, str]


def judge(asked: Asked, staff: Staff, terms: Terms) -> Judged:
    """In the order of the file, each on what the rows before it left."""
    problem = _problem(asked, staff, terms)
    if problem:
        return Judged(Outcome.FAILED, problem)
    is_held = asked.key in staff.shows
    if is_held and staff.shows[asked.key] >= asked.wanted.may_see_id_numbers:
        first = staff.told.get(asked.key)
        repeats = first and Problem(Code.DUPLICATE_ROW, None, "", {"row": str(first)})
        return Judged(Outcome.UNCHANGED, repeats or None)
    return Judged(Outcome.APPLIED)


def _problem(asked: Asked, staff: Staff, terms: Terms) -> Problem | None:
    known = staff.names.get(asked.login)
    found = _hiring_problem(asked, terms) if known is None else _name_problem(asked, known, terms)
    if found:
        return found
    shows, department_id = asked.wanted.may_see_id_numbers, asked.wanted.department_id
    if shows and not terms.asker.sees_id_numbers(terms.scheme_id, department_id):
        return _forbidden(Right.SEE_ID_NUMBERS, terms.letters.get(Column.ID_NUMBERS))
    return None


def _hiring_problem(asked: Asked, terms: Terms) -> Problem | None:
    """Somebody new takes a right, a name and a password."""
    if terms.asker.administered is not None:
        return _forbidden(Right.ADMINISTER_ALL, terms.letters.get(Column.LOGIN))
    if not asked.name:
        column = terms.letters.get(Column.NAME)
        return Problem(Code.VALUE_MISSING, column, "", {"column": "姓名"})
    return None if asked.login in terms.with_password else terms.missing[asked.row_number]


def _name_problem(asked: Asked, known: str, terms: Terms) -> Problem | None:
    if not asked.name or identifiers.name_key(asked.name) == identifiers.name_key(known):
        return None
    facts = {"value": asked.name, "expected": known}
    return Problem(Code.NAME_MISMATCH, terms.letters.get(Column.NAME), asked.name, facts)


def _forbidden(right: Right, letter: str | None) -> Problem:
    return Problem(Code.FORBIDDEN, letter, "", {"right": right})
