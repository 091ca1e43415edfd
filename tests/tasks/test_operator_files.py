"""Files of operators over HTTP: dry runs, refused files, and no password kept anywhere."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

import models
from tests.client import Client
from tests.tasks.operator_files import (
    CHECKPOINT,
    HEADER,
    SECRET,
    SignIn,
    counts,
    grants,
    held,
    people,
    start,
    told,
)
from tests.world import AFFAIRS, LIBRARY, World


def test_a_dry_run_tells_the_same_and_writes_nothing(
    world: World, head: Client, send: Callable[..., Any]
) -> None:
    rows = (
        ("wangwu", "王五", SECRET, CHECKPOINT, LIBRARY, "", ""),
        ("wangwu", "王六", "", CHECKPOINT, AFFAIRS, "", ""),
        ("wangwu", "王五", "", CHECKPOINT, LIBRARY, "", ""),
        ("zhaoliu", "赵六", "short", CHECKPOINT, LIBRARY, "", ""),
    )
    before = people(world), grants(world)
    dry = send(head, *rows, dryRun=True)
    assert (people(world), grants(world)) == before
    wet = send(head, *rows)
    assert (
        told(dry)
        == told(wet)
        == [
            (2, "APPLIED", None),
            (3, "FAILED", "NAME_MISMATCH"),
            (4, "UNCHANGED", "DUPLICATE_ROW"),
            (5, "FAILED", "PASSWORD_TOO_SHORT"),
        ]
    )
    assert held(world, "wangwu") == [("CHECKPOINT_OPERATOR", LIBRARY, None, False)]


def everything(world: World) -> str:
    """Every row of every table, with the bytes of files."""
    with world.database.write() as session:
        texts = [
            session.scalars(sa.text(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {name} t"))
            for name in models.Base.metadata.tables
        ]
        chunks = session.scalars(sa.select(models.FileChunk.content)).all()
        return " ".join(each.one() for each in texts) + str(
            [xlsx_text(bytes(chunk)) for chunk in chunks]
        )


def xlsx_text(content: bytes) -> list[object]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [cell for sheet in book.worksheets for row in sheet.values for cell in row]


@pytest.mark.parametrize("dry_run", [True, False])
def test_of_a_password_nothing_is_left_when_the_job_has_ended(
    world: World,
    head: Client,
    send: Callable[..., Any],
    capfd: pytest.CaptureFixture[str],
    dry_run: bool,  # noqa: FBT001 -- a parameter
) -> None:
    job = send(
        head,
        ("wangwu", "王五", SECRET, CHECKPOINT, LIBRARY, "", "", "zweites-geheim", "drittes"),
        ("library", "", SECRET + "!", CHECKPOINT, "食堂", "", "", ""),
        ("zhaoliu", "赵六", "geheim", CHECKPOINT, LIBRARY, "", "", ""),
        header=(*HEADER, "暗号"),
        dryRun=dry_run,
    )
    cells = [row["cells"][2] for row in job["rows"]["nodes"]]
    assert cells == ["******"] * 3
    # What nobody knows the meaning of may be a password too.
    assert job["rows"]["nodes"][0]["cells"][7:] == ["******", "******"]
    assert sorted(file["kind"] for file in job["files"]) == ["ANNOTATED", "FAILED_ROWS"]
    left = everything(world) + str(job) + "".join(capfd.readouterr())
    for password in (SECRET, "geheim", "drittes"):
        assert password not in left
    asked = "query($id: ID!) { job(id: $id) { upload { name } } }"
    assert head.query(asked, id=job["id"]) == {"job": {"upload": None}}


def test_the_failed_rows_can_be_sent_again_with_their_passwords(
    world: World, head: Client, send: Callable[..., Any], tmp_path: Path
) -> None:
    job = send(
        head,
        ("wangwu", "王五", SECRET, CHECKPOINT, "食堂", "", ""),
        ("zhaoliu", "赵六", SECRET, CHECKPOINT, LIBRARY, "", ""),
    )
    [failed] = [file for file in job["files"] if file["kind"] == "FAILED_ROWS"]
    book = openpyxl.load_workbook(io.BytesIO(head.download(failed["url"])))
    header, row = (list(each) for each in book.worksheets[0].values)
    assert header == [*HEADER, "原行号", "导入结果", "错误代码", "错误原因"]
    assert row[:9] == ["wangwu", "王五", "******", CHECKPOINT, "食堂", None, None, "2", "失败"]
    row[2], row[4] = SECRET, LIBRARY
    again = send(head, row, header=header)
    assert counts(again) == (1, 1, 0, 0, 0)


FILES: dict[str, tuple[tuple[str, ...], str]] = {
    "no login": (("姓名", "初始密码", "角色"), "COLUMN_MISSING"),
    "no role": (("账号", "姓名"), "COLUMN_MISSING"),
    "no header": (("甲", "乙"), "HEADER_MISSING"),
    "a password twice": (("账号", "角色", "初始密码", "密码"), "HEADER_DUPLICATE"),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_cannot_be_read_changes_nothing_and_is_gone_too(
    world: World, head: Client, send: Callable[..., Any], case: str
) -> None:
    header, code = FILES[case]
    job = send(head, (SECRET,) * len(header), header=header)
    assert (job["status"], job["problem"]["code"], job["rows"]["nodes"]) == ("FAILED", code, [])
    assert SECRET not in everything(world)
    with world.database.write() as session:
        assert session.scalars(sa.select(models.File.id)).all() == []


def test_a_file_without_rows_is_told(head: Client, send: Callable[..., Any]) -> None:
    assert send(head)["problem"]["code"] == "NO_ROWS"


@pytest.mark.parametrize(("login", "code"), [("affairs", "FORBIDDEN"), ("library", "FORBIDDEN")])
def test_who_administers_nothing_starts_nothing(
    world: World, sign_in: SignIn, tmp_path: Path, login: str, code: str
) -> None:
    assert start(world, sign_in(login), tmp_path)["code"] == code


def test_an_archived_scheme_takes_no_grants(world: World, sign_in: SignIn, tmp_path: Path) -> None:
    world.set_scheme(status="ARCHIVED")
    assert start(world, sign_in("admin"), tmp_path)["code"] == "SCHEME_READ_ONLY"
