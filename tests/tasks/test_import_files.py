"""What a file may look like, and every refusal of a whole one: then nothing is changed."""

import zoneinfo
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest

from domain.errors import Code
from domain.importing import imports
from domain.importing.imports import Source
from domain.messages import Language, Reader
from domain.words import FILE_WORDS
from domain.workbook.limits import Bound, Reason
from models import Channel, MatchBy
from tests import workbooks
from tests.client import Client
from tests.tasks import export_files
from tests.tasks.import_shapes import (
    HEADER,
    REFUSED,
    ROW,
    SHAPES,
    by_candidate_number,
    title_above,
)
from tests.workbooks import Value
from tests.world import LIBRARY, World

pytestmark = pytest.mark.usefixtures("worker")


@pytest.fixture
def library(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("library")


def rows_of(job: Any) -> list[tuple[int, str, str]]:
    return [(row["rowNumber"], row["key"], row["outcome"]) for row in job["rows"]["nodes"]]


def test_a_file_that_cannot_be_imported_says_why_and_changes_nothing(
    library: Client, world: World, tmp_path: Path
) -> None:
    started = []
    for place, (make, _, _, _) in enumerate(REFUSED):
        file = library.upload(make(tmp_path / f"{place}.xlsx").read_bytes(), "名单.xlsx")
        started.append(library.import_file(file, world.checkpoint(LIBRARY))["id"])

    jobs = [library.finished(job) for job in started]
    assert [(job["status"], job["problem"]["code"]) for job in jobs] == [
        ("FAILED", code) for _, code, _, _ in REFUSED
    ]
    assert [job["problem"]["message"] for job in jobs] == [chinese for _, _, chinese, _ in REFUSED]
    assert {(*job["rows"]["nodes"], *job["files"], job["processed"]) for job in jobs} == {(0,)}
    assert world.entries() == []
    library.http.headers["accept-language"] = "en"
    told = [library.finished(job)["problem"] for job in started]
    assert told == [
        {"code": code, "column": None, "value": "", "message": english}
        for _, code, _, english in REFUSED
    ]


@pytest.mark.parametrize(
    ("header", "match_by", "columns"),
    [(("身份证号", "办理结果"), "STUDENT_NUMBER", "学号"), (HEADER, "ID_NUMBER", "身份证号")],
)
def test_the_column_that_rows_are_to_be_matched_by_must_be_there(
    library: Client,
    world: World,
    tmp_path: Path,
    header: Sequence[str],
    match_by: str,
    columns: str,
) -> None:
    content = workbooks.xlsx(tmp_path / "a.xlsx", [header, ROW]).read_bytes()
    job = library.run_import(content, world.checkpoint(LIBRARY), matchBy=match_by)

    message = f"缺少用于匹配学生的列（{columns}），请补上。"
    assert (job["problem"]["code"], job["problem"]["message"]) == ("KEY_COLUMN_MISSING", message)


def test_every_fact_of_a_refused_file_has_a_chinese_word_and_other_names_stay() -> None:
    reader = Reader(Language.ZH, zoneinfo.ZoneInfo("Asia/Shanghai"))

    assert set(FILE_WORDS) == {*Bound, *Reason}
    assert reader.message(Code.FILE_TOO_LARGE, {"name": "rows", "limit": "5"}).startswith(
        "文件过大：行数（算到最后一个有内容的单元格）最多 5。"
    )
    facts = {"name": "rows", "limit": "5", "value": "6"}
    assert reader.message(Code.LIMIT_EXCEEDED, facts) == (
        "请求超出限制：rows 最多 5，实际 6。请缩小请求。"
    )


def test_a_table_is_found_wherever_and_however_it_stands_in_the_file(
    library: Client, world: World, tmp_path: Path
) -> None:
    started = {}
    for place, (make, _) in enumerate(SHAPES):
        content = make(tmp_path / f"{place}.xlsx").read_bytes()
        answer = library.start_import(content, world.checkpoint(LIBRARY), dryRun=True)
        started[make.__name__] = answer["id"]

    jobs = {name: library.finished(job) for name, job in started.items()}
    assert {name: job["problem"] for name, job in jobs.items()} == dict.fromkeys(jobs)
    assert {name: rows_of(job) for name, job in jobs.items()} == {
        make.__name__: rows for make, rows in SHAPES
    }


def test_the_row_of_an_entry_is_the_row_in_excel(
    library: Client, world: World, tmp_path: Path
) -> None:
    library.run_import(title_above(tmp_path / "a.xlsx").read_bytes(), world.checkpoint(LIBRARY))

    assert world.state("2020010101", LIBRARY) == ("PASSED", "已还清", 2)
    assert world.state("2020010102", LIBRARY) == ("REFUSED", "欠书", 2)
    assert [(entry.row_number, entry.channel) for entry in world.entries()] == [
        (5, Channel.IMPORT), (6, Channel.IMPORT),
    ]  # fmt: skip


def test_students_without_a_number_are_named_by_their_candidate_number(
    library: Client, world: World, tmp_path: Path
) -> None:
    world.enrol(
        {"考生号": "105001", "姓名": "甲", "院系": "数学学院"},
        {"考生号": "105002", "姓名": "乙", "院系": "数学学院"},
    )
    content = by_candidate_number(tmp_path / "a.xlsx").read_bytes()
    job = library.run_import(content, world.checkpoint(LIBRARY))

    assert rows_of(job) == [(2, "105001", "APPLIED"), (3, "105002", "APPLIED")]
    assert world.state("105001", LIBRARY) == ("PASSED", "", 2)


def test_columns_that_mean_nothing_here_are_reported_and_kept(
    library: Client, world: World, tmp_path: Path
) -> None:
    rows: list[Sequence[Value]] = [
        ("学号", "院系", "办理结果", "宿舍", "导师审核", "错误原因"),
        ("2020010101", "甲", "通过", 3, "√", "x"),
    ]
    content = workbooks.xlsx(tmp_path / "a.xlsx", rows).read_bytes()
    job = library.run_import(content, world.checkpoint(LIBRARY))

    assert job["unknownColumns"] == ["宿舍", "导师审核"]
    assert job["rows"]["nodes"][0]["cells"] == ["2020010101", "甲", "通过", "3", "√", "x"]


def test_an_xls_gives_the_same_rows_as_an_xlsx(
    library: Client, world: World, tmp_path: Path
) -> None:
    table: list[Sequence[Value]] = [
        HEADER,
        (2020010101, "张思", 1, None),
        ("110101199701010002", "李思", "也许", " x "),
        (110101199701010003, "周思", "通过", "长" * 501),
        (" 2020010104", "某", None, 12.5),
        ("nobody", None, True, "x"),
    ]
    checkpoint = world.checkpoint(LIBRARY)
    new = workbooks.xlsx(tmp_path / "a.xlsx", table).read_bytes()
    old = workbooks.xls(tmp_path / "b.xls", table).read_bytes()

    found = [library.run_import(each, checkpoint, dryRun=True)["rows"] for each in (new, old)]
    assert found[0] == found[1]
    assert [row["outcome"] for row in found[0]["nodes"]] == [
        "APPLIED", "FAILED", "FAILED", "FAILED", "FAILED",
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_text_file_gives_the_same_rows_too(
    library: Client, world: World, encoding: str, delimiter: str
) -> None:
    lines = [
        HEADER,
        ("2020010101", "张思", "通过", "已还清"),
        ("110101199701010002", "李思", "也许", '"两\n行"'),
        ("1.10101E+17", "周思", "通过", ""),
    ]
    content = "\r\n".join(delimiter.join(map(str, line)) for line in lines).encode(encoding)

    job = library.run_import(content, world.checkpoint(LIBRARY))

    found = [(row["rowNumber"], row["outcome"], row["code"]) for row in job["rows"]["nodes"]]
    assert found == [
        (2, "APPLIED", None), (3, "FAILED", "RESULT_UNKNOWN"), (4, "FAILED", "ID_PRECISION_LOST"),
    ]  # fmt: skip
    assert job["rows"]["nodes"][1]["cells"][3] == "两\n行"


def test_a_row_is_as_wide_as_its_result_has_room_for(library: Client, world: World) -> None:
    def run(width: int) -> Any:
        row = ",".join([*ROW, *["x"] * (width - len(ROW))])
        content = f"{','.join(HEADER)}\n{row}\n".encode()
        return library.run_import(content, world.checkpoint(LIBRARY))

    refused = run(16_380)
    assert (refused["status"], refused["problem"]["code"]) == ("FAILED", "FILE_TOO_LARGE")
    assert world.entries() == []
    told = run(16_379)
    assert (told["status"], told["applied"]) == ("FINISHED", 1)
    lines = export_files.xlsx(library.download(told["files"][0]["url"]))
    assert [len(line) for line in lines] == [16_383] * 2
    assert lines[1] == [*ROW, *["x"] * 16_375, "2", "已导入", None, None]


def children() -> list[psutil.Process]:
    return psutil.Process().children()


@pytest.fixture
def batches(tmp_path: Path) -> Iterator[Any]:
    path = workbooks.xlsx(tmp_path / "a.xlsx", [HEADER, *([ROW] * 11_000)])
    source = Source("a.xlsx", (LIBRARY,), MatchBy.AUTO)
    with closing(imports.read_sheets(path, source, on_wait=lambda: None)) as batches:
        yield batches


def test_leaving_a_file_halfway_ends_its_reader_at_once(batches: Any) -> None:
    before = children()
    next(batches)
    assert len(children()) == len(before) + 1

    batches.close()

    assert children() == before


def test_a_fraction_or_a_negative_number_names_nobody(
    library: Client, world: World, tmp_path: Path
) -> None:
    rows = [HEADER, (2020010101.5, "", "通过"), (-2020010101, "", "通过")]
    content = workbooks.xlsx(tmp_path / "a.xlsx", rows).read_bytes()
    job = library.run_import(content, world.checkpoint(LIBRARY))

    assert [(row["key"], row["code"]) for row in job["rows"]["nodes"]] == [
        ("2020010101.5", "STUDENT_NOT_FOUND"),
        ("-2020010101", "STUDENT_NOT_FOUND"),
    ]
    assert world.entries() == []
