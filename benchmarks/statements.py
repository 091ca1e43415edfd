"""How many statements PostgreSQL ran for a process, by its own log."""

import contextlib
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from models.database import Database

# After the name of the process that sent it; parameters stay out.
_FORMAT = {"log_line_prefix": "'%a|'", "log_parameter_max_length": "0"}
_ALL, _NONE = "0", "-1"
_RELOAD_SECONDS = 0.5
_LINE = re.compile(
    r"^(\w+)\|LOG:  duration: ([\d.]+) ms  (statement|parse|bind|execute)[^:]*: (\w*)"
)
_FRAMES = frozenset({"BEGIN", "COMMIT", "ROLLBACK"})


@dataclass
class Count:
    """What one process sent; a transaction's own BEGIN and COMMIT are apart."""

    statements: int = 0
    transactions: int = 0
    seconds: float = 0.0

    def add(self, milliseconds: float, step: str, verb: str) -> None:
        """One line of the log."""
        self.seconds += milliseconds / 1000
        self.transactions += verb == "BEGIN"
        self.statements += step in {"statement", "execute"} and verb not in _FRAMES


@dataclass(frozen=True)
class StatementLog:
    """PostgreSQL's log; statements are in it only while they are counted."""

    path: Path
    database: Database

    @contextlib.contextmanager
    def counting(self, sender: str) -> Iterator[Count]:
        """The count is there when the block is done."""
        count = Count()
        self._set(log_min_duration_statement=_ALL, **_FORMAT)
        start = self.path.stat().st_size
        try:
            yield count
        finally:
            self._set(log_min_duration_statement=_NONE)
        self._read(start, sender, count)

    def _set(self, **values: str) -> None:
        autocommit = self.database.engine.execution_options(isolation_level="AUTOCOMMIT")
        with autocommit.connect() as connection:
            for name, value in values.items():
                connection.execute(sa.text(f"ALTER SYSTEM SET {name} = {value}"))
            connection.execute(sa.text("SELECT pg_reload_conf()"))
        time.sleep(_RELOAD_SECONDS)

    def _read(self, start: int, sender: str, count: Count) -> None:
        assert self.path.stat().st_size >= start, "the log was emptied meanwhile"
        with self.path.open("rb") as lines:
            lines.seek(start)
            for line in lines:
                found = _LINE.match(line.decode(errors="replace"))
                if found and found[1] == sender:
                    count.add(float(found[2]), found[3], found[4])
