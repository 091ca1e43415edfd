"""One piece of work in a process of its own; what it took is printed as JSON."""

# mypy: ignore-errors
# Django is in the peers' own environment, and has no types.

import json
import resource
import sys
import time
from collections import Counter
from pathlib import Path

import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "office"}},
    INSTALLED_APPS=["import_export", "benchmarks.peers.office"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

from django.db import connection  # noqa: E402 -- the same
from import_export.formats.base_formats import XLSX  # noqa: E402 -- the same

from benchmarks.peers.office import resources  # noqa: E402 -- after Django is set up
from benchmarks.peers.office.models import (  # noqa: E402 -- the same
    TABLES,
    Checkpoint,
    Entry,
    Student,
)

KINDS = {
    "default": resources.OneByOne,
    "bulk": resources.InBulk,
    "tuned": resources.Tuned,
}
CLEARANCES = """
INSERT INTO office_clearance (student_id, checkpoint_id, status, remark, version)
SELECT student.id, checkpoint.id, '未办理', '', 1
FROM office_student AS student CROSS JOIN office_checkpoint AS checkpoint
ORDER BY student.id, checkpoint.id
"""


def fill(source: Path) -> int:
    """The tables, and the students and titles of this file."""
    given = json.loads(source.read_text())
    with connection.schema_editor() as editor:
        for table in TABLES:
            editor.create_model(table)
    Student.objects.bulk_create(Student(**each) for each in given["students"])
    Checkpoint.objects.bulk_create(Checkpoint(title=each) for each in given["titles"])
    with connection.cursor() as cursor:
        cursor.execute(CLEARANCES)
        cursor.execute("VACUUM ANALYZE")
    return len(given["students"])


def decide(kind: str, title: str, source: Path) -> dict[str, int]:
    """Import a workbook at one checkpoint."""
    checkpoint = Checkpoint.objects.get(title=title)
    dataset = XLSX().create_dataset(source.read_bytes())
    result = KINDS[kind](checkpoint).import_data(dataset)
    assert Entry.objects.filter(clearance__checkpoint=checkpoint).count() == result.totals["update"]
    return Counter(each.import_type for each in result.rows)


def export(columns: int, target: Path) -> int:
    """Every student with a column for each of the first checkpoints."""
    checkpoints = list(Checkpoint.objects.order_by("id")[:columns])
    dataset = resources.StudentResource(checkpoints).export()
    target.write_bytes(XLSX().export_data(dataset))
    return len(dataset)


def main(work: str, *words: str) -> None:
    """Do it and tell."""
    began = time.perf_counter()
    if work == "fill":
        done: object = fill(Path(words[0]))
    elif work == "export":
        done = export(int(words[0]), Path(words[1]))
    else:
        done = decide(work, words[0], Path(words[1]))
    told = {"done": done, "seconds": time.perf_counter() - began}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(told | {"peak_bytes": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
