"""The child process: whatever happens to it or to its parent, nothing is left behind."""

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
import pytest

from domain.errors import Code, Refusal
from domain.workbook.limits import Limits
from domain.workbook.read import Head, Row, read
from tests import workbooks

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("workbook") / "a.xlsx"
    return workbooks.xlsx(path, ([n, "通过" * 20] for n in range(1, 10_001)))


def signalling(number: signal.Signals) -> Callable[[Sequence[Head]], int]:
    def pick(heads: Sequence[Head]) -> int:
        (child,) = workbooks.readers()
        child.send_signal(number)
        return 0

    return pick


@pytest.mark.parametrize(
    ("number", "code", "name"),
    [
        (signal.SIGSEGV, Code.FILE_DAMAGED, None),
        (signal.SIGABRT, Code.FILE_DAMAGED, None),
        (signal.SIGKILL, Code.FILE_TOO_LARGE, "bytes of memory"),
        (signal.SIGXCPU, Code.FILE_TOO_LARGE, "seconds"),
    ],
)
def test_the_death_of_the_child_is_a_refusal(
    number: signal.Signals, code: Code, name: str | None, path: Path
) -> None:
    with pytest.raises(Refusal) as caught:
        list(read(path, signalling(number), file="名单.xlsx"))

    assert (caught.value.code, caught.value.facts.get("name")) == (code, name)
    assert caught.value.facts["file"] == "名单.xlsx"
    assert workbooks.readers() == []


def test_a_child_that_is_silent_for_too_long_is_ended(path: Path) -> None:
    began = time.monotonic()

    with pytest.raises(Refusal) as caught:
        list(read(path, signalling(signal.SIGSTOP), Limits(seconds=1), file="f"))

    assert caught.value.code is Code.FILE_TOO_LARGE
    assert caught.value.facts == {"name": "seconds", "limit": "1", "file": "f"}
    assert 1 <= time.monotonic() - began < 30
    assert workbooks.readers() == []


def test_the_caller_is_called_while_the_child_is_silent(path: Path) -> None:
    calls: list[float] = []

    def on_wait() -> None:
        calls.append(time.monotonic())
        if len(calls) == 2:
            workbooks.readers()[0].send_signal(signal.SIGCONT)

    # Only the second call lets the child go on.
    batches = list(read(path, signalling(signal.SIGSTOP), Limits(seconds=10), on_wait, file="f"))

    assert sum(map(len, batches)) == 10_000
    assert calls[1] - calls[0] > 0.9


def test_the_time_that_the_caller_takes_does_not_count(path: Path) -> None:
    rows = 0
    for batch in read(path, workbooks.first, Limits(seconds=1), file="f"):
        rows += len(batch)
        time.sleep(0.11)

    assert rows == 10_000


def test_a_refusal_of_the_caller_passes_as_it_is(path: Path) -> None:
    refusal = Refusal(Code.HEADER_MISSING, {"sheets": "一"})

    def pick(heads: Sequence[Head]) -> int:
        raise refusal

    with pytest.raises(Refusal) as caught:
        list(read(path, pick, file="f"))

    assert caught.value is refusal
    assert caught.value.facts == {"sheets": "一"}
    assert workbooks.readers() == []


def test_leaving_early_ends_the_child(path: Path) -> None:
    batches = read(path, workbooks.first, file="f")
    assert next(batches)[0] == Row(1, (1, "通过" * 20))
    assert len(workbooks.readers()) == 1

    batches.close()

    assert workbooks.readers() == []


def test_nothing_is_started_before_the_first_row_is_asked_for(path: Path) -> None:
    batches = read(path, workbooks.first, file="f")

    assert workbooks.readers() == []
    batches.close()


def test_the_child_sees_no_secrets_of_the_parent(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIXIAO_DATABASE_URL", "postgresql://user:secret@host/name")
    seen: dict[str, str] = {}

    def pick(heads: Sequence[Head]) -> int:
        seen.update(workbooks.readers()[0].environ())
        return 0

    list(read(path, pick, file="f"))

    assert seen["PYTHONPATH"] == str(ROOT)
    known = {"PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "LC_CTYPE", "TMPDIR"}
    assert set(seen) <= known


def test_the_child_is_bounded_by_the_kernel(path: Path) -> None:
    seen: dict[int, int] = {}
    kinds = (psutil.RLIMIT_AS, psutil.RLIMIT_CPU, psutil.RLIMIT_CORE, psutil.RLIMIT_FSIZE)

    def pick(heads: Sequence[Head]) -> int:
        (child,) = workbooks.readers()
        seen.update({kind: child.rlimit(kind)[0] for kind in kinds})
        return 0

    list(read(path, pick, Limits(memory_bytes=512 * 1024**2, seconds=7), file="f"))

    assert [seen[kind] for kind in kinds] == [512 * 1024**2, 7, 0, 0]


def test_the_child_dies_with_its_parent(path: Path) -> None:
    program = (
        "import sys, time, pathlib, psutil\n"
        "from domain.workbook.read import read\n"
        "def pick(heads):\n"
        "    print(psutil.Process().children()[0].pid, flush=True)\n"
        "    time.sleep(60)\n"
        "list(read(pathlib.Path(sys.argv[1]), pick, file='f'))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, path], cwd=ROOT, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()

    # Whoever adopts the child may take its time to collect it.
    gone = time.monotonic() + 5
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < gone
        time.sleep(0.01)


def test_many_files_can_be_read_at_once(path: Path) -> None:
    counts: list[int] = []

    def count() -> None:
        counts.append(sum(map(len, read(path, workbooks.first, file="f"))))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert counts == [10_000] * 4
    assert workbooks.readers() == []


def test_the_parent_grows_no_further_with_four_times_the_rows(tmp_path: Path) -> None:
    paths = [workbooks.repeated_text(tmp_path / f"{rows}.xlsx", rows) for rows in (1000, 4000)]
    program = (
        "import sys, pathlib\n"
        "from domain.workbook.read import read\n"
        "for path in sys.argv[1:]:\n"
        "    for _ in read(pathlib.Path(path), lambda heads: 0, file='f'): pass\n"
        "    print(pathlib.Path('/proc/self/status').read_text())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *paths], cwd=ROOT, capture_output=True, check=True
    )

    # The texts of the larger are 132 MB. Not by getrusage, which counts before the exec too.
    small, large = map(int, re.findall(rb"VmHWM:\s+(\d+) kB", done.stdout))
    assert large - small < 8 * 1024


def test_a_file_that_is_gone_is_no_refusal(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(read(tmp_path / "gone.xlsx", workbooks.first, file="f"))


def test_a_fault_of_the_caller_is_no_refusal(path: Path) -> None:
    with pytest.raises(RuntimeError, match="IndexError"):
        list(read(path, len, file="f"))

    assert workbooks.readers() == []
