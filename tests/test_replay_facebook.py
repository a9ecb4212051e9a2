"""Facebook replayed: the Graph API's recorded shapes with made-up people, from the first page to a dead token."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from pathlib import Path
from typing import Any

import httpx
import pytest

from data.errors import Who
from data.types import Outcome
from tests.replaying import FOREIGN, PEOPLE, TOKEN, Replay, Reply, Sighting, made_up_page, outcome, web_page

REF = "104512347896501"
STEM = "812345678901234"
POST = f"{REF}_{STEM}"
WRITTEN = "2026-11-20T09:17:45+0000"
GOOD = (Outcome.COMPLETE, "", None)
GRANTED = ["pages_show_list", "pages_read_engagement", "pages_read_user_content"]


def facebook(folder: Path, **options: str) -> Replay:
    return Replay(folder, made_up_page("facebook", REF, **options))


def comment(number: int, text: str = "Hvornår åbner I?", **more: Any) -> dict[str, Any]:
    writer = {"from": {"id": f"2487{number}", "name": PEOPLE[number % len(PEOPLE)]}}
    told = {"id": f"{STEM}_{number}", "message": text, "created_time": WRITTEN, "is_hidden": False}
    return told | writer | more


def own(number: int, text: str, above: int) -> dict[str, Any]:
    return comment(number, text, **{"from": {"id": REF, "name": "Nørreå Skole"}, "parent": {"id": f"{STEM}_{above}"}})


def post(*comments: dict[str, Any], total: int | None = None, number: str = STEM, **more: Any) -> dict[str, Any]:
    told = {"id": f"{REF}_{number}", "message": "Vi har fået nye åbningstider 🌱", "created_time": WRITTEN}
    below = {"data": list(comments), "summary": {"total_count": len(comments) if total is None else total}}
    return {**told, "comments": below, **more}


def listing(*rows: dict[str, Any], after: str = "") -> httpx.Response:
    """One page of a list; `next` holds the token, as the platform's does."""
    told: dict[str, Any] = {"data": list(rows)}
    if after:
        link = f"https://graph.facebook.com/v25.0/{REF}/x?access_token={TOKEN}&limit=25&after={after}"
        told["paging"] = {"cursors": {"before": "b", "after": after}, "next": link}
    return httpx.Response(200, json=told, headers={"facebook-api-version": "v25.0"})


def refusal(
    code: int, subcode: int = 0, *, status: int = 400, text: str = "Nej", headers: dict[str, str] | None = None
) -> httpx.Response:
    told: dict[str, Any] = {"message": text, "type": "OAuthException", "code": code, "fbtrace_id": "EJplcsCHuLu"}
    told |= {"error_subcode": subcode, "error_user_msg": "Du skal logge ind igen."} if subcode else {}
    return httpx.Response(status, json={"error": told}, headers=headers)


def token_facts(**more: Any) -> httpx.Response:
    facts = {"type": "PAGE", "is_valid": True, "expires_at": 0, "data_access_expires_at": 0, "scopes": GRANTED}
    return httpx.Response(200, json={"data": facts | more})


def played(*answers: httpx.Response, facts: httpx.Response | None = None) -> Reply:
    """The page's own posts answer in turn, the last one again and again; visitors wrote nothing."""
    left = list(answers)

    def reply(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/debug_token"):
            return facts or token_facts()
        if request.url.path.endswith("/visitor_posts"):
            return listing()
        return left.pop(0) if len(left) > 1 else left[0]

    return reply


def test_first_page(tmp_path: Path) -> None:
    """Post, comment and the page's reply are kept in their thread; who wrote what is told apart."""
    replay = facebook(tmp_path)
    rows = post(comment(1), own(2, "Vi åbner kl. 10.", 1), comment(3, ""))
    assert GOOD == outcome(replay.visit(played(listing(rows))))
    kept = replay.stored()
    assert [POST, f"{STEM}_1", f"{STEM}_2", f"{STEM}_3"] == list(kept)
    reply = kept[f"{STEM}_2"]
    assert ("reply", POST, f"{STEM}_1", True) == (reply.kind, reply.thread, reply.parent, reply.by_page)
    assert (False, "B.L.") == (kept[f"{STEM}_1"].by_page, kept[f"{STEM}_1"].author)
    assert "2026-11-20T09:17:45" == (kept[POST].created_at or "")[:19]


def test_paging_to_the_end(tmp_path: Path) -> None:
    """Posts, and the comments that did not come along, are read until `next` is missing; its token is left out."""
    replay = facebook(tmp_path)
    long = post(*(comment(n) for n in range(1, 4)), total=5)
    long["comments"]["paging"] = {"next": f"https://graph.facebook.com/x?access_token={TOKEN}&after=c1&limit=100"}
    script = played(listing(long, after="p1"), listing(comment(4), comment(5)), listing(post(number="77")))
    assert GOOD == outcome(replay.visit(script))
    wanted = {POST, f"{REF}_77", *(f"{STEM}_{n}" for n in range(1, 6))}
    assert wanted == set(replay.stored())
    urls = [str(request.url) for request in replay.asked if "debug_token" not in request.url.path]
    assert ["published_posts", "comments", "published_posts", "visitor_posts"] == [
        url.partition("?")[0].rpartition("/")[2] for url in urls
    ]
    assert not [url for url in urls if TOKEN in url or "access_token" in url or "ids=" in url]
    assert {f"Bearer {TOKEN}"} == {request.headers["authorization"] for request in replay.asked}
    assert not [request for request in replay.asked if {"if-none-match", "if-modified-since"} & set(request.headers)]


def test_edit(tmp_path: Path) -> None:
    """There is no edit time; another text under the same id is a version, and both stay."""
    replay = facebook(tmp_path)
    replay.visit(played(listing(post(comment(1, "Er der åbent?")))))
    result = replay.later().visit(played(listing(post(comment(1, "Er der åbent på søndag?")))))
    assert (Outcome.COMPLETE, 1) == (result.outcome, result.tally.edited)
    kept = replay.stored()[f"{STEM}_1"]
    assert ("Er der åbent på søndag?", ("Er der åbent?",)) == (kept.text, kept.versions)


def test_hide(tmp_path: Path) -> None:
    """A hidden comment is still listed to the page, and says so; shown again it is seen again."""
    replay = facebook(tmp_path)
    for hidden in (False, True, False):
        assert GOOD == outcome(replay.later().visit(played(listing(post(comment(1, is_hidden=hidden))))))
    ident = f"{STEM}_1"
    assert [Sighting(ident, "visible", "hidden"), Sighting(ident, "hidden", "visible")] == replay.sightings()
    assert () == replay.stored()[ident].versions


def test_delete(tmp_path: Path) -> None:
    """Missing from two complete readings is gone; one reading, or one that broke off, proves nothing."""
    replay = facebook(tmp_path)
    replay.visit(played(listing(post(comment(1), comment(2)))))
    replay.later().visit(played(listing(post(comment(2)))))
    replay.later().visit(played(listing(post(comment(2)), after="p1"), refusal(190, 460)))
    assert [] == replay.sightings()
    result = replay.later().visit(played(listing(post(comment(2)))))
    assert (Outcome.COMPLETE, 1) == (result.outcome, result.tally.gone)
    assert [Sighting(f"{STEM}_1", "visible", "gone")] == replay.sightings()


def test_repeated_ids(tmp_path: Path) -> None:
    """A list that moves under the reader gives a row twice; it is kept once, and the newer text counts."""
    replay = facebook(tmp_path)
    script = played(listing(post(comment(1), comment(1)), after="p1"), listing(post(comment(1))))
    assert GOOD == outcome(replay.visit(script))
    assert [POST, f"{STEM}_1"] == list(replay.stored())
    assert dict.fromkeys((POST, f"{STEM}_1"), ()) == {name: kept.versions for name, kept in replay.stored().items()}


def test_empty_page(tmp_path: Path) -> None:
    """An empty page with a `next` is no end, one without is; a page without posts is complete and holds nothing."""
    replay = facebook(tmp_path)
    assert GOOD == outcome(replay.visit(played(listing())))
    assert {} == replay.stored()
    assert GOOD == outcome(replay.later().visit(played(listing(after="p1"), listing(after="p2"), listing(post()))))
    assert [POST] == list(replay.stored())


@pytest.mark.parametrize(("code", "minutes"), [(4, 15), (17, 15), (32, 60), (613, 42), (80001, 42)])
def test_too_many_requests(tmp_path: Path, code: int, minutes: int) -> None:
    """HTTP 400 with a code; nobody must act, and it is not asked again before the header's minutes are over."""
    replay = facebook(tmp_path)
    used = {"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 0 if code in (4, 17) else 42}
    head = {"x-business-use-case-usage": json.dumps({REF: [used]})}
    result = replay.visit(played(refusal(code, headers=head)))
    assert (Outcome.FAILED, "ThrottledError", Who.NOBODY) == outcome(result)
    assert f"in {minutes} minutes" in str(result.error)
    assert (2, 1) == (len(replay.asked), replay.open_gaps())


def test_a_limit_of_the_app_stops_every_page(tmp_path: Path) -> None:
    """Code 4 is the app's: another page's token at the same host is not tried either, code 80001 is the page's own."""
    for code, more in ((4, 0), (80001, 2)):
        replay = facebook(tmp_path / str(code))
        http = replay.client(httpx.MockTransport(played(refusal(code))))
        assert "ThrottledError" == outcome(replay.visit_with(http))[1]
        before = http.calls
        replay.visit_with(http, token="another-page")
        assert more == http.calls - before


def test_a_quiet_thread_is_not_read_to_its_end_again(tmp_path: Path) -> None:
    """Two calls while its number stands; where it moved, was cut short, or a day began, the rest is read as well."""
    replay = facebook(tmp_path)

    def answered(total: int, rest: httpx.Response) -> Reply:
        long = post(comment(1), total=total)
        long["comments"]["paging"] = {"next": f"https://graph.facebook.com/x?access_token={TOKEN}&after=c1"}
        usual = played(listing(long))
        return lambda request: rest if request.url.path.endswith("/comments") else usual(request)

    calls = []
    cut, whole = refusal(4), listing(comment(2))
    for hours, total, rest in ((0, 2, whole), (1, 2, whole), (1, 3, cut), (1, 3, whole), (1, 3, whole), (24, 3, whole)):
        replay.later(hours).visit(answered(total, rest))
        calls.append((len(replay.asked), replay.last_visit()[0]))
    done = "complete"
    assert [(4, done), (2, done), (2, "partial"), (3, done), (2, done), (4, done)] == calls
    assert [] == replay.sightings()


@pytest.mark.parametrize("subcode", [458, 459, 460, 463, 464, 467])
def test_expired_token(tmp_path: Path, subcode: int) -> None:
    """A page administrator must connect again; whatever the reason, the platform's own words are not passed on."""
    replay = facebook(tmp_path)
    result = replay.visit(played(refusal(190, subcode, text=f"Session of {PEOPLE[0]} has expired")))
    assert (Outcome.FAILED, "TokenError", Who.PAGE_ADMINISTRATOR) == outcome(result)
    assert not [word for word in (PEOPLE[0], TOKEN, "logge ind") if word in replay.told()]
    assert 1 == replay.open_gaps()


@pytest.mark.parametrize(
    ("facts", "error", "who"),
    [
        ({"is_valid": False, "error": {"code": 190, "subcode": 460}}, "TokenError", Who.PAGE_ADMINISTRATOR),
        ({"type": "USER"}, "TokenError", Who.PAGE_ADMINISTRATOR),
        ({"scopes": ["pages_show_list"]}, "PermissionMissingError", Who.PAGE_ADMINISTRATOR),
    ],
)
def test_a_token_that_sees_no_comments(tmp_path: Path, facts: dict[str, Any], error: str, who: Who) -> None:
    """Such a token gets empty lists without an error: it is found before they are believed."""
    replay = facebook(tmp_path)
    assert (Outcome.FAILED, error, who) == outcome(replay.visit(played(listing(), facts=token_facts(**facts))))
    assert 1 == len(replay.asked)


@pytest.mark.parametrize(
    ("ends", "consent", "expected"),
    [(0, 0, ""), (1800000000, 0, "2027-01-15T08:00:00+00:00"), (1800000000, 1799990000, "2027-01-15T05:13:20+00:00")],
)
def test_the_end_of_a_token_is_remembered(tmp_path: Path, ends: int, consent: int, expected: str) -> None:
    """The sooner of its own end and the consent's; asked for once a day."""
    replay = facebook(tmp_path)
    script = played(listing(post()), facts=token_facts(expires_at=ends, data_access_expires_at=consent))
    replay.visit(script)
    assert expected == replay.memory()["token_expires_at"]
    for hours, calls in ((1, 2), (24, 3)):
        replay.later(hours).visit(script)
        assert calls == len(replay.asked)
    assert expected == replay.memory()["token_expires_at"]


def test_an_apps_secret_proves_each_call(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The proof is the HMAC of the token; the secret itself is sent only to ask about the token, and told nowhere."""
    caplog.set_level(logging.DEBUG)
    replay = facebook(tmp_path)
    assert GOOD == outcome(replay.visit(played(listing(post())), token=f"{TOKEN}|4829|hemmelig"))
    proof = hmac.new(b"hemmelig", TOKEN.encode(), hashlib.sha256).hexdigest()
    about, *calls = replay.asked
    assert "Bearer 4829|hemmelig" == about.headers["authorization"]
    assert {(proof, f"Bearer {TOKEN}")} == {
        (call.url.params["appsecret_proof"], call.headers["authorization"]) for call in calls
    }
    assert not [word for word in ("hemmelig", TOKEN, proof) if word in caplog.text + replay.told()]
    wrong = replay.later(24).visit(played(listing(), facts=refusal(190)), token=f"{TOKEN}|4829|forkert")
    assert (Outcome.FAILED, "PageSetupError", Who.OPERATOR) == outcome(wrong)


@pytest.mark.parametrize(("code", "status"), [(10, 403), (200, 400), (3, 400), (299, 403)])
def test_missing_permission(tmp_path: Path, code: int, status: int) -> None:
    """The administrator is told which permissions; asking for comments without them fails the whole call."""
    replay = facebook(tmp_path)
    result = replay.visit(played(refusal(code, status=status)))
    assert (Outcome.FAILED, "PermissionMissingError", Who.PAGE_ADMINISTRATOR) == outcome(result)
    assert "pages_read_user_content" in str(result.error)


@pytest.mark.parametrize(
    ("code", "text", "status"),
    [
        (12, "(#12) This endpoint is deprecated", 400),
        (100, "(#100) The ids query parameter is deprecated in v26.0+", 500),
        (100, "(#100) Tried accessing nonexisting field (link) on node type (Post)", 400),
    ],
)
def test_removed_endpoint(tmp_path: Path, code: int, text: str, status: int) -> None:
    """A developer must act, and a code 100 is not tried again though it comes as a 500."""
    replay = facebook(tmp_path)
    result = replay.visit(played(refusal(code, text=text, status=status)))
    assert (Outcome.FAILED, "EndpointGoneError", Who.DEVELOPER) == outcome(result)
    assert 2 == len(replay.asked)


def test_server_error(tmp_path: Path) -> None:
    """Codes 1 and 2 and a bad gateway pass: tried again at once, and if they stay, by the next visit."""
    replay = facebook(tmp_path)
    flaky = played(refusal(2, status=503), web_page(502), refusal(1, status=500), listing(post(comment(1))))
    assert GOOD == outcome(replay.visit(flaky))
    assert f"{STEM}_1" in replay.stored()
    result = replay.later().visit(played(refusal(2, status=503)))
    assert (Outcome.FAILED, "NetworkError", Who.NOBODY) == outcome(result)


def test_cut_body(tmp_path: Path) -> None:
    """What came before the cut stays, nothing counts as missing, and the next visit reads the rest."""
    replay = facebook(tmp_path)
    pages = (listing(post(comment(1)), after="p1"), listing(post(comment(9), number="77")))
    replay.visit(played(*pages))
    result = replay.later().torn(played(*pages), at=1)
    assert (Outcome.PARTIAL, "NetworkError", Who.NOBODY) == outcome(result)
    assert (1, []) == (replay.open_gaps(), replay.sightings())
    assert GOOD == outcome(replay.later().visit(played(*pages)))
    assert 0 == replay.open_gaps()


@pytest.mark.parametrize("answer", [web_page(), httpx.Response(200), httpx.Response(200, json=[1])])
def test_wrong_content_type(tmp_path: Path, answer: httpx.Response) -> None:
    """A login page, nothing at all, or JSON of another form is a developer's matter and no empty page."""
    replay = facebook(tmp_path)
    assert (Outcome.FAILED, "ShapeError", Who.DEVELOPER) == outcome(replay.visit(played(answer)))
    assert {} == replay.stored()


def test_clock_skew(tmp_path: Path) -> None:
    """Times ahead of ours and times that are none cost no message; a throttle is counted by our own clock."""
    replay = facebook(tmp_path)
    rows = [comment(1, created_time="2026-11-22T23:59:59+0000"), comment(2, created_time="i går"), comment(3)]
    assert GOOD == outcome(replay.visit(played(listing(post(*rows, created_time="2031-01-01T00:00:00+0000")))))
    kept = replay.stored()
    assert 4 == len(kept)
    assert kept[f"{STEM}_2"].created_at is None
    assert GOOD == outcome(replay.later(-3).visit(played(listing(post(*rows)))))
    assert [] == replay.sightings()


def test_foreign_letters(tmp_path: Path) -> None:
    """Emoji of several parts, right-to-left script and Danish letters are kept as written, escaped or not."""
    replay = facebook(tmp_path)
    rows = [comment(number, text) for number, text in enumerate(FOREIGN, 1)]
    half = comment(9, "\ud83d slut")
    body = json.dumps({"data": [post(*rows, half)]}, ensure_ascii=True).encode()
    head = {"content-type": "application/json; charset=UTF-8"}
    assert GOOD == outcome(replay.visit(played(httpx.Response(200, content=body, headers=head))))
    texts = replay.texts()
    assert list(FOREIGN) == [texts[f"{STEM}_{number}"] for number in range(1, len(FOREIGN) + 1)]
    assert "\ufffd slut" == texts[f"{STEM}_9"]
