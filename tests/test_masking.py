"""No CPR number goes where anything is kept, whatever way it is written."""

from __future__ import annotations

import dataclasses
import hashlib
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_cpr import FORMS, numbers, right_and_dead, written, wrong

from analysis.masking import identity, initials, mask, masked
from data.types import Attachment, Kind, Message, RawMessage

NUMBER = wrong("140572", "1234")
BORDERS = " ([{:;,.!\"'/\n-–…abÅ=>"


def digest(raw: str) -> str:
    return hashlib.sha256(raw.encode()).hexdigest()[:32]


def author_key(thread_id: str, author_id: str) -> str:
    return digest(thread_id + author_id) if author_id else ""


def raw(**fields: object) -> RawMessage:
    known = {
        "platform": "facebook",
        "message_id": "1_2",
        "page_id": "p",
        "kind": Kind.COMMENT,
        "text": "",
        "thread_id": "1",
    }
    return RawMessage(**(known | fields))


def only_digits(text: str) -> str:
    """The independent look: every digit of every script, and nothing else."""
    return "".join(str(unicodedata.digit(sign)) for sign in text if sign.isdigit())


surroundings = st.text(alphabet="abc ÆØå.,:-/()\n019█👍🏽\u200d", max_size=30)


@given(written(), surroundings, surroundings, st.sampled_from(BORDERS), st.sampled_from(BORDERS))
def test_no_written_form_survives(number, before, after, left, right):
    """In every form and any surroundings the digits are gone and everything else stands where it stood."""
    shown, digits = number
    text = before + left + shown + right + after
    kept = mask(text)
    start = len(before) + 1
    assert len(text) == len(kept)
    assert "" == only_digits(kept[start : start + len(shown)].replace("%2D", ""))
    assert digits not in only_digits(kept[max(0, start - 1) : start + len(shown) + 1])
    assert kept == mask(kept)
    assert all(old == new or (new == "█" and old.isalnum()) for old, new in zip(text, kept, strict=True))


@given(st.text(alphabet=st.characters(exclude_categories=["Nd"]), max_size=60))
def test_text_without_digits_stays(text):
    """Nothing but digits and a serial's letters is ever changed."""
    assert text == mask(text)


@pytest.mark.parametrize("form", sorted(FORMS))
def test_each_form_is_masked_in_place(form):
    """Each written form alone: separators stay, digits go."""
    shown = FORMS[form](NUMBER)
    expected = "".join("█" if c.isdigit() else c for c in shown).replace("%█D", "%2D")
    assert expected == mask(shown)


@pytest.mark.parametrize("serial", ["0AB1", "1WQ3", "7XY9", "5KK2", "6AZ0", "1wq3"])
def test_letters_of_a_replacement_number_are_masked(serial):
    """D-eCPR and X-eCPR numbers carry letters, which tell a person as well as digits do."""
    assert "nr. ██████-████." == mask(f"nr. 140572-{serial}.")


@pytest.mark.parametrize(
    "text",
    [
        "Mødet er 12.11.26 kl. 19.00",
        "Mødet er 12.11.26 19.00 i salen",
        "12-11-2012 10:30",
        "2026-11-22T21:40:27Z og 2012-11-22 1030",
        "https://eksempel.example/1234567890123456/posts/14057212345678",
        "EAN 5798001234567",
        "Ring 22 10 75 12 eller 22107512",
        "DK50 0040 0440 1162 43",
        "140572-xxxx",
        "320572-1234 og 141372-1234 er ingen datoer",
        "uge 14, 15 og 16",
        "1.405.721.234 kr.",
    ],
)
def test_other_numbers_stay(text):
    """Dates with times, time stamps, platforms' ids, phones and IBANs are left as they are."""
    assert text == mask(text)


@pytest.mark.parametrize("word", ["P-nr.", "Ordrenr.", "EAN", "tlf.", "kontonr."])
def test_a_word_does_not_unmask(word):
    """What a word explains away for a finding is masked all the same: a stored number cannot be unstored."""
    assert f"{word} ██████████" == mask(f"{word} {NUMBER}")


def test_a_29_february_that_never_was_is_masked():
    """The century is not asked: 1901 had no 29 February, but a slip of one digit is still somebody's number."""
    assert "██████-████" == mask("290201-1234")


def test_every_field_is_masked():
    """Text, name, link and attachments: no field of a kept message holds the number."""
    shown = FORMS["hyphen"](NUMBER)
    message = masked(
        raw(
            text=f"cpr {shown}",
            author_name=f"Bo {NUMBER}",
            author_id=NUMBER,
            url=f"https://eksempel.example/?cpr={shown}",
            message_id=NUMBER,
            parent_id=shown,
            thread_id=NUMBER,
            attachments=(Attachment("link", url=f"https://eksempel.example/{NUMBER}", text=shown),),
        ),
        digest=digest,
        author_key=author_key,
        author_names="full",
    )
    assert "140572" not in repr(message)
    assert message.message_id == message.thread_id != message.parent_id


@given(numbers())
def test_an_identity_with_a_number_becomes_a_digest(number):
    """A table that uses the number as its key keeps threads together without keeping the number."""
    assert f"masked-{digest(number)}" == identity(number, digest)


@pytest.mark.parametrize("platform_id", ["1234567890123456_987654321098765", "t3_1abcde", "https://x.example/?p=1234"])
def test_a_platforms_identity_stays(platform_id):
    """Ids of platforms are no CPR numbers."""
    assert platform_id == identity(platform_id, digest)


@pytest.mark.parametrize(
    ("names", "by_page", "expected"),
    [
        ("initials", False, "Å.K."),
        ("full", False, "Åse Kjærgaard"),
        ("none", False, ""),
        ("none", True, "Åse Kjærgaard"),
    ],
)
def test_the_writers_name_follows_the_setting(names, by_page, expected):
    """Initials unless the municipality says otherwise; the page's own name always in full."""
    message = masked(
        raw(author_name="Åse Kjærgaard", by_page=by_page), digest=digest, author_key=author_key, author_names=names
    )
    assert expected == message.author_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Åse Kjærgaard", "Å.K."), ("anne-marie  holm", "A.H."), ("", ""), ("😀 Bo", "B."), ("42", "")],
)
def test_initials(name, expected):
    """First letters, whatever stands around them."""
    assert expected == initials(name)


def test_the_digest_notices_an_edit_and_nothing_else():
    """A new text is an edit, also where masking makes both alike; a newly signed picture address is none."""

    def kept(**fields: object) -> Message:
        return masked(raw(**fields), digest=digest, author_key=author_key)

    other = wrong("150572", "1234")
    assert kept(text=NUMBER).text == kept(text=other).text
    assert kept(text=NUMBER).digest != kept(text=other).digest
    picture = Attachment("photo", url="https://eksempel.example/1?sig=a")
    assert kept(attachments=(picture,)).digest == kept(attachments=(dataclasses.replace(picture, url="b"),)).digest


def test_everything_else_is_carried_over():
    """Each field of a raw message that a kept one has too arrives unchanged when it holds no number."""
    at = datetime(2026, 11, 22, tzinfo=UTC)
    given_ = raw(
        text="Hej",
        created_at=at,
        edited_at=at,
        by_page=True,
        author_name="Skolen",
        url="https://x.example",
        comment_count=3,
    )
    message = masked(given_, digest=digest, author_key=author_key)
    shared = {f.name for f in dataclasses.fields(Message)} & {f.name for f in dataclasses.fields(RawMessage)}
    assert {n: getattr(given_, n) for n in shared} == {n: getattr(message, n) for n in shared}


def test_no_author_no_key():
    """A platform that hides the writer gives an empty key, not the hash of nothing."""
    assert masked(raw(), digest=digest, author_key=author_key).author_key == ""


def test_a_number_that_checks_is_masked_too():
    """The rule does not lean on modulus 11 either way."""
    assert "█" * 10 == mask(right_and_dead("140572", "5"))
