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
