"""What a provider answers, or somebody in its place: right answers log in, and nothing else that comes back does."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from answering import KEY, OTHER, SECRET, Answering, answering, sealed, signed, unsigned
from records import rows
from screens import municipality
from support import Hand
from test_login import client

from dashboard.access import Role, scope_for
from data import times
from data.people import Person
from data.store import Store

ALL = scope_for(Role.COMMUNICATIONS, ())
LOGIN = """
[login]
url = "https://sideblik.noerreaa.example"
contact = "kommunikation@noerreaa.example"
ways = ["oidc"]
provider = "{issuer}"
client_id = "sideblik"
[[login.rule]]
claim = "groups"
value = "hele-kommunen"
role = "communications"
"""


@pytest.fixture(scope="module")
def server():
    with answering() as made:
        yield made


@pytest.fixture
def provider(server):
    """The provider as it is when nobody has touched it."""
    fresh = Answering()
    for name in ("token", "metadata", "more", "status", "challenge", "nonce", "asked"):
        setattr(server, name, getattr(fresh, name))
    return server


@pytest.fixture
def place(tmp_path, provider):
    """A municipality that logs in there, with Anna who administers the school."""
    path = municipality(tmp_path)
    path.write_text(LOGIN.format(issuer=provider.issuer) + path.read_text("utf-8"), "utf-8")
    secrets = path.with_name("sideblik.secrets.toml")
    secrets.touch(mode=0o600)
    secrets.write_text(f'[login]\nclient_secret = "{SECRET}"\n', "utf-8")
    with Store.open(tmp_path / "sideblik.db") as store:
        store.add_person(ALL, "test", Person("anna@noerreaa.example", "Anna", "administrator", ("skolen",)))
    return path


def begun(browser, provider) -> dict[str, str]:
    """Goes to the provider as the login page does; what the provider keeps of it, and the state to come back with."""
    away = browser.get("/login/oidc", params={"next": "/sider"})
    asked = {name: value[0] for name, value in parse_qs(urlsplit(away.headers["location"]).query).items()}
    assert ("code", "S256") == (asked["response_type"], asked["code_challenge_method"])
    provider.nonce, provider.challenge = asked["nonce"], asked["code_challenge"]
    return {"state": asked["state"], "code": "right"}


def come_back(browser, back):
    return browser.get("/login/callback", params=back)


def refused(browser, answer) -> bool:
    """No session, no cookie of one, and nothing behind the gate."""
    inside = browser.get("/sider").status_code
    return (400, 401, []) == (answer.status_code, inside, [name for name in browser.cookies if "attempt" not in name])


def changed(**more):
    """A token that is signed as it should be and says something else; None leaves a claim out."""
    return lambda claims: signed({name: one for name, one in {**claims, **more}.items() if one is not None})


def shifted(**seconds):
    return lambda claims: signed({**claims, **{name: claims["iat"] + by for name, by in seconds.items()}})


FORGED = {
    "another key under the same name": lambda claims: signed(claims, OTHER),
    "another key under a name of its own": lambda claims: signed(claims, OTHER, kid="second"),
    "its own key in the header": lambda claims: signed(claims, OTHER, jwk=OTHER.as_dict(private=False)),
    "no signature": unsigned,
    "no signature, spelled otherwise": lambda claims: unsigned(claims, "nOnE"),
    "no signature under the right header": lambda claims: signed(claims).rpartition(".")[0] + ".",
    "another's payload": lambda claims: swapped(signed(claims), signed({**claims, "sub": "1"}, OTHER)),
    "the public key as a shared word": lambda claims: sealed(claims, KEY.as_pem(private=False)),
    "the client's secret as a shared word": lambda claims: sealed(claims, SECRET),
    "another issuer": changed(iss="https://andet.example"),
    "an issuer that begins so": lambda claims: signed({**claims, "iss": claims["iss"] + "0"}),
    "no issuer": changed(iss=None),
    "another audience": changed(aud="andet"),
    "audiences without ours": changed(aud=["andet", "tredje"]),
    "no audience": changed(aud=None),
    "made for another of several": changed(aud=["sideblik", "andet"], azp="andet"),
    "several without saying for whom": changed(aud=["sideblik", "andet"]),
    "ended ten minutes ago": shifted(iat=-900, exp=-600),
    "no end": changed(exp=None),
    "an end that is no time": changed(exp="i morgen"),
    "no beginning": changed(iat=None),
    "made in an hour": shifted(iat=3600, exp=7200),
    "good from an hour on": shifted(nbf=3600),
    "another nonce": changed(nonce="en-anden"),
    "no nonce": changed(nonce=None),
    "an empty nonce": changed(nonce=""),
    "nobody": changed(sub=None),
    "another access token's": changed(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "no ID token": lambda claims: None,
    "no token at all": lambda claims: "x",
    "a megabyte": lambda claims: "a" * 1_000_000 + ".b.c",
}


def swapped(right: str, other: str) -> str:
    head, _, signature = right.split(".")
    return f"{head}.{other.split('.')[1]}.{signature}"


def test_a_right_answer_logs_in(place, provider):
    """What all the others are held against: the deep link follows, and the session is open."""
    with client(place) as browser:
        answer = come_back(browser, begun(browser, provider))
        assert (303, "/sider", "seen") == (answer.status_code, answer.headers["location"], browser.get("/sider").text)


@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_token_logs_nobody_in(place, provider, kind):
    """Refused with one sentence; nobody is bound to the account, and a right answer still logs in afterwards."""
    with client(place) as browser:
        provider.token = FORGED[kind]
        assert refused(browser, come_back(browser, begun(browser, provider)))
        assert [(None,)] == rows(place.parent, "SELECT subject FROM people")
        provider.token = signed
        assert 303 == come_back(browser, begun(browser, provider)).status_code


def test_the_keys_that_a_token_names_are_not_fetched(place, provider):
    """`jku` and `x5u` in a header are addresses that its writer chose."""
    bait = f"{provider.issuer}/bait"
    provider.token = lambda claims: signed(claims, OTHER, jku=bait, x5u=bait)
    with client(place) as browser:
        assert refused(browser, come_back(browser, begun(browser, provider)))
    assert "/bait" not in provider.asked


def test_an_answer_of_an_earlier_attempt(place, provider):
    """A token that was right a moment ago does not fit the next attempt, and a state is good once."""
    with client(place) as browser:
        kept: list[str] = []
        provider.token = lambda claims: kept.append(signed(claims)) or kept[0]
        back = begun(browser, provider)
        assert 303 == come_back(browser, back).status_code
        browser.cookies.delete("__Host-sideblik")
        assert refused(browser, come_back(browser, back))
        assert refused(browser, come_back(browser, begun(browser, provider)))


@pytest.mark.parametrize("state", ["", "made-up", None])
def test_a_state_that_nobody_began(place, provider, state):
    """The provider is not even asked."""
    with client(place) as browser:
        back = begun(browser, provider)
        answer = come_back(browser, {"code": "right"} if state is None else {**back, "state": state})
        assert refused(browser, answer)
    assert "/token" not in provider.asked


def test_another_browser_cannot_finish(place, provider):
    """Whoever is sent the address that ends somebody else's attempt is not logged in as them."""
    with client(place) as browser, client(place) as other:
        back = begun(browser, provider)
        assert refused(other, come_back(other, back))
        begun(other, provider)
        assert refused(other, come_back(other, back))


def test_a_code_of_another_attempt(place, provider):
    """PKCE: the provider gives no tokens for a code to whoever did not begin with it."""
    with client(place) as browser:
        back = begun(browser, provider)
        provider.challenge = "of-another-attempt"
        assert refused(browser, come_back(browser, back))


@pytest.mark.parametrize("back", [{"error": "access_denied"}, {"code": "wrong"}, {"error": "<script>", "code": ""}])
def test_a_refusal_of_the_provider(place, provider, back):
    """Told with our own sentence; no word of what came stands on the page."""
    with client(place) as browser:
        answer = come_back(browser, {**begun(browser, provider), **back})
        assert refused(browser, answer)
        assert not {"access_denied", "<script>"} & set(answer.text.split('"'))
        assert "<script>" not in answer.text


def test_tokens_with_a_failure(place, provider):
    """What comes with an error status is none, however right it looks."""
    provider.status = 500
    with client(place) as browser:
        assert refused(browser, come_back(browser, begun(browser, provider)))


def test_an_attempt_waits_ten_minutes(place, provider):
    clock = Hand(times.now())
    with client(place, clock=clock) as browser:
        back = begun(browser, provider)
        clock.move(timedelta(minutes=10, seconds=1).total_seconds())
        assert refused(browser, come_back(browser, back))


def test_metadata_of_another_provider(place, provider):
    """Nobody is sent anywhere by metadata that name another issuer than the configuration does."""
    provider.metadata = {"issuer": "https://andet.example"}
    with client(place) as browser:
        answer = browser.get("/login/oidc")
        assert (503, False) == (answer.status_code, "location" in answer.headers)


@pytest.mark.parametrize(
    ("more", "role"),
    [
        ({"sub": "4711", "groups": ["hele-kommunen"]}, "communications"),
        ({"sub": "1", "groups": ["hele-kommunen"]}, None),
        ({"sub": "4711", "groups": ["hele-kommunen"], "email_verified": False}, None),
    ],
)
def test_what_userinfo_says_of_another_account(place, provider, more, role):
    """It fills in what the same account's ID token leaves out; of another it says nothing, and it proves no address."""
    provider.more = {"email": "bo@noerreaa.example", **more}
    provider.token = changed(email=None, email_verified=None)
    with client(place) as browser:
        answer = come_back(browser, begun(browser, provider))
    kept = rows(place.parent, "SELECT role FROM people WHERE source = 'claims'")
    assert ((303, [(role,)]) if role else (403, [])) == (answer.status_code, kept)
