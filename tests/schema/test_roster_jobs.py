"""What a job tells of a roster, and at which price."""

from collections.abc import Callable
from typing import Any

import pytest

from models import Job, JobKind, JobRow, MissingStudent, Outcome
from tests.client import Client
from tests.people import promote
from tests.world import World

JOBS = """
query($first: Int!) { jobs(kind: ROSTER, first: $first) { nodes {
  roster { added changed restored missing archived notArchivedReason { code } }
  missingStudents(first: 2) { totalCount nodes { number department { name } } }
  rows(first: 2) { nodes { change changes { field title old new } } }
} } }
"""
NAMED = {"field": "NAME", "old": "张思", "new": "张四"}


def add_rosters(world: World, count: int) -> None:
    """Finished rosters with a row, which do not name two of the students."""
    with world.database.write() as session:
        for _ in range(count):
            job = Job(
                kind=JobKind.ROSTER,
                operator_id=world.people["library"],
                scheme_id=world.scheme_id,
                tally={"CHANGED": 1, "missing": 2, "archived": 0},
            )
            session.add(job)
            session.flush()
            row = {"job_id": job.id, "row_number": 2, "cells": [], "key": "", "name": ""}
            session.add(JobRow(**row, outcome=Outcome.APPLIED, changes=[NAMED]))
            for number in ("2020010101", "2020020101"):
                session.add(MissingStudent(job_id=job.id, student_id=world.students[number]))


def test_rosters_of_a_page_take_as_many_statements_for_3_as_for_30(
    world: World, sign_in: Callable[[str], Client], statements: Callable[[], Any]
) -> None:
    add_rosters(world, 30)
    admin = sign_in("admin")
    counts = []
    for first in (3, 30):
        with statements() as seen:
            found = admin.query(JOBS, first=first)["jobs"]["nodes"]
        counts.append((len(found), len(seen)))

    assert counts == [(3, counts[0][1]), (30, counts[0][1])]
    assert found[0]["roster"] == {
        "added": 0, "changed": 1, "restored": 0, "missing": 2, "archived": 0,
        "notArchivedReason": None,
    }  # fmt: skip
    assert found[0]["missingStudents"]["totalCount"] == 2
    assert [each["number"] for each in found[0]["missingStudents"]["nodes"]] == [
        "2020010101", "2020020101",
    ]  # fmt: skip
    assert found[0]["rows"]["nodes"] == [
        {"change": "CHANGED", "changes": [{**NAMED, "title": "姓名"}]}
    ]


def test_a_roster_tells_what_it_was_asked_for(
    world: World, sign_in: Callable[[str], Client]
) -> None:
    promote(world, "head")
    head = sign_in("head")
    document = """mutation($file: ID!, $scheme: ID!, $cohort: Cohort, $create: Boolean!) {
      startRosterImport(file: $file, scheme: $scheme, cohort: $cohort, createDepartments: $create)
        { ... on Job { roster { cohort createDepartments } } } }"""
    file = head.upload("学号,姓名,院系\n1,新生,新院系\n".encode(), "名册.csv")
    for cohort, create in (("UNDERGRADUATE", True), (None, False)):
        values = {"scheme": world.scheme, "cohort": cohort, "create": create}
        started = head.query(document, file=file, **values)["startRosterImport"]
        assert started["roster"] == {"cohort": cohort, "createDepartments": create}


@pytest.mark.parametrize("login", ["library", "department"])
def test_whom_a_roster_does_not_name_is_for_administrators(
    world: World, sign_in: Callable[[str], Client], login: str
) -> None:
    """Also of one's own, once the right is gone."""
    add_rosters(world, 1)

    found = sign_in(login).query(JOBS, first=1)["jobs"]["nodes"]

    assert [each["missingStudents"] for each in found] == (
        [{"totalCount": 0, "nodes": []}] if login == "library" else []
    )
