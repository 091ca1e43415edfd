"""The paper of a certificate, and the page that everybody may see."""

import dataclasses
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import httpx2
import pytest
import sqlalchemy as sa

import settings
from models import ClearanceCertificate, ClearanceStatus, Student
from tests.client import Client
from tests.conftest import serving
from tests.papers import look_at, qr_of
from tests.schema.certifying import issue, pass_everywhere
from tests.world import AFFAIRS, GEOLOGY, LIBRARY, World

NUMBER = "2020010101"
SignIn = Callable[[str], Client]


@pytest.fixture
def department(world: World, sign_in: SignIn) -> Client:
    """Who hands out to NUMBER, who is clear."""
    pass_everywhere(world)
    return sign_in("department")


@pytest.fixture
def certificate(department: Client, world: World) -> Any:
    """That of NUMBER."""
    return issue(department, world)


def set_student(world: World, **values: object) -> None:
    with world.database.write() as session:
        session.execute(sa.update(Student).where(Student.number == NUMBER).values(values))


def set_times(world: World, moment: str) -> None:
    """When it was issued, and when everything was decided."""
    with world.database.write() as session:
        session.execute(
            sa.text("UPDATE clearance_certificates SET issued_at = :at"), {"at": moment}
        )
        session.execute(sa.text("UPDATE clearances SET decided_at = :at"), {"at": moment})


def refused(client: Client, path: str) -> tuple[int, str, str]:
    answer = client.http.get(path)
    body = answer.json()
    return answer.status_code, body["code"], body["message"]


def test_the_paper_says_whose_it_is_and_every_checkpoint(
    world: World, certificate: Any, sign_in: SignIn
) -> None:
    world.put(NUMBER, LIBRARY, ClearanceStatus.NOT_REQUIRED, not_required_by="RULE")
    set_student(world, major="科学技术哲学", class_name="硕2001班", training_level="硕士")
    # In Shanghai it is the day after.
    set_times(world, "2026-06-19T16:30:00Z")
    answer = sign_in("library").http.get(certificate["url"])
    assert answer.status_code == 200
    assert dict(answer.headers) | {
        "content-type": "application/pdf",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    } == dict(answer.headers)
    assert unquote(answer.headers["content-disposition"]) == (
        f"attachment; filename*=UTF-8''离校单 {NUMBER} 张思.pdf"
    )
    seen = look_at(answer.content, certificate["verifyUrl"])
    assert seen.qr == qr_of(certificate["verifyUrl"])
    told = [
        "2020级研究生6月份",
        "Name 张思 学号Student number 2020010101",
        "Department 马克思主义学院 专业Major 科学技术哲学",
        "Class 硕2001班 培养层次Training level 硕士",
        "ID number 110101********0001",
        "1 导师审核 已通过 passed 2026-06-20",
        "2 学工审核 已通过 passed 2026-06-20",
        "3 图书馆 无需办理 not required 2026-06-20",
        "开具日期 2026-06-20",
        certificate["verifyUrl"],
    ]
    assert [line for line in told if line not in seen.text.splitlines()] == []
    assert "110101199601010001" not in seen.text


def test_the_same_rows_are_the_same_bytes(department: Client, certificate: Any) -> None:
    first = department.download(certificate["url"])
    assert department.download(certificate["url"]) == first


def test_what_is_not_known_is_a_dash(world: World, sign_in: SignIn) -> None:
    world.enrol({"考生号": "100001", "姓名": "无号", "院系": GEOLOGY})
    pass_everywhere(world)
    admin = sign_in("admin")
    made = issue(admin, world, "100001")
    lines = look_at(admin.download(made["url"]), made["verifyUrl"]).text.splitlines()
    assert "Name 无号 学号Student number —" in lines
    assert "ID number —" in lines


def test_a_withdrawn_one_is_not_printed(world: World, department: Client, certificate: Any) -> None:
    world.put(NUMBER, AFFAIRS, ClearanceStatus.PENDING)
    with world.database.write() as session:
        session.execute(sa.update(ClearanceCertificate).values(withdrawn_at="2026-06-20T01:00:00Z"))
    assert refused(department, certificate["url"]) == (
        410,
        "CERTIFICATE_WITHDRAWN",
        "该离校单已于 2026-06-20 09:00:00 失效，不能再打印。请在所有环节办结后重新开具。",
    )


def test_a_name_with_a_character_that_the_font_lacks_is_refused(
    world: World, department: Client, certificate: Any
) -> None:
    set_student(world, name="王\U00020000\ue863")
    assert refused(department, certificate["url"]) == (
        400,
        "CHARACTERS_NOT_PRINTABLE",
        "离校单的字体中没有这些字：𠀀 (U+20000)、\ue863 (U+E863)，因此没有生成，以免印成空框。"
        "请核对名册中的写法（旧系统的造字须换成标准汉字）；确为生僻字的，请出具手写的离校单。",
    )


@pytest.mark.parametrize(
    ("login", "code"), [("affairs-geology", "NOT_FOUND"), (None, "UNAUTHENTICATED")]
)
def test_who_does_not_see_the_student_does_not_get_it(
    certificate: Any, sign_in: SignIn, anonymous: Client, login: str | None, code: str
) -> None:
    client = sign_in(login) if login else anonymous
    assert refused(client, certificate["url"])[1] == code


def code_of(certificate: Any) -> str:
    return str(certificate["verifyUrl"].rpartition("/")[2])


def test_the_page_tells_that_it_is_valid_for_whom_and_since_when_and_nothing_else(
    world: World, certificate: Any, anonymous: Client
) -> None:
    set_times(world, "2026-06-19T16:30:00Z")
    answer = anonymous.http.get(f"/verify/{code_of(certificate)}")
    text = re.sub("<style>.*</style>", "", answer.text, flags=re.DOTALL)
    words = [word.strip() for word in re.findall(">([^<]+)<", text)]
    assert [word for word in words if word] == [
        "离校单核验 · Certificate of Clearance",
        "此离校单有效",
        "This certificate of clearance is valid.",
        "姓名",
        "Name",
        "张*",
        "学号",
        "Student number",
        "2020****01",
        "生效时间",
        "Valid since",
        "2026-06-20 00:30:00",
    ]


def test_it_is_kept_nowhere_found_by_no_search_and_runs_nothing(
    certificate: Any, anonymous: Client
) -> None:
    answer = anonymous.http.get(f"/verify/{code_of(certificate)}")
    told = {name: answer.headers[name] for name in (
        "content-type", "cache-control", "x-robots-tag", "referrer-policy",
        "x-content-type-options",
    )}  # fmt: skip
    assert told == {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "x-robots-tag": "noindex",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
    policy = answer.headers["content-security-policy"]
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none';"
        r" form-action 'none'; frame-ancestors 'none'",
        policy,
    )
    assert '<meta name="robots" content="noindex">' in answer.text
    assert not re.search(r"<script|\bon\w+=|https?:|src=|href=", answer.text)


@pytest.mark.parametrize(
    "code", ["x", "A" * 32, "a" * 4000, "%00", "%F0%9F%91%8D" * 32, "' OR 1=1 --"]
)
def test_a_code_that_never_was_looks_like_one_that_is_withdrawn(
    world: World, certificate: Any, anonymous: Client, code: str
) -> None:
    world.put(NUMBER, AFFAIRS, ClearanceStatus.PENDING)
    withdrawn = anonymous.http.get(f"/verify/{code_of(certificate)}")
    assert "此离校单无效" in withdrawn.text
    unknown = anonymous.http.get(f"/verify/{code}")
    assert (unknown.status_code, unknown.content) == (200, withdrawn.content)
    names = dict(unknown.headers) | {"date": ""}
    assert names == dict(withdrawn.headers) | {"date": ""}


def test_a_name_is_no_markup(world: World, certificate: Any, anonymous: Client) -> None:
    set_student(world, name="<b", number="<script>1")
    page = anonymous.http.get(f"/verify/{code_of(certificate)}").text
    assert "<dd>&lt;*</dd>" in page
    assert "<dd>&lt;scr***&gt;1</dd>" in page


def test_an_installation_says_its_address_and_its_name(
    world: World, values: settings.Settings
) -> None:
    pass_everywhere(world)
    other = dataclasses.replace(
        values, public_url="https://lixiao.example/graduate", institution="中国地质大学（武汉）"
    )
    with serving(other) as address, Client(address, world.token("department")) as client:
        made = issue(client, world)
        url = httpx2.URL(made["verifyUrl"])
        assert (url.host, url.path[:17]) == ("lixiao.example", "/graduate/verify/")
        seen = look_at(client.download(made["url"]), made["verifyUrl"])
    assert seen.text.startswith("中国地质大学（武汉）\n离 校 单\n")
    assert seen.qr == qr_of(made["verifyUrl"])
