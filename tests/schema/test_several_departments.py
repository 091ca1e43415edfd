"""Lists of several departments: what the list of everybody holds, in its order."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.lists.students import StudentOrder
from tests.cases import PASSED, REFUSED
from tests.client import Client
from tests.world import AFFAIRS, GEOLOGY, LIBRARY, MARX, World

SignIn = Callable[[str], Client]
CLEARANCES = """
query($where: StudentFilter!, $orderBy: StudentOrder!, $statuses: [ClearanceStatus!],
      $first: Int, $after: String, $last: Int, $before: String) {
  clearances(where: $where, orderBy: $orderBy, statuses: $statuses,
             first: $first, after: $after, last: $last, before: $before) {
    totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


@pytest.fixture
def mixed(world: World) -> World:
    """Numbers, names and classes of both departments lie between each other."""
    departments = (MARX, GEOLOGY, GEOLOGY, MARX, "空院系")
    world.enrol(
        *(
            {"学号": f"B{place:02}", "姓名": f"陈{place % 4}", "院系": departments[place % 5]}
            | {"班级": f"{place % 3}班"}
            for place in range(15)
        )
    )
    for place in range(0, 15, 2):
        world.put(f"B{place:02}", LIBRARY, (PASSED, REFUSED)[place % 4 // 2])
    return world


@pytest.mark.parametrize("statuses", [None, ["REFUSED", "PASSED"]])
@pytest.mark.parametrize("order", StudentOrder)
def test_clearances_of_several_departments_are_those_of_each_in_one_order(
    order: StudentOrder, statuses: list[str] | None, mixed: World, sign_in: SignIn
) -> None:
    admin, both = sign_in("admin"), sign_in(mixed.hire_for("both", AFFAIRS, [MARX, GEOLOGY]))
    of_both = [mixed.department(each) for each in (MARX, GEOLOGY)]
    everything = listed(admin, mixed, None, orderBy=order, statuses=statuses)
    apart = [
        each
        for department in of_both
        for each in listed(admin, mixed, [department], orderBy=order, statuses=statuses)
    ]
    assert len(apart) < len(everything)
    expected = [each for each in everything if each in set(apart)]
    for client, departments in ((admin, of_both), (both, None), (both, of_both)):
        found = listed(client, mixed, departments, orderBy=order, statuses=statuses)
        assert found == expected
        back = listed(client, mixed, departments, size="last", orderBy=order, statuses=statuses)
        assert back == expected


def listed(
    client: Client, world: World, departments: list[str] | None, size: str = "first", **asked: Any
) -> list[str]:
    """All pages of 4, from the first or from the last one on."""
    where = {"scheme": world.scheme, "departments": departments}
    beyond, end, more = {
        "first": ("after", "endCursor", "hasNextPage"),
        "last": ("before", "startCursor", "hasPreviousPage"),
    }[size]
    found: list[str] = []
    cursor, is_more = None, True
    while is_more:
        window = {size: 4, beyond: cursor}
        page = client.query(CLEARANCES, where=where, **window, **asked)["clearances"]
        nodes = [node["id"] for node in page["nodes"]]
        found = found + nodes if size == "first" else nodes + found
        cursor, is_more = page["pageInfo"][end], page["pageInfo"][more]
    assert len(found) == page["totalCount"]
    return found
