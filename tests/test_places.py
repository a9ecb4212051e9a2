"""Sider and the overview: a page in each state, what it costs to see it, and the posts that lack comments."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from records import NOON, SCHOOL_PAGE, plain
from screens import environment, municipality, opened, told

from dashboard import words
from dashboard.shapes import page_detail, places
from data import times
from data.opening import Opening
from data.rows import GapRow, PageRow, ShortPost, VisitRow
from data.store import Store
from data.types import Outcome, Tally

HOUR = timedelta(hours=1)
SEEN = PageRow(
    id="p", name="Siden", platform="facebook", url="", institution_id="i", institution_name="Skolen", goal_hours=48,
    seen_at=NOON - HOUR / 2, last_visit=None, open_gap=None, coverage=1.0, not_judged=0,
)  # fmt: skip
GAP = GapRow(1, "p", NOON - 9 * HOUR, None, False, "NetworkError")
VISIT = VisitRow(1, "p", "visit", NOON, NOON, Outcome.COMPLETE, Tally(fetched=200), 3, 9, 9, None, None, None)


@pytest.mark.parametrize(
    ("page", "word"),
    [
        (SEEN, "Bliver set"),
        (replace(SEEN, open_gap=GAP), "Ikke set"),
        (replace(SEEN, seen_at=NOON - 2 * HOUR), "Ikke set"),
        (replace(SEEN, coverage=0.5), "Noget mangler"),
        (replace(SEEN, short_posts=1), "Noget mangler"),
        (replace(SEEN, not_judged=1), "Noget mangler"),
        (replace(SEEN, seen_at=None), "Vi ved det ikke"),
        (replace(SEEN, visited=False), "Vi ved det ikke"),
        (replace(SEEN, coverage=None), "Vi ved det ikke"),
    ],
)
def test_a_card_tells_its_state_by_a_word_and_a_saying(page: PageRow, word: str):
    """Only a page that is seen has nothing more to say; no state is told by colour alone."""
    card = places.card(page, NOON)
    assert re.search(rf'<span aria-hidden="true">.</span> {word}</span>', card)
    assert ("sb-trouble" in card) == (word != "Bliver set")


def test_what_is_not_seen_comes_first():
    """Then what lacks something, then a page never read, then a token that will end, then the rest."""
    in_order = [
        replace(SEEN, id="gap", open_gap=GAP),
        replace(SEEN, id="lacks", coverage=0.5),
        replace(SEEN, id="never", seen_at=None),
        replace(SEEN, id="unproved", coverage=None),
        replace(SEEN, id="ends", token_expires_at=NOON + 24 * HOUR),
        replace(SEEN, id="seen"),
    ]
    backwards = list(reversed(in_order))
    assert in_order == sorted(backwards, key=lambda page: places.rank(page, NOON))


def test_the_overview_lists_five_and_leads_on():
    """Pages that can only not be proved whole are one line; a page that is seen is none."""
    pages = [replace(SEEN, id=f"p{number}", name=f"Side {number}", open_gap=GAP) for number in range(7)]
    listed = places.unseen([*pages, SEEN, replace(SEEN, id="feed", coverage=None)], NOON)
    assert 5 == listed.count("Facebook har ikke svaret helt")
    assert '<a href="sider" target="_self">Og 2 sider til: se Sider</a>' in listed
    assert 1 == listed.count("Vi ved det ikke")
    assert "" == places.unseen([SEEN], NOON)


def test_a_token_that_will_end_is_warned_of_where_one_looks():
    """On the card, on the overview, though the page itself is seen."""
    page = replace(SEEN, token_expires_at=NOON + 60 * HOUR)
    for shown in (places.card(page, NOON), places.unseen([page], NOON)):
        assert "Adgangen til Facebook-siden udløber om 2 dage." in shown
        assert "Bliver set" in shown


def test_the_facts_of_a_page():
    """Coverage with its goal, the rhythm, the limit and its reset, the price of reading, the platform's ceiling."""
    page = replace(
        SEEN, coverage=0.991, rhythm=7200, used=62.4, used_at=NOON, resets_at=NOON + HOUR, token_expires_at=NOON + HOUR
    )
    rows = [VISIT, replace(VISIT, calls=1, tally=Tally(fetched=0)), replace(VISIT, source="import", calls=0)]
    found = dict(page_detail.facts(page, rows, timedelta(hours=48), NOON))
    assert {
        "Sidst set": "for 30 min. siden",
        "Dækning": "99 % (mål 98 %)",
        "Tid mellem besøg": "2 timer",
        "Svarmål": "48 timer døgnet rundt",
        "Adgang udløber": "onsdag 18. nov.",
        "Platformens grænse": "62 % brugt, nulstilles kl. 14.00",
        "Kald pr. 1.000 tekster": "20,0",
        "Gemmes": "platformen tillader højst 48 timer",
    } == found
    later = dict(page_detail.facts(page, [], timedelta(days=30), NOON + 2 * HOUR))
    assert ("intet brugt", "platformen tillader højst 30 dage") == (later["Platformens grænse"], later["Gemmes"])
    bare = dict(page_detail.facts(replace(SEEN, visited=False, coverage=None), [], None, NOON))
    assert ["Sidst set", "Dækning", "Svarmål"] == list(bare)
    assert "ukendt" == bare["Dækning"]
    working = replace(SEEN, goal_hours=16, opening=Opening(((480, 960),) * 5 + (None, None)))
    assert "16 timer i åbningstiden" == dict(page_detail.facts(working, [], None, NOON))["Svarmål"]


def test_the_posts_that_lack_comments():
    """What is stored, what the platform claims and what is missing; the text is cut and harmless."""
    posts = [ShortPost(1, "<b>Kom</b> til fest " * 20, "", NOON, 3, 10), ShortPost(2, "", "", NOON, 0, 1)]
    shown = page_detail.short_posts(posts, NOON)
    assert "&lt;b&gt;Kom" in shown
    assert "<b>" not in shown
    assert "<strong>7</strong>" in shown
    assert words.text("post.no_text") in shown
    assert "" == page_detail.short_posts([], NOON)


@pytest.fixture
def path(tmp_path):
    made = municipality(tmp_path)
    with environment(made):
        yield made


def test_sider_shows_where_comments_are_missing(path):
    """The page's pane names the post; a role that may not browse sees that something lacks and no text."""
    with Store.open(path.parent / "sideblik.db") as store:
        visit = store.begin_visit(SCHOOL_PAGE)
        store.save(SCHOOL_PAGE, [plain("p5", "Skolefest på fredag", created_at=times.now())], counts={"p5": 8})
        visit.end(Outcome.COMPLETE)
    seen = told(opened("Kim", "sider", valgt="skole_fb"))
    assert "Opslag, hvor kommentarer mangler" in seen
    assert "Skolefest på fredag" in seen
    blind = told(opened("Dan", "sider", valgt="skole_fb"))
    assert "Noget mangler" in blind
    assert "Skolefest på fredag" not in blind


def test_sider_claims_no_gaps_where_nobody_looked(path):
    """A page never read has no open gap, and that is not told as having been seen all the time."""
    shown = told(opened("Kim", "sider", valgt="hjem_fb"))
    assert "Vi ved det ikke" in shown
    assert "Siden er blevet set hele tiden" not in shown
