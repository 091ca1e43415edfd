"""What synonyms do to an import by the real worker."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests import workbooks
from tests.client import Client
from tests.schema.test_synonyms import administrator_of_all, put, remove
from tests.workbooks import Value
from tests.world import LIBRARY, World

SignIn = Callable[[str], Client]
pytestmark = pytest.mark.usefixtures("worker")


@pytest.fixture
def admin(world: World, sign_in: SignIn) -> Client:
    """An administrator of all schemes."""
    return administrator_of_all(world, sign_in)


def run_import(client: Client, world: World, path: Path, *lines: Sequence[Value]) -> Any:
    content = workbooks.xlsx(path / "a.xlsx", lines).read_bytes()
    return client.run_import(content, world.checkpoint(LIBRARY), again=True)


def outcomes(job: Any) -> list[tuple[str, str | None]]:
    return [(row["outcome"], row["code"]) for row in job["rows"]["nodes"]]


def test_a_result_that_was_given_a_meaning_is_imported_as_it_means(
    world: World, admin: Client, sign_in: SignIn, tmp_path: Path
) -> None:
    library = sign_in("library")
    lines = [
        ("学号", "姓名", "办理结果"),
        ("2020010101", "张思", "已办理"),
        ("2020010102", "李思", " 已 办 理："),
        ("2020010103", "周思", "1"),
        ("2020010104", "周思", "待定"),
    ]
    put(admin, "已办理", result="PASS")
    put(admin, "1", result="UNKNOWN")
    put(admin, "待定", result="NOTHING")
    assert outcomes(run_import(library, world, tmp_path, *lines)) == [
        ("APPLIED", None),
        ("APPLIED", None),
        ("FAILED", "RESULT_UNKNOWN"),
        ("UNCHANGED", "NO_RESULT"),
    ]
    assert world.state("2020010101", LIBRARY) == ("PASSED", "", 2)

    for word in ("已办理", "1", "待定"):
        remove(admin, "RESULT", word)
    assert outcomes(run_import(library, world, tmp_path, *lines)) == [
        ("FAILED", "RESULT_UNKNOWN"),
        ("FAILED", "RESULT_UNKNOWN"),
        ("APPLIED", None),
        ("FAILED", "RESULT_UNKNOWN"),
    ]


def test_a_header_that_was_given_a_meaning_is_read_as_it_means(
    world: World, admin: Client, sign_in: SignIn, tmp_path: Path
) -> None:
    library = sign_in("library")
    lines = [
        ("学工号", "办理结果", "审批意见", "班主任", "辅导员", "审核备注"),
        ("2020010101", "未通过", "欠书", "甲", "乙", "丙"),
    ]
    assert run_import(library, world, tmp_path, *lines)["problem"]["code"] == "KEY_COLUMN_MISSING"
    put(admin, "学工号", header="NUMBER")
    put(admin, "审批意见", header="REMARK")
    put(admin, "审核备注", header="UNKNOWN")
    put(admin, "班主任", header="IGNORED")
    put(admin, "辅导员", header="DORMITORY")
    job = run_import(library, world, tmp_path, *lines)
    assert (outcomes(job), job["unknownColumns"]) == ([("APPLIED", None)], ["审核备注"])
    assert world.state("2020010101", LIBRARY) == ("REFUSED", "欠书", 2)

    remove(admin, "HEADER", "审批意见")
    remove(admin, "HEADER", "审核备注")
    job = run_import(library, world, tmp_path, *lines)
    assert (outcomes(job), job["unknownColumns"]) == ([("APPLIED", None)], ["审批意见"])
    assert world.state("2020010101", LIBRARY) == ("REFUSED", "丙", 3)
