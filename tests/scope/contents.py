"""Every line of the table and every hostile request, of every part of the house."""

from tests.scope import (
    back_office,
    certifying,
    configuration,
    desk,
    enrolment,
    exporting,
    feeding,
    handing,
    hiring,
    history_lines,
    hostile,
    studying,
    table,
    waiving,
)

FIELDS = (
    *table.FIELDS,
    *configuration.LINES,
    *enrolment.LINES,
    *hiring.LINES,
    *waiving.LINES,
    *back_office.LINES,
    *history_lines.LINES,
    *exporting.LINES,
    *desk.LINES,
    *feeding.LINES,
    *handing.LINES,
    *certifying.LINES,
    *studying.LINES,
)
ROUTES = (*table.ROUTES, *certifying.ROUTES)
# Together they use every argument and every input field that takes a text or an id.
REQUESTS = (
    *hostile.REQUESTS,
    *back_office.REQUESTS,
    *configuration.REQUESTS,
    *enrolment.REQUESTS,
    *waiving.REQUESTS,
    *desk.REQUESTS,
    *feeding.REQUESTS,
    *handing.REQUESTS,
    *certifying.REQUESTS,
    *studying.REQUESTS,
)
