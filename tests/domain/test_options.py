"""What a job was asked for comes back from JSON as it was, whatever is added to a filter."""

import dataclasses
import datetime as dt
import enum
import types
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

import orjson
import pytest

from domain import options
from domain.exports import notes
from domain.exports.clearances import ClearancesRequest
from domain.exports.counts import CountsRequest
from domain.exports.deciders import DecidersRequest
from domain.exports.history import EntryColumn, HistoryRequest
from domain.exports.history_lines import HEADINGS, Line
from domain.exports.matrix import MatrixRequest
from domain.lists.student_filters import StudentFilter
from domain.reports.history import EntryFilter

REQUESTS = [MatrixRequest, ClearancesRequest, CountsRequest, HistoryRequest, DecidersRequest]
PLAIN: dict[Any, Any] = {
    str: "学号",
    int: 7,
    bool: True,
    dt.datetime: dt.datetime(2026, 6, 1, 8, 30, 5, 7, tzinfo=dt.UTC),
    dt.date: dt.date(2026, 6, 1),
}


def example(kind: Any) -> Any:
    """A value of a type with every field filled in."""
    if get_origin(kind) in {Union, types.UnionType}:
        [kind] = (each for each in get_args(kind) if each is not type(None))
    if get_origin(kind) is list:
        return [example(*get_args(kind))] * 2
    if isinstance(kind, NewType):
        return example(kind.__supertype__)
    if dataclasses.is_dataclass(kind):
        assert isinstance(kind, type)
        hints = get_type_hints(kind)
        return kind(**{each.name: example(hints[each.name]) for each in dataclasses.fields(kind)})
    if issubclass(kind, enum.Enum):
        return list(kind)[-1]
    return PLAIN[kind]


@pytest.mark.parametrize("kind", REQUESTS)
def test_every_field_of_a_request_comes_back_with_its_type(kind: type[Any]) -> None:
    request = example(kind)
    assert None not in vars(request).values()
    assert None not in vars(getattr(request, "where", request)).values()

    read = options.read(kind, orjson.loads(orjson.dumps(options.plain(request))))
    assert read == request
    assert repr(read) == repr(request)


@pytest.mark.parametrize("kind", REQUESTS)
def test_what_was_left_out_stays_so(kind: type[Any]) -> None:
    request = example(kind)
    optional = [
        each.name for each in dataclasses.fields(kind) if each.default is not dataclasses.MISSING
    ]
    bare = dataclasses.replace(request, **{each: getattr(kind, each) for each in optional})
    assert options.read(kind, orjson.loads(orjson.dumps(options.plain(bare)))) == bare


def test_an_older_request_lacks_what_was_added_since() -> None:
    read = options.read(MatrixRequest, {"where": {"scheme": "x"}, "columns": ["NAME"]})
    assert (read.where.scheme, read.where.all_clear, read.checkpoints) == ("x", None, None)


def test_a_type_that_cannot_come_back_is_a_fault() -> None:
    @dataclasses.dataclass(frozen=True)
    class Wrong:
        what: bytes

    with pytest.raises(TypeError, match="bytes"):
        options.read(Wrong, {"what": "x"})


def test_the_notes_know_every_condition_of_both_filters() -> None:
    asked = {
        each.name for kind in (StudentFilter, EntryFilter) for each in dataclasses.fields(kind)
    }
    assert asked == notes.FIELDS.keys() | {"status_at", "students"}


def test_the_columns_of_the_history_are_the_fields_of_its_lines() -> None:
    assert [column.lower() for column in EntryColumn] == list(Line._fields) == list(HEADINGS)
