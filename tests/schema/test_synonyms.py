"""Synonyms over HTTP, and what they do to an import by the real worker."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa

from models import Synonym, SynonymKind
from tests.client import Client
from tests.schema.test_decisions import facts
from tests.world import World

SignIn = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]
ANSWER = """
  ... on Synonym { kind word result header isOwn setBy { login } }
  ... on Refused { code message path facts { name value } }
"""
SET = f"""mutation($word: String!, $meaning: SynonymMeaning!) {{
  setSynonym(word: $word, meaning: $meaning) {{ {ANSWER} }} }}"""
REMOVE = f"""mutation($kind: SynonymKind!, $word: String!) {{
  removeSynonym(kind: $kind, word: $word) {{ {ANSWER} }} }}"""
LIST = """query($kind: SynonymKind) {
  synonyms(kind: $kind) { kind word result header isOwn setBy { login } } }"""


def put(client: Client, word: str, **meaning: str) -> Any:
    return client.query(SET, word=word, meaning=meaning)["setSynonym"]


def remove(client: Client, kind: str, word: str) -> Any:
    return client.query(REMOVE, kind=kind, word=word)["removeSynonym"]


def known(client: Client, kind: str | None = None) -> dict[str, tuple[str, bool]]:
    """Every word with its meaning, and whether it is an own one."""
    words = client.query(LIST, kind=kind)["synonyms"]
    return {each["word"]: (each["result"] or each["header"], each["isOwn"]) for each in words}


def rows(world: World) -> list[tuple[str, str, str, str]]:
    with world.database.write() as session:
        found = session.scalars(sa.select(Synonym).order_by(Synonym.id))
        return [(row.kind.value, row.word, row.folded, row.meaning) for row in found]


@pytest.fixture
def admin(world: World, sign_in: SignIn) -> Client:
    """An administrator of all schemes."""
    return administrator_of_all(world, sign_in)


def administrator_of_all(world: World, sign_in: SignIn) -> Client:
    with world.database.write() as session:
        session.execute(
            sa.text("UPDATE grants SET scheme_id = NULL WHERE operator_id = :id"),
            {"id": world.people["admin"]},
        )
    return sign_in("admin")


def test_the_words_that_come_along_are_listed_by_what_they_mean(sign_in: SignIn) -> None:
    client = sign_in("affairs")
    results = known(client, "RESULT")
    assert list(results.items()) == [
        *((word, ("PASS", False)) for word in sorted(PASSING)),
        *((word, ("REFUSE", False)) for word in sorted(REFUSING)),
        ("无需办理", ("NOTHING", False)),
        ("未办理", ("NOTHING", False)),
    ]
    headers = known(client, "HEADER")
    assert {headers[title] for title in ("备注", "审核记录")} == {("REMARK", False)}
    assert headers["原行号"] == ("IGNORED", False)
    assert known(client) == results | headers


PASSING = ("通过", "已通过", "合格", "是", "√", "1", "pass")
REFUSING = ("未通过", "不通过", "不合格", "否", "×", "0", "fail")


def test_an_own_word_is_listed_beside_them_and_one_given_another_meaning_once(
    world: World, admin: Client
) -> None:
    before = known(admin)
    assert put(admin, " 已 办理： ", result="PASS") == {
        "kind": "RESULT",
        "word": "已 办理：",
        "result": "PASS",
        "header": None,
        "isOwn": True,
        "setBy": {"login": "admin"},
    }
    put(admin, "1", result="UNKNOWN")
    put(admin, "审批意见", header="REMARK")
    own = {
        "已 办理：": ("PASS", True),
        "1": ("UNKNOWN", True),
        "审批意见": ("REMARK", True),
    }
    assert known(admin) == before | own
    assert rows(world) == [
        ("RESULT", "已 办理：", "已办理", "PASS"),
        ("RESULT", "1", "1", "UNKNOWN"),
        ("HEADER", "审批意见", "审批意见", "REMARK"),
    ]


def test_the_same_word_again_replaces_its_meaning(world: World, admin: Client) -> None:
    put(admin, "同意", result="PASS")
    put(admin, "＊同 意", result="NOTHING")
    put(admin, "同意", header="RESULT")
    assert rows(world) == [
        ("RESULT", "＊同 意", "同意", "NOTHING"),
        ("HEADER", "同意", "同意", "RESULT"),
    ]


def test_a_removed_word_means_what_it_did_before(world: World, admin: Client) -> None:
    before = known(admin)
    put(admin, "1", result="REFUSE")
    put(admin, "已办理", result="PASS")
    one = remove(admin, "RESULT", " １ ")
    assert (one["word"], one["result"], one["isOwn"], one["setBy"]) == ("1", "PASS", False, None)
    done = remove(admin, "RESULT", "已办理")
    assert (done["word"], done["result"], done["isOwn"]) == ("已办理", "UNKNOWN", False)
    assert (known(admin), rows(world)) == (before, [])
    assert remove(admin, "RESULT", "已办理")["code"] == "NOT_FOUND"
    assert remove(admin, "HEADER", "备注")["message"] == "找不到同义词，或它不在您的权限范围内。"


@pytest.mark.parametrize("word", ["通过", " 未 通 过 ", "已通过", "未办理", "无需办理"])
def test_a_result_that_the_service_writes_itself_keeps_its_meaning(
    word: str, world: World, admin: Client
) -> None:
    answer = put(admin, word, result="REFUSE")
    assert (answer["code"], answer["path"]) == ("INVALID_INPUT", ["word"])
    plain = word.strip()
    expected = "本系统自己写入文件的用词含义固定，请换一个词"
    assert answer["message"] == f"“word”的值“{plain}”无效：{expected}。"
    assert rows(world) == []


@pytest.mark.parametrize(
    "word",
    [
        *("学号", "*身份证号：", "考生号", "姓名", "办理结果", "备注", "导入结果", "院系"),
        *("办理人", "办理时间", "原行号", "变更"),
    ],
)
def test_a_header_that_the_service_writes_itself_keeps_its_meaning(
    word: str, world: World, admin: Client
) -> None:
    answer = put(admin, word, header="IGNORED")
    assert (answer["code"], answer["path"]) == ("INVALID_INPUT", ["word"])
    assert rows(world) == []


def test_the_word_of_a_result_may_be_a_header_and_the_other_way_round(admin: Client) -> None:
    assert put(admin, "通过", header="RESULT")["header"] == "RESULT"
    assert put(admin, "备注", result="NOTHING")["result"] == "NOTHING"


@pytest.mark.parametrize("word", ["", " \u200b ", "：", "长" * 51])
def test_a_word_has_1_to_50_characters(word: str, world: World, admin: Client) -> None:
    answer = put(admin, word, result="PASS")
    assert (answer["code"], facts(answer)["expected"]) == ("INVALID_INPUT", "1-50 characters")
    assert rows(world) == []
    assert put(admin, "长" * 50, result="PASS")["word"] == "长" * 50


def test_a_word_may_be_made_of_anything_that_is_seen(world: World, admin: Client) -> None:
    odd = ("🎓👩\u200d🎓", "%_\\'\"; DROP TABLE synonyms; --", "Ａ/b·Ｃ")
    for word in odd:
        assert put(admin, word, result="NOTHING")["word"] == word
    assert [folded for _, _, folded, _ in rows(world)] == [
        "🎓👩🎓",
        "%_\\'\";droptablesynonyms;--",
        "a/b·c",
    ]


@pytest.mark.parametrize("meaning", [{}, {"result": "PASS", "header": "NAME"}, {"result": None}])
def test_a_word_stands_in_one_place(meaning: dict[str, str], admin: Client) -> None:
    assert "errors" in admin.execute(SET, word="同意", meaning=meaning)


@pytest.mark.parametrize("login", ["affairs", "department", "admin"])
def test_only_who_administers_everything_changes_words(
    login: str, world: World, sign_in: SignIn
) -> None:
    """The world's administrator has one scheme only."""
    client = sign_in(login)
    answer = put(client, "已办理", result="PASS")
    assert (answer["code"], facts(answer)) == ("FORBIDDEN", {"right": "ADMINISTER_ALL"})
    assert remove(client, "RESULT", "已办理")["code"] == "FORBIDDEN"
    assert rows(world) == []


def fill(world: World, count: int) -> None:
    words = [
        {"kind": SynonymKind.RESULT, "word": f"词{place}", "folded": f"词{place}"}
        for place in range(count)
    ]
    common = {"meaning": "PASS", "operator_id": world.people["admin"]}
    with world.database.write() as session:
        session.execute(sa.insert(Synonym), [word | common for word in words])


def test_there_are_at_most_500_however_many_ask_at_once(world: World, admin: Client) -> None:
    fill(world, 498)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda each: put(admin, f"新{each}", result="PASS"), range(4)))
    refused = [answer for answer in answers if "code" in answer]
    assert [(answer["code"], facts(answer)["limit"]) for answer in refused] == [
        ("LIMIT_EXCEEDED", "500")
    ] * 2
    assert len(rows(world)) == 500
    assert put(admin, "词0", result="REFUSE")["result"] == "REFUSE"


def test_the_same_new_word_from_several_at_once_is_one(world: World, admin: Client) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: put(admin, "同意", result="PASS"), range(8)))
    assert all(answer["isOwn"] for answer in answers)
    assert rows(world) == [("RESULT", "同意", "同意", "PASS")]


def test_the_list_and_the_changes_cost_the_same_for_few_and_for_many(
    world: World, admin: Client, statements: Statements
) -> None:
    def cost() -> tuple[int, int, int]:
        with statements() as of_list:
            known(admin)
        with statements() as of_put:
            put(admin, "同意", result="PASS")
        with statements() as of_remove:
            remove(admin, "RESULT", "同意")
        return len(of_list), len(of_put), len(of_remove)

    fill(world, 3)
    few = cost()
    with world.database.write() as session:
        session.execute(sa.delete(Synonym))
    fill(world, 300)
    assert few == cost() == (5, 10, 4)
