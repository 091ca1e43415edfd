"""`python -m cli`: migrate, create the first administrator, load the demo."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import sqlalchemy as sa

import settings
from cli import demo, migrations
from domain.errors import Refusal
from domain.messages import Language, Reader
from domain.staffing import accounts
from models import Grant, Role
from models.database import Database


@contextmanager
def _database() -> Iterator[Database]:
    try:
        values = settings.load()
    except settings.BadSetting as bad:
        raise click.ClickException(str(bad)) from bad
    database = Database(values.database_url, connections=1)
    try:
        yield database
    except sa.exc.OperationalError as error:
        raise click.ClickException(f"The database does not answer: {error.orig}") from error
    except migrations.OldServer as old:
        raise click.ClickException(str(old)) from old
    finally:
        database.close()


@click.group()
def main() -> None:
    """Lixiao's command line; the LIXIAO_* variables say which installation is meant."""


@main.command()
def migrate() -> None:
    """Create the tables, or bring them up to date. Safe to repeat."""
    with _database() as database:
        migrations.upgrade(database.engine)


@main.command("create-administrator")
@click.option("--login", required=True, help="The name to sign in with.")
@click.option("--name", required=True, help="The name to show.")
@click.option(
    "--password",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    help="8-200 characters; better left out, it is then asked for.",
)
def create_administrator(login: str, name: str, password: str) -> None:
    """Create an administrator of every scheme, e.g. the first one."""
    grant = Grant(role=Role.ADMINISTRATOR, may_see_id_numbers=True)
    with _database() as database:
        try:
            with database.write() as session:
                accounts.create(session, login, name, password, [grant])
        except Refusal as refusal:
            reader = Reader(Language.EN, settings.load().timezone)
            raise click.ClickException(reader.message(refusal.code, refusal.facts)) from refusal
    click.echo(f"Administrator {login} can sign in now.")


@main.command("load-demo")
@click.option("--accounts", type=Path, help="Also write to this file who can sign in.")
def load_demo(accounts: Path | None) -> None:
    """Load the manual's students, checkpoints and people into an empty installation."""
    with _database() as database, database.write() as session:
        loaded = demo.load(session)
        lines = demo.sign_ins(session)
    if accounts:
        accounts.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    click.echo("The demo is loaded." if loaded else "The installation is in use; nothing loaded.")


if __name__ == "__main__":
    main()
