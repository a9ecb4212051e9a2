"""Notices against a real mail server: who is told, in which words, once, and again where the server refused."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from hypothesis import given
from hypothesis import strategies as st
from records import ALL, NOON, SCHOOL_PAGE, Clock, asking, set_up, telling

from dashboard import noticing, posting
from dashboard.settings_upkeep import NoticeSetting
from data import notices, people
from data.notices import Choice
from data.people import Person
from data.queries import open_reader
from data.rota import Duty
from data.store import Store
from data.times import COPENHAGEN
from data.types import Outcome

URL = "https://sideblik.example"
RULES = NoticeSetting()
TEXT = "Karla Kær i 3.b har fået diabetes, ring 23 45 67 89."


@dataclass
class Post:
    """A mail server; `answers` are given in turn before it says yes."""

    port: int
    answers: list[str] = field(default_factory=list)
    mails: list[tuple[str, str, str]] = field(default_factory=list)  # to, title, body

    async def handle_DATA(self, _server: object, _session: object, envelope) -> str:  # noqa: N802 aiosmtpd's
        if self.answers:
            return self.answers.pop(0)
        mail = message_from_bytes(envelope.content, policy=default)
        self.mails.append((envelope.rcpt_tos[0], mail["subject"], mail.get_content()))
        return "250 OK"

    @property
    def service(self) -> str:
        return f"mailto://127.0.0.1:{self.port}?from=sideblik@norreaa.example&to={{to}}&mode=insecure&format=text"


@pytest.fixture
def post() -> Iterator[Post]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        server = Post(found.getsockname()[1])
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    yield server
    controller.stop()


@dataclass
class Town:
    """A database with people who have chosen, and a clock that is moved by hand."""

    folder: Path
    clock: Clock

    def store(self) -> Store:
        return Store.open(self.folder / "sideblik.db", clock=self.clock)

    def person(self, login: str, role: str, *places: str, **choice: object) -> int:
        with self.store() as store:
            number = store.add_person(ALL, "test", Person(login, login.title(), role, places))
            store.choose_notices(Choice(number, f"{login}@norreaa.example", **({"digest": "never"} | choice)))  # type: ignore[arg-type]
        return number

    def run(self, service: str) -> int:
        """One minute's job, as the scheduler does it."""
        with self.store() as store, open_reader(self.folder / "sideblik.db") as reader:
            known, chosen = people.people(reader, ALL), notices.choices(reader)
            store.add_notices(noticing.drafts(reader, known, chosen, RULES, self.clock()))
            addresses = {number: one.address for number, one in chosen.items()}
            made = posting.poster(reader, {one.id: one for one in known}, addresses, service, URL)
            return store.send_notices(made)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    clock = Clock()
    with Store.open(tmp_path / "sideblik.db", clock=clock) as store:
        set_up(store)
        store.save(SCHOOL_PAGE, [asking("c1"), telling("c2", TEXT)])
    return Town(tmp_path, clock)


def test_the_administrators_are_told_of_a_serious_breach_once(town: Town, post: Post) -> None:
    """Those of the institution alone; asked for again, nothing more is sent."""
    town.person("anna", "administrator", "skolen")
    town.person("bo", "administrator", "hjemmet")
    town.person("kim", "communications")
    assert [1, 0] == [town.run(post.service), town.run(post.service)]
    [(to, title, body)] = post.mails
    assert "anna@norreaa.example" == to
    assert "Sideblik: alvorlige mulige brud, der venter: 1" == title
    assert f"{URL}/brud?sag=" in body


def test_no_mail_holds_what_a_citizen_wrote(town: Town, post: Post) -> None:
    """Not a word of the text, no name and no number: only our own words, counts and links."""
    for login, role in (("kim", "communications"), ("dina", "dpo")):
        town.person(login, role, digest="daily")
    town.person("anna", "administrator", "skolen", digest="daily")
    town.clock.ahead(days=1)
    town.run(post.service)
    assert {"anna", "kim", "dina"} == {to.partition("@")[0] for to, _, _ in post.mails}
    said = " ".join(f"{title} {body}" for _, title, body in post.mails).casefold()
    foreign = {word.casefold() for word in re.findall(r"[\wÆØÅæøå]{4,}|\d\d", TEXT)}
    assert set() == {word for word in foreign if re.search(rf"\b{word}\b", said)} - {"fået"}
    assert "skolen" not in said


def test_whoever_is_on_duty_is_told_instead(town: Town, post: Post) -> None:
    """The rota of the page goes before its institution."""
    town.person("anna", "administrator", "skolen")
    town.person("vera", "administrator", "skolen")
    with town.store() as store:
        store.add_duty(ALL, "kim", Duty(SCHOOL_PAGE.id, "Vera", NOON.date()))
    town.run(post.service)
    assert ["vera@norreaa.example"] == [to for to, _, _ in post.mails]


def test_what_nobody_opens_goes_to_communications_and_the_dpo(town: Town, post: Post) -> None:
    """After four hours, and not where somebody has taken it meanwhile."""
    town.person("kim", "communications")
    town.person("dina", "dpo")
    assert 0 == town.run(post.service)
    town.clock.ahead(hours=4)
    assert 2 == town.run(post.service)
    assert {"Sideblik: alvorlige mulige brud, som ingen har åbnet: 1"} == {title for _, title, _ in post.mails}
    with town.store() as store:
        store.save(SCHOOL_PAGE, [telling("c3", TEXT.replace("3.b", "4.b"))])
        store.take(ALL, "anna", 3, 1)
    town.clock.ahead(hours=5)
    assert 0 == town.run(post.service)


@pytest.mark.parametrize("answer", ["451 try later", "550 no such box", "421 closing"])
def test_a_refused_mail_is_tried_again_and_comes_once(town: Town, post: Post, answer: str) -> None:
    """A minute later, then five; it is told on screen meanwhile and arrives once."""
    town.person("anna", "administrator", "skolen")
    post.answers = [answer, answer]
    assert 0 == town.run(post.service)
    assert 0 == town.run(post.service)  # not due yet
    town.clock.ahead(minutes=1)
    assert 0 == town.run(post.service)
    with open_reader(town.folder / "sideblik.db") as reader:
        assert 1 == notices.unsent(reader, town.clock())
    town.clock.ahead(minutes=5)
    assert 1 == town.run(post.service)
    assert 0 == town.run(post.service)
    assert 1 == len(post.mails)


def test_a_server_that_is_away_loses_nothing(town: Town, post: Post) -> None:
    """Tried for a day, then given up and told; a new breach is tried anew."""
    town.person("anna", "administrator", "skolen")
    away = post.service.replace(str(post.port), "1")
    assert 0 == town.run(away)
    for _ in range(26):
        town.clock.ahead(hours=1)
        assert 0 == town.run(away)
    with open_reader(town.folder / "sideblik.db") as reader:
        assert 1 == notices.unsent(reader, town.clock())
    assert 0 == town.run(post.service)
    with town.store() as store:
        store.save(SCHOOL_PAGE, [telling("c4", TEXT.replace("3.b", "5.b"))])
    assert 1 == town.run(post.service)


def test_a_kill_while_sending_loses_nothing(town: Town, post: Post) -> None:
    """What was being sent is due again after a quarter of an hour, and not before."""
    town.person("anna", "administrator", "skolen")

    def killed(_: notices.Bundle) -> bool:
        raise KeyboardInterrupt

    with town.store() as store, open_reader(town.folder / "sideblik.db") as reader:
        known, chosen = people.people(reader, ALL), notices.choices(reader)
        store.add_notices(noticing.drafts(reader, known, chosen, RULES, town.clock()))
        with pytest.raises(KeyboardInterrupt):
            store.send_notices(killed)
    assert 0 == town.run(post.service)
    town.clock.ahead(minutes=15)
    assert 1 == town.run(post.service)


def test_a_page_that_is_not_seen_is_told_once_a_day(town: Town, post: Post) -> None:
    """To its administrators and to communications."""
    town.person("anna", "administrator", "skolen")
    town.person("kim", "communications")
    with town.store() as store:
        log = store.begin_visit(SCHOOL_PAGE)
        log.end(Outcome.COMPLETE, error=None, stored=2, claimed=2)
    town.clock.ahead(hours=20)
    town.run(post.service)
    told = [to for to, title, _ in post.mails if "ikke er set" in title]
    assert ["anna@norreaa.example", "kim@norreaa.example"] == sorted(told)
    post.mails.clear()
    town.clock.ahead(hours=1)
    town.run(post.service)
    assert [] == [to for to, title, _ in post.mails if "ikke er set" in title]


def test_the_morning_tells_everybody_their_own_figures(town: Town, post: Post) -> None:
    """From half past seven on workdays, once; the weekly ones on Mondays."""
    town.person("bo", "administrator", "hjemmet", digest="daily", at_once=False)
    town.person("kim", "communications", digest="weekly", at_once=False)
    town.clock.at = datetime(2026, 11, 19, 6, 29, tzinfo=COPENHAGEN)
    assert 0 == town.run(post.service)
    town.clock.ahead(minutes=61)
    assert [1, 0] == [town.run(post.service), town.run(post.service)]
    assert "Åbne henvendelser: 0" in post.mails[0][2]
    town.clock.at = datetime(2026, 11, 21, 9, tzinfo=COPENHAGEN)  # a Saturday
    assert 0 == town.run(post.service)
    town.clock.at = datetime(2026, 11, 23, 9, tzinfo=COPENHAGEN)
    assert 2 == town.run(post.service)
    assert "Åbne henvendelser: 1" in post.mails[-1][2]


def test_who_has_gone_or_never_chose_is_told_nothing(town: Town, post: Post) -> None:
    """Somebody whose access ended gets no mail more."""
    gone = town.person("anna", "administrator", "skolen")
    with town.store() as store:
        store.add_person(ALL, "test", Person("vera", "Vera", "administrator", ("skolen",)))
        store.end_person(ALL, "test", gone)
    assert 0 == town.run(post.service)


@given(st.integers(0, 24 * 60 * 3), st.integers(0, 1439), st.integers(0, 1439))
def test_quiet_hours_are_kept(minute: int, begins: int, ends: int) -> None:
    """Whatever they are: a notice comes at once or at their end, and never within them."""
    now = datetime(2026, 11, 17, tzinfo=COPENHAGEN) + timedelta(minutes=minute)
    due = noticing.after_quiet(Choice(1, "a@b.dk", quiet_from=begins, quiet_until=ends), now)
    assert now <= due <= now + timedelta(days=1)
    local = due.astimezone(COPENHAGEN)
    at = local.hour * 60 + local.minute
    quiet = begins <= at < ends if begins < ends else (at >= begins or at < ends) and begins != ends
    assert not quiet
