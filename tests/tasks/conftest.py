"""Who sends files of operators, and how."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.client import Client
from tests.people import promote
from tests.tasks.operator_files import SignIn, start
from tests.workbooks import Value
from tests.world import World


@pytest.fixture
def head(world: World, sign_in: SignIn) -> Client:
    """An administrator of all schemes."""
    promote(world, "head")
    return sign_in("head")


@pytest.fixture
def send(world: World, tmp_path: Path, worker: None) -> Callable[..., Any]:
    """Upload rows as a client and wait for the finished job, or let somebody else wait."""

    def run(client: Client, *rows: Sequence[Value], **options: Any) -> Any:
        onlooker = options.pop("awaited_by", client)
        return onlooker.finished(start(world, client, tmp_path, *rows, **options)["id"])

    return run
