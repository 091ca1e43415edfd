"""What people do at the end of the way: cleared everywhere at once, handed out to, taken back."""

from dataclasses import dataclass

import sqlalchemy as sa

from domain import ids
from domain.deciding import decisions
from domain.deciding.decisions import Origin
from domain.deciding.judgement import Decision
from domain.handing import hand_outs
from domain.handing.judgement import Handing, Item
from domain.ids import Noun
from models import Act, Channel, HandOut, HandOutKind, Receiver
from tests.model.acts import Outcomes
from tests.model.paper import Paper
from tests.world import AFFAIRS, LIBRARY, SUPERVISOR, World

_ORDER = (SUPERVISOR, AFFAIRS, LIBRARY)


@dataclass
class PassEverywhere:
    """One student at every checkpoint, in one transaction."""

    by: str
    student: str

    def prepare(self, world: World) -> None:
        """It is as it is asked for."""

    def act(self, world: World) -> Outcomes:
        origin = Origin(world.operator(self.by), Channel.SINGLE)
        decision = Decision(world.students[self.student], Act.PASS)
        told: Outcomes = {}
        with world.database.write() as session:
            for title in _ORDER:
                where = world.checkpoints[title]
                [verdict] = decisions.apply(session, where, [decision], origin)
                told[title] = (str(verdict.outcome), verdict.code)
        return told

    def on_paper(self, paper: Paper) -> Outcomes:
        return {
            title: paper.decide(self.student, title, "PASS", "", by=self.by) for title in _ORDER
        }


@dataclass
class Give:
    """The materials to one student."""

    by: str
    student: str

    def prepare(self, world: World) -> None:
        """It is as it is asked for."""

    def act(self, world: World) -> Outcomes:
        items = (Item(HandOutKind.GRADUATION_MATERIALS),)
        handing = Handing(world.students[self.student], items, Receiver.IN_PERSON)
        origin = hand_outs.Origin(world.operator(self.by))
        with world.database.write() as session:
            [verdict] = hand_outs.apply(session, world.scheme_id, [handing], origin)
        return {self.student: (str(verdict.outcome), verdict.code)}

    def on_paper(self, paper: Paper) -> Outcomes:
        return {self.student: paper.give(self.student)}


@dataclass
class TakeBack:
    """What the student had received when the round began, if anything."""

    by: str
    student: str
    hand_out: int = 0

    def prepare(self, world: World) -> None:
        mine = HandOut.student_id == world.students[self.student]
        with world.database.write() as session:
            alive = sa.select(HandOut.id).where(mine, HandOut.revoked_at.is_(None))
            self.hand_out = session.scalars(alive).one_or_none() or 0

    def act(self, world: World) -> Outcomes:
        if self.hand_out:
            public_id = ids.encode(Noun.HAND_OUT, self.hand_out)
            with world.database.write() as session:
                hand_outs.revoke(session, world.operator(self.by), public_id, "误发")
        return {}

    def on_paper(self, paper: Paper) -> Outcomes:
        if self.hand_out:
            paper.take_back(self.student, self.by)
        return {}
