"""What one request carries: who asks, one snapshot to read from, short transactions to write.

A query reads a single snapshot however many fields it has. A write closes the snapshot, so that
what is read after it shows it.
"""

import asyncio
import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from typing import Any, Concatenate, ParamSpec, TypeVar

import anyio
import structlog
from kombu.exceptions import OperationalError
from sqlalchemy.orm import Session
from strawberry import Info

import models
from domain import errors, idempotency, moments, visitors
from domain.errors import Refusal
from domain.feeding import admission, tokens
from domain.idempotency import Asked
from domain.messages import Reader
from domain.signed_in import SignedIn
from domain.sources import Query, Row
from domain.staffing import acquaintance
from domain.staffing.acquaintance import Acquaintance
from domain.studying.student_accounts import SignedInStudent
from models.readers import Unread
from resolvers.application import Application
from resolvers.loaders import Loaders
from tasks import sending

P = ParamSpec("P")
T = TypeVar("T")
log = structlog.get_logger()
# Of cells in one answer: several times as many as the most rows of the widest list have.
CHARACTERS = 10_000_000


class Context:
    """One GraphQL operation, or one request for a file."""

    def __init__(self, application: Application, token: str | None, reader: Reader) -> None:
        self.application = application
        self.reader = reader
        self.token = token
        # Whether the operation asks for `asOf`, which is taken before its snapshot is opened.
        self.tells_moment = False
        self._moment: dt.datetime | None = None
        self._characters = 0
        self._asked: Asked | None = None
        self._lock = asyncio.Lock()
        self._has_seat = False
        self._snapshot: Session | None = None
        self._operator: SignedIn | None = None

    @cached_property
    def loaders(self) -> Loaders:
        """Those of the operation, or since its last write."""
        return Loaders(self)

    async def read(
        self,
        function: Callable[Concatenate[Session, SignedIn, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a domain function on the operation's snapshot, as the signed-in operator."""

        def work() -> T:
            session = self._open()
            operator = self._signed_in(session)
            admission.require(operator, function)
            return function(session, operator, *args, **kwargs)

        return await self._on_snapshot(work)

    async def read_as_student(
        self,
        function: Callable[Concatenate[Session, SignedInStudent, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """The same as the signed-in student, who has no other way to anything."""

        def work() -> T:
            session = self._open()
            return function(session, visitors.require_student(session, self.token), *args, **kwargs)

        return await self._on_snapshot(work)

    async def _on_snapshot(self, work: Callable[[], T]) -> T:
        async with self._lock:
            await self._take_seat()
            return await self._in_thread(work)

    async def acquaintance(self) -> Acquaintance | None:
        """Whom the session was found to belong to; None for a feed or without a token."""
        if not self.token or admission.is_of_feed(self.token):
            return None
        known = self.application.acquaintances.get(self.token)
        if known is None:
            known = await self.read(acquaintance.of, self.token)
            await self.close()
            self.application.acquaintances[self.token] = known
        return known

    async def select(self, queries: Sequence[Query]) -> Sequence[Sequence[Row]] | None:
        """The rows of statements that ask by themselves who reads; None if they cannot be read.

        Where nothing is found, it may be another who reads: who was known is forgotten.
        """
        try:
            found = await self.application.readers.select(queries)
        except Unread as error:
            log.warning("plan_not_read", error=str(error))
            return None
        if not all(found) and self.token:
            self.application.acquaintances.pop(self.token, None)
        return found

    async def signed_in(self) -> SignedIn:
        """The operator; UNAUTHENTICATED before anything else is told of a request."""
        return await self.read(admission.oneself)

    async def moment(self) -> dt.datetime:
        """What was decided later than this may be missing from the snapshot."""
        await self.signed_in()
        if self._moment is None:
            raise RuntimeError("The operation did not say that it tells its moment.")
        return self._moment

    def count_characters(self, of_cells: int) -> None:
        """A row may be long, and one operation names it any number of times: LIMIT_EXCEEDED."""
        self._characters += of_cells
        if self._characters > CHARACTERS:
            raise errors.exceeded(("characters of cells",), CHARACTERS, f"{CHARACTERS + 1} or more")

    async def viewer(self) -> SignedIn | None:
        """The operator, or None without a live session of one."""
        return await visitors.or_none(self.signed_in())

    async def student(self) -> SignedInStudent | None:
        """The student, or None without a live session of one."""
        return await visitors.or_none(self.read_as_student(visitors.oneself))

    @contextlib.contextmanager
    def under_key(self, asked: Asked) -> Iterator[None]:
        """The mutation that runs meanwhile has a client's key, which its one write takes."""
        self._asked = asked
        try:
            yield
        finally:
            self._asked = None

    async def write(
        self,
        function: Callable[Concatenate[Session, SignedIn, P], T | Refusal],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a domain function in a transaction of its own and commit it.

        A Refusal that it answers and does not raise is raised here, after what it wrote is kept.
        """
        asked, self._asked = self._asked, None

        def act(session: Session) -> T | Refusal:
            operator = visitors.require_operator(session, self.token)
            admission.require(operator, function)
            work = partial(function, session, operator, *args, **kwargs)
            return idempotency.once(session, operator, asked, work) if asked else work()

        return _raised(await self.write_as_anyone(act))

    async def write_as_student(
        self,
        function: Callable[Concatenate[Session, SignedInStudent, P], T | Refusal],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """The same as the signed-in student, for whom no key is kept."""
        asked, self._asked = self._asked, None
        if asked:
            raise errors.invalid(("idempotency_key",), asked.key[:20], "left out by students")

        def act(session: Session) -> T | Refusal:
            return function(session, visitors.require_student(session, self.token), *args, **kwargs)

        return _raised(await self.write_as_anyone(act))

    async def write_as_anyone(self, function: Callable[[Session], T]) -> T:
        """The same before sign-in."""

        def work() -> T:
            self._close()
            self._note_use()
            with self.application.database.write() as session:
                return function(session)

        async with self._lock:
            # What was loaded for an earlier mutation of the operation may have changed.
            vars(self).pop("loaders", None)
            await self._take_seat()
            try:
                return await self._in_thread(work)
            finally:
                self._leave_seat()

    async def sign_in(self, work: Callable[[Session], T | Refusal]) -> T:
        """Write before sign-in what is slow on purpose: a crowd must not take every seat, and who
        waits here holds none. A failed attempt is kept before it is raised."""
        await self.close()
        async with self.application.sign_ins:
            return _raised(await self.write_as_anyone(work))

    async def enqueue(self, job: models.Job) -> None:
        """Send a committed job to the workers. If Redis is away the sweeper sends it later."""
        try:
            await anyio.to_thread.run_sync(partial(sending.send, job, retry=False))
        except OperationalError as error:
            log.warning("job_not_sent", job_id=job.id, error=str(error))

    @property
    def is_open(self) -> bool:
        """Whether there is, or may soon be, a connection to give back."""
        return self._has_seat or self._lock.locked()

    async def close(self) -> None:
        """Give the connection back; safe to call more than once."""
        with anyio.CancelScope(shield=True):
            async with self._lock:
                if self._snapshot is not None:
                    await self._in_thread(self._close)
                self._leave_seat()

    async def _take_seat(self) -> None:
        if not self._has_seat:
            await self.application.seats.acquire()
            self._has_seat = True

    def _leave_seat(self) -> None:
        if self._has_seat:
            self.application.seats.release()
        self._has_seat = False

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(work, limiter=self.application.threads)

    def _open(self) -> Session:
        if self._snapshot is None:
            database = self.application.database
            self._note_use()
            if self.tells_moment:
                with database.write() as session:
                    self._moment = moments.settled(session)
            self._snapshot = database.open_snapshot()
        return self._snapshot

    def _note_use(self) -> None:
        """In a transaction of its own, while no other is open: what is refused is a use too."""
        if self.token and admission.is_of_feed(self.token):
            with self.application.database.write() as session:
                tokens.note_use(session, self.token)

    def _close(self) -> None:
        if self._snapshot is not None:
            self._snapshot.close()
        self._snapshot = self._operator = None

    def _signed_in(self, session: Session) -> SignedIn:
        if self._operator is None:
            self._operator = visitors.require_operator(session, self.token)
        return self._operator


def _raised(answer: T | Refusal) -> T:
    if isinstance(answer, Refusal):
        raise answer
    return answer


def of(info: Info[Any, Any]) -> Context:
    """The context of a field."""
    context: Context = info.context
    return context
