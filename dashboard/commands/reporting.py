"""report and pages: what the screens tell, on a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands.options import Config, load, progress


def add_to(app: typer.Typer) -> None:
    app.command()(report)
    app.command()(pages)


def report(
    week: Annotated[
        str | None, typer.Option(help="An ISO week, such as 2026-W47.", show_default="the last one")
    ] = None,
    year: Annotated[int | None, typer.Option(help="Write the summary of a year as PDF instead, such as 2026.")] = None,
    out: Annotated[Path | None, typer.Option(help="The folder.", show_default="[storage] reports")] = None,
    config: Config = None,
) -> None:
    """Write the weekly CSV files, or a year's summary. See docs/reports.md."""
    from dashboard import reports
    from data import queries, times
    from data.store import Store

    now = times.now()
    if year is not None:
        _yearly(year, week, out, config)
        return
    try:
        times.week_bounds(week := week or reports.last_week(now))
    except ValueError as problem:
        raise typer.BadParameter(str(problem), param_hint="--week") from None
    settings = load(config)
    database = settings.database
    with queries.open_reader(database) as reader, Store.open(database) as store, progress(counted=False) as bar:
        bar.add_task(f"Writing the report of {week}")
        paths = reports.issue(store, reader, week, out or settings.reports, now, "command line")
    for path in paths:
        typer.echo(str(path))


def _yearly(year: int, week: str | None, out: Path | None, config: Path | None) -> None:
    from dashboard import reports
    from data import queries, times
    from data.store import Store

    now = times.now()
    if week is not None:
        raise typer.BadParameter("found --week as well; a report is of a week or of a year.", param_hint="--year")
    if not reports.FIRST_YEAR <= year <= now.year:
        raise typer.BadParameter(
            f"found {year}; it is a year from {reports.FIRST_YEAR} to {now.year}.", param_hint="--year"
        )
    settings = load(config)
    with queries.open_reader(settings.database) as reader, Store.open(settings.database) as store:
        path = reports.issue_year(
            store, reader, year, out or settings.reports, now, "command line", settings.municipality
        )
    typer.echo(str(path))


def pages(config: Config = None) -> None:
    """List the pages: when each was last seen, how much of it, and what is wrong."""
    from rich.console import Console
    from rich.table import Table

    from dashboard.diagnosis import page_lines
    from dashboard.wiring import EVERYTHING
    from data import queries
    from data.times import now

    settings = load(config)
    with queries.open_reader(settings.database) as reader:
        rows = page_lines(queries.pages(reader, EVERYTHING), now())
    table = Table("page", "institution", "last seen", "coverage", "what is wrong", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    Console(markup=False, highlight=False).print(table)
