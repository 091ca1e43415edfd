"""Where the operator of the demo works, and what the counters say there."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.demo.client import Client
from local.demo.screen import say

COUNTS = """query($scheme: ID!) { counts(where: {scheme: $scheme}) {
  checkpoint { id title } due passed pending refused } }"""


@dataclass(frozen=True)
class Desk:
    """Where the operator works: the service, the round, the checkpoint, the folder for files."""

    client: Client
    scheme: str
    checkpoint: Any
    folder: Path

    def save(self, name: str, content: bytes) -> None:
        (self.folder / name).write_bytes(content)

    def counts(self) -> list[Any]:
        """The numbers of every checkpoint."""
        counts: list[Any] = self.client.ask(COUNTS, scheme=self.scheme)
        return counts


def counters(desk: Desk) -> None:
    """The numbers of one's own checkpoint, in a line."""
    [own] = [of for of in desk.counts() if of["checkpoint"]["id"] == desk.checkpoint["id"]]
    say(
        f"应办理 {own['due']} = 已通过 {own['passed']} + 未办理 {own['pending']}"
        f" + 未通过 {own['refused']}"
    )
