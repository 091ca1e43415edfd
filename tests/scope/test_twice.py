"""Every mutation twice under one key: nothing is done the second time, the answer is the same."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import graphql
import pytest
import sqlalchemy as sa

from models import IdempotencyKey
from tests import workbooks
from tests.client import Client
from tests.people import promote
from tests.scope.house import House
from tests.scope.repeating import HEAD, Case, done, mutations, refused, under_key
from tests.world import LIBRARY, SUPERVISOR, World

CONTRACT = graphql.build_schema(
    (Path(__file__).parents[2] / "schema" / "schema.graphql").read_text()
)
ONCE = {
    *("signIn", "signInStudent", "signOut", "revealIdNumber", "issueFeedToken"),
    "issueMyCertificate",
}
# What a worker of another test may write meanwhile, who gets what is in the queue.
OF_WORKERS = {"jobs", "job_rows", "files", "file_chunks", "job_files"}
Ask = Callable[[Case, str], Any]


def test_every_mutation_takes_a_key_but_those_of_sessions_and_secrets() -> None:
    assert CONTRACT.mutation_type
    fields = CONTRACT.mutation_type.fields
    keyed = {name for name, each in fields.items() if "idempotencyKey" in each.args}
    assert fields.keys() - keyed == ONCE
    kinds = {str(fields[name].args["idempotencyKey"].type) for name in keyed}
    assert kinds == {"String"}


@pytest.fixture
def ask(house: House, address: str) -> Ask:
    """Sends a document as the person of a case, with the ids of the house."""
    world = house.world
    promote(world, HEAD)
    house.tokens[HEAD] = world.token(HEAD)
    house.ids["@supervisor"] = world.checkpoint(SUPERVISOR)

    def send(case: Case, request: str) -> Any:
        literal = re.sub(r'"(@[a-z-]+)"', lambda it: f'"{house.named(it[1], case.login)}"', request)
        with Client(address, house.tokens[case.login]) as client:
            asked = house.named(case.variables, case.login)
            [answer] = client.query(literal, **asked).values()  # type: ignore[arg-type]  # a dict
            return answer

    return send


def kept(world: World) -> list[tuple[str, str | None, str | None]]:
    with world.database.write() as session:
        rows = session.scalars(sa.select(IdempotencyKey)).all()
        return [(row.mutation, row.noun, row.code) for row in rows]


def undisturbed(house: House) -> dict[str, str]:
    digest = house.digest()
    return {name: digest[name] for name in digest.keys() - OF_WORKERS}


def jobs(world: World) -> int:
    with world.database.write() as session:
        return session.scalar(sa.text("SELECT count(*) FROM jobs")) or 0


@pytest.mark.parametrize("name", sorted(mutations().keys() - ONCE - {"repairJob"}))
def test_what_was_done_is_done_once(house: House, ask: Ask, name: str) -> None:
    case = done(name)
    if case.before:
        house.ids["@made"] = ask(case, case.before).get("id", "")
    first = ask(case, under_key(name))
    assert "code" not in first, first
    before, started = undisturbed(house), jobs(house.world)
    assert ask(case, under_key(name)) == first
    assert (undisturbed(house), jobs(house.world)) == (before, started)
    [(mutation, noun, code)] = kept(house.world)
    assert (mutation, code) == (name, None)
    assert noun is not None


def test_every_refusal_is_answered_again(house: House, ask: Ask) -> None:
    before, told = house.digest(), []
    for name in sorted(mutations().keys() - ONCE):
        case = refused(name)
        first = ask(case, under_key(name))
        told.append((name, None, first["code"]))
        after = house.digest()
        assert ask(case, under_key(name)) == first, name
        assert house.digest() == after, name
    assert {table for table in before if before[table] != after[table]} == {"idempotency_keys"}
    assert sorted(kept(house.world)) == told


def test_rows_are_repaired_once(
    world: World, sign_in: Callable[[str], Client], worker: None, tmp_path: Path
) -> None:
    library = sign_in("library")
    rows = [("学号", "姓名", "办理结果"), ("2020010101", "张思", "办了")]
    content = workbooks.xlsx(tmp_path / "import.xlsx", rows).read_bytes()
    job = library.run_import(content, world.checkpoint(LIBRARY))
    document = under_key("repairJob").replace('row: 1, column: "A"', 'row: 2, column: "C"')
    document = document.replace('value: ""', 'value: "通过"')
    first = library.query(document, job=job["id"])["repairJob"]
    assert library.finished(job["id"])["applied"] == 1
    assert library.query(document, job=job["id"])["repairJob"] == first
    assert world.state("2020010101", LIBRARY) == ("PASSED", "", 2)
    with world.database.write() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM repairs")) == 1
