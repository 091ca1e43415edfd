"""First passwords by file: who gets in, who keeps their own, and that nobody reads them."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

import models
from tests.client import Client
from tests.studying import FIRST, ME, become, give_accounts, try_in
from tests.tasks.operator_files import SignIn, counts, messages, told
from tests.tasks.password_files import HEADER, ONE, SECRET, THREE, TWO, accounts, start
from tests.workbooks import Value
from tests.world import World

CHANGE = """mutation($new: String!) { changePassword(oldPassword: "%s", newPassword: $new) {
  __typename } }"""
Send = Callable[..., Any]


@pytest.fixture
def admin(sign_in: SignIn) -> Client:
    """The administrator of the scheme."""
    return sign_in("admin")


@pytest.fixture
def send(world: World, admin: Client, tmp_path: Path, worker: None) -> Send:
    """Upload rows and wait for the finished job."""

    def run(*rows: Sequence[Value], **asked: Any) -> Any:
        return admin.finished(start(world, admin, tmp_path, *rows, **asked)["id"])

    return run


def test_students_of_the_list_sign_in_with_the_passwords_of_the_list(
    world: World, send: Send, anonymous: Client
) -> None:
    job = send((ONE, "张思", SECRET), (" 2020 010102 ", "", 12345678), (2020010103, "周 思", FIRST))
    assert (job["kind"], job["status"], counts(job)) == (
        "STUDENT_PASSWORDS",
        "FINISHED",
        (3, 3, 0, 0, 0),
    )
    assert accounts(world) == {ONE: True, TWO: True, THREE: True}
    for number, password in ((ONE, SECRET), (TWO, "12345678"), (THREE, FIRST)):
        assert try_in(anonymous, number, password)["me"]["number"] == number


def test_every_row_that_lets_nobody_in_says_why(world: World, send: Send) -> None:
    job = send(
        ("2020019999", "", SECRET),
        (ONE, "李思", SECRET),
        (TWO, "", "short"),
        (TWO, "", ""),
        (TWO, "", "长" * 201),
        (TWO, "", 1234567890123456),
        (TWO, "", "geheim\u200b-2026"),
        ("", "张思", SECRET),
        (1.23456789012345e17, "", SECRET),
    )
    assert counts(job) == (9, 0, 0, 9, 0)
    assert messages(job) == [
        (2, "STUDENT_NOT_FOUND", "A",
         "找不到“2020019999”对应的学生，或该学生不在您的权限范围内，请核对。"),
        (3, "NAME_MISMATCH", "B",
         "文件中的姓名“李思”与名册中的姓名“张思”不一致，请核对是否填错了人。"),
        (4, "PASSWORD_TOO_SHORT", "C", "初始密码至少 8 个字符，请加长。"),
        (5, "VALUE_MISSING", "C", "“初始密码”没有填写，请补上。"),
        (6, "VALUE_TOO_LONG", "C", "“初始密码”有 201 个字，最多 200 个字，请缩短。"),
        (7, "VALUE_UNKNOWN", "C", "“初始密码”的值“******”无法识别，请填写：文本格式的单元格。"),
        (8, "VALUE_UNKNOWN", "C", "“初始密码”的值“******”无法识别，请填写：可见字符。"),
        (9, "KEY_MISSING", "A", "这一行没有学号、身份证号或考生号，请填写其中一个。"),
        (10, "ID_PRECISION_LOST", "A",
         "身份证号“1.23456789012345E+17”被存为数字，末几位已丢失。请把该列设为文本后重新填写完整号码。"),
    ]  # fmt: skip
    assert accounts(world) == {}


def test_a_student_twice_is_one_account_or_a_contradiction(
    world: World, send: Send, anonymous: Client
) -> None:
    job = send(
        (ONE, "", SECRET),
        (TWO, "", SECRET),
        (ONE, "张思", SECRET),
        (TWO, "", FIRST),
        (TWO, "", "short"),
    )
    assert told(job) == [
        (2, "APPLIED", None),
        (3, "FAILED", "DUPLICATE_CONFLICT"),
        (4, "UNCHANGED", "DUPLICATE_ROW"),
        (5, "FAILED", "DUPLICATE_CONFLICT"),
        (6, "FAILED", "PASSWORD_TOO_SHORT"),
    ]
    sentence = "同一学生在第 3、5 行的内容互相矛盾，均未导入，请只保留一行。"
    assert [each[3] for each in messages(job) if each[1] == "DUPLICATE_CONFLICT"] == [sentence] * 2
    assert counts(job) == (5, 1, 1, 3, 0)
    assert accounts(world) == {ONE: True}


def test_who_has_chosen_a_password_keeps_it_unless_it_is_to_be_reset(
    world: World, send: Send, anonymous: Client
) -> None:
    give_accounts(world, ONE, TWO)
    become(anonymous, ONE).query(CHANGE % FIRST, new="我自己的-2026")
    rows = ((ONE, "", SECRET), (TWO, "", SECRET))
    job = send(*rows)
    assert told(job) == [(2, "UNCHANGED", "ACCOUNT_EXISTS"), (3, "APPLIED", None)]
    assert messages(job) == [
        (2, "ACCOUNT_EXISTS", None,
         "该学生已设置自己的密码，未作改动。如需重置，请单独重置，或在导入时选择重置。"),
    ]  # fmt: skip
    assert anonymous.query(ME)["me"]["number"] == ONE
    assert accounts(world) == {ONE: False, TWO: True}
    assert told(send(*rows, reset=True)) == [(2, "APPLIED", None), (3, "APPLIED", None)]
    assert anonymous.query(ME) == {"me": None}
    assert try_in(anonymous, ONE, "我自己的-2026")["code"] == "SIGN_IN_FAILED"
    assert try_in(anonymous, ONE, SECRET)["me"]["isInitialPassword"] is True


def test_a_dry_run_judges_alike_and_writes_nothing(world: World, send: Send) -> None:
    rows = ((ONE, "", SECRET), (TWO, "", "short"), (ONE, "", SECRET))
    dry = send(*rows, dryRun=True)
    assert accounts(world) == {}
    assert told(dry) == told(send(*rows))
    assert accounts(world) == {ONE: True}


def test_what_hashes_passwords_is_never_small_work(world: World, send: Send) -> None:
    for is_dry in (True, False):
        send((ONE, "", SECRET), dryRun=is_dry)
    with world.database.write() as session:
        queues = session.scalars(sa.select(models.Job.queue).order_by(models.Job.id)).all()
    assert queues == [models.JobQueue.INTERACTIVE, models.JobQueue.BULK]


def test_a_file_without_the_columns_is_refused_as_a_whole(send: Send) -> None:
    for header, code, column in (
        (("学号", "姓名"), "COLUMN_MISSING", "初始密码"),
        (("姓名", "初始密码"), "KEY_COLUMN_MISSING", "学号"),
    ):
        job = send((ONE, SECRET), header=header)
        assert (job["status"], job["problem"]["code"]) == ("FAILED", code)
        assert column in job["problem"]["message"]


def test_no_password_is_left_anywhere(
    world: World, send: Send, admin: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    header = (*HEADER, "备用密码")
    job = send((ONE, "", SECRET, SECRET), (TWO, "", SECRET[:7], SECRET), header=header)
    assert job["rows"]["nodes"][0]["cells"] == [ONE, "", "******", "******"]
    assert job["unknownColumns"] == ["备用密码"]
    for file in job["files"]:
        text = repr(cells(admin.download(file["url"])))
        assert "******" in text
        assert SECRET[:7] not in text
    with world.database.write() as session:
        names = session.scalars(sa.select(models.File.name)).all()
        assert set(names) == {"导入结果.xlsx", "失败行.xlsx"}
        tables = models.Base.metadata.tables
        dump = " ".join(
            str(session.execute(sa.text(f"SELECT string_agg(t::text, ' ') FROM {name} t")).scalar())
            for name in tables
        )
    assert SECRET[:7] not in dump
    assert SECRET[:7] not in "".join(capfd.readouterr())


def cells(content: bytes) -> list[Any]:
    active = openpyxl.load_workbook(io.BytesIO(content)).active
    assert active
    return list(active.iter_rows(values_only=True))
