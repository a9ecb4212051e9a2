"""A database of any size to measure on: 20 institutions, 30 pages, two years, one message in twenty a case.

    python benchmarks/dataset.py PATH 1000000

Words are made up of Danish syllables, seeded, and come about as unevenly as words do; a comment has some 90 characters
in the middle. Everything goes through `Store.save`, so the tables are as a visit leaves them.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from data.connection import connect, writing
from data.store import Store
from data.times import to_text
from data.types import (
    Breach,
    CaseDraft,
    Category,
    Finding,
    Inquiry,
    Institution,
    Judged,
    Judgement,
    Kind,
    Message,
    Page,
    Severity,
)

END = datetime(2026, 11, 20, 12, tzinfo=UTC)  # the newest message is a little older
DAYS = 728
THREAD = 20  # messages of a thread, its post included
BATCH = 1000
BREACH, URGENT, TOPIC, ASKED = 0.017, 0.022, 0.058, 0.062  # shares of what others write; one in twenty of all
SYLLABLES = "ba bø dal de en fe gul hav hy jo kan ke lin lø mar mø na når pil rå sel skov ste tå tu vig ve øl ås"
KINDS = ("school", "daycare", "nursing_home", "library", "culture")

INSTITUTIONS = tuple(Institution(f"inst{n:02}", f"Institution {n:02}", KINDS[n % len(KINDS)]) for n in range(20))
PAGES = tuple(
    Page(f"page{n:02}", f"inst{n % 20:02}", "facebook", f"Side {n:02}", f"https://example.dk/page{n:02}", str(n))
    for n in range(30)
)


def fill(path: Path, messages: int, *, seed: int = 1) -> None:
    """Fill a new database with about so many messages (whole threads), their cases, visits and decisions."""
    moment = END
    with Store.open(path, clock=lambda: moment) as store:
        store.set_places(INSTITUTIONS, PAGES)
        for page, batch in batches(messages, seed=seed):
            moment = batch[-1].message.created_at or END
            store.save(page, batch)
    conn = connect(path)
    _visit(conn)
    _decide(conn)
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()


def batches(messages: int, *, seed: int = 1) -> Iterator[tuple[Page, list[Judged]]]:
    """The messages, oldest first, in batches of whole threads of one page."""
    dice = random.Random(seed)
    sentences = _sentences(dice)
    size = min(BATCH, max(THREAD, messages // len(PAGES) // THREAD * THREAD))
    count = max(1, messages // size)
    for number in range(count):
        page = PAGES[number % len(PAGES)]
        begin = END - timedelta(days=DAYS) * (1 - number / count)
        span = timedelta(days=DAYS) / count * 0.9
        yield (
            page,
            [
                _judged(dice, sentences, page, number * size + place, begin + span * (place / size))
                for place in range(size)
            ],
        )


def _judged(dice: random.Random, sentences: list[str], page: Page, number: int, at: datetime) -> Judged:
    post = number - number % THREAD
    is_post = number == post
    text = f"{dice.choice(sentences)} {dice.choice(sentences)}" if number % 3 else dice.choice(sentences)
    message = Message(
        platform="facebook",
        message_id=f"{page.ref}_{number}",
        page_id=page.id,
        kind=Kind.POST if is_post else Kind.COMMENT,
        text=text,
        thread_id=f"{page.ref}_{post}",
        digest=f"{number:032x}",
        parent_id=None if is_post else f"{page.ref}_{post}",
        created_at=at,
        by_page=is_post or number % 17 == 0,
        author_key=f"{dice.getrandbits(64):016x}",
        author_name="A.B.",
        url=f"https://example.dk/{number}",
        comment_count=THREAD - 1 if is_post else None,
    )
    judgement, cases = _judgement(dice, message, page)
    return Judged(message, judgement, cases)


def _judgement(dice: random.Random, message: Message, page: Page) -> tuple[Judgement, tuple[CaseDraft, ...]]:
    fall = dice.random()
    if message.by_page or fall > ASKED:  # of what others wrote; about one in twenty of all
        return Judgement(rules="bench"), ()
    found = Finding("bench", 1, "person", 0, min(4, len(message.text)), 0.9, "bench")
    if fall > BREACH:
        word = dice.choice((Inquiry.QUESTION, Inquiry.REQUEST, Inquiry.COMPLAINT))
        severity = Severity.SERIOUS if fall < URGENT else Severity.NORMAL
        due = (message.created_at or END) + timedelta(hours=page.goal_hours)
        draft = CaseDraft(Category.INQUIRY, word, severity, "opening_hours" if fall > TOPIC else "", due)
        return Judgement(inquiry=word, findings=(found,), because=("bench",), rules="bench"), (draft,)
    breach = dice.choice((Breach.CLEAR, Breach.POSSIBLE, Breach.POSSIBLE, Breach.SELF))
    severity = {Breach.CLEAR: Severity.SERIOUS, Breach.SELF: Severity.NOTE}.get(breach, Severity.NORMAL)
    draft = CaseDraft(Category.CONFIDENTIALITY, breach, severity)
    return Judgement(breach=breach, findings=(found, found), because=("bench",), rules="bench"), (draft,)


def open_again(path: Path, cases: int) -> None:
    """Make the newest cases wait for somebody, as where nobody has looked for months."""
    conn = connect(path)
    with writing(conn):
        conn.execute(
            "UPDATE cases SET status = 'new', verdict = NULL, answered_at = NULL"
            " WHERE id > (SELECT max(id) FROM cases) - ?",
            (cases,),
        )
    conn.close()


def write_on(path: Path) -> None:
    """Save a batch of new messages each second until stopped, as a collector does that catches up."""
    with Store.open(path) as store:
        for number, (page, batch) in enumerate(batches(1_000_000, seed=2)):
            renamed = [
                replace(
                    one,
                    message=replace(one.message, message_id=f"w{number}_{place}", digest=f"{number:016x}{place:016x}"),
                )
                for place, one in enumerate(batch[:100])
            ]
            store.save(page, renamed)
            time.sleep(0.2)


def _sentences(dice: random.Random) -> list[str]:
    syllables = SYLLABLES.split()
    words = ["".join(dice.choices(syllables, k=dice.randint(1, 4))) for _ in range(20_000)]
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    return [" ".join(dice.choices(words, cum_weights=weights, k=dice.randint(4, 14))) + "." for _ in range(20_000)]


def _visit(conn: sqlite3.Connection) -> None:
    """A complete visit a page and day."""
    rows = []
    for day in range(DAYS):
        at = to_text(END - timedelta(days=DAYS - 1 - day, minutes=30))
        rows += [(page.id, page.institution_id, at, at) for page in PAGES]
    with writing(conn):
        conn.executemany(
            "INSERT INTO visits (page_id, institution_id, source, started_at, ended_at, outcome, stored, claimed)"
            " VALUES (?, ?, 'visit', ?, ?, 'complete', 190, 200)",
            rows,
        )


def _decide(conn: sqlite3.Connection) -> None:
    """What is older than three weeks is done with, nearly all of it, but for the newest hundred."""
    old = to_text(END - timedelta(days=21))
    with writing(conn):
        conn.execute(
            "UPDATE cases SET status = 'answered', answered_at = due_at"
            " WHERE category = 'inquiry' AND written_at < ? AND id % 40 > 0"
            " AND id < (SELECT max(id) - 100 FROM cases)",
            (old,),
        )
        conn.execute(
            "UPDATE cases SET status = 'closed', verdict = CASE id % 3 WHEN 0 THEN 'hidden' ELSE 'not_a_breach' END"
            " WHERE category = 'confidentiality' AND written_at < ? AND id % 40 > 0"
            " AND id < (SELECT max(id) - 100 FROM cases)",
            (old,),
        )


if __name__ == "__main__":
    if sys.argv[2] == "--more":
        write_on(Path(sys.argv[1]))
    begun = time.perf_counter()
    fill(Path(sys.argv[1]), int(sys.argv[2]))
    print(f"{sys.argv[2]} messages in {time.perf_counter() - begun:.1f} s")
