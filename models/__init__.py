"""The tables."""

from models.base import Base
from models.certificates import ClearanceCertificate
from models.checkpoints import Checkpoint, Prerequisite
from models.clearances import Channel, Clearance, ClearanceStatus, Entry, NotRequiredBy
from models.feeds import Feed, FeedToken
from models.files import File, FileChunk, FileKind
from models.hand_outs import (
    CohortEntitlement,
    HandOut,
    HandOutKind,
    Receiver,
    StudentEntitlement,
)
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
from models.operators import FEED_LOGIN, Grant, Operator, Reveal, Role, Session, SignInFailures
from models.schemes import Department, Scheme, SchemeStatus
from models.student_accounts import StudentAccount
from models.students import Cohort, Gender, Student, StudentChange, StudentField, StudentStatus
from models.synonyms import Synonym, SynonymKind
from models.tallies import ChangedStudents, Tally
from models.waivers import Waiver, WaiverStatus

__all__ = [
    "FEED_LOGIN",
    "Act",
    "Base",
    "ChangedStudents",
    "Channel",
    "Checkpoint",
    "Clearance",
    "ClearanceCertificate",
    "ClearanceStatus",
    "Cohort",
    "CohortEntitlement",
    "Department",
    "Entry",
    "Feed",
    "FeedToken",
    "File",
    "FileChunk",
    "FileKind",
    "Gender",
    "Grant",
    "HandOut",
    "HandOutKind",
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
    "Receiver",
    "Repair",
    "Reveal",
    "Role",
    "Scheme",
    "SchemeStatus",
    "Session",
    "SignInFailures",
    "Student",
    "StudentAccount",
    "StudentChange",
    "StudentEntitlement",
    "StudentField",
    "StudentStatus",
    "Synonym",
    "SynonymKind",
    "Tally",
    "Waiver",
    "WaiverStatus",
]
