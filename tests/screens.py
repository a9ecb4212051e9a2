"""A small municipality for the tests of the screens: a configuration, a database, people of each role."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from records import HOME, HOME_PAGE, SCHOOL, SCHOOL_PAGE, asking, plain, telling
from streamlit.testing.v1 import AppTest

from dashboard import words
from data import times
from data.store import Store
from data.types import Attachment, Judged, Outcome

ROOT = Path(__file__).parent.parent
APP = ROOT / "dashboard" / "app.py"
PEOPLE = {"Kim": "communications", "Anna": "administrator", "Lis": "reader", "Dan": "dpo", "Ulla": "administrator"}
PLACES = {"Anna": ["skolen"], "Lis": ["skolen"], "Ulla": ["hjemmet"]}
CONFIGURATION = """
[municipality]
name = "Nørreå Kommune"
[storage]
database = "sideblik.db"
[[institution]]
id = "skolen"
name = "Nørreå Skole"
kind = "skole"
[[page]]
id = "skole-web"
institution = "skolen"
platform = "website"
name = "Skolens hjemmeside"
options = { kind = "wordpress" }
[[institution]]
id = "hjemmet"
name = "Plejehjemmet Åsen"
kind = "plejecenter"
"""


def municipality(folder: Path, *, more: Sequence[Judged] = ()) -> Path:
    """Writes the configuration and a database with a question and a possible breach at each of two institutions."""
    people = [
        f'[[person]]\nname = "{name}"\nrole = "{role}"\ninstitutions = {PLACES.get(name, [])}\n'
        for name, role in PEOPLE.items()
    ]
    path = folder / "sideblik.toml"
    path.write_text(CONFIGURATION + "\n".join(people), "utf-8")
    now = times.now()
    with Store.open(folder / "sideblik.db") as store:
        store.set_places([SCHOOL, HOME], [SCHOOL_PAGE, HOME_PAGE])
        at = {"created_at": now - timedelta(hours=3)}
        home = {"page": HOME_PAGE, "thread_id": "p9", "parent_id": "p9", **at}
        visit = store.begin_visit(SCHOOL_PAGE)
        photo = (Attachment("photo", "https://example.dk/a.jpg", "Skolegården"),)
        school = [plain("p1", "Vi holder åbent hus.", by_page=True, attachments=photo, **at)]
        school += [asking("c1", "Hvornår åbner I på lørdag?", author_name="B.B.", **at)]
        school += [telling("c2", "Karla i 3.b har fået diabetes.", **at), *more]
        visit.add(store.save(SCHOOL_PAGE, school), calls=2)
        visit.end(Outcome.COMPLETE, stored=2, claimed=2)
        post = plain("p9", "Der er banko på fredag.", page=HOME_PAGE, by_page=True, **at)
        asked = asking("c9", "Må man tage sin hund med på besøg?", **home)
        store.save(HOME_PAGE, [post, asked, telling("c8", "Ester på stue 4 har fået lungebetændelse.", **home)])
    return path


@contextmanager
def environment(path: Path) -> Iterator[None]:
    """What a started dashboard finds in its environment; put back afterwards."""
    before = dict(os.environ)
    os.environ.update({"SIDEBLIK_CONFIG": str(path), "SIDEBLIK_DEMO": "1"})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def opened(person: str, view: str = "", **query: str) -> AppTest:
    """A screen as a person sees it, from the entry file; `view` is the name of its file."""
    screen = AppTest.from_file(str(APP), default_timeout=30)
    screen.query_params["som"] = f"{person} · {words.text(f'role.{PEOPLE[person]}')}"
    for name, value in query.items():
        screen.query_params[name] = value
    if view:
        screen.switch_page(f"views/{view}.py")
    return screen.run()


def told(screen: AppTest) -> str:
    """Everything that stands on the screen, as one text."""
    parts = [one.proto.body for one in screen.get("html")]
    for kind in ("title", "header", "subheader", "caption", "markdown", "text", "warning", "error", "toast"):
        parts += [str(one.value) for one in screen.get(kind)]
    parts += [one.label for one in screen.get("button")]
    return "\n".join(parts)
