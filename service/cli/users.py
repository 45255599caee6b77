"""`rasad users`: who may sign in on the pages, and which tokens programs carry."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click

from service.cli.auditing import recording
from service.cli.opening import into_archive_if_there, opened, settings_of
from service.cli.screen import screen, table
from service.errors import UnknownNameError
from service.folder import prepare
from service.web.accounts import Accounts, Role, Scope
from storage.keys import renew_signing_key


@click.group("users", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """List who may sign in, and the tokens of programs."""
    if context.invoked_subcommand:
        return
    accounts = _accounts(context)
    rows = [(one.name, "user", one.role.value) for one in accounts.users()]
    rows += [(one.name, "token", ", ".join(sorted(one.scopes))) for one in accounts.tokens()]
    screen().print(table(f"{len(rows)} users and tokens", ("name", "kind", "may"), rows))


@command.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.READER.value)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@click.pass_context
def add(context: click.Context, name: str, role: str, password: str) -> None:
    """Let somebody sign in, or give them another role and password."""
    with _changing(context) as accounts:
        user = accounts.add_user(name, Role(role), password)
    click.echo(f"{user.name} may sign in as {user.role.value}")


@command.command("remove")
@click.argument("name")
@click.pass_context
def remove(context: click.Context, name: str) -> None:
    """Let somebody in no more; their sessions end at once."""
    with _changing(context) as accounts:
        if not accounts.remove_user(name):
            raise UnknownNameError(f"no user {name!r}; `rasad users` lists them")
    click.echo(f"{name} may sign in no more")


@command.command("token")
@click.argument("name")
@click.argument("scopes", nargs=-1, type=click.Choice([one.value for one in Scope]), required=True)
@click.pass_context
def token(context: click.Context, name: str, scopes: tuple[str, ...]) -> None:
    """Issue a token for a program; it is shown this once. The same name replaces the old one."""
    wanted = frozenset(Scope(one) for one in scopes)
    with _changing(context) as accounts:
        issued = accounts.issue(name, wanted, now=datetime.now(UTC))
    click.echo(issued)


@command.command("revoke")
@click.argument("name")
@click.pass_context
def revoke(context: click.Context, name: str) -> None:
    """Make a token worthless."""
    with _changing(context) as accounts:
        if not accounts.revoke(name):
            raise UnknownNameError(f"no token {name!r}; `rasad users` lists them")
    click.echo(f"the token {name} is worth nothing now")


@command.command("new-key")
@click.confirmation_option(prompt="Every link in mails and every session so far ends. Go on?")
@click.pass_context
def new_key(context: click.Context) -> None:
    """Sign links and sessions with another key, when the old one may have leaked."""
    with opened(context) as house, house.database.write() as connection:
        renew_signing_key(connection, now=house.clock())
    click.echo("there is another key; restart every process, then the old links are worth nothing")


def _accounts(context: click.Context) -> Accounts:
    folder = settings_of(context).data_folder
    prepare(folder)
    return Accounts(folder)


@contextmanager
def _changing(context: click.Context) -> Iterator[Accounts]:
    """Lend the accounts to be changed, and write the change into the audit log.

    They stand in a file: somebody must be shut out at once, even while the archive is away.
    """
    with recording(context, into_archive_if_there(context)):
        yield _accounts(context)
