"""One client over one kept connection; the standard library's costs the machine least."""

import http.client
import time
from collections.abc import Iterator
from typing import Any, Self
from urllib.parse import quote, urlsplit

import orjson

# Each look costs the machine a few milliseconds; the first progress is awaited more closely.
POLL_SECONDS, EAGER_SECONDS = 0.1, 0.02
SIGN_IN = """mutation($login: String!, $password: String!) {
  signIn(login: $login, password: $password) { ... on SignedIn { token } }
}"""
JOB = """query($id: ID!) { job(id: $id) {
  id status phase total processed applied unchanged failed problem { code message }
  files { url size }
} }"""


class Client:
    """Signed in at one address once `sign_in` was called or a token was given."""

    def __init__(self, address: str, token: str | None = None) -> None:
        self.address = address
        self.headers = {"content-type": "application/json", "accept-language": "zh"}
        if token:
            self.headers["authorization"] = f"Bearer {token}"
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def send(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """The body of an answer that is no failure."""
        self._connection.request(method, path, body, self.headers)
        answer = self._connection.getresponse()
        content = answer.read()
        assert answer.status < 300, content
        return content

    def query(self, document: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        body = orjson.dumps({"query": document, "variables": variables})
        answer = orjson.loads(self.send("POST", "/graphql", body))
        assert "errors" not in answer, answer
        return answer["data"]

    def sign_in(self, login: str, password: str) -> str:
        """A token."""
        token: str = self.query(SIGN_IN, login=login, password=password)["signIn"]["token"]
        return token

    def upload(self, content: bytes, name: str) -> str:
        """The id of a new file."""
        answer = orjson.loads(self.send("POST", f"/files?name={quote(name)}", content))
        return str(answer["id"])

    def watch(self, job: str) -> Iterator[dict[str, Any]]:
        """The job as it goes on, until it has ended."""
        while True:
            found: dict[str, Any] = self.query(JOB, id=job)["job"]
            yield found
            if found["status"] not in {"QUEUED", "RUNNING"}:
                return
            time.sleep(POLL_SECONDS if found["processed"] else EAGER_SECONDS)
