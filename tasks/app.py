"""The Celery application. A worker reads the settings when it starts, not when it is imported."""

import datetime as dt
import functools
import gc
import logging
import zoneinfo
from dataclasses import dataclass
from typing import Any

from celery import Celery, signals
from kombu.entity import Queue

import settings
from models import JobQueue
from models.database import Database
from tasks import logs

SWEEP_SECONDS = 5.0
CLEAN_SECONDS = 3600.0

QUEUES = {JobQueue.INTERACTIVE: "interactive", JobQueue.BULK: "bulk"}
BROKER = {
    # The job row brings a lost task back (upkeep.sweep); Redis must not start it a second time.
    "visibility_timeout": 24 * 3600,
    # Without Redis a request must be answered soon: the sweeper sends the job later. A worker
    # waits for messages in its event loop, where the socket's timeout does not hold.
    "max_retries": 0,
    "socket_connect_timeout": 2,
    "socket_timeout": 2,
    "socket_keepalive": True,
    # A worker of both queues takes from the first as long as there is anything.
    "queue_order_strategy": "priority",
}

app = Celery("lixiao", set_as_current=False)
app.conf.update(
    include=[
        "tasks.batches",
        "tasks.imports",
        "tasks.rosters",
        "tasks.exports",
        "tasks.hand_outs",
        "tasks.hiring",
        "tasks.student_passwords",
        *("tasks.undos", "tasks.upkeep"),
    ],
    task_ignore_result=True,
    # With these two a worker holds no message that another could run.
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    broker_transport_options=BROKER,
    broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    # In this order; what sweeps and cleans must not wait behind large work.
    task_queues=[
        Queue(name)  # type: ignore[no-untyped-call]  # kombu has no types
        for name in QUEUES.values()
    ],
    task_default_queue=QUEUES[JobQueue.INTERACTIVE],
    beat_schedule={
        "sweep": {
            "task": "upkeep.sweep",
            "schedule": SWEEP_SECONDS,
            "options": {"expires": SWEEP_SECONDS},
        },
        "clean": {"task": "upkeep.clean", "schedule": CLEAN_SECONDS},
    },
)


@dataclass(frozen=True)
class Worker:
    """What the tasks of one process share."""

    database: Database
    timezone: zoneinfo.ZoneInfo
    files_last: dt.timedelta
    jobs_per_operator: int = 1


@functools.cache
def worker() -> Worker:
    """Made in the child after the fork, at its first task: an engine does not survive a fork."""
    values = settings.load()
    # A worker that freezes longer than its lease must not hold its locks much longer.
    # A batch that the disk lost is decided again: job, rows and decisions are one transaction.
    # Two batches at once, the next one, the lease, and statistics.
    database = Database(
        values.database_url, connections=5, idle_limit_seconds=20, commits_wait=False
    )
    return Worker(
        database,
        values.timezone,
        dt.timedelta(days=values.file_days),
        values.jobs_per_operator,
    )


def broker_url(redis_url: str) -> str:
    """kombu writes redis+socket:// where redis-py writes unix://."""
    return redis_url.replace("unix://", "redis+socket://", 1)


@app.on_configure.connect  # type: ignore[untyped-decorator]  # Celery has no types
def _configure(sender: Celery, **_: Any) -> None:
    # Celery goes on after an exception of a signal, but not after an exit.
    sender.conf.broker_url = broker_url(settings.load_or_exit().redis_url)


@signals.worker_process_init.connect  # type: ignore[untyped-decorator]  # Celery has no types
def _spare_the_garbage_collector(**_: Any) -> None:
    """What was loaded before the fork stays for ever, and a batch makes many objects but hardly a
    circle: to look through them took a third of the processor time of an import."""
    gc.freeze()
    gc.set_threshold(50_000)


@signals.setup_logging.connect  # type: ignore[untyped-decorator]  # Celery has no types
def _log_as_json(**_: Any) -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logs.configure()
