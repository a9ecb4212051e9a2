"""What a CPR number is, and every place of a text that is written like one.

A number is DDMMYY and a serial of four; the first digit of the serial tells the century. Sources: cpr.dk, "Opbygning af
CPR-nummeret"; "Personnumre uden kontrolciffer (modulus 11)", page of 2023-05-10: numbers that fail modulus 11 are
issued since 2007, so it may raise a score and never reject; "Erstatningspersonnummer" (day + 60); HL7 Denmark's core
profiles for D-eCPR and X-eCPR (two letters in the serial).

Two questions are kept apart. `possible` asks whether the digits could be a date in any century: what is written so is
masked. `real` asks the century table: what is written so may be reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from analysis.scan import fold_digits

MASK = "█"
_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_REPLACED = 60
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u20e3\ufe00-\ufe0f\ufeff"
_INVISIBLE_RUN = re.compile(f"[{_INVISIBLE}]+")
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
_BLANKS = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_SLASHES = "\u2044\u2215\uff0f"
_TYPOGRAPHIC = re.compile(f"[{_DASHES}{_BLANKS}{_SLASHES}]")
_PLAIN = str.maketrans({**dict.fromkeys(_DASHES, "-"), **dict.fromkeys(_BLANKS, " "), **dict.fromkeys(_SLASHES, "/")})

_HIDING = re.compile(f"[{_INVISIBLE}](?<=[0-9{MASK}-][{_INVISIBLE}])")
GATE = re.compile(
    rf"[0-9{MASK}](?:(?:[{_INVISIBLE}]*+[^0-9{MASK}\x00{_INVISIBLE}]){{0,3}}+[{_INVISIBLE}]*+[0-9{MASK}]){{5}}"
)
"""Six digits close together, what stands invisible between them not counted: nothing else can hold a number."""

_BETWEEN = r"(?P<mid>\s{0,3}[-/._+:]{1,3}\s{0,3}|\s{1,5}|%2[0DEFdef]|&nbsp;|)"
_DIGITS = r"[0-9]{2}(?P<cut>[ ./-]?)[0-9]{2}(?![0-9])"
_LETTERS = r"[015-7][A-Za-z]{2}[0-9](?![0-9A-Za-z])"
_CROSSED = r"(?P<sign>[xX*?#•●_])(?P=sign){2,3}(?![\w*?#•●])"


def _pattern(digit: str, century: str, serial: str) -> re.Pattern[str]:
    """Matches at every start, also inside another match, so that no wrong start hides a right one.

    The year in four digits is taken before a bare hyphen alone: "14.05.2026 1900" is a date and a time.
    """
    two = digit + "{2}"
    year = rf"(?P<century>{century}(?={two}-))?(?P<yy>{two})"
    day = rf"(?P<dd>{two})(?P<gap>[ ./-]?)(?P<mm>{two})(?P=gap){year}"
    return re.compile(rf"(?<!{digit})(?=(?P<all>{day}{_BETWEEN}(?P<serial>{serial})))")


class Form(StrEnum):
    WRITTEN = "written"
    MASKED = "masked"  # by us, in stored text
    HIDDEN = "hidden"  # the writer crossed the serial out


_PATTERNS = {
    Form.WRITTEN: _pattern("[0-9]", "(?:1[89]|20)", f"{_DIGITS}|{_LETTERS}"),
    Form.MASKED: _pattern(MASK, MASK * 2, rf"{MASK}{{2}}(?P<cut>[ ./-]?){MASK}{{2}}(?!{MASK})"),
    Form.HIDDEN: _pattern("[0-9]", "(?:1[89]|20)", rf"(?P<cut>){_CROSSED}"),
}


_SIGNS = {Form.WRITTEN: re.compile("[0-9]"), Form.MASKED: re.compile(MASK), Form.HIDDEN: re.compile("[xX*?#•●_]{3}")}
"""What each form cannot do without: a look costs a hundredth of the pattern."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Something written like a CPR number, at `[start, end)` of the text as given.

    `places` are the positions of its digits and letters. `day` is DDMMYY and `serial` four characters, both in
    ASCII; `gap` stands within the date, `mid` before the serial, `cut` within the serial, typographic variants folded.
    """

    form: Form
    start: int
    end: int
    places: tuple[int, ...]
    day: str
    serial: str
    gap: str
    mid: str
    cut: str


def shapes(text: str, forms: Iterable[Form] = (Form.WRITTEN,)) -> Iterator[Shape]:
    """Everything written like a CPR number in these forms with a possible date; shapes may overlap."""
    view, places = _view(text)
    for form in forms:
        if not _SIGNS[form].search(view):
            continue
        for match in _PATTERNS[form].finditer(view):
            shape = _shape(form, match, places)
            if _plausible(shape):
                yield shape


def _view(text: str) -> tuple[str, list[int] | range]:
    """The text in plain characters, and where each of them stands in the text as given."""
    plain = fold_digits(text)
    if _TYPOGRAPHIC.search(plain):
        plain = plain.translate(_PLAIN)
    if not _HIDING.search(plain):
        return plain, range(len(text) + 1)
    kept = [at for at, sign in enumerate(plain) if not _INVISIBLE_RUN.match(sign)]
    return "".join([plain[at] for at in kept]), [*kept, len(text)]


def _shape(form: Form, match: re.Match[str], places: list[int] | range) -> Shape:
    parts = [match.span(name) for name in ("dd", "mm", "century", "yy", "serial")]
    signs = [at for start, end in parts for at in range(start, end) if match.string[at] not in " ./-"]
    start, end = match.span("all")
    return Shape(
        form=form,
        start=places[start],
        end=places[end - 1] + 1,
        places=tuple(places[at] for at in signs),
        day=match["dd"] + match["mm"] + match["yy"],
        serial="".join(match.string[at] for at in signs[-4:]),
        gap=match["gap"],
        mid=match["mid"],
        cut=match["cut"] or "",
    )


def _plausible(shape: Shape) -> bool:
    """Whether the form is one that people write, and the date a possible one.

    A serial cut in two is taken only where all is written in pairs (01 02 90 12 34) or the date stands whole
    (010290 12 34): "12.11.26 19.30" is a date and a time.
    """
    if shape.cut and not (shape.mid == shape.gap == shape.cut or (not shape.gap and shape.mid and shape.cut == " ")):
        return False
    return shape.form is Form.MASKED or possible(shape.day)


@lru_cache(maxsize=65536)
def possible(day: str) -> bool:
    """Whether DDMMYY is a day of the calendar in some century."""
    month = int(day[2:4])
    return 1 <= month <= len(_DAYS) and 1 <= _day_of_month(day) <= _DAYS[month - 1]


@lru_cache(maxsize=65536)
def real(day: str, first: str) -> bool:
    """Whether DDMMYY is a date in the century that the serial's first sign stands for; "" asks for any century.

    A date still to come is taken: the analysis knows no clock, and a wrong one would hide a newborn's number.
    """
    month, year = int(day[2:4]), int(day[4:])
    return any(_is_date(century + year, month, _day_of_month(day)) for century in _centuries(year, first))


def _day_of_month(day: str) -> int:
    """The day, 60 taken off where it is a replacement number's."""
    number = int(day[:2])
    return number - _REPLACED if number > _REPLACED else number


def _centuries(year: int, first: str) -> tuple[int, ...]:
    if not first:
        return 1900, 2000
    if first in "0123":
        return (1900,)
    if first in "49":
        return (2000,) if year <= 36 else (1900,)  # noqa: PLR2004
    return (2000,) if year <= 57 else (1800,)  # noqa: PLR2004


def replacement_centuries(first: str) -> str:
    """The century key of an eCPR: X-eCPR writes 1 for 19xx and 7 for 20xx, D-eCPR tells none."""
    return {"1": "0", "7": "5"}.get(first, "")


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def checks(digits: str) -> bool:
    """Whether ten digits pass modulus 11."""
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11 == 0
