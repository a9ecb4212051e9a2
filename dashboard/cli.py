"""The command line: `sideblik COMMAND`. Described in docs/commands.md.

Each command imports what it needs when it runs, so that `--help` does not load pandas. Errors are one sentence on
standard error and an exit code that tells who must act.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from collectors.errors import VisitError
from dashboard.commands import (
    backing_up,
    erasing,
    journalling,
    judging,
    keeping,
    people,
    reporting,
    running,
    setting_up,
    tokens,
    visiting,
)
from data.errors import SettingsError, SideblikError, StoreError

EXIT_CODES: dict[type[SideblikError], int] = {SettingsError: 3, StoreError: 4, VisitError: 5}

app = typer.Typer(
    name="sideblik",
    help="A glance at a municipality's official pages: citizens' inquiries and possible breaches of confidentiality.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # it would print local variables, and they hold what citizens wrote
    context_settings={"help_option_names": ["-h", "--help"]},
)
_GROUPS = (
    setting_up, tokens, people, running, visiting, judging, reporting, backing_up, journalling, keeping, erasing,
)  # fmt: skip
for commands in _GROUPS:
    commands.add_to(app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command and exits: 0 done, 1 something is wrong, 2 usage, else a code of `EXIT_CODES`."""
    try:
        app(arguments)
    except SideblikError as problem:
        typer.echo(f"sideblik: {problem}", err=True)
        sys.exit(next((code for kind, code in EXIT_CODES.items() if isinstance(problem, kind)), 1))


if __name__ == "__main__":
    main()
