from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from records import HOME_PAGE, SCHOOL_PAGE, asking, set_up, telling

from dashboard import cli
from data.store import Store

ROOT = Path(__file__).parent.parent
SMALL = """
[municipality]
name = "Nørreå Kommune"
[storage]
database = "kept/sideblik.db"
reports = "out"
[[institution]]
id = "skolen"
name = "Nørreå Skole"
kind = "skole"
[[page]]
id = "skole-fb"
institution = "skolen"
platform = "facebook"
name = "Skolen på nettet"
"""


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "sideblik.toml"
    path.write_text(SMALL, "utf-8")
    return path


@pytest.fixture
def ask(capsys):
    """Runs a command in this process; returns exit code, standard output and standard error."""

    def asked(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main([str(argument) for argument in arguments])
        return ended.value.code or 0, *capsys.readouterr()

    return asked


def piped(*arguments: str, given: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dashboard.cli", *arguments]
    return subprocess.run(command, input=given, capture_output=True, encoding="utf-8", timeout=60, check=False)


def commands() -> dict[str, bool]:
    """Each command's name, and whether it is hidden."""
    group = typer.main.get_command(cli.app)
    return {name: command.hidden for name, command in group.commands.items()}


def test_commands_of_the_issue():
    """The commands that a user was promised, and no other."""
    expected = {"init", "demo", "run", "visit", "import", "judge", "check", "report", "pages", "doctor", "token"}
    expected |= {"rejudge", "backup", "restore", "journal", "person", "retain", "hold", "insight", "erase"}
    assert expected == {name for name, hidden in commands().items() if not hidden}


def test_every_command_is_documented():
    """docs/commands.md has a section for each command, in any order, and none for what does not exist."""
    described = re.findall(r"^## sideblik (\S+)$", (ROOT / "docs/commands.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(name for name, hidden in commands().items() if not hidden) == sorted(described)


def test_exit_codes_are_documented():
    """The table of docs/commands.md holds every code that a command may end with."""
    told = re.findall(r"^\| (\d) \|", (ROOT / "docs/commands.md").read_text("utf-8"), re.MULTILINE)
    assert sorted({0, 1, 2, *cli.EXIT_CODES.values()}) == [int(code) for code in told]


@pytest.mark.parametrize("name", ["", *commands()])
def test_help(ask, name):
    """Every command has a help that begins with a sentence."""
    code, out, _ = ask(*filter(None, [name, "--help"]))
    assert 0 == code
    assert re.search(r"Usage: .*\n\s*\n\s*[A-Z].*", out)


def test_help_is_fast():
    """`--help` loads neither pandas nor Streamlit nor a detector: it answers at once."""
    heavy = {"pandas", "streamlit", "httpx", "analysis.engine"}
    code = f"import sys, dashboard.cli; print(sorted({heavy!r} & set(sys.modules)))"
    best = 9.0
    for _ in range(3):
        began = time.monotonic()
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        best = min(best, time.monotonic() - began)
    assert "[]\n" == done.stdout
    assert best < 1.0  # 0.3 s on an idle machine


def test_init(ask, tmp_path):
    """What init writes can be loaded; a second init leaves it alone and says so."""
    path = tmp_path / "new.toml"
    assert 0 == ask("init", path)[0]
    written = path.read_bytes()
    code, out, err = ask("init", path)
    assert (3, "") == (code, out)
    assert f"sideblik: {path} is there already and was not touched" in err
    assert written == path.read_bytes()
    assert 4 == ask("pages", "--config", path)[0]


def test_no_configuration(ask, tmp_path):
    """Without a configuration the way to one is told."""
    code, out, err = ask("pages", "--config", tmp_path / "none.toml")
    assert (3, "") == (code, out)
    assert "'sideblik init' writes one" in err
    assert 1 == len(err.splitlines())


def test_no_database(ask, config):
    """Commands that read tell that there is nothing to read yet."""
    for command in ("pages", "report"):
        code, out, err = ask(command, "--config", config)
        assert (4, "") == (code, out)
        assert "There is no database" in err


@pytest.mark.parametrize("week", ["2026-47", "2026-W60", "igår"])
def test_report_of_no_week(ask, config, week):
    """A week that does not exist is a usage error."""
    assert 2 == ask("report", "--week", week, "--config", config)[0]


def test_report(ask, config, tmp_path):
    """The two files are written where asked, and their paths told."""
    with Store.open(tmp_path / "kept/sideblik.db") as store:
        set_up(store)
        store.save(SCHOOL_PAGE, [asking("c1")])
        store.save(HOME_PAGE, [telling("h1", page=HOME_PAGE)])
    code, out, err = ask("report", "--week", "2026-W47", "--config", config)
    assert (0, "") == (code, err)
    assert [tmp_path / "out" / f"sideblik-2026-W47-{name}.csv" for name in ("pages", "cases")] == [
        Path(line) for line in out.splitlines()
    ]
    code, out, _ = ask("report", "--week", "2026-W47", "--out", tmp_path / "other", "--config", config)
    assert {tmp_path / "other"} == {Path(line).parent for line in out.splitlines()}


def test_pages(ask, config, tmp_path):
    """A page that was never seen is told as such."""
    with Store.open(tmp_path / "kept/sideblik.db") as store:
        set_up(store)
    code, out, err = ask("pages", "--config", config)
    assert (0, "") == (code, err)
    assert re.search(r"skole_fb +Nørreå Skole +never +never seen", out)


def test_visit_of_an_unknown_page(ask, config):
    """A page that is not configured is refused before anything is touched, naming those that are."""
    code, _, err = ask("visit", "nowhere", "--config", config)
    assert 3 == code
    assert "There is no page 'nowhere' in sideblik.toml; it has: skole-fb." in err


def test_visit_without_a_page_to_visit(ask, config):
    """A configuration whose pages are all fed by imports has nothing to visit."""
    code, _, err = ask("visit", "--config", config)
    assert 3 == code
    assert "no page with a ref" in err


def test_judge():
    """A line in, a line out, in order, with Danish letters as they are; the form of the labelled corpus."""
    given = [{"id": "a", "text": "Hvornår åbner I?", "by_page": False}, {"id": 2, "text": ""}]
    done = piped("judge", given="\n".join(map(json.dumps, given)) + "\n")
    assert (0, "") == (done.returncode, done.stderr)
    got = [json.loads(line) for line in done.stdout.splitlines()]
    assert ["a", 2] == [line["id"] for line in got]
    assert {"id", "inquiry", "topic", "urgent", "breach", "tone", "findings"} <= set(got[0])


@pytest.mark.parametrize("line", ["not json", "[1]", '{"id": 1}'])
def test_judge_of_another_form(line):
    """A line of another form is a usage error that names the line and repeats nothing of it."""
    done = piped("judge", given='{"id": 1, "text": "a"}\n' + line + "\n")
    assert 2 == done.returncode
    assert "Line 2" in done.stderr
    assert line not in done.stderr


def test_check_stores_nothing(tmp_path):
    """A text is judged in Danish for a person to read; a CPR number (made up, wrong check digit) is not repeated."""
    done = piped("check", "-", "--by-page", given="Karlas CPR-nr. er 070815-4231, hun har fået diabetes.")
    assert (0, "") == (done.returncode, done.stderr)
    assert "070815" not in done.stdout
    assert "4231" not in done.stdout
    assert len(done.stdout.splitlines()) >= 3
