"""A mutation under a client's key over HTTP: the repeat gets the first answer and does nothing."""

import datetime as dt
import zoneinfo
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa

from models import (
    ClearanceStatus,
    Department,
    Grant,
    IdempotencyKey,
    Job,
    SchemeStatus,
    SignInFailures,
    Student,
)
from tests.client import Client
from tests.keys import KEY, under
from tests.people import public
from tests.schema import configuring, enrolling, hiring
from tests.schema.configuring import SignIn
from tests.schema.test_decisions import DECIDE
from tests.world import LIBRARY, World

NUMBER = "2020010101"
CREATE = under(KEY, enrolling.DOCUMENTS["createStudent"])
DEPARTMENT = under(KEY, configuring.document("createDepartment"))
REFUSED = "... on Refused { code message path facts { name value } }"
MANY = under(
    KEY,
    f"""mutation($input: BatchRequest!) {{ decideMany(input: $input) {{
      ... on Job {{ id applied rows(first: 9) {{ nodes {{ outcome }} }} }} {REFUSED} }} }}""",
)
IMPORT = under(
    KEY,
    f"""mutation($file: ID!, $checkpoint: ID!) {{
      startImport(file: $file, checkpoint: $checkpoint, again: true) {{
        ... on Job {{ id }} {REFUSED} }} }}""",
)


def count(world: World, table: type[Any]) -> int:
    with world.database.write() as session:
        return session.scalars(sa.select(sa.func.count()).select_from(table)).one()


def deciding(world: World, number: str = NUMBER, **more: Any) -> dict[str, Any]:
    """Variables of DECIDE."""
    asked = {"student": world.student(number), "checkpoint": world.checkpoint(LIBRARY)}
    return {**asked, "act": "PASS", "version": 1, **more}


def age(world: World, by: dt.timedelta) -> None:
    """As if every key had been used so much earlier."""
    with world.database.write() as session:
        earlier = IdempotencyKey.created_at - by
        session.execute(sa.update(IdempotencyKey).values(created_at=earlier))


def test_a_student_is_enrolled_once(admin: Client, world: World) -> None:
    first, again = (admin.query(CREATE, **enrolling.new(world)) for _ in range(2))
    assert first["createStudent"]["number"] == "2020990001"
    assert again == first
    assert count(world, Student) == len(world.students) + 1


def test_one_is_decided_once(sign_in: SignIn, world: World) -> None:
    library = sign_in("library")
    first, again = (library.query(under(KEY, DECIDE), **deciding(world)) for _ in range(2))
    assert (first["decide"]["status"], first["decide"]["version"]) == ("PASSED", 2)
    assert again == first
    assert [entry.version for entry in world.entries()] == [2]


def test_many_are_decided_once(sign_in: SignIn, world: World) -> None:
    library = sign_in("library")
    chosen = {"select": {"numbers": list(world.students)[:3]}, "act": "PASS"}
    asked = {"checkpoint": world.checkpoint(LIBRARY), **chosen}
    first, again = (library.query(MANY, input=asked)["decideMany"] for _ in range(2))
    assert first["rows"]["nodes"] == [{"outcome": "APPLIED"}] * 3
    assert again == first
    assert (count(world, Job), len(world.entries())) == (1, 3)


def test_an_import_is_started_once_even_where_a_second_one_is_wanted(
    sign_in: SignIn, world: World
) -> None:
    library = sign_in("library")
    file, checkpoint = library.upload(b"PK"), world.checkpoint(LIBRARY)
    first, again = (library.query(IMPORT, file=file, checkpoint=checkpoint) for _ in range(2))
    assert again == first
    assert count(world, Job) == 1


def test_what_was_made_is_answered_as_it_is_by_now(head: Client, world: World) -> None:
    first = head.query(DEPARTMENT, name="化学学院")["createDepartment"]
    rename = configuring.document("renameDepartment")
    renamed = head.query(rename, department=first["id"], name="化学化工学院")["renameDepartment"]
    assert head.query(DEPARTMENT, name="化学学院")["createDepartment"] == renamed


def test_what_was_made_and_is_gone_is_not_found_and_not_made_again(
    head: Client, world: World
) -> None:
    made = head.query(DEPARTMENT, name="化学学院")["createDepartment"]
    head.query(configuring.document("deleteDepartment"), department=made["id"])
    before = count(world, Department)
    assert head.query(DEPARTMENT, name="化学学院")["createDepartment"] == {
        "code": "NOT_FOUND",
        "message": "找不到院系，或它不在您的权限范围内。",
        "path": [],
        "facts": [{"name": "noun", "value": "Department"}],
    }
    assert count(world, Department) == before


def test_what_is_out_of_sight_by_now_is_not_told_again(sign_in: SignIn, world: World) -> None:
    library = sign_in("library")
    library.query(under(KEY, DECIDE), **deciding(world))
    with world.database.write() as session:
        mine = Grant.operator_id == world.people["library"]
        session.execute(sa.delete(Grant).where(mine))
    refused = library.query(under(KEY, DECIDE), **deciding(world))["decide"]
    assert (refused["code"], configuring.facts(refused)) == ("NOT_FOUND", {"noun": "Clearance"})


def test_a_refusal_is_answered_again_though_by_now_it_would_be_done(
    sign_in: SignIn, world: World, address: str
) -> None:
    world.set_scheme(status=SchemeStatus.CLOSED)
    refused = sign_in("library").query(under(KEY, DECIDE), **deciding(world))["decide"]
    world.set_scheme(status=SchemeStatus.OPEN)
    assert refused == {
        "code": "SCHEME_NOT_OPEN",
        "message": "离校方案“2020级研究生6月份”未开放，不能办理，请联系系统管理员开放。",
        "path": [],
        "facts": [{"name": "scheme", "value": "2020级研究生6月份"}],
    }
    assert sign_in("library").query(under(KEY, DECIDE), **deciding(world))["decide"] == refused
    with Client(address, world.token("library"), "en") as client:
        told = client.query(under(KEY, DECIDE), **deciding(world))["decide"]
    assert told["message"].startswith("The scheme")
    assert world.state(NUMBER, LIBRARY) == ("PENDING", "", 1)


def test_a_refusal_takes_back_what_was_done_before_it(head: Client, world: World) -> None:
    create = under(KEY, hiring.CREATE)
    twice = [{"role": "DEPARTMENT_OPERATOR", "scheme": world.scheme}] * 2
    new = {"login": "zhang", "name": "张", "password": hiring.PASSWORD, "grants": twice}
    first, again = (head.query(create, input=new)["createOperator"] for _ in range(2))
    assert (first["code"], again) == ("ALREADY_EXISTS", first)
    assert "zhang" not in dict(hiring.operators(world))


def test_the_key_with_other_arguments_is_refused(admin: Client, world: World) -> None:
    first = admin.query(CREATE, **enrolling.new(world))["createStudent"]
    with world.database.write() as session:
        moment = session.scalars(sa.select(IdempotencyKey.created_at)).one()
    other = enrolling.new(world, number="2020990002")
    refused = admin.query(CREATE, **other)["createStudent"]
    local = moment.astimezone(zoneinfo.ZoneInfo("Asia/Shanghai"))
    assert refused == {
        "code": "IDEMPOTENCY_KEY_REUSED",
        "message": f"幂等键已于 {local:%Y-%m-%d %H:%M:%S} 用于内容不同的请求，"
        "请为新的请求换一个键。",
        "path": ["idempotencyKey"],
        "facts": [{"name": "time", "value": moment.isoformat()}],
    }
    assert count(world, Student) == len(world.students) + 1
    assert admin.query(CREATE, **enrolling.new(world))["createStudent"] == first


def test_what_is_left_out_is_the_same_as_its_default(sign_in: SignIn, world: World) -> None:
    library, document = sign_in("library"), under(KEY, DECIDE)
    first = library.query(document, **deciding(world))
    assert library.query(document, **deciding(world, remark=None)) == first
    other = library.query(document, **deciding(world, remark="齐"))["decide"]
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"


def test_without_a_key_it_is_done_each_time(head: Client, world: World) -> None:
    document = under(KEY, configuring.document("createDepartment")).replace(f'"{KEY}"', "null")
    assert head.query(document, name="化学学院")["createDepartment"]["name"] == "化学学院"
    assert head.query(document, name="化学学院")["createDepartment"]["code"] == "ALREADY_EXISTS"
    assert count(world, IdempotencyKey) == 0


def test_the_same_key_is_free_for_another_operator_and_another_mutation(
    sign_in: SignIn, world: World
) -> None:
    admin, library = sign_in("admin"), sign_in("library")
    library.query(under(KEY, DECIDE), **deciding(world))
    other = deciding(world, "2020010102")
    assert admin.query(under(KEY, DECIDE), **other)["decide"]["version"] == 2
    assert admin.query(CREATE, **enrolling.new(world))["createStudent"]["number"] == "2020990001"
    assert count(world, IdempotencyKey) == 3


def test_one_document_may_repeat_itself(head: Client, world: World) -> None:
    field = f'createDepartment(name: "化学学院", idempotencyKey: "{KEY}") {configuring.DEPARTMENT}'
    answer = head.query(f"mutation {{ first: {field} again: {field} }}")
    assert answer["again"] == answer["first"]
    assert answer["first"]["name"] == "化学学院"


def test_a_key_is_kept_for_24_hours(sign_in: SignIn, world: World) -> None:
    library, document = sign_in("library"), under(KEY, DECIDE)
    refused = library.query(document, **deciding(world, version=7))
    assert refused["decide"]["code"] == "STALE_STATE"
    world.put(NUMBER, LIBRARY, ClearanceStatus.PENDING, version=7)
    age(world, dt.timedelta(hours=23, minutes=59))
    assert library.query(document, **deciding(world, version=7)) == refused
    age(world, dt.timedelta(minutes=1))
    done = library.query(document, **deciding(world, version=7))
    assert (done["decide"]["status"], done["decide"]["version"]) == ("PASSED", 8)
    assert library.query(document, **deciding(world, version=7)) == done
    assert count(world, IdempotencyKey) == 1


@pytest.mark.parametrize("key", ["", "1234567", "k" * 201, "with a space", "zero\u200bwidth"])
def test_a_key_is_8_to_200_visible_characters(admin: Client, world: World, key: str) -> None:
    document = under(key, enrolling.DOCUMENTS["createStudent"])
    assert admin.query(document, **enrolling.new(world))["createStudent"] == {
        "code": "INVALID_INPUT",
        "message": f"“idempotencyKey”的值“{key[:20] or '未填写'}”无效："
        "须为 8-200 个可见字符，不含空格。",
        "path": ["idempotencyKey"],
        "facts": [
            {"name": "name", "value": "idempotencyKey"},
            {"name": "value", "value": key[:20]},
            {"name": "expected", "value": "8-200 visible characters"},
        ],
    }
    assert count(world, Student) == len(world.students)


@pytest.mark.parametrize("key", ["short", KEY])
def test_nobody_is_told_of_a_key_before_they_sign_in(
    anonymous: Client, world: World, key: str
) -> None:
    document = under(key, enrolling.DOCUMENTS["createStudent"])
    answer = anonymous.query(document, **enrolling.new(world))["createStudent"]
    assert (answer["code"], answer["path"]) == ("UNAUTHENTICATED", [])


def test_a_wrong_password_counts_once(sign_in: SignIn, world: World) -> None:
    affairs, document = sign_in("affairs"), under(KEY, hiring.CHANGE)
    asked = {"old": "wrong-guess", "new": hiring.PASSWORD}
    first, again = (affairs.query(document, **asked)["changePassword"] for _ in range(2))
    assert (first["code"], first["path"], again) == ("SIGN_IN_FAILED", ["oldPassword"], first)
    with world.database.write() as session:
        assert session.get_one(SignInFailures, "affairs").failures == 1


def test_neither_key_nor_password_nor_id_number_is_kept(
    head: Client, admin: Client, world: World
) -> None:
    malformed = "110101199713010002"
    reset = {"operator": public(world, "library"), "password": hiring.PASSWORD}
    head.query(under(KEY, hiring.RESET), **reset)
    first, again = (
        admin.query(CREATE, **enrolling.new(world, idNumber=malformed))["createStudent"]
        for _ in range(2)
    )
    assert (first["code"], configuring.facts(first)) == ("ID_MALFORMED", {"value": malformed})
    assert configuring.facts(again) == {"value": "110101********0002"}
    assert {**first, "facts": [], "message": ""} == {**again, "facts": [], "message": ""}
    with world.database.write() as session:
        rows = session.execute(sa.text("SELECT string_agg(k::text, ' ') FROM idempotency_keys k"))
        dump = rows.scalar_one()
    assert count(world, IdempotencyKey) == 2
    secrets = (KEY, hiring.PASSWORD, malformed)
    for secret in (*secrets, *(each.encode().hex() for each in secrets)):
        assert secret not in dump


def test_a_key_costs_four_statements_and_a_repeat_fewer_than_the_act(
    sign_in: SignIn, world: World, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    library, told = sign_in("library"), []
    documents = (DECIDE, under(KEY, DECIDE), under(KEY, DECIDE))
    numbers = (NUMBER, "2020010102", "2020010102")
    for document, number in zip(documents, numbers, strict=True):
        with statements() as seen:
            answer = library.query(document, **deciding(world, number))["decide"]
        assert (answer["status"], answer["student"]["number"]) == ("PASSED", number)
        told.append(len(seen))
    plain, first, again = told
    assert first == plain + 4
    assert again < plain
