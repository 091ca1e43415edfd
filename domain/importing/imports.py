"""An import of decisions from a workbook: start it, read its file, find whom its rows name.

Every function but `start` is one transaction of a worker, safe to run again after a death.
"""

import contextlib
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from domain import errors, files, job_checkpoints, job_queues, jobs, operators
from domain.configuration import checkpoints
from domain.ids import PublicId
from domain.importing import repeats, staging
from domain.importing.staging import Part
from domain.reading import cells, lists, parts, synonyms
from domain.reading.cells import Layout
from domain.reading.parts import Sheet
from domain.reading.vocabulary import USUAL, Vocabulary
from domain.signed_in import SignedIn
from models import Checkpoint, IfNewer, Job, JobKind, MatchBy


@dataclass(frozen=True)
class ImportRequest:
    """Which file decides where, at one checkpoint or several, and how; `again`: though it did so
    before."""

    file: PublicId
    checkpoints: list[PublicId] | None = None
    match_by: MatchBy = MatchBy.AUTO
    dry_run: bool = False
    if_newer: IfNewer = IfNewer.KEEP
    sheet: str | None = None
    again: bool = False
    checkpoint: PublicId | None = None


def start(session: Session, operator: SignedIn, request: ImportRequest, language: str) -> Job:
    """A queued job, whose file the worker reads; or that of the same bytes asked for alike."""
    upload = files.upload(session, operator, request.file)
    wanted = _checkpoints(session, operator, request)
    checkpoint_ids = [each.id for each in wanted]
    for each in wanted:
        operators.require_deciding(operator, each.scheme_id, each.id)
        checkpoints.keep(session, each.id)
    job = Job(
        kind=JobKind.IMPORT,
        operator_id=operator.id,
        scheme_id=wanted[0].scheme_id,
        upload_id=upload.id,
        match_by=request.match_by,
        dry_run=request.dry_run,
        if_newer=request.if_newer,
        queue=job_queues.of_bytes(upload.size),
        options={"language": language, "sheet": request.sheet},
    )
    repeated = None if request.again else repeats.find(session, job, upload, checkpoint_ids)
    if repeated:
        return repeated
    jobs.queue(session, job)
    job_checkpoints.put(session, job, checkpoint_ids)
    return job


def _checkpoints(session: Session, operator: SignedIn, request: ImportRequest) -> list[Checkpoint]:
    """In their order, whatever the order they are named in."""
    if (request.checkpoint is None) == (request.checkpoints is None):
        expected = "exactly one of checkpoint and checkpoints"
        raise errors.invalid(("checkpoint",), request.checkpoint, expected)
    path = ("checkpoints",)
    public_ids = [request.checkpoint] if request.checkpoint else request.checkpoints or []
    if not public_ids or len(set(public_ids)) < len(public_ids):
        raise errors.invalid(path, len(public_ids), "each checkpoint once")
    found = [checkpoints.get(session, operator, each) for each in public_ids]
    if len({each.scheme_id for each in found}) > 1:
        raise errors.invalid(path, len(found), "checkpoints of one scheme")
    return sorted(found, key=lambda each: each.position)


@dataclass(frozen=True)
class Source:
    """What the reader of an upload must know; the checkpoints are in their order."""

    file_name: str
    checkpoint_titles: tuple[str, ...]
    match_by: MatchBy
    sheet: str | None = None
    vocabulary: Vocabulary = USUAL


def source(session: Session, job: Job, path: Path) -> Source:
    """Put the uploaded bytes into a file that the reader can open."""
    name = staging.fetch(session, job, path)
    checkpoint_ids = job_checkpoints.of(session, job)
    titles = tuple(session.get_one(Checkpoint, each).title for each in checkpoint_ids)
    vocabulary = synonyms.vocabulary(session)
    match_by = job.match_by or MatchBy.AUTO
    return Source(name, titles, match_by, job.options.get("sheet"), vocabulary)


@dataclass(frozen=True)
class Understood:
    """Some rows of the sheet, each for every checkpoint, and what their job keeps of the header."""

    header: Mapping[str, object]
    layouts: Sequence[Layout]
    parts: Sequence[Part]


def read_sheets(
    path: Path, about: Source, *, on_wait: Callable[[], None]
) -> Generator[Understood, None, None]:
    """The rows of the one sheet that is meant, in batches, as they are read and understood."""
    headers = parts.headers(about.checkpoint_titles, about.vocabulary)
    check = partial(parts.check, titles=about.checkpoint_titles, match_by=about.match_by)
    reading = lists.read_list(
        path, headers, check, file=about.file_name, sheet=about.sheet, on_wait=on_wait
    )
    with contextlib.closing(reading) as sheets:
        for sheet in sheets:
            yield understood(sheet, about)


def understood(sheet: Sheet, about: Source) -> Understood:
    """What rows say; whom they name is looked up later."""
    layouts = parts.layouts(sheet.layout, len(about.checkpoint_titles))
    columns = [
        {column.value: place for column, place in layout.columns.items()} for layout in layouts
    ]
    reading = staging.Reading(layouts, about.match_by, about.vocabulary.acts(cells.RESULTS))
    places = range(len(layouts))
    said = [staging.understood(row, place, reading) for row in sheet.rows for place in places]
    return Understood(sheet.header | {"columns": columns}, layouts, said)


def stage(session: Session, job_id: int, token: int, sheet: Understood, _: Source) -> None:
    """One batch of rows; a cancelled job stops here."""
    job = jobs.hold_unless_cancelled(session, job_id, token)
    if job.header is None:
        jobs.advance(session, job, header=sheet.header)
    operator = operators.load(session, job.operator_id)
    staging.stage(session, job, operator, sheet.parts, sheet.layouts)


def finish_staging(session: Session, job_id: int, token: int) -> None:
    """All rows are there: look for duplicates over the whole file."""
    staging.finish(session, jobs.hold_unless_cancelled(session, job_id, token))
