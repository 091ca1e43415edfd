"""How failures are told over HTTP: refusals as data, faults masked and logged once."""

import ast
import contextlib
import dataclasses
import json
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import settings
from cli import migrations
from domain.errors import Code
from domain.sentences import SENTENCES
from domain.variants import VARIANTS
from models.database import Database
from tests.client import Client
from tests.conftest import serving
from tests.databases import fresh
from tests.schema.test_decisions import decide
from tests.world import AFFAIRS, World

ROOT = Path(__file__).parents[2]
FLOORS = ("domain", "schema", "web", "resolvers", "tasks")
# Modules of sentences, where a code is told and not used.
TOLD = (
    "messages.py",
    "sentences.py",
    "file_sentences.py",
    "feed_sentences.py",
    "graduation_sentences.py",
    "variants.py",
)
OUT = "{ schemes { id } }"
ZH, EN = (
    "尚未登录或登录已过期，请重新登录。",
    ("You are not signed in, or your session has ended; sign in again."),
)


LANGUAGES = {
    "": ZH,
    "en": EN,
    "EN-us": EN,
    "zh-CN,zh;q=0.9,en;q=0.8": ZH,
    "en;q=0.9, zh;q=0.8": EN,
    "zh;q=0.8, en;q=0.9": EN,
    "en; q=0.1, zh; q=0.9": ZH,
    "fr, de;q=0.9, en;q=0.2": EN,
    "fr": ZH,
    "*": ZH,
    "en;q=0": ZH,
    "en;q=much, zh;q=0.1": ZH,
}


def test_a_message_is_in_the_first_language_there_is(anonymous: Client) -> None:
    told = {}
    for accepted in LANGUAGES:
        anonymous.http.headers["accept-language"] = accepted
        [error] = anonymous.execute(OUT)["errors"]
        told[accepted] = error["message"]
    assert told == LANGUAGES


def test_a_refused_mutation_is_data_in_the_readers_language(address: str, world: World) -> None:
    with Client(address, world.token("affairs"), language="en;q=0.9, zh;q=0.8") as client:
        assert decide(client, world, "PASS") == {
            "code": "PREREQUISITE_PENDING",
            "message": "These checkpoints must be passed first: 导师审核.",
            "path": [],
            "facts": [{"name": "checkpoints", "value": "导师审核"}],
        }


def test_a_refused_query_is_an_error_with_its_code_and_place(world: World, address: str) -> None:
    with Client(address, world.token("affairs")) as client:
        answer = client.execute('{ viewer { login } list: job(id: "x") { id } }')
    assert answer == {
        "data": {"viewer": {"login": "affairs"}, "list": None},
        "errors": [
            {
                "message": "找不到任务，或它不在您的权限范围内。",
                "locations": [{"line": 1, "column": 20}],
                "path": ["list"],
                "extensions": {"code": "NOT_FOUND", "facts": {"noun": "Job"}},
            }
        ],
    }


@contextlib.contextmanager
def university(values: settings.Settings) -> Iterator[tuple[World, str]]:
    """A database and a web server that a test may break, and the address."""
    with fresh(values) as own:
        database = Database(own.database_url, connections=2)
        try:
            migrations.upgrade(database.engine)
            with serving(dataclasses.replace(own, web_connections=2)) as address:
                yield World.build(database), address
        finally:
            database.close()


ID_NUMBER = "110101199601010001"
BY_ID_NUMBER = """
query($scheme: ID!, $idNumber: String!) {
  viewer { login }
  student(scheme: $scheme, key: {idNumber: $idNumber}) { clearances { status } }
}
"""


def test_a_fault_is_masked_and_logged_once_under_an_id_and_without_personal_numbers(
    values: settings.Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with university(values) as (world, address), Client(address, world.token("affairs")) as client:
        with world.database.write() as session:
            session.execute(sa.text("ALTER TABLE students RENAME COLUMN dormitory TO bed"))
        asked = {"scheme": world.scheme, "idNumber": ID_NUMBER}
        answer = client.execute(BY_ID_NUMBER, **asked)
    [error] = answer["errors"]
    fault = error["extensions"]["facts"]["id"]
    assert answer["data"] == {"viewer": {"login": "affairs"}, "student": None}
    assert error["extensions"] == {"code": "INTERNAL", "facts": {"id": fault}}
    assert error["message"] == f"系统内部错误，请把编号 {fault} 告知系统管理员。"
    told = capsys.readouterr()
    [line] = [json.loads(line) for line in told.out.splitlines() if "fault" in line]
    assert (line["event"], line["id"], line["path"]) == ("fault", fault, ["student"])
    assert "column students.dormitory does not exist" in line["exception"]
    assert ID_NUMBER not in told.out + told.err


def test_a_fault_in_a_mutation_changes_nothing(
    values: settings.Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with university(values) as (world, address), Client(address, world.token("admin")) as client:
        with world.database.write() as session:
            # The entry comes after the clearance in the same transaction.
            session.execute(sa.text("ALTER TABLE entries RENAME COLUMN at TO moment"))
        answer = client.execute(
            "mutation($input: BatchRequest!) { decideMany(input: $input) { __typename } }",
            input={
                "checkpoint": world.checkpoint(AFFAIRS),
                "act": "REFUSE",
                "select": {"numbers": list(world.students)},
            },
        )
        assert world.state("2020010101", AFFAIRS) == ("PENDING", "", 1)
    [error] = answer["errors"]
    assert (answer["data"], error["extensions"]["code"]) == (None, "INTERNAL")
    assert capsys.readouterr().out.count(error["extensions"]["facts"]["id"]) == 1


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        ("query($v: String!) { student(scheme: $v, key: {number: $v}) { id } }", {"v": "a\0"}),
        (r'mutation { signIn(login: "\u0000", password: "x") { __typename } }', {}),
        (r'mutation { signIn(login: "\u{000}", password: "x") { __typename } }', {}),
    ],
)
def test_what_no_text_can_hold_is_refused_at_the_door(
    document: str, variables: dict[str, str], anonymous: Client
) -> None:
    message = "The character U+0000 cannot be part of a text."
    refused = {"errors": [{"message": message, "extensions": {"code": "INVALID_INPUT"}}]}
    assert anonymous.execute(document, **variables) == refused
    asked = {"query": document, "variables": json.dumps(variables)}
    answer = anonymous.http.get("/graphql", params=asked)
    assert (answer.status_code, answer.json()) == (400, refused)


def test_every_code_has_its_sentence_in_both_languages() -> None:
    assert set(SENTENCES) == set(Code)
    for code, (chinese, english) in SENTENCES.items():
        assert placeholders(chinese) == placeholders(english), code
        assert chinese.endswith("。"), code
        assert english.endswith("."), code


def test_every_variant_of_a_sentence_says_the_same_in_both_languages() -> None:
    for each in VARIANTS:
        assert placeholders(each.zh) == placeholders(each.en), each.zh
        assert each.zh.endswith("。"), each.zh
        assert each.en.endswith("."), each.en


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_what_a_sentence_tells_is_named_wherever_its_code_is_used() -> None:
    named: dict[str, set[str]] = {code.name: set() for code in Code}
    for nodes in rooms().values():
        for code in codes(nodes):
            named[code] |= names(nodes)
    for code, sentences in SENTENCES.items():
        assert placeholders(sentences[0]) <= named[code.name], code
    for each in VARIANTS:
        assert placeholders(each.zh) <= named[each.code.name], each.zh


def rooms() -> dict[Path, list[ast.AST]]:
    """The syntax of each module; of a package below a floor as of one."""
    found: dict[Path, list[ast.AST]] = {}
    for floor in FLOORS:
        for path in (ROOT / floor).rglob("*.py"):
            room = path if path.parent.name == floor else path.parent
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found.setdefault(room, []).extend(ast.walk(tree))
    for told in TOLD:
        del found[ROOT / "domain" / told]
    return found


def codes(nodes: list[ast.AST]) -> set[str]:
    """Every `Code.SOMETHING`."""
    return {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Code"
        and node.attr in Code.__members__
    }


def names(nodes: list[ast.AST]) -> set[str]:
    """Texts and names of arguments: what facts are named by."""
    texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
    arguments = {node.arg for node in nodes if isinstance(node, ast.keyword)}
    return {each for each in texts | arguments if isinstance(each, str)}
