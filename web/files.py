"""Files up and down, and templates: plain authorised HTTP, streamed both ways."""

import datetime as dt
import functools
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import PurePath
from typing import BinaryIO
from urllib.parse import quote

import anyio
import orjson
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

import models
from domain import files, ids
from domain.configuration import checkpoints
from domain.errors import Code, Refusal
from domain.ids import Noun
from domain.importing import templates
from domain.signed_in import SignedIn
from models import FileKind
from resolvers.context import Context
from web.requests import endpoint

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES = {".xlsx": XLSX, ".csv": "text/csv"}


def routes(context_for: Callable[[Request], Context], upload_bytes: int) -> list[Route]:
    """POST /files, GET /files/{id}, GET /templates/{checkpoint}.xlsx."""
    upload = functools.partial(_upload, limit=upload_bytes)
    return [
        Route("/files", endpoint(context_for, upload), methods=["POST"]),
        Route("/files/{id}", endpoint(context_for, _download), methods=["GET"]),
        Route("/templates/{checkpoint}.xlsx", endpoint(context_for, _template), methods=["GET"]),
    ]


async def _upload(context: Context, request: Request, *, limit: int) -> Response:
    """The body is the file; `?name=` its name. 201 with its id, size and SHA-256.

    It is spooled first, so that a slow client holds no transaction open.
    """
    await context.signed_in()
    await context.close()
    name = request.query_params.get("name") or "upload"
    with tempfile.TemporaryFile() as spool:
        await _receive(request, spool, limit)
        file = await context.write(_store, name, spool, context.application.files_last)
    body = {
        "id": ids.encode(Noun.FILE, file.id),
        "name": file.name,
        "size": file.size,
        "sha256": file.sha256.hex(),
        "expiresAt": file.expires_at.isoformat(),
    }
    return Response(orjson.dumps(body), status_code=201, media_type="application/json")


async def _receive(request: Request, spool: BinaryIO, limit: int) -> None:
    """The body, never more of it than is allowed, whether its length was declared or not."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        facts = {"name": "Content-Type", "value": "multipart", "expected": "the bytes as the body"}
        raise Refusal(Code.INVALID_INPUT, facts)
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise Refusal(Code.FILE_TOO_LARGE, {"name": "bytes", "limit": limit})
        await anyio.to_thread.run_sync(spool.write, chunk)
    spool.seek(0)


def _store(
    session: Session,
    operator: SignedIn,
    name: str,
    spool: BinaryIO,
    keep: dt.timedelta,
) -> models.File:
    new = files.NewFile(operator.id, FileKind.UPLOAD, name, keep)
    return files.store(session, new, spool)


async def _download(context: Context, request: Request) -> Response:
    """The bytes of a file in sight, a chunk at a time."""
    file = await context.read(files.get, request.path_params["id"])
    headers = download_headers(file.name) | {"Content-Length": str(file.size)}
    media_type = MEDIA_TYPES.get(PurePath(file.name).suffix, "application/octet-stream")
    return StreamingResponse(_chunks(context, file), media_type=media_type, headers=headers)


async def _chunks(context: Context, file: models.File) -> AsyncIterator[bytes]:
    """Nothing is held while the client takes a chunk; a stored file never changes."""
    try:
        # Not one look beyond the end: the client has all by then, and may have signed out.
        for position in range(-(-file.size // files.CHUNK_BYTES)):
            content = await context.read(_chunk, file.id, position)
            await context.close()
            if content is None:
                return
            yield content
    finally:
        await context.close()


def _chunk(session: Session, _operator: SignedIn, file_id: int, position: int) -> bytes | None:
    return files.chunk(session, file_id, position)


async def _template(context: Context, request: Request) -> Response:
    """The template of a checkpoint, pre-filled with the pending students one may decide."""
    title, content = await context.read(_write_template, request.path_params["checkpoint"])
    return Response(content, media_type=XLSX, headers=download_headers(f"{title}.xlsx"))


def _write_template(session: Session, operator: SignedIn, public_id: str) -> tuple[str, bytes]:
    checkpoint = checkpoints.get(session, operator, public_id)
    with files.scratch() as path:
        templates.write(session, operator, checkpoint, path)
        return checkpoint.title, path.read_bytes()


def download_headers(name: str) -> dict[str, str]:
    """Of what is saved under this name and kept nowhere else."""
    return {
        "Cache-Control": "no-store",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
    }
