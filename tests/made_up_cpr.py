"""CPR numbers that belong to nobody: any date but 1 January, and a wrong check digit."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def wrong(day: str, serial: str) -> str:
    """The ten digits, the last one moved where modulus 11 would come out right."""
    number = day + serial
    remainder = sum(w * int(d) for w, d in zip(WEIGHTS, number, strict=True)) % 11
    return number if remainder else number[:9] + str((int(number[9]) + 1) % 10)


def right_and_dead(day: str, start: str) -> str:
    """A number that passes modulus 11 with a birth date of 1858-1899, so that nobody living has it."""
    assert int(day[4:]) >= 58
    assert start[0] in "5678"
    for last in range(1000):
        number = f"{day}{start[0]}{last:03d}"
        if sum(w * int(d) for w, d in zip(WEIGHTS, number, strict=True)) % 11 == 0:
            return number
    raise AssertionError(day)


@st.composite
def numbers(draw) -> str:
    """Ten digits with a real date of the century that the seventh digit tells."""
    born = draw(st.dates(date(1900, 1, 2), date(2036, 12, 31)).filter(lambda d: (d.month, d.day) != (1, 1)))
    first = draw(st.sampled_from("0123" if born.year < 2000 else "4567"))
    return wrong(born.strftime("%d%m%y"), first + draw(st.from_regex(r"[0-9]{3}", fullmatch=True)))


def _century(number: str) -> str:
    return "19" if number[6] in "0123" else "20"


FORMS = {
    "plain": lambda n: n,
    "hyphen": lambda n: f"{n[:6]}-{n[6:]}",
    "space": lambda n: f"{n[:6]} {n[6:]}",
    "spaced hyphen": lambda n: f"{n[:6]} - {n[6:]}",
    "slash": lambda n: f"{n[:6]}/{n[6:]}",
    "point": lambda n: f"{n[:6]}.{n[6:]}",
    "tab": lambda n: f"{n[:6]}\t{n[6:]}",
    "en dash": lambda n: f"{n[:6]}–{n[6:]}",
    "em dash": lambda n: f"{n[:6]} — {n[6:]}",
    "non-breaking hyphen": lambda n: f"{n[:6]}\u2011{n[6:]}",
    "non-breaking space": lambda n: f"{n[:6]}\u00a0{n[6:]}",
    "narrow space": lambda n: f"{n[:6]}\u202f{n[6:]}",
    "pairs": lambda n: f"{n[:2]} {n[2:4]} {n[4:6]}-{n[6:]}",
    "points": lambda n: f"{n[:2]}.{n[2:4]}.{n[4:6]}-{n[6:]}",
    "all pairs": lambda n: " ".join(n[i : i + 2] for i in range(0, 10, 2)),
    "cut serial": lambda n: f"{n[:6]} {n[6:8]} {n[8:]}",
    "full width": lambda n: "".join(chr(0xFF10 + int(d)) for d in n),
    "Arabic-Indic": lambda n: "".join(chr(0x660 + int(d)) for d in n[:6]) + "-" + n[6:],
    "zero width": "\u200b".join,
    "soft hyphen": lambda n: f"{n[:6]}\u00ad{n[6:]}",
    "joiner and hyphen": lambda n: f"{n[:4]}\u2060{n[4:6]}-\ufeff{n[6:]}",
    "keycaps": lambda n: "".join(f"{d}\ufe0f\u20e3" for d in n),
    "address of the web": lambda n: f"{n[:6]}%2D{n[6:]}",
    "two lines": lambda n: f"{n[:6]}\n{n[6:]}",
    "double hyphen": lambda n: f"{n[:6]}--{n[6:]}",
    "far apart": lambda n: f"{n[:6]}    {n[6:]}",
    "whole year": lambda n: f"{n[:4]}{_century(n)}{n[4:6]}-{n[6:]}",
    "whole year with points": lambda n: f"{n[:2]}.{n[2:4]}.{_century(n)}{n[4:6]}-{n[6:]}",
    "superscript": lambda n: "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(d)] for d in n),
    "circled": lambda n: "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(d)] for d in n[:6]) + "-" + n[6:],
    "replacement": lambda n: f"{int(n[:2]) + 60}{n[2:6]}-{n[6:]}",
}


@st.composite
def written(draw) -> tuple[str, str]:
    """A number as someone might write it, and its digits (those of a replacement number have the day + 60)."""
    form, number = draw(st.sampled_from(sorted(FORMS))), draw(numbers())
    digits = f"{int(number[:2]) + 60}{number[2:]}" if form == "replacement" else number
    return FORMS[form](number), digits
