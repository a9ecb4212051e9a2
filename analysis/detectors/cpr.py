"""CPR numbers: whole ones (type `cpr`), and those whose serial the writer crossed out (type `identifying`).

What is masked in storage is wider than what is reported here: see `analysis.masking`. A finding wants a date of the
century that the serial tells, and no sign beside it that the number is something else. A word such as "cpr" overrules
every such sign, since the nearest word wins. The mark that masking leaves is found too, by the same signs, so that a
stored text can be judged again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analysis import cpr, near
from analysis.base import Text
from analysis.cpr import Form, Shape
from analysis.scan import batch_of
from data.types import Finding

NAME, VERSION = "cpr", 1
REACH_BEFORE, REACH_AFTER = 40, 14

_CALLED = rf"\b{near.either(NAME, 'called')}[-. ]{{0,2}}{near.either(NAME, 'number')}"
_WORD = re.compile(f"(?P<cpr>{near.either(NAME, 'says')})|(?P<other>{near.either(NAME, 'other')}|{_CALLED})")
_IS_CALLED = re.compile(
    rf"{_CALLED}\.?(?: (?!{near.either(NAME, 'turns')}\b)[^\W\d_]+){{0,3}}(?: {near.either(NAME, 'is')}|:) ?$"
)
_NEAR = re.compile(r"[\w.-]*[^,;!?\n]{0,14}")
_WHEN_BEFORE = re.compile(rf"\b{near.either(NAME, 'when')}[.:]? ?{near.either(NAME, 'before_date')}?$")
_CPR_AFTER = re.compile(rf"^[\s)\]\"'.,:=/-]{{0,4}}{near.either(NAME, 'after')}")
_UNIT_AFTER = re.compile(rf"^ ?{near.either(NAME, 'unit')}")
_GROUP_BEFORE = re.compile(r"[0-9]{4}[ -]{1,3}$")
_ADDRESS_BEFORE = re.compile(r"(?:https?://|www\.)\S*$")
_USUAL_GAP = 3
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-4])[0-5][0-9]")

_BASE = {"cpr_number": 0.85, "cpr_checked": 0.95, "cpr_replacement": 0.8, "cpr_masked": 0.85, "cpr_hidden": 0.6}


class Cpr:
    """Finds CPR numbers in all the forms of `analysis.cpr`."""

    name = NAME
    version = VERSION
    reasons = tuple(_BASE)

    def find(self, texts: Sequence[Text]) -> Iterator[tuple[int, Finding]]:
        batch = batch_of(texts)
        for index in batch.where(cpr.GATE, folded=True, among=batch.digits(6)):
            for finding in _findings(batch[index].text):
                yield index, finding


def _findings(text: str) -> Iterator[Finding]:
    taken = 0
    for shape in sorted(cpr.shapes(text, Form), key=lambda s: (s.start, -s.end)):
        if shape.start < taken:
            continue
        finding = _judge(text, shape)
        if finding:
            taken = shape.end
            yield finding


def _judge(text: str, shape: Shape) -> Finding | None:
    reason = _reason(shape)
    if not reason:
        return None
    said = _said(text, shape)
    if said != "cpr" and (said == "other" or _looks_otherwise(text, shape)):
        return None
    score = min(1.0, _BASE[reason] + (0.1 if said == "cpr" else 0.0))
    kind = "identifying" if shape.form is Form.HIDDEN else "cpr"
    return Finding(NAME, VERSION, kind, shape.start, shape.end, score, reason)


def _reason(shape: Shape) -> str:
    """The reason code, "" where the date is none."""
    if shape.form is Form.MASKED:
        return "cpr_masked"
    if shape.form is Form.HIDDEN:
        return "cpr_hidden" if cpr.real(shape.day, "") else ""
    if not shape.serial.isdigit():
        return "cpr_replacement" if cpr.real(shape.day, cpr.replacement_centuries(shape.serial[0])) else ""
    if not cpr.real(shape.day, shape.serial[0]):
        return ""
    if shape.day[0] > "3":
        return "cpr_replacement"
    return "cpr_checked" if cpr.checks(shape.day + shape.serial) else "cpr_number"


def _said(text: str, shape: Shape) -> str:
    """What the nearest telling word says that the number is: "cpr", "other" or "".

    "other" from close by, or where the line says that the ten digits are a number of that name ("P-nr. på stedet er").
    """
    if _CPR_AFTER.match(text[shape.end : shape.end + REACH_AFTER].lower()):
        return "cpr"
    line = text[max(0, shape.start - REACH_BEFORE) : shape.start].rpartition("\n")[2].lower()
    said = ""
    for match in _WORD.finditer(line):
        near = match.lastgroup == "cpr" or _NEAR.fullmatch(line, match.end())
        said = (match.lastgroup or "") if near else ""
    return "other" if not said and _is_run(shape) and _IS_CALLED.search(line) else said


def _is_run(shape: Shape) -> bool:
    """Ten digits without a sign between: so most other numbers are written, and few CPR numbers."""
    return not (shape.mid or shape.gap or shape.cut)


def _looks_otherwise(text: str, shape: Shape) -> bool:
    """Whether, without the word, something else is likelier: amount, account, time, web address."""
    before = text[max(0, shape.start - REACH_BEFORE) : shape.start]
    if _UNIT_AFTER.match(text[shape.end : shape.end + REACH_AFTER].lower()):
        return True
    if not (shape.mid or shape.gap) and (_GROUP_BEFORE.search(before) or _ADDRESS_BEFORE.search(before)):
        return True
    if _is_oddly_written(shape):
        return True
    return shape.mid == " " and _may_be_clock(shape) and bool(_WHEN_BEFORE.search(before.lower()))


def _is_oddly_written(shape: Shape) -> bool:
    """Forms that only the word makes believable: 01 02 90 1234, 010290 12 34, far apart, in small letters."""
    loose = bool(shape.cut) or (bool(shape.gap) and "-" not in shape.mid)
    far = len(shape.mid) > _USUAL_GAP or "\n" in shape.mid
    small = shape.form is Form.WRITTEN and shape.serial.upper() != shape.serial
    return loose or far or small


def _may_be_clock(shape: Shape) -> bool:
    return shape.form is Form.MASKED or bool(_CLOCK.fullmatch(shape.serial))


detector = Cpr()
