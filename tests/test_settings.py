from __future__ import annotations

from pathlib import Path

import pytest

from dashboard import settings, settings_tokens
from data.errors import SettingsError
from data.types import Institution

ROOT = Path(__file__).parent.parent
SMALL = """
[municipality]
name = "Nørreå Kommune"
[[institution]]
id = "skole"
name = "Åskolen"
kind = "skole"
[[page]]
id = "skole-fb"
institution = "skole"
platform = "facebook"
name = "Åskolen"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "sideblik.toml"
    path.write_text(text, "utf-8")
    return path


def refused(folder: Path, text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        settings.load(written(folder, text))
    return str(caught.value)


def test_small_file(tmp_path):
    """A few lines are enough; everything else has a default, and paths are relative to the file."""
    got = settings.load(written(tmp_path, SMALL))
    assert ("Nørreå Kommune", tmp_path / "data/local/sideblik.db", "127.0.0.1", 8501, "initials") == (
        got.municipality,
        got.database,
        got.address,
        got.port,
        got.author_names,
    )
    assert (Institution("skole", "Åskolen", "skole"),) == got.institutions
    assert (16, 1800, 14) == (got.pages[0].goal_hours, got.pages[0].every_seconds, got.pages[0].look_back_days)


def test_example_is_valid(tmp_path):
    """What `sideblik init` writes can be loaded, and its commented keys are exactly the defaults."""
    text = (ROOT / "dashboard/texts/sideblik.example.toml").read_text("utf-8")
    got = settings.load(written(tmp_path, text))
    before, after = text.split("# One table for each institution", 1)
    bare = "\n".join(
        line.removeprefix("# ") if line.startswith("# [") or " = " in line else line for line in before.splitlines()
    )
    full = settings.load(written(tmp_path, f"{bare}\n# {after}"))
    assert (got.database, got.reports, got.workers, got.pages) == (
        full.database,
        full.reports,
        full.workers,
        full.pages,
    )
    assert "norreaa.example" == full.domain


def test_page_goes_before_schedule_before_default(tmp_path):
    """A page's own goal and interval win over the municipality's."""
    head = SMALL.replace("[[institution]]", "goal_hours = 24\n[schedule]\nevery_minutes = 10\n[[institution]]", 1)
    page = settings.load(written(tmp_path, head)).pages[0]
    assert (24, None, 600) == (page.goal_hours, page.opening, page.every_seconds)
    page = settings.load(written(tmp_path, head + "goal_hours = 4\nevery_minutes = 5\n")).pages[0]
    assert (4, 300) == (page.goal_hours, page.every_seconds)
    page = settings.load(written(tmp_path, head + "every_minutes = 5\nevery_seconds = 7\n")).pages[0]
    assert 7 == page.every_seconds


SERVICE = """
[service]
goal_open_hours = 8
urgent_hours = 6
closed_days = ["2026-05-15"]
opening = { mon = "09:00-15:00", sat = "10:00-24:00" }
"""
INSTITUTION, PAGE = 'kind = "skole"\n', 'platform = "facebook"\n'


@pytest.mark.parametrize(
    ("where", "added", "expected"),
    [
        ("", "", (8, (540, 900), {"2026-05-15"})),
        (INSTITUTION, "goal_open_hours = 4", (4, (540, 900), {"2026-05-15"})),
        (INSTITUTION, 'opening = { mon = "07:30-12:00" }\nclosed_days = []', (8, (450, 720), set())),
        (PAGE, 'opening = "always"', (8, None, None)),
        (PAGE, "goal_hours = 48", (48, None, None)),
    ],
)
def test_when_citizens_are_answered(tmp_path, where, added, expected):
    """Each key by itself: the page's, else the institution's, else the municipality's."""
    page = settings.load(written(tmp_path, SMALL.replace(where, f"{where}{added}\n", 1) + SERVICE)).pages[0]
    opening = page.opening
    found = (page.goal_hours, opening.week[0] if opening else None, set(opening.closed) if opening else None)
    assert (expected, 6) == (found, page.urgent_hours)
    assert opening is None or opening.week[3] is None


def test_a_promise_by_the_clock_gives_way_to_hours_of_work(tmp_path):
    """The municipality's 48 hours are for those who have promised nothing else."""
    head = SMALL.replace("[[institution]]", "goal_hours = 48\n[[institution]]", 1)
    page = settings.load(written(tmp_path, head)).pages[0]
    assert (48, None) == (page.goal_hours, page.opening)
    page = settings.load(written(tmp_path, head.replace(INSTITUTION, INSTITUTION + "goal_open_hours = 4\n"))).pages[0]
    assert (4, (480, 960)) == (page.goal_hours, page.opening and page.opening.week[0])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (SMALL + "goal_hours = 4\ngoal_open_hours = 4\n", "counts by the clock"),
        (SMALL + "[service]\nopening = {}\n", "service.opening: found no day"),
        (SMALL + '[service]\nopening = { mon = "16:00-08:00" }\n', "the end must come after the beginning"),
        (SMALL + '[service]\nopening = { mon = "8-16" }\n', "service.opening.mon: found '8-16'"),
        (
            SMALL + '[service]\nopening = { man = "08:00-16:00" }\n',
            "a key that is not known here; allowed: always, mon",
        ),
        (SMALL + '[service]\nopening = "altid"\n', "service.opening: found 'altid'"),
        (SMALL + '[service]\nclosed_days = ["12-32"]\n', "service.closed_days: found '12-32'"),
        (SMALL + 'closed_days = ["24. december"]\n', "page 'skole-fb'.closed_days: found '24. december'"),
        (SMALL + 'opening = { mon = "" }\n', "page 'skole-fb'.opening: found no day"),
    ],
)
def test_hours_that_cannot_be(tmp_path, text, problem):
    """Told when the file is read, since a deadline that is wrong looks like any other."""
    assert problem in refused(tmp_path, text)


def test_all_problems_at_once(tmp_path):
    """One look at the message mends the whole file: each problem names key, found and allowed."""
    text = SMALL.replace('kind = "skole"', 'kind = "school"') + 'goal = 3\nevery_minutes = "ofte"\n[server]\nport = 0\n'
    message = refused(tmp_path, text + "[privacy]\nauthor_names = 1\n")
    assert "has 5 things to mend" in message
    assert "institution[1].kind: found 'school'; it should be 'kommune', 'borgerservice'" in message
    assert "page[1].goal: found a key that is not known here; allowed: id, institution, platform" in message
    assert "page[1].every_minutes: found 'ofte'; it should be a valid integer" in message
    assert "server.port: found 0; it should be greater than or equal to 1" in message
    assert "privacy.author_names: found 1; it should be 'initials', 'full' or 'none'" in message


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ('[server]\naddress = "0.0.0.0"\n', "server.address: found '0.0.0.0'; without a [login]"),
        ("[municipal]\n", "municipal: found a key that is not known here; allowed: municipality, storage"),
        ('[[person]]\nname = "A"\nrole = "reader"\n', "person 'A': found no institutions; the role reader sees only"),
        (
            '[[person]]\nname = "A"\nrole = "dpo"\ninstitutions = ["skole"]\n',
            "person 'A': found institutions; the role dpo sees all of them",
        ),
        (
            '[[person]]\nname = "A"\nrole = "reader"\ninstitutions = ["skolen"]\n',
            "person 'A': found institution 'skolen'; there is: skole",
        ),
        ('ref = "1"\nplatform2 = 1\n', "page[1].platform2: found a key"),
        ("[page.options]\nbase_url = 7\n", "page[1].options.base_url: found 7; it should be a valid string"),
    ],
)
def test_refused(tmp_path, more, expected):
    """A wrong value or an unknown name is refused with what would be right."""
    assert expected in refused(tmp_path, SMALL + more)


def test_twice(tmp_path):
    """An id stands for one page; a source is visited by one page."""
    twice = SMALL + 'ref = "12"\n' + SMALL.split("[[page]]")[1].join(["[[page]]", 'ref = "12"\n'])
    message = refused(tmp_path, twice)
    assert "page.id: found 'skole-fb' 2 times" in message
    assert "page.ref: found '12' on facebook 2 times" in message


def test_unknown_platform_with_a_reference(tmp_path):
    """A page that is to be visited needs a platform that can be; one fed by imports may be of any."""
    text = SMALL.replace('"facebook"', '"myspace"')
    assert "myspace" == settings.load(written(tmp_path, text)).pages[0].platform
    assert "found platform 'myspace' with a ref; visited are: " in refused(tmp_path, text + 'ref = "1"\n')


@pytest.mark.parametrize("text", ["", "x = ", "\x00", '"""'])
def test_not_toml_or_empty(tmp_path, text):
    """A broken file is told by its place, not by what stands there."""
    assert "sideblik.toml" in refused(tmp_path, text)


def test_absent_and_not_utf8(tmp_path):
    """No file, or one in another encoding, is told with what to do."""
    with pytest.raises(SettingsError, match="There is no configuration at .*'sideblik init' writes one"):
        settings.load(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes("name = 'Nørreå'".encode("latin-1"))
    with pytest.raises(SettingsError, match="is not UTF-8"):
        settings.load(tmp_path / "latin.toml")


@pytest.mark.parametrize(
    "line",
    [
        'token = "hemmeligt-1"',
        '[page.options]\naccess_token = "hemmeligt-1"',
        '[page.options]\nAPI_KEY = "hemmeligt-1"',
        'url = "https://x.example/?access_token=hemmeligt-1"',
    ],
)
def test_secret_in_the_file(tmp_path, line):
    """A token in sideblik.toml is refused and never shown."""
    message = refused(tmp_path, SMALL + line + "\n")
    assert "a secret has no place in this file" in message
    assert "hemmeligt" not in message


def test_token_order(tmp_path):
    """The page's variable, the platform's, then the secrets file, page first."""
    got = settings.load(written(tmp_path, SMALL))
    kept = tmp_path / "sideblik.secrets.toml"
    assert None is got.token_for("skole-fb", {})
    kept.write_text('[tokens]\nfacebook = "d"\n')
    kept.chmod(0o600)
    assert "d" == got.token_for("skole-fb", {})
    kept.write_text('[tokens]\nskole-fb = "c"\nfacebook = "d"\n')
    assert "c" == got.token_for("skole-fb", {})
    assert "b" == got.token_for("skole-fb", {"SIDEBLIK_TOKEN_FACEBOOK": "b"})
    assert "a" == got.token_for("skole-fb", {"SIDEBLIK_TOKEN_FACEBOOK": "b", "SIDEBLIK_TOKEN_SKOLE_FB": "a"})


def test_loose_rights(tmp_path):
    """A secrets file that others can read is not used."""
    kept = tmp_path / "sideblik.secrets.toml"
    kept.write_text('[tokens]\nfacebook = "hemmeligt"\n')
    kept.chmod(0o640)
    with pytest.raises(SettingsError, match="its rights are 0640.*chmod 600") as caught:
        settings_tokens.secrets(kept)
    assert "hemmeligt" not in str(caught.value)


def test_secrets_without_table(tmp_path):
    """A secrets file of another form is told, without showing it."""
    kept = tmp_path / "sideblik.secrets.toml"
    kept.write_text('facebook = "hemmeligt"\n')
    kept.chmod(0o600)
    with pytest.raises(SettingsError, match=r"has no table \[tokens\]") as caught:
        settings_tokens.secrets(kept)
    assert "hemmeligt" not in str(caught.value)


def test_unknown_page(tmp_path):
    """Asking for a page that is not there names those that are."""
    with pytest.raises(SettingsError, match="There is no page 'x' in sideblik.toml; it has: skole-fb"):
        settings.load(written(tmp_path, SMALL)).page("x")


def test_repr_holds_no_token(tmp_path):
    """Settings can be logged: tokens are read when asked for and kept nowhere."""
    kept = tmp_path / "sideblik.secrets.toml"
    kept.write_text('[tokens]\nfacebook = "hemmeligt"\n')
    kept.chmod(0o600)
    assert "hemmeligt" not in repr(settings.load(written(tmp_path, SMALL)))


def test_where():
    """The configuration is the one given, else the environment's, else that of the current folder."""
    assert Path("a.toml") == settings.where(Path("a.toml"), {"SIDEBLIK_CONFIG": "b.toml"})
    assert Path("b.toml") == settings.where(None, {"SIDEBLIK_CONFIG": "b.toml"})
    assert Path("sideblik.toml") == settings.where(None, {})


def test_how_seldom_and_how_whole(tmp_path):
    """The page's own bounds go before the schedule's; a trial's seconds are kept to; a share is within 0 and 1."""
    page = settings.load(written(tmp_path, SMALL)).pages[0]
    assert (1800, 43200, 0.98) == (page.every_seconds, page.slowest_seconds, page.coverage)
    more = "\n[schedule]\nslowest_minutes = 240\ncoverage = 0.9\n"
    page = settings.load(written(tmp_path, SMALL + more)).pages[0]
    assert (240 * 60, 0.9) == (page.slowest_seconds, page.coverage)
    page = settings.load(written(tmp_path, SMALL + "slowest_minutes = 60\ncoverage = 1.0\n" + more)).pages[0]
    assert (3600, 1.0) == (page.slowest_seconds, page.coverage)
    page = settings.load(written(tmp_path, SMALL + "every_seconds = 10\n" + more)).pages[0]
    assert (10, 10) == (page.every_seconds, page.slowest_seconds)
    for share in ("0.0", "1.5"):
        assert "coverage" in refused(tmp_path, SMALL + f"coverage = {share}\n")


def test_the_journals_heads_lie_beside_the_database(tmp_path):
    """A folder that nobody made would mean that no night is ever signed; another place is named in the file."""
    path = tmp_path / "sideblik.toml"
    storage = '[municipality]\nname = "Nørreå"\n[storage]\ndatabase = "kept/sideblik.db"\n'
    path.write_text(storage, "utf-8")
    assert tmp_path / "kept" / "journal-heads.jsonl" == settings.load(path).heads
    path.write_text(storage + 'heads = "elsewhere/heads.jsonl"\n', "utf-8")
    assert tmp_path / "elsewhere" / "heads.jsonl" == settings.load(path).heads
