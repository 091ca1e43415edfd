"""A student outside one's scope and a student who does not exist look the same everywhere."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest

from models import Student
from tests.client import Client
from tests.scope.house import OUTSIDER, House
from tests.workbooks import xlsx
from tests.world import AFFAIRS, GEOLOGY, World

# In the other department (with the right name, and a wrong one), and nowhere.
OUTSIDE, NOWHERE = ("2020020101", "欧阳·娜娜"), ("2020099999", "欧阳·娜娜")
OUTSIDE_ID, NOWHERE_ID = "110101199701010006", "110101199701010007"
HEADER = ("学号", "身份证号", "姓名", "办理结果", "备注")


@pytest.fixture
def affairs(house: House, address: str) -> Iterable[Client]:
    """The operator of one department."""
    with Client(address, house.tokens["affairs"]) as client:
        yield client


def same(answer: Callable[..., Any], names: dict[str, str]) -> None:
    """The answers differ in nothing but the key that was sent; none is that of a bad request."""
    answers = {key: answer(v=value) for key, value in names.items()}
    told = {
        key: orjson.dumps(answers[key]).decode().replace(value, "KEY")
        for key, value in names.items()
    }
    assert len(set(told.values())) == 1, told
    assert all("data" in each and "errors" not in each for each in answers.values())


def ids_of(house: House) -> dict[str, str]:
    return {name: house.ids[f"@{name}"] for name in ("geologist", "outsider", "unknown-student")}


NUMBERS = {"outside": OUTSIDE[0], "nowhere": NOWHERE[0]}
BY_ID = (
    "query($v: ID!) { node(id: $v) { __typename id } }",
    "query($v: ID!) { nodes(ids: [$v]) { __typename id } }",
    "query($v: ID!) { student(scheme: $scheme, key: {id: $v}) { id } }",
    """mutation($v: ID!) { decide(student: $v, checkpoint: $checkpoint, act: PASS,
      expectedVersion: 1) { __typename ... on Refused { code message path facts { name value } }
    } }""",
    """mutation($v: ID!) { decideMany(input: {checkpoint: $checkpoint, act: PASS,
      select: {ids: [$v]}}) { ... on Job { applied unchanged failed rows(first: 9) { nodes {
        cells key name outcome code student { id } problems { code column value message } } } } } }
    """,
    """mutation($v: ID!) { revealIdNumber(student: $v, reason: "核对") { __typename
      ... on Refused { code message path facts { name value } } } }""",
)

BY_NUMBER = (
    "query($v: String!) { student(scheme: $scheme, key: {number: $v}) { id } }",
    """query($v: String!) { students(where: {scheme: $scheme, numbers: [$v]}, first: 1) {
          totalCount nodes { id } pageInfo { hasNextPage endCursor } } }""",
    """query($v: String!) { counts(where: {scheme: $scheme, numbers: [$v]}) {
          due passed pending refused notRequired } }""",
    """mutation($v: String!) { decideMany(input: {checkpoint: $checkpoint, act: PASS,
          select: {numbers: [$v]}}) { ... on Job { applied unchanged failed rows(first: 9) { nodes {
            cells key name outcome code student { id } problems { code column value message }
        } } } } }""",
)
BY_ID_NUMBER = (
    "query($v: String!) { student(scheme: $scheme, key: {idNumber: $v}) { id } }",
    """query($v: String!) { students(where: {scheme: $scheme, idNumbers: [$v]}, first: 1) {
          totalCount nodes { id } } }""",
)


def test_by_id(house: House, affairs: Client) -> None:
    all_same(house, affairs, BY_ID, ids_of(house))


def test_by_number(house: House, affairs: Client) -> None:
    all_same(house, affairs, BY_NUMBER, NUMBERS)


def test_by_id_number(house: House, affairs: Client) -> None:
    all_same(house, affairs, BY_ID_NUMBER, {"outside": OUTSIDE_ID, "nowhere": NOWHERE_ID})


def all_same(
    house: House, affairs: Client, documents: Sequence[str], names: dict[str, str]
) -> None:
    for document in documents:
        text = filled(document, house)
        same(partial(affairs.execute, text), names)


def filled(document: str, house: House) -> str:
    """With the ids of scheme and checkpoint written into it."""
    for name in ("scheme", "checkpoint"):
        document = document.replace(f"${name}", f'"{house.ids[f"@{name}"]}"')
    return document


def test_by_the_selection_of_a_batch(house: House, affairs: Client) -> None:
    document = """mutation($v: String!) { decideMany(input: {checkpoint: $checkpoint, act: PASS,
      select: {filter: {where: {scheme: $scheme, numbers: [$v]}, expectedCount: 1,
                        asOf: "2026-06-01T00:00:00Z"}}}) {
      ... on Refused { code message facts { name value } } } }"""
    same(partial(affairs.execute, filled(document, house)), NUMBERS)


def test_rows_of_a_file_tell_nothing_of_a_student_out_of_scope(
    house: House, affairs: Client, worker: None, tmp_path: Path
) -> None:
    mine = ("2020010101", "110101199601010001")
    pairs = [
        ((OUTSIDE[0], "", OUTSIDE[1]), (NOWHERE[0], "", NOWHERE[1])),
        ((OUTSIDE[0], "", "别人"), (NOWHERE[0], "", "别人")),
        (("", OUTSIDE_ID, "吴思"), ("", NOWHERE_ID, "吴思")),
        (("", OUTSIDE_ID, "别人"), ("", NOWHERE_ID, "别人")),
        ((mine[0], OUTSIDE_ID, "张思"), (mine[0], NOWHERE_ID, "张思")),
        ((OUTSIDE[0], mine[1], "张思"), (NOWHERE[0], mine[1], "张思")),
        ((OUTSIDE[0], OUTSIDE_ID, "吴思"), (NOWHERE[0], NOWHERE_ID, "吴思")),
    ]
    rows = [(*row, "通过", "") for pair in pairs for row in pair]
    job = import_file(affairs, house, tmp_path, [HEADER, *rows])
    nodes = [normal(row) for row in job["rows"]["nodes"]]
    assert nodes[::2] == nodes[1::2]
    assert [row["outcome"] for row in nodes] == ["FAILED"] * 14
    assert job["applied"] == 0
    assert OUTSIDER not in orjson.dumps(job).decode()


def test_a_name_is_compared_with_names_in_sight_only(
    house: House, affairs: Client, worker: None, tmp_path: Path
) -> None:
    rows = [(number, "", "无此人", "通过", "") for number in house.world.students]
    job = import_file(affairs, house, tmp_path, [HEADER, *rows])
    told = orjson.dumps(job).decode()
    assert [row["code"] for row in job["rows"]["nodes"]] == [
        *["NAME_MISMATCH"] * 4,
        *["STUDENT_NOT_FOUND"] * 2,
    ]
    assert not [name for name in house.hidden_names("affairs") if name in told]


def import_file(client: Client, house: House, folder: Path, rows: list[tuple[str, ...]]) -> Any:
    content = xlsx(folder / "rows.xlsx", rows).read_bytes()
    return client.run_import(content, house.world.checkpoint(AFFAIRS))


def normal(row: dict[str, Any]) -> dict[str, Any]:
    """A row without its number and without the keys that it sent."""
    text = orjson.dumps({**row, "rowNumber": 0}).decode()
    for sent in (OUTSIDE[0], NOWHERE[0], OUTSIDE_ID, NOWHERE_ID):
        text = text.replace(sent, "KEY")
    found: dict[str, Any] = orjson.loads(text)
    return found


def test_paths_lead_no_further_than_the_scope(house: House, address: str, world: World) -> None:
    """The library sees every student; the jobs of others and their rows stay out of its sight."""
    document = """query($c: ID!, $s: ID!) {
      node(id: $c) { ... on Clearance { status
        lastEntry { operator { login } job { id rows(first: 9) { nodes { name } } } }
        student { department { name } scheme { departments { name } } } } }
      scheme(id: $s) { departments { name } checkpoints { title } } }"""
    asked = {"c": house.ids["@clearance"], "s": house.ids["@scheme"]}
    with Client(address, house.tokens["library"]) as client:
        found = client.query(document, **asked)
    assert found["node"]["lastEntry"] == {"operator": {"login": "affairs"}, "job": None}
    assert len(found["scheme"]["departments"]) == 2
    with Client(address, house.tokens["affairs-geology"]) as client:
        found = client.query(document, **asked)
    assert found["node"] is None
    assert found["scheme"]["departments"] == [{"name": GEOLOGY}]
    assert len(found["scheme"]["checkpoints"]) == 3


def test_a_student_who_left_the_scope_is_gone_from_the_rows_of_ones_own_job(
    house: House, affairs: Client
) -> None:
    document = """query($id: ID!) { job(id: $id) { rows(first: 9) { nodes {
      key student { number } } } } }"""
    world = house.world
    before = affairs.query(document, id=house.ids["@job"])["job"]["rows"]["nodes"]
    with world.database.write() as session:
        student = session.get_one(Student, world.students["2020010101"])
        student.department_id = world.departments[GEOLOGY]
    after = affairs.query(document, id=house.ids["@job"])["job"]["rows"]["nodes"]
    assert before == [{"key": "2020010101", "student": {"number": "2020010101"}}]
    assert after == [{"key": "2020010101", "student": None}]
