"""init and doctor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands.options import Config
from data.errors import SettingsError


def add_to(app: typer.Typer) -> None:
    app.command()(init)
    app.command()(doctor)


def init(
    path: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("sideblik.toml"),
) -> None:
    """Write a commented configuration to begin with; an existing one stays as it is."""
    from importlib.resources import files

    example = files("dashboard").joinpath("texts", "sideblik.example.toml").read_text("utf-8")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(example)
    except FileExistsError:
        raise SettingsError(f"{path} is there already and was not touched; give another name or move it.") from None
    except OSError as problem:
        raise SettingsError(f"{path} cannot be written: {problem.strerror}; check the folder and its rights.") from None
    typer.echo(f"{path} is written. Fill in institutions and pages, then ask 'sideblik doctor' what is missing.")


def doctor(config: Config = None) -> None:
    """Tell what is wrong (settings, tokens, database, clock, pages) and who must act; exit code 1 if anything is."""
    from dashboard.diagnosis import Level, examine
    from dashboard.settings import where

    wrong = 0
    for found in examine(where(config)):
        wrong += found.level is Level.WRONG
        who = f" [{found.who}]" if found.level is Level.WRONG else ""
        typer.echo(f"{found.level:<6} {found.what}{who}")
    typer.echo(f"{wrong} thing{'' if wrong == 1 else 's'} wrong." if wrong else "Nothing is wrong.")
    raise typer.Exit(1 if wrong else 0)
