"""retain and hold: how long texts are kept, and what is kept longer by a named decision."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from dashboard.commands.options import Config, load, progress
from data.errors import ChangedError, OutOfScopeError

_DAY = "%Y-%m-%d"
Person = Annotated[str, typer.Option(help="Who decides it: the name that the journal and the case will show.")]


def add_to(app: typer.Typer) -> None:
    app.command()(retain)
    group = typer.Typer(no_args_is_help=True, help="Legal holds: threads that retention does not touch until a date.")
    group.command("set")(hold)
    group.command("lift")(lift)
    group.command("list")(show)
    app.add_typer(group, name="hold")


def retain(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what is due; nothing is changed.")] = False,
    config: Config = None,
) -> None:
    """Empty the texts that are due, as the scheduler does each night. See docs/privacy.md."""
    from dashboard import keeping

    settings = load(config)
    with progress() as bar:
        task = bar.add_task("Looking at messages", total=None)
        swept = keeping.retain(
            settings,
            "command line",
            dry=dry_run,
            begun=lambda total: bar.update(task, total=total),
            moved=lambda number: bar.update(task, completed=number),
        )
    for name, count in swept.figures().items():
        typer.echo(f"{_WORDS[name]}: {count}")
    if not swept.figures():
        typer.echo("Nothing is due.")
    elif dry_run:
        typer.echo("Nothing was changed: this was a dry run.")


_WORDS = {
    "age": "texts past the rules of [retention]",
    "terms": "texts past the platform's terms",
    "gone": "texts gone on their platform",
    "erased": "texts erased on request",
    "names": "writers' names past the platform's terms",
    "visits": "visits past the rules of [retention]",
}


def hold(
    case: Annotated[int, typer.Argument(help="The number of a case; its whole thread is kept.")],
    until: Annotated[datetime, typer.Option(formats=[_DAY], help="The last day of it, such as 2027-06-30.")],
    person: Person,
    ground: Annotated[str, typer.Option(help="Why; no names and no CPR numbers.")],
    config: Config = None,
) -> None:
    """Keep the thread of a case, whatever the rules and the platform's terms say, until the end of a day."""
    from analysis.masking import mask
    from dashboard.wiring import ACTING, open_store
    from data import holds, times

    today = times.now().astimezone(times.COPENHAGEN).date()
    if wrong := holds.problem(until.date(), ground, today):
        raise typer.BadParameter(_WRONG[wrong], param_hint="--ground" if wrong == "ground" else "--until")
    with open_store(load(config)) as store:
        try:
            number = store.hold(ACTING, person, case, until.date(), mask(ground.strip()))
        except OutOfScopeError:
            raise typer.BadParameter(f"there is no case {case}.", param_hint="CASE") from None
    typer.echo(f"hold {number}: the thread of case {case} is kept until the end of {until:{_DAY}}.")


_WRONG = {
    "past": "the day has passed; give one that is to come.",
    "long": "at most ten years; somebody must decide anew then.",
    "ground": "a hold needs a ground.",
}


def lift(
    number: Annotated[int, typer.Argument(help="The number of a hold, as 'sideblik hold list' shows it.")],
    person: Person,
    config: Config = None,
) -> None:
    """End a hold before its day; what is due by then goes the next night."""
    from dashboard.wiring import ACTING, open_store

    with open_store(load(config)) as store:
        try:
            store.lift_hold(ACTING, person, number)
        except (OutOfScopeError, ChangedError):
            raise typer.BadParameter(f"no hold {number} is in force.", param_hint="NUMBER") from None
    typer.echo(f"hold {number} has ended.")


def show(config: Config = None) -> None:
    """The holds in force, those that end first at the top."""
    from dashboard.wiring import EVERYTHING
    from data import queries, times

    with queries.open_reader(load(config).database) as reader:
        rows = queries.held(reader, EVERYTHING, times.now())
    for row in rows:
        until = row.until.astimezone(times.COPENHAGEN)
        typer.echo(f"hold {row.id}: case {row.case_id}, until {until:{_DAY}} 00:00, by {row.person}")
    if not rows:
        typer.echo("No hold is in force.")
