"""What a row of a list of operators does to who is hired, granted what and let in, pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from domain import identifiers
from domain.errors import Code
from domain.ids import Noun
from domain.reading.sheets import Problem
from domain.signed_in import Right, SignedIn
from domain.staffing.acts import StaffAct
from domain.staffing.hiring_cells import Column, Wanted
from models import Outcome

# A grant without what it shows, or another act, by its operator's login.
Key = tuple[str, Wanted | StaffAct]
_OPPOSITES = {StaffAct.DISABLE: StaffAct.ENABLE, StaffAct.ENABLE: StaffAct.DISABLE}


class Asked(NamedTuple):
    """What a row asks for: a grant, or another act."""

    row_number: int
    login: str
    name: str
    act: StaffAct
    wanted: Wanted | None

    @property
    def key(self) -> Key:
        """The same for grants that differ in ID numbers only."""
        what = self.wanted._replace(may_see_id_numbers=False) if self.wanted else self.act
        return self.login, what

    @property
    def shows(self) -> bool:
        """Whether it is to show ID numbers."""
        return self.wanted is not None and self.wanted.may_see_id_numbers


class Judged(NamedTuple):
    """What becomes of a row; a problem with an outcome other than FAILED is its reason."""

    outcome: Outcome
    problem: Problem | None = None


@dataclass
class Staff:
    """Who there is and what is held, with what the rows before have changed.

    `shows` holds whether a grant shows ID numbers, `administrators` who administers everything,
    enabled or not, and `told` the row of the file that asked for something first.
    """

    names: dict[str, str] = field(default_factory=dict)
    shows: dict[Key, bool] = field(default_factory=dict)
    disabled: set[str] = field(default_factory=set)
    signed_in: set[str] = field(default_factory=set)
    administrators: Collection[str] = ()
    told: dict[Key, int] = field(default_factory=dict)

    def take(self, asked: Asked) -> None:
        """A row was accepted."""
        self.tell(asked)
        if asked.wanted:
            self.names.setdefault(asked.login, asked.name)
            self.shows[asked.key] = self.shows.get(asked.key, False) or asked.shows
        elif asked.act is StaffAct.ENABLE:
            self.disabled.discard(asked.login)
        else:
            self.signed_in.discard(asked.login)
            self.disabled.update({asked.login} if asked.act is StaffAct.DISABLE else ())

    def tell(self, asked: Asked) -> None:
        """Only that a row asked; to disable is no repetition once a row has enabled."""
        self.told.setdefault(asked.key, asked.row_number)
        if asked.act in _OPPOSITES:
            self.told.pop((asked.login, _OPPOSITES[asked.act]), None)

    def is_done(self, asked: Asked) -> bool:
        """Whether it is already as the row asks."""
        if asked.wanted:
            return asked.key in self.shows and self.shows[asked.key] >= asked.shows
        if asked.act is StaffAct.END_SESSIONS:
            return asked.login not in self.signed_in
        if asked.act is StaffAct.RESET_PASSWORD:
            return False
        return (asked.login in self.disabled) == (asked.act is StaffAct.DISABLE)

    def is_last(self, login: str) -> bool:
        """Whether nobody else who is enabled administers everything."""
        return {each for each in self.administrators if each not in self.disabled} == {login}


@dataclass(frozen=True)
class Terms:
    """What rows are judged by: who asks, for which scheme, and which passwords are known.

    `missing` says of a row what is wrong with its password; `letters` are those of the columns.
    """

    asker: SignedIn
    scheme_id: int
    passwords: Mapping[str | int, str] = field(repr=False)
    missing: Mapping[int, Problem]
    letters: Mapping[Column, str]


def judge(asked: Asked, staff: Staff, terms: Terms) -> Judged:
    """In the order of the file, each on what the rows before it left."""
    problem = _problem(asked, staff, terms)
    if problem:
        return Judged(Outcome.FAILED, problem)
    first = staff.told.get(asked.key)
    if staff.is_done(asked) or (first and asked.wanted is None):
        repeats = first and Problem(Code.DUPLICATE_ROW, None, "", {"row": str(first)})
        return Judged(Outcome.UNCHANGED, repeats or None)
    return Judged(Outcome.APPLIED)


def _problem(asked: Asked, staff: Staff, terms: Terms) -> Problem | None:
    if terms.asker.login in staff.disabled:
        # By a row before.
        return _forbidden(Right.ADMINISTER, None)
    find = _grant_problem if asked.wanted else _act_problem
    return find(asked, staff, terms)


def _grant_problem(asked: Asked, staff: Staff, terms: Terms) -> Problem | None:
    known = staff.names.get(asked.login)
    found = _hiring_problem(asked, terms) if known is None else _name_problem(asked, known, terms)
    if found or not asked.wanted:
        return found
    shows, department_id = asked.shows, asked.wanted.department_id
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
    return None if asked.login in terms.passwords else terms.missing[asked.row_number]


def _act_problem(asked: Asked, staff: Staff, terms: Terms) -> Problem | None:
    """An act takes the right of the single one first: who there is, is not told without it."""
    letter = terms.letters.get(Column.ACT)
    if terms.asker.administered is not None:
        return _forbidden(Right.ADMINISTER_ALL, letter)
    name = staff.names.get(asked.login)
    if name is None:
        column, facts = terms.letters.get(Column.LOGIN), {"noun": Noun.OPERATOR.value}
        return Problem(Code.NOT_FOUND, column, asked.login, facts)
    found = _name_problem(asked, name, terms)
    if asked.act is StaffAct.RESET_PASSWORD:
        found = found or _reset_problem(asked, staff, terms)
    is_disabling = asked.act is StaffAct.DISABLE and not staff.is_done(asked)
    if not found and is_disabling and staff.is_last(asked.login):
        return Problem(Code.LAST_ADMINISTRATOR, letter, "", {"operator": name})
    return found


def _reset_problem(asked: Asked, staff: Staff, terms: Terms) -> Problem | None:
    """Of two passwords for one login nobody knows which is meant; the first has been set."""
    password = terms.passwords.get(asked.row_number)
    if password is None:
        return terms.missing[asked.row_number]
    first = staff.told.get(asked.key)
    if first is None or terms.passwords.get(first) == password:
        return None
    facts = {"rows": f"{first}、{asked.row_number}", "login": asked.login}
    return Problem(Code.DUPLICATE_CONFLICT, terms.letters.get(Column.PASSWORD), "", facts)


def _name_problem(asked: Asked, known: str, terms: Terms) -> Problem | None:
    if not asked.name or identifiers.name_key(asked.name) == identifiers.name_key(known):
        return None
    facts = {"value": asked.name, "expected": known, "login": asked.login}
    return Problem(Code.NAME_MISMATCH, terms.letters.get(Column.NAME), asked.name, facts)


def _forbidden(right: Right, letter: str | None) -> Problem:
    return Problem(Code.FORBIDDEN, letter, "", {"right": right})
