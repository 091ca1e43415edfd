"""The gate is in the database: what no code of the service does, its triggers refuse."""

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from models import HandOut
from tests.client import Client
from tests.schema.configuring import Work, held
from tests.schema.handing import NUMBER, give
from tests.world import LIBRARY, World

RAW_HAND_OUT = sa.text(
    """INSERT INTO hand_outs (scheme_id, student_id, kind, receiver, handed_out_at, operator_id)
       SELECT scheme_id, id, 'GRADUATION_MATERIALS', 'IN_PERSON', now(), :operator
       FROM students WHERE number = :number"""
)
RAW_RESET = sa.text(
    """UPDATE clearances SET status = 'PENDING', not_required_by = NULL
       WHERE student_id = (SELECT id FROM students WHERE number = :number)
         AND checkpoint_id = :checkpoint"""
)


def raw_hand_out(world: World) -> Work:
    values = {"number": NUMBER, "operator": world.people["department"]}
    return lambda session: session.execute(RAW_HAND_OUT, values)


def raw_reset(world: World) -> Work:
    values = {"number": NUMBER, "checkpoint": world.checkpoints[LIBRARY]}
    return lambda session: session.execute(RAW_RESET, values)


@contextlib.contextmanager
def refused_by(constraint: str) -> Iterator[None]:
    with pytest.raises(IntegrityError) as caught:
        yield
    assert caught.value.orig.diag.constraint_name == constraint  # type: ignore[union-attr]  # psycopg's


def commit(world: World, work: Work) -> None:
    with world.database.write() as session:
        work(session)


PAIRS = [(raw_hand_out, raw_reset, "gate_handed_out"), (raw_reset, raw_hand_out, "gate_clear")]


@pytest.mark.parametrize(("first", "second", "constraint"), PAIRS)
def test_the_database_itself_refuses_the_second_of_two_at_once(
    world: World,
    department: Client,
    pool: ThreadPoolExecutor,
    first: Callable[[World], Work],
    second: Callable[[World], Work],
    constraint: str,
) -> None:
    with held(world, first(world)):
        asked = pool.submit(commit, world, second(world))
    with refused_by(constraint):
        asked.result()


@pytest.mark.parametrize(("first", "second", "constraint"), PAIRS)
def test_the_database_itself_refuses_the_second_one_afterwards(
    world: World,
    department: Client,
    first: Callable[[World], Work],
    second: Callable[[World], Work],
    constraint: str,
) -> None:
    commit(world, first(world))
    with refused_by(constraint):
        commit(world, second(world))


def test_the_database_itself_gives_no_new_clearance_to_who_has_received(
    world: World, department: Client
) -> None:
    commit(world, raw_hand_out(world))
    with refused_by("gate_handed_out"), world.database.write() as session:
        session.execute(
            sa.text(
                """WITH made AS (INSERT INTO checkpoints (scheme_id, position, title, requirement,
                       place, contact, hours)
                     VALUES (:scheme, 9, '宿舍', '', '', '', '') RETURNING id)
                   INSERT INTO clearances (student_id, checkpoint_id)
                   SELECT students.id, made.id FROM students, made"""
            ),
            {"scheme": world.scheme_id},
        )


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM hand_outs",
        "TRUNCATE hand_outs",
        "UPDATE hand_outs SET remark = 'x'",
        """UPDATE hand_outs SET revoked_at = now(), revoked_by = operator_id, revoke_reason = 'x',
           certificate_number = 'x', kind = 'DEGREE_CERTIFICATE'""",
    ],
)
def test_of_what_was_handed_out_nothing_changes_but_that_it_is_revoked(
    world: World, department: Client, statement: str
) -> None:
    give(department, world)
    with pytest.raises(sa.exc.DBAPIError, match=r"only be revoked|append-only"):
        commit(world, lambda session: session.execute(sa.text(statement)))
    with world.database.write() as session:
        assert session.scalars(sa.select(sa.func.count()).select_from(HandOut)).one() == 1
