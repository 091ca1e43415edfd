"""Lists of students of several departments: of each of them an index holds every order."""

from collections.abc import Collection

from domain import paging
from domain.signed_in import Departments
from models import Student

# With more of them, some are near wherever one looks.
_MOST = 100


def parts(seen: Departments, wanted: Collection[int] | None) -> paging.Parts | None:
    """The departments in sight among those wanted, or all of them, if they are several."""
    if wanted is None and seen.are_all:
        return None
    named = seen.ids if wanted is None else {each for each in wanted if each in seen}
    if not 1 < len(named) <= _MOST:
        return None
    return paging.Parts(Student.department_id, sorted(named), Student.id)
