"""One sentence that names what is still in a student's way, and first what they can do now."""

import datetime as dt
import enum
from collections.abc import Sequence

from domain.deciding import gate
from domain.messages import Reader
from domain.studying.me import Me, OwnClearance
from models import ClearanceStatus, SchemeStatus


class Step(enum.Enum):
    """What a student can do about an open clearance, in the order in which it is told."""

    NOW = "NOW"
    AFTER_REFUSAL = "AFTER_REFUSAL"
    AFTER_OTHERS = "AFTER_OTHERS"
    LATER = "LATER"
    TOO_LATE = "TOO_LATE"


Pair = tuple[str, str]
_NOWHERE: Pair = (
    "学号 {number} 目前不在任何开放的离校方案中，请联系所在院系。",
    "The student number {number} is in no scheme that is open; ask your department.",
)
_NOTHING: Pair = (
    "离校方案“{scheme}”还没有设置环节，请过些时候再查看。",
    "The scheme “{scheme}” has no checkpoints yet; look again later.",
)
_CLEAR: Pair = ("全部环节均已办结，没有未办事项。", "You are cleared everywhere; nothing is open.")
_READY: Pair = (
    "全部环节均已办结，没有未办事项；可领取{kinds}。",
    "You are cleared everywhere; nothing is open. You may receive: {kinds}.",
)
_RECEIVED: Pair = (
    "全部环节均已办结，应领取的均已领取，祝前程似锦。",
    "You are cleared everywhere and have received everything; all the best.",
)
_READ_ONLY: Pair = (
    "离校方案“{scheme}”已关闭，不再办理，尚有 {count} 个环节未办结：{titles}；请联系所在院系。",
    "The scheme “{scheme}” is closed and nothing is decided any more; still open ({count}):"
    " {titles}; ask your department.",
)
_COMMA: Pair = ("，", ", ")
_OPEN: Pair = ("还有 {count} 个环节未办结：{parts}。", "Still open ({count}): {parts}.")
# What a group of them begins with, and how each is told.
_GROUPS: dict[Step, tuple[Pair, Pair]] = {
    Step.NOW: (("现在可以办理", "you can do now"), ("{title}{told}", "{title}{told}")),
    Step.AFTER_REFUSAL: (
        ("未通过，请按原因处理后再次办理", "refused, settle why and come again"),
        ("{title}{told}", "{title}{told}"),
    ),
    Step.AFTER_OTHERS: (
        ("须先办结前置环节", "waiting for others"),
        ("{title}（先办 {others}）", "{title} (after {others})"),
    ),
    Step.LATER: (
        ("尚未开放", "not open yet"),
        ("{title}（{opens} 起）", "{title} (from {opens})"),
    ),
    Step.TOO_LATE: (
        ("已截止，请联系该环节", "closed, ask there"),
        ("{title}（{closes} 截止{contact}）", "{title} (since {closes}{contact})"),
    ),
}


def step(clearance: OwnClearance, at: dt.datetime) -> Step:
    """What can be done about an open clearance. What was refused is settled outside of any window,
    and before whatever else is still to be passed."""
    if clearance.closes_at and clearance.closes_at <= at:
        return Step.TOO_LATE
    if clearance.status is ClearanceStatus.REFUSED:
        return Step.AFTER_REFUSAL
    if clearance.opens_at and clearance.opens_at > at:
        return Step.LATER
    return Step.AFTER_OTHERS if clearance.open_prerequisites else Step.NOW


def sentence(me: Me, reader: Reader) -> str:
    """What is in the way, in the reader's language."""
    if me.record is None:
        return reader.text(_NOWHERE, number=me.account.number)
    scheme = me.record.scheme_name
    if not me.clearances:
        return reader.text(_NOTHING, scheme=scheme)
    left = [each for each in me.clearances if each.status in gate.OPEN]
    if not left:
        return _clear(me, reader)
    if me.record.scheme_status is not SchemeStatus.OPEN:
        titles = reader.listed([each.title for each in left])
        return reader.text(_READ_ONLY, scheme=scheme, count=len(left), titles=titles)
    steps = [(step(each, me.at), each) for each in left]
    groups = [(kind, [each for found, each in steps if found is kind]) for kind in Step]
    parts = [_group(kind, found, reader) for kind, found in groups if found]
    return reader.text(_OPEN, count=len(left), parts=reader.text(("；", "; ")).join(parts))


def _clear(me: Me, reader: Reader) -> str:
    if not me.may_receive:
        return reader.text(_RECEIVED if me.to_receive else _CLEAR)
    if me.record and me.record.scheme_status is not SchemeStatus.OPEN:
        return reader.text(_CLEAR)
    return reader.text(_READY, kinds=reader.listed([reader.word(each) for each in me.may_receive]))


def _group(kind: Step, clearances: Sequence[OwnClearance], reader: Reader) -> str:
    beginning, form = _GROUPS[kind]
    named = [reader.text(form, **_facts(each, reader)) for each in clearances]
    return reader.text(
        ("{what}：{named}", "{what}: {named}"),
        what=reader.text(beginning),
        named=reader.listed(named),
    )


def _facts(clearance: OwnClearance, reader: Reader) -> dict[str, object]:
    """What is told beside the title: the reason of a refusal, else what is required, and where."""
    about = clearance.remark or clearance.requirement
    told = reader.text(_COMMA).join(filter(None, (about, clearance.place)))
    opens, closes = clearance.opens_at, clearance.closes_at
    return {
        "title": clearance.title,
        "told": told and reader.text(("（{told}）", " ({told})"), told=told),
        "others": reader.listed(clearance.open_prerequisites),
        "opens": reader.moment(opens) if opens else "",
        "closes": reader.moment(closes) if closes else "",
        "contact": clearance.contact and reader.text(_COMMA) + clearance.contact,
    }
