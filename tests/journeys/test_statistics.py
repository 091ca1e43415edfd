"""后台管理: how many, who they are, and the workbooks of both."""

from collections.abc import Iterator

import pytest

from models.database import Database
from tests.journeys import first_day
from tests.journeys.first_day import (
    GEOLOGISTS,
    MARXISTS,
    REFUSED_LINE,
    REFUSED_ONE,
    REMARK,
    STUDENT_COLUMNS,
)
from tests.journeys.office import (
    AFFAIRS,
    GEOLOGY,
    KEY_LABORATORY,
    LIBRARY,
    MARX,
    SUMS,
    TITLES,
    Desk,
    Office,
    standing,
)

pytestmark = pytest.mark.usefixtures("worker")

STATUSES = ("PASSED", "PENDING", "REFUSED", "NOT_REQUIRED")


@pytest.fixture
def office(address: str, database: Database) -> Iterator[Office]:
    with first_day.over(address, database) as office:
        yield office


@pytest.fixture
def affairs(office: Office) -> Desk:
    """马克思主义学院学工组."""
    return office.sign_in("xuegong")


@pytest.fixture
def by_file(office: Office, affairs: Desk) -> str:
    """The id of the job of their workbook."""
    return first_day.decide_by_file(office, affairs)


def listed(desk: Desk, office: Office, title: str, status: str) -> list[str]:
    """学号 of 各环节信息数据."""
    at = {"checkpoint": office.checkpoints[title], "statuses": [status], "first": 100}
    shown = "{ totalCount nodes { status student { number } } }"
    page = desk.ask("clearances", shown, where=office.where, **at)
    assert {each["status"] for each in page["nodes"]} <= {status}
    assert page["totalCount"] == len(page["nodes"])
    return [each["student"]["number"] for each in page["nodes"]]


def test_behind_every_number_of_the_statistics_stands_its_list(
    office: Office, affairs: Desk, by_file: str
) -> None:
    admin = office.sign_in("admin")
    expected = dict.fromkeys(TITLES, (16, 2, 14, 0, 0)) | {
        AFFAIRS: (16, 14, 1, 1, 0),
        LIBRARY: (16, 15, 1, 0, 0),
        KEY_LABORATORY: (2, 0, 2, 0, 14),
    }
    assert standing(admin, office) == expected
    assert standing(affairs, office) == dict.fromkeys(TITLES, (14, 2, 12, 0, 0)) | {
        AFFAIRS: (14, 13, 0, 1, 0),
        LIBRARY: (14, 13, 1, 0, 0),
        KEY_LABORATORY: (0, 0, 0, 0, 14),
    }
    for title, (_, *sizes) in expected.items():
        for status, size in zip(STATUSES, sizes, strict=True):
            assert len(listed(admin, office, title, status)) == size, (title, status)
    not_refused = [number for number in MARXISTS if number != REFUSED_ONE]
    assert [listed(admin, office, AFFAIRS, status) for status in STATUSES] == [
        [GEOLOGISTS[0], *not_refused], [GEOLOGISTS[1]], [REFUSED_ONE], [],
    ]  # fmt: skip
    assert listed(affairs, office, AFFAIRS, "PENDING") == []

    groups = "{ label students checkpoints { due passed pending refused notRequired } }"
    at_affairs = {"where": office.where, "checkpoint": office.checkpoints[AFFAIRS]}
    by = {
        "DEPARTMENT": {GEOLOGY: (2, 1, 1, 0, 0), MARX: (14, 13, 0, 1, 0)},
        "TRAINING_LEVEL": {"本科": (2, 1, 1, 0, 0), "硕士": (14, 13, 0, 1, 0)},
        "MAJOR": {
            "地质学": (2, 1, 1, 0, 0),
            "科学技术哲学--硕博": (2, 2, 0, 0, 0),
            "马克思主义理论--硕博": (12, 11, 0, 1, 0),
        },
    }
    for each, sizes_of in by.items():
        told = admin.ask("countsBy", groups, **at_affairs, by=each)
        assert {
            group["label"]: tuple(group["checkpoints"][0][name] for name in SUMS) for group in told
        } == sizes_of


def test_the_numbers_and_the_lists_go_home_as_workbooks(
    office: Office, affairs: Desk, by_file: str
) -> None:
    admin = office.sign_in("admin")
    where, place = office.where, office.checkpoints[AFFAIRS]
    header, *lines = admin.export("startCountsExport", where=where, by="CHECKPOINT")
    assert header == ["离校环节", "应办理", "已通过", "未办理", "未通过", "无需办理"]
    shown = standing(admin, office)
    assert lines == [[title, *shown[title]] for title in TITLES]
    by_department = {"by": "DEPARTMENT", "checkpoint": place}
    assert admin.export("startCountsExport", where=where, **by_department) == [
        ["院系", "学生数", *header],
        [GEOLOGY, 2, AFFAIRS, 2, 1, 1, 0, 0],
        [MARX, 14, AFFAIRS, 14, 13, 0, 1, 0],
    ]

    by_operator = {"by": "OPERATOR", "checkpoint": place}
    header, *lines = admin.export("startCountsExport", where=where, **by_operator)
    assert header == [
        *("账号", "姓名", "学生数", "办理为已通过", "办理为未办理", "办理为未通过"),
        *("办理为无需办理", "最后办理时间"),
    ]
    assert [line[:7] for line in lines] == [
        ["dike", "地学院学工组", 1, 1, 0, 0, 0],
        ["xuegong", "马院学工组", 14, 13, 0, 1, 0],
    ]

    refused = {"checkpoint": place, "statuses": ["REFUSED"]}
    header, line = affairs.export("startClearancesExport", where=where, **refused)
    assert header == [*STUDENT_COLUMNS, "办理结果", "备注", "办理人", "办理时间"]
    assert line[:17] == [*REFUSED_LINE, "未通过", REMARK, "马院学工组"]
    jobs = "{ nodes { kind operator { login } } }"
    own = affairs.ask("jobs", jobs, first=10)["nodes"]
    assert [(each["kind"], each["operator"]["login"]) for each in own] == [
        ("EXPORT", "xuegong"), ("IMPORT", "xuegong"),
    ]  # fmt: skip
