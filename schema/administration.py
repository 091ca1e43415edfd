"""The mutations of administrators, as a table of contents."""

import strawberry

from resolvers import configuration, enrolment, hand_outs, rosters, synonyms
from schema import idempotency
from schema.accounts import Accounts
from schema.configuration import (
    ApplicabilityResult,
    CheckpointResult,
    DepartmentResult,
    SchemeResult,
)
from schema.enrolment import StudentResult
from schema.job import JobResult
from schema.synonym import SynonymResult


@strawberry.type
class Administration(Accounts):
    """Schemes and checkpoints, students, and the words of files; who may do what is beside."""

    create_scheme = idempotency.mutation(
        resolver=configuration.create_scheme,
        graphql_type=SchemeResult,
        description="Begin a DRAFT, for administrators of all schemes: ALREADY_EXISTS.",
    )
    clone_scheme = idempotency.mutation(
        resolver=configuration.clone_scheme,
        graphql_type=SchemeResult,
        description="A DRAFT with the checkpoints of another (texts, order, rules, prerequisites)"
        " and its grants, for administrators of all schemes. Windows, which are dates of last year,"
        " and students are left out.",
    )
    rename_scheme = idempotency.mutation(
        resolver=configuration.rename_scheme,
        graphql_type=SchemeResult,
        description="Give a scheme another name: ALREADY_EXISTS, SCHEME_READ_ONLY.",
    )
    open_scheme = idempotency.mutation(
        resolver=configuration.open_scheme,
        graphql_type=SchemeResult,
        description="DRAFT or CLOSED to OPEN; else TRANSITION_NOT_ALLOWED.",
    )
    close_scheme = idempotency.mutation(
        resolver=configuration.close_scheme,
        graphql_type=SchemeResult,
        description="OPEN or ARCHIVED to CLOSED, which is read-only; else TRANSITION_NOT_ALLOWED.",
    )
    archive_scheme = idempotency.mutation(
        resolver=configuration.archive_scheme,
        graphql_type=SchemeResult,
        description="DRAFT or CLOSED to ARCHIVED; else TRANSITION_NOT_ALLOWED.",
    )
    create_checkpoint = idempotency.mutation(
        resolver=configuration.create_checkpoint,
        graphql_type=CheckpointResult,
        description="Add a checkpoint (at most 100); every student gets a clearance there, PENDING"
        " or by its rule NOT_REQUIRED. ALREADY_EXISTS, SCHEME_READ_ONLY.",
    )
    update_checkpoint = idempotency.mutation(
        resolver=configuration.update_checkpoint,
        graphql_type=CheckpointResult,
        description="Change its texts: ALREADY_EXISTS, SCHEME_READ_ONLY.",
    )
    set_checkpoint_window = idempotency.mutation(
        resolver=configuration.set_checkpoint_window,
        graphql_type=CheckpointResult,
        description="When somebody can be passed there; a moment without an offset is UTC."
        " SCHEME_READ_ONLY.",
    )
    set_prerequisites = idempotency.mutation(
        resolver=configuration.set_prerequisites,
        graphql_type=CheckpointResult,
        description="What must be PASSED or NOT_REQUIRED before somebody can be passed there:"
        " PREREQUISITE_CYCLE names a circle by its titles. What was decided stays.",
    )
    order_checkpoints = idempotency.mutation(
        resolver=configuration.order_checkpoints,
        graphql_type=SchemeResult,
        description="Put the checkpoints into another order: SCHEME_READ_ONLY.",
    )
    delete_checkpoint = idempotency.mutation(
        resolver=configuration.delete_checkpoint,
        graphql_type=SchemeResult,
        description="Delete a checkpoint with its clearances and answer its scheme;"
        " CHECKPOINT_IN_USE once there is a history entry, a job, a grant or a waiver of it.",
    )
    set_applicability = idempotency.mutation(
        resolver=configuration.set_applicability,
        graphql_type=ApplicabilityResult,
        description="To whom a checkpoint applies. PENDING turns to NOT_REQUIRED and back, each"
        " with an entry (RULE); a decision or a waiver is never touched. SCHEME_READ_ONLY.",
    )
    create_department = idempotency.mutation(
        resolver=configuration.create_department,
        graphql_type=DepartmentResult,
        description="A new department, for administrators of all schemes: ALREADY_EXISTS.",
    )
    rename_department = idempotency.mutation(
        resolver=configuration.rename_department,
        graphql_type=DepartmentResult,
        description="The same department under another name, for administrators of all schemes:"
        " ALREADY_EXISTS.",
    )
    delete_department = idempotency.mutation(
        resolver=configuration.delete_department,
        graphql_type=DepartmentResult,
        description="Take away a department without students, grants and rules, e.g. a misspelt"
        " one, for administrators of all schemes, and answer what it was: DEPARTMENT_IN_USE.",
    )
    start_roster_import = idempotency.mutation(
        resolver=rosters.start_roster_import,
        graphql_type=JobResult,
        description="Import the roster of a scheme that you administer from a workbook or csv:"
        " SCHEME_READ_ONLY. Only the columns of the file change anything. Answers the queued job;"
        " the same file once more changes nothing.",
    )
    create_student = idempotency.mutation(
        resolver=enrolment.create_student,
        graphql_type=StudentResult,
        description="Enrol one student, with a clearance at every checkpoint: KEY_TAKEN,"
        " ID_MALFORMED, SCHEME_READ_ONLY.",
    )
    update_student = idempotency.mutation(
        resolver=enrolment.update_student,
        graphql_type=StudentResult,
        description="Change a student's data; decisions stay, and the rules judge anew. KEY_TAKEN,"
        " ID_MALFORMED, SCHEME_READ_ONLY.",
    )
    archive_student = idempotency.mutation(
        resolver=enrolment.archive_student,
        graphql_type=StudentResult,
        description="Take a student out of every list and every sum; nothing is deleted."
        " SCHEME_READ_ONLY.",
    )
    restore_student = idempotency.mutation(
        resolver=enrolment.restore_student,
        graphql_type=StudentResult,
        description="Bring an archived student back, with the decisions of before, judged by the"
        " rules of today. SCHEME_READ_ONLY.",
    )
    set_cohort_entitlement = idempotency.mutation(
        resolver=hand_outs.set_cohort_entitlement,
        graphql_type=SchemeResult,
        description="What the students of a cohort are to receive in a scheme (应领项目); what was"
        " handed out stays. SCHEME_READ_ONLY.",
    )
    set_student_entitlement = idempotency.mutation(
        resolver=hand_outs.set_student_entitlement,
        graphql_type=StudentResult,
        description="What one student is to receive, and why, e.g. 毕业 without 学位; each change"
        " keeps its reason. SCHEME_READ_ONLY.",
    )
    set_synonym = idempotency.mutation(
        resolver=synonyms.put,
        graphql_type=SynonymResult,
        description="Say what a word of files means from now on; for administrators of all"
        " schemes. The words that the service writes itself are INVALID_INPUT; at most 500.",
    )
    remove_synonym = idempotency.mutation(
        resolver=synonyms.remove,
        graphql_type=SynonymResult,
        description="Take that back: the word means again what it did when it came along.",
    )
