"""Lists of students of several departments: of each of them an index holds every order."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from domain import arrays, paging
from domain.signed_in import Departments
from models import Student

# With more of them, some are near wherever one looks.
_MOST = 100


@dataclass(frozen=True)
class Parts:
    """The first students of each of these: the first of all are among them."""

    department_ids: tuple[int, ...]

    def among(self, rows: sa.Select[Any], _seek: paging.Seek) -> sa.ColumnElement[bool]:
        """By department they come from the index of their order."""
        part = sa.func.unnest(arrays.ids(self.department_ids)).table_valued("id", name="part")
        part = part.render_derived()
        of_part = (
            rows.with_only_columns(Student.id.label("of"), maintain_column_froms=True)
            .where(Student.department_id == part.c.id)
            .correlate(part)
            .lateral("of_part")
        )
        found = sa.select(of_part.c.of).select_from(part.join(of_part, sa.true()))
        return paging.one_of(Student.id, found)


def parts(seen: Departments, wanted: Collection[int] | None) -> Parts | None:
    """The departments in sight among those wanted, or all of them, if they are several."""
    if wanted is None and seen.are_all:
        return None
    named = seen.ids if wanted is None else {each for each in wanted if each in seen}
    if not 1 < len(named) <= _MOST:
        return None
    return Parts(tuple(sorted(named)))
