"""The one sentence of a student, by what is open: first what can be done now."""

import datetime as dt
import zoneinfo
from typing import Any

import pytest

from domain.messages import Language, Reader
from domain.studying import in_the_way
from domain.studying.me import Me, OwnClearance, OwnRecord
from domain.studying.student_accounts import SignedInStudent
from models import ClearanceStatus, Cohort, SchemeStatus

AT = dt.datetime(2026, 6, 10, 4, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
ZH, EN = Reader(Language.ZH, SHANGHAI), Reader(Language.EN, SHANGHAI)


def clearance(title: str, status: str = "PENDING", **values: Any) -> OwnClearance:
    empty = dict.fromkeys(("requirement", "place", "contact", "hours", "remark"), "")
    unset = dict.fromkeys(("opens_at", "closes_at", "not_required_by", "last_change"))
    told: dict[str, Any] = empty | unset | {"open_prerequisites": ()} | values
    return OwnClearance(title=title, status=ClearanceStatus(status), **told)


def me(*clearances: OwnClearance, status: SchemeStatus = SchemeStatus.OPEN) -> Me:
    cohort = Cohort.UNDERGRADUATE
    record = OwnRecord(1, "张思", None, "6月份", status, cohort, "地学院", None, None, None)
    return Me(SignedInStudent("1", is_initial=True), AT, record, clearances)


ALL = me(
    clearance("校医院", closes_at=AT, contact="电话 6788"),
    clearance("宿舍", opens_at=AT + DAY),
    clearance("财务", open_prerequisites=("图书馆", "学工")),
    clearance("导师", "PASSED"),
    clearance("学工", "REFUSED", remark="登记表未交", requirement="交登记表", place="205 室"),
    clearance("实验室", "NOT_REQUIRED"),
    clearance("图书馆", requirement="还清图书", opens_at=AT, closes_at=AT + DAY),
)


def test_what_can_be_done_now_comes_first_and_what_is_too_late_last() -> None:
    assert in_the_way.sentence(ALL, ZH) == (
        "还有 5 个环节未办结：现在可以办理：图书馆（还清图书）；"
        "未通过，请按原因处理后再次办理：学工（登记表未交，205 室）；"
        "须先办结前置环节：财务（先办 图书馆、学工）；"
        "尚未开放：宿舍（2026-06-11 12:00:00 起）；"
        "已截止，请联系该环节：校医院（2026-06-10 12:00:00 截止，电话 6788）。"
    )
    assert in_the_way.sentence(ALL, EN) == (
        "Still open (5): you can do now: 图书馆 (还清图书);"
        " refused, settle why and come again: 学工 (登记表未交, 205 室);"
        " waiting for others: 财务 (after 图书馆, 学工);"
        " not open yet: 宿舍 (from 2026-06-11 12:00:00);"
        " closed, ask there: 校医院 (since 2026-06-10 12:00:00, 电话 6788)."
    )


def test_several_of_a_kind_stand_together_in_checkpoint_order() -> None:
    both = me(clearance("图书馆"), clearance("导师", place="主楼"))
    assert in_the_way.sentence(both, ZH) == (
        "还有 2 个环节未办结：现在可以办理：图书馆、导师（主楼）。"
    )
    assert in_the_way.sentence(both, EN) == "Still open (2): you can do now: 图书馆, 导师 (主楼)."


@pytest.mark.parametrize(
    ("found", "chinese", "english"),
    [
        (
            me(clearance("导师", "PASSED"), clearance("图书馆", "NOT_REQUIRED")),
            "全部环节均已办结，没有未办事项。",
            "You are cleared everywhere; nothing is open.",
        ),
        (
            me(),
            "离校方案“6月份”还没有设置环节，请过些时候再查看。",
            "The scheme “6月份” has no checkpoints yet; look again later.",
        ),
        (
            me(clearance("导师"), clearance("图书馆", "REFUSED"), status=SchemeStatus.CLOSED),
            "离校方案“6月份”已关闭，不再办理，尚有 2 个环节未办结：导师、图书馆；请联系所在院系。",
            "The scheme “6月份” is closed and nothing is decided any more; still open (2):"
            " 导师, 图书馆; ask your department.",
        ),
        (
            me(clearance("导师", "PASSED"), status=SchemeStatus.CLOSED),
            "全部环节均已办结，没有未办事项。",
            "You are cleared everywhere; nothing is open.",
        ),
        (
            Me(SignedInStudent("1", is_initial=True), AT, None),
            "学号 1 目前不在任何开放的离校方案中，请联系所在院系。",
            "The student number 1 is in no scheme that is open; ask your department.",
        ),
    ],
)
def test_what_is_told_where_nothing_can_be_done(found: Me, chinese: str, english: str) -> None:
    assert (in_the_way.sentence(found, ZH), in_the_way.sentence(found, EN)) == (chinese, english)


def test_what_a_title_says_is_never_taken_for_a_place_in_the_sentence() -> None:
    found = me(clearance("{count}{0}", requirement="{title}"))
    assert in_the_way.sentence(found, ZH) == (
        "还有 1 个环节未办结：现在可以办理：{count}{0}（{title}）。"
    )
