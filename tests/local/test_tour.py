"""The tours of README.md, run as they stand there against `serve`."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import orjson

from local import parts
from local.demo import paper
from tests.client import Client
from tests.local.conftest import ROOT, Start, free_environment
from tests.local.test_serve import serve

README = (ROOT / "README.md").read_text(encoding="utf-8")
PASSWORD = "correct horse"
CREATE = ("-m", "cli", "create-administrator", "--login", "admin", "--name", "系统管理员")
SIGN_IN = """mutation($login: String!, $password: String!) {
  signIn(login: $login, password: $password) { ... on SignedIn { token viewer { login } } }
}"""
TEMPLATE = "{ viewer { grants { checkpoint { templateUrl } } } }"


def blocks(heading: str) -> list[str]:
    """The bash of a section."""
    section = README.split(f"\n## {heading}")[1].split("\n## ")[0]
    return re.findall(r"```bash\n(.*?)```", section, re.DOTALL)


def graduation() -> str:
    """From the scheme to the hand-out, as everybody in turn."""
    return "".join(blocks("A whole graduation"))


def functions() -> str:
    """What the first tour defines and the second uses."""
    return graduation().split("# A scheme begins")[0]


def walk(script: str, folder: Path, port: int) -> list[Any]:
    """Run it in bash; every line that it prints is an answer without an error or a refusal."""
    environment = free_environment() | {"LIXIAO_PORT": str(port), "PASSWORD": PASSWORD}
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=folder,
        env=environment | {"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    answers = [orjson.loads(line) for line in done.stdout.splitlines()]
    assert not [answer for answer in answers if "errors" in answer or is_refused(answer["data"])]
    return [answer["data"] for answer in answers]


def is_refused(data: dict[str, Any]) -> bool:
    """Whether a mutation answered a code."""
    return any("code" in answer for answer in data.values() if isinstance(answer, dict))


def cells(path: Path) -> list[list[object]]:
    """The first sheet of a workbook."""
    book = openpyxl.load_workbook(path)
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def sign_in(port: int, login: str, password: str) -> str:
    """The token."""
    with Client(f"http://127.0.0.1:{port}") as client:
        answer = client.query(SIGN_IN, login=login, password=password)["signIn"]
    assert answer["viewer"] == {"login": login}
    return str(answer["token"])


def test_the_tour_leads_from_nothing_through_a_whole_graduation(
    home: Path, start: Start, tmp_path: Path
) -> None:
    port = parts.free_port()
    _, lines = serve(start, port, "--no-demo", announced=5)
    assert "make administrator" in lines[4]
    argv = ("-m", "local", "run", "--", sys.executable, *CREATE, "--password", PASSWORD)
    told = start(*argv).communicate(timeout=60)
    assert told == ("Administrator admin can sign in now.\n", "")
    with Client(f"http://127.0.0.1:{port}", sign_in(port, "admin", PASSWORD)) as client:
        assert client.query("{ schemes { name } }") == {"schemes": []}
    (tmp_path / "cli").symlink_to(ROOT / "cli")
    answers = walk(graduation(), tmp_path, port)
    assert [answer["job"]["roster"]["added"] for answer in answers[:2]] == [14, 14]
    assert [each["sendFeed"]["applied"] for each in answers if "sendFeed" in each] == [2]
    looks = [each["me"]["inTheWay"] for each in answers if each.get("me")]
    assert looks == [
        "还有 1 个环节未办结：现在可以办理：宿舍退宿（退还钥匙）。",
        "全部环节均已办结，应领取的均已领取，祝前程似锦。",
    ]
    assert all(f"\n> {sentence}\n" in README for sentence in looks)
    assert [row[1] for row in cells(tmp_path / "signing.xlsx")[3:]] == ["2020010101"]
    assert (tmp_path / "certificate.pdf").read_bytes().startswith(b"%PDF-")
    header, *rows = cells(tmp_path / "matrix.xlsx")
    assert header[-3:] == ["图书馆", "宿舍退宿", "财务清算"]
    assert [row[-3] for row in rows] == ["已通过"] * 13 + ["未办理"]
    assert [row[-2] for row in rows].count("无需办理") == 6


def test_the_operators_tour_decides_imports_and_exports(
    home: Path, start: Start, tmp_path: Path
) -> None:
    port = parts.free_port()
    serve(start, port)
    token = sign_in(port, "xuegong", "lixiao-xuegong")
    with Client(f"http://127.0.0.1:{port}", token) as client:
        [grant] = client.query(TEMPLATE)["viewer"]["grants"]
        template = client.download(grant["checkpoint"]["templateUrl"])
    (tmp_path / ".lixiao" / "demo").mkdir(parents=True)
    (tmp_path / ".lixiao" / "demo" / "2-filled.xlsx").write_bytes(paper.fill(template))
    script = functions().rsplit("TOKEN=", 1)[0] + blocks("Work at a checkpoint")[0]
    answers = walk(script, tmp_path, port)
    assert [each for each in answers if "decide" in each] == [
        {"decide": {"status": "PASSED", "version": 2}}
    ]
    assert len(cells(tmp_path / "students.xlsx")) == 15
    assert cells(tmp_path / "failed.xlsx")[0][-4:] == ["原行号", "导入结果", "错误代码", "错误原因"]
