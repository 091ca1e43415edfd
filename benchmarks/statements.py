"""How many statements PostgreSQL ran for a process, by its own log."""

import contextlib
import os
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
        # A large log is put aside; what one count writes into an empty one is not large.
        aside = self.path.with_name(f"{self.path.name}.1")
        os.truncate(self.path, 0)
        aside.unlink(missing_ok=True)
        self._set(log_min_duration_statement=_ALL, **_FORMAT)
        try:
            yield count
        finally:
            self._set(log_min_duration_statement=_NONE)
        assert not aside.exists(), "too many statements were counted at once"
        self._read(sender, count)

    def _set(self, **values: str) -> None:
        autocommit = self.database.engine.execution_options(isolation_level="AUTOCOMMIT")
        with autocommit.connect() as connection:
            for name, value in values.items():
                connection.execute(sa.text(f"ALTER SYSTEM SET {name} = {value}"))
            connection.execute(sa.text("SELECT pg_reload_conf()"))
        time.sleep(_RELOAD_SECONDS)

    def _read(self, sender: str, count: Count) -> None:
        with self.path.open("rb") as lines:
            for line in lines:
                found = _LINE.match(line.decode(errors="replace"))
                if found and found[1] == sender:
                    count.add(float(found[2]), found[3], found[4])
