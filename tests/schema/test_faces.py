"""What a type of the API is the face of, as its docstring says."""

import pkgutil
import re
from pathlib import Path

import pytest

SCHEMA = Path(__file__).parents[2] / "schema"
FACES = re.findall(
    r'GraphQL face of ([\w.]+)\."""', "".join(each.read_text() for each in SCHEMA.glob("*.py"))
)


@pytest.mark.parametrize("named", FACES)
def test_a_face_names_what_there_is(named: str) -> None:
    assert pkgutil.resolve_name(named)


def test_the_types_of_rows_say_what_they_are() -> None:
    assert len(FACES) >= 25
