"""The thread of a case as it was, set as a PDF/A from what the package tells and from nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard import words
from dashboard.package_told import Told
from dashboard.paper import Paper
from dashboard.words import text
from data.times import COPENHAGEN, from_text


def content(told: Told) -> bytes:
    """The whole document; the same telling gives the same bytes."""
    title = text("package.title", number=told["case"]["number"], kind=_kind(told["case"]))
    paper = Paper(title, from_text(told["made_at"]), text("year.page", page="{page}", pages="{pages}"))
    paper.heading(title, 1)
    paper.paragraph(text("package.made", municipality=told["municipality"], moment=moment(told["made_at"])), muted=True)
    paper.paragraph(text("package.masked" if told["masked"] else "package.unmasked"))
    _case(paper, told["case"])
    paper.heading(text("package.thread"))
    paper.paragraph(text("package.thread_more"), muted=True)
    for row in told["thread"]:
        _message(paper, row)
    _care(paper, told["clock"], told["checklist"])
    _decisions(paper, told["decisions"])
    _removals(paper, told["removals"])
    _journal(paper, told["journal"])
    return paper.content()


def moment(at: str) -> str:
    """A time of the package with its year, in Copenhagen."""
    when = from_text(at)
    return text("package.moment", date=words.date(when), year=when.astimezone(COPENHAGEN).year, clock=words.clock(when))


def _case(paper: Paper, case: Told) -> None:
    paper.heading(text("package.case"))
    values = [
        ("institution", case["institution"]["name"]),
        ("page", f"{case['page']['name']} · {_word('platform', case['page']['platform'])}"),
        ("written", moment(case["written_at"])),
        ("opened", moment(case["opened_at"])),
        ("status", _word("status", case["status"])),
        ("verdict", _word("verdict", case["verdict"]) if case["verdict"] else ""),
        ("record", case["record_number"] or ""),
    ]
    for name, value in values:
        if value:
            paper.prose(text("package.value", name=text(f"package.of.{name}"), value=value))


def _message(paper: Paper, row: Told) -> None:
    kind = text(f"message.{row['kind']}")
    paper.heading(text("package.message", number=row["number"], kind=kind, writer=_writer(row["writer"])), 3)
    if row["flagged"]:
        paper.paragraph(text("package.flagged"))
    paper.paragraph(" · ".join(_facts(row)), muted=True)
    if row["emptied_at"]:
        why = text(f"package.emptied.{row['emptied_why']}")
        paper.paragraph(text("package.emptied_at", moment=moment(row["emptied_at"]), why=why))
    for one in row["versions"]:
        if one["text"] is not None:
            _version(paper, one, several=len(row["versions"]) > 1)
    for item in row["attachments"]:
        what = " · ".join(part for part in (_word("attachment", item["kind"]), item["text"], item["url"]) if part)
        paper.prose(text("package.attachment", what=what))


def _facts(row: Told) -> Iterable[str]:
    if row["written_at"]:
        yield text("package.written", moment=moment(row["written_at"]))
    yield text("package.seen", moment=moment(row["first_seen"]))
    if row["visibility"] != "visible":
        yield text(f"visibility.{row['visibility']}")
    if row["answers"]:
        yield text("package.answers", number=row["answers"])


def _version(paper: Paper, one: Told, *, several: bool) -> None:
    if several:
        since, until = moment(one["seen_from"]), moment(one["seen_until"]) if one["seen_until"] else ""
        key = "package.version_until" if until else "package.version_now"
        paper.paragraph(text(key, number=one["version"], since=since, until=until), muted=True)
    paper.prose(one["text"] or text("package.no_words"))
    paper.small(f"SHA-256 {one['sha256']}")


def _writer(writer: Told) -> str:
    if writer["role"] == "page":
        return text("package.by_page", name=writer["name"])
    number = text("package.citizen", number=writer["number"]) if writer["number"] else text("package.some_citizen")
    return text("package.named", citizen=number, name=writer["name"]) if writer["name"] else number


def _care(paper: Paper, clock: Told | None, checklist: list[Told]) -> None:
    """When the municipality became aware, and what has been seen to; nothing where nobody has touched either."""
    seen_to = [row for row in checklist if row["state"] != "open"]
    if clock is None and not seen_to:
        return
    paper.heading(text("package.care"))
    if clock:
        paper.prose(text("package.clock", began=moment(clock["began_at"]), due=moment(clock["due_at"])))
    for row in checklist:
        what, state = text(f"package.item.{row['item']}"), text(f"package.state.{row['state']}")
        who = text("package.by", moment=moment(row["at"]), person=row["person"] or "") if row["at"] else ""
        paper.prose(text("package.value", name=what, value=f"{state}{who}"))


def _decisions(paper: Paper, rows: list[Told]) -> None:
    if not rows:
        return
    paper.heading(text("decision.title"))
    for row in rows:
        verdict = _word("verdict", row["verdict"])
        paper.prose(text("package.decision", verdict=verdict, moment=moment(row["at"]), person=row["person"]))
        if row["record_number"]:
            paper.prose(text("package.value", name=text("package.of.record"), value=row["record_number"]))
        if row["ground"]:
            paper.prose(row["ground"])
        if row["second_look"]:
            paper.prose(_look(row["second_look"]))
        if row["undone_at"]:
            told = text("package.undone", moment=moment(row["undone_at"]), person=row["undone_by"] or "")
            paper.paragraph(told, muted=True)


def _look(look: Told) -> str:
    outcome = look["outcome"]
    who = text("package.by", moment=moment(look["at"]), person=look["person"] or "") if look["at"] else ""
    return text(f"package.look.{outcome}") + who


def _removals(paper: Paper, rows: list[Told]) -> None:
    if not rows:
        return
    paper.heading(text("package.removals"))
    for row in rows:
        paper.prose(
            text(
                "package.removal",
                number=row["message"],
                became=text(f"visibility.{row['became']}"),
                since=moment(row["last_seen"]) if row["last_seen"] else text("unit.unknown"),
                until=moment(row["missed_at"]),
                ground=text(f"removal.ground.{row['ground']}") if row["ground"] else text("package.no_ground"),
            )
        )


def _journal(paper: Paper, journal: Told) -> None:
    paper.heading(text("package.journal"))
    paper.paragraph(text("package.journal_more", count=words.number(len(journal["rows"]))))
    paper.small(f"{journal['head']['row']}  {journal['head']['hash']}")


def _kind(case: Told) -> str:
    return _word("kind", case["kind"]) if words.known(f"kind.{case['kind']}") else text(f"category.{case['category']}")


def _word(group: str, code: object) -> str:
    key = f"{group}.{code}"
    return text(key) if words.known(key) else str(code)
