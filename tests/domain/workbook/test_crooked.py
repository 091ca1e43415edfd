"""Crooked files, and honest ones that were mutated: always a code or rows, soon, never a crash."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.errors import Code
from tests import crooked, workbooks
from tests.conftest import ROOT
from tests.workbooks import Value

MEGABYTES = 1_536
EXAMPLES = 500
FILE_CODES = {
    *(Code.NOT_A_WORKBOOK, Code.FILE_ENCRYPTED, Code.FILE_DAMAGED, Code.FILE_TOO_LARGE),
    Code.FILE_HOSTILE,
}
# What the parent makes a code of (`process.Child`): the file's fault, too.
DEATHS = {-6, -9, -11, -24}


class Reader:
    """A process that reads one file after the other."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "file"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.forked_reader"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def read(self, content: bytes) -> Any:
        """How the reading of these bytes ended."""
        assert self.process.stdin
        assert self.process.stdout
        self._path.write_bytes(content)
        self.process.stdin.write(f"{self._path}\n".encode())
        self.process.stdin.flush()
        return orjson.loads(self.process.stdout.readline())


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    reader = Reader(tmp_path_factory.mktemp("crooked"))
    yield reader
    reader.process.communicate()


def ended(told: Any) -> str:
    """A file code, or "read"; a fault is none of them."""
    if told["exit"] in DEATHS:
        return "FILE_DAMAGED"
    assert told["exit"] == 0, told
    word, *carried = told["last"]
    return str(carried[0]) if word == "refused" else {"end": "read"}[word]


@pytest.mark.parametrize("name", crooked.FILES)
def test_a_crooked_file_ends_with_its_code_soon_and_within_bounds(
    name: str, reader: Reader
) -> None:
    make, codes = crooked.FILES[name]
    told = reader.read(make())
    assert ended(told) in codes, told
    assert told["seconds"] < workbooks.SOON, told
    assert told["megabytes"] < MEGABYTES, told


def zipped(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Honest files of every kind."""
    folder = tmp_path_factory.mktemp("bases")
    rows: list[Sequence[Value]] = [
        ("学号", "姓名", "办理结果", "备注"),
        (2020010101, "张思", "通过", 1.5),
        ("2020010102", "李思", True, None),
    ]
    page = "<table><tr><td>学号<td>办理结果<tr><td>2020010101<td>通过</table>"
    return [
        workbooks.content(rows),
        workbooks.xls(folder / "a.xls", rows).read_bytes(),
        "学号,办理结果\n2020010101,通过\n".encode("gb18030"),
        page.encode(),
    ]


Edit = tuple[str, float, float, bytes]
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["flip", "delete", "insert", "double", "cut", "number"]),
        st.floats(0, 1, exclude_max=True),
        st.floats(0, 1, exclude_max=True),
        st.binary(min_size=1, max_size=12),
    ),
    min_size=1,
    max_size=6,
)


def mutated(content: bytes, edits: list[Edit]) -> bytes:
    for kind, place, length, some in edits:
        at = int(place * len(content))
        until = at + int(length * min(64, len(content) - at))
        middle = {
            "flip": bytes(byte ^ some[0] for byte in content[at:until]),
            "delete": b"",
            "insert": some + content[at:until],
            "double": content[at:until] * 2,
            "cut": b"",
            "number": str(int.from_bytes(some, "big")).encode(),
        }[kind]
        content = content[:at] + middle + (b"" if kind == "cut" else content[until:])
    return content


@given(base=st.integers(0, 3), part=st.floats(0, 1, exclude_max=True), edits=EDITS)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_changed_in_a_file_it_is_read_or_refused(
    base: int, part: float, edits: list[Edit], reader: Reader, bases: list[bytes]
) -> None:
    """Of a workbook either its bytes change, or those of one part, which is then zipped anew."""
    content = bases[base]
    if base == 0 and part > 0.2:
        parts = parts_of(content)
        name = sorted(parts)[int(part * len(parts))]
        content = zipped(parts | {name: mutated(parts[name], edits)})
    else:
        content = mutated(content, edits)
    told = reader.read(content)
    assert ended(told) in {"read", *FILE_CODES}
    assert told["seconds"] < workbooks.SOON, told
