"""系统管理员: 配置离校流程、初始化离校数据, from nothing to a graduation that is over."""

from collections.abc import Iterator
from typing import Any

import pytest

from models.database import Database
from tests.journeys import office as offices
from tests.journeys.office import (
    AFFAIRS,
    GEOLOGY,
    KEY_LABORATORY,
    LIBRARY,
    MARX,
    SCHEME,
    SECRETARY,
    SUPERVISOR,
    TITLES,
    Desk,
    Office,
    decide,
    ids,
    opened,
    problems,
    refusal,
    standing,
    student,
    sums,
)

pytestmark = pytest.mark.usefixtures("worker")

OUTLINE = "{ name status checkpoints { position title requirement prerequisites { title } } }"
NEXT_YEAR = "2021级研究生6月份"
READ_ONLY = "离校方案“2020级研究生6月份”为“已关闭”，只读。如需修改，请先重新开放。"


@pytest.fixture
def office(address: str, database: Database) -> Iterator[Office]:
    with offices.founded(address, database) as office:
        yield office


@pytest.fixture
def admin(office: Office) -> Desk:
    return office.sign_in("admin")


def test_the_nine_checkpoints_stand_in_their_order_and_wait_for_each_other_in_no_circle(
    office: Office, admin: Desk
) -> None:
    assert admin.ask("schemes", "{ name }") == []
    offices.add_scheme(office, admin)
    affairs, secretary, supervisor = office.at(AFFAIRS, SECRETARY, SUPERVISOR)
    waits = "{ prerequisites { title } }"
    for later, earlier in ((affairs, supervisor), (secretary, affairs)):
        admin.ask("setPrerequisites", waits, checkpoint=later, prerequisites=[earlier])

    in_circle = admin.ask("setPrerequisites", checkpoint=supervisor, prerequisites=[secretary])
    assert in_circle == {
        "code": "PREREQUISITE_CYCLE",
        "message": "前置环节互相等待：导师审核 → 培养单位秘书审核 → 培养单位学工审核 → 导师审核。"
        "请去掉其中一个。",
        "path": ["prerequisites"],
    }
    twice = admin.ask("createCheckpoint", scheme=office.scheme, input={"title": f" {LIBRARY} "})
    assert refusal(twice) == (
        "ALREADY_EXISTS", "离校环节“图书馆”已存在，请换一个，或直接修改已有的。",
    )  # fmt: skip
    again = admin.ask("createScheme", name=SCHEME)
    assert refusal(again) == (
        "ALREADY_EXISTS", "离校方案“2020级研究生6月份”已存在，请换一个，或直接修改已有的。",
    )  # fmt: skip

    order = [SUPERVISOR, AFFAIRS, SECRETARY, *TITLES[3:]]
    admin.ask("orderCheckpoints", scheme=office.scheme, checkpoints=office.at(*order))
    waiting = {AFFAIRS: [{"title": SUPERVISOR}], SECRETARY: [{"title": AFFAIRS}]}
    assert admin.ask("scheme", OUTLINE, id=office.scheme) == {
        "name": SCHEME,
        "status": "DRAFT",
        "checkpoints": [
            {
                "position": place,
                "title": title,
                "requirement": offices.CHECKPOINTS[title],
                "prerequisites": waiting.get(title, []),
            }
            for place, title in enumerate(order, 1)
        ],
    }


def test_what_the_student_reads_of_an_office_can_be_changed_and_emptied(
    office: Office, admin: Desk
) -> None:
    offices.add_scheme(office, admin)
    library = office.checkpoints[LIBRARY]
    texts = "{ title requirement place contact hours opensAt closesAt }"
    edit = {"place": "图书馆一楼", "contact": "周老师", "hours": "工作日 8:30-11:30"}
    admin.ask("updateCheckpoint", checkpoint=library, input=edit)
    admin.ask("updateCheckpoint", checkpoint=library, input={"contact": ""})
    shown = admin.ask(
        "setCheckpointWindow",
        texts,
        checkpoint=library,
        opensAt="2020-06-01T08:00:00+08:00",
        closesAt="2020-06-30T18:00:00+08:00",
    )
    assert shown == {
        "title": LIBRARY,
        "requirement": "还清图书，提交学位论文",
        "place": "图书馆一楼",
        "contact": "",
        "hours": "工作日 8:30-11:30",
        "opensAt": "2020-06-01T00:00:00+00:00",
        "closesAt": "2020-06-30T10:00:00+00:00",
    }
    offices.add_students(office, admin, offices.manual_roster())
    assert refusal(decide(admin, office, "2020010101", LIBRARY)) == (
        "SCHEME_NOT_OPEN", "离校方案“2020级研究生6月份”未开放，不能办理，请联系系统管理员开放。",
    )  # fmt: skip
    admin.ask("openScheme", scheme=office.scheme)
    assert refusal(decide(admin, office, "2020010101", LIBRARY)) == (
        "CHECKPOINT_NOT_OPEN",
        "环节“图书馆”不在开放时间内（2020-06-01 08:00:00 至 2020-06-30 18:00:00），不能办理通过，"
        "请在该时间内办理。",
    )


def test_a_rule_lets_off_whom_it_does_not_concern_once_it_was_looked_at(
    office: Office, admin: Desk
) -> None:
    opened(office, admin)
    laboratory = office.checkpoints[KEY_LABORATORY]
    rule = {"only": {"departments": [ids(admin, "departments", "name")[GEOLOGY]]}}
    turned = "{ toNotRequired toPending }"
    assert decide(admin, office, "2020010101", KEY_LABORATORY) == {"status": "PASSED", "version": 2}

    empty: dict[str, Any] = {"only": {}}
    nothing = admin.ask("setApplicability", turned, checkpoint=laboratory, applicability=empty)
    assert refusal(nothing) == ("INVALID_INPUT", "“only”的值“未填写”无效：至少填写一个条件。")
    preview = "{ toNotRequired toPending students(first: 20) { nodes { number } } }"
    seen = admin.ask("applicabilityPreview", preview, checkpoint=laboratory, applicability=rule)
    assert (seen["toNotRequired"], seen["toPending"]) == (13, 0)
    assert offices.numbers(seen["students"]) == [f"20200101{each:02}" for each in range(2, 15)]
    assert standing(admin, office)[KEY_LABORATORY] == (16, 1, 15, 0, 0)

    done = admin.ask("setApplicability", turned, checkpoint=laboratory, applicability=rule)
    assert done == {"toNotRequired": 13, "toPending": 0}
    assert standing(admin, office)[KEY_LABORATORY] == (3, 1, 2, 0, 13)
    by_rule = {**office.where, "checkpoint": laboratory, "channels": ["RULE"]}
    assert admin.ask("entries", "{ totalCount }", where=by_rule, first=1) == {"totalCount": 13}
    assert refusal(decide(admin, office, "2020010102", KEY_LABORATORY)) == (
        "NOT_REQUIRED", "该学生在环节“国家重点实验室审核”无需办理，请从名单中去掉该学生。",
    )  # fmt: skip
    done = admin.ask("setApplicability", turned, checkpoint=laboratory)
    assert done == {"toNotRequired": 0, "toPending": 13}


def test_a_waiver_takes_two_people(office: Office, admin: Desk) -> None:
    opened(office, admin, "xuegong", "tushuguan", "fuhe")
    library, affairs, colleague = map(office.sign_in, ("tushuguan", "xuegong", "fuhe"))
    whom = {
        "student": student(library, office, "2020010113")["id"],
        "checkpoint": office.checkpoints[LIBRARY],
        "reason": "交换生，未办理借书证",
    }
    shown = "{ id status requestedBy { name } confirmedBy { name } clearance { status remark } }"
    assert refusal(affairs.ask("requestWaiver", shown, **whom)) == (
        "FORBIDDEN", "您没有“办理”的权限，请联系系统管理员。",
    )  # fmt: skip

    asked = library.ask("requestWaiver", shown, **whom)
    waiver = asked.pop("id")
    assert asked == {
        "status": "REQUESTED",
        "requestedBy": {"name": "图书馆"},
        "confirmedBy": None,
        "clearance": {"status": "PENDING", "remark": ""},
    }
    assert refusal(library.ask("requestWaiver", shown, **whom)) == (
        "ALREADY_EXISTS", "免办“吴思 · 图书馆”已存在，尚未结束，请先确认或撤回它。",
    )  # fmt: skip
    assert refusal(library.ask("confirmWaiver", shown, waiver=waiver)) == (
        "SECOND_PERSON_NEEDED", "免办须由另一人确认，申请人不能自己确认。",
    )  # fmt: skip
    assert standing(admin, office)[LIBRARY] == (16, 0, 16, 0, 0)

    assert colleague.ask("confirmWaiver", shown, waiver=waiver) == {
        "id": waiver,
        "status": "CONFIRMED",
        "requestedBy": {"name": "图书馆"},
        "confirmedBy": {"name": "图书馆复核"},
        "clearance": {"status": "NOT_REQUIRED", "remark": "交换生，未办理借书证"},
    }
    assert standing(admin, office)[LIBRARY] == (15, 0, 15, 0, 1)
    assert refusal(decide(library, office, "2020010113", LIBRARY)) == (
        "NOT_REQUIRED", "该学生在环节“图书馆”无需办理，请从名单中去掉该学生。",
    )  # fmt: skip
    assert colleague.ask("withdrawWaiver", "{ status }", waiver=waiver) == {"status": "WITHDRAWN"}
    assert refusal(library.ask("confirmWaiver", shown, waiver=waiver)) == (
        "WAIVER_ENDED", "该免办为“已撤回”，不能再作此操作。如仍需免办，请重新申请。",
    )  # fmt: skip
    assert standing(admin, office)[LIBRARY] == (16, 0, 16, 0, 0)


def test_a_closed_scheme_is_read_and_no_more(office: Office, admin: Desk) -> None:
    opened(office, admin, "tushuguan")
    library = office.sign_in("tushuguan")
    assert decide(library, office, "2020010101", LIBRARY) == {"status": "PASSED", "version": 2}
    early = admin.ask("archiveScheme", scheme=office.scheme)
    assert refusal(early) == (
        "TRANSITION_NOT_ALLOWED",
        "离校方案“2020级研究生6月份”为“开放”，不能直接转为“已归档”；可转为：已关闭。",
    )  # fmt: skip
    assert admin.ask("closeScheme", "{ status }", scheme=office.scheme) == {"status": "CLOSED"}

    for desk in (library, admin):
        assert refusal(decide(desk, office, "2020010102", LIBRARY)) == (
            "SCHEME_NOT_OPEN",
            "离校方案“2020级研究生6月份”未开放，不能办理，请联系系统管理员开放。",
        )  # fmt: skip
    place, edit = office.checkpoints[LIBRARY], {"place": "图书馆二楼"}
    moved = admin.ask("updateCheckpoint", checkpoint=place, input=edit)
    file = admin.upload(offices.as_csv(offices.manual_roster()), "名册.csv")
    enrolled = admin.ask("startRosterImport", file=file, scheme=office.scheme)
    assert refusal(moved) == refusal(enrolled) == ("SCHEME_READ_ONLY", READ_ONLY)
    assert standing(library, office)[LIBRARY] == (16, 1, 15, 0, 0)

    assert admin.ask("archiveScheme", "{ status }", scheme=office.scheme)["status"] == "ARCHIVED"
    assert admin.ask("schemes", "{ name }") == []
    assert admin.ask("schemes", "{ name }", statuses=["ARCHIVED"]) == [{"name": SCHEME}]
    assert standing(library, office)[LIBRARY] == (16, 1, 15, 0, 0)


def test_next_year_begins_with_the_checkpoints_rules_and_grants_of_this_one(
    office: Office, admin: Desk
) -> None:
    opened(office, admin, "xuegong")
    affairs, supervisor = office.at(AFFAIRS, SUPERVISOR)
    admin.ask("setPrerequisites", checkpoint=affairs, prerequisites=[supervisor])
    rule = {"notFor": {"cohorts": ["UNDERGRADUATE"]}}
    turned = "{ toNotRequired }"
    changed = admin.ask("setApplicability", turned, checkpoint=supervisor, applicability=rule)
    assert changed == {"toNotRequired": 2}

    about = """{ id name status checkpoints { title requirement prerequisites { title }
        applicability { only { cohorts } notFor { cohorts } } } }"""
    clone = admin.ask("cloneScheme", about, scheme=office.scheme, name=NEXT_YEAR)
    assert (clone["name"], clone["status"]) == (NEXT_YEAR, "DRAFT")
    first, _, third, *_ = clone["checkpoints"]
    assert [each["title"] for each in clone["checkpoints"]] == TITLES
    assert (first["requirement"], first["prerequisites"], first["applicability"]) == (
        "提交毕业生登记表", [{"title": SUPERVISOR}], None,
    )  # fmt: skip
    assert third["applicability"] == {"only": None, "notFor": {"cohorts": ["UNDERGRADUATE"]}}
    everybody = {"where": {"scheme": clone["id"]}, "first": 1}
    assert admin.ask("students", "{ totalCount }", **everybody) == {"totalCount": 0}
    held = "{ grants { scheme { name } checkpoint { title } department { name } } }"
    assert office.sign_in("xuegong").ask("viewer", held)["grants"] == [
        {"scheme": {"name": name}, "checkpoint": {"title": AFFAIRS}, "department": {"name": MARX}}
        for name in (SCHEME, NEXT_YEAR)
    ]
    again = admin.ask("cloneScheme", scheme=office.scheme, name=NEXT_YEAR)
    assert refusal(again) == (
        "ALREADY_EXISTS", "离校方案“2021级研究生6月份”已存在，请换一个，或直接修改已有的。",
    )  # fmt: skip


def test_a_word_of_the_old_system_means_what_the_administrator_says(
    office: Office, admin: Desk
) -> None:
    opened(office, admin, "tushuguan")
    library, place = office.sign_in("tushuguan"), office.checkpoints[LIBRARY]
    content = offices.workbook(("学号", "姓名", "办理结果"), ("2020010101", "张思", "已办理"))
    before = library.run("startImport", content, "图书馆.xlsx", checkpoint=place)
    assert sums(before) == (1, 0, 0, 1, 0)
    assert problems(before) == [(2, "C", "办理结果“已办理”无法识别，请填写“通过”或“未通过”。")]
    word = {"word": "已办理", "meaning": {"result": "PASS"}}
    assert refusal(library.ask("setSynonym", "{ word }", **word)) == (
        "FORBIDDEN", "您没有“管理整个系统”的权限，请联系系统管理员。",
    )  # fmt: skip

    assert admin.ask("setSynonym", "{ result setBy { name } }", **word) == {
        "result": "PASS", "setBy": {"name": "系统管理员"},
    }  # fmt: skip
    after = library.run("startImport", content, "图书馆.xlsx", checkpoint=place, again=True)
    assert sums(after) == (1, 1, 0, 0, 0)
    assert standing(library, office)[LIBRARY] == (16, 1, 15, 0, 0)
