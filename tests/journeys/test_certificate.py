"""离校单: from the last checkpoint to the paper, to the stranger who scans it, and back."""

from collections.abc import Callable
from typing import Any

from tests.client import Client
from tests.papers import look_at, qr_of
from tests.schema.certifying import issue, newest, verified
from tests.schema.test_decisions import decide
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

NUMBER = "2020010101"
SignIn = Callable[[str], Client]


def act(client: Client, world: World, title: str, what: str, version: int = 1) -> str:
    answer: Any = decide(client, world, what, version, checkpoint=world.checkpoint(title))
    return str(answer["status"])


def test_a_student_is_cleared_takes_the_paper_home_and_loses_it_when_a_book_is_missing(
    world: World, sign_in: SignIn
) -> None:
    library, department = sign_in("library"), sign_in("department")

    # 导师, 学工组 and 图书馆 pass, one after the other; before the last one there is no paper.
    assert act(sign_in("supervisor"), world, SUPERVISOR, "PASS") == "PASSED"
    assert act(sign_in("affairs"), world, AFFAIRS, "PASS") == "PASSED"
    assert issue(department, world)["message"] == (
        "该学生尚有环节未办结：图书馆。请先办结这些环节。"
    )
    assert act(library, world, LIBRARY, "PASS") == "PASSED"

    # 院系 issues it and prints it.
    certificate = issue(department, world)
    paper = look_at(department.download(certificate["url"]), certificate["verifyUrl"])
    lines = paper.text.splitlines()
    assert "Name 张思 学号Student number 2020010101" in lines
    steps = [line.rpartition(" ")[0] for line in lines if "已通过 passed" in line]
    assert steps == [
        "1 导师审核 已通过 passed",
        "2 学工审核 已通过 passed",
        "3 图书馆 已通过 passed",
    ]
    assert paper.qr == qr_of(certificate["verifyUrl"])

    # Whoever scans it sees that it is valid, and little more.
    page = verified(department, certificate)
    assert [word in page for word in ("此离校单有效", "张*", "2020****01")] == [True] * 3
    assert [word in page for word in ("张思", NUMBER, "2020级研究生6月份")] == [False] * 3

    # A book is missing: the paper is worth nothing from then on, also once the book is back.
    assert act(library, world, LIBRARY, "RESET", 2) == "PENDING"
    assert "此离校单无效" in verified(department, certificate)
    refused = department.http.get(certificate["url"])
    assert (refused.status_code, refused.json()["code"]) == (410, "CERTIFICATE_WITHDRAWN")
    assert act(library, world, LIBRARY, "PASS", 3) == "PASSED"
    assert "此离校单无效" in verified(department, certificate)
    assert newest(department, world)["isValid"] is False

    # A new one is issued, with a code of its own.
    again = issue(department, world)
    assert again["verifyUrl"] != certificate["verifyUrl"]
    assert "此离校单有效" in verified(department, again)
