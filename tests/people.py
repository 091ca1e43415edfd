"""People beyond the small university, their ids, and what two of them do at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from domain import ids
from domain.ids import Noun
from models import Grant, Operator, Role
from tests.world import World

T = TypeVar("T")


def promote(world: World, login: str) -> None:
    """A new administrator of all schemes, who sees ID numbers."""
    with world.database.write() as session:
        operator = Operator(login=login, name=f"{login} 主任")
        session.add(operator)
        session.flush()
        grant = Grant(operator_id=operator.id, role=Role.ADMINISTRATOR, may_see_id_numbers=True)
        session.add(grant)
        world.people[login] = operator.id


def public(world: World, login: str) -> str:
    """The public id of an operator."""
    return ids.encode(Noun.OPERATOR, world.people[login])


def together(act: Callable[[int], T], count: int) -> list[T]:
    """What each act answers that starts at the same moment."""
    start = threading.Barrier(count)

    def wait_and_act(place: int) -> T:
        start.wait()
        return act(place)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(wait_and_act, range(count)))
