"""A house of its own for every journey, since what happens there would disturb the others."""

from collections.abc import Iterator

import pytest

import settings
from tests.journeys import large
from tests.journeys.house import House, keeping_house
from tests.world import World


@pytest.fixture
def house(values: settings.Settings) -> Iterator[House]:
    """A queue that nobody else uses; workers, beat and web server are started by the test."""
    with keeping_house(values.database_url) as house:
        yield house


@pytest.fixture
def campus(world: World) -> World:
    """20,000 students more."""
    large.add_students(world)
    return world


@pytest.fixture(scope="session")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """20,000 rows about them."""
    return large.workbook(tmp_path_factory.mktemp("large") / "large.xlsx")
