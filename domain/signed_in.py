"""Who is signed in, and what the grants allow: where, for which departments, by which right."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from domain import arrays
from models import FEED_LOGIN, Grant, Role

DECIDING = frozenset({Role.CHECKPOINT_OPERATOR, Role.ADMINISTRATOR})
HANDING = frozenset({Role.DEPARTMENT_OPERATOR, Role.ADMINISTRATOR})


class Right(enum.StrEnum):
    """What a grant may lack."""

    DECIDE = "DECIDE"
    HAND_OUT = "HAND_OUT"
    ADMINISTER = "ADMINISTER"
    ADMINISTER_ALL = "ADMINISTER_ALL"
    SEE_ID_NUMBERS = "SEE_ID_NUMBERS"
    SEND_AS_FEED = "SEND_AS_FEED"
    BEYOND_FEEDS = "BEYOND_FEEDS"
    # Of somebody signed in as a student, and the other way about.
    BE_OPERATOR = "BE_OPERATOR"
    BE_STUDENT = "BE_STUDENT"


@dataclass(frozen=True)
class Departments:
    """Some departments, or all of them."""

    ids: frozenset[int] = frozenset()
    are_all: bool = False

    def __contains__(self, department_id: object) -> bool:
        return self.are_all or department_id in self.ids

    def __bool__(self) -> bool:
        return self.are_all or bool(self.ids)

    def clause(self, column: arrays.Column) -> sa.ColumnElement[bool]:
        """The same as SQL, with one parameter however many there are."""
        if self.are_all:
            return sa.true()
        return arrays.any_of(column, sorted(self.ids))


@dataclass(frozen=True)
class SignedIn:
    """An operator with every grant; a session acts with all of them."""

    id: int
    login: str
    name: str
    grants: tuple[Grant, ...]

    @property
    def is_feed(self) -> bool:
        """Whether it is a machine, which may ask for little."""
        return self.login.startswith(FEED_LOGIN)

    @property
    def schemes(self) -> frozenset[int] | None:
        """The schemes of the grants; None means all."""
        if any(grant.scheme_id is None for grant in self.grants):
            return None
        return frozenset(grant.scheme_id for grant in self.grants if grant.scheme_id)

    def sees_scheme(self, scheme_id: int) -> bool:
        """Whether any grant reaches into a scheme."""
        return self.schemes is None or scheme_id in self.schemes

    def departments_seen(self, scheme_id: int) -> Departments:
        """Whose students are visible in a scheme."""
        return departments(self._in_scheme(scheme_id))

    def departments_decided(self, scheme_id: int, checkpoint_id: int) -> Departments:
        """Whose students may be decided at a checkpoint."""
        return departments(
            grant
            for grant in self._in_scheme(scheme_id)
            if grant.role in DECIDING and grant.checkpoint_id in {None, checkpoint_id}
        )

    def departments_handing(self, scheme_id: int) -> Departments:
        """Whose students may be handed their certificates."""
        return departments(grant for grant in self._in_scheme(scheme_id) if grant.role in HANDING)

    def departments_unmasked(self, scheme_id: int) -> Departments:
        """Whose students' full ID numbers may be seen."""
        return departments(
            grant for grant in self._in_scheme(scheme_id) if grant.may_see_id_numbers
        )

    @property
    def administered(self) -> frozenset[int] | None:
        """The schemes administered as a whole; None means all, and what belongs to no scheme."""
        whole = [
            grant.scheme_id
            for grant in self.grants
            if grant.role is Role.ADMINISTRATOR and not (grant.department_id or grant.checkpoint_id)
        ]
        return None if None in whole else frozenset(filter(None, whole))

    def administers(self, scheme_id: int) -> bool:
        """Whether a whole scheme is administered."""
        return self.administered is None or scheme_id in self.administered

    @property
    def administers_any(self) -> bool:
        """Whether any whole scheme is administered."""
        return self.administered is None or bool(self.administered)

    def sees_id_numbers(self, scheme_id: int | None, department_id: int | None) -> bool:
        """Whether every ID number of a scheme and department is seen; None means all of them."""
        seen = departments(
            grant
            for grant in self.grants
            if grant.may_see_id_numbers and grant.scheme_id in {None, scheme_id}
        )
        return department_id in seen

    def _in_scheme(self, scheme_id: int) -> list[Grant]:
        return [grant for grant in self.grants if grant.scheme_id in {None, scheme_id}]


def departments(grants: Iterable[Grant]) -> Departments:
    found = [grant.department_id for grant in grants]
    return Departments(frozenset(filter(None, found)), None in found)
