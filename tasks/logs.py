"""How every process of the service logs: one line of JSON an event, times in UTC."""

import logging
import secrets

import structlog

from domain.errors import Code, Refusal

log = structlog.get_logger()


def configure() -> None:
    """The traceback of a fault stays plain: the values of variables are personal."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )
    # A query in a URL may hold a personal number, whatever the command line says of that log.
    logging.getLogger("uvicorn.access").disabled = True


def fault(error: BaseException, **about: object) -> Refusal:
    """Log what nobody expected; what may be told of it is the id of the log's line."""
    number = secrets.token_hex(8)
    log.error("fault", id=number, exc_info=error, **about)
    return Refusal(Code.INTERNAL, {"id": number})
