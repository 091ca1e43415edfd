"""Imports of decisions: started from an uploaded file."""

from typing import Annotated

from strawberry import Info, argument

import models
from domain.ids import PublicId
from domain.importing import imports
from domain.importing.imports import ImportRequest
from models import IfNewer, MatchBy
from resolvers import context

Sheet = Annotated[
    str | None,
    argument(
        description="The sheet to read, by its name; without it the only one with a known header."
    ),
]


async def start_import(
    info: Info,
    file: Annotated[PublicId, argument(description="The id that POST /files answered.")],
    checkpoint: Annotated[
        PublicId | None, argument(description="Where the rows decide; or give `checkpoints`.")
    ] = None,
    checkpoints: Annotated[
        list[PublicId] | None,
        argument(
            description="Where the rows decide, of one scheme; each has a result column of its own,"
            " headed by its title. They are decided in checkpoint order, whatever the order here."
        ),
    ] = None,
    match_by: Annotated[
        MatchBy, argument(description="By which number rows name students.")
    ] = MatchBy.AUTO,
    dry_run: Annotated[bool, argument(description="Judge every row, write nothing.")] = False,
    if_newer: Annotated[
        IfNewer, argument(description="What was decided after the upload: keep or override it.")
    ] = IfNewer.KEEP,
    sheet: Sheet = None,
    again: Annotated[
        bool,
        argument(
            description="Import though you imported the same bytes there with the same options;"
            " else the answer is that job, unless it failed, was cancelled or undone."
        ),
    ] = False,
) -> models.Job:
    """Commit the job, then send its id."""
    here = context.of(info)
    request = ImportRequest(
        file, checkpoints, match_by, dry_run, if_newer, sheet, again, checkpoint=checkpoint
    )
    job = await here.write(imports.start, request, here.reader.language)
    await here.enqueue(job)
    return job
