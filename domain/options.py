"""What a job was asked for, as its row keeps it: a dataclass to plain values, and back by type.

A field that was added since has its default, so that a job from before an upgrade still runs.
"""

import datetime as dt
import enum
import types
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from typing import Any, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
_PLAIN = (str, int, float, bool)
_MOMENTS = (dt.datetime, dt.date)


def plain(request: Any) -> dict[str, Any]:
    """The fields of a dataclass, and of those in it; JSON turns enums and moments into text."""
    return asdict(request)


def read(kind: type[T], stored: Mapping[str, Any]) -> T:
    """The dataclass that was stored."""
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind) if field.name in stored]  # type: ignore[arg-type]  # T is a dataclass
    return kind(**{name: _value(hints[name], stored[name]) for name in names})


def _value(kind: Any, stored: Any) -> Any:
    """A value of a type from what JSON made of it."""
    if get_origin(kind) in {Union, types.UnionType}:
        return None if stored is None else _value(_but_none(kind), stored)
    if get_origin(kind) is list:
        [of] = get_args(kind)
        return [_value(of, each) for each in stored]
    return _single(kind.__supertype__ if isinstance(kind, NewType) else kind, stored)


def _single(kind: Any, stored: Any) -> Any:
    if is_dataclass(kind):
        return read(kind, stored)  # type: ignore[arg-type]  # a class, not one of its values
    if issubclass(kind, _MOMENTS):
        return kind.fromisoformat(stored)
    if issubclass(kind, enum.Enum):
        return kind(stored)
    if kind in _PLAIN:
        return stored
    raise TypeError(f"{kind} cannot be read from a job's options")


def _but_none(kind: Any) -> Any:
    [only] = (each for each in get_args(kind) if each is not type(None))
    return only
