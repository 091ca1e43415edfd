"""The service as a client sees it: GraphQL, files up and down, jobs that are watched."""

import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

import httpx2

from local.failure import Failure

JOB_SECONDS = 60
LOOK_SECONDS = 0.1
PHASES = ("STAGING", "DECIDING", "WRITING")
_JOB = """query($job: ID!) { job(id: $job) {
  id status phase dryRun total processed applied unchanged failed problem { code message }
  files { kind name url }
  rows(first: 100) { nodes { rowNumber key name outcome code problems { code message } } }
} }"""


class Client:
    """One person at one address; every refusal that is not expected is a Failure."""

    def __init__(self, address: str) -> None:
        # A proxy of the environment has no business between a machine and itself.
        self._http = httpx2.Client(base_url=address, timeout=30, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def sign_in(self, login: str, password: str) -> None:
        """Everything after this is done in the new session."""
        signed_in = self.ask(
            """mutation($login: String!, $password: String!) {
              signIn(login: $login, password: $password) {
                ... on SignedIn { token } ... on Refused { code message } } }""",
            login=login,
            password=password,
        )
        self.take(signed_in["token"])

    def sign_in_student(self, number: str, password: str) -> None:
        """The same as a student."""
        signed_in = self.ask(
            """mutation($number: String!, $password: String!) {
              signInStudent(number: $number, password: $password) {
                ... on StudentSignedIn { token } ... on Refused { code message } } }""",
            number=number,
            password=password,
        )
        self.take(signed_in["token"])

    def take(self, token: str) -> None:
        """Everything after this is done with this token."""
        self._http.headers["Authorization"] = f"Bearer {token}"

    def ask(self, document: str, **variables: object) -> Any:
        """The value of the only root field."""
        value = self._value(document, variables)
        if isinstance(value, dict) and "code" in value:
            raise Failure(f"The service refused: {value['code']} {value['message']}")
        return value

    def refusal(self, document: str, **variables: object) -> Any:
        """Why the service refuses it, as it must."""
        value = self._value(document, variables)
        if "code" not in value:
            raise Failure(f"The service did what it should have refused: {value}")
        return value

    def _value(self, document: str, variables: Mapping[str, object]) -> Any:
        body = {"query": document, "variables": variables}
        answer = self._checked(self._http.post("/graphql", json=body)).json()
        if errors := answer.get("errors"):
            raise Failure(f"The service answered: {errors[0]['message']}")
        [value] = answer["data"].values()
        return value

    def download(self, path: str) -> bytes:
        return self._checked(self._http.get(path)).content

    def upload(self, name: str, content: bytes) -> str:
        """The id of the new file."""
        answer = self._http.post("/files", params={"name": name}, content=content)
        return str(self._checked(answer).json()["id"])

    def watch(self, job: str, on_phase: Callable[[str], None]) -> Any:
        """The job once it has ended; each phase is told once, even one too short to be seen."""
        told = 0
        deadline = time.monotonic() + JOB_SECONDS
        while time.monotonic() < deadline:
            found = self.ask(_JOB, job=job)
            for phase in PHASES[told : _reached(found)]:
                on_phase(phase)
                told += 1
            if found["status"] not in {"QUEUED", "RUNNING"}:
                return _succeeded(found)
            time.sleep(LOOK_SECONDS)
        raise Failure(f"A job did not end within {JOB_SECONDS} seconds.")

    def _checked(self, answer: httpx2.Response) -> httpx2.Response:
        if answer.is_success:
            return answer
        request = answer.request
        raise Failure(f"{request.method} {request.url.path}: {answer.status_code} {answer.text}")


def _reached(job: Any) -> int:
    """How many phases have begun."""
    if job["status"] == "FINISHED":
        return len(PHASES)
    return PHASES.index(job["phase"]) + 1 if job["phase"] in PHASES else 0


def _succeeded(job: Any) -> Any:
    if job["status"] != "FINISHED":
        raise Failure(f"A job ended as {job['status']}: {job['problem']}")
    return job
