"""Arrays as parameters: what goes in is what PostgreSQL sees."""

import datetime as dt

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain import arrays
from models import Outcome
from tests.world import World

# No text of PostgreSQL holds a NUL or half a character.
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


def sent(world: World, kind: arrays.Kind, values: list[object]) -> list[object]:
    with world.database.write() as session:
        found: list[object] = session.scalars(sa.select(arrays.array(kind, values))).one()
        return found


@pytest.mark.parametrize(
    ("kind", "elements"),
    [
        (sa.Text(), ["", "null", "NULL", None, "{}", ",", '"', "\\", '\\"', "\\n", "\\\\n", "'"]),
        (sa.Text(), ["a\nb\tc\r", "\x01\x1f\x7f\b\f", "𠮷·王", "\\u001f", " ", "\u2028"]),
        (sa.Text(), []),
        (sa.BigInteger(), [0, -1, 2**63 - 1, None]),
        (sa.Boolean(), [True, False, None]),
        (sa.Date(), [dt.date(2026, 6, 30), None]),
        (sa.DateTime(timezone=True), [dt.datetime(2026, 6, 30, 8, 0, 0, 1, dt.UTC)]),
    ],
)
def test_an_array_arrives_as_it_was_sent(
    kind: arrays.Kind, elements: list[object], world: World
) -> None:
    assert sent(world, kind, elements) == elements


def test_words_of_enums_arrive_as_texts(world: World) -> None:
    assert sent(world, sa.Text(), [Outcome.APPLIED, None]) == ["APPLIED", None]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.none() | TEXTS))
def test_any_text_arrives_as_it_was_sent(world: World, values: list[object]) -> None:
    assert sent(world, sa.Text(), values) == values


def test_a_statement_built_once_gives_the_values_of_each_time(world: World) -> None:
    table = arrays.Table("told", number=sa.Integer(), text=sa.Text())
    statement = sa.select(table.c.number, table.c.text)
    with world.database.write() as session:
        found = [
            session.execute(statement, table.holding(number=numbers, text=texts)).all()
            for numbers, texts in (([1, None], ["一", ""]), ([], []), ([2], [None]))
        ]
    assert found == [[(1, "一"), (None, "")], [], [(2, None)]]
