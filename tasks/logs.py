"""How every process of the service logs: one line of JSON an event, times in UTC."""

import structlog


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
