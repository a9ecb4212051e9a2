"""The package of a case on its page: who is offered it, that it is made on the click, the number told afterwards."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace

import pytest
import streamlit as st
from records import ALL, rows
from screens import environment, municipality, opened, told

from dashboard import words
from dashboard.views import _package
from data.filing import Face
from data.store import Store
from data.types import NOTHING, Verdict


@pytest.fixture
def path(tmp_path):
    st.cache_data.clear()
    made = municipality(tmp_path)
    with environment(made):
        yield made


def case(path, message: str = "c2") -> int:
    ((number,),) = rows(
        path.parent,
        f"SELECT cases.id FROM cases JOIN messages ON messages.id = message WHERE message_id = '{message}'",
    )
    return number


def offered(screen) -> list[str]:
    return [one.proto.label for one in screen.get("download_button")]


def tell(screen, number: str, save: str = "package.save"):
    """Writes a record number and saves it."""
    next(one for one in screen.text_input if str(one.key).startswith("journal-nr-")).set_value(number)
    return next(one for one in screen.button if one.label == words.text(save)).click().run()


@pytest.mark.parametrize(
    ("person", "view", "message", "expected"),
    [
        ("Anna", "brud", "c2", ["Hent pakke til journalen", "Hent pakke til DPO"]),
        ("Dan", "brud", "c2", ["Hent pakke til journalen", "Hent pakke til DPO"]),
        ("Anna", "henvendelser", "c1", ["Hent pakke til journalen"]),
        ("Lis", "brud", "c2", []),
        ("Ulla", "brud", "c2", []),
    ],
)
def test_who_is_offered_which_package(path, person, view, message, expected) -> None:
    """Both for a possible breach, one for an inquiry; none for who only reads, or of another institution."""
    assert expected == offered(opened(person, view, sag=str(case(path, message))))


def test_nothing_is_made_before_the_click(path) -> None:
    """Looking at the case packs nothing and notes nothing."""
    opened("Anna", "brud", sag=str(case(path)))
    assert [] == rows(path.parent, "SELECT * FROM journal WHERE action = 'package'")


@pytest.mark.parametrize(("face", "masked"), [(Face.DPO, True), (Face.RECORDS, False)])
def test_a_click_makes_it_and_notes_it(path, face, masked) -> None:
    """The bytes that are handed out are those whose sum stands in the journal, under the name of who clicked."""
    made = _package._made(lambda: ALL, "Anna", case(path), face, masked)
    ((actor, detail),) = rows(path.parent, "SELECT actor, detail FROM journal WHERE action = 'package'")
    assert ("Anna", hashlib.sha256(made).hexdigest()) == (actor, json.loads(detail)["sha256"])
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        content = json.loads(archive.read("case.json"))
        assert (face.value, masked, "Nørreå Kommune") == (
            content["made_for"], content["masked"], content["municipality"],
        )  # fmt: skip
    texts = [one["text"] for row in content["thread"] for one in row["versions"]]
    assert masked is not any("Karla" in one for one in texts)


@pytest.mark.parametrize("scope", [NOTHING, replace(ALL, acts=False)])
def test_a_click_after_the_role_ended_makes_nothing(path, scope) -> None:
    """The scope is asked at the click, not when the button was drawn."""
    assert b"" == _package._made(lambda: scope, "Anna", case(path), Face.DPO, True)
    assert [] == rows(path.parent, "SELECT * FROM journal WHERE action = 'package'")


def test_the_number_is_told_shown_and_taken_back(path) -> None:
    """Saved it stands on the case and its card says so; undone it is gone from there and the case is open."""
    screen = tell(opened("Anna", "henvendelser", sag=str(case(path, "c1"))), " 26/0417 ")
    assert [] == list(screen.exception)
    assert words.text("package.saved") in [one.value for one in screen.toast]
    assert "Journaliseret: 26/0417" in told(screen)
    assert [("26/0417",)] == rows(path.parent, "SELECT number FROM records")
    assert "▣" in told(opened("Anna", "henvendelser", status="Lukkede"))
    next(one for one in screen.button if one.label == words.text("act.undo")).click().run()
    assert "Journaliseret: 26/0417" not in told(screen)
    assert [("new", None)] == rows(path.parent, f"SELECT status, verdict FROM cases WHERE id = {case(path, 'c1')}")


@pytest.mark.parametrize(
    ("number", "sentence"), [("280571-1415", "package.cpr"), ("", "package.wrong"), ("<b>1</b>", "package.wrong")]
)
def test_a_number_that_is_none_is_refused(path, number, sentence) -> None:
    """A CPR number above all: nothing is decided, nothing kept, and the form says why."""
    screen = tell(opened("Anna", "henvendelser", sag=str(case(path, "c1"))), number)
    assert words.text(sentence, most=60) in [one.value for one in screen.warning]
    assert ([], []) == (rows(path.parent, "SELECT * FROM records"), rows(path.parent, "SELECT * FROM decisions"))


def test_a_decided_case_keeps_its_decision(path) -> None:
    """A number is told beside it and mended there; once the decision is taken back, the case shows none."""
    number = case(path, "c1")
    with Store.open(path.with_name("sideblik.db")) as store:
        store.decide(ALL, "Anna", number, 1, Verdict.ANSWERED, "")
    screen = opened("Anna", "henvendelser", sag=str(number))
    assert (["Hent pakke til journalen"], True) == (offered(screen), words.text("package.decided") in told(screen))
    for given in ("26/0417", "26/0418"):
        screen = tell(screen, given, "package.save_number")
        assert f"Journaliseret: {given}" in told(screen)
    assert [("answered",)] == rows(path.parent, f"SELECT verdict FROM cases WHERE id = {number}")
    assert [("26/0418",)] == rows(path.parent, "SELECT number FROM records")
    next(one for one in screen.button if one.label == words.text("act.undo")).click().run()
    assert "Journaliseret:" not in told(screen)
