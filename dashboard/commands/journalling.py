"""journal verify, export and key: who did what, for those who must be able to trust it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands.options import Config, load, progress
from data.errors import StoreError

BROKEN = 1


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="The journal of who did what: verified and exported.")
    group.command("verify")(verify)
    group.command("export")(export)
    group.command("key")(key)
    app.add_typer(group, name="journal")


def verify(
    heads: Annotated[
        Path | None, typer.Option(help="Signed heads kept elsewhere.", show_default="those beside the database")
    ] = None,
    public: Annotated[
        str | None, typer.Option("--key", help="The public key kept elsewhere.", show_default="that of this machine")
    ] = None,
    config: Config = None,
) -> None:
    """Check that every row follows from the one before, and that the signed heads are still in the chain."""
    from data import heads as signed
    from data import journal, queries

    settings = load(config)
    file = heads or settings.heads
    asked = signed.public_key(public) if public else signed.signing_key(settings.database).public_key()
    with queries.open_reader(settings.database) as reader, progress(counted=False) as bar:
        bar.add_task("Verifying the journal")
        row = journal.verify(reader)
        head = signed.broken(reader, signed.read(file), asked) if heads or file.exists() else None
        count = next(iter(reader.execute("SELECT count(*) FROM journal")))[0]
    if row is not None:
        typer.echo(f"Row {row} does not follow from those before it: the journal was changed there.")
    if head is not None:
        typer.echo(f"The head of {head.day} is not in the journal, or not signed by this key: it was cut or made anew.")
    if row is not None or head is not None:
        raise typer.Exit(BROKEN)
    typer.echo(f"{count} rows, each following from the one before; the signed heads agree.")


def export(
    out: Annotated[Path, typer.Argument(help="The file to write, a JSON object a line.")], config: Config = None
) -> None:
    """Write every row of the journal with its hashes, for a record system or an auditor."""
    from data import journal, queries

    settings = load(config)
    with queries.open_reader(settings.database) as reader, progress(counted=False) as bar:
        bar.add_task("Writing the journal")
        try:
            handle = os.open(out, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                rows = 0
                for row in journal.rows(reader):
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
                    rows += 1
        except OSError as problem:
            if not isinstance(problem, FileExistsError):
                out.unlink(missing_ok=True)  # half of it would look like all
            raise StoreError(f"{out} cannot be written ({problem.strerror}); give a new file's name.") from problem
    typer.echo(f"{out}: {rows} rows")


def key(config: Config = None) -> None:
    """Show the public key that the daily heads are signed for: keep it away from this machine."""
    from data.heads import signing_key

    typer.echo(signing_key(load(config).database).public_key().public_bytes_raw().hex())
