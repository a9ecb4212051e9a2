"""token set, token check and token renew: the keys of pages, which no argument and no output ever holds."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Annotated

import typer

from dashboard.commands.options import Config, load
from data.errors import SettingsError

CHECK_FAILED = 5
RENEWAL = ("Refresh token", "Client id", "Client secret")


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Tokens of pages: kept, and tried.")
    group.command("set")(keep)
    group.command("check")(check)
    group.command("renew")(renew)
    app.add_typer(group, name="token")


def keep(
    page: Annotated[str, typer.Argument(help="The id of a page, or the word of a platform for all its pages.")],
    expires: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day on which it ends, if you know it.")
    ] = None,
    renewal: Annotated[
        bool,
        typer.Option("--renewal", help="Ask also for the refresh token and the app's id and secret."),
    ] = False,
    config: Config = None,
) -> None:
    """Keep a token, read from standard input or asked for without showing it: in the keyring or the secrets file."""
    from dashboard import settings_tokens as tokens
    from dashboard.wiring import open_store

    settings = load(config)
    pages = [one for one in settings.pages if page in (one.id, one.platform)]
    if not pages:
        settings.page(page)  # says which there are
    value = _given("Token")
    kept = {key: _given(name) for key, name in zip(tokens.RENEWAL, RENEWAL, strict=True)} if renewal else {}
    day = expires.date() if expires else None
    if settings.keyring and not kept:
        tokens.put_in_keyring(tokens.system_keyring(), page, value)
        where = "the system's keyring"
    else:
        path = settings.path.with_name(tokens.SECRETS)
        tokens.write(path, page, value, day, kept)
        where = str(path)
    with open_store(settings) as store:
        for one in pages:
            store.renewed(one.id, tokens.moment(day) if day else None)
    ends = f"; it ends on {day}" if day else ""
    typer.echo(f"The token of {page} is kept in {where}{ends}. Try it with 'sideblik token check {pages[0].id}'.")


def check(
    page: Annotated[
        list[str] | None, typer.Argument(help="Ids of pages; every page that needs a token if none.")
    ] = None,
    config: Config = None,
) -> None:
    """Ask the platform once with each page's token; tells whether it works and when it ends. Stores no text.

    Exit code 5 when one does not work.
    """
    from collectors.http import Http
    from collectors.platforms import needs_token
    from collectors.trial import tried
    from dashboard.wiring import EVERYTHING, open_store
    from dashboard.wiring import pages as pages_of
    from data import queries, times

    settings = load(config)
    chosen = [settings.page(name) for name in page or ()]
    chosen = chosen or [one for one in settings.pages if one.ref and needs_token(one.platform)]
    http, failed = Http(), 0
    for one in chosen:
        result = tried(one, settings.token_for(one.id), http.view(), times.now())
        if result.error:
            failed += 1
            typer.echo(f"{one.id}: {result.error} [{result.error.who}]", err=True)
            continue
        with open_store(settings) as store, queries.open_reader(settings.database) as reader:
            if result.expires is not None:
                store.remember_expiry(one.id, result.expires)
            row = next(row for row in pages_of(reader, EVERYTHING, settings) if row.id == one.id)
        typer.echo(f"{one.id}: works, {_end(row.token_expires_at)}")
    raise typer.Exit(CHECK_FAILED if failed else 0)


def renew(
    page: Annotated[
        list[str] | None, typer.Argument(help="Ids of pages; those whose token ends within three weeks if none.")
    ] = None,
    config: Config = None,
) -> None:
    """Renew tokens that may be renewed without a person, now; the collector does so each night.

    Exit code 5 when a platform refused one: the old token goes on until its end.
    """
    import os

    from collectors.http import Http
    from dashboard import renewing
    from dashboard.wiring import open_store
    from data import times

    settings = load(config)
    only = frozenset(settings.page(name).id for name in page or ())
    open_store(settings).close()
    found = renewing.renew(settings, Http(), times.now, actor="cli", environ=os.environ, only=only)
    for one in found:
        opened = ", ".join(one.pages)
        if one.error:
            typer.echo(f"{opened}: not renewed. {one.error} [{one.error.who}]", err=True)
        elif one.expires:
            typer.echo(f"{opened}: renewed, {_end(one.expires)}")
    if not found:
        typer.echo("No token was to be renewed; docs/platforms.md tells which may be.")
    raise typer.Exit(CHECK_FAILED if any(one.error for one in found) else 0)


def _end(expires: datetime | None) -> str:
    from data.times import COPENHAGEN, now

    if expires is None:
        return "and nobody said when it ends"
    return f"ends on {expires.astimezone(COPENHAGEN):%Y-%m-%d}, in {(expires - now()).days} days"


def _given(name: str) -> str:
    """A secret: a line of standard input where that is a pipe, else asked for; never an argument, which others see."""
    value = typer.prompt(name, hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    if not value.strip():
        raise SettingsError(f"No {name.lower()} was given; nothing was changed. Pipe it in, or paste it when asked.")
    return str(value).strip()
