"""Instagram replayed: media, comments and replies in the platform's recorded shapes, with made-up people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from data.errors import Who
from data.types import Outcome
from tests.replaying import FOREIGN, TOKEN, Replay, Reply, Sighting, made_up_page, outcome, web_page

REF = "17841406338772941"
MEDIA = "17895731045244887"
NAME = "noerreaaskole"
WRITTEN = "2026-11-20T09:17:45+0000"
GOOD = (Outcome.COMPLETE, "", None)
GRANTED = ["instagram_basic", "instagram_manage_comments", "pages_read_engagement"]


def instagram(folder: Path, **options: str) -> Replay:
    return Replay(folder, made_up_page("instagram", REF, **options))


def ident(number: int) -> str:
    return f"178581549619{number:05}"


def comment(number: int, text: str = "Er der gynger?", *replies: dict[str, Any], **more: Any) -> dict[str, Any]:
    told = {"id": ident(number), "text": text, "timestamp": WRITTEN, "hidden": False, "username": f"borger.{number}"}
    told["from"] = {"id": f"1784000000{number:06}", "username": f"borger.{number}"}
    return told | ({"replies": {"data": list(replies)}} if replies else {}) | more


def own(number: int, text: str, above: int) -> dict[str, Any]:
    writer = {"username": NAME, "from": {"id": REF, "username": NAME}}
    return comment(number, text, **writer, parent_id=ident(above))


def media(*comments: dict[str, Any], total: int | None = None, number: str = MEDIA, **more: Any) -> dict[str, Any]:
    """A picture; without comments the platform leaves their list out."""
    below = sum(1 + len(one.get("replies", {}).get("data", ())) for one in comments)
    told: dict[str, Any] = {
        "id": number,
        "caption": "Ny legeplads 🎉",
        "media_type": "IMAGE",
        "timestamp": WRITTEN,
        "username": NAME,
    }
    told |= {"permalink": "https://www.instagram.com/p/DQabc12xyzA/", "comments_count": below}
    told |= {"comments_count": total} if total is not None else {}
    return told | ({"comments": {"data": list(comments)}} if comments else {}) | more


def further(after: str) -> dict[str, Any]:
    link = f"https://graph.facebook.com/v25.0/{REF}/x?access_token={TOKEN}&limit=50&after={after}"
    return {"cursors": {"after": after}, "next": link}


def listing(*rows: dict[str, Any], after: str = "") -> httpx.Response:
    """One page of a list; the last has no `paging` at all."""
    told: dict[str, Any] = {"data": list(rows)} | ({"paging": further(after)} if after else {})
    return httpx.Response(200, json=told)


def refusal(
    code: int, subcode: int = 0, *, status: int = 400, text: str = "Nej", headers: dict[str, str] | None = None
) -> httpx.Response:
    told = {"message": text, "type": "IGApiException", "code": code, "fbtrace_id": "A7OjVVCXwSd"}
    told |= {"error_subcode": subcode} if subcode else {}
    return httpx.Response(status, json={"error": told}, headers=headers)


NOBODY_THERE = refusal(100, 33, text="Unsupported get request. Object with ID '1' does not exist")


def played(*answers: httpx.Response, **by_id: httpx.Response) -> Reply:
    """The account's media answer in turn, the last again and again; objects asked for by id as `by_id` says."""
    left = list(answers)

    def reply(request: httpx.Request) -> httpx.Response:
        last = request.url.path.rpartition("/")[2]
        if last == "debug_token":
            facts = {"type": "PAGE", "is_valid": True, "expires_at": 1800000000, "scopes": GRANTED}
            return httpx.Response(200, json={"data": facts})
        if last.isdigit():
            return by_id.get(f"m{last}", NOBODY_THERE)
        if "until" in request.url.params:
            return listing()
        return left.pop(0) if len(left) > 1 else left[0]

    return reply


def paths(replay: Replay) -> list[str]:
    return [request.url.path.removeprefix("/v25.0/") for request in replay.asked]


def test_first_page(tmp_path: Path) -> None:
    """A picture with a comment and the account's reply to it: one call, beside the day's one about the token."""
    replay = instagram(tmp_path)
    rows = media(comment(1, "Er der gynger?", own(2, "Ja 😊", 1)), comment(3, "", **{"from": None, "username": None}))
    assert GOOD == outcome(replay.visit(played(listing(rows))))
    assert ["debug_token", f"{REF}/media"] == paths(replay)
    kept = replay.stored()
    assert [MEDIA, ident(1), ident(2), ident(3)] == list(kept)
    reply = kept[ident(2)]
    assert ("reply", MEDIA, ident(1), True) == (reply.kind, reply.thread, reply.parent, reply.by_page)
    assert (True, False, False) == tuple(kept[name].by_page for name in (MEDIA, ident(1), ident(3)))
    assert "2027-01-15T08:00:00+00:00" == replay.memory()["token_expires_at"]
    assert [(3, 3)] == replay.rows("SELECT stored, claimed FROM visits")


def test_paging_to_the_end(tmp_path: Path) -> None:
    """Media, comments beyond fifty and replies beyond what came along; the token in `next` is left out."""
    replay = instagram(tmp_path)
    first = comment(1, "Er der gynger?", own(2, "Ja", 1))
    first["replies"]["paging"] = further("r1")
    long = media(first, total=5)
    long["comments"]["paging"] = further("c1")
    script = played(
        listing(long, after="m1"),
        listing(comment(3)),
        listing(own(4, "Og sand", 1)),
        listing(media(number="17900000000000001")),
    )
    assert GOOD == outcome(replay.visit(script))
    wanted = [f"{REF}/media", f"{MEDIA}/comments", f"{ident(1)}/replies", f"{REF}/media"]
    assert wanted == paths(replay)[1:]
    assert {MEDIA, "17900000000000001", *(ident(number) for number in range(1, 5))} == set(replay.stored())
    assert ident(1) == replay.stored()[ident(4)].parent
    assert not [request for request in replay.asked[1:] if TOKEN in str(request.url)]


def test_edit(tmp_path: Path) -> None:
    """A comment cannot be edited; a caption can, and its number of comments is no edit."""
    replay = instagram(tmp_path)
    replay.visit(played(listing(media(comment(1)))))
    result = replay.later().visit(played(listing(media(comment(1), comment(2), caption="Ny legeplads, nu med sand"))))
    assert (Outcome.COMPLETE, 1, 1) == (result.outcome, result.tally.edited, result.tally.new)
    kept = replay.stored()
    assert (("Ny legeplads 🎉",), ()) == (kept[MEDIA].versions, kept[ident(1)].versions)


def test_hide(tmp_path: Path) -> None:
    """A hidden comment is still listed to its account; the flag is called `hidden` and comes only when asked for."""
    replay = instagram(tmp_path)
    for hidden in (False, True, False):
        assert GOOD == outcome(replay.later().visit(played(listing(media(comment(1, hidden=hidden))))))
    wanted = [Sighting(ident(1), "visible", "hidden"), Sighting(ident(1), "hidden", "visible")]
    assert wanted == replay.sightings()
    assert "hidden" in replay.asked[-1].url.params["fields"]


def test_delete(tmp_path: Path) -> None:
    """A comment that is missing from two complete readings of its thread is gone, and a reply with its comment."""
    replay = instagram(tmp_path)
    replay.visit(played(listing(media(comment(1, "Nå", own(2, "Ja", 1)), comment(3)))))
    replay.later().visit(played(listing(media(comment(3)))))
    assert [] == replay.sightings()
    result = replay.later().visit(played(listing(media(comment(3)))))
    assert (Outcome.COMPLETE, 2) == (result.outcome, result.tally.gone)
    assert {Sighting(ident(1), "visible", "gone"), Sighting(ident(2), "visible", "gone")} == set(replay.sightings())


def test_media_that_are_no_longer_listed(tmp_path: Path) -> None:
    """Archived media are found by their id: out of sight, but not gone. Those that are not found are gone by and by."""
    archived, deleted = instagram(tmp_path / "archived"), instagram(tmp_path / "deleted")
    still = {f"m{MEDIA}": httpx.Response(200, json=media(total=1))}
    for replay, by_id in ((archived, still), (deleted, {})):
        replay.visit(played(listing(media(comment(1)))))
        for _ in range(2):
            assert GOOD == outcome(replay.later().visit(played(listing(), **by_id)))
    assert {"unreachable"} == {kept.visibility for kept in archived.stored().values()}
    assert {"gone"} == {kept.visibility for kept in deleted.stored().values()}
    assert GOOD == outcome(archived.later().visit(played(listing(media(comment(1))))))
    assert {"visible"} == {kept.visibility for kept in archived.stored().values()}


def test_a_quiet_thread_is_not_read_to_its_end_again(tmp_path: Path) -> None:
    """One call a visit while the numbers stand; a number that moves, and a new day, cost the rest of the thread."""
    replay = instagram(tmp_path)
    long = media(comment(1), total=2)
    long["comments"]["paging"] = further("c1")

    def answered(total: int) -> Reply:
        return lambda request: (
            listing(comment(2))
            if request.url.path.endswith("/comments")
            else played(listing(long | {"comments_count": total}))(request)
        )

    calls = []
    for hours, total in ((0, 2), (1, 2), (1, 3), (1, 3), (24, 3)):
        assert GOOD == outcome(replay.later(hours).visit(answered(total)))
        calls.append(len(replay.asked))
    assert [3, 1, 2, 1, 3] == calls
    assert [] == replay.sightings()


def test_repeated_ids(tmp_path: Path) -> None:
    """Comments come newest first, so that a page moves when somebody writes: what comes twice is kept once."""
    replay = instagram(tmp_path)
    long = media(comment(2), comment(1), total=2)
    long["comments"]["paging"] = further("c1")
    assert GOOD == outcome(replay.visit(played(listing(long), listing(comment(1)))))
    assert [MEDIA, ident(2), ident(1)] == list(replay.stored())


def test_empty_page(tmp_path: Path) -> None:
    """An empty list under media that have comments is not believed: what is stored stays and covers the count."""
    replay = instagram(tmp_path)
    replay.visit(played(listing(media(comment(1)))))
    for _ in range(3):
        hollow = played(listing(media(total=1)), listing(), listing(media(total=1)))
        assert GOOD == outcome(replay.later(24).visit(hollow))
    assert [] == replay.sightings()
    assert [(1, 1)] == replay.rows("SELECT stored, claimed FROM visits ORDER BY id DESC LIMIT 1")
    assert GOOD == outcome(replay.later().visit(played(listing(after="m1"), listing(media(comment(1))))))
    assert "visible" == replay.stored()[ident(1)].visibility


@pytest.mark.parametrize(("code", "minutes"), [(4, 15), (80002, 42)])
def test_too_many_requests(tmp_path: Path, code: int, minutes: int) -> None:
    """HTTP 400 with a code, minutes in the header under the account's number; nobody must act."""
    replay = instagram(tmp_path)
    used = {"type": "instagram", "call_count": 100, "estimated_time_to_regain_access": 42 * (code == 80002)}
    head = {"x-business-use-case-usage": json.dumps({REF: [used]})}
    result = replay.visit(played(refusal(code, headers=head)))
    assert (Outcome.FAILED, "ThrottledError", Who.NOBODY) == outcome(result)
    assert f"Instagram answered {code}" in str(result.error)
    assert f"in {minutes} minutes" in str(result.error)


def test_expired_token(tmp_path: Path) -> None:
    """A page administrator must connect the account again."""
    replay = instagram(tmp_path)
    result = replay.visit(played(refusal(190, 463, text="Session has expired on Sunday")))
    assert (Outcome.FAILED, "TokenError", Who.PAGE_ADMINISTRATOR) == outcome(result)
    assert (1, False) == (replay.open_gaps(), TOKEN in replay.told())


@pytest.mark.parametrize("code", [10, 200])
def test_missing_permission(tmp_path: Path, code: int) -> None:
    """The administrator is told Instagram's own permissions, not Facebook's."""
    replay = instagram(tmp_path)
    result = replay.visit(played(refusal(code)))
    assert (Outcome.FAILED, "PermissionMissingError", Who.PAGE_ADMINISTRATOR) == outcome(result)
    assert "instagram_manage_comments" in str(result.error)


def test_removed_endpoint(tmp_path: Path) -> None:
    """A path that is no more is a developer's matter; an account that is not there the operator's."""
    replay = instagram(tmp_path)
    result = replay.visit(played(refusal(2500, text="Unknown path components: /media")))
    assert (Outcome.FAILED, "EndpointGoneError", Who.DEVELOPER) == outcome(result)
    assert (Outcome.FAILED, "PageSetupError", Who.OPERATOR) == outcome(replay.later().visit(played(NOBODY_THERE)))


def test_server_error(tmp_path: Path) -> None:
    """What passes is tried again at once; an answer that is too large is asked for in halves."""
    replay = instagram(tmp_path)
    much = refusal(1, status=500, text="Please reduce the amount of data you're asking for, then retry your request")
    assert GOOD == outcome(
        replay.visit(played(refusal(2, status=503), web_page(502), much, listing(media(comment(1)))))
    )
    assert ["25", "12"] == [request.url.params["limit"] for request in replay.asked[-2:]]
    result = replay.later().visit(played(refusal(2, status=500)))
    assert (Outcome.FAILED, "NetworkError", Who.NOBODY) == outcome(result)


def test_cut_body(tmp_path: Path) -> None:
    """A cut between the pages leaves what was read and marks nothing as missing."""
    replay = instagram(tmp_path)
    pages = (listing(media(comment(1)), after="m1"), listing(media(comment(9), number="17900000000000001")))
    replay.visit(played(*pages))
    result = replay.later().torn(played(*pages), at=1)
    assert (Outcome.PARTIAL, "NetworkError", Who.NOBODY) == outcome(result)
    assert GOOD == outcome(replay.later().visit(played(*pages)))
    assert ([], 0) == (replay.sightings(), replay.open_gaps())


@pytest.mark.parametrize("answer", [web_page(), httpx.Response(200), httpx.Response(200, json={"data": {}})])
def test_wrong_content_type(tmp_path: Path, answer: httpx.Response) -> None:
    """A login page or JSON of another form is no empty account."""
    replay = instagram(tmp_path)
    assert (Outcome.FAILED, "ShapeError", Who.DEVELOPER) == outcome(replay.visit(played(answer)))
    assert {} == replay.stored()


def test_clock_skew(tmp_path: Path) -> None:
    """Times ahead of ours, or none that can be read, cost no message and lose none."""
    replay = instagram(tmp_path)
    rows = media(
        comment(1, timestamp="2026-11-23T01:00:00+0000"), comment(2, timestamp=7), timestamp="2031-01-01T00:00"
    )
    assert GOOD == outcome(replay.visit(played(listing(rows))))
    assert GOOD == outcome(replay.later(-3).visit(played(listing(rows))))
    assert 3 == len(replay.stored())
    assert (None, []) == (replay.stored()[ident(2)].created_at, replay.sightings())


def test_foreign_letters(tmp_path: Path) -> None:
    """Emoji of several parts, right-to-left script and Danish letters are kept as they were written."""
    replay = instagram(tmp_path)
    rows = [comment(number, text) for number, text in enumerate(FOREIGN, 1)]
    assert GOOD == outcome(replay.visit(played(listing(media(*rows, caption=FOREIGN[0])))))
    texts = replay.texts()
    assert [*FOREIGN, FOREIGN[0]] == [*(texts[ident(number)] for number in range(1, 4)), texts[MEDIA]]


def test_an_account_without_a_facebook_page(tmp_path: Path) -> None:
    """It is asked at Instagram's own host, which cannot be asked about a token."""
    replay = instagram(tmp_path, login="instagram")
    assert GOOD == outcome(replay.visit(played(listing(media()))))
    assert {"graph.instagram.com"} == {request.url.host for request in replay.asked}
    assert "debug_token" not in paths(replay)


@pytest.mark.parametrize(("ref", "options"), [("noerreaaskole", {}), (REF, {"login": "tiktok"})])
def test_a_page_that_is_set_up_wrong(tmp_path: Path, ref: str, options: dict[str, str]) -> None:
    """A user name in the place of the number, or an unknown way to connect, is the operator's to correct."""
    replay = Replay(tmp_path, made_up_page("instagram", ref, **options))
    assert (Outcome.FAILED, "PageSetupError", Who.OPERATOR) == outcome(replay.visit(played(listing())))
    assert [] == replay.asked
