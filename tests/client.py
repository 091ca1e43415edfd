"""A client of the API over HTTP, as a frontend would be one."""

import ssl
import time
from types import TracebackType
from typing import Any, Self

import httpx2
import orjson

JOB = """
query($id: ID!) { job(id: $id) {
  id kind status phase dryRun total staged processed applied unchanged failed unprocessed
  unknownColumns problem { code column value message }
  files { id kind name url size }
  rows(first: 100) { nodes {
    rowNumber cells key name act remark outcome code
    student { number }
    problems { code column value message }
  } }
} }
"""
# The servers speak plain HTTP; reading the system's certificates would cost 25 ms a client.
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Client:
    """One person at one address, with or without a token."""

    def __init__(self, address: str, token: str | None = None, language: str = "zh") -> None:
        headers = {"accept-language": language}
        if token:
            headers["authorization"] = f"Bearer {token}"
        self.http = httpx2.Client(
            base_url=address, headers=headers, timeout=60, verify=NO_CERTIFICATES
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.http.close()

    def execute(self, document: str, **variables: Any) -> Any:
        """The whole answer."""
        answer = self.http.post("/graphql", json={"query": document, "variables": variables})
        return orjson.loads(answer.content)

    def query(self, document: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        answer = self.execute(document, **variables)
        assert "errors" not in answer, answer
        return answer["data"]

    def refused(self, document: str, **variables: Any) -> Any:
        """The code of the first error of a query that has one."""
        answer = self.execute(document, **variables)
        return answer["errors"][0]["extensions"]["code"]

    def upload(self, content: bytes, name: str = "导入.xlsx") -> str:
        """The id of a new file."""
        answer = self.http.post("/files", params={"name": name}, content=content)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def start_import(self, content: bytes, checkpoint: str, **options: Any) -> Any:
        """The answer of startImport for a new upload."""
        return self.import_file(self.upload(content), checkpoint, **options)

    def import_file(self, file: str, checkpoint: str, **options: Any) -> Any:
        """The answer of startImport."""
        data = self.query(
            """mutation($file: ID!, $checkpoint: ID!, $matchBy: MatchBy! = AUTO,
                        $dryRun: Boolean! = false, $ifNewer: IfNewer! = KEEP,
                        $again: Boolean! = false, $sheet: String) {
              startImport(file: $file, checkpoint: $checkpoint, matchBy: $matchBy,
                          dryRun: $dryRun, ifNewer: $ifNewer, again: $again,
                          sheet: $sheet) {
                ... on Job { id status }
                ... on Refused { code message path facts { name value } }
              }
            }""",
            file=file,
            checkpoint=checkpoint,
            **options,
        )
        return data["startImport"]

    def finished(self, job: str, seconds: float = 60) -> Any:
        """The job once it has ended."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = self.query(JOB, id=job)["job"]
            if found["status"] not in {"QUEUED", "RUNNING"}:
                return found
            time.sleep(0.05)
        raise AssertionError(f"job {job} did not end in {seconds} s")

    def run_import(self, content: bytes, checkpoint: str, **options: Any) -> Any:
        """Upload, start, wait; the finished job."""
        return self.finished(self.start_import(content, checkpoint, **options)["id"])

    def download(self, path: str) -> bytes:
        """The bytes behind a path."""
        answer = self.http.get(path)
        assert answer.status_code == 200, answer.text
        return answer.content
