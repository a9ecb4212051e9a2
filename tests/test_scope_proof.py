"""Nobody sees more than they may: every view for every role at every institution, over the wire of a real server."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import pytest
from marked import AGO, KINDS, PEOPLE, PLACES, Scene, marked, words_of
from test_yearly import told
from websockets.exceptions import InvalidStatus
from wire import Seen, wired

from dashboard.access import Role
from dashboard.views import rapporter
from data import times
from data.times import week_of

EVERYTHING = frozenset(KINDS)
CASE_ALONE = frozenset(
    {"id", "place", "page", "case", "breach", "author", "ground", "duty"}
)  # the DPO's, of possible breaches
SHOWN = {
    "overblik": {"place", "page"},
    "mindag": {"place", "breach", "comment", "tone", "gone"},
    "henvendelser": {"place", "page", "comment"},
    "brud": {"place", "page", "breach"},
    "tone": {"place", "page", "tone"},
    "opslag": {"page"},
    "soeg": {"page", "post", "comment", "case", "breach", "tone", "gone"},
    "fotos": {"place", "page", "post"},
    "sletteregnskab": {"place", "page", "gone"},
    "rapporter": {"id", "place", "page"},
    "sider": {"id", "place", "page"},
    "proev": set(),
    "vagtplan": {"page", "duty"},
    "beskeder": set(),
    "adgang": {"place"},
}
NOT_FOR = {
    Role.READER: {"mindag", "fotos", "adgang"},
    Role.ADMINISTRATOR: {"adgang"},
    Role.COMMUNICATIONS: set(),
    Role.DPO: set(SHOWN) - {"overblik", "brud", "rapporter", "sider", "proev", "beskeder"},
}
OPENED = {
    "henvendelser?sag": {"comment", "author", "post", "ground"},
    "brud?sag": {"breach", "author", "case", "ground"},
    "tone?sag": {"tone", "author", "post"},
    "opslag?besked": {"post", "comment", "author"},
    "soeg?besked": {"post", "comment", "author"},
    "fotos?foto": {"post"},
    "sletteregnskab?fjernelse": {"gone", "note"},
    "sider?valgt": {"page"},
}
THIS_WEEK = urlencode({"uge": rapporter._named(week_of(times.now() - AGO))})
FILES = {
    f"rapporter?{THIS_WEEK}": {"id", "place", "page"},
    "henvendelser?sag": {"comment", "post", "ground"},
    "brud?sag": {"breach", "case"},
    "tone?sag": {"tone", "post"},
}
FILTERED = {
    **dict.fromkeys(("henvendelser", "brud", "tone"), ("sted", "side")),
    **dict.fromkeys(("opslag", "fotos", "sletteregnskab", "vagtplan"), ("side",)),
}
QUERY = {"soeg": "q=fælles"}


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> Iterator[Scene]:
    with marked(tmp_path_factory.mktemp("proof")) as made:
        yield made


def may(name: str) -> set[tuple[str, str]]:
    """Everything that a person may see."""
    role, places = PEOPLE[name]
    return {(place, kind) for place in places for kind in (CASE_ALONE if role is Role.DPO else EVERYTHING)}


def too_much(name: str, text: str) -> set[tuple[str, str]]:
    return words_of(text) - may(name)


@pytest.mark.parametrize("name", PEOPLE)
def test_the_navigation_has_each_view_of_the_role_and_no_other(scene, name):
    """A view that is made later fails here until it has its row above."""
    offered = scene.wires[name].run("").views - {""}
    assert set(SHOWN) - NOT_FOR[PEOPLE[name][0]] == offered


@pytest.mark.parametrize("view", SHOWN)
def test_a_view_shows_what_is_theirs_and_nothing_else(scene, view):
    """First to those who see most, so that what were kept of their runs would be seen in the others'."""
    for name in reversed(PEOPLE):
        role, places = PEOPLE[name]
        seen = scene.wires[name].run(view, QUERY.get(view, "")).text
        assert set() == too_much(name, seen), name
        if view not in NOT_FOR[role]:
            assert {(place, kind) for place in places for kind in SHOWN[view]} <= words_of(seen), name


def links(scene: Scene, view: str, key: str) -> dict[tuple[str, str], str]:
    """Every number that an address could name there: each place's own, and other views' under the same word."""
    return {
        (place, name.partition("?")[0]): number
        for (place, name), number in scene.numbers.items()
        if name.endswith(f"?{key}") or name.startswith(view)
    }


@pytest.mark.parametrize("link", OPENED)
def test_a_link_opens_what_is_theirs_and_nothing_else(scene, link):
    """A link to another institution's, or to a case of a category that is not theirs, looks like one to nothing."""
    view, key = link.split("?")
    for name in reversed(PEOPLE):
        role, places = PEOPLE[name]
        for (place, of), number in links(scene, view, key).items():
            seen = scene.wires[name].run(view, f"{key}={number}")
            assert set() == too_much(name, seen.text), (name, place, of)
            if place not in places or view in NOT_FOR[role] or (key == "sag" and of in NOT_FOR[role]):
                nothing = scene.wires[name].run(
                    view, f"{key}=999999"
                )  # asked anew: what was opened has moved in the list
                assert drawn(nothing) == drawn(seen), (name, place, of)
            elif view == of:
                wanted = OPENED[link] - ({"author"} if role is Role.READER else set())  # a writer's name may be masked
                assert {(place, kind) for kind in wanted} <= words_of(seen.text), name


def drawn(seen: Seen) -> list[str]:
    """What the screen says and offers, without the numbers of its clocks."""
    offered = [one.label for kind in ("button", "download_button") for one in seen.elements(kind)]
    return [*(re.sub(r"\d+", "0", one.body) for one in seen.elements("html")), *offered]


@pytest.mark.parametrize("link", FILES)
def test_files_hold_what_is_theirs_and_nothing_else(scene, link):
    """Every file that is offered to somebody, as it is made on the click."""
    view, _, query = link.partition("?")
    of_a_case = "=" not in query
    for name in reversed(PEOPLE):
        role, places = PEOPLE[name]
        refused = view in NOT_FOR[role] or (of_a_case and role is Role.READER)
        asked = [f"{query}={scene.numbers[place, link]}" for place in PLACES] if of_a_case else [query]
        held = words_of("\n".join(file for one in asked for file in files(scene, name, view, one)))
        assert set() == held - may(name), name
        assert refused or {(place, kind) for place in places for kind in FILES[link]} <= held, name
        assert not (refused and held), name


def test_the_dpo_s_files_count_possible_breaches_alone(scene):
    """A line for each place's one, below the head; those with all categories have a line for each of four cases."""
    lines = {name: files(scene, name, "rapporter", THIS_WEEK)[1].count("\r\n") for name in ("dpo", "communications")}
    assert {"dpo": 1 + 2, "communications": 1 + 8} == lines


def files(scene: Scene, name: str, view: str, query: str) -> list[str]:
    """What the files say that a view offers to somebody; without a login their addresses answer nothing."""
    wire, cookie = scene.wires[name], {"Cookie": scene.cookies[name]}
    urls = [
        scene.address + wire.file(one.deferred_file_id) for one in wire.run(view, query).elements("download_button")
    ]
    assert {401} >= {httpx.get(url).status_code for url in urls}
    return [contents(httpx.get(url, headers=cookie).raise_for_status().content) for url in urls]


def contents(file: bytes) -> str:
    """All that a file says: of an archive each member, of a PDF what it draws."""
    if file.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            return "\n".join(contents(archive.read(one)) for one in archive.namelist())
    return told(file) if file.startswith(b"%PDF") else file.decode("utf-8")


@pytest.mark.parametrize("view", FILTERED)
def test_a_filter_knows_no_other_name(scene, view):
    """To whom an institution is not theirs, its name and its page's in an address are as good as made-up ones."""
    named = {"sted": "qz{}place", "side": "qz{}page · hjemmeside"}
    for name in reversed(PEOPLE):
        for key in FILTERED[view]:
            made_up = scene.wires[name].run(view, urlencode({key: "Findes ikke"}))
            for place in set(PLACES) - set(PEOPLE[name][1]):
                seen = scene.wires[name].run(view, urlencode({key: named[key].format(place)}))
                assert set() == too_much(name, seen.text), (name, key)
                assert drawn(made_up) == drawn(seen), (name, key)


@pytest.mark.parametrize("cookie", ["", "sideblik=made-up", "sideblik="])
def test_nobody_sees_anything(scene, cookie):
    """Without a session no view, no link and no live connection answers with more than the login."""
    asked = [*SHOWN, *(f"{name}={number}" for (_, name), number in scene.numbers.items())]
    with httpx.Client(base_url=scene.address, headers={"Cookie": cookie}) as browser:
        for view in asked:
            page = browser.get(f"/{view}", headers={"Accept": "text/html"}, follow_redirects=True)
            assert ("/login", 200) == (page.url.path, page.status_code)
            assert set() == words_of(page.text.replace(view.partition("=")[2] or "-", ""))
            assert 401 == browser.get(f"/{view}").status_code
    with pytest.raises(InvalidStatus), wired(scene.address, cookie):
        pass


@pytest.mark.parametrize("name", PEOPLE)
def test_the_page_around_the_views_is_the_same_for_all(scene, name):
    """What is sent before the live connection opens holds no word of any institution."""
    told_before = {httpx.get(f"{scene.address}/{view}", headers={"Cookie": scene.cookies[name]}).text for view in SHOWN}
    assert (1, set()) == (len(told_before), words_of("".join(told_before)))
