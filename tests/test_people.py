"""The people table, sessions and one-time links: who is let in, for how long, and who may change it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from records import HOME, HOME_PAGE, SCHOOL, SCHOOL_PAGE
from support import Hand

from dashboard.access import Role, scope_for
from data import journal, people
from data.errors import OutOfScopeError
from data.people import Person, PersonError, Refusal
from data.sessions import is_stale, session
from data.store import Store

ALL = scope_for(Role.COMMUNICATIONS, ())
KIM = Person("kim@noerreaa.example", "Kim", "communications")
ANNA = Person("anna@noerreaa.example", "Anna", "administrator", ("skolen",))
IDLE = timedelta(hours=1)
LASTS = timedelta(hours=12)


@pytest.fixture
def clock():
    return Hand()


@pytest.fixture
def store(tmp_path, clock):
    with Store.open(tmp_path / "sideblik.db", clock=clock) as opened:
        opened.set_places([SCHOOL, HOME], [SCHOOL_PAGE, HOME_PAGE])
        yield opened


@pytest.fixture
def kim(store):
    return store.add_person(ALL, "Kim", KIM)


@pytest.fixture
def anna(store, kim):
    return store.add_person(ALL, "Kim", ANNA)


def refused(act, *given):
    with pytest.raises(PersonError) as error:
        act(*given)
    return error.value.refusal


def looked(store, word, clock, idle=IDLE):
    return session(store._conn, word, clock(), idle)


def test_added_changed_and_ended(store, anna):
    """Each change stands in the table and in the journal, which holds roles and ids and no name or login."""
    store.change_person(ALL, "Kim", anna, replace(ANNA, role="reader", institutions=("hjemmet",)))
    store.end_person(ALL, "Kim", anna)
    row = next(one for one in people.people(store._conn, ALL) if one.id == anna)
    assert ("reader", ("hjemmet",)) == (row.person.role, row.person.institutions)
    assert row.ended_at is not None
    rows = store._conn.execute("SELECT action, subject, detail FROM journal ORDER BY id").fetchall()
    assert ["person_added", "person_added", "person_changed", "person_ended"] == [one[0] for one in rows]
    assert "anna" not in "".join(one[1] + one[2] for one in rows).lower()
    assert journal.verify(store._conn) is None


def test_the_last_communications_person_stays(store, kim, anna):
    """Nobody takes the role from the last one, by a change or an end, before another has it."""
    assert Refusal.LAST == refused(store.end_person, ALL, "Kim", kim)
    assert Refusal.LAST == refused(store.change_person, ALL, "Kim", kim, replace(KIM, role="dpo"))
    store.change_person(ALL, "Kim", anna, replace(ANNA, role="communications", institutions=()))
    store.end_person(ALL, "Anna", kim)
    assert Refusal.LAST == refused(store.end_person, ALL, "Anna", anna)


@pytest.mark.parametrize(
    ("person", "why"),
    [
        (replace(ANNA, login="KIM@noerreaa.example "), Refusal.TAKEN),
        (replace(ANNA, login=""), Refusal.FORM),
        (replace(ANNA, login="to ord"), Refusal.FORM),
        (replace(ANNA, name="a\nb"), Refusal.FORM),
        (replace(ANNA, institutions=()), Refusal.PLACES),
        (replace(ANNA, institutions=("nowhere",)), Refusal.PLACES),
        (replace(ANNA, role="dpo"), Refusal.PLACES),
    ],
)
def test_refused(store, kim, person, why):
    """What breaks a rule is refused with its reason, and nothing is written."""
    assert why == refused(store.add_person, ALL, "Kim", person)
    assert 1 == len(people.people(store._conn, ALL))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COMMUNICATIONS])
def test_only_communications_keep_the_table(store, anna, role):
    """Every write is refused and the list empty for the other roles, whatever the screens show."""
    scope = scope_for(role, ["skolen"])
    acts = [
        lambda: store.add_person(scope, "Eva", replace(KIM, login="eva")),
        lambda: store.change_person(scope, "Eva", anna, replace(ANNA, role="reader")),
        lambda: store.end_person(scope, "Eva", anna),
        lambda: store.set_password(scope, "Eva", anna, "x"),
        lambda: store.unbind_person(scope, "Eva", anna),
        lambda: store.end_sessions(scope, "Eva", anna),
        lambda: store.make_link(scope, "Eva", anna),
    ]
    for act in acts:
        with pytest.raises(OutOfScopeError):
            act()
    assert [] == people.people(store._conn, scope)


def test_a_session_knows_the_person_as_they_stand(store, anna, clock):
    """A changed role is in force at the next look; the word is not in the database, its hash is."""
    word = store.begin_session(anna, "oidc", LASTS)
    store.change_person(ALL, "Kim", anna, replace(ANNA, role="reader"))
    assert "reader" == looked(store, word, clock).person.person.role
    assert word not in "\n".join(store._conn.iterdump())


@pytest.mark.parametrize(
    "stop",
    [
        lambda store, anna, word, clock: store.end_session(word),
        lambda store, anna, word, clock: store.end_person(ALL, "Kim", anna),
        lambda store, anna, word, clock: store.end_sessions(ALL, "Kim", anna),
        lambda store, anna, word, clock: store.set_password(ALL, "Kim", anna, "x"),
        lambda store, anna, word, clock: store.change_person(ALL, "Kim", anna, replace(ANNA, login="other")),
        lambda store, anna, word, clock: clock.move(3600),
    ],
    ids=["logged out", "person ended", "revoked", "new password", "another login", "idle"],
)
def test_a_session_ends(store, anna, clock, stop):
    """However it ends, the cookie lets nobody in any more, and no other person's session is touched."""
    word, other = store.begin_session(anna, "oidc", LASTS), store.begin_session(1, "oidc", LASTS)
    assert looked(store, word, clock)
    stop(store, anna, word, clock)
    assert looked(store, word, clock) is None
    assert (looked(store, other, clock, idle=LASTS) is None) is False


def test_use_does_not_outlast_the_absolute_limit(store, anna, clock):
    """A session that is used all the time goes on past the idle limit and ends at the absolute one."""
    word = store.begin_session(anna, "oidc", LASTS)
    for _ in range(23):
        clock.move(1800)
        assert is_stale(looked(store, word, clock), clock())
        store.used_session(word)
        assert not is_stale(looked(store, word, clock), clock())
    clock.move(1800)
    assert looked(store, word, clock) is None


@pytest.mark.parametrize("word", ["", "x", "a" * 43, "' OR 1=1 --", "æ" * 43, "a" * 100_000])
def test_a_made_up_word(store, anna, clock, word):
    """A forged cookie is nobody's."""
    store.begin_session(anna, "oidc", LASTS)
    assert looked(store, word, clock) is None


def test_a_link_is_good_once_and_for_fifteen_minutes(store, anna, clock):
    """Used, too old or followed by a newer one, it lets nobody in."""
    first, second = store.make_link(ALL, "Kim", anna), store.make_link(ALL, "Kim", anna)
    assert store.use_link(first) is None
    assert (anna, None) == (store.use_link(second), store.use_link(second))
    late = store.make_link(ALL, "Kim", anna)
    clock.move(15 * 60)
    assert store.use_link(late) is None


def test_an_account_is_bound_to_its_person(store, anna):
    """The first account that comes with the login is theirs; another with the same login is nobody."""
    assert anna == store.arrived("https://idp 1", "Anna@noerreaa.example", None)
    assert anna == store.arrived("https://idp 1", "renamed@noerreaa.example", None)
    assert store.arrived("https://idp 2", "anna@noerreaa.example", None) is None
    assert store.arrived("https://idp 2", "", None) is None
    store.unbind_person(ALL, "Kim", anna)
    assert anna == store.arrived("https://idp 2", "anna@noerreaa.example", None)


def test_a_person_by_claims(store, kim, clock):
    """Written anew at each login; gone when the claims no longer say so; blocked when communications end them."""
    eva = Person("eva", "Eva", "reader", ("skolen",))
    number = store.arrived("https://idp 7", "eva", eva)
    word = store.begin_session(number, "oidc", LASTS)
    assert number == store.arrived("https://idp 7", "eva", replace(eva, role="administrator"))
    assert "administrator" == looked(store, word, clock).person.person.role
    assert store.arrived("https://idp 7", "eva", None) is None
    assert looked(store, word, clock) is None
    store.end_person(ALL, "Kim", number)
    assert store.arrived("https://idp 7", "eva", eva) is None


def test_claims_take_nobody_s_place(store, kim, anna):
    """A kept person's role is not the provider's to change, and an account that claims their login is not let in."""
    store.arrived("https://idp 1", ANNA.login, None)
    assert anna == store.arrived("https://idp 1", ANNA.login, replace(KIM, login=ANNA.login))
    assert "administrator" == people.by_login(store._conn, ANNA.login).person.role
    assert store.arrived("https://idp 9", ANNA.login, replace(ANNA, role="reader")) is None


def test_who_ended_may_come_back(store, anna):
    """Added again under the same login, they keep their number and lose account and password of before."""
    store.set_password(ALL, "Kim", anna, "x")
    store.arrived("https://idp 1", ANNA.login, None)
    store.end_person(ALL, "Kim", anna)
    assert people.password_of(store._conn, ANNA.login) is None
    assert anna == store.add_person(ALL, "Kim", replace(ANNA, role="reader"))
    row = people.by_login(store._conn, ANNA.login)
    assert ("reader", False, False) == (row.person.role, row.bound, row.has_password)
