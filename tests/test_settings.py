"""What the environment may say, and how a bad value is told."""

import pytest

import settings

GIVEN = {
    "LIXIAO_DATABASE_URL": "postgresql://lixiao:geheim@db.example:5433/lixiao",
    "LIXIAO_REDIS_URL": "redis://:geheim@queue.example:6379/0",
}


def test_two_variables_are_enough() -> None:
    values = settings.load(GIVEN)
    assert values.database_url == "postgresql+psycopg://lixiao:geheim@db.example:5433/lixiao"
    assert values.redis_url == "redis://:geheim@queue.example:6379/0"
    assert values.timezone.key == "Asia/Shanghai"
    assert (values.web_connections, values.session_hours, values.file_days) == (10, 12, 30)
    assert values.upload_bytes == 50 * 1024 * 1024
    assert (values.public_url, values.institution) == ("http://127.0.0.1:8000", "")


def test_every_variable_is_read() -> None:
    numbers = ("WEB_CONNECTIONS", "SESSION_HOURS", "FILE_DAYS", "UPLOAD_BYTES")
    given = {f"LIXIAO_{name}": str(number) for number, name in enumerate(numbers, 1)}
    given |= {
        "LIXIAO_TIMEZONE": "Europe/Berlin",
        "LIXIAO_PUBLIC_URL": "https://lixiao.example:8443/graduate",
        "LIXIAO_INSTITUTION": " 中国地质大学 ",
    }
    values = settings.load(GIVEN | given)
    assert values.timezone.key == "Europe/Berlin"
    assert [values.web_connections, values.session_hours, values.file_days] == [1, 2, 3]
    assert values.upload_bytes == 4
    assert values.public_url == "https://lixiao.example:8443/graduate"
    assert values.institution == "中国地质大学"


def test_an_empty_variable_is_one_that_is_not_set() -> None:
    assert settings.load(GIVEN | {"LIXIAO_SESSION_HOURS": ""}).session_hours == 12


@pytest.mark.parametrize(
    ("url", "used"),
    [
        ("postgres://u@db/x", "postgresql+psycopg://u@db/x"),
        ("postgresql+asyncpg://u@db/x", "postgresql+psycopg://u@db/x"),
        ("postgresql:///x?host=/run/pg", "postgresql+psycopg:///x?host=%2Frun%2Fpg"),
    ],
)
def test_psycopg_is_used_whatever_driver_is_named(url: str, used: str) -> None:
    assert settings.load(GIVEN | {"LIXIAO_DATABASE_URL": url}).database_url == used


UNUSABLE = "has a value that cannot be used"
DATABASE = "expected postgresql://user:password@host/name."
REDIS = "expected redis://host:6379/0 or unix:///path."
PUBLIC = "expected http://host or https://host, with a path if need be, without a slash at its end."
TIMEZONE = "expected a name like Asia/Shanghai."
NUMBER = "expected a whole number of at least 1."


@pytest.mark.parametrize(
    ("name", "value", "state", "expected"),
    [
        ("DATABASE_URL", "", "is not set", DATABASE),
        ("DATABASE_URL", "geheim", UNUSABLE, DATABASE),
        ("DATABASE_URL", "mysql://u:geheim@db/x", UNUSABLE, DATABASE),
        ("DATABASE_URL", "sqlite:///geheim", UNUSABLE, DATABASE),
        ("DATABASE_URL", "postgresql://u:geheim@db:port/x", UNUSABLE, DATABASE),
        ("REDIS_URL", "", "is not set", REDIS),
        ("REDIS_URL", "amqp://u:geheim@queue", UNUSABLE, REDIS),
        ("REDIS_URL", "redis:geheim", UNUSABLE, REDIS),
        ("REDIS_URL", "redis://:geheim@queue:port/0", UNUSABLE, REDIS),
        ("REDIS_URL", "redis://:geheim@queue:0/0", UNUSABLE, REDIS),
        ("TIMEZONE", "Asia/Geheim", UNUSABLE, TIMEZONE),
        ("TIMEZONE", "../geheim", UNUSABLE, TIMEZONE),
        ("WEB_CONNECTIONS", "0", UNUSABLE, NUMBER),
        ("SESSION_HOURS", "-1", UNUSABLE, NUMBER),
        ("FILE_DAYS", "1.5", UNUSABLE, NUMBER),
        ("UPLOAD_BYTES", "50 MB", UNUSABLE, NUMBER),
        ("PUBLIC_URL", "geheim.example", UNUSABLE, PUBLIC),
        ("PUBLIC_URL", "ftp://geheim.example", UNUSABLE, PUBLIC),
        ("PUBLIC_URL", "https://", UNUSABLE, PUBLIC),
        ("PUBLIC_URL", "https://geheim.example/", UNUSABLE, PUBLIC),
        ("PUBLIC_URL", "https://u:geheim@host", UNUSABLE, PUBLIC),
        ("PUBLIC_URL", "https://host:geheim", UNUSABLE, PUBLIC),
        ("PUBLIC_URL", "https://host:0", UNUSABLE, PUBLIC),
        ("PUBLIC_URL", "https://host?geheim", UNUSABLE, PUBLIC),
        ("PUBLIC_URL", "https://host/geheim#x", UNUSABLE, PUBLIC),
        ("PUBLIC_URL", "https://离校.example", UNUSABLE, PUBLIC),
    ],
)
def test_a_bad_value_is_named_and_not_repeated(
    name: str, value: str, state: str, expected: str
) -> None:
    with pytest.raises(settings.BadSetting) as bad:
        settings.load(GIVEN | {f"LIXIAO_{name}": value})
    assert str(bad.value) == f"LIXIAO_{name} {state}; {expected}"
    assert bad.value.__cause__ is None
    assert "geheim" not in str(bad.value).lower()
