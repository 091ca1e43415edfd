"""Counters by operator over HTTP: who changed what, of how many students."""

from collections.abc import Callable
from typing import Any

import pytest

from models import Channel
from tests.cases import NOT_REQUIRED, PASSED, PENDING, REFUSED
from tests.chronicle import Chronicle, Event, at
from tests.client import Client
from tests.world import AFFAIRS, LIBRARY, World

SignIn = Callable[[str], Client]
BY_OPERATOR = """
query($where: StudentFilter!, $from: Date, $until: Date, $checkpoint: ID) {
  countsByOperator(where: $where, from: $from, until: $until, checkpoint: $checkpoint) {
    operator { login } toPassed toRefused toPending toNotRequired students lastAt
  }
}
"""


@pytest.fixture
def chronicle(world: World) -> Chronicle:
    return Chronicle(world)


def test_operators_are_told_with_what_they_changed(
    chronicle: Chronicle, world: World, sign_in: SignIn
) -> None:
    chronicle.write(
        Event(at("2026-03-01T04:00:00"), "2020010101", LIBRARY, REFUSED),
        Event(at("2026-03-01T05:00:00"), "2020010101", LIBRARY, PASSED),
        Event(at("2026-03-01T06:00:00"), "2020010101", LIBRARY, PASSED, "补记"),
        Event(at("2026-03-01T07:00:00"), "2020020101", LIBRARY, PASSED),
        Event(at("2026-03-02T04:00:00"), "2020020101", LIBRARY, PENDING),
        Event(at("2026-03-03T04:00:00"), "2020010102", AFFAIRS, PASSED, login="affairs"),
        Event(
            at("2026-03-04T04:00:00"),
            "2020010102",
            AFFAIRS,
            NOT_REQUIRED,
            login="admin",
            channel=Channel.WAIVER,
        ),
    )

    def of(login: str, **more: Any) -> list[list[Any]]:
        span = {name: more.pop(name) for name in ("from", "until", "checkpoint") if name in more}
        rows = sign_in(login).query(BY_OPERATOR, where={"scheme": world.scheme} | more, **span)
        told = rows["countsByOperator"]
        return [[row["operator"]["login"], *list(row.values())[1:]] for row in told]

    admin = ["admin", 0, 0, 0, 1, 1, "2026-03-04T04:00:00+00:00"]
    affairs = ["affairs", 1, 0, 0, 0, 1, "2026-03-03T04:00:00+00:00"]
    library = ["library", 3, 1, 1, 0, 2, "2026-03-02T04:00:00+00:00"]
    assert of("admin") == [admin, affairs, library]
    in_marx = ["library", 2, 1, 0, 0, 1, "2026-03-01T06:00:00+00:00"]
    assert of("affairs") == [admin, affairs, in_marx]
    in_geology = ["library", 1, 0, 1, 0, 1, "2026-03-02T04:00:00+00:00"]
    assert of("affairs-geology") == [in_geology]
    assert of("admin", checkpoint=world.checkpoint(LIBRARY)) == [library]
    assert of("admin", numbers=["2020020101"]) == [in_geology]
    assert of("admin", **{"from": "2026-03-02", "until": "2026-03-03"}) == [
        affairs,
        ["library", 0, 0, 1, 0, 1, "2026-03-02T04:00:00+00:00"],
    ]
    assert of("admin", until="2026-02-28") == []


def test_the_days_of_an_operator_go_forward_and_may_be_more_than_400(
    world: World, sign_in: SignIn
) -> None:
    def asked(first: str, last: str) -> Any:
        return sign_in("admin").execute(
            BY_OPERATOR, where={"scheme": world.scheme}, until=last, **{"from": first}
        )

    assert asked("2001-01-01", "2026-03-01") == {"data": {"countsByOperator": []}}
    [error] = asked("2026-03-02", "2026-03-01")["errors"]
    facts = {"name": "from", "value": "2026-03-02", "expected": "not after until"}
    assert error["extensions"] == {"code": "INVALID_INPUT", "facts": facts}
    assert error["message"] == "“from”的值“2026-03-02”无效：不能晚于 until。"
