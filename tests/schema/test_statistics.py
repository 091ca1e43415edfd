"""Counters by group of students over HTTP, beside the lists of the same students."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa

from domain import ids
from domain.ids import Noun
from models import Checkpoint, Scheme, SchemeStatus, Student, StudentStatus
from tests.cases import NOT_REQUIRED, PASSED, REFUSED
from tests.chronicle import FIRST, Chronicle, Event
from tests.client import Client
from tests.schema.test_counts import counts
from tests.schema.test_day_counts import BY_DAY
from tests.schema.test_operator_counts import BY_OPERATOR
from tests.world import AFFAIRS, GEOLOGY, LIBRARY, MARX, SUPERVISOR, World

SignIn = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]
STANDING = "due passed pending refused notRequired"
BY = f"""query($where: StudentFilter!, $by: CountBy!, $checkpoint: ID) {{
  countsBy(where: $where, by: $by, checkpoint: $checkpoint) {{
    label department {{ id name }} students
    checkpoints {{ checkpoint {{ title }} {STANDING} }} }} }}"""
LIST = """query($where: StudentFilter!, $checkpoint: ID!, $statuses: [ClearanceStatus!]) {
  students(where: $where, first: 1) { totalCount }
  clearances(where: $where, checkpoint: $checkpoint, statuses: $statuses, first: 1) { totalCount }
}"""


@pytest.fixture
def chronicle(world: World) -> Chronicle:
    return Chronicle(world)


def where(world: World, **more: Any) -> dict[str, Any]:
    return {"scheme": world.scheme} | more


def groups(client: Client, world: World, by: str, **more: Any) -> dict[str | None, Any]:
    """By label: how many students, and the counters by title, in the order of the answer."""
    checkpoint = more.pop("checkpoint", None)
    found = client.query(BY, where=where(world, **more), by=by, checkpoint=checkpoint)["countsBy"]
    return {
        group["label"]: (
            group["students"],
            {
                each.pop("checkpoint")["title"]: tuple(each.values())
                for each in group["checkpoints"]
            },
        )
        for group in found
    }


def enrol_with_classes(world: World) -> None:
    """The six students in classes, two of them in none."""
    classes = {"2020010101": "二班", "2020010102": "一班", "2020010103": "一班", "2020010104": ""}
    with world.database.write() as session:
        for number, name in classes.items():
            session.execute(
                sa.update(Student).where(Student.number == number).values(class_name=name)
            )


@pytest.fixture
def decided(world: World) -> World:
    """At the library 2 of 6 passed, 1 refused, 1 not required."""
    for number, status in (
        ("2020010101", PASSED),
        ("2020010102", REFUSED),
        ("2020020101", PASSED),
    ):
        world.put(number, LIBRARY, status)
    world.put("2020010103", LIBRARY, NOT_REQUIRED, not_required_by="RULE")
    return world


def test_departments_are_counted_by_name_at_every_checkpoint(
    decided: World, sign_in: SignIn
) -> None:
    found = groups(sign_in("admin"), decided, "DEPARTMENT")
    two, four = (2, 0, 2, 0, 0), (4, 0, 4, 0, 0)
    assert list(found.items()) == [
        (GEOLOGY, (2, {SUPERVISOR: two, AFFAIRS: two, LIBRARY: (2, 1, 1, 0, 0)})),
        (MARX, (4, {SUPERVISOR: four, AFFAIRS: four, LIBRARY: (3, 1, 1, 1, 1)})),
    ]


def test_a_department_is_told_with_its_id_and_another_group_is_not(
    decided: World, sign_in: SignIn
) -> None:
    client = sign_in("affairs")
    [group] = client.query(BY, where=where(decided), by="DEPARTMENT")["countsBy"]
    assert group["department"] == {"id": decided.department(MARX), "name": MARX}
    [group] = client.query(BY, where=where(decided), by="MAJOR")["countsBy"]
    assert (group["label"], group["department"], group["students"]) == (None, None, 4)


def test_those_without_a_class_are_one_group_at_the_end(decided: World, sign_in: SignIn) -> None:
    enrol_with_classes(decided)
    found = groups(sign_in("admin"), decided, "CLASS", checkpoint=decided.checkpoint(LIBRARY))
    assert list(found.items()) == [
        ("一班", (2, {LIBRARY: (1, 0, 0, 1, 1)})),
        ("二班", (1, {LIBRARY: (1, 1, 0, 0, 0)})),
        (None, (3, {LIBRARY: (3, 1, 2, 0, 0)})),
    ]


@pytest.mark.parametrize(
    ("by", "name"),
    [
        ("DEPARTMENT", "departments"),
        ("MAJOR", "majors"),
        ("CLASS", "classes"),
        ("TRAINING_LEVEL", "trainingLevels"),
    ],
)
def test_the_list_behind_each_number_is_asked_for_with_the_group_in_the_filter(
    by: str, name: str, decided: World, sign_in: SignIn
) -> None:
    enrol_with_classes(decided)
    client = sign_in("admin")
    for group in client.query(BY, where=where(decided), by=by)["countsBy"]:
        value = group["department"]["id"] if group["department"] else group["label"] or ""
        narrowed = where(decided, **{name: [value]})
        for each in group["checkpoints"]:
            title = each.pop("checkpoint")["title"]
            for number, statuses in (
                (each["due"], ["PASSED", "PENDING", "REFUSED"]),
                (each["passed"], ["PASSED"]),
                (each["pending"], ["PENDING"]),
                (each["refused"], ["REFUSED"]),
                (each["notRequired"], ["NOT_REQUIRED"]),
            ):
                listed = client.query(
                    LIST,
                    where=narrowed,
                    checkpoint=decided.checkpoint(title),
                    statuses=statuses,
                )
                assert listed["clearances"]["totalCount"] == number
                assert listed["students"]["totalCount"] == group["students"]


def test_groups_follow_the_filter_and_end_where_the_scope_ends(
    decided: World, sign_in: SignIn
) -> None:
    at_library = {"checkpoint": decided.checkpoint(LIBRARY)}
    found = groups(sign_in("affairs"), decided, "DEPARTMENT", **at_library)
    assert found == {MARX: (4, {LIBRARY: (3, 1, 1, 1, 1)})}
    geology = {"departments": [decided.department(GEOLOGY)]}
    admin = sign_in("admin")
    assert list(groups(admin, decided, "DEPARTMENT", **geology)) == [GEOLOGY]
    assert groups(sign_in("affairs"), decided, "DEPARTMENT", **geology) == {}
    with decided.database.write() as session:
        archive = sa.update(Student).where(Student.number == "2020010102")
        session.execute(archive.values(status=StudentStatus.ARCHIVED))
    found = groups(admin, decided, "DEPARTMENT", **at_library)
    assert found[MARX] == (3, {LIBRARY: (2, 1, 1, 0, 1)})


def test_a_checkpoint_of_another_scheme_is_not_found(world: World, sign_in: SignIn) -> None:
    with world.database.write() as session:
        scheme = Scheme(name="另一方案", status=SchemeStatus.OPEN)
        session.add(scheme)
        session.flush()
        other = Checkpoint(scheme_id=scheme.id, position=1, title=LIBRARY)
        session.add(other)
        session.flush()
        checkpoint = ids.encode(Noun.CHECKPOINT, other.id)
    client = sign_in("admin")
    day = {"from": "2026-03-01", "until": "2026-03-02"}
    asked = {"where": where(world), "checkpoint": checkpoint}
    assert client.refused(BY, by="CLASS", **asked) == "NOT_FOUND"
    assert client.refused(BY_DAY, **asked, **day) == "NOT_FOUND"
    assert client.refused(BY_OPERATOR, **asked) == "NOT_FOUND"


def test_more_than_5000_numbers_are_refused(world: World, sign_in: SignIn) -> None:
    world.add_students(1_667)
    client = sign_in("admin")
    with world.database.write() as session:
        session.execute(sa.update(Student).values(class_name=Student.number))
    answer = client.execute(BY, where=where(world), by="CLASS")
    facts = {"name": "groups", "limit": "1666", "value": "1667 or more"}
    assert answer["errors"][0]["extensions"] == {"code": "LIMIT_EXCEEDED", "facts": facts}
    at_library = {"checkpoint": world.checkpoint(LIBRARY)}
    found = client.query(BY, where=where(world), by="CLASS", **at_library)["countsBy"]
    assert len(found) == 1_667 + 6


def test_a_scheme_without_checkpoints_still_tells_how_many_students_there_are(
    world: World, sign_in: SignIn
) -> None:
    with world.database.write() as session:
        for table in ("clearances", "prerequisites", "grants", "checkpoints"):
            keep = " WHERE checkpoint_id IS NOT NULL" if table == "grants" else ""
            session.execute(sa.text(f"DELETE FROM {table}{keep}"))
    assert groups(sign_in("admin"), world, "DEPARTMENT") == {GEOLOGY: (2, {}), MARX: (4, {})}


@pytest.mark.parametrize("seed", [4, 5])
def test_the_groups_of_any_history_add_up_to_the_counters(
    seed: int, chronicle: Chronicle, world: World, sign_in: SignIn
) -> None:
    chronicle.write_at_random(seed)
    enrol_with_classes(world)
    client = sign_in("admin")
    for by in ("DEPARTMENT", "MAJOR", "CLASS", "TRAINING_LEVEL"):
        found = groups(client, world, by)
        summed = {
            title: tuple(map(sum, zip(*(of[title] for _, of in found.values()), strict=True)))
            for title in world.checkpoints
        }
        assert summed == counts(client, world)
        for size, of in found.values():
            assert all(numbers[0] + numbers[4] == size for numbers in of.values())


def test_statistics_of_300_students_cost_as_many_statements_as_those_of_6(
    chronicle: Chronicle, world: World, sign_in: SignIn, statements: Statements
) -> None:
    client = sign_in("admin")
    asked: tuple[tuple[str, dict[str, Any]], ...] = (
        (BY, {"by": "DEPARTMENT"}),
        (BY, {"by": "CLASS"}),
        (BY_DAY, {"from": "2026-02-01", "until": "2026-05-01"}),
        (BY_OPERATOR, {}),
    )
    costs = []
    for added in (0, 300):
        numbers = world.add_students(added) if added else []
        chronicle.write(*(Event(FIRST, number, LIBRARY, PASSED) for number in numbers))
        for document, variables in asked:
            with statements() as seen:
                client.query(document, where=where(world), **variables)
            costs.append(len(seen))
    assert costs[:4] == costs[4:]


def test_two_lists_of_groups_fit_in_one_request_and_three_do_not(
    world: World, sign_in: SignIn
) -> None:
    client = sign_in("admin")
    document = "query($where: StudentFilter!) { %s }"
    field = "countsBy(where: $where, by: CLASS) { checkpoints { due } }"
    two, three = (" ".join(f"a{place}: {field}" for place in range(count)) for count in (2, 3))
    assert client.query(document % two, where=where(world))
    assert client.refused(document % three, where=where(world)) == "LIMIT_EXCEEDED"
