"""The only reader of the environment: each LIXIAO_* variable, checked, passed on as a value."""

import os
import sys
import urllib.parse
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa

T = TypeVar("T")
_PUBLIC_URL = "http://host or https://host, with a path if need be, without a slash at its end"


class BadSetting(ValueError):  # noqa: N818 -- the sentence it carries says the rest
    """A variable that cannot be used; the message names it and what is expected."""


@dataclass(frozen=True)
class Settings:
    """What an installation can choose. README.md describes every variable."""

    database_url: str
    redis_url: str
    timezone: zoneinfo.ZoneInfo
    web_connections: int
    session_hours: int
    file_days: int
    upload_bytes: int
    jobs_per_operator: int
    public_url: str
    institution: str


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the environment; raises BadSetting."""

    def read(name: str, cast: Callable[[str], T], expected: str, default: str = "") -> T:
        text = environ.get(f"LIXIAO_{name}") or default
        try:
            return cast(text)
        except (ValueError, sa.exc.ArgumentError):
            # The value may hold a password, so it is not repeated.
            state = "has a value that cannot be used" if text else "is not set"
            raise BadSetting(f"LIXIAO_{name} {state}; expected {expected}.") from None

    positive = "a whole number of at least 1"
    return Settings(
        database_url=read("DATABASE_URL", _database_url, "postgresql://user:password@host/name"),
        redis_url=read("REDIS_URL", _redis_url, "redis://host:6379/0 or unix:///path"),
        timezone=read("TIMEZONE", _timezone, "a name like Asia/Shanghai", "Asia/Shanghai"),
        web_connections=read("WEB_CONNECTIONS", _positive, positive, "10"),
        session_hours=read("SESSION_HOURS", _positive, positive, "12"),
        file_days=read("FILE_DAYS", _positive, positive, "30"),
        upload_bytes=read("UPLOAD_BYTES", _positive, positive, str(50 * 1024 * 1024)),
        jobs_per_operator=read("JOBS_PER_OPERATOR", _positive, positive, "1"),
        public_url=read("PUBLIC_URL", _public_url, _PUBLIC_URL, "http://127.0.0.1:8000"),
        institution=read("INSTITUTION", str.strip, "the name of the university"),
    )


def load_or_exit() -> Settings:
    """For a process that serves: a bad value ends it with its sentence, whoever has called."""
    try:
        return load()
    except BadSetting as bad:
        sys.stderr.write(f"{bad}\n")
        raise SystemExit(2) from None


def _database_url(value: str) -> str:
    """Whatever driver the URL names, psycopg 3 is the one that is used."""
    url = sa.make_url(value)
    if not url.drivername.startswith("postgres"):
        raise ValueError
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _redis_url(value: str) -> str:
    known = value.startswith(("redis://", "rediss://", "unix://"))
    # Reading the port checks it.
    if not known or urllib.parse.urlsplit(value).port == 0:
        raise ValueError
    return value


def _public_url(value: str) -> str:
    """It is printed, and stands before paths."""
    url = urllib.parse.urlsplit(value)
    is_plain = value.isascii() and value.isprintable() and not set(value) & set(' ?#@"<>\\')
    # Reading the port checks it.
    if url.scheme not in {"http", "https"} or not url.hostname or url.port == 0 or not is_plain:
        raise ValueError
    if value.endswith("/"):
        raise ValueError
    return value


def _timezone(value: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, OSError) as unknown:
        raise ValueError from unknown


def _positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise ValueError
    return number
