"""How long a text is kept, and what holds it, on the screens: who sees it, who decides it, and what is said after."""

from __future__ import annotations

from datetime import timedelta

import pytest
import streamlit as st
from records import SCHOOL_PAGE, rows
from screens import environment, municipality, opened, told

from dashboard import words
from dashboard.shapes import keeping
from data import times
from data.keeping_rows import HoldRow, KeptRow
from data.retention import Ceiling, Rules, Why
from data.store import Store

NOW = times.from_text("2026-11-18T12:00:00Z")
DAY = timedelta(days=1)


@pytest.fixture
def path(tmp_path):
    st.cache_data.clear()
    made = municipality(tmp_path)
    with environment(made):
        yield made


def case(path) -> str:
    ((number,),) = rows(
        path.parent,
        "SELECT cases.id FROM cases JOIN messages ON messages.id = message WHERE message_id = 'c2'",
    )
    return str(number)


def field(screen, kind: str, key: str):
    return next(one for one in screen.get(kind) if str(one.key).startswith(key))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (KeptRow(1, "p", "i", NOW + 12 * DAY, Why.AGE), "Teksten slettes om 12 dage"),
        (KeptRow(1, "p", "i", NOW + DAY, Why.TERMS), "Teksten slettes om 24 timer: længere må den"),
        (KeptRow(1, "p", "i", NOW + 2 * DAY, Why.GONE), "fordi den er væk på platformen."),
        (KeptRow(1, "p", "i", NOW - DAY, Why.AGE), "Teksten slettes i nat."),
        (
            KeptRow(1, "p", "i", times.from_text("2027-06-01T22:00:00Z"), Why.AGE, held=True),
            "ikke før onsdag 2. juni 2027",
        ),
        (KeptRow(1, "p", "i", NOW, Why.ERASED, emptied_at=NOW), "efter en anmodning."),
    ],
)
def test_each_end_has_its_sentence(row: KeptRow, expected: str) -> None:
    """When, why, and that a hold keeps it to the end of its last day."""
    assert expected in keeping.sentence(row, NOW)


def test_every_reason_has_its_words() -> None:
    """Whatever ended a text, the screen can say it."""
    said = {keeping.sentence(KeptRow(1, "p", "i", NOW, why, emptied_at=NOW), NOW) for why in Why}
    assert len(Why) == len(said)


def test_a_grounds_markup_is_text() -> None:
    """What somebody wrote as a ground is shown, never run."""
    row = HoldRow(1, 1, "p", "i", "<b>Anna</b>", "<img src=x onerror=alert(1)>", NOW, NOW + DAY, None, None)
    assert not [mark for mark in ("<img", "<b>") if mark in keeping.holds([row], NOW)]


def test_the_case_says_when_its_text_is_deleted(path) -> None:
    """The open case of a possible breach: a year after it was opened, by the rules in force."""
    ends = words.date(times.now() + 365 * DAY, times.now())
    assert f"Teksten slettes {ends}" in told(opened("Anna", "brud", sag=case(path)))


def test_an_emptied_case_says_so(path) -> None:
    """No text, no words of it as a reason, and the sentence that tells why; the case itself can still be decided."""
    with Store.open(path.with_name("sideblik.db"), clock=lambda: times.now() + 400 * DAY) as store:
        store.sweep()
    screen = opened("Anna", "brud", sag=case(path))
    shown = told(screen)
    assert ([], False) == (list(screen.exception), "Karla" in shown or "diabetes" in shown)
    assert "da opbevaringsfristen udløb." in shown
    assert words.text("decision.save") in [one.label for one in screen.button]


def test_holding_and_lifting(path) -> None:
    """An administrator keeps the thread, sees it said with their name, and lifts it again; a reader only sees it."""
    screen = opened("Anna", "brud", sag=case(path))
    field(screen, "text_area", "stop-grund").set_value("Klage, cpr 280571-1415.")
    next(one for one in screen.button if one.label == words.text("hold.save")).click().run()
    assert [] == list(screen.exception)
    assert words.text("hold.saved") in [one.value for one in screen.toast]
    assert [("Klage, cpr ██████-████.", "Anna")] == rows(path.parent, "SELECT ground, person FROM holds")
    assert "besluttet af Anna" in told(screen)
    reader = opened("Lis", "brud", sag=case(path))
    assert "besluttet af Anna" in told(reader)
    assert [] == [one for one in reader.button if str(one.key).startswith("ophaev-")]
    field(screen, "button", "ophaev-").click().run()
    assert words.text("hold.ended") in [one.value for one in screen.toast]
    assert "ophævet af Anna" in told(screen)


def test_a_hold_needs_a_ground(path) -> None:
    """Without one nothing is kept, and the form says what is missing."""
    screen = opened("Anna", "brud", sag=case(path))
    next(one for one in screen.button if one.label == words.text("hold.save")).click().run()
    assert words.text("hold.wrong.ground") in [one.value for one in screen.warning]
    assert [] == rows(path.parent, "SELECT * FROM holds")


def test_a_gone_message_says_why_it_is_empty(path) -> None:
    """In its thread, also where another message is looked at."""
    with Store.open(path.with_name("sideblik.db")) as store:
        store.set_keeping(Rules(), {"facebook": Ceiling(gone=True)})
        for _ in range(2):
            store.miss(SCHOOL_PAGE, listed=["p1", "c2"], threads=["p1"], posts_since=None)
        store.empty_gone(SCHOOL_PAGE.id)
    ((post,),) = rows(path.parent, "SELECT id FROM messages WHERE message_id = 'p1'")
    shown = told(opened("Anna", "opslag", besked=str(post)))
    assert (1, False) == (shown.count("fordi den er væk på platformen."), "på lørdag" in shown)
