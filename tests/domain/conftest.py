"""An import that waits for a worker."""

from io import BytesIO
from pathlib import Path

import pytest

from domain import files, ids
from domain.ids import Noun
from domain.importing import imports
from domain.importing.imports import ImportRequest
from models import FileKind, Job
from tests import workbooks
from tests.domain.import_steps import KEEP
from tests.world import LIBRARY, World

ROWS = (
    ("学号", "姓名", "办理结果"),
    ("2020010101", "张思", "通过"),
    ("2020010102", "李思", "不通过"),
    ("2020010102", "李思", "不通过"),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return workbooks.xlsx(tmp_path / "import.xlsx", ROWS)


@pytest.fixture
def job(world: World, path: Path) -> Job:
    """An import that waits for a worker."""
    operator = world.operator("library")
    new = files.NewFile(operator.id, FileKind.UPLOAD, "import.xlsx", KEEP)
    with world.database.write() as session:
        upload = files.store(session, new, BytesIO(path.read_bytes()))
        request = ImportRequest(
            ids.encode(Noun.FILE, upload.id),
            [ids.encode(Noun.CHECKPOINT, world.checkpoints[LIBRARY])],
        )
        return imports.start(session, operator, request, "zh")
