"""The answer to a person who asks what Sideblik holds of them, as a text; and the protocol of what was erased.

Everything comes from the database's own rows. Nobody who looked is named. Other people may be met in a text: whoever
sends the answer reads it first, and the first lines say so.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from dashboard import words
from dashboard.words import text
from data.errors import StoreError
from data.insight import About, Look
from data.persons import Found
from data.store import Store

# what a journal row tells of why, and where its words stand
_WHY = {"verdict": "verdict", "ground": "removal.ground", "reason": "reveal.reason"}


def answer(found: Iterable[About], free: int, reference: str, at: datetime) -> str:
    """The whole answer; `free` is how many grounds and notes of the staff hold the words, told without them."""
    parts = list(found)
    head = [
        text("insight.title"),
        text("insight.made", moment=words.moment(at), reference=reference),
        text("insight.check"),
        "",
        text("insight.purpose"),
        text("insight.never"),
        "",
        words.counted("insight.count", len(parts)),
    ]
    if free:
        head.append(words.counted("insight.free", free))
    return "\n".join([*head, *(line for one in parts for line in _about(one, at)), ""])


def write(file: Path, content: str) -> None:
    """A new file, for its owner alone, whole or not at all; StoreError where it cannot be made, or is there already."""
    with _told(file):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with _told(file):
            _write(file, content)
    except BaseException:
        file.unlink(missing_ok=True)
        raise


@contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise StoreError(f"{file} cannot be written ({problem.strerror}); give a new file's name.") from problem


def erase(store: Store, found: Found, reference: str, file: Path, at: datetime) -> bool:
    """Erase what was found, with a protocol in a new file and a row in the journal: all of it or nothing.

    False where the bytes are still in the database's files, because somebody read all the time.
    """
    write(file, "")
    try:
        with store.together():
            erased = store.erase(found)
            store.note("command line", "erase", f"request:{reference}", detail=erased.figures())
            with _told(file):
                _write(file, _protocol(found, erased, reference, at))
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    return store.wipe()


def again(file: Path) -> dict[int, str]:
    """The messages of a protocol, number and digest; StoreError for a file that is none."""
    try:
        told = json.loads(file.read_text("utf-8"))
        return {int(one["number"]): str(one["digest"]) for one in told["messages"]}
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise StoreError(f"{file} is no protocol of an erasure; give one that 'sideblik erase' wrote.") from problem


def _protocol(asked: Found, erased: Found, reference: str, at: datetime) -> str:
    """What was erased, as JSON: numbers and keyed digests, no word of the person's."""
    told = {
        "made_at": at.isoformat(),
        "reference": reference,
        "found": asked.figures(),
        "erased": erased.figures(),
        "messages": [
            {"number": one, "how": how.value, "digest": erased.digests[one]} for one, how in erased.messages.items()
        ],
        "grounds_of_decisions": list(erased.decisions),
        "grounds_of_holds": list(erased.holds),
        "notes": list(erased.explanations),
        "notes_of_pictures": list(erased.photo_answers),
        "held": list(erased.held),
    }
    return json.dumps(told, indent=2) + "\n"


def _write(file: Path, content: str) -> None:
    with file.open("w", encoding="utf-8") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _about(one: About, at: datetime) -> Iterator[str]:
    row = one.message
    kind, platform = text(f"message.{row.kind}"), _word("platform", row.platform)
    yield ""
    yield text("insight.message", number=row.id, kind=kind, platform=platform, page=row.page_name)
    yield text(f"insight.how.{one.how}")
    if row.created_at:
        yield text("insight.written", moment=words.moment(row.created_at))
    yield text("insight.stored", moment=words.moment(row.first_seen))
    if one.kept.emptied_at:
        yield text("insight.emptied", moment=words.moment(one.kept.emptied_at))
    else:
        yield text("insight.ends", date=words.date(one.kept.ends_at, at))
        yield text("insight.text", text=row.text)
    if row.author_name and not row.by_page and one.how == "wrote":
        yield text("insight.name", name=row.author_name)
    yield from (text("insight.attachment", text=item.text or item.url) for item in row.attachments)
    yield from (text("insight.before", text=old.text) for old in row.versions if old.text)
    yield from (text("insight.finding", what=words.reason(code)) for code in _reasons(one))
    for case, decided in one.cases:
        what, status = _word("category", case.category), _word("status", case.status)
        yield text("insight.case", number=case.id, what=what, status=status)
        yield from (
            text("insight.decision", what=_word("verdict", row.verdict), moment=words.moment(row.at)) for row in decided
        )
    yield from (_look(look) for look in one.looks)


def _reasons(one: About) -> list[str]:
    return list(dict.fromkeys(finding.reason for finding in one.message.findings))


def _look(look: Look) -> str:
    action = f"insight.action.{look.action}"
    did = text(action) if words.known(action) else text("insight.action.other")
    why = [_word(group, look.detail[name]) for name, group in _WHY.items() if name in look.detail]
    return text("insight.look", moment=words.moment(look.at), did=": ".join([did, *why]))


def _word(group: str, code: object) -> str:
    key = f"{group}.{code}"
    return text(key) if words.known(key) else str(code)
