"""Mastodon replayed: answers of a server in their recorded shape, with made-up people, visited and stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from collectors.errors import ThrottledError
from data.errors import Who
from data.types import Outcome
from tests.replaying import (
    FOREIGN,
    PEOPLE,
    START,
    TOKEN,
    Replay,
    Sighting,
    cut_json,
    made_up_page,
    outcome,
    web_page,
)

SERVER = "social.example"
ACCOUNT = "117020565966271181"
Json = dict[str, Any]


def status(number: int, text: str, hours: float = -24, who: int | None = None, **more: Any) -> Json:
    """A status of the page, or of a made-up person."""
    at = (START + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S.108Z")
    name = "noerreaa" if who is None else f"borger{who}@andre.example"
    account = {"id": ACCOUNT if who is None else f"9{who}", "acct": name, "username": name,
               "display_name": "Nørreå Skole" if who is None else PEOPLE[who]}  # fmt: skip
    return {
        "id": str(number), "created_at": at, "in_reply_to_id": None, "sensitive": False, "spoiler_text": "",
        "visibility": "public", "language": "da", "url": f"https://{SERVER}/@{name}/{number}", "replies_count": 0,
        "edited_at": None, "content": f"<p>{text}</p>", "reblog": None, "media_attachments": [], "account": account,
        "card": None, "poll": None, **more,
    }  # fmt: skip


@dataclass
class Server:
    """A server with one account: its posts, what is below each, and what mentions it; `size` is its page size."""

    posts: list[Json] = field(default_factory=lambda: [status(100, "Vi holder åbent hus.")])
    below: dict[str, list[Json]] = field(default_factory=dict)
    mentions: list[Json] = field(default_factory=list)
    size: int = 40
    extra: dict[str, list[Json]] = field(default_factory=dict)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path, asked = request.url.path.removeprefix("/api/v1/"), request.url.params
        if path == "accounts/lookup":
            return answer({"id": ACCOUNT, "username": "noerreaa", "acct": "noerreaa"})
        if path == f"accounts/{ACCOUNT}/statuses":
            return self._page(request, sorted(map(self._counted, self.posts), key=number, reverse=True))
        if path == "notifications":
            rows = [{"id": row["id"], "type": "mention", "status": self._counted(row)} for row in self.mentions]
            return self._page(request, sorted(rows, key=number, reverse=True))
        if path == "statuses":
            return answer([self._counted(row) for row in self._known() if row["id"] in asked.get_list("id[]")])
        local = path.split("/")[1]
        if not any(row["id"] == local for row in self._known()):
            return answer({"error": "Record not found"}, 404)
        return answer({"ancestors": self.extra.get(local, []), "descendants": self.below.get(local, [])})

    def _known(self) -> list[Json]:
        return [*self.posts, *self.mentions, *(row for rows in self.below.values() for row in rows)]

    def _counted(self, row: Json) -> Json:
        direct = [one for one in self.below.get(row["id"], []) if one["in_reply_to_id"] == row["id"]]
        return {**row, "replies_count": len(direct)}

    def _page(self, request: httpx.Request, rows: list[Json]) -> httpx.Response:
        most = request.url.params.get("max_id")
        older = [row for row in rows if most is None or number(row) < int(most)]
        shown = older[: self.size]
        if not shown:
            return answer([])
        url = request.url.copy_set_param("max_id", shown[-1]["id"])
        return answer(shown, link=f'<{url}>; rel="next", <{url}>; rel="prev"')


def number(row: Json) -> int:
    return int(row["id"])


def answer(data: Any, code: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(code, json=data, headers=headers)


def reply(ident: int, text: str, to: int = 100, who: int | None = 0, **more: Any) -> Json:
    return status(ident, text, -20, who, in_reply_to_id=str(to), **more)


@pytest.fixture
def replay(tmp_path: Path) -> Replay:
    return Replay(tmp_path, made_up_page("mastodon", f"@noerreaa@{SERVER}"), token=None)


def own(replay: Replay) -> dict[str, str]:
    return {name.removeprefix(f"{SERVER}:"): text for name, text in replay.texts().items()}


def paths(replay: Replay) -> list[str]:
    return [request.url.path.removeprefix("/api/v1/") for request in replay.asked]


def test_first_page(replay: Replay) -> None:
    """A post, a reply, and an answer to it: kinds, threads, who wrote what; HTML as a reader sees it."""
    link = (
        '<a href="https://x.example"><span class="invisible">https://</span><span class="ellipsis">x.example</span></a>'
    )
    post = status(100, f"Åbent hus 🚧<br />Se {link}", spoiler_text="Vejen", media_attachments=[
        {"type": "image", "url": "https://x.example/a.jpg", "description": "Et skilt"}])  # fmt: skip
    server = Server([post], {"100": [reply(101, "Hvornår?"), reply(102, "Kl. 10.", 101, None)]})
    assert (Outcome.COMPLETE, "", None) == outcome(replay.visit(server))
    kept = replay.stored()
    first, second, third = (kept[f"{SERVER}:{one}"] for one in (100, 101, 102))
    assert "Vejen\n\nÅbent hus 🚧\nSe https://x.example" == first.text
    assert [("post", True), ("comment", False), ("reply", True)] == [
        (o.kind, o.by_page) for o in (first, second, third)
    ]
    assert (f"{SERVER}:100", f"{SERVER}:101") == (third.thread, third.parent)
    assert "authorization" not in replay.asked[0].headers


def test_what_is_not_public_is_never_kept(replay: Replay) -> None:
    """Direct and followers-only statuses are dropped, whoever wrote them; a boost is no post of the page."""
    server = Server(
        [status(100, "Alle"), status(99, "Kun følgere", visibility="private"), status(98, "x", reblog=status(1, "y"))],
        {"100": [reply(101, "Til dig alene", visibility="direct"), reply(102, "Ulistet", visibility="unlisted")]},
        [status(103, "Privat spørgsmål", who=1, visibility="direct")],
    )
    replay.visit(server, token=TOKEN)
    assert {"100": "Alle", "102": "Ulistet"} == own(replay)


def test_mentions_are_threads_of_their_own(replay: Replay) -> None:
    """A mention is a visitor's post; one deep in the page's own thread makes that thread be read again."""
    post, question = status(100, "Nyt"), status(200, "@noerreaa hvornår åbner I?", who=1)
    server = Server([post], {"100": [reply(101, "Ja")]}, [question])
    replay.visit(server, token=TOKEN)
    assert [True, False] == [replay.stored()[f"{SERVER}:{one}"].by_page for one in (100, 200)]
    deep = reply(102, "Og @noerreaa?", 101, 1)
    server.below["100"].append(deep)
    server.mentions.append(deep)
    server.extra["102"] = [post, server.below["100"][0]]
    replay.later().visit(server, token=TOKEN)
    assert "Og @noerreaa?" == own(replay)["102"]


def test_paging_to_the_end(replay: Replay) -> None:
    """The Link headers are followed to the look-back's edge, and the token is sent to no other server."""
    posts = [status(100 + n, f"Opslag {n}", -n * 10) for n in range(40)]
    for n, row in enumerate(posts):
        row["id"] = str(1000 - n)
    assert Outcome.COMPLETE == replay.visit(Server(posts, size=5)).outcome
    assert 34 == len(own(replay))
    assert len(replay.asked) <= 1 + 8
    away = answer([status(1, "x")], link='<https://evil.example/api/v1/accounts/1/statuses?max_id=1>; rel="next"')
    result = replay.later().visit([away], token=TOKEN)
    assert "ShapeError" == type(result.error).__name__


def test_nothing_new_costs_one_call(replay: Replay) -> None:
    """Two with a token; threads are read again every six hours, for replies to replies."""
    server = Server(below={"100": [reply(101, "Hvornår?")]})
    replay.visit(server)
    replay.later(1).visit(server)
    assert [f"accounts/{ACCOUNT}/statuses"] == paths(replay)
    replay.later(1).visit(server, token=TOKEN)
    assert [f"accounts/{ACCOUNT}/statuses", "notifications"] == paths(replay)
    server.below["100"].append(reply(102, "Et svar til svaret", 101, 1))
    replay.later(7).visit(server)
    assert "Et svar til svaret" == own(replay)["102"]


def test_edit(replay: Replay) -> None:
    """A status with a new text is a version, with the time of the edit; a reply within six hours."""
    server = Server(below={"100": [reply(101, "Hvornår?")]})
    replay.visit(server)
    server.posts = [status(100, "Vi holder lukket.", edited_at="2026-11-22T14:30:00.000Z")]
    server.below["100"] = [reply(101, "Hvornår præcis?", edited_at="2026-11-22T14:31:00.000Z")]
    replay.later(7).visit(server)
    kept = replay.stored()
    assert ("Vi holder lukket.", ("Vi holder åbent hus.",)) == (
        kept[f"{SERVER}:100"].text,
        kept[f"{SERVER}:100"].versions,
    )
    assert ("Hvornår?",) == kept[f"{SERVER}:101"].versions
    assert str(kept[f"{SERVER}:100"].edited_at).startswith("2026-11-22")


def test_hide(replay: Replay) -> None:
    """An account cannot hide others' replies: one that it blocks is no longer listed, and so missing, then gone."""
    server = Server(below={"100": [reply(101, "Hvornår?"), reply(102, "Hvor?")]})
    replay.visit(server)
    server.below["100"] = [reply(102, "Hvor?")]
    for _ in range(2):
        replay.later(7).visit(server)
    assert [Sighting(f"{SERVER}:101", "visible", "gone")] == replay.sightings()


def test_delete(replay: Replay) -> None:
    """A post that no list holds is asked for by its id: left out twice is gone; an old one alike."""
    server = Server([status(100, "Et"), status(90, "To"), status(50, "Gammelt", -300)])
    replay.visit(server)
    replay.clock.move(3 * 86400)  # the old one leaves the look-back
    server.posts = [one for one in server.posts if one["id"] == "100"]
    for _ in range(2):
        assert Outcome.COMPLETE == replay.later(7).visit(server).outcome
    gone = {Sighting(f"{SERVER}:{one}", "visible", "gone") for one in (90, 50)}
    assert gone == set(replay.sightings())


def test_what_a_list_lost_is_not_gone(replay: Replay) -> None:
    """Cleared notifications, or a visit without the token: the status is still there, and its id says so."""
    server = Server(mentions=[status(200, "@noerreaa?", who=1)])
    replay.visit(server, token=TOKEN)
    for _ in range(3):
        assert Outcome.COMPLETE == replay.later(7).visit(server).outcome
    assert [] == replay.sightings()


def test_repeated_ids(replay: Replay) -> None:
    """The same status twice, on a page and across pages, counts once."""
    server = Server([status(100, "Et"), status(100, "Et"), status(99, "To")], size=2)
    result = replay.visit(server)
    assert ({"100": "Et", "99": "To"}, 2) == (own(replay), result.tally.new)


def test_empty_page(replay: Replay) -> None:
    """An account without statuses is complete; so is the empty page without Link that ends a list."""
    assert (Outcome.COMPLETE, "", None) == outcome(replay.visit(Server([])))
    assert {} == own(replay)


def test_a_long_thread_without_a_token_is_not_whole(replay: Replay) -> None:
    """Sixty replies are shown to nobody in particular: what is not shown is not called gone, and coverage lacks it."""
    below = [reply(200 + n, f"Svar {n}") for n in range(70)]
    first = 0

    def limited(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/context"):
            return answer({"ancestors": [], "descendants": below[first : first + 60]})
        return Server(below={"100": below})(request)

    assert Outcome.COMPLETE == replay.visit(limited).outcome
    assert [(60, 70)] == replay.rows("SELECT stored, claimed FROM visits")
    first = 10
    for _ in range(3):
        assert Outcome.COMPLETE == replay.later(7).visit(limited).outcome
    assert ([], 71) == (replay.sightings(), len(own(replay)))


def test_too_many_requests(replay: Replay) -> None:
    """The reset is an ISO time; until then nobody asks."""
    headers = {
        "x-ratelimit-limit": "300",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": "2026-11-22T14:15:00.976542Z",
    }
    result = replay.visit([answer({"error": "Too many requests"}, 429, **headers)])
    assert (Outcome.FAILED, "ThrottledError", Who.NOBODY) == outcome(result)
    assert isinstance(result.error, ThrottledError)
    assert "2026-11-22T14:15:00" == str(result.error.retry_at).replace(" ", "T")[:19]


def test_expired_token(replay: Replay) -> None:
    """A dead token, and a server that shows nothing without one: the administrator must act."""
    dead = answer({"error": "The access token is invalid"}, 401)
    told = (Outcome.FAILED, "TokenError", Who.PAGE_ADMINISTRATOR)
    assert told == outcome(replay.visit([dead], token=TOKEN))
    assert told == outcome(replay.visit([answer({"error": "This API requires an authenticated user"}, 401)]))
    assert told == outcome(replay.visit([answer({"error": "Godkendelse påkrævet"}, 422)]))
    assert TOKEN not in replay.told()


def test_missing_permission(replay: Replay) -> None:
    """A token without the scope for notifications; the posts before it are stored."""

    def refused(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/notifications"):
            return answer({"error": "This action is outside the authorized scopes"}, 403)
        return Server()(request)

    result = replay.visit(refused, token=TOKEN)
    assert (Outcome.PARTIAL, "PermissionMissingError", Who.PAGE_ADMINISTRATOR) == outcome(result)
    assert {"100"} == set(own(replay))


def test_removed_endpoint(replay: Replay) -> None:
    """A server that does not know the question; an account that it does not know is another matter."""
    gone = httpx.Response(404, html="<!doctype html><title>404</title>")
    assert (Outcome.FAILED, "EndpointGoneError", Who.DEVELOPER) == outcome(replay.visit([gone]))
    unknown = answer({"error": "Record not found"}, 404)
    assert (Outcome.FAILED, "PageSetupError", Who.OPERATOR) == outcome(replay.visit([unknown]))


def test_server_error(replay: Replay) -> None:
    """It passes; what was stored stays as it was."""
    replay.visit(Server())
    assert (Outcome.FAILED, "NetworkError", Who.NOBODY) == outcome(replay.later().visit(lambda _: httpx.Response(503)))
    assert "visible" == replay.stored()[f"{SERVER}:100"].visibility


def test_cut_body(replay: Replay) -> None:
    """Half an answer is none: a thread is not taken for a shorter one."""
    server = Server(below={"100": [reply(101, "Hvornår?")]})
    assert (Outcome.PARTIAL, "NetworkError", Who.NOBODY) == outcome(replay.torn(server, at=2))
    assert (Outcome.FAILED, "ShapeError", Who.DEVELOPER) == outcome(replay.later().visit([cut_json()]))
    replay.later().visit(server)
    assert {"100", "101"} == set(own(replay))


def test_wrong_content_type(replay: Replay) -> None:
    """A proxy's web page with 200 is no empty list."""
    assert (Outcome.FAILED, "ShapeError", Who.DEVELOPER) == outcome(replay.visit([web_page()]))


def test_clock_skew(replay: Replay) -> None:
    """A remote server's clock may run ahead or be absent: the text is kept, and the visit is whole."""
    server = Server(below={"100": [reply(101, "Fra i morgen", created_at="2026-11-24T09:00:00.000Z"),
                                   reply(102, "Uden tid", created_at=None)]})  # fmt: skip
    assert Outcome.COMPLETE == replay.visit(server).outcome
    assert {"100", "101", "102"} == set(own(replay))
    assert replay.stored()[f"{SERVER}:102"].created_at is None


def test_foreign_letters(replay: Replay) -> None:
    """Emoji, right to left, and the Danish letters."""
    replay.visit(Server(below={"100": [reply(200 + n, text) for n, text in enumerate(FOREIGN)]}))
    assert list(FOREIGN) == [own(replay)[str(200 + n)] for n in range(3)]
