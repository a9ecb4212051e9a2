"""insight and erase: what a person may ask about themselves. See docs/privacy.md."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.commands.options import Config, load, progress
from data.errors import StoreError

if TYPE_CHECKING:
    from data.persons import Found, Sought

SHORTEST = 4  # letters; fewer are met in everybody's texts
_REFERENCE = re.compile(r"[0-9A-Za-z][0-9A-Za-z./-]{0,39}")

Names = Annotated[
    list[str] | None, typer.Option("--name", help="The person's whole name; '-' asks for it, unseen by the shell.")
]
Ids = Annotated[list[str] | None, typer.Option("--author-id", help="The person's id on a platform.")]
Phrases = Annotated[list[str] | None, typer.Option("--phrase", help="Words that texts, grounds and notes may hold.")]
Messages = Annotated[list[int] | None, typer.Option("--message", help="The number of a message, as a screen shows it.")]
Reference = Annotated[str, typer.Option(help="The request's own number in the municipality's records.")]


def add_to(app: typer.Typer) -> None:
    app.command()(insight)
    app.command()(erase)


def insight(
    out: Annotated[Path, typer.Argument(help="The file to write, for its owner alone (0600).")],
    reference: Reference,
    name: Names = None,
    author_id: Ids = None,
    phrase: Phrases = None,
    message: Messages = None,
    printed: Annotated[bool, typer.Option("--print", help="Show the answer here as well.")] = False,
    config: Config = None,
) -> None:
    """Write what is stored of a person, and when and why it was looked at, as a text for their answer."""
    from dashboard import insight as answers
    from data import queries, times
    from data.insight import about
    from data.store import Store

    settings, sought = load(config), _sought(name, author_id, phrase, message)
    _check(reference)
    queries.open_reader(settings.database).close()  # a database that is not there is told, not made
    with Store.open(settings.database) as store, progress(counted=False) as bar:
        bar.add_task("Looking through what is stored")
        found = store.sought(sought)
        with queries.open_reader(settings.database) as reader:
            content = answers.answer(
                about(reader, found), len(found.decisions) + len(found.explanations) + len(found.holds),
                reference, times.now(),
            )  # fmt: skip
        answers.write(out, content)
        detail = {**found.figures(), "messages": sorted(found.messages)}
        store.note("command line", "insight", f"request:{reference}", detail=detail)
    _tell(found)
    typer.echo(f"{out}: to be read before it is sent, since texts may tell of others.")
    if printed:
        typer.echo(content)


def erase(
    reference: Reference,
    name: Names = None,
    author_id: Ids = None,
    phrase: Phrases = None,
    message: Messages = None,
    again: Annotated[
        Path | None, typer.Option(help="A protocol: erase its messages again, after an older backup was put back.")
    ] = None,
    protocol: Annotated[Path | None, typer.Option(help="The file to write what was erased to; --yes needs it.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Erase; without it, what would be is counted.")] = False,
    config: Config = None,
) -> None:
    """Erase what is stored of a person, once the municipality has decided to: counted first, done with --yes."""
    from dashboard import insight as answers
    from data import queries, times
    from data.store import Store

    settings = load(config)
    digests = answers.again(again) if again else {}
    sought = _sought(name, author_id, phrase, message, digests)
    _check(reference)
    if yes and protocol is None:
        raise typer.BadParameter("--yes needs a file to write what was erased to.", param_hint="--protocol")
    queries.open_reader(settings.database).close()
    with Store.open(settings.database) as store, progress(counted=False) as bar:
        bar.add_task("Looking through what is stored")
        found = store.sought(sought)
        if yes and protocol is not None:
            bar.add_task("Erasing")
            is_wiped = answers.erase(store, found, reference, protocol, times.now())
    _tell(found)
    if not yes:
        typer.echo("Nothing was changed: give --yes and --protocol FILE to erase it.")
        return
    typer.echo(f"{protocol}: what was erased. Backups hold it until they are {_kept(settings.backup)}.")
    if not is_wiped:
        raise StoreError("It was erased, but may still lie in the files, since somebody read all the time: run retain.")


def _kept(backup: object) -> str:
    keep = getattr(backup, "keep", None)
    return f"replaced, {keep} nights from now" if keep else "removed"


def _sought(
    names: list[str] | None,
    ids: list[str] | None,
    phrases: list[str] | None,
    messages: list[int] | None,
    digests: dict[int, str] | None = None,
) -> Sought:
    from analysis.masking import initials
    from data.persons import Sought

    whole = [_given(one) for one in names or ()]
    words = [*whole, *(_given(one) for one in phrases or ())]
    for one in words:
        _worth(one)
    if not (words or ids or messages or digests):
        raise typer.BadParameter("say whom: --name, --author-id, --phrase or --message.", param_hint="--name")
    return Sought(
        authors=(*whole, *(ids or ())),
        words=tuple(words),
        messages=tuple(messages or ()),
        digests=digests or {},
        initials=tuple(initials(one) for one in whole),
    )


def _given(value: str) -> str:
    """The value, or what is typed for '-' (or piped in), unseen by the shell."""
    if value != "-":
        return value
    return str(typer.prompt("Words", hide_input=True)) if sys.stdin.isatty() else sys.stdin.readline().strip()


def _worth(words: str) -> None:
    from analysis.masking import mask

    if mask(words) != words:
        raise typer.BadParameter("a CPR number is never stored, so that there is nothing to look for.")
    if sum(sign.isalnum() for sign in words) < SHORTEST:
        raise typer.BadParameter(f"at least {SHORTEST} letters or digits; fewer are met in everybody's texts.")


def _check(reference: str) -> None:
    """The reference goes into the journal, which is never erased."""
    from analysis.masking import mask

    if not _REFERENCE.fullmatch(reference) or mask(reference) != reference:
        raise typer.BadParameter("letters, digits, '.', '/' and '-', and no CPR number.", param_hint="--reference")


def _tell(found: Found) -> None:
    for name, count in found.figures().items():
        typer.echo(f"{name}: {count}")
    if found.alike:
        typer.echo(f"{found.alike} messages bear the same initials and are not among them; look, and give --message.")
