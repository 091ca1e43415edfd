"""What a line of the table is made of."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.scope.house import COLUMNS


class Side(enum.Enum):
    """Whether a target lies in the scope of the operator the table is about (`affairs`)."""

    INSIDE = "INSIDE"
    OUTSIDE = "OUTSIDE"
    OWN = "OWN"


def matching(scheme: str, **more: object) -> dict[str, Any]:
    """The variables of a request with a filter."""
    return {"where": {"scheme": scheme, **more}}


@dataclass(frozen=True)
class Attempt:
    """One target, and what each kind of person is answered."""

    side: Side
    target: str
    answers: str
    variables: Mapping[str, Any] = field(default_factory=dict)

    def by_login(self) -> dict[str, str]:
        """The answers by column; a missing one is an error."""
        return dict(zip(COLUMNS, self.answers.split(), strict=True))


@dataclass(frozen=True)
class Line:
    """An operation, how it is asked for, and the attempts."""

    operation: str
    request: str
    attempts: tuple[Attempt, ...]
