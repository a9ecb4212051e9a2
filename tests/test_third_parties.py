"""Who is named in what is handed on is taken out of all of it, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.third_parties import ThirdParties
from data.types import Finding


def masked(*texts: str) -> list[str]:
    veil = ThirdParties()
    for text in texts:
        veil.add(text)
    return [veil.masked(text) for text in texts]


def test_a_name_is_taken_out_of_every_text() -> None:
    """Told as a name in one text, it is gone from those that write it small, shouted or in the genitive."""
    shown = masked("Min nabo Karla Brink var der.", "enig med karla", "KARLAS mor", "hos Brink's", "Karlastrand")
    assert ["Min nabo █████ █████ var der.", "enig med █████", "██████ mor", "hos ███████", "Karlastrand"] == shown


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Ring til mig på 28 12 34 56 i aften", "28 12 34 56"),
        ("Hun har 28123456.", "28123456"),
        ("Skriv til oda.lund@example.dk", "oda.lund@example.dk"),
        ("Hun bor på Møllevej 12 her i byen", "Møllevej 12"),
        ("Tak @oda.lund@social.example", "@oda.lund@social.example"),
        ("Se https://example.dk/oda.lund?x=1 nu", "/oda.lund?x=1"),
        ("Jens-Peter var også med", "Jens-Peter"),
    ],
)
def test_ways_to_somebody_are_taken_out(text: str, gone: str) -> None:
    """Numbers, addresses, handles, what follows the host of a link, and names with a hyphen."""
    (shown,) = masked(text)
    assert gone not in shown
    assert text.replace(gone, "".join(" " if sign == " " else "█" for sign in gone)) == shown


def test_what_nobody_is_named_in_stays() -> None:
    """Questions, dates, hours and the page's own places are read as before."""
    texts = ["Hvornår åbner I på lørdag?", "Mødet er den 3. december kl. 19.00.", "Drengen med den røde cykel"]
    assert texts == masked(*texts)


def test_a_kept_finding_and_a_writer_count_too() -> None:
    """What was found when the text was judged, and how writers are called, also where no list knows the name."""
    veil = ThirdParties()
    veil.add("Xaxa har det skidt", [Finding("person", 1, "person", 0, 4, 0.9, "person_given")])
    veil.add_writer("Qimmeq Qa")
    assert "████ og ██████" == veil.masked("xaxa og qimmeq")


def test_a_name_that_is_learned_late_counts_too() -> None:
    """Also where a text was masked before it was known."""
    veil = ThirdParties()
    before = veil.masked("Zuzzi var der")
    veil.add_writer("Zuzzi")
    assert ("Zuzzi var der", "█████ var der") == (before, veil.masked("Zuzzi var der"))


@given(st.text(max_size=200), st.text(max_size=12))
def test_lengths_and_blanks_stay(text: str, name: str) -> None:
    """Whatever somebody wrote or is called: places in the text stay right, and nothing but signs become blocks."""
    veil = ThirdParties()
    veil.add_writer(name)
    veil.add(text)
    shown = veil.masked(text)
    assert [one.isspace() for one in text] == [one.isspace() for one in shown]
    assert all(new in (old, "█") for old, new in zip(text, shown, strict=True))
