"""The tables."""

from models.base import Base
from models.checkpoints import Checkpoint, Prerequisite
from models.clearances import Channel, Clearance, ClearanceStatus, Entry, NotRequiredBy
from models.files import File, FileChunk, FileKind
from models.idempotency import IdempotencyKey
from models.jobs import (
    Act,
    IfNewer,
    Job,
    JobCheckpoint,
    JobFile,
    JobKind,
    JobPhase,
    JobQueue,
    JobRow,
    JobStatus,
    MatchBy,
    MissingStudent,
    Outcome,
    Repair,
)
from models.operators import Grant, Operator, Reveal, Role, Session, SignInFailures
from models.schemes import Department, Scheme, SchemeStatus
from models.students import Cohort, Gender, Student, StudentChange, StudentField, StudentStatus
from models.synonyms import Synonym, SynonymKind
from models.waivers import Waiver, WaiverStatus

__all__ = [
    "Act",
    "Base",
    "Channel",
    "Checkpoint",
    "Clearance",
    "ClearanceStatus",
    "Cohort",
    "Department",
    "Entry",
    "File",
    "FileChunk",
    "FileKind",
    "Gender",
    "Grant",
    "IdempotencyKey",
    "IfNewer",
    "Job",
    "JobCheckpoint",
    "JobFile",
    "JobKind",
    "JobPhase",
    "JobQueue",
    "JobRow",
    "JobStatus",
    "MatchBy",
    "MissingStudent",
    "NotRequiredBy",
    "Operator",
    "Outcome",
    "Prerequisite",
    "Repair",
    "Reveal",
    "Role",
    "Scheme",
    "SchemeStatus",
    "Session",
    "SignInFailures",
    "Student",
    "StudentChange",
    "StudentField",
    "StudentStatus",
    "Synonym",
    "SynonymKind",
    "Waiver",
    "WaiverStatus",
]
