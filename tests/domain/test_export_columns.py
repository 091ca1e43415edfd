"""The heads of an exported roster are those that a roster import understands, field by field."""

import pytest

from domain.exports.columns import COLUMNS, StudentColumn
from domain.reading import roster_cells
from models import StudentField


@pytest.mark.parametrize("column", StudentColumn)
def test_a_roster_import_understands_every_exported_column(column: StudentColumn) -> None:
    heading = COLUMNS[column].heading
    assert roster_cells.HEADERS.column(heading) is StudentField(column)


def test_every_field_of_a_student_but_the_status_is_exported() -> None:
    assert [StudentField(column) for column in StudentColumn] == [
        field for field in StudentField if field is not StudentField.STATUS
    ]
