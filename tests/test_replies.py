"""Reply help: the municipality's saved answers, and the draft beside an inquiry."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import streamlit as st
from screens import CONFIGURATION, environment, municipality, opened, told

from dashboard import settings
from dashboard.settings_replies import SavedReply
from dashboard.shapes import replies
from data.errors import SettingsError
from data.queries import open_reader, queue
from data.types import Category, Scope

ANSWERS = """
[[reply]]
title = "Åbent hus"
text = "Kig forbi {institution}."
[[reply]]
title = "Skolen"
topics = ["skole"]
text = "Om {topic}: se {link}. Hilsen {page}"
link = "https://noerreaa.example/skole"
[[reply]]
title = "Bogen"
topics = ["bibliotek"]
text = "Lån den her."
"""
EVERYTHING = Scope(everywhere=True, categories=frozenset(Category), browse=True, acts=True)
SECRET = "Husk madpakken på fredag, hilsen skolen"


def with_answers(folder, answers=ANSWERS):
    path = municipality(folder)
    path.write_text(path.read_text("utf-8") + answers, "utf-8")
    st.cache_data.clear()
    return path


def inquiry(path):
    with open_reader(path.parent / "sideblik.db") as reader:
        return next(one for one in queue(reader, EVERYTHING, Category.INQUIRY) if one.institution_id == "skolen")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            'text = "Hilsen {name}"',
            "reply[1].text: found the place {name}; allowed: {page}, {institution}, {topic}, {link}",
        ),
        ('text = "Hilsen {page!r}"', "reply[1].text: found the place {page!r}; allowed"),
        ('text = "Hilsen {page.__class__}"', "reply[1].text: found the place {page.__class__}; allowed"),
        ('text = "Hilsen {}"', "reply[1].text: found the place {}; allowed"),
        ('text = "Hilsen {page"', "reply[1].text: found a brace without its other half"),
        ('text = "Se {link}"', "reply[1].text: found the place {link}, and no link beside it"),
        ('text = "Se"\nlink = "javascript:alert(1)"', "reply[1].link: found"),
        ('text = "Se"\ntopics = ["vejret"]', "reply[1].topics"),
        ('text = "Se"\n[[reply]]\ntitle = "A"\ntext = "Igen"', "reply[2].title: found 'A' a second time"),
    ],
)
def test_a_saved_answer_that_cannot_be_filled_is_told_with_its_place(tmp_path, wrong, said):
    """Whoever writes the file learns of it at once, and no administrator meets a half-filled answer."""
    path = tmp_path / "sideblik.toml"
    path.write_text(f'{CONFIGURATION}[[reply]]\ntitle = "A"\n{wrong}\n', "utf-8")
    with pytest.raises(SettingsError) as caught:
        settings.load(path)
    assert said in str(caught.value)


def test_the_example_can_be_used_as_it_stands(tmp_path):
    """What `sideblik init` shows commented out is a table that loads."""
    example = (Path(settings.__file__).parent / "texts" / "sideblik.example.toml").read_text("utf-8")
    shown = example.partition("# [[reply]]")[2].partition("\n\n")[0].replace("\n# ", "\n")
    path = tmp_path / "sideblik.toml"
    path.write_text(f"{CONFIGURATION}[[reply]]{shown}\n", "utf-8")
    assert ["Åbningstider"] == [one.title for one in settings.load(path).replies]


def test_what_is_filled_in_is_not_filled_again():
    """A page whose name looks like a place keeps its name, and a doubled brace is a brace."""
    one = SavedReply("A", (), "{page} og {{sig}}")
    assert "{topic} og {sig}" == one.filled(page="{topic}", institution="I", topic="T")


def test_answers_of_the_topic_come_first():
    """Those for the inquiry's topic, then those for all; what is for another topic is not offered."""
    saved = [
        SavedReply("all", (), "a"),
        SavedReply("school", ("skole",), "b"),
        SavedReply("library", ("bibliotek",), "c"),
    ]
    assert ["school", "all"] == [one.title for one in replies.fitting(saved, "skole")]
    assert ["all"] == [one.title for one in replies.fitting(saved, "")]


def test_a_saved_answer_goes_below_the_draft_and_is_looked_at(tmp_path):
    """What stands in the field stays, the answer is filled from the inquiry, and the field is judged as the page's."""
    path = with_answers(tmp_path)
    with environment(path):
        case = inquiry(path)
        screen = opened("Anna", "henvendelser", sag=str(case.id))
        field = f"svar-{case.id}"
        screen.text_area(key=field).set_value("Kære borger, Karla i 3.b har fået diabetes.").run()
        assert "diabetes</mark>" in told(screen)
        screen.button(key=f"svarind-{case.id}").click().run()
        written = screen.text_area(key=field).value
    assert f"Kære borger, Karla i 3.b har fået diabetes.\n\nKig forbi {case.institution_name}." == written
    assert ["Åbent hus"] == screen.selectbox(key=f"svartekst-{case.id}").options
    assert "FOB" not in told(screen)
    assert "ikke en afgørelse" in told(screen)


def test_a_reader_and_another_queue_have_no_reply_help(tmp_path):
    """Who may not act answers nobody, and a possible breach is not answered in public."""
    path = with_answers(tmp_path)
    with environment(path):
        case = inquiry(path)
        reading = opened("Lis", "henvendelser", sag=str(case.id))
        with open_reader(path.parent / "sideblik.db") as reader:
            breach = queue(reader, EVERYTHING, Category.CONFIDENTIALITY)[0]
        other = opened("Kim", "brud", sag=str(breach.id))
    for screen in (reading, other):
        assert "Målestok" not in told(screen)


def test_a_draft_is_stored_nowhere(tmp_path, caplog):
    """Neither the database nor the log nor the address holds what was tried, on either screen."""
    path = with_answers(tmp_path)
    caplog.set_level("DEBUG")
    with environment(path):
        case = inquiry(path)
        on_case = opened("Anna", "henvendelser", sag=str(case.id))
        on_case.text_area(key=f"svar-{case.id}").set_value(SECRET).run()
        alone = opened("Anna", "proev")
        alone.text_area(key="udkast").set_value(SECRET).run()
    assert SECRET in told(on_case)
    assert SECRET in told(alone)
    with sqlite3.connect(path.parent / "sideblik.db") as conn:
        assert SECRET not in "\n".join(conn.iterdump())
    assert SECRET not in caplog.text
    assert SECRET not in str(dict(on_case.query_params)) + str(dict(alone.query_params))
