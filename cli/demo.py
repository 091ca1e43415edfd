"""The manual's students, checkpoints and people, for `make demo` and `make serve`."""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from domain import operators
from domain.deciding import decisions
from domain.deciding.judgement import Decision
from domain.enrolling import roster
from domain.enrolling.roster import NewCheckpoint
from domain.staffing import accounts, sessions
from domain.studying import student_accounts
from models import Act, Channel, Cohort, Department, Grant, Operator, Role, Scheme, Student

STUDENTS = Path(__file__).parent / "manual-students.csv"
SCHEME = "2020级研究生6月份"
DEPARTMENT = "马克思主义学院"
CHECKPOINTS = (
    NewCheckpoint(
        "培养单位学工审核",
        "提交毕业生登记表",
        "马克思主义学院 205 室",
        "学工组",
        "工作日 8:30-11:30",
        after=("导师审核",),
    ),
    NewCheckpoint("培养单位秘书审核", "核对学籍与培养档案", after=("培养单位学工审核",)),
    NewCheckpoint("导师审核", "交清课题资料与论文定稿"),
    NewCheckpoint("实验室与设备管理", "归还设备与钥匙"),
    NewCheckpoint("图书馆", "还清图书，提交学位论文"),
    NewCheckpoint("国家重点实验室审核", "归还门禁卡"),
    NewCheckpoint("校医院审核", "结清医疗费用"),
    NewCheckpoint("研究生缴费", "缴清学费与住宿费"),
    NewCheckpoint("财务清算", "结清借款", after=("研究生缴费",)),
)


@dataclass(frozen=True)
class Account:
    """Somebody to sign in as."""

    login: str
    password: str
    name: str
    role: Role
    checkpoint: str | None = None
    department: str | None = None
    may_see_id_numbers: bool = False


ACCOUNTS = (
    Account("admin", "lixiao-admin", "系统管理员", Role.ADMINISTRATOR, may_see_id_numbers=True),
    Account(
        "xuegong",
        "lixiao-xuegong",
        "马克思主义学院学工组",
        Role.CHECKPOINT_OPERATOR,
        "培养单位学工审核",
        DEPARTMENT,
    ),
    Account("daoshi", "lixiao-daoshi", "导师", Role.CHECKPOINT_OPERATOR, "导师审核", DEPARTMENT),
    Account("tushuguan", "lixiao-tushuguan", "图书馆", Role.CHECKPOINT_OPERATOR, "图书馆"),
    Account(
        "yuanxi", "lixiao-yuanxi", "院系操作员", Role.DEPARTMENT_OPERATOR, department=DEPARTMENT
    ),
)
# The student who signs in too, by number (signInStudent).
LEAVER = ("2020010101", "lixiao-2026")
# The supervisors have passed everybody but these two.
NOT_PASSED_BY_SUPERVISOR = ("2020010113", "2020010114")


def load(session: Session) -> bool:
    """Load it all into an empty installation; False if there is a scheme or a person already."""
    if any(session.scalars(sa.select(table.id).limit(1)).first() for table in (Scheme, Operator)):
        return False
    scheme, checkpoints = roster.create_scheme(session, SCHEME, CHECKPOINTS)
    rows = roster.read_csv(STUDENTS)
    roster.add_students(session, scheme.id, Cohort.DOUBLE_CERTIFICATE_GRADUATE, rows)
    departments = {row.name: row.id for row in session.scalars(sa.select(Department))}
    for account in ACCOUNTS:
        grant = Grant(
            role=account.role,
            scheme_id=scheme.id if account.checkpoint else None,
            checkpoint_id=checkpoints[account.checkpoint].id if account.checkpoint else None,
            department_id=departments[account.department] if account.department else None,
            may_see_id_numbers=account.may_see_id_numbers,
        )
        accounts.create(session, account.login, account.name, account.password, [grant])
    _pass_by_supervisor(session, scheme.id, checkpoints["导师审核"].id)
    number, password = LEAVER
    student_accounts.issue(session, {number: sessions.hash_password(password)})
    return True


def sign_ins(session: Session) -> list[str]:
    """A line for every account of the demo, if that is what the installation holds."""
    logins = [account.login for account in ACCOUNTS]
    known = session.scalars(sa.select(Operator.login).where(Operator.login.in_(logins))).all()
    if len(known) < len(ACCOUNTS):
        return []
    lines = [f"{each.login:<11}{each.password:<19}{_described(each)}" for each in ACCOUNTS]
    number, password = LEAVER
    return [*lines, f"{number:<11}{password:<19}毕业生 · signInStudent"]


def _described(account: Account) -> str:
    words = (account.name, account.role, account.checkpoint, account.department)
    return " · ".join(word for word in words if word)


def _pass_by_supervisor(session: Session, scheme_id: int, checkpoint_id: int) -> None:
    supervisor = session.scalars(sa.select(Operator.id).where(Operator.login == "daoshi")).one()
    passed = session.scalars(
        sa.select(Student.id).where(
            Student.scheme_id == scheme_id, Student.number.not_in(NOT_PASSED_BY_SUPERVISOR)
        )
    )
    origin = decisions.Origin(operators.load(session, supervisor), Channel.BATCH)
    wanted = [Decision(student_id, Act.PASS) for student_id in passed]
    decisions.apply(session, checkpoint_id, wanted, origin)
