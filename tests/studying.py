"""Students who sign in, for tests: their accounts, and what they ask for."""

import functools
from typing import Any

from domain.staffing import sessions
from domain.studying import student_accounts
from tests.client import Client
from tests.world import World

FIRST = "离校-2026-初始"
SIGN_IN = """
mutation($number: String!, $password: String!) { signInStudent(number: $number, password: $password)
  { ... on StudentSignedIn { token expiresAt me { number isInitialPassword record { name } } }
    ... on Refused { code message path facts { name value } } } }
"""
ME = "{ me { number isInitialPassword inTheWay record { name } clearances { title status } } }"
WAY = "{ me { inTheWay } }"
CHANGE = """mutation($old: String!, $new: String!) {
  changePassword(oldPassword: $old, newPassword: $new) {
    ... on Me { number isInitialPassword } ... on Viewer { login }
    ... on Refused { code message path facts { name value } } } }"""
SIGN_OUT = """mutation { signOut { ... on Me { number record { name } } ... on Viewer { login }
  ... on Refused { code message path facts { name value } } } }"""


@functools.cache
def hashed(password: str) -> str:
    """Once for all tests: it is meant to be slow."""
    return sessions.hash_password(password)


def give_accounts(world: World, *numbers: str, password: str = FIRST) -> None:
    """First passwords."""
    with world.database.write() as session:
        student_accounts.issue(session, dict.fromkeys(numbers, hashed(password)))


def try_in(client: Client, number: str, password: str = FIRST) -> Any:
    """The answer of a sign-in."""
    return client.query(SIGN_IN, number=number, password=password)["signInStudent"]


def become(client: Client, number: str, password: str = FIRST) -> Client:
    """The same client, signed in."""
    client.http.headers["authorization"] = f"Bearer {try_in(client, number, password)['token']}"
    return client
