"""How far each platform's door tells that a post has pictures: a visit to each dialect of the sandbox, and replays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import test_replay_bluesky as bluesky
import test_replay_facebook as facebook
import test_replay_instagram as instagram
import test_replay_linkedin as linkedin
from records import rows
from replaying import Replay, made_up_page

from analysis.engine import Engine
from collectors.http import Http
from collectors.sandbox.app import build
from collectors.sandbox.configuration import page_rows
from collectors.sandbox.dialects import KINDS
from collectors.sandbox.faults import Faults
from collectors.sandbox.numbers import number as drawn_number
from collectors.sandbox.scenario import Author, Entry, Place, story
from collectors.visit import visit
from data.store import Store
from data.types import Institution, Kind, Outcome, Page
from tests.support import AppTransport, Hand

START = datetime(2026, 11, 22, 9, tzinfo=UTC)
SEED = 7
HOUSE = Institution("huset", "Kulturhuset", "kultur")
TELLS_NOTHING = {"atom", "wordpress", "newslist", "sitemap", "youtube"}  # no enclosure; a film on YouTube is the post
ALWAYS = {"instagram"}  # its posts are pictures


def town(kind):
    """A page of a dialect with a post that has a picture, one that has none, and a citizen's comment with one."""
    spoken = KINDS[kind]
    place = Place("siden", HOUSE.id, kind, "Siden", spoken.ref(SEED, "siden"))
    entries = []
    for number, photo in enumerate([True, False]):
        ident = spoken.post_id(place.ref, drawn_number(SEED, f"pictures/{number}", 15))
        entries.append(
            Entry(
                ident, place.id, Kind.POST, ident, -3600.0 * (number + 1), f"Nyt nr{number}", by_page=True,
                title=f"Titel {number}", photo=photo, number=number + 1,
            )
        )  # fmt: skip
    if spoken.social:
        ident = spoken.comment_id(entries[1].id, drawn_number(SEED, "pictures/2", 15))
        writer = Author("10000000000000001", "Åse Kær")
        comment = Entry(ident, place.id, Kind.COMMENT, entries[1].id, -60.0, "Fint.", author=writer, number=3)
        entries.append(replace(comment, photo=True))
    return place, story(SEED, START, [HOUSE], [place], entries, [])


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_visit_notes_the_posts_with_pictures(tmp_path, kind):
    """Where the door tells of pictures exactly the posts that have some ask; where it does not, none does."""
    spoken = KINDS[kind]
    place, told = town(kind)
    [row] = page_rows(f"http://{kind}.sandbox.example", [place], 10)
    page = Page(
        place.id, HOUSE.id, row["platform"], row["name"], row["url"], row["ref"], look_back_days=45,
        options=row["options"],
    )  # fmt: skip
    hand = Hand(START)
    http = Http(
        transport=AppTransport(build(told, hand, Faults(seed=1))),
        clock=hand,
        sleep=hand.move,
        addresses=lambda _: ["203.0.113.7"],
    )
    token = spoken.token(SEED, place.ref) if spoken.token else None
    with Store.open(tmp_path / "sideblik.db", clock=hand) as store:
        store.set_places([HOUSE], [page])
        result = visit(page, store=store, http=http, engine=Engine([]), institution=HOUSE, token=token, clock=hand)
    assert Outcome.COMPLETE is result.outcome
    asked = rows(tmp_path, "SELECT text FROM photos JOIN messages ON messages.id = message ORDER BY text")
    expected = {"nr0"} if kind not in TELLS_NOTHING else set()
    expected |= {"nr1"} if kind in ALWAYS else set()
    assert expected == {word for (text,) in asked for word in ("nr0", "nr1") if word in text}


def on_facebook(folder, *kinds):
    told = {"data": [{"media_type": kind, "unshimmed_url": "https://x.example/p"} for kind in kinds]}
    replay = facebook.facebook(folder)
    replay.visit(facebook.played(facebook.listing(facebook.post(attachments=told))))
    return replay


def on_instagram(folder, kind):
    replay = instagram.instagram(folder)
    replay.visit(instagram.played(instagram.listing(instagram.media(media_type=kind))))
    return replay


def on_linkedin(folder, content):
    replay = Replay(folder, linkedin.linkedin_page())
    replay.visit(linkedin.Organisation(posts=[linkedin.post(content=content)]))
    return replay


def on_bluesky(folder, embed):
    replay = Replay(folder, made_up_page("bluesky", bluesky.HANDLE), token=None)
    replay.visit(bluesky.Network(posts=[bluesky.post(1, "Se her", record={"embed": embed})]))
    return replay


IMAGES = {"$type": "app.bsky.embed.images", "images": [{"alt": "", "image": {}}, {"alt": "Et skilt", "image": {}}]}
LINK = {"$type": "app.bsky.embed.external", "external": {"uri": "https://x.example", "title": "Side", "thumb": {}}}


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        pytest.param(lambda folder: on_facebook(folder, "photo"), [1], id="facebook: a photo"),
        pytest.param(lambda folder: on_facebook(folder, "album"), [1], id="facebook: an album counts once"),
        pytest.param(lambda folder: on_facebook(folder, "video"), [1], id="facebook: a film"),
        pytest.param(lambda folder: on_facebook(folder, "link"), [], id="facebook: a link's preview is another's"),
        pytest.param(on_facebook, [], id="facebook: nothing attached"),
        pytest.param(lambda folder: on_instagram(folder, "CAROUSEL_ALBUM"), [1], id="instagram: an album counts once"),
        pytest.param(lambda folder: on_instagram(folder, "VIDEO"), [1], id="instagram: a film"),
        pytest.param(
            lambda folder: on_linkedin(folder, {"multiImage": {"images": [{"id": "urn:li:image:a"}] * 2}}), [2],
            id="linkedin: two pictures",
        ),
        pytest.param(
            lambda folder: on_linkedin(folder, {"media": {"id": "urn:li:document:a", "title": "Notat"}}), [],
            id="linkedin: a document",
        ),
        pytest.param(
            lambda folder: on_linkedin(folder, {"article": {"source": "https://x.example", "title": "Side"}}), [],
            id="linkedin: a link",
        ),
        pytest.param(lambda folder: on_bluesky(folder, IMAGES), [2], id="bluesky: two pictures"),
        pytest.param(
            lambda folder: on_bluesky(folder, {"$type": "app.bsky.embed.recordWithMedia", "media": IMAGES}), [2],
            id="bluesky: pictures beside a quote",
        ),
        pytest.param(lambda folder: on_bluesky(folder, {"$type": "app.bsky.embed.video"}), [1], id="bluesky: a film"),
        pytest.param(lambda folder: on_bluesky(folder, LINK), [], id="bluesky: a link's preview is another's"),
    ],
)  # fmt: skip
def test_what_an_answer_tells_of_pictures(tmp_path, made, expected):
    """The number that is kept of a post, played from answers of the documented form."""
    replay = made(tmp_path)
    assert 1 == len(replay.rows("SELECT 1 FROM messages"))
    assert expected == [count for (count,) in replay.rows("SELECT pictures FROM photos WHERE pictures > 0")]


def test_a_picture_that_is_added_later_is_noticed(tmp_path):
    """The post is read as edited, though its words are the same; one that is taken away asks nobody any more."""
    replay = on_facebook(tmp_path)
    for attached, expected in ((["photo", "photo"], [2]), ([], [0])):
        told = {"data": [{"media_type": kind} for kind in attached]}
        script = facebook.played(facebook.listing(facebook.post(attachments=told)))
        replay.later(2).visit(script)
        assert expected == [count for (count,) in replay.rows("SELECT pictures FROM photos")]
