"""The hash of a body: of what was asked, whatever its order, and of nothing else."""

import datetime as dt

from domain.batches import BatchRequest, Selection
from domain.idempotency import Asked
from domain.ids import PublicId
from models import Act

MOMENT = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


def test_the_order_of_arguments_does_not_count() -> None:
    given = {"act": Act.PASS, "opens_at": MOMENT, "remark": None}
    turned = dict(reversed(given.items()))
    assert Asked("decide", "1" * 8, given).body_hash == Asked("decide", "1" * 8, turned).body_hash


def test_every_value_counts_and_so_does_the_key() -> None:
    def asked(key: str, remark: str, act: Act = Act.PASS) -> bytes:
        request = BatchRequest(PublicId("checkpoint"), Selection(numbers=["1"]), act, remark)
        return Asked("decideMany", key, {"request": request}).body_hash

    hashes = [
        asked("1" * 8, "齐"),
        asked("1" * 8, "缺"),
        asked("1" * 8, "齐", Act.REFUSE),
        asked("2" * 8, "齐"),
    ]
    assert len(set(hashes)) == len(hashes)
    assert asked("1" * 8, "齐") == hashes[0]
