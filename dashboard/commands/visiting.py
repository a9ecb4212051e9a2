"""visit and import: what fills the database, once and by hand."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands.options import Config, load, progress
from data.errors import SettingsError
from data.types import Outcome, Tally

VISIT_FAILED = 5


def add_to(app: typer.Typer) -> None:
    app.command()(visit)
    app.command("import")(take_in)


def visit(
    page: Annotated[
        list[str] | None, typer.Argument(help="Ids of pages; every page that can be visited if none.")
    ] = None,
    config: Config = None,
) -> None:
    """Visit pages once, now. Exit code 5 when a visit did not read everything."""
    from dashboard.visitor import Visitor
    from dashboard.wiring import open_store

    logging.getLogger("collectors.visit").setLevel(logging.ERROR)  # what it warns of is said here, page by page
    settings = load(config)
    chosen = [settings.page(name) for name in page] if page else [one for one in settings.pages if one.ref]
    if not chosen:
        raise SettingsError(f"{settings.path} has no page with a ref, so there is nothing to visit; give one its ref.")
    complete = 0
    with open_store(settings) as store, progress() as bar:
        visitor = Visitor(settings)
        task = bar.add_task("Visiting", total=len(chosen))
        for one in chosen:
            bar.update(task, description=f"Visiting {one.id}")
            result = visitor.visit(one, store)
            complete += result.outcome is Outcome.COMPLETE
            typer.echo(f"{one.id}: {result.outcome}, {_told(result.tally)}")
            if result.error:
                typer.echo(f"{one.id}: {result.error} [{result.error.who}]", err=True)
            bar.advance(task)
    raise typer.Exit(0 if complete == len(chosen) else VISIT_FAILED)


def take_in(
    file: Annotated[Path, typer.Argument(help="An export of Facepager or 4CAT, or any CSV or XLSX.")],
    page: Annotated[str, typer.Option(help="The id of the page that it belongs to.")],
    config: Config = None,
) -> None:
    """Import an export file; shows first how its columns are understood. The same file twice changes nothing."""
    from collectors.exports import preview
    from dashboard.visitor import Visitor
    from dashboard.wiring import open_store

    settings = load(config)
    target = settings.page(page)
    seen = preview(file, target)
    typer.echo(f"{file.name} is read as {seen.format}:")
    for column in seen.columns:
        typer.echo(f"  {column.field:<14} from {column.header}")
    with open_store(settings) as store, progress(counted=False) as bar:
        task = bar.add_task("Importing")

        def moved(tally: Tally) -> None:
            bar.update(task, description=f"Importing, {tally.fetched} messages")

        tally = Visitor(settings).take_in(file, target, store, moved)
    typer.echo(f"{page}: {_told(tally)}")


def _told(tally: Tally) -> str:
    return (
        f"{tally.fetched} read, {tally.new} new, {tally.edited} edited, {tally.gone} gone, {tally.unchanged} unchanged"
    )
