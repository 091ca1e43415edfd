"""Who sets up schemes, for the tests of that."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.client import Client
from tests.schema.configuring import SignIn, hire_head
from tests.schema.handing import clear
from tests.world import World


@pytest.fixture
def admin(world: World, sign_in: SignIn) -> Client:
    """The administrator of the scheme."""
    return sign_in("admin")


@pytest.fixture
def head(world: World, sign_in: SignIn) -> Client:
    """An administrator of all schemes."""
    hire_head(world)
    return sign_in("head")


@pytest.fixture
def department(world: World, sign_in: SignIn) -> Client:
    """Who hands out to NUMBER, who is clear."""
    clear(world)
    return sign_in("department")


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Requests beside this one."""
    with ThreadPoolExecutor(4) as pool:
        yield pool
