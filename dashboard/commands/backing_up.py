"""backup and restore: copies that only the holder of the key can read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands.options import Config, load, progress
from data.errors import SettingsError


def add_to(app: typer.Typer) -> None:
    app.command()(backup)
    app.command()(restore)


def backup(
    new_key: Annotated[
        bool, typer.Option("--new-key", help="Make a pair of keys instead, and show both halves once.")
    ] = False,
    config: Config = None,
) -> None:
    """Back up the database and its key, as the scheduler does each night. See docs/backup.md."""
    from dashboard.wiring import back_up
    from data.backup import make_key

    if new_key:
        public, secret = make_key()
        typer.echo(f'In sideblik.toml:\n\n[backup]\nrecipient = "{public}"\n')
        typer.echo(f"Away from this machine, where a backup is to be opened:\n\n{secret}")
        return
    settings = load(config)
    with progress(counted=False) as bar:
        bar.add_task("Backing up")
        made = back_up(settings, "command line")
    typer.echo(f"{made.path} ({made.size / 1e6:.1f} MB)")


def restore(
    archive: Annotated[Path, typer.Argument(help="A backup, such as sideblik-20261122T013000Z.tar.gz.age.")],
    key: Annotated[Path, typer.Option(help="A file with the secret half of the key (AGE-SECRET-KEY-1…).")],
    config: Config = None,
) -> None:
    """Put a backup in the place of the database. Sideblik must not run; what stood there is kept beside it."""
    from data import backup as backups
    from data.times import now

    settings = load(config)
    with progress(counted=False) as bar:
        bar.add_task("Opening and checking the backup")
        kept = backups.restore(archive, _secret(key), settings.database, now())
    typer.echo(f"{settings.database} is now the backup's.")
    for path in kept:
        typer.echo(f"kept: {path}")


def _secret(file: Path) -> str:
    """The line with the key; age-keygen writes comments above it."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise SettingsError(f"The key file {file} cannot be read; give a text file with the secret half.") from problem
    return next((line for line in lines if line.startswith("AGE-SECRET-KEY-")), "")
