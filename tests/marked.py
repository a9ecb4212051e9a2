"""A municipality in which each institution's texts and names hold words that stand nowhere else, behind a real server.

A word is made of a mark, the institution and the kind of thing that it stands in: where it turns up, that was shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
from browsing import dashboard, free_port
from records import asking, hidden, plain, shouting, telling
from wire import Wire, wired

from dashboard.access import Role, scope_for
from dashboard.login import passwords
from data import times
from data.people import Person
from data.removal_rows import Ground
from data.rota import Duty
from data.store import Store
from data.types import Attachment, Institution, Outcome, Page, Verdict

ALL = scope_for(Role.COMMUNICATIONS, ())
PLACES = ("skole", "hjem")
KINDS = (
    "id", "place", "page", "author", "post", "comment", "case", "breach", "tone", "gone", "ground", "note", "duty",
)  # fmt: skip
CANARY = re.compile(rf"qz({'|'.join(PLACES)})({'|'.join(KINDS)})", re.IGNORECASE)
CONFIGURATION = """
[municipality]
name = "Nørreå Kommune"
[storage]
database = "sideblik.db"
[login]
url = "{url}"
contact = "kommunikation@noerreaa.example"
ways = ["password"]
[notice]
[[institution]]
id = "tomt"
name = "Et tomt sted"
kind = "skole"
"""
PLACE = """
[[institution]]
id = "qz{0}id"
name = "qz{0}place"
kind = "skole"
[[page]]
id = "qz{0}id-web"
institution = "qz{0}id"
platform = "website"
name = "qz{0}page"
options = {{ kind = "wordpress" }}
"""
CASES = {"henvendelser": "inquiry", "brud": "confidentiality", "tone": "tone"}
AGO = timedelta(hours=3)  # since all was written
PASSWORD = "korrekt hest batteri"
PEOPLE = {
    **{f"{role}-{place}": (role, (place,)) for role in (Role.READER, Role.ADMINISTRATOR) for place in PLACES},
    "reader-none": (Role.READER, ()),
    "communications": (Role.COMMUNICATIONS, PLACES),
    "dpo": (Role.DPO, PLACES),
}


@dataclass
class Scene:
    """A running dashboard, a connection for each person, and the number that each thing has."""

    address: str
    wires: dict[str, Wire] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    numbers: dict[tuple[str, str], str] = field(default_factory=dict)


def fill(store: Store, place: str) -> dict[tuple[str, str], str]:
    """One of everything at an institution; the numbers by which addresses name it."""
    now = times.now()
    word = f"qz{place}"
    page = Page(f"{word}id-web", f"{word}id", "website", f"{word}page", f"https://{place}.example.dk", place)
    at = {"page": page, "created_at": now - AGO}
    under = {**at, "thread_id": f"p{place}", "parent_id": f"p{place}", "author_name": f"Qz{place}author Lund"}
    photo = {"attachments": (Attachment("photo", f"https://{place}.example.dk/a.jpg", f"{word}post"),)}
    asked = asking(f"c{place}", f"Hvornår åbner fælles {word}comment?", **under)
    going = plain(f"g{place}", f"Fælles {word}gone", **under)
    apart = {**under, "thread_id": f"p2{place}", "parent_id": f"p2{place}"}
    told = telling(f"b{place}", f"Karla i 3.b har fået fælles diabetes {word}breach", **apart)
    rude = shouting(f"t{place}", f"Jeg kommer efter fælles {word}tone, jer", **under)
    visit = store.begin_visit(page)
    post = plain(f"p{place}", f"Fælles {word}post", by_page=True, **photo, **at)
    other = plain(f"p2{place}", f"Fælles {word}case", by_page=True, **at)
    store.save(
        page, [post, other, asked, told, rude, going, asking(f"d{place}", f"Er der fælles {word}comment?", **under)]
    )
    store.save(page, [hidden(going)])
    visit.end(Outcome.COMPLETE, stored=7, claimed=7)
    return numbers(store, place, f"{word}ground", f"{word}note")


def numbers(store: Store, place: str, ground: str, note: str) -> dict[tuple[str, str], str]:
    found = store._conn.execute
    page = f"qz{place}id-web"
    cases = dict(found("SELECT category, min(id) FROM cases WHERE page_id = ? GROUP BY category", (page,)).fetchall())
    removal = found("SELECT max(id) FROM removals WHERE page_id = ?", (page,)).fetchone()[0]
    photo = found("SELECT min(message) FROM photos WHERE page_id = ?", (page,)).fetchone()[0]
    store.explain(ALL, "kim", {removal: 1}, Ground.UNKNOWN, note)
    store.hold(ALL, "kim", cases["confidentiality"], times.now().date() + timedelta(days=60), ground)
    store.decide(ALL, "kim", cases["inquiry"], 1, Verdict.ANSWERED, ground)
    store.add_duty(ALL, "kim", Duty(page, f"qz{place}duty", times.now().date()))
    case = {f"{view}?sag": cases[kind] for view, kind in CASES.items()}
    more = {"opslag?besked": photo, "soeg?besked": photo, "fotos?foto": photo, "sletteregnskab?fjernelse": removal}
    return {(place, name): str(number) for name, number in {**case, **more, "sider?valgt": page}.items()}


@contextmanager
def marked(folder: Path) -> Iterator[Scene]:
    """Each person of `PEOPLE`, logged in by a password as a browser is."""
    port = free_port()
    made = Scene(f"http://127.0.0.1:{port}")
    path = folder / "sideblik.toml"
    path.write_text(CONFIGURATION.format(url=made.address) + "".join(PLACE.format(one) for one in PLACES), "utf-8")
    digest = passwords.digest(PASSWORD)
    with Store.open(folder / "sideblik.db") as store:
        places = [Institution(f"qz{one}id", f"qz{one}place", "school") for one in PLACES]
        places.append(Institution("tomt", "Et tomt sted", "school"))
        store.set_places(places, [Page(f"qz{p}id-web", f"qz{p}id", "website", f"qz{p}page", "", p) for p in PLACES])
        for place in PLACES:
            made.numbers |= fill(store, place)
        for name, (role, own) in PEOPLE.items():
            given = () if own == PLACES else tuple(f"qz{one}id" for one in own) or ("tomt",)
            number = store.add_person(ALL, "test", Person(name, name, role.value, given))
            store.set_password(ALL, "test", number, digest)
    with dashboard(path, port), ExitStack() as stack:
        for name in PEOPLE:
            made.cookies[name] = logged_in(made.address, name)
            made.wires[name] = stack.enter_context(wired(made.address, made.cookies[name]))
        yield made


def logged_in(address: str, name: str) -> str:
    form = {"login": name, "password": PASSWORD}
    answer = httpx.post(f"{address}/login/password", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert 303 == answer.status_code, answer.text
    return "; ".join(f"{key}={value}" for key, value in answer.cookies.items())


def words_of(text: str) -> set[tuple[str, str]]:
    """The institutions and kinds whose words stand in a text."""
    return {(found[1].lower(), found[2].lower()) for found in CANARY.finditer(text)}
