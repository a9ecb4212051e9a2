"""What several commands take, and how they show that they are at work."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.progress import Progress

    from dashboard.settings import Settings

Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        envvar="SIDEBLIK_CONFIG",
        show_default="sideblik.toml in the current folder",
        help="The configuration.",
    ),
]


def load(config: Path | None) -> Settings:
    from dashboard import settings

    return settings.load(settings.where(config))


@contextmanager
def progress(*, counted: bool = True) -> Iterator[Progress]:
    """A bar on standard error, on a terminal only: a pipe or a log gets results, not movement."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = [SpinnerColumn(), TextColumn("{task.description}")]
    if counted:
        columns += [BarColumn(), MofNCompleteColumn()]
    columns.append(TimeElapsedColumn())
    quiet = not sys.stderr.isatty()
    with Progress(
        *columns,
        console=Console(stderr=True),
        transient=True,
        disable=quiet,
        redirect_stdout=sys.stdout.isatty(),  # piped results stay in their pipe
    ) as bar:
        yield bar
