"""A visit: what it saves, what it tells, and that a line that dies anywhere loses nothing that was saved."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from analysis.base import Text
from analysis.engine import Engine
from analysis.masking import mask
from collectors.base import Batch, Request
from collectors.errors import (
    FileError,
    NetworkError,
    PageSetupError,
    PassingError,
    StoppedError,
    ThrottledError,
    TokenError,
    UnexpectedError,
)
from collectors.http import Http
from collectors.intake import Intake
from collectors.platforms._text import digest
from collectors.sandbox.faults import Fault
from collectors.sandbox.scenario import Author, Change, Entry
from collectors.visit import VisitResult, take_in
from data.types import Finding, Kind, Outcome, RawMessage, Tally
from tests.records import ALL
from tests.visiting import ENGINE, PAGE, SCHOOL, START, Cutting, Visiting, school


def count_calls(visiting: Visiting) -> int:
    http = visiting.http()
    visiting.visit(http)
    return http.calls


def test_a_visit_saves_everything_and_tells_its_figures(tmp_path: Path):
    """Posts, visitors' posts, comments and replies; coverage is what was listed against what Facebook claims."""
    visiting = Visiting(tmp_path, school())
    result = visiting.visit()
    assert (Outcome.COMPLETE, None) == (result.outcome, result.error)
    held = dict(visiting.rows("SELECT kind, count(*) FROM messages GROUP BY kind"))
    comments = held["comment"] + held["reply"]
    assert 60 == held["post"]
    assert Tally(fetched=60 + comments, new=60 + comments) == result.tally
    told = visiting.rows("SELECT outcome, fetched, new, stored, claimed, calls FROM visits")
    assert [("complete", 60 + comments, 60 + comments, comments, comments)] == [row[:5] for row in told]
    assert 7 == told[0][5]
    assert [] == visiting.rows("SELECT * FROM gaps")


def test_cpr_numbers_are_nowhere_in_the_database(tmp_path: Path):
    """Every comment of the scenario holds one; none of the file's bytes does."""
    visiting = Visiting(tmp_path, school(posts=32))
    visiting.visit()
    for file in filter(Path.is_file, tmp_path.rglob("*")):
        assert b"311299" not in file.read_bytes(), file.name
    assert visiting.rows("SELECT count(*) FROM messages WHERE text LIKE '%█%'")[0][0] > 200


def test_questions_become_cases_and_answers_close_them(tmp_path: Path):
    """The page's reply under the first comment answers it, also when it comes with a later API page."""
    visiting = Visiting(tmp_path, school())
    visiting.visit()
    told = dict(visiting.rows("SELECT status, count(*) FROM cases WHERE category = 'inquiry' GROUP BY status"))
    assert told["answered"] >= 1
    assert told["new"] > 100
    answered = visiting.rows(
        "SELECT m.message_id FROM cases c JOIN messages m ON m.id = c.message WHERE c.status = 'answered'"
    )
    assert ("5030_30000",) in answered


def test_the_same_visit_twice_changes_nothing_but_the_visit_row(tmp_path: Path):
    """Nothing that is as before is written, and of a long thread whose number stands only the newest are read."""
    visiting = Visiting(tmp_path, school())
    first = visiting.visit()
    before = visiting.dump()
    visiting.clock.move(0)
    second = visiting.visit()
    assert before == visiting.dump()
    read = first.tally.fetched - 225  # of the thread with 250 comments the newest 25
    assert Tally(fetched=read, unchanged=read) == second.tally
    assert 2 == len(visiting.rows("SELECT * FROM visits"))


@pytest.mark.parametrize("torn", [False, True], ids=["between two answers", "within a body"])
def test_a_line_that_dies_after_any_answer_loses_nothing(tmp_path: Path, *, torn: bool):
    """At each cut: what was saved stays, a gap is open, and the next healthy visit makes all as if never cut."""
    scenario = school()
    uncut = Visiting(tmp_path / "uncut", scenario)
    calls = count_calls(uncut)
    wanted = uncut.dump()
    assert 7 == calls  # one about the token, three pages of posts, two more of the long thread, one of visitors' posts
    saved_before = -1
    for cut in range(calls):
        visiting = Visiting(tmp_path / f"cut{cut}", scenario)
        result = visiting.visit(visiting.http(lambda inner, at=cut: Cutting(inner, at, torn=torn)))
        saved = visiting.rows("SELECT count(*) FROM messages")[0][0]
        assert (NetworkError, Outcome.PARTIAL if saved else Outcome.FAILED) == (type(result.error), result.outcome)
        assert saved >= saved_before
        saved_before = saved
        assert [(None,)] == visiting.rows("SELECT ended_at FROM gaps")
        assert Outcome.COMPLETE == visiting.visit().outcome
        assert [(1,)] == visiting.rows("SELECT filled FROM gaps WHERE ended_at IS NOT NULL")
        assert wanted == visiting.dump()
    assert saved_before > 0


def test_what_is_missing_twice_is_gone_and_once_is_not(tmp_path: Path):
    """Only complete visits count: a broken one in between says nothing of what it did not list."""
    first = "5030_30000"
    visiting = Visiting(tmp_path, school(Change(10.0, "5030_30001", "delete"), Change(10.0, first, "hide")))
    asked = "SELECT message_id, visibility, missing FROM messages WHERE message_id IN ('5030_30000', '5030_30001')"
    visiting.visit()
    visiting.clock.move(20)
    visiting.visit()
    assert [(first, "hidden", 0), ("5030_30001", "visible", 1)] == sorted(visiting.rows(asked))
    visiting.visit(visiting.http(lambda inner: Cutting(inner, 1, torn=False)))
    assert [(first, "hidden", 0), ("5030_30001", "visible", 1)] == sorted(visiting.rows(asked))
    result = visiting.visit()
    assert 1 == result.tally.gone
    assert [(first, "hidden", 0), ("5030_30001", "gone", 2)] == sorted(visiting.rows(asked))


def test_an_edit_is_a_new_version_and_is_judged_again(tmp_path: Path):
    """The visit counts it as edited and leaves the rest untouched; deep in a long thread it is met the next day."""
    edits = [Change(10.0, ident, "edit", "Tak for hjælpen.") for ident in ("5030_30001", "5030_30240")]
    visiting = Visiting(tmp_path, school(*edits))
    visiting.visit()
    for seconds, ident in ((20, "5030_30240"), (86400, "5030_30001")):
        visiting.clock.move(seconds)
        result = visiting.visit()
        assert (0, 1) == (result.tally.new, result.tally.edited)
        assert [("Tak for hjælpen.", 2)] == visiting.rows(
            f"SELECT text, version FROM messages WHERE message_id = '{ident}'"
        )


def test_a_late_comment_and_a_late_removal_are_noticed(tmp_path: Path):
    """Under posts older than the look-back: a daily sweep reads what changed, until what is missing is gone."""
    day = 86400.0
    post = f"{PAGE.ref}_5003"
    late = Entry("5003_99", PAGE.id, Kind.COMMENT, post, 20.5 * day, "Hvornår åbner I?", author=Author("77", "Bo Lund"))
    visiting = Visiting(tmp_path, school(Change(20.5 * day, "5030_30001", "delete"), more=[late]))
    gone = "SELECT visibility FROM messages WHERE message_id = '5030_30001'"
    visiting.visit()
    visiting.clock.move(20 * day)
    visiting.visit()
    for tally, state in ((Tally(1, 1), "visible"), (Tally(gone=1), "gone"), (Tally(), "gone")):
        visiting.clock.move(day)
        found = visiting.visit()
        assert (Outcome.COMPLETE, tally.new, tally.gone) == (found.outcome, found.tally.new, found.tally.gone)
        assert [(state,)] == visiting.rows(gone)
        http = visiting.http()
        visiting.visit(http)
        assert 2 == http.calls
    assert [(1,)] == visiting.rows("SELECT count(*) FROM cases WHERE message = (SELECT max(id) FROM messages)")


@pytest.mark.parametrize(
    ("fault", "kind", "who"),
    [
        (Fault("expired_token", times=-1), TokenError, "page_administrator"),
        (Fault("throttled", times=-1, options={"minutes": 30}), ThrottledError, "nobody"),
        (Fault("server", times=-1), NetworkError, "nobody"),
        (Fault("soft_block", times=-1), PageSetupError, "operator"),
    ],
)
def test_a_failed_visit_says_who_must_act(tmp_path: Path, fault: Fault, kind: type[Exception], who: str):
    """In its row, with a gap from the beginning, and nothing raised."""
    visiting = Visiting(tmp_path, school(posts=2))
    visiting.faults.add(fault)
    result = visiting.visit()
    assert (kind, Outcome.FAILED) == (type(result.error), result.outcome)
    assert [("failed", kind.__name__, who)] == visiting.rows("SELECT outcome, error, who FROM visits")
    assert [(kind.__name__,)] == visiting.rows("SELECT error FROM gaps")


def test_a_page_without_a_token_says_so(tmp_path: Path):
    """Nothing is asked of the platform then."""
    visiting = Visiting(tmp_path, school(posts=1))
    http = visiting.http()
    result = visiting.visit(http, token=None)
    assert (TokenError, 0) == (type(result.error), http.calls)


class Broken:
    """A collector with a fault of its own, whose error holds a citizen's words."""

    def batches(self, request: Request, http: Http) -> Iterator[Batch]:
        yield Batch((RawMessage("facebook", "1", request.page.id, Kind.POST, "Opslag", "1", created_at=START),))
        raise KeyError("Åse skrev noget privat")


def test_an_error_that_nobody_foresaw_is_told_by_kind_and_place(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """What was saved stays; the error's own words are in no log and no row."""
    caplog.set_level(logging.DEBUG)
    visiting = Visiting(tmp_path, school(posts=1))
    result = visiting.visit(collector=Broken())
    assert (UnexpectedError, Outcome.PARTIAL) == (type(result.error), result.outcome)
    assert "test_visit.py" in str(result.error)
    assert "KeyError" in str(result.error)
    told = f"{caplog.text} {visiting.rows('SELECT * FROM visits')} {visiting.rows('SELECT * FROM gaps')}"
    assert "privat" not in told
    assert [("Opslag",)] == visiting.rows("SELECT text FROM messages")


def test_a_stop_ends_the_visit_after_its_current_batch(tmp_path: Path):
    """The row says so, and the rest is read next time."""
    visiting = Visiting(tmp_path, school())
    result = visiting.visit(keep_going=lambda: False)
    assert (StoppedError, Outcome.PARTIAL) == (type(result.error), result.outcome)
    assert visiting.rows("SELECT count(*) FROM messages")[0][0] > 0


def test_a_long_gap_is_read_back_over(tmp_path: Path):
    """A page that was not seen for a month: the look-back begins before the last complete visit."""
    seen: list[Request] = []

    class Watching:
        def batches(self, request: Request, http: Http) -> Iterator[Batch]:
            seen.append(request)
            yield Batch(posts_since=request.since)

    visiting = Visiting(tmp_path, school(posts=1))
    visiting.visit(collector=Watching())
    visiting.clock.move(30 * 86400)
    visiting.visit(collector=Watching())
    assert seen[0].since == seen[1].since
    assert [(1,)] == visiting.rows("SELECT filled FROM gaps WHERE ended_at IS NOT NULL")


def test_a_feed_that_does_not_reach_back_leaves_the_gap_unfilled(tmp_path: Path):
    """Its oldest entry is younger than the last complete visit: what stood between is lost, and said to be."""

    class Newest:
        def batches(self, request: Request, http: Http) -> Iterator[Batch]:
            ident = f"n{visiting.clock().isoformat()}"
            post = RawMessage("facebook", ident, PAGE.id, Kind.POST, "Nyt", ident, created_at=visiting.clock())
            yield Batch((post,))

    visiting = Visiting(tmp_path, school(posts=1))
    visiting.visit(collector=Newest())
    visiting.clock.move(3 * 86400)
    assert Outcome.COMPLETE == visiting.visit(collector=Newest()).outcome
    assert [(0,)] == visiting.rows("SELECT filled FROM gaps WHERE ended_at IS NOT NULL")


def test_memory_is_kept_only_once_the_batch_is_saved(tmp_path: Path):
    """A batch that cannot be judged and saved leaves what is remembered as it was."""

    class Remembering:
        def batches(self, request: Request, http: Http) -> Iterator[Batch]:
            bad = RawMessage("facebook", "1", PAGE.id, Kind.POST, None, "1")  # type: ignore[arg-type]
            yield Batch(memory={"etag": "a"})
            yield Batch((bad,), memory={"etag": "b"})

    visiting = Visiting(tmp_path, school(posts=1))
    assert Outcome.PARTIAL == visiting.visit(collector=Remembering()).outcome
    with visiting.open() as store:
        assert {"etag": "a"} == store.memory(PAGE.id)


def test_nothing_is_remembered_that_was_not_judged_or_holds_a_number(tmp_path: Path):
    """A batch that a detector failed on must come again; a site's own words are as foreign as any text."""

    class Remembering:
        def batches(self, request: Request, http: Http) -> Iterator[Batch]:
            post = RawMessage("facebook", "1", PAGE.id, Kind.POST, "Opslag", "1")
            yield Batch((post,), memory={"etag": '"a"', "moved": "https://x.dk/311299-1234"})

    flaky = Flaky()
    visiting = Visiting(tmp_path, school(posts=1))
    visiting.visit(collector=Remembering(), engine=Engine([flaky]))
    assert [("{}",)] == visiting.rows("SELECT memory FROM pages")
    flaky.mended = True
    visiting.visit(collector=Remembering(), engine=Engine([flaky]))
    assert [('{"etag": "\\"a\\""}',)] == visiting.rows("SELECT memory FROM pages")


def test_a_mark_of_our_own_is_never_taken_for_a_number():
    """Of 5,000 in hex digits 27 hold what looks like one: a page whose mark was dropped was read again in vain."""
    marks = [digest(str(number)) for number in range(5000)]
    assert marks == [mask(one) for one in marks]
    assert len(marks) == len(set(marks))


CSV = "post_id;comment_id;created_time;author;text\n1_2;2_1;2026-11-20T10:00:00Z;Bo;Hvornår åbner I?\n"


def test_an_import_goes_the_same_way_and_opens_no_gap(tmp_path: Path):
    """Twice the same file: the second one finds everything as before."""
    visiting = Visiting(tmp_path, school(posts=1))
    file = tmp_path / "kommentarer.csv"
    file.write_text(CSV, encoding="utf-8")
    told: list[Tally] = []
    with visiting.open() as store:
        first = take_in(file, PAGE, store=store, engine=ENGINE, institution=SCHOOL, progress=told.append)
        second = take_in(file, PAGE, store=store, engine=ENGINE, institution=SCHOOL)
    assert first.new >= 1
    assert first == told[-1]
    assert Tally(fetched=first.fetched, unchanged=first.fetched) == second
    assert [("import", "complete")] * 2 == visiting.rows("SELECT source, outcome FROM visits")
    assert [] == visiting.rows("SELECT * FROM gaps")


def test_a_file_of_no_known_form_is_told(tmp_path: Path):
    """Raised for whoever waits, and kept in the row."""
    visiting = Visiting(tmp_path, school(posts=1))
    file = tmp_path / "billede.bin"
    file.write_bytes(bytes(range(256)) * 10)
    with visiting.open() as store, pytest.raises(FileError):
        take_in(file, PAGE, store=store, engine=ENGINE, institution=SCHOOL)
    assert [("failed", "FileError", "viewer")] == visiting.rows("SELECT outcome, error, who FROM visits")


def test_a_refused_thread_becomes_unreachable_and_not_gone(tmp_path: Path):
    """Nothing is known of it."""

    class Refusing:
        def batches(self, request: Request, http: Http) -> Iterator[Batch]:
            yield Batch(refused=frozenset({"104000000000001_5030"}))

    visiting = Visiting(tmp_path, school())
    visiting.visit()
    visiting.visit(collector=Refusing())
    told = visiting.rows("SELECT DISTINCT visibility FROM messages WHERE thread_id = '104000000000001_5030'")
    assert [("unreachable",)] == told


def test_what_a_refused_thread_listed_stays_visible(tmp_path: Path):
    """The post and a comment came, the rest was refused; the same again writes nothing."""

    class Refusing:
        def batches(self, request: Request, http: Http) -> Iterator[Batch]:
            yield Batch(spoken("1", "2"), refused=frozenset({"1"}))

    visiting = Visiting(tmp_path, school(posts=1))
    visiting.visit(collector=Saying(*spoken("1", "2", "3")))
    visiting.visit(collector=Refusing())
    states = "SELECT message_id, visibility FROM messages ORDER BY message_id"
    assert [("1", "visible"), ("2", "visible"), ("3", "unreachable")] == visiting.rows(states)
    before = visiting.dump()
    visiting.clock.move(3600)
    assert Outcome.COMPLETE == visiting.visit(collector=Refusing()).outcome
    assert before == visiting.dump()


def spoken(*names: str) -> tuple[RawMessage, ...]:
    """The post "1" and comments under it."""
    return tuple(
        RawMessage(
            "facebook", name, PAGE.id, Kind.POST if name == "1" else Kind.COMMENT, f"Tak for nummer {name}", "1",
            parent_id=None if name == "1" else "1", created_at=START,
        )
        for name in names
    )  # fmt: skip


class Saying:
    """A collector that lists what it was given, whole."""

    def __init__(self, *messages: RawMessage) -> None:
        self.messages = messages

    def batches(self, request: Request, http: Http) -> Iterator[Batch]:
        yield Batch(self.messages, whole=frozenset({"1"}), posts_since=request.since)


def test_a_reminder_takes_an_answer_back(tmp_path: Path):
    """The case waits again, the same reply does not answer it again, a new one does, and a repeated visit is calm."""
    post = spoken("1")[0]
    asked, reply, reminder, second = (
        replace(
            post, message_id=name, kind=Kind.REPLY if hangs != "1" else Kind.COMMENT, parent_id=hangs, text=text,
            by_page=own, created_at=START + timedelta(minutes=number), author_id=None if own else "7",
        )
        for number, (name, hangs, text, own) in enumerate((
            ("2", "1", "Hvornår åbner svømmehallen igen?", False),
            ("3", "2", "Det vender vi tilbage med.", True),
            ("4", "2", "Jeg har stadig ikke fået svar.", False),
            ("5", "2", "Den åbner på mandag.", True),
        ))
    )  # fmt: skip
    visiting = Visiting(tmp_path, school(posts=1))
    state = (
        "SELECT status, answered_at IS NULL, (SELECT message_id FROM messages WHERE id = answer), revision FROM cases"
        " WHERE category = 'inquiry' AND message = (SELECT id FROM messages WHERE message_id = '2')"
    )
    for thread, expected in (
        ([post, asked], ("new", 1, None, 1)),
        ([post, asked, reply], ("answered", 0, "3", 2)),
        ([post, asked, reply, reminder], ("new", 1, "3", 3)),
        ([post, asked, reply, reminder, replace(post, message_id="9", kind=Kind.COMMENT)], ("new", 1, "3", 3)),
        ([post, asked, reply, reminder, second], ("answered", 0, "5", 4)),
    ):
        for _ in range(2):
            visiting.clock.move(3600)
            assert Outcome.COMPLETE == visiting.visit(collector=Saying(*thread)).outcome
            assert [expected] == visiting.rows(state)


def test_a_reply_after_one_that_a_person_took_for_none_answers(tmp_path: Path):
    """One that stood there when they took the case does not; where nobody acts, the first reply stays the answer."""
    post, asked, *replies = spoken("1", "2", "3", "4", "5")
    asked = replace(asked, text="Hvornår åbner svømmehallen igen?")
    first, second, third = (
        replace(one, kind=Kind.REPLY, parent_id="2", by_page=True, created_at=START + timedelta(hours=hours))
        for hours, one in zip((1, 2, 9), replies, strict=True)
    )
    visiting = Visiting(tmp_path, school(posts=1))
    told = "SELECT status, (SELECT message_id FROM messages WHERE id = answer) FROM cases WHERE category = 'inquiry'"
    for thread in ((post, asked, first), (post, asked, first, second)):
        visiting.visit(collector=Saying(*thread))
        assert [("answered", "3")] == visiting.rows(told)
    visiting.clock.move(5 * 3600)
    with visiting.open() as store:
        ((case, revision),) = visiting.rows("SELECT id, revision FROM cases WHERE category = 'inquiry'")
        store.take(ALL, "anna", case, revision)
    visiting.visit(collector=Saying(post, asked, first, second, spoken("6")[0]))
    assert [("taken", "3")] == visiting.rows(told)
    visiting.clock.move(5 * 3600)
    visiting.visit(collector=Saying(post, asked, first, second, third))
    assert [("answered", "5")] == visiting.rows(told)


def test_a_second_visit_to_a_page_begins_nothing(tmp_path: Path):
    """While one runs, another says so and leaves its row, the gaps and the platform alone."""
    visiting = Visiting(tmp_path, school(posts=1))
    second: list[VisitResult] = []
    http = visiting.http()

    class Slow:
        def batches(self, request: Request, http_of_first: Http) -> Iterator[Batch]:
            second.append(visiting.visit(http))
            yield Batch()

    assert Outcome.COMPLETE == visiting.visit(collector=Slow()).outcome
    assert (PassingError, Outcome.FAILED, 0) == (type(second[0].error), second[0].outcome, http.calls)
    assert "under way" in str(second[0].error)
    assert [("complete", None)] == visiting.rows("SELECT outcome, error FROM visits")
    assert [] == visiting.rows("SELECT * FROM gaps")
    assert Outcome.COMPLETE == visiting.visit().outcome


def test_a_quiet_page_that_was_read_back_fills_its_gap(tmp_path: Path):
    """Nothing was listed, and the platform says that this is all there was."""

    class Quiet:
        def batches(self, request: Request, http: Http) -> Iterator[Batch]:
            yield Batch(reached=True)

    visiting = Visiting(tmp_path, school(posts=1))
    visiting.visit(collector=Quiet())
    visiting.clock.move(3 * 86400)
    visiting.visit(collector=Quiet())
    assert [(1,)] == visiting.rows("SELECT filled FROM gaps WHERE ended_at IS NOT NULL")


def test_a_long_file_does_not_stay_in_memory(tmp_path: Path):
    """Threads that never end are let go of, and are read from the store where a later batch goes on with them."""
    visiting = Visiting(tmp_path, school(posts=1))
    post, asked, filler, reply = spoken("1", "2", "3", "4")
    asked = replace(asked, text="Hvornår åbner svømmehallen igen?")
    hung = {"kind": Kind.REPLY, "parent_id": "2", "by_page": True, "created_at": START + timedelta(hours=1)}
    reply = replace(reply, text="På mandag.", **hung)
    with visiting.open() as store:
        intake = Intake(PAGE, store=store, engine=ENGINE, institution=SCHOOL, clock=visiting.clock, keep=2)
        for batch, held in (((post, asked), 2), ((filler,), 0), ((reply,), 4)):
            intake.save(Batch(batch), lambda _: None)
            assert held == sum(map(len, intake._threads.values()))
    assert [("4",)] == visiting.rows(
        "SELECT message_id FROM messages WHERE id IN (SELECT answer FROM cases WHERE status = 'answered')"
    )


def test_a_batch_is_saved_remembered_and_counted_or_none_of_it(tmp_path: Path):
    """What stops between saving and counting leaves neither."""
    visiting = Visiting(tmp_path, school(posts=1))

    def stopped(tally: Tally) -> None:
        raise KeyboardInterrupt

    with visiting.open() as store:
        intake = Intake(PAGE, store=store, engine=ENGINE, institution=SCHOOL, clock=visiting.clock)
        with pytest.raises(KeyboardInterrupt):
            intake.save(Batch(spoken("1", "2"), memory={"etag": "a"}), stopped)
        assert {} == store.memory(PAGE.id)
    assert [] == visiting.rows("SELECT * FROM messages")


class Flaky:
    """A detector that fails until it is mended."""

    name = "flaky"
    version = 1
    mended = False

    def find(self, texts: Sequence[Text]) -> Iterator[tuple[int, Finding]]:
        if not self.mended:
            raise RuntimeError("not today")
        yield from ()


def test_what_could_not_be_judged_is_judged_again(tmp_path: Path):
    """A detector that fails costs no message; the next visit tries again though nothing changed."""
    flaky = Flaky()
    visiting = Visiting(tmp_path, school(posts=3))
    visiting.visit(engine=Engine([flaky]))
    assert 0 == visiting.rows("SELECT count(*) FROM messages WHERE failed = '[]'")[0][0]
    flaky.mended = True
    visiting.visit(engine=Engine([flaky]))
    assert 0 == visiting.rows("SELECT count(*) FROM messages WHERE failed <> '[]'")[0][0]


def test_a_page_of_no_known_platform_is_the_operators(tmp_path: Path):
    """The visit's row says so like any other failure."""
    visiting = Visiting(tmp_path, school(posts=1), page=replace(PAGE, platform="myspace"))
    result = visiting.visit()
    assert (PageSetupError, Outcome.FAILED) == (type(result.error), result.outcome)
