"""`python -m local demo`: what one sees, the files it leaves, and that nothing else is left."""

import signal
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.local.conftest import ROOT, Start, eventually, free_environment, processes_of

FILES = [
    "1-template.xlsx",
    "2-filled.xlsx",
    "3-annotated.xlsx",
    "4-failed-rows.xlsx",
    "5-undone.xlsx",
    "6-students.xlsx",
    "7-signing-sheet.xlsx",
    "8-certificate.pdf",
]
OUTCOMES = """
     7 2020010103 王思 APPLIED -
     8 2020010104 赵思 APPLIED -
     9 2020010105 孙思 APPLIED -
    10 2020010106 周 思 APPLIED -
    11 2020010107 吴思 APPLIED -
    12 2020010108 郑思 FAILED RESULT_UNKNOWN
    13 2020010109 马思 FAILED NAME_MISMATCH
    14 2020010111 林思 FAILED DUPLICATE_CONFLICT
    15 2020010113 吴思 FAILED PREREQUISITE_PENDING
    16 2020010114 郑思 UNCHANGED NO_RESULT
    17 110101199701010010 陈思 APPLIED -
    18 - 周思 FAILED ID_PRECISION_LOST
    19 110101199713010014 郑思 FAILED ID_MALFORMED
    20 2020019999 钱思 FAILED STUDENT_NOT_FOUND
    21 - 褚思 FAILED KEY_MISSING
    22 2020010111 林思 FAILED DUPLICATE_CONFLICT
"""
# After the dry run, the import, the repair of two rows, a change by hand, and the undo.
AFTER = [
    "应办理 14 = 已通过 1 + 未办理 12 + 未通过 1",
    "应办理 14 = 已通过 6 + 未办理 6 + 未通过 2",
    "应办理 14 = 已通过 8 + 未办理 4 + 未通过 2",
    "应办理 14 = 已通过 7 + 未办理 4 + 未通过 3",
    "应办理 14 = 已通过 1 + 未办理 11 + 未通过 2",
]
REPAIRED = """
    12 2020010108 郑思 APPLIED -
    13 2020010109 冯思 APPLIED -
"""
Cells = list[list[object]]


def demo(home: Path) -> str:
    """What it prints, from start to end."""
    argv = [sys.executable, "-m", "local", "demo"]
    # Servers that somebody has set are not the demo's.
    given = {"LIXIAO_DATABASE_URL": "postgresql://nowhere/", "LIXIAO_REDIS_URL": "redis://nowhere"}
    ended = subprocess.run(
        argv,
        cwd=ROOT,
        env=free_environment() | given | {"LIXIAO_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


def cells(path: Path) -> Cells:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def words(text: str) -> list[list[str]]:
    return [line.split() for line in text.strip().splitlines()]


def test_the_demo_shows_every_outcome_and_leaves_its_files(tmp_path: Path) -> None:
    output = demo(tmp_path)
    lines = words(output)
    first = words(output.split("\n11. ")[0])
    assert [line for line in first if line in words(OUTCOMES)] == words(OUTCOMES)
    counters = [line[1:] for line in lines if line[0:1] == ["培养单位学工审核"]]
    assert counters == [["14", "0", "14", "0"], ["14", "1", "11", "2"]]
    after = [line for line in output.splitlines() if line.strip().startswith("应办理 14 = ")]
    assert [line.strip() for line in after] == AFTER
    changed = ["7", "2020010103", "王思", "FAILED", "CHANGED_SINCE"]
    assert [line for line in lines if "CHANGED_SINCE" in line] == [changed]
    assert [line for line in lines if line in words(REPAIRED)] == words(REPAIRED) * 2
    finished = ["QUEUED", "STAGING", "DECIDING", "WRITING", "FINISHED:", "16", "of", "16", "rows"]
    assert [[word for word in line if word != "→"] for line in lines].count(finished) == 2
    assert lines[-1] == ["Everything", "is", "stopped."]
    assert sorted(path.name for path in (tmp_path / "demo").iterdir()) == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]
    assert not processes_of(tmp_path)
    assert output.count("CLEARANCE_INCOMPLETE") == output.count("HANDED_OUT") == 1
    check_files(tmp_path / "demo")
    check_readme(output)


@pytest.mark.chaos
def test_the_demo_prints_the_same_twice(tmp_path: Path) -> None:
    assert demo(tmp_path) == demo(tmp_path)


def check_readme(output: str) -> None:
    """Its transcript leaves lines out, but has none that the demo does not print."""
    shown = (ROOT / "README.md").read_text().split("```\n", 2)[1].splitlines()
    printed = iter(output.splitlines())
    assert not [line for line in shown if line.strip() != "[...]" and line not in printed]


def check_files(folder: Path) -> None:
    template, filled, annotated, failed, undone, students, signing = (
        cells(folder / name) for name in FILES[:-1]
    )
    assert [row[1] for row in signing[3:]] == ["2020010101"]
    assert (folder / FILES[-1]).read_bytes().startswith(b"%PDF-")
    assert [row[:2] for row in template if row[0] == "2020010103"] == [["2020010103", "王思"]]
    assert len(filled) - len(template) == 4
    assert annotated[0][-5:] == ["原行号", "导入结果", "错误代码", "错误原因", "修正"]
    codes = [line[-1] for line in words(OUTCOMES)]
    repaired = {"RESULT_UNKNOWN", "NAME_MISMATCH"}
    assert [row[-3] for row in failed[1:]] == [
        code for code in codes if code not in {"-", "NO_RESULT"} | repaired
    ]
    assert [row[-4] for row in annotated[1:]].count("已导入") == codes.count("-") + 2
    assert [str(row[-1]).split("C：")[-1] for row in annotated if row[-5] == "12"] == [
        "“已办理” → “通过”"
    ]
    assert [row[4] for row in undone[1:]] == ["失败", *["已撤回"] * 7]
    at = students[0].index("培养单位学工审核")
    by_number = {row[0]: row[at] for row in students[1:]}
    assert len(by_number) == 14
    assert by_number["2020010101"] == "已通过"
    assert by_number["2020010102"] == by_number["2020010103"] == "未通过"
    assert by_number["2020010107"] == by_number["2020010109"] == "未办理"


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_demo_leaves_no_process(
    home: Path, start: Start, end: signal.Signals
) -> None:
    running = start("-m", "local", "demo")
    log = home / "demo-home" / "log" / "worker.log"
    assert eventually(log.exists, 60)
    running.send_signal(end)
    assert eventually(lambda: not processes_of(home), 5 if end is signal.SIGKILL else 15), (
        processes_of(home)
    )
    running.wait()
    assert (home / "demo-home").exists() == (end is signal.SIGKILL)
