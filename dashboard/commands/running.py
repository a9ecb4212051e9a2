"""demo, run, and the collector process that both start."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands.options import Config, load


def add_to(app: typer.Typer) -> None:
    app.command()(demo)
    app.command()(run)
    app.command(hidden=True)(collect)


def demo(
    folder: Annotated[Path, typer.Option(help="Where its database goes; made anew at each start.")] = Path(
        "data/local/demo"
    ),
    seed: Annotated[int, typer.Option(help="Which made-up story is told.")] = 7,
) -> None:
    """Show Sideblik on a made-up municipality, on this machine alone. Ctrl-C stops it."""
    from dashboard.demo import show

    raise typer.Exit(show(folder, seed))


def run(config: Config = None) -> None:
    """Run the collectors and the dashboard until Ctrl-C or SIGTERM."""
    from dashboard import running

    raise typer.Exit(running.serve(load(config)))


def collect(config: Config = None) -> None:
    """Run the collectors alone; 'run' starts this as a process of its own."""
    from dashboard import collecting

    collecting.work(load(config))
