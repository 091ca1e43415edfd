"""Exports for tests: started over HTTP, awaited, opened."""

import csv
import io
from typing import Any

import openpyxl

from tests.client import Client

# Field -> its variables, besides `file`.
VARIABLES = {
    "startExport": {
        "where": "StudentFilter!",
        "columns": "[StudentColumn!]",
        "checkpoints": "[ID!]",
        "orderBy": "StudentOrder",
        "fullIdNumbers": "Boolean",
    },
    "startClearancesExport": {
        "where": "StudentFilter!",
        "checkpoint": "ID",
        "statuses": "[ClearanceStatus!]",
        "columns": "[StudentColumn!]",
        "orderBy": "StudentOrder",
        "fullIdNumbers": "Boolean",
    },
    "startCountsExport": {
        "where": "StudentFilter!",
        "by": "ExportedCounts!",
        "checkpoint": "ID",
        "from": "Date",
        "until": "Date",
        "columns": "[CountsColumn!]",
    },
    "startHistoryExport": {"where": "EntryFilter!", "columns": "[EntryColumn!]"},
    "startDecidersExport": {"scheme": "ID!", "columns": "[DecidersColumn!]"},
}


def start(client: Client, field: str, **values: Any) -> Any:
    """The answer of one of the mutations; what is not given is left out."""
    kinds = VARIABLES[field] | {"format": "FileFormat"}
    asked = ", ".join(f"${name}: {kinds[name]}" for name in values)
    given = ", ".join(f"{name}: ${name}" for name in values)
    document = f"""mutation({asked}) {{ {field}({given}) {{
      ... on Job {{ id kind status total exported fullIdNumbers
        checkpoint {{ title }} scheme {{ name }} }}
      ... on Refused {{ code message path facts {{ name value }} }}
    }} }}"""
    return client.query(document, **values)[field]


def made(client: Client, field: str, **values: Any) -> bytes:
    """The file of an export that went well."""
    return content(client, start(client, field, **values)["id"])


def content(client: Client, job: str) -> bytes:
    """The only file of a job that went well."""
    ended = client.finished(job)
    assert (ended["status"], ended["problem"]) == ("FINISHED", None)
    [file] = ended["files"]
    return client.download(file["url"])


def xlsx(content: bytes, sheet: int = 0) -> list[list[object]]:
    """The cells of a workbook; an empty one is None."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [list(row) for row in book.worksheets[sheet].iter_rows(values_only=True)]


def text(content: bytes) -> list[list[str]]:
    """The cells of a CSV file, which begins with a byte order mark."""
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
