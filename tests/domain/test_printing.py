"""The paper of a certificate: what a reader finds on it, however long, however rare."""

import dataclasses
import datetime as dt
from typing import Any

import pytest

from domain.certifying import printing
from domain.certifying.papers import Paper, Step
from domain.errors import Code, Refusal
from tests.papers import look_at, qr_of

ADDRESS = "https://lixiao.example/verify/AbCdEfGhIjKlMnOpQrStUvWxYz-_2345"
PASSED, NOT_REQUIRED = ("已通过", "passed", "2026-06-01"), ("无需办理", "not required", "—")
PAPER = Paper(
    institution="中国地质大学（武汉）",
    scheme="2020级研究生6月份",
    name="张思",
    number="2020010101",
    department="马克思主义学院",
    major="马克思主义理论",
    class_name="硕2001班",
    training_level="硕士",
    id_number="110101********0001",
    steps=(Step("导师审核", *PASSED), Step("图书馆", *NOT_REQUIRED)),
    issued_on="2026-06-20",
    issued_at=dt.datetime(2026, 6, 20, 1, 2, 3, 4, tzinfo=dt.UTC),
    verify_url=ADDRESS,
)

# As a reader copies it: what stands side by side in one line.
TEXT = f"""\
中国地质大学（武汉）
离 校 单
Certificate of Clearance
2020级研究生6月份
姓名
Name 张思 学号Student number 2020010101
院系
Department 马克思主义学院 专业Major 马克思主义理论
班级
Class 硕2001班 培养层次Training level 硕士
证件号码
ID number 110101********0001
该生在下列各离校环节均已通过或无需办理。
At each checkpoint below the student has passed or is not required.
序号
No.
离校环节
Checkpoint
办理结果
Result
办理日期
Date
1 导师审核 已通过 passed 2026-06-01
2 图书馆 无需办理 not required —
开具日期 2026-06-20
Issued on 2026-06-20
扫描二维码或打开下列网址，可核验本单是否有效。任一环节重新打开，本单即失效。
Scan or open this to see whether it is valid. A reopened checkpoint withdraws it.
{ADDRESS}
离校单 张思 2020010101 1 / 1"""


def paper(**changes: Any) -> Paper:
    return dataclasses.replace(PAPER, **changes)


def test_it_says_everything_in_both_languages() -> None:
    assert look_at(printing.pdf(PAPER), ADDRESS).text == TEXT


def test_its_code_leads_to_its_address() -> None:
    seen = look_at(printing.pdf(PAPER), ADDRESS)
    assert seen.qr == qr_of(ADDRESS)
    assert seen.qr != qr_of(ADDRESS[:-1] + "6")


def test_the_same_is_printed_byte_for_byte_and_for_keeping() -> None:
    content = printing.pdf(PAPER)
    assert printing.pdf(paper()) == content
    assert printing.pdf(paper(name="李思")) != content
    assert b"<pdfaid:part>2</pdfaid:part>" in content
    assert b"<pdfaid:conformance>U</pdfaid:conformance>" in content


@pytest.mark.parametrize("name", ["张𠮷䶮㛃𬭎", "﨑本", "葛\U000e0100", "欧阳·娜娜", "José"])
def test_a_rare_name_is_printed_with_the_font_inside_and_read_back(name: str) -> None:
    seen = look_at(printing.pdf(paper(name=name)), ADDRESS)
    assert f"\nName {name}" in seen.text
    assert seen.fonts == {("NotoSansCJKsc-Regular", True)}


def test_accents_that_stand_alone_are_printed_on_their_letters() -> None:
    assert "Name José 学号" in look_at(printing.pdf(paper(name="Jose\u0301")), ADDRESS).text


@pytest.mark.parametrize("field", ["name", "major", "institution"])
def test_what_the_font_lacks_is_refused_and_named(field: str) -> None:
    with pytest.raises(Refusal) as refused:
        printing.pdf(paper(**{field: "王\U00020000👍\u0378\U00020000\x07"}))
    assert refused.value.code is Code.CHARACTERS_NOT_PRINTABLE
    assert refused.value.facts == {
        "characters": "𠀀 (U+20000)、👍 (U+1F44D)、\u0378 (U+0378)、\x07 (U+0007)"
    }


def test_a_checkpoint_is_refused_as_a_name_is() -> None:
    with pytest.raises(Refusal) as refused:
        printing.pdf(paper(steps=(Step("图书馆👍", *PASSED),)))
    assert refused.value.facts == {"characters": "👍 (U+1F44D)"}


def test_long_texts_and_many_checkpoints_go_on_on_a_second_page() -> None:
    titles = [f"第{place}环节" for place in range(1, 31)]
    name, major = "阿卜杜热合曼·" * 12, "A" * 120
    long = paper(name=name, major=major, steps=tuple(Step(each, *PASSED) for each in titles))
    seen = look_at(printing.pdf(long), ADDRESS)
    assert len(seen.pages) == 2
    assert [title for title in titles if title not in seen.text] == []
    assert all("Checkpoint" in page for page in seen.pages)
    # Broken in their cells, nothing of them is lost.
    first = "".join(seen.pages[0].replace("\u200b", "").split())
    assert (name in first, major in first) == (True, True)
    assert seen.qr == qr_of(ADDRESS)


def test_without_a_university_nothing_stands_above_the_title() -> None:
    assert look_at(printing.pdf(paper(institution="")), ADDRESS).text.startswith("离 校 单")


def test_what_is_written_is_never_read_as_a_command() -> None:
    name = '#text(red)[x] $y$ "\\" <b>'
    assert name in look_at(printing.pdf(paper(name=name)), ADDRESS).text
