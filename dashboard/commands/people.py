"""person …: who may log in; for the first of them, and for passwords and links."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from dashboard.commands.options import Config, load
from data.errors import SettingsError

if TYPE_CHECKING:
    from data.people import PersonRow
    from data.store import Store
    from data.types import Scope

ACTOR = "command line"
T = TypeVar("T")
Login = Annotated[str, typer.Argument(help="By which the provider or the password form knows the person.")]
Role = Annotated[str, typer.Option(help="reader, administrator, communications or dpo.")]
Places = Annotated[list[str] | None, typer.Option("--institution", help="For reader and administrator; repeat it.")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="People who may log in.")
    for name, command in (
        ("list", listed), ("add", add), ("change", change), ("end", end), ("out", out), ("password", password),
        ("link", link),
    ):  # fmt: skip
        group.command(name)(command)
    app.add_typer(group, name="person")


def listed(config: Config = None) -> None:
    """Everybody who may log in, and who may no longer."""
    from data.people import people
    from data.queries import open_reader

    with open_reader(load(config).database) as reader:
        for row in people(reader, _scope()):
            places = f" at {', '.join(row.person.institutions)}" if row.person.institutions else ""
            ended = f", ended {row.ended_at:%Y-%m-%d}" if row.ended_at else ""
            typer.echo(f"{row.person.login}: {row.person.role}{places}{ended}")


def add(
    login: Login, role: Role, name: Annotated[str, typer.Option()], institution: Places = None, config: Config = None
) -> None:
    """Let a person log in."""
    from data.people import Person

    person = Person(login, name, role, tuple(institution or ()))
    _done(config, lambda store: store.add_person(_scope(), ACTOR, person))
    typer.echo(f"{login} may log in as {role}.")


def change(login: Login, role: Role, institution: Places = None, config: Config = None) -> None:
    """Give a person another role or other institutions; it holds from their next click."""
    from data.people import Person

    def changed(store: Store, row: PersonRow) -> None:
        person = Person(row.person.login, row.person.name, role, tuple(institution or ()))
        store.change_person(_scope(), ACTOR, row.id, person)

    _to(config, login, changed)
    typer.echo(f"{login} is {role} now.")


def end(login: Login, config: Config = None) -> None:
    """Let a person no longer log in; their sessions end at once."""
    _to(config, login, lambda store, row: store.end_person(_scope(), ACTOR, row.id))
    typer.echo(f"{login} may no longer log in.")


def out(login: Login, config: Config = None) -> None:
    """End a person's sessions and links; they may log in again."""
    _to(config, login, lambda store, row: store.end_sessions(_scope(), ACTOR, row.id))
    typer.echo(f"{login} is logged out everywhere.")


def password(login: Login, config: Config = None) -> None:
    """Give a person a password, read from standard input or asked for without showing it."""
    from dashboard.login.passwords import digest

    given = typer.prompt("Password", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    kept = digest(given)
    _to(config, login, lambda store, row: store.set_password(_scope(), ACTOR, row.id, kept))
    typer.echo(f"{login} has a new password and is logged out everywhere.")


def link(login: Login, config: Config = None) -> None:
    """Print a link that lets a person in once within 15 minutes."""
    settings = load(config)
    if settings.login is None or "link" not in settings.login.ways:
        raise SettingsError(f'{settings.path} does not let links in; put "link" into ways under [login].')
    word = _to(config, login, lambda store, row: store.make_link(_scope(), ACTOR, row.id))
    typer.echo(f"{settings.login.url}/login/link?word={word}")


def _scope() -> Scope:
    """Whoever may run this command may write the database itself."""
    from dashboard.access import Role, scope_for

    return scope_for(Role.COMMUNICATIONS, ())


def _done(config: Path | None, act: Callable[[Store], T]) -> T:
    from dashboard.wiring import open_store

    with open_store(load(config)) as store:
        return act(store)


def _to(config: Path | None, login: str, act: Callable[[Store, PersonRow], T]) -> T:
    """An act on the person of a login; PersonError where nobody has it."""

    def acted(store: Store) -> T:
        return act(store, store.person(login))

    return _done(config, acted)
