"""A history at chosen moments: written as every change is written, and kept in Python beside."""

import datetime as dt
import random
from dataclasses import dataclass, field

from domain.deciding import changes, locked_states
from domain.deciding.changes import Author, Change
from domain.deciding.judgement import State
from models import Channel, ClearanceStatus, NotRequiredBy
from tests.world import World

FIRST = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
_LET_OFF = {
    Channel.WAIVER: NotRequiredBy.WAIVER,
    Channel.RULE: NotRequiredBy.RULE,
    Channel.ROSTER: NotRequiredBy.RULE,
}
_DECIDING = (Channel.SINGLE, Channel.BATCH, Channel.IMPORT)


def at(text: str) -> dt.datetime:
    """A moment in UTC."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class Event:
    """One change; `version` is the one it led to."""

    at: dt.datetime
    number: str
    title: str
    status: ClearanceStatus
    remark: str = ""
    login: str = "library"
    channel: Channel = Channel.SINGLE
    job_id: int | None = None
    version: int = 0

    @property
    def not_required_by(self) -> NotRequiredBy | None:
        """Why, by the way it came."""
        is_let_off = self.status is ClearanceStatus.NOT_REQUIRED
        return _LET_OFF[self.channel] if is_let_off else None


@dataclass
class Chronicle:
    """What was written, in its order."""

    world: World
    events: list[Event] = field(default_factory=list)

    def write(self, *events: Event) -> None:
        """Change clearances one after the other; moments never go back."""
        with self.world.database.write() as session:
            for event in events:
                student_id = self.world.students[event.number]
                checkpoint_id = self.world.checkpoints[event.title]
                before = locked_states.lock_clearances(session, checkpoint_id, [student_id])
                version = before[student_id].version + 1
                after = State(
                    event.status, event.remark, version, not_required_by=event.not_required_by
                )
                author = Author(
                    self.world.people[event.login], event.channel, event.at, event.job_id
                )
                change = Change(student_id, before[student_id], after)
                changes.write(session, checkpoint_id, [change], author)
                self.events.append(Event(**{**vars(event), "version": version}))

    def last(self, number: str, title: str, moment: dt.datetime) -> Event | None:
        """The change that led to the state at a moment."""
        until = [
            event
            for event in self.events
            if (event.number, event.title) == (number, title) and event.at <= moment
        ]
        return until[-1] if until else None

    def write_at_random(self, seed: int, count: int = 120, days: int = 9) -> None:
        """Changes of everybody everywhere, some at one moment, some just where a day begins."""
        chance = random.Random(seed)  # noqa: S311 -- the same for the same seed
        self.write(*(self._any(chance, at) for at in _moments(chance, count, days)))

    def _any(self, chance: random.Random, at: dt.datetime) -> Event:
        status = chance.choice(list(ClearanceStatus))
        is_let_off = status is ClearanceStatus.NOT_REQUIRED
        return Event(
            at,
            chance.choice(list(self.world.students)),
            chance.choice(list(self.world.checkpoints)),
            status,
            remark=chance.choice(["", "缺表", "已补交"]),
            login=chance.choice(["library", "affairs", "admin"]),
            channel=chance.choice(list(_LET_OFF) if is_let_off else _DECIDING),
        )


def _moments(chance: random.Random, count: int, days: int) -> list[dt.datetime]:
    # Midnight in Shanghai is at 16:00 in UTC.
    midnights = [FIRST + dt.timedelta(days=day, hours=16) for day in range(days)]
    instant = dt.timedelta(microseconds=1)
    edges = [chance.choice(midnights) - chance.choice([0, 1]) * instant for _ in range(count // 6)]
    length = int(dt.timedelta(days=days).total_seconds())
    free = [FIRST + dt.timedelta(seconds=chance.randrange(length)) for _ in range(count // 2)]
    again = [chance.choice(free) for _ in range(count - len(edges) - len(free))]
    return sorted([*edges, *free, *again])
