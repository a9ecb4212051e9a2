"""CPR numbers: what is found, what is left, and why, as tables of sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from made_up_cpr import FORMS, numbers, right_and_dead, wrong

from analysis import cpr
from analysis.base import Text
from analysis.detectors.cpr import detector
from analysis.masking import mask

N = wrong("140572", "1234")
DASHED = f"{N[:6]}-{N[6:]}"


def found(text: str) -> list[tuple[str, str]]:
    return [(f.reason, text[f.start : f.end]) for _, f in detector.find([Text(text)])]


NEEDS_THE_WORD = {"far apart", "all pairs", "cut serial", "two lines", "address of the web"}


@pytest.mark.parametrize("form", sorted(FORMS))
def test_each_written_form_is_found(form):
    """Every form of the table beside the word, and the usual ones without it; the span is what was written."""
    shown = FORMS[form](N).rstrip("\ufe0f\u20e3")
    reason = "cpr_replacement" if form == "replacement" else "cpr_number"
    assert [(reason, shown)] == found(f"Mit cpr-nummer er {shown}, tak")
    assert ([] if form in NEEDS_THE_WORD - {"address of the web"} else [(reason, shown)]) == found(f"Hej, {shown}, tak")


@given(numbers())
def test_every_real_date_is_found(number):
    """Whatever the date and century: found whole, at its place."""
    assert [("cpr_number", number)] == found(f"det er {number}.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"[{DASHED}]", DASHED),
        (f"({DASHED} And)", DASHED),
        (f"cpr:{DASHED}.", DASHED),
        (f"er {N}, ikke 113", N),
        (f"113 {DASHED}", DASHED),
        (f"P-nr. 1234567890, mit cpr er {DASHED}", DASHED),
        (f"Læs journalen, {N[:6]} {N[6:]}, så svært er det ikke", f"{N[:6]} {N[6:]}"),
        (f"den ligger her på {N}, men vi mangler", N),
        (f"Min søn er født {N}", N),
        (f"Ordren er sendt. Skriv til Bo, {DASHED}", DASHED),
        (f"{N} er mit cpr-nummer", N),
        (f"P-nr. på min mor er {N}", N),
        (f"Sagsnr. har jeg ikke, hun er {N}", N),
        (f"Sagsnr. kendes ikke. Bo Holm er {N}", N),
        (f"Fakturanr. på forsiden er {DASHED}", DASHED),
        (f"Det regner, {N}", N),
        (f"regning til {DASHED}", DASHED),
    ],
)
def test_found_beside_signs_and_words(text, expected):
    """Brackets, colons, full stops and other numbers beside it do not hide it; the nearest word decides."""
    assert [("cpr_number", expected)] == found(text)


@pytest.mark.parametrize(
    "text",
    [
        f"P-nr. {N}",
        f"P-nummer: {N}",
        f"P-nr. på stedet her er {N} til jeres papirer",
        f"Fakturanummeret på forsiden var {N}",
        f"Sagsnummer hos kommunen: {N}",
        f"Min reservation nr. {N} er stadig på vej",
        f"policenr. {N}",
        f"Ordrenummer {N}",
        f"ordre {N} er ikke kommet",
        f"fakturanr. {N}",
        f"EAN {N}",
        f"kundenr.: {N}",
        f"tlf {N[:6]} {N[6:]}",
        f"reg.nr. 1234 {N}",
        f"1234 {N}",
        f"Det kostede {N} kr",
        f"https://eksempel.example/nyt/{N}",
        "Mødet er d. 140526 1900",
        "Mødet er 14.05.26 1900",
        f"9{N} og {N}9",
        "310272-1234 er ingen dato",
        "290201-1234 er ingen dato i 1901",
        "141372-1234",
        "0001722123",
        "2026-05-14 1900",
        "1.405.721.234",
        "140572",
        "Vi ses 14/05 kl. 12.34",
    ],
)
def test_look_alikes_are_left(text):
    """Production units, orders, invoices, accounts, amounts, links and dates with times are no finding."""
    assert [] == found(text)


@pytest.mark.parametrize(
    "shown", ["140572-xxxx", "140572-XXXX", "140572-****", "140572 - ????", "140572xxxx", "14.05.72-xxxx"]
)
def test_a_crossed_out_serial_identifies_but_is_no_number(shown):
    """A birth date with the serial hidden is of type identifying."""
    findings = [f for _, f in detector.find([Text(f"Han hedder {shown} i systemet")])]
    assert [("identifying", "cpr_hidden")] == [(f.type, f.reason) for f in findings]


@pytest.mark.parametrize("shown", ["140572-0AB1", "1405721WQ3", "140572 7XY9", "140572-5KK2", "140572-6AZ0"])
def test_letters_in_the_serial(shown):
    """D-eCPR and X-eCPR numbers are found, with a reason of their own."""
    assert [("cpr_replacement", shown)] == found(f"Patienten har {shown} hos os")


@pytest.mark.parametrize("shown", ["140572-2AB1", "140572-1A23", "140572-1wq3", "140526 1kr5"])
def test_other_letters_are_left(shown):
    """Only the serials that are issued, and in capitals where no word says what it is."""
    assert [] == found(f"Varen {shown} her")


def test_a_number_that_checks_scores_higher():
    """Modulus 11 raises the score, and its absence rejects nothing."""
    scores = [f.score for text in (right_and_dead("140572", "5"), N) for _, f in detector.find([Text(text)])]
    assert sorted(scores, reverse=True) == scores
    assert len(set(scores)) == len(scores) == 2


@pytest.mark.parametrize("form", sorted(set(FORMS) - NEEDS_THE_WORD))
def test_stored_text_can_be_judged_again(form):
    """Where the number stood, the mark that masking left is found, at the same place."""
    text = f"Min søn har {FORMS[form](N)}, hjælp"
    (_, before), (_, after) = *detector.find([Text(text)]), *detector.find([Text(mask(text))])
    assert (before.start, before.end, "cpr_masked") == (after.start, after.end, after.reason)


@pytest.mark.parametrize(
    "text",
    [f"P-nr. {N}", f"P-nr. på stedet her er {N}", f"1234 {N}", "Mødet er d. 140526 1900", "Mødet er 14.05.26 1900"],
)
def test_what_was_no_finding_is_none_after_masking(text):
    """A masked order number does not become a breach when stored text is judged again."""
    assert [] == found(mask(text))


@pytest.mark.parametrize(
    ("day", "first", "expected"),
    [
        ("290200", "0", False),
        ("290200", "4", True),
        ("290236", "4", True),
        ("290237", "4", False),
        ("290240", "9", True),
        ("290200", "5", True),
        ("290258", "5", False),
        ("290260", "8", True),
        ("890200", "4", True),
        ("920372", "1", False),
        ("600372", "1", False),
        ("310472", "1", False),
        ("290204", "", True),
    ],
)
def test_the_century_table(day, first, expected):
    """The serial's first digit tells the century, and so whether 29 February was."""
    assert expected == cpr.real(day, first)
