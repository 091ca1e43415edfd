"""What every table shares: names of constraints, and the column types that mean one thing each."""

import datetime as dt
import enum
from typing import Annotated, Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase, mapped_column


class Base(DeclarativeBase):
    """The root of all tables; a constraint is named after its table and columns."""

    # Each class stands for one table of its own, to which statements may be written as well.
    __table__: ClassVar[sa.Table]
    metadata = sa.MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 -- SQLAlchemy's own way to say it
        str: sa.Text,
        dt.datetime: sa.DateTime(timezone=True),
        dict[str, Any]: postgresql.JSONB,
        list[Any]: postgresql.JSONB,
    }


Id = Annotated[int, mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)]
Moment = Annotated[
    dt.datetime, mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
]


def one_of(kind: type[enum.StrEnum], name: str | None = None) -> sa.Enum:
    """A text column bound to the names of an enum by a CHECK, so that a new name is a migration."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        name=name or kind.__name__.lower(),
        length=40,
    )


def refers_to(column: str, **options: Any) -> Any:
    """A foreign key to the id of another table."""
    return mapped_column(sa.BigInteger, sa.ForeignKey(column), **options)
