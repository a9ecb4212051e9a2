"""retain, hold, insight and erase: what they do, what they leave in files and journal, and what they never print."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from records import ALL, SCHOOL, SCHOOL_PAGE, asking, plain, rows, telling

from collectors.http import Http
from dashboard import cli, insight, keeping, settings
from dashboard.collecting import _nightly, _often
from data import journal, times
from data.errors import StoreError
from data.persons import Found, How
from data.store import Store
from data.types import Verdict

SMALL = """
[municipality]
name = "Nørreå Kommune"
[storage]
database = "sideblik.db"
[retention]
comments = 30
[[institution]]
id = "skolen"
name = "Nørreå Skole"
kind = "skole"
[[page]]
id = "skole-fb"
institution = "skolen"
platform = "facebook"
name = "Skolen på nettet"
[[page]]
id = "skole-li"
institution = "skolen"
platform = "linkedin"
name = "Skolen på LinkedIn"
"""
DAY = timedelta(days=1)
NAME = "Quirina Mølvang"
SELF = "Jeg hedder Quirina og spørger igen."
OTHER = "Hør lige, QUIRINA  mølvang skylder mig penge."
GROUND = "Talte med Quirina Mølvang i telefonen."


@pytest.fixture
def config(tmp_path):
    """A comment of the person, one that names them, one with the same initials; and a decision that names them."""
    path = tmp_path / "sideblik.toml"
    path.write_text(SMALL, "utf-8")
    at = times.now() - 40 * DAY
    with Store.open(tmp_path / "sideblik.db", clock=lambda: at) as store:
        store.set_places([SCHOOL], [SCHOOL_PAGE])
        key = store.author_key("p1", "4711")
        own = asking("c1", SELF, author_name="Q.M.", author_key=key, digest="d1", url="https://example.dk/quirina")
        same = plain("c3", "Noget helt andet.", author_name="Q.M.", author_key="x", digest="d3")
        store.save(SCHOOL_PAGE, [plain("p1"), own, telling("c2", OTHER, digest="d2"), same])
        store.decide(ALL, "Anna", 2, 1, Verdict.HIDDEN, GROUND)
        store.take(ALL, "Bo", 1, 1)
    return path


@pytest.fixture
def ask(capsys, config):
    """Runs a command in this process; returns exit code, standard output and standard error."""

    def asked(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main([*(str(argument) for argument in arguments), "--config", str(config)])
        return ended.value.code or 0, *capsys.readouterr()

    return asked


def texts(config: Path) -> list[str]:
    return [text for (text,) in rows(config.parent, "SELECT text FROM messages ORDER BY id")]


def log(config: Path) -> str:
    """Everything in the journal, as one text."""
    return repr(rows(config.parent, "SELECT * FROM journal"))


def names_them(told: str | bytes) -> bool:
    told = told.decode("utf-8", "replace") if isinstance(told, bytes) else told
    return "quirina" in told.lower()


def test_retain(ask, config):
    """A dry run says what is due; the real one empties it, once, and the journal has the figures."""
    assert (0, True) == ((dry := ask("retain", "--dry-run"))[0], "past the rules of [retention]: 1\n" in dry[1])
    assert "Nothing was changed" in dry[1]
    assert 4 == len(list(filter(None, texts(config))))
    assert (0, "texts past the rules of [retention]: 1\n") == ask("retain")[:2]
    assert "" == texts(config)[3]
    assert (0, "Nothing is due.\n") == ask("retain")[:2]
    assert [("command line", '{"age": 1}')] == rows(
        config.parent, "SELECT actor, detail FROM journal WHERE action = 'retention'"
    )


def test_retain_without_a_database_that_can_be_written(ask, config):
    """It is told in a sentence, with the exit code of a database that cannot be used."""
    (config.parent / "sideblik.db").write_bytes(b"nothing of the kind" * 99)
    code, out, err = ask("retain")
    assert (4, "", 1) == (code, out, len(err.splitlines()))


def test_hold(ask, config):
    """Set, listed, seen by retention, lifted; a day that has passed and a case that is none are refused."""
    until = f"{times.now() + 9 * DAY:%Y-%m-%d}"
    given = ("--person", "Anna", "--ground", "Klage.")
    assert 2 == ask("hold", "set", 99, "--until", until, *given)[0]
    assert 2 == ask("hold", "set", 1, "--until", "2020-01-01", *given)[0]
    assert 2 == ask("hold", "set", 1, "--until", until, "--person", "Anna", "--ground", " ")[0]
    assert (0, f"hold 1: the thread of case 1 is kept until the end of {until}.\n") == ask(
        "hold", "set", 1, "--until", until, *given
    )[:2]
    assert "case 1" in ask("hold", "list")[1]
    assert "Nothing is due.\n" == ask("retain")[1]
    assert 0 == ask("hold", "lift", 1, "--person", "Bo")[0]
    assert 2 == ask("hold", "lift", 1, "--person", "Bo")[0]
    assert "No hold is in force.\n" == ask("hold", "list")[1]
    assert "[retention]: 1" in ask("retain")[1]


def test_insight(ask, config, tmp_path):
    """The file holds what is stored and each look without who looked; neither screen nor journal holds a word of it."""
    out = tmp_path / "answer.txt"
    code, told, _ = ask("insight", out, "--name", NAME, "--author-id", "4711", "--reference", "26/1234")
    answer = out.read_text("utf-8")
    assert (0, 0o600) == (code, out.stat().st_mode & 0o777)
    assert [True, True, False] == [text in answer for text in (SELF, OTHER, "Noget helt andet")]
    assert "messages: 2\ngrounds: 1\n" in told
    assert "2 messages bear the same initials" in told
    assert [False, False] == [names_them(text) for text in (told, log(config))]
    assert [False, False] == [person in answer for person in ("Anna", "Bo ")]
    assert "sagen blev taget op" in answer
    assert "sagen blev afgjort: Skjult" in answer
    again = tmp_path / "again.txt"
    assert 0 == ask("insight", again, "--message", 2, "--reference", "26/1234")[0]
    assert "en anmodning om indsigt" in again.read_text("utf-8")


def test_insight_is_printed_when_asked_for(ask, tmp_path):
    """And a file that is there already is left alone."""
    asked = ("--phrase", "skylder mig penge", "--reference", "26/1")
    assert OTHER in ask("insight", tmp_path / "one.txt", *asked, "--print")[1]
    assert 4 == ask("insight", tmp_path / "one.txt", *asked)[0]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--reference", "26/1"),
        ("--phrase", "abc", "--reference", "26/1"),
        ("--phrase", "280571-1415", "--reference", "26/1"),
        ("--phrase", "skylder", "--reference", "280571-1415"),
        ("--phrase", "skylder", "--reference", "Quirina Mølvang"),
    ],
    ids=["nobody", "short", "cpr", "cpr as reference", "name as reference"],
)
def test_what_is_not_looked_for(ask, config, tmp_path, arguments):
    """Nobody, three letters, a CPR number; and what must not stand in the journal as a reference."""
    before = log(config)
    assert 2 == ask("insight", tmp_path / "one.txt", *arguments)[0]
    assert 2 == ask("erase", *arguments)[0]
    assert (False, before) == ((tmp_path / "one.txt").exists(), log(config))


def test_erase_is_a_dry_run_first(ask, config):
    """Without --yes nothing changes, and --yes needs a protocol."""
    before = (texts(config), log(config))
    code, told, _ = ask("erase", "--name", NAME, "--reference", "26/1")
    assert (0, True) == (code, "Nothing was changed" in told)
    assert 2 == ask("erase", "--name", NAME, "--reference", "26/1", "--yes")[0]
    assert before == (texts(config), log(config))


def test_erase(ask, config, tmp_path):
    """Texts, grounds and addresses are empty, no byte is left, figures stay; protocol and journal name nobody."""
    folder, file = config.parent, tmp_path / "protocol.json"
    cases = rows(folder, "SELECT id, category, kind, week, status, verdict FROM cases")
    who = ("--name", NAME, "--author-id", "4711", "--reference", "26/1")
    code, told, _ = ask("erase", *who, "--protocol", file, "--yes")
    assert (0, 0o600) == (code, file.stat().st_mode & 0o777)
    assert ["Tak for i går.", "", "", "Noget helt andet."] == texts(config)
    left = b"".join(path.read_bytes() for path in folder.iterdir() if path != config)
    assert [False] * 4 == [names_them(text) for text in (left, told, log(config), file.read_text("utf-8"))]
    assert [("",)] == rows(folder, "SELECT url FROM messages WHERE message_id = 'c1'")
    assert cases == rows(folder, "SELECT id, category, kind, week, status, verdict FROM cases")
    protocol = json.loads(file.read_text("utf-8"))
    assert [{"number": 2, "how": "wrote", "digest": "d1"}, {"number": 3, "how": "named", "digest": "d2"}] == sorted(
        protocol["messages"], key=lambda one: one["number"]
    )
    assert ("26/1", [1]) == (protocol["reference"], protocol["grounds_of_decisions"])
    with Store.open(folder / "sideblik.db") as store:
        assert journal.verify(store._conn) is None
        assert {"c1": "d1"} == store.known("facebook", ["c1"])  # read again, it is not stored again
    assert "messages: 0" in ask("erase", *who)[1]


def test_what_is_held_is_not_erased(ask, config, tmp_path):
    """A hold keeps the thread and the grounds of its case; how many were kept is told and stands in the protocol."""
    file = tmp_path / "protocol.json"
    with Store.open(config.parent / "sideblik.db") as store:
        store.hold(ALL, "Anna", 2, (times.now() + 9 * DAY).date(), "Klage.")
    code, told, _ = ask("erase", "--name", NAME, "--reference", "26/1", "--protocol", file, "--yes")
    assert (0, True) == (code, "held: 1" in told)
    assert OTHER in texts(config)
    assert [(GROUND,)] == rows(config.parent, "SELECT ground FROM decisions")
    assert [3] == json.loads(file.read_text("utf-8"))["held"]


def test_erasing_again_after_an_older_backup(ask, config, tmp_path):
    """A protocol finds the same texts again by number and digest, and leaves another text of that number alone."""
    file = tmp_path / "protocol.json"
    database = config.parent / "sideblik.db"
    kept = sqlite3.connect(tmp_path / "older.db")
    with sqlite3.connect(database) as live:
        live.backup(kept)
    assert 0 == ask("erase", "--name", NAME, "--reference", "26/1", "--protocol", file, "--yes")[0]
    with sqlite3.connect(database) as live:
        kept.backup(live)
    kept.close()
    with sqlite3.connect(database) as live:
        live.execute("UPDATE messages SET digest = 'another' WHERE message_id = 'c1'")
    live.close()
    assert [True, True] == [text in texts(config) for text in (SELF, OTHER)]
    again = ("--again", file, "--reference", "26/1", "--protocol", tmp_path / "again.json", "--yes")
    assert 0 == ask("erase", *again)[0]
    assert [True, False] == [text in texts(config) for text in (SELF, OTHER)]
    assert 4 == ask("erase", "--again", config, "--reference", "26/1")[0]


def test_an_erasure_is_all_or_nothing(config, tmp_path):
    """Where the protocol cannot be written nothing is erased and nothing is in the journal; no half of a file stays."""
    before = (texts(config), log(config))
    found = Found({2: How.WROTE})  # without its digest, so that the protocol fails in the middle
    with Store.open(config.parent / "sideblik.db") as store:
        with pytest.raises(KeyError):
            insight.erase(store, found, "26/1", tmp_path / "protocol.json", times.now())
        with pytest.raises(StoreError):
            insight.erase(store, found, "26/1", tmp_path / "none" / "protocol.json", times.now())
    assert before == (texts(config), log(config))
    assert not (tmp_path / "protocol.json").exists()


def test_the_hourly_job_is_hourly(config):
    """Asked for each minute, done once an hour, and again in the next minute where it failed."""
    at = [times.now()]
    done: list[int] = []

    def job() -> None:
        done.append(1)
        if len(done) == 2:
            raise StoreError("busy")

    hourly = keeping.Hourly(job, clock=lambda: at[0])
    for minute in range(122):
        at[0] += timedelta(minutes=1)
        if minute == 60:
            with pytest.raises(StoreError):
                hourly()
        else:
            hourly()
    assert 4 == len(done)
    assert {"linkedin"} == keeping.short_terms()


def test_the_collector_keeps_terms_and_rules(config):
    """Both jobs are in the schedule; what is stored of a page that left the configuration is bound by terms as well."""
    loaded = settings.load(config)
    assert "retention" in _nightly(loaded, Http(), lambda: True)
    assert {"terms", "releases"} == set(_often(loaded))
    with sqlite3.connect(config.parent / "sideblik.db") as live:
        live.execute("UPDATE messages SET platform = 'linkedin'")
    live.close()
    with Store.open(config.parent / "sideblik.db") as store:
        keeping.mirror(store, loaded)
    _often(loaded)["terms"]()
    assert ["Tak for i går.", "", "", ""] == texts(config)
