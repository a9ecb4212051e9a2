"""Own posts with pictures: which ask, what an answer does, and when one asks again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from records import ALL, HOME_PAGE, NOON, SCHOOL_ONLY, SCHOOL_PAGE, Clock, hidden, plain, rows, set_up
from sqlite_utils import Database

from data import queries
from data.errors import ChangedError, OutOfScopeError
from data.m020_photos import m020_photos
from data.persons import Sought
from data.photo_rows import PhotoAnswer, PhotoCount, PhotoView
from data.photos import pictures
from data.store import Store
from data.types import Attachment, Kind

YEAR = timedelta(days=365)
PHOTO = Attachment("photo", "https://example.dk/a.jpg", "Skolegården")


def with_pictures(name, count=1, **fields):
    """A post of the page's own; its digest tells how many pictures it has, as a real one does."""
    return plain(name, f"Se {count} billeder", attachments=(PHOTO,) * count, **fields)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    with Store.open(tmp_path / "sideblik.db", clock=clock) as opened:
        set_up(opened)
        yield opened


def shown(tmp_path, view, clock, scope=ALL, **more):
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        return queries.photos(reader, scope, view, clock(), **more)


def names(tmp_path, view, clock, **more):
    return [row.text for row in shown(tmp_path, view, clock, **more)]


def test_own_posts_with_pictures_ask_and_nothing_else(store, tmp_path, clock):
    """Not a post without pictures, not a citizen's picture, not a link; what is hidden or gone asks nobody."""
    link = Attachment("link", "https://example.dk")
    store.save(SCHOOL_PAGE, [with_pictures("p1"), plain("p2", "Uden"), plain("p3", "Link", attachments=(link,))])
    citizens = [plain("c1", "Hej", attachments=(PHOTO,)), plain("p4", "Gæst", attachments=(PHOTO,), by_page=False)]
    store.save(SCHOOL_PAGE, [*citizens, plain("c2", "Svar", by_page=True, attachments=(PHOTO,))])
    assert ["Se 1 billeder"] == names(tmp_path, PhotoView.WAITING, clock)
    store.save(SCHOOL_PAGE, [hidden(with_pictures("p1"))])
    assert [] == names(tmp_path, PhotoView.WAITING, clock)


@pytest.mark.parametrize(
    ("platform", "kinds", "expected"),
    [
        ("facebook", ["photo", "photo"], 2),
        ("instagram", ["video"], 1),
        ("youtube", ["video"], 0),
        ("youtube", ["photo"], 1),
        ("website", ["file", "link"], 0),
    ],
)
def test_what_counts_as_a_picture(platform, kinds, expected):
    """Photos and films; a film on YouTube is the post itself."""
    made = plain("p1", attachments=tuple(Attachment(kind) for kind in kinds)).message
    assert expected == pictures(replace(made, platform=platform, kind=Kind.POST))


def test_an_answer_holds_for_a_year_and_is_looked_at_again(store, tmp_path, clock):
    """It leaves the waiting ones at once and comes up for review on its day, with the answer that it had."""
    store.save(SCHOOL_PAGE, [with_pictures("p1")])
    (row,) = shown(tmp_path, PhotoView.WAITING, clock)
    store.answer_photo(SCHOOL_ONLY, "anna", row.message, row.revision, PhotoAnswer.CONSENT, "Elevmappen", YEAR)
    assert ([], 1) == (names(tmp_path, PhotoView.WAITING, clock), len(shown(tmp_path, PhotoView.SETTLED, clock)))
    clock.ahead(days=364)
    assert [] == shown(tmp_path, PhotoView.REVIEW, clock)
    clock.ahead(days=1)
    assert [PhotoAnswer.CONSENT] == [one.answer for one in shown(tmp_path, PhotoView.REVIEW, clock)]
    assert [] == shown(tmp_path, PhotoView.SETTLED, clock)


def test_what_was_removed_and_still_stands_asks_again(store, tmp_path, clock):
    """Two days later, where the platform still tells of the picture; once it does not, nothing asks."""
    store.save(SCHOOL_PAGE, [with_pictures("p1")])
    store.answer_photo(ALL, "anna", 1, 1, PhotoAnswer.REMOVED, "", YEAR)
    assert [] == shown(tmp_path, PhotoView.REVIEW, clock)
    clock.ahead(days=2)
    assert [PhotoAnswer.REMOVED] == [one.answer for one in shown(tmp_path, PhotoView.REVIEW, clock)]
    store.save(SCHOOL_PAGE, [with_pictures("p1", 0)])
    for view in PhotoView:
        assert [] == shown(tmp_path, view, clock)


def test_more_pictures_ask_again_and_fewer_do_not(store, tmp_path, clock):
    """An edited text keeps its answer; a picture more ends it, and says so."""
    store.save(SCHOOL_PAGE, [with_pictures("p1", 2)])
    store.answer_photo(ALL, "anna", 1, 1, PhotoAnswer.SITUATION, "", YEAR)
    store.save(SCHOOL_PAGE, [plain("p1", "Rettet", attachments=(PHOTO,) * 2)])
    store.save(SCHOOL_PAGE, [with_pictures("p1", 1)])
    assert [] == shown(tmp_path, PhotoView.WAITING, clock)
    clock.ahead(days=3)
    store.save(SCHOOL_PAGE, [with_pictures("p1", 2)])
    (row,) = shown(tmp_path, PhotoView.WAITING, clock)
    assert (True, 2, clock()) == (row.grown, row.pictures, row.asks_from)
    with pytest.raises(ChangedError):
        store.answer_photo(ALL, "anna", 1, 2, PhotoAnswer.CONSENT, "x", YEAR)
    with pytest.raises(ChangedError):
        store.undo_photo(ALL, "anna", 1)


def test_the_same_batch_again_changes_nothing(store, tmp_path, clock):
    """A visit reads back over days: an answered post stays answered."""
    store.save(SCHOOL_PAGE, [with_pictures("p1")])
    store.answer_photo(ALL, "anna", 1, 1, PhotoAnswer.SITUATION, "", YEAR)
    before = rows(tmp_path, "SELECT * FROM photos")
    store.save(SCHOOL_PAGE, [with_pictures("p1")])
    assert before == rows(tmp_path, "SELECT * FROM photos")


def test_an_answer_is_taken_back(store, tmp_path, clock):
    """The one in force, once; what it took the place of holds again."""
    store.save(SCHOOL_PAGE, [with_pictures("p1")])
    first = store.answer_photo(ALL, "anna", 1, 1, PhotoAnswer.SITUATION, "", YEAR)
    second = store.answer_photo(ALL, "bo", 1, 2, PhotoAnswer.REMOVED, "", YEAR)
    with pytest.raises(ChangedError):
        store.undo_photo(ALL, "bo", first)
    store.undo_photo(ALL, "bo", second)
    assert [PhotoAnswer.SITUATION] == [one.answer for one in shown(tmp_path, PhotoView.SETTLED, clock)]
    store.undo_photo(ALL, "bo", first)
    (row,) = shown(tmp_path, PhotoView.WAITING, clock)
    assert (None, False, 5) == (row.answer, row.grown, row.revision)
    with pytest.raises(ChangedError):
        store.undo_photo(ALL, "bo", first)


def test_the_journal_tells_the_answer_and_not_the_note(store, tmp_path):
    """Who, when, of which post, and which of the three answers."""
    store.save(SCHOOL_PAGE, [with_pictures("p1")])
    store.answer_photo(ALL, "anna", 1, 1, PhotoAnswer.CONSENT, "Mappen hos Ulla", YEAR)
    store.undo_photo(ALL, "bo", 1)
    told = rows(tmp_path, "SELECT actor, action, subject, institution_id, detail FROM journal ORDER BY id")
    detail = '{"answer": "consent"}'
    assert told == [
        ("anna", "photo", "message:1", "skolen", detail),
        ("bo", "photo_undone", "message:1", "skolen", detail),
    ]


@pytest.mark.parametrize(
    "scope",
    [
        replace(SCHOOL_ONLY, institutions=frozenset({"hjemmet"})),
        replace(SCHOOL_ONLY, institutions=frozenset()),
        replace(ALL, acts=False),
        replace(ALL, browse=False),
    ],
    ids=["another's", "nobody's", "reads only", "no browsing"],
)
def test_answers_need_a_scope(store, tmp_path, scope):
    """A post of others sounds like one that does not exist, and nothing is written."""
    store.save(SCHOOL_PAGE, [with_pictures("p1")])
    with pytest.raises(OutOfScopeError) as theirs:
        store.answer_photo(scope, "bo", 1, 1, PhotoAnswer.SITUATION, "", YEAR)
    with pytest.raises(OutOfScopeError) as nobodys:
        store.answer_photo(scope, "bo", 99, 1, PhotoAnswer.SITUATION, "", YEAR)
    assert str(theirs.value) == str(nobodys.value)
    told = store.answer_photo(ALL, "anna", 1, 1, PhotoAnswer.SITUATION, "", YEAR)
    for answer in (told, 99):
        with pytest.raises(OutOfScopeError):
            store.undo_photo(scope, "bo", answer)
    assert [("photo",)] == rows(tmp_path, "SELECT action FROM journal")


def test_lists_go_on_by_key_and_count_what_they_show(store, tmp_path, clock):
    """Newest first over both institutions, no post twice, and the figure of Min dag is the length of the list."""
    for number, page in enumerate([SCHOOL_PAGE, HOME_PAGE] * 3):
        written = NOON - timedelta(days=number)
        store.save(page, [with_pictures(f"p{number}", number + 1, page=page, created_at=written)])
    first = shown(tmp_path, PhotoView.WAITING, clock, limit=4)
    rest = shown(tmp_path, PhotoView.WAITING, clock, before=first[-1].key, limit=4)
    assert [1, 2, 3, 4, 5, 6] == [row.pictures for row in first + rest]
    own = shown(tmp_path, PhotoView.WAITING, clock, page_id=HOME_PAGE.id)
    assert [2, 4, 6] == [row.pictures for row in own]
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        assert PhotoCount(6, 0) == queries.photos_waiting(reader, ALL, clock())
        assert PhotoCount(3, 0) == queries.photos_waiting(reader, SCHOOL_ONLY, clock())
        assert [] == queries.photos(reader, SCHOOL_ONLY, PhotoView.WAITING, clock(), page_id=HOME_PAGE.id)


def test_no_address_of_a_picture_is_in_the_table(store, tmp_path):
    """What is kept beside the attachments of the message is a number."""
    store.save(SCHOOL_PAGE, [with_pictures("p1")])
    assert [(1, "skole_fb", "skolen", 1)] == rows(
        tmp_path, "SELECT message, page_id, institution_id, pictures FROM photos"
    )


def test_a_note_ends_with_the_ledger(store, tmp_path, clock):
    """Retention takes the words of a note out after the ledger's days; the answer stays."""
    store.save(SCHOOL_PAGE, [with_pictures("p1")])
    store.answer_photo(ALL, "anna", 1, 1, PhotoAnswer.CONSENT, "Mappen", YEAR)
    clock.ahead(days=1826)
    store.sweep()
    assert [("consent", "")] == rows(tmp_path, "SELECT answer, note FROM photo_answers")


def test_a_person_s_words_in_a_note_are_found_and_erased(store, tmp_path):
    """Whoever was named in a note against the advice is found by their own request; the answer stays."""
    store.save(SCHOOL_PAGE, [with_pictures("p1")])
    first = store.answer_photo(ALL, "anna", 1, 1, PhotoAnswer.CONSENT, "Mappen om Karla Wauxhall", YEAR)
    found = store.sought(Sought(words=("karla wauxhall",)))
    assert ((first,), 1) == (found.photo_answers, found.figures()["notes"])
    assert (first,) == store.erase(found).photo_answers
    assert [("consent", "")] == rows(tmp_path, "SELECT answer, note FROM photo_answers")


def test_posts_that_are_stored_already_ask_too(store, tmp_path):
    """The step that brings the tables finds the same posts as a visit would have noted."""
    film = (Attachment("video"), Attachment("link"))
    store.save(SCHOOL_PAGE, [with_pictures("p1", 3), plain("p2"), plain("p3", attachments=film)])
    store.save(SCHOOL_PAGE, [plain("c1", attachments=(PHOTO,)), plain("p4", by_page=False, attachments=(PHOTO,))])
    store._conn.execute("UPDATE messages SET platform = 'youtube' WHERE message_id = 'p3'")
    store._conn.execute("DELETE FROM photos WHERE message = 3")  # on YouTube a film is the post
    noted = rows(tmp_path, "SELECT * FROM photos")
    for table in ("photo_answers", "photos"):
        store._conn.execute(f"DROP TABLE {table}")
    m020_photos(Database(store._conn))
    assert [(1, "skole_fb", "skolen", 3)] == [row[:4] for row in noted]
    assert noted == rows(tmp_path, "SELECT * FROM photos")
