"""The history as files print it."""

import datetime as dt
import zoneinfo

import sqlalchemy as sa

from domain.exports import history_lines
from domain.exports.history_lines import HEADINGS, Line
from domain.exports.table import PAGE
from domain.ids import PublicId
from domain.reports.history import EntryFilter
from models import Channel, Entry
from tests.cases import NOT_REQUIRED, REFUSED
from tests.chronicle import FIRST, Chronicle, Event
from tests.world import GEOLOGY, LIBRARY, MARX, World

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")


def lines(world: World, login: str, student: PublicId | None = None) -> list[Line]:
    where = EntryFilter(PublicId(world.scheme), student)
    operator = world.operator(login)
    with world.database.write() as session:
        return list(history_lines.rows(session, operator, where, SHANGHAI))


def test_a_line_is_told_in_the_words_and_the_time_of_the_office(world: World) -> None:
    chronicle = Chronicle(world)
    hour = dt.timedelta(hours=1)
    chronicle.write(
        Event(FIRST, "2020010101", LIBRARY, REFUSED, "欠书", channel=Channel.IMPORT),
        Event(FIRST + hour, "2020020101", LIBRARY, NOT_REQUIRED, channel=Channel.RULE),
    )
    refused = Line(
        at="2026-03-01 08:00:00",
        number="2020010101",
        name="张思",
        department=MARX,
        checkpoint=LIBRARY,
        old_status="未办理",
        new_status="未通过",
        old_remark="",
        new_remark="欠书",
        operator="library 老师",
        login="library",
        channel="批量导入",
        row_number="",
    )
    let_off = refused._replace(
        at="2026-03-01 09:00:00",
        number="2020020101",
        name="欧阳·娜娜",
        department=GEOLOGY,
        new_status="无需办理",
        new_remark="",
        channel="适用规则",
    )
    assert lines(world, "admin") == [let_off, refused]
    assert lines(world, "affairs") == [refused]
    student = PublicId(world.student("2020020101"))
    assert lines(world, "admin", student=student) == [let_off]
    assert tuple(HEADINGS) == Line._fields


def test_every_line_comes_once_however_many_bear_one_moment(world: World) -> None:
    numbers = world.add_students(50)
    with world.database.write() as session:
        session.execute(
            sa.text(
                """INSERT INTO entries (student_id, checkpoint_id, version, at, operator_id,
                channel, row_number, old_status, new_status, old_remark, new_remark)
                SELECT student, :checkpoint, version, :at, :operator, 'IMPORT', version,
                'PENDING', 'PASSED', '', '' FROM unnest(CAST(:students AS bigint[])) AS student,
                generate_series(2, 91) AS version"""
            ),
            {
                "checkpoint": world.checkpoints[LIBRARY],
                "at": FIRST,
                "operator": world.people["library"],
                "students": [world.students[number] for number in numbers],
            },
        )
    found = [(line.number, line.row_number) for line in lines(world, "admin")]
    assert len(found) == 50 * 90 > 2 * PAGE
    assert found == [
        (number, str(version)) for number in reversed(numbers) for version in range(91, 1, -1)
    ]
    with world.database.write() as session:
        assert session.scalars(sa.select(sa.func.count()).select_from(Entry)).one() == len(found)
