"""Last year's scheme cloned for this year, over HTTP."""

import datetime as dt

import pytest
import sqlalchemy as sa

from models import (
    Checkpoint,
    Grant,
    Operator,
    SchemeStatus,
    Student,
)
from tests.client import Client
from tests.people import promote
from tests.schema.configuring import SignIn, change, row_id
from tests.schema.test_schemes import NAME, everything
from tests.world import AFFAIRS, LIBRARY, MARX, SUPERVISOR, World


@pytest.fixture
def last_year(world: World, sign_in: SignIn) -> World:
    """The world with a rule, texts and a window, closed."""
    client = sign_in("admin")
    rule = {"only": {"departments": [world.department(MARX)]}, "notFor": {"cohorts": []}}
    change(client, "setApplicability", checkpoint=world.checkpoint(LIBRARY), applicability=rule)
    texts = {"requirement": "还清图书", "place": "一楼", "contact": "王老师", "hours": "8-17"}
    change(client, "updateCheckpoint", checkpoint=world.checkpoint(LIBRARY), input=texts)
    world.set_checkpoint(LIBRARY, opens_at=dt.datetime(2026, 6, 1, tzinfo=dt.UTC))
    order = [world.checkpoint(title) for title in (LIBRARY, AFFAIRS, SUPERVISOR)]
    change(client, "orderCheckpoints", scheme=world.scheme, checkpoints=order)
    world.set_scheme(status=SchemeStatus.CLOSED)
    return world


def test_a_clone_has_checkpoints_rules_and_prerequisites_but_no_windows(
    last_year: World, head: Client
) -> None:
    before = everything(last_year)
    made = change(head, "cloneScheme", scheme=last_year.scheme, name=NAME)
    titles = [LIBRARY, AFFAIRS, SUPERVISOR]
    assert made == {
        "id": made["id"],
        "name": NAME,
        "status": "DRAFT",
        "checkpoints": [
            {"position": place, "title": title} for place, title in enumerate(titles, 1)
        ],
    }
    found = head.query(
        """query($id: ID!) { scheme(id: $id) { checkpoints { title requirement place contact hours
          opensAt closesAt prerequisites { title } applicability {
            only { departments { name } cohorts } notFor { cohorts
            departments { name } } } } } }""",
        id=made["id"],
    )
    library, affairs, supervisor = found["scheme"]["checkpoints"]
    assert library == {
        "title": LIBRARY,
        "requirement": "还清图书",
        "place": "一楼",
        "contact": "王老师",
        "hours": "8-17",
        "opensAt": None,
        "closesAt": None,
        "prerequisites": [],
        "applicability": {
            "only": {"departments": [{"name": MARX}], "cohorts": None},
            "notFor": {"cohorts": [], "departments": None},
        },
    }
    assert (affairs["prerequisites"], affairs["applicability"]) == ([{"title": SUPERVISOR}], None)
    assert supervisor["prerequisites"] == []
    after = everything(last_year)
    assert all(set(before[name]) <= set(after[name]) for name in before)
    assert {name: len(after[name]) - len(before[name]) for name in before} == {
        "schemes": 1,
        "checkpoints": 3,
        "prerequisites": 1,
        "clearances": 0,
    }


def test_a_clone_has_the_grants_of_its_source_at_its_own_checkpoints(
    last_year: World, sign_in: SignIn
) -> None:
    world = last_year
    promote(world, "chief")
    made = change(sign_in("chief"), "cloneScheme", scheme=world.scheme, name=NAME)
    statement = (
        sa.select(
            Operator.login, Grant.role, Checkpoint.title, Grant.department_id,
            Grant.may_see_id_numbers,
        )
        .join(Operator, Operator.id == Grant.operator_id)
        .outerjoin(Checkpoint, Checkpoint.id == Grant.checkpoint_id)
        .order_by(Operator.login)
    )  # fmt: skip
    with world.database.write() as session:
        source, clone = (
            session.execute(statement.where(Grant.scheme_id == each)).all()
            for each in (world.scheme_id, row_id(made["id"]))
        )
        strangers = session.scalars(
            sa.select(Checkpoint.scheme_id)
            .join(Grant, Grant.checkpoint_id == Checkpoint.id)
            .where(Grant.scheme_id == row_id(made["id"]))
        )
        assert set(strangers) == {row_id(made["id"])}
        assert (
            session.scalar(
                sa.select(sa.func.count(Student.id)).where(Student.scheme_id == row_id(made["id"]))
            )
            == 0
        )
    assert len(source) == 6
    assert clone == source
    seen = sign_in("library").query("{ schemes { name } }")["schemes"]
    assert [each["name"] for each in seen] == [NAME, "2020级研究生6月份"]


def test_who_sees_no_id_numbers_clones_no_right_to_them(last_year: World, head: Client) -> None:
    made = change(head, "cloneScheme", scheme=last_year.scheme, name=NAME)
    of_clone = sa.select(Grant.may_see_id_numbers).where(Grant.scheme_id == row_id(made["id"]))
    with last_year.database.write() as session:
        assert session.scalars(of_clone).all() == [False] * 6
