"""Several people at once, on connections of their own: it is as if they had come one by one.

In each round some act at the same moment. What they are told, and where everybody stands then,
must be what the rules on paper lead to in some order of their acts.
"""

import itertools
import threading
from collections import Counter
from typing import ClassVar

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from models import Clearance, Entry, HandOut, Job, JobRow, Outcome, Role
from models.database import Database
from tests import emptying
from tests.model.acts import (
    Batch,
    Decide,
    Deed,
    Import,
    Move,
    Outcomes,
    Repair,
    SetRule,
    Undo,
)
from tests.model.graduation import Give, PassEverywhere, TakeBack
from tests.model.paper import Paper, Sheet
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

PEOPLE = ("admin", "other")
NUMBERS = ("2020010101", "2020010102", "2020020101")
PLACES = (SUPERVISOR, AFFAIRS, LIBRARY)
ALL = ("2020010101", "2020010102", "2020010103", "2020010104", "2020020101", "2020020102")

_by = st.sampled_from(PEOPLE)
_student = st.sampled_from(NUMBERS)
_students = st.lists(_student, min_size=1, max_size=3, unique=True)
_where = st.sampled_from(PLACES)
_act = st.sampled_from(["PASS", "PASS", "REFUSE", "RESET"])
_remark = st.sampled_from(["", "缺表"])
_lines = st.dictionaries(
    _student, st.tuples(st.sampled_from(["PASS", "REFUSE", "NONE"]), _remark), min_size=1
)
_place = st.integers(0, 50)
PLANS = st.one_of(
    st.builds(Decide, _by, _student, _where, _act, _remark),
    st.builds(Batch, _by, students=_students, where=_where, act_=_act, remark=_remark),
    st.builds(Import, _by, where=_where, lines=_lines),
    st.builds(Undo, _by, of=_place),
    st.builds(Repair, _by, job=_place),
    st.builds(
        SetRule, _by, st.just(LIBRARY), st.sampled_from(["everybody", "nobody", "dormitory"])
    ),
    st.builds(Move, _by, _student, st.booleans()),
    st.builds(PassEverywhere, _by, _student),
    st.builds(Give, _by, _student),
    st.builds(TakeBack, _by, _student),
)


class Office(RuleBasedStateMachine):
    """The service, and the same on paper."""

    database: ClassVar[Database]

    @initialize()
    def open(self) -> None:
        emptying.empty(self.database.engine)
        self.world = World.build(self.database)
        self.world.hire("other", role=Role.ADMINISTRATOR)
        sheets = {(number, title): Sheet() for number in ALL for title in PLACES}
        self.paper = Paper(sheets, {AFFAIRS: SUPERVISOR}, LIBRARY)
        self.ended: list[Batch | Import | Undo] = []

    @rule(plan=PLANS)
    def alone(self, plan: Deed) -> None:
        self._round([plan])

    @rule(plans=st.lists(PLANS, min_size=2, max_size=3))
    def at_once(self, plans: list[Deed]) -> None:
        self._round(plans)

    def _round(self, plans: list[Deed]) -> None:
        deeds = [deed for plan in plans if (deed := self._possible(plan))]
        used = [_about(deed) for deed in deeds if isinstance(deed, Undo | Repair | TakeBack)]
        if not deeds or len(set(used)) < len(used):
            return
        self.paper.begin()
        for deed in deeds:
            deed.prepare(self.world)
        told = self._act(deeds)
        self.paper = self._explained(deeds, told)
        self.ended += [deed for deed in deeds if isinstance(deed, Batch | Import | Undo)]
        self._check_books()

    def _possible(self, plan: Deed) -> Deed | None:
        """A fresh copy, about a job that there is."""
        if isinstance(plan, Undo):
            if not self.ended:
                return None
            return Undo(plan.by, of=self.ended[plan.of % len(self.ended)].job)
        if isinstance(plan, Repair):
            known = [each for each in self.ended if isinstance(each, Import) and _fails(each)]
            if not known:
                return None
            old = known[plan.job % len(known)]
            lines, old.lines = old.lines, {}
            return Repair(plan.by, old.job, where=old.where, lines=lines)
        return type(plan)(**vars(plan))

    def _act(self, deeds: list[Deed]) -> list[Outcomes]:
        told: list[Outcomes] = [{} for _ in deeds]
        faults: list[BaseException] = []
        door = threading.Barrier(len(deeds))

        def act(place: int, deed: Deed) -> None:
            door.wait(10)
            try:
                told[place] = deed.act(self.world)
            except BaseException as fault:  # noqa: BLE001 -- told below, in the test's own thread
                faults.append(fault)

        threads = [threading.Thread(target=act, args=pair) for pair in enumerate(deeds)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        if faults:
            raise faults[0]
        return told

    def _explained(self, deeds: list[Deed], told: list[Outcomes]) -> Paper:
        """The paper after the order that leads to what is told and to where everybody stands."""
        stands, received = self._stands(), self._received()
        seen = []
        for order in itertools.permutations(range(len(deeds))):
            paper = self.paper.copy()
            on_paper: dict[int, Outcomes] = {}
            for place in order:
                on_paper[place] = deeds[place].on_paper(paper)
            on_sheets = {key: (*sheet.state, sheet.now.by) for key, sheet in paper.sheets.items()}
            is_so = on_sheets == stands and paper.received == received
            if is_so and all(on_paper[i] == each for i, each in enumerate(told)):
                return paper
            wrong = {key: (on_sheets[key], stands[key]) for key in stands
                     if on_sheets[key] != stands[key]}  # fmt: skip
            seen.append((order, on_paper, wrong))
        raise AssertionError(f"no order explains {deeds}: {told}\non paper: {seen}")

    def _stands(self) -> dict[tuple[str, str], tuple[str, str, int, str]]:
        numbers = {key: number for number, key in self.world.students.items()}
        titles = {key: title for title, key in self.world.checkpoints.items()}
        logins = {key: login for login, key in self.world.people.items()}
        with self.database.write() as session:
            return {
                (numbers[row.student_id], titles[row.checkpoint_id]): (
                    row.status.value, row.remark, row.version, logins.get(row.operator_id or 0, ""),
                )
                for row in session.scalars(sa.select(Clearance))
            }  # fmt: skip

    def _received(self) -> set[str]:
        numbers = {key: number for number, key in self.world.students.items()}
        alive = sa.select(HandOut.student_id).where(HandOut.revoked_at.is_(None))
        with self.database.write() as session:
            return {numbers[student_id] for student_id in session.scalars(alive)}

    def _check_books(self) -> None:
        """Entries are unbroken and end where the clearance is; jobs count what their rows say."""
        with self.database.write() as session:
            clearances = session.scalars(sa.select(Clearance)).all()
            entries = session.scalars(sa.select(Entry).order_by(Entry.version)).all()
            rows = session.execute(
                sa.select(JobRow.job_id, JobRow.row_number, JobRow.outcome)
            ).all()
            jobs = session.scalars(sa.select(Job)).all()
        for clearance in clearances:
            mine = [each for each in entries if (each.student_id, each.checkpoint_id)
                    == (clearance.student_id, clearance.checkpoint_id)]  # fmt: skip
            assert [each.version for each in mine] == list(range(2, clearance.version + 1))
            before = ("PENDING", "")
            for entry in mine:
                assert (entry.old_status, entry.old_remark) == before
                before = (entry.new_status, entry.new_remark)
            assert (clearance.status, clearance.remark) == before
        made = Counter((each.job_id, each.row_number) for each in entries if each.job_id)
        assert made == Counter(
            (job_id, number) for job_id, number, outcome in rows if outcome is Outcome.APPLIED
        )
        for job in jobs:
            of = Counter(outcome for job_id, _, outcome in rows if job_id == job.id)
            counters = (job.applied, job.unchanged, job.failed)
            assert counters == (of[Outcome.APPLIED], of[Outcome.UNCHANGED], of[Outcome.FAILED])


def _about(deed: Undo | Repair | TakeBack) -> int | str:
    """The job of an earlier round, or whose hand-out."""
    if isinstance(deed, TakeBack):
        return deed.student
    return deed.of if isinstance(deed, Undo) else deed.job


def _fails(job: Import) -> bool:
    return any(act == "NONE" for act, _ in job.lines.values())


def play(database: Database, examples: int, steps: int) -> None:
    machine = type("OfficeOf", (Office,), {"database": database})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            print_blob=True,
            # Threads do not come in the same order again, so that nothing can be made smaller.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_who_acts_at_once_might_have_come_one_by_one(database: Database) -> None:
    play(database, examples=15, steps=12)


@pytest.mark.chaos
@pytest.mark.timeout(1_800)
def test_many_who_act_at_once_might_have_come_one_by_one(database: Database) -> None:
    play(database, examples=400, steps=25)
