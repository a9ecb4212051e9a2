"""judge and check: texts judged without a database."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.commands.options import Config, load, progress

if TYPE_CHECKING:
    from analysis.engine import Engine


def add_to(app: typer.Typer) -> None:
    app.command()(rejudge)
    app.command()(judge)
    app.command()(check)


def judge(config: Config = None) -> None:
    """Judge JSON lines from standard input, one answer a line on standard output. See docs/commands.md."""
    from analysis.lines import LineError, judge_lines

    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr] # always a text file here
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    with progress(counted=False) as bar:
        task = bar.add_task("Judging")
        try:
            for number, line in enumerate(judge_lines(_engine(config), sys.stdin), 1):
                sys.stdout.write(line + "\n")
                bar.update(task, completed=number)
        except LineError as problem:
            raise typer.BadParameter(str(problem), param_hint="standard input") from None


def check(
    text: Annotated[str, typer.Argument(help="The text, or - for standard input.")],
    by_page: Annotated[bool, typer.Option("--by-page", help="The page wrote it, not a citizen.")] = False,
    context: Annotated[str, typer.Option(help="The post that it answers.")] = "",
    institution: Annotated[str, typer.Option(help="The institution's kind, such as skole.")] = "",
    config: Config = None,
) -> None:
    """Judge one text and tell what would be flagged and why, in Danish. Nothing is stored."""
    from analysis.base import Text
    from dashboard.explaining import told

    if text == "-":
        sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        text = sys.stdin.read().rstrip("\n")
    given = Text(text=text, context=context, by_page=by_page, institution=institution)
    for line in told(text, _engine(config).judge([given])[0]):
        typer.echo(line)


def _engine(config: Path | None) -> Engine:
    """The engine with the municipality's own list where a configuration is given; judging needs none."""
    from analysis.engine import Engine
    from dashboard.wiring import engine_for

    return engine_for(load(config)) if config else Engine()


def rejudge(config: Config = None) -> None:
    """Judge again what older rules judged, as the collector does in the background. Ctrl-C stops it for now."""
    from collectors.rejudging import rejudge as again
    from dashboard.wiring import engine_for, open_store
    from data import queries, rejudged

    settings = load(config)
    engine = engine_for(settings)
    with open_store(settings) as store, progress() as bar:
        store.use_rules(engine.version)
        with queries.open_reader(settings.database) as reader:
            found = rejudged.progress(reader)
        task = bar.add_task("Judging again", total=found.total - found.done)
        count = again(store, engine, moved=lambda size: bar.advance(task, size))
    typer.echo(f"{count} messages were judged again.")
