"""What the tests of hiring ask for, and how."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sa

from models import Operator
from tests.client import Client
from tests.world import World

SignIn = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]
PASSWORD = "初始密码-2026"
REFUSED = "... on Refused { code message path facts { name value } }"
ANSWER = f"{{ ... on Operator {{ id login name isDisabled }} {REFUSED} }}"
CREATE = f"mutation($input: NewOperator!) {{ createOperator(input: $input) {ANSWER} }}"
RENAME = f"""mutation($operator: ID!, $name: String!) {{
  renameOperator(operator: $operator, name: $name) {ANSWER} }}"""
RESET = f"""mutation($operator: ID!, $password: String!) {{
  resetPassword(operator: $operator, password: $password) {ANSWER} }}"""
CHANGE = f"""mutation($old: String!, $new: String!) {{
  changePassword(oldPassword: $old, newPassword: $new) {{
    ... on Viewer {{ login }} {REFUSED} }} }}"""
LIST = """query($search: String, $scheme: ID, $role: Role, $isDisabled: Boolean) {
  operators(search: $search, scheme: $scheme, role: $role, isDisabled: $isDisabled, first: 100) {
    totalCount nodes { login isDisabled grants { role scheme { name } department { name } } }
  } }"""
EVERYTHING = """query($first: Int) { operators(first: $first) { nodes {
  id isDisabled lastSignInAt
  grants { id operator { name } scheme { name } checkpoint { title } department { name } }
} } }"""
VIEWER = "{ viewer { login } }"

# Without what is only told to somebody with a session.
DISABLE, END = (
    f"mutation($operator: ID!) {{ {name}(operator: $operator) {{"
    " ... on Operator { login } ... on Refused { code } } }"
    for name in ("disableOperator", "endSessions")
)
FORBIDDEN = "您没有“管理整个系统”的权限，请联系系统管理员。"


def by(name: str) -> str:
    return f"mutation($operator: ID!) {{ {name}(operator: $operator) {ANSWER} }}"


def create(client: Client, **new: Any) -> Any:
    values = {"login": "Zhang", "name": "张老师", "password": PASSWORD}
    return client.query(CREATE, input=values | new)["createOperator"]


def operators(world: World) -> list[tuple[str, str]]:
    with world.database.write() as session:
        found = session.execute(sa.select(Operator.login, Operator.name).order_by(Operator.id))
        return [(row.login, row.name) for row in found]
