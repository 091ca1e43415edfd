"""What all requests of one process share."""

import datetime as dt
from collections.abc import MutableMapping
from dataclasses import dataclass

import anyio

from domain.certifying.papers import Imprint
from domain.staffing.acquaintance import Acquaintance
from models.database import Database
from models.readers import Readers


@dataclass(frozen=True)
class Application:
    """`seats` and `threads` are as many as there are connections of the database.

    A request takes a seat before its first connection and keeps it while it has one: who waits,
    waits for a seat, holding nothing, and who has a seat never waits for a connection or thread.
    `sign_ins` are a part of the seats, since a sign-in is slow on purpose. `readers` have
    connections of their own, and `acquaintances` are by token.
    """

    database: Database
    readers: Readers
    acquaintances: MutableMapping[str, Acquaintance]
    seats: anyio.Semaphore
    threads: anyio.CapacityLimiter
    sign_ins: anyio.Semaphore
    session_lasts: dt.timedelta
    files_last: dt.timedelta
    imprint: Imprint
