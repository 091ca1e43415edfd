"""One request must not cost the service much more than it costs its sender."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from domain import ids
from domain.ids import Noun
from models import File, JobRow, SignInFailures
from tests.client import Client
from tests.tasks import export_files
from tests.world import AFFAIRS, LIBRARY, World

SignIn = Callable[[str], Client]
SIGN_IN = 'mutation { signIn(login: "admin", password: "%s") { ... on Refused { code } } }'
BATCH = """mutation($input: BatchRequest!) { decideMany(input: $input) {
  ... on Job { applied failed rows(first: 9) { nodes { code remark problems { message } } } }
  ... on Refused { code facts { name value } } } }"""
DECIDE = """mutation($student: ID!, $checkpoint: ID!, $remark: String, $version: Int! = 1) {
  decide(student: $student, checkpoint: $checkpoint, act: REFUSE, expectedVersion: $version,
         remark: $remark) { ... on Clearance { remark } ... on Refused { code } } }"""


def failures(world: World) -> int:
    with world.database.write() as session:
        return session.scalar(sa.select(SignInFailures.failures)) or 0


def aliases(count: int) -> str:
    field = 'signIn(login: "admin", password: "%d") { ... on Refused { code } }'
    return "mutation {" + " ".join(f"a{n}: {field % n}" for n in range(count)) + "}"


def test_a_hundred_guesses_in_one_request_are_refused_before_the_first(
    world: World, anonymous: Client
) -> None:
    assert anonymous.refused(aliases(100)) == "LIMIT_EXCEEDED"
    assert failures(world) == 0


def test_twenty_guesses_in_one_request_are_five_guesses(world: World, anonymous: Client) -> None:
    answers = anonymous.query(aliases(20)).values()
    codes = [answer["code"] for answer in answers]
    assert codes == ["SIGN_IN_FAILED"] * 5 + ["RATE_LIMITED"] * 15
    assert failures(world) == 5


def test_guesses_at_the_same_time_are_counted_one_after_the_other(
    world: World, anonymous: Client
) -> None:
    def guess(number: int) -> str:
        return str(anonymous.query(SIGN_IN % number)["signIn"]["code"])

    with ThreadPoolExecutor(12) as pool:
        codes = sorted(pool.map(guess, range(16)))
    assert codes == ["RATE_LIMITED"] * 11 + ["SIGN_IN_FAILED"] * 5


def test_lists_in_lists_without_pages_are_counted_too(world: World, sign_in: SignIn) -> None:
    inner = "{ student { clearances { status } } }"
    for _ in range(3):
        inner = f"{{ student {{ clearances {inner} }} }}"
    document = f"query($id: ID!) {{ node(id: $id) {{ ... on Student {{ clearances {inner} }} }} }}"
    client = sign_in("affairs")
    assert client.refused(document, id=world.student("2020010101")) == "LIMIT_EXCEEDED"


def test_the_pages_that_a_client_needs_are_within_the_limit(world: World, sign_in: SignIn) -> None:
    where = {"scheme": world.scheme}
    sign_in("affairs").query(
        """query($where: StudentFilter!) { students(where: $where, first: 100) { edges { node {
          number department { name } scheme { name }
          clearances { status checkpoint { title } lastEntry { operator { name } } } } } } }""",
        where=where,
    )
    sign_in("affairs").query(
        """{ jobs(first: 20) { nodes { files { name } rows(first: 20) { nodes {
          cells problems { message } student { number } } } } } }"""
    )


def test_a_filter_holds_as_many_conditions_on_checkpoints_as_a_scheme_may_have(
    world: World, sign_in: SignIn
) -> None:
    client = sign_in("affairs")
    document = "query($where: StudentFilter!) { students(where: $where, first: 9) { totalCount } }"

    def where(count: int) -> dict[str, Any]:
        each = {"checkpoint": world.checkpoint(AFFAIRS), "statuses": ["PENDING"]}
        return {"scheme": world.scheme, "statusAt": [each] * count}

    assert client.query(document, where=where(50))["students"]["totalCount"] == 4
    assert client.refused(document, where=where(51)) == "LIMIT_EXCEEDED"


def test_an_endless_list_of_exceptions_is_refused(world: World, sign_in: SignIn) -> None:
    selection = {
        "where": {"scheme": world.scheme},
        "expectedCount": 4,
        "asOf": "2026-06-01T00:00:00Z",
        "exceptIds": [ids.encode(Noun.STUDENT, number) for number in range(1000, 6001)],
    }
    given = {"checkpoint": world.checkpoint(AFFAIRS), "act": "RESET", "select": {}}
    answer = sign_in("affairs").query(BATCH, input=given | {"select": {"filter": selection}})
    assert answer["decideMany"] == {
        "code": "LIMIT_EXCEEDED",
        "facts": [
            {"name": "name", "value": "exceptIds"},
            {"name": "limit", "value": "5000"},
            {"name": "value", "value": "5001"},
        ],
    }


def test_an_endless_remark_is_not_kept_once_for_every_student(
    world: World, sign_in: SignIn
) -> None:
    given = {
        "checkpoint": world.checkpoint(AFFAIRS),
        "act": "REFUSE",
        "select": {"numbers": list(world.students)},
        "remark": "长" * 100_000,
    }
    job = sign_in("affairs").query(BATCH, input=given)["decideMany"]
    assert (job["applied"], job["failed"]) == (0, 6)
    assert {row["code"] for row in job["rows"]["nodes"]} == {"REMARK_TOO_LONG", "STUDENT_NOT_FOUND"}
    with world.database.write() as session:
        assert session.scalar(sa.select(sa.func.max(sa.func.length(JobRow.remark)))) == 0


@pytest.mark.usefixtures("worker")
def test_a_long_cell_is_kept_whole_once_and_its_problems_repeat_little_of_it(
    world: World, sign_in: SignIn
) -> None:
    number, name, result = "1" * 2_000, "张" * 2_000, "或" * 2_000
    lines = ["学号,姓名,办理结果", f"{number},,{result}", f"2020010101,{name},通过"]
    client = sign_in("library")
    job = client.run_import("\n".join(lines).encode(), world.checkpoint(LIBRARY))

    told = [problem for row in job["rows"]["nodes"] for problem in row["problems"]]
    assert [(each["code"], each["value"]) for each in told] == [
        ("RESULT_UNKNOWN", "或" * 499 + "…"),
        ("STUDENT_NOT_FOUND", "1" * 499 + "…"),
        ("NAME_MISMATCH", "张" * 499 + "…"),
    ]
    assert max(len(each["message"]) for each in told) < 600
    first, second = export_files.xlsx(client.download(job["files"][0]["url"]))[1:]
    assert (first[:3], second[:3]) == ([number, None, result], ["2020010101", name, "通过"])


@pytest.mark.usefixtures("worker")
def test_one_answer_does_not_repeat_long_rows_without_end(world: World, sign_in: SignIn) -> None:
    row = f"2020010101,通过,{','.join(['x' * 30_000] * 8)}\n"
    client = sign_in("library")
    content = f"学号,办理结果\n{row * 2}".encode()
    job = client.run_import(content, world.checkpoint(LIBRARY))

    def document(aliases: int) -> str:
        fields = " ".join(f"a{n}: rows(first: 2) {{ nodes {{ cells }} }}" for n in range(aliases))
        return f"query($id: ID!) {{ job(id: $id) {{ {fields} }} }}"

    told = client.query(document(20), id=job["id"])["job"]
    assert [len(each["nodes"]) for each in told.values()] == [2] * 20
    assert client.refused(document(21), id=job["id"]) == "LIMIT_EXCEEDED"


@pytest.mark.usefixtures("worker")
def test_a_refused_file_repeats_little_of_what_stands_in_it(world: World, sign_in: SignIn) -> None:
    text = f"学号,办理结果{',姓名' * 2_000}\n2020010101,通过\n"
    job = sign_in("library").run_import(text.encode(), world.checkpoint(LIBRARY))

    assert job["problem"]["code"] == "HEADER_DUPLICATE"
    assert 500 < len(job["problem"]["message"]) < 600


@pytest.mark.parametrize(
    ("remark", "kept"),
    [
        ("🎓" * 500, True),
        ("🎓" * 501, False),
        ("👩‍🎓" * 166 + "长长", True),
        (" " * 600 + "短", True),
    ],
)
def test_a_remark_is_measured_in_characters(
    world: World, sign_in: SignIn, *, remark: str, kept: bool
) -> None:
    answer = sign_in("library").query(
        DECIDE,
        student=world.student("2020010101"),
        checkpoint=world.checkpoint(LIBRARY),
        remark=remark,
    )
    expected = {"remark": remark.strip()} if kept else {"code": "REMARK_TOO_LONG"}
    assert answer["decide"] == expected


@pytest.mark.parametrize("version", [-(2**31), -1, 0, 2, 2**31 - 1])
def test_any_other_version_is_stale(world: World, sign_in: SignIn, version: int) -> None:
    answer = sign_in("library").query(
        DECIDE,
        student=world.student("2020010101"),
        checkpoint=world.checkpoint(LIBRARY),
        version=version,
    )
    assert answer["decide"] == {"code": "STALE_STATE"}


@pytest.mark.parametrize("version", [2**31, 2**63, 2**70, 1.5, "1", True])
def test_what_is_no_version_is_no_request(world: World, sign_in: SignIn, version: object) -> None:
    answer = sign_in("library").execute(
        DECIDE,
        student=world.student("2020010101"),
        checkpoint=world.checkpoint(LIBRARY),
        version=version,
    )
    assert "data" not in answer or answer["data"] is None
    assert "INTERNAL" not in str(answer)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("0001-01-01T00:00:00+14:00", "INVALID_INPUT"),
        ("0001-01-01T00:00:00Z", "INVALID_INPUT"),
        ("9999-12-31T23:59:59.999999-12:00", "INVALID_INPUT"),
        ("9999-12-31T23:59:59", "INVALID_INPUT"),
        ("1900-01-01T00:00:00+14:00", "APPLIED"),
        ("2999-12-31T23:59:59.999999-12:00", "APPLIED"),
        ("2026-06-01", "APPLIED"),
        ("10000-01-01T00:00:00Z", ""),
        ("2026-06-31T00:00:00Z", ""),
        ("now", ""),
        ("", ""),
    ],
)
def test_any_moment_near_enough_is_a_moment_and_the_rest_is_refused(
    world: World, sign_in: SignIn, moment: str, expected: str
) -> None:
    selection = {"where": {"scheme": world.scheme}, "expectedCount": 6, "asOf": moment}
    given = {"checkpoint": world.checkpoint(LIBRARY), "act": "REFUSE"}
    answer = sign_in("library").execute(BATCH, input=given | {"select": {"filter": selection}})
    assert "INTERNAL" not in str(answer)
    if expected == "APPLIED":
        assert answer["data"]["decideMany"]["applied"] == 6
    elif expected:
        assert answer["data"]["decideMany"]["code"] == expected
    else:
        assert answer["errors"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("导入.xlsx", "导入.xlsx"),
        ("%00evil%00.xlsx", "evil.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("..%5C..%5Cwindows%5Csystem.ini", "system.ini"),
        ("..", "file"),
        (".", "file"),
        ("/", "file"),
        ("%0D%0ASet-Cookie:%20a=b", "Set-Cookie: a=b"),
        ("a%E2%80%AEfdp.exe", "afdp.exe"),
        ("%FF%FE", "\ufffd\ufffd"),
        ("%22;%20a.html", '"; a.html'),
        ("", "upload"),
        ("x" * 5000 + ".xlsx", "x" * 195 + ".xlsx"),
    ],
)
def test_the_name_of_a_file_is_a_name_and_nothing_else(
    world: World, sign_in: SignIn, sent: str, kept: str
) -> None:
    client = sign_in("affairs").http
    answer = client.post(f"/files?name={sent}", content=b"PK")
    assert (answer.status_code, answer.json().get("name")) == (201, kept)
    with world.database.write() as session:
        assert session.scalars(sa.select(File.name)).one() == kept
    found = client.get(f"/files/{answer.json()['id']}")
    assert (found.status_code, found.content) == (200, b"PK")
    assert found.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")


def test_a_name_of_a_file_may_come_twice_and_in_any_case(world: World, sign_in: SignIn) -> None:
    before = dt.datetime.now(dt.UTC)
    answer = sign_in("affairs").http.post("/files?name=a.xlsx&name=b.xlsx", content=b"")
    assert (answer.status_code, answer.json()["name"]) == (201, "b.xlsx")
    assert dt.datetime.fromisoformat(answer.json()["expiresAt"]) > before
