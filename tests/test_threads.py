"""What only the whole thread shows: context, answers, and inquiries that are open again."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from analysis.masking import masked
from analysis.threads import EARLIER, answers, in_order, settled, texts_of
from data.types import Kind, RawMessage

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
POST = RawMessage(
    "facebook", "post", "p", Kind.POST, "Vi lukker torsdag", "post", created_at=NOON, by_page=True, author_name="Skolen"
)


def said(name: str, minute: int, text: str, *, by: str = "", to: str = "post") -> RawMessage:
    """A comment, or a reply where it hangs on another than the post; `by` "" is the page."""
    return RawMessage(
        "facebook",
        name,
        "p",
        Kind.COMMENT if to == "post" else Kind.REPLY,
        text,
        "post",
        parent_id=to,
        created_at=NOON + timedelta(minutes=minute),
        by_page=not by,
        author_name=by or "Skolen",
        author_id=by,
    )


def answered(*messages: RawMessage) -> dict[str, str]:
    return {answer.inquiry_id: answer.answer_id for answer in answers([POST, *messages])}


ASKED = said("q", 1, "Er der åbent fredag?", by="Bo Holm")


def test_the_pages_reply_answers_what_it_hangs_on():
    """Parent and child, with the time of the reply."""
    (answer,) = answers([POST, ASKED, said("a", 2, "Ja", to="q")])
    assert ("q", "a", NOON + timedelta(minutes=2)) == dataclasses.astuple(answer)


def test_any_reply_of_the_page_counts():
    """A bare thanks too: whether it is a good answer is for people."""
    assert {"q": "a"} == answered(ASKED, said("a", 2, "Tak", to="q"))


def test_the_first_reply_counts():
    """A second reply does not make the first one later."""
    assert {"q": "a"} == answered(ASKED, said("a", 2, "Ja", to="q"), said("b", 3, "Velkommen", to="q"))


def test_a_later_reply_in_the_branch_answers_what_stands_before_it():
    """The page answers at the foot of the branch; both who asked there are answered."""
    more = said("r", 2, "Og lørdag?", by="Lis Krog", to="q")
    assert {"q": "a", "r": "a"} == answered(ASKED, more, said("a", 3, "Begge dage", to="q"))


def test_a_reply_to_a_reply_stays_in_the_branch():
    """Where the platform hangs replies on replies, the branch is followed up to its comment."""
    more = said("r", 2, "Og lørdag?", by="Lis Krog", to="q")
    assert {"q": "a", "r": "a"} == answered(ASKED, more, said("a", 3, "Begge dage", to="r"))


def test_another_branch_is_not_answered():
    """Whoever asked beside it still waits."""
    beside = said("x", 2, "Hvad med SFO?", by="Lis Krog")
    assert {"q": "a"} == answered(ASKED, beside, said("a", 3, "Ja", to="q"))


@pytest.mark.parametrize("greeting", ["Hej Lis, ja", "@Lis Krog ja", "Kære Lis. Ja", "Lis Krog ja", "hej Lis!"])
def test_a_greeting_picks_the_writer(greeting):
    """One of several in a branch, or outside of it, is answered by name."""
    more = said("r", 2, "Og lørdag?", by="Lis Krog", to="q")
    assert {"r": "a"} == answered(ASKED, more, said("a", 3, greeting, to="q"))
    beside = said("x", 2, "Og lørdag?", by="Lis Krog")
    assert {"x": "a"} == answered(ASKED, beside, said("a", 3, greeting))


def test_a_greeting_finds_initials_in_stored_threads():
    """Kept messages have initials only, and are answered by name all the same."""
    thread = [POST, ASKED, said("x", 2, "Og lørdag?", by="Lis Krog"), said("a", 3, "Hej Lis, ja")]
    kept = [masked(message, digest=str, author_key=lambda thread_id, author: author) for message in thread]
    assert [("x", "a")] == [(answer.inquiry_id, answer.answer_id) for answer in answers(kept)]


def test_a_writer_stored_and_new_is_one():
    """Half of the thread is kept with initials, half just read with names; the greeting means one person."""
    earlier, later = said("x", 2, "Og lørdag?", by="Lis Krog"), said("y", 3, "Og søndag?", by="Lis Krog")
    kept = masked(earlier, digest=str, author_key=lambda thread_id, author: author)
    found = answers([POST, ASKED, kept, later, said("a", 4, "Hej Lis, ja")])
    assert ["x", "y"] == [answer.inquiry_id for answer in found]


def test_a_name_that_two_writers_share_picks_nobody_outside_the_branch():
    """Two called Bo: the greeting is no proof."""
    assert {} == answered(ASKED, said("x", 2, "Og lørdag?", by="Bo Krog"), said("a", 3, "Hej Bo, ja"))
    assert {"x": "a"} == answered(ASKED, said("x", 2, "Og lørdag?", by="Bo Krog"), said("a", 3, "Hej Bo Krog, ja"))


def test_a_comment_of_the_page_under_its_own_post_answers_nobody():
    """It hangs on the post and greets no one."""
    assert {} == answered(ASKED, said("a", 3, "Husk madpakken"))


def test_a_citizens_reply_answers_nothing():
    """Only the institution answers for itself."""
    assert {} == answered(ASKED, said("a", 2, "Ja det er der", by="Lis Krog", to="q"))


def test_a_reply_before_the_question_answers_nothing():
    """Time decides, not the order in which the platform lists."""
    late = said("r", 9, "Og lørdag?", by="Lis Krog", to="q")
    assert {"q": "a"} == answered(late, said("a", 3, "Ja", to="q"), ASKED)


@pytest.mark.parametrize(
    "reminder",
    [
        "Har stadig ikke fået svar",
        "Jeg har endnu ikke hørt fra jer",
        "Der er stadig ingen der har svaret",
        "Hvornår kommer der svar?",
        "venter stadig på svar",
        "I svarede jo ikke på spørgsmålet",
    ],
)
def test_a_reminder_opens_the_inquiry_again(reminder):
    """What the page said before the reminder is no answer any more; what it says after is."""
    reply, again = said("a", 2, "Vi vender tilbage", to="q"), said("r", 90, reminder, by="Bo Holm", to="q")
    assert {} == answered(ASKED, reply, again)
    assert ["q"] == settled([POST, ASKED, reply, again]).reopened
    after = said("b", 99, "Ja, kl. 10-14", to="q")
    assert {"q": "b", "r": "b"} == answered(ASKED, reply, again, after)
    assert [] == settled([POST, ASKED, reply, again, after]).reopened


@pytest.mark.parametrize("text", ["Tak for svaret", "Super, så kommer vi stadig", "Aldrig har vi haft en bedre skole"])
def test_a_thanks_reopens_nothing(text):
    """An answer that was good stays one."""
    assert {"q": "a"} == answered(ASKED, said("a", 2, "Ja", to="q"), said("r", 3, text, by="Bo Holm", to="q"))


def test_a_reminder_in_another_branch_reopens_nothing():
    """Each branch is an inquiry of its own."""
    other = said("x", 9, "Har stadig ikke fået svar", by="Lis Krog")
    assert {"q": "a"} == answered(ASKED, said("a", 2, "Ja", to="q"), other)


def test_a_reply_without_a_time_answers_nothing():
    """No time, no measure of how long it took."""
    assert {} == answered(ASKED, dataclasses.replace(said("a", 2, "Ja", to="q"), created_at=None))


def test_a_circle_of_parents_ends():
    """A platform that lists two messages as each other's parents is survived."""
    one, two = said("q", 1, "?", by="Bo", to="r"), said("r", 2, "?", by="Lis", to="q")
    assert isinstance(answered(one, two, said("a", 3, "Ja", to="r")), dict)


def test_messages_without_a_time_keep_their_place():
    """The post first, then by time; what has none stays behind its neighbour."""
    timeless = dataclasses.replace(said("n", 0, "", by="Bo"), created_at=None)
    assert ["post", "q", "n", "r"] == [
        m.message_id for m in in_order([ASKED, timeless, said("r", 5, "", by="Bo"), POST])
    ]


def test_each_text_stands_under_its_post_and_after_those_before_it():
    """In the order given, with the post as context and what was written before, oldest first."""
    later = said("r", 5, "Og lørdag?", by="Lis Krog", to="q")
    second, first, post = texts_of([later, ASKED, POST], "skole")
    assert ("Vi lukker torsdag", ("Er der åbent fredag?",), "Lis Krog", "skole") == (
        second.context,
        second.earlier,
        second.author,
        second.institution,
    )
    assert () == first.earlier
    assert ("", (), True) == (post.context, post.earlier, post.by_page)


def test_a_long_thread_carries_its_newest_texts():
    """Thousands of comments do not make each text carry thousands."""
    thread = [POST, *(said(str(at), at, f"nr {at}", by="Bo") for at in range(EARLIER + 9))]
    assert tuple(f"nr {at}" for at in range(8, EARLIER + 8)) == texts_of(thread)[-1].earlier


def test_a_thread_without_its_post():
    """An import may hold comments alone."""
    assert "" == texts_of([ASKED])[0].context
    assert {"q": "a"} == {a.inquiry_id: a.answer_id for a in answers([ASKED, said("a", 2, "Ja", to="q")])}
