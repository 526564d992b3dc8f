"""The command line: start the product or one role, migrate, provision. Says what went wrong in a sentence.

Commands reach the servers of a running product, or start them for as long as they take. What a command answers
goes to stdout, everything else to stderr. What a command needs is imported when it runs, so that help is quick.
"""

import asyncio
import os
import sys
from collections.abc import Coroutine
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar
from uuid import UUID

import asyncpg
import msgspec
import typer

import clientela
from clientela.platform.embedded import EmbeddedServerError
from clientela.platform.logs import configure_logs
from clientela.platform.problems import Problem
from clientela.platform.settings import Settings, read_settings

T = TypeVar("T")


class ProcessRole(StrEnum):
    """What a process can be started as."""

    INGEST = "ingest"
    WEB = "web"
    WORKER = "worker"


app = typer.Typer(
    name="clientela",
    help="One shared WhatsApp inbox for a team, over Meta's official Cloud API.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
account_app = typer.Typer(help="Accounts: the shops that use this installation.", no_args_is_help=True)
number_app = typer.Typer(help="WhatsApp numbers of an account.", no_args_is_help=True)
app.add_typer(account_app, name="account")
app.add_typer(number_app, name="number")
dead_letters_app = typer.Typer(
    help="Webhook bodies that could not be read: look at them, and replay them once the cause is gone.",
    no_args_is_help=True,
)
app.add_typer(dead_letters_app, name="dead-letters")
webhook_app = typer.Typer(help="Where Meta sends what happens.", no_args_is_help=True)
app.add_typer(webhook_app, name="webhook")

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)]
DataDir = Annotated[
    Path | None, typer.Option(help="Where data and secrets are kept. Default: CLIENTELA_DATA_DIR, or the system's.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def _settings(data_dir: Path | None = None, *, quiet: bool = True) -> Settings:
    """The settings; `quiet` commands log only what went wrong."""
    environment = dict(os.environ)
    if data_dir is not None:
        environment["CLIENTELA_DATA_DIR"] = str(data_dir.expanduser().absolute())
    settings = read_settings(environment)
    level = "warning" if quiet else settings.telemetry.log_level
    configure_logs(level, settings.telemetry.log_format)
    return settings


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Runs one command's work; whatever a person can mend becomes a sentence and exit code 1."""
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            return runner.run(work)
    except EmbeddedServerError as error:
        _refuse(str(error))
    except Problem as problem:
        _refuse(problem.detail or problem.title)
    except ValueError as error:
        _refuse(f"That cannot be used: {error}")
    except asyncpg.PostgresError as error:
        _refuse(f"PostgreSQL refused: {error}")
    except (OSError, TimeoutError) as error:
        _refuse(f"A server does not answer: {error or type(error).__name__}")
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _loop_factory() -> Any:
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop


def _show(answer: msgspec.Struct, as_json: bool) -> None:
    if as_json:
        typer.echo(msgspec.json.encode(answer).decode())
        return
    for name, value in msgspec.to_builtins(answer).items():
        typer.echo(f"{name}: {value}")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"clientela {clientela.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """One shared WhatsApp inbox for a team, over Meta's official Cloud API."""


@app.command()
def up(host: Host = "127.0.0.1", port: Port = 8000, data_dir: DataDir = None) -> None:
    """Run the whole product on this machine, until Ctrl-C."""
    from clientela.roles import provision
    from clientela.roles.up import up as run_product

    settings = _settings(data_dir, quiet=False)
    address = os.environ.get("CLIENTELA_PUBLIC_URL") or f"http://{host}:{port}"
    code = _run(
        run_product(
            host=host,
            port=port,
            data_dir=settings.storage.data_dir,
            migrate=lambda services: provision.prepare(settings, services, address),
            database_url=settings.storage.database_url,
            nats_url=settings.storage.nats_url,
        )
    )
    raise typer.Exit(code)


@app.command()
def run(
    roles: Annotated[list[ProcessRole], typer.Argument(metavar="ROLE...", help="Any of: ingest, web, worker.")],
    host: Host = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(
            help="The port to listen on. Default: 8000; a worker alone listens only when a port is given, "
            "and then answers /healthz, /readyz and /metrics.",
            min=1,
            max=65535,
        ),
    ] = None,
) -> None:
    """Run one or more roles in this process, until SIGTERM."""
    from clientela.roles.run import run_roles

    _run(run_roles(_settings(quiet=False), frozenset(role.value for role in roles), host, port))


@app.command()
def migrate(data_dir: DataDir = None) -> None:
    """Bring the database to the shape this version needs. Safe to repeat."""
    from clientela.roles import provision

    _run(provision.migrate_database(_settings(data_dir)))
    typer.echo("The database is up to date.", err=True)


@account_app.command("create")
def create_account(
    name: Annotated[str, typer.Option(help="The account's name.")],
    owner_email: Annotated[str, typer.Option(help="The owner's e-mail; they log in with it.")],
    owner_password: Annotated[
        str | None, typer.Option(help="The owner's password. Left out, it is asked for, or read from stdin.")
    ] = None,
    owner_name: Annotated[str | None, typer.Option(help="The owner's name. Default: from the e-mail.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Create an account with its owner and a first API key, which is shown only now."""
    from clientela.roles import provision

    password = owner_password if owner_password is not None else _ask("Owner's password", confirm=True)
    _show(_run(provision.create_account(_settings(data_dir), name, owner_email, password, owner_name)), as_json)


@number_app.command("connect")
def connect_number(
    account: Annotated[UUID, typer.Option(help="The account's id.")],
    waba_id: Annotated[str, typer.Option(help="Meta's id of the WhatsApp Business Account.")],
    phone_number_id: Annotated[str, typer.Option(help="Meta's id of the number.")],
    display_phone: Annotated[str, typer.Option(help="The number as people write it.")],
    access_token: Annotated[
        str | None, typer.Option(help="Meta's access token. Left out, it is asked for, or read from stdin.")
    ] = None,
    app_secret: Annotated[
        str | None, typer.Option(help="The secret of the account's own Meta app, if it has one.")
    ] = None,
    pin: Annotated[
        str | None,
        typer.Option(help="The number's two-step PIN, six digits; registers the number at once if it must be."),
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Connect a WhatsApp number to an account."""
    from clientela.roles import provision

    token = access_token if access_token is not None else _ask("Access token", confirm=False)
    connected = provision.connect_number(
        _settings(data_dir), account, waba_id, phone_number_id, display_phone, token, app_secret, pin
    )
    _show(_run(connected), as_json)


@number_app.command("check")
def check_number(
    waba_id: Annotated[str, typer.Option(help="Meta's id of the WhatsApp Business Account.")],
    phone_number_id: Annotated[str, typer.Option(help="Meta's id of the number.")],
    access_token: Annotated[
        str | None, typer.Option(help="Meta's access token. Left out, it is asked for, or read from stdin.")
    ] = None,
    app_secret: Annotated[
        str | None, typer.Option(help="The secret of the account's own Meta app, if it has one.")
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Ask Meta what a number lacks. Changes nothing; ends with 1 when something is missing."""
    from clientela.roles import provision
    from clientela.whatsapp.check_words import sentence

    token = access_token if access_token is not None else _ask("Access token", confirm=False)
    found = _run(provision.check_number(_settings(data_dir), waba_id, phone_number_id, token, app_secret))
    if as_json:
        typer.echo(msgspec.json.encode(found).decode())
    else:
        for line in found.lines:
            typer.echo(f"{line.result:8} {sentence(line)}")
        typer.echo("Ready to be connected." if found.ready else "Not ready yet: see what is missing above.")
    if not found.ready:
        raise typer.Exit(1)


@webhook_app.command("setup")
def set_up_webhook(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Point the installation's own Meta app at it, with every field. It must be running: Meta looks at once."""
    from clientela.roles import provision

    _show(_run(provision.set_up_webhook(_settings(data_dir))), as_json)


@dead_letters_app.command("list")
def list_dead_letters(
    bodies: Annotated[bool, typer.Option(help="Show the bodies too. They hold what customers wrote.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Show what is kept: when it came, why it could not be read, and where in the body the trouble lies."""
    from clientela.roles.dead_letters import show_dead_letters

    for letter in _run(show_dead_letters(_settings(data_dir), bodies=bodies)):
        if as_json:
            typer.echo(msgspec.json.encode(letter).decode())
        else:
            typer.echo(f"{letter.sequence}  {letter.at:%Y-%m-%d %H:%M:%S}  {letter.reason}  {letter.where}")
            if letter.body is not None:
                typer.echo(letter.body)


@dead_letters_app.command("replay")
def replay_dead_letters(
    reason: Annotated[str | None, typer.Option(help="Only those with this reason.")] = None,
    sequence: Annotated[int | None, typer.Option(help="Only this one.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Journal them again and take them out of the store. What still cannot be read comes back to it."""
    from clientela.roles.dead_letters import replay_all

    count = _run(replay_all(_settings(data_dir), reason=reason, sequence=sequence))
    typer.echo(f"{count} replayed")


def _ask(what: str, *, confirm: bool) -> str:
    """A secret typed unseen at a terminal, or the first line of stdin."""
    if sys.stdin.isatty():
        answer: str = typer.prompt(what, hide_input=True, confirmation_prompt=confirm, err=True)
        return answer
    return sys.stdin.readline().rstrip("\r\n")


def main() -> None:
    """The console script `clientela`."""
    app()
