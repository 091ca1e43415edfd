"""Schemes (离校方案) and the departments (院系) whose students leave in them."""

import enum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Moment, one_of


class SchemeStatus(enum.StrEnum):
    """DRAFT is being set up, OPEN is decided in, CLOSED is read-only, ARCHIVED is put away."""

    DRAFT = "DRAFT"
    OPEN = "OPEN"
    CLOSED = "CLOSED"
    ARCHIVED = "ARCHIVED"


class Scheme(Base):
    """One graduation round."""

    __tablename__ = "schemes"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(sa.Text, unique=True)
    status: Mapped[SchemeStatus] = mapped_column(one_of(SchemeStatus))
    created_at: Mapped[Moment]


class Department(Base):
    """A training unit (培养单位)."""

    __tablename__ = "departments"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(sa.Text, unique=True)
