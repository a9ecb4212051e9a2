r"""A batch of texts as one joined string, so that a pattern crosses it once instead of once a text.

A compiled pattern costs more to start than to run over ninety characters, so text by text is several times slower
(measured: 20,000-40,000 texts/s against 200,000). The engine hands every detector the same `Batch`, which is also a
plain sequence of texts; what one detector had made (joined, lower case, digits folded) the next one gets for nothing.

    batch = batch_of(texts)                      # in find(): the engine's batch as it is, or a new one in a test
    for index, start, end, match in batch.hits(PATTERN):        ...    # offsets within batch[index].text
    for index in batch.where(GATE): judge_alone(batch[index])   ...    # the few texts that a cheap look lets through

Rules for a pattern: texts are joined by a line break, NUL, a line break. `.`, `\s*`, `[0-9]+`, `\w+` do not cross that,
and `^` and `$` with re.MULTILINE hold at the ends of a text, but `[^x]` would cross: write `[^x\x00]`.
Prefer `[0-9]` to `\d`, and `batch.lower` (`lower=True`) to re.IGNORECASE, which is four times slower.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import overload

import numpy as np
import numpy.typing as npt

from analysis.base import Text
from analysis.keys import Codes, codes_of

SEPARATOR = "\n\x00\n"

_DIGITS = "".join(c for c in map(chr, range(128, sys.maxunicode + 1)) if c.isdigit())
_TO_ASCII = {ord(c): str(unicodedata.digit(c)) for c in _DIGITS}
_FIVE_DIGITS = re.compile(r"[0-9](?:[^0-9\x00]{0,3}[0-9]){4}")

# A character class of all scripts' digits is forty times slower over Danish than this look at the bytes of UTF-8: most
# of these scripts' first bytes are hardly met, and for the rest (E2 dashes and quotes, F0 emoji) whole characters are
# asked for. One alone of the ¹²³ of Latin-1 (C2) is no reason to look: "m²" is everywhere.
_SHARED_FIRST_BYTES = {0xC2, 0xE2, 0xEF, 0xF0}
_RARE_FIRST_BYTES = {c.encode()[0] for c in _DIGITS} - _SHARED_FIRST_BYTES
_COMMON_BYTES = bytes(sorted(set(range(256)) - _RARE_FIRST_BYTES))
_FULL_WIDTH = b"\xef\xbc"
_SIGNS = tuple(
    re.compile(pattern)
    for pattern in (
        rb"\xe2(?:\x81[\xb0-\xb9]|\x82[\x80-\x89]|[\x91-\x93][\x80-\xbf]|\x9d[\xb6-\xbf]|\x9e[\x80-\x93])",
        rb"\xc2[\xb2\xb3\xb9]\xc2[\xb2\xb3\xb9]",
        rb"\xf0(?:[\x90-\x9e]|\x9f[\x84\xaf])",
    )
)


@cache
def _foreign() -> npt.NDArray[np.bool_]:
    """For each character whether it is a digit of another script; the last answers for all that follow."""
    table = np.zeros(max(_TO_ASCII) + 2, bool)
    table[list(_TO_ASCII)] = True
    return table


def fold_digits(text: str) -> str:
    """The text with full-width, Arabic-Indic, circled and all other digits as 0-9. The length stays."""
    if text.isascii():
        return text
    data = text.encode("utf-8", "surrogatepass")
    if data.translate(None, _COMMON_BYTES) or _FULL_WIDTH in data or any(sign.search(data) for sign in _SIGNS):
        return text.translate(_TO_ASCII)
    return text


def lowered(text: str) -> str:
    """Lower case of the same length: `str.lower` makes two characters of the one letter İ."""
    low = text.lower()
    return low if len(low) == len(text) else text.replace("İ", "I").lower()


def _is_letter(codes: Codes, sign: str) -> npt.NDArray[np.bool_]:
    """Which characters are this one, large or small."""
    small: npt.NDArray[np.bool_] = codes == ord(sign.lower())
    return small if sign.lower() == sign.upper() else small | (codes == ord(sign.upper()))


class Batch(Sequence[Text]):
    """Texts and their joined forms, each made once, on first use."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self._texts = tuple(texts)

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, index: int) -> Text: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Text]: ...
    def __getitem__(self, index: int | slice) -> Text | Sequence[Text]:
        return self._texts[index]

    def __iter__(self) -> Iterator[Text]:
        return iter(self._texts)

    @cached_property
    def joined(self) -> str:
        return SEPARATOR.join([t.text for t in self._texts])

    @cached_property
    def sizes(self) -> list[int]:
        """The length of each text."""
        return [len(text.text) for text in self._texts]

    @cached_property
    def codes(self) -> Codes:
        """The code point of each character of `joined`."""
        return codes_of(self.joined)

    @cached_property
    def by_page(self) -> npt.NDArray[np.bool_]:
        """Which texts the institution wrote itself."""
        return np.array([text.by_page for text in self._texts], bool)

    @cached_property
    def lower(self) -> str:
        """`joined` in lower case, of the same length."""
        return lowered(self.joined)

    @cached_property
    def folded(self) -> str:
        """`joined` with every decimal digit as 0-9, of the same length: each text as `fold_digits` has it."""
        foreign = np.flatnonzero(_foreign()[np.minimum(self.codes, len(_foreign()) - 1)])
        if not len(foreign):
            return self.joined
        parts = [text.text for text in self._texts]
        for index in self.texts_at(foreign):
            parts[index] = fold_digits(parts[index])
        return SEPARATOR.join(parts)

    @cached_property
    def bounds(self) -> tuple[list[int], list[int]]:
        """Where each text starts and ends in the joined forms."""
        starts, ends, at, gap = [], [], 0, len(SEPARATOR)
        for size in self.sizes:
            starts.append(at)
            at += size
            ends.append(at)
            at += gap
        return starts, ends

    @cached_property
    def _digit_counts(self) -> npt.NDArray[np.int64]:
        """How many digits, or marks of masked ones, each text holds."""
        same = self.folded is self.joined
        codes = self.codes if same else codes_of(self.folded)
        places = np.flatnonzero(((codes >= ord("0")) & (codes <= ord("9"))) | (codes == ord("█")))
        return np.bincount(np.searchsorted(self.bounds[0], places, side="right") - 1, minlength=len(self))

    def digits(self, least: int = 1) -> list[int]:
        """The indices of the texts that hold so many digits, or marks of masked ones."""
        found: list[int] = np.flatnonzero(self._digit_counts >= least).tolist()
        return found

    @cached_property
    def numbered(self) -> list[int]:
        """The indices of the texts that hold at least five digits close together: about one in ten."""
        return self.where(_FIVE_DIGITS, folded=True, among=self.digits(5))

    def holding(self, *pieces: str) -> list[int]:
        """The indices of the texts that hold any of these pieces of ASCII, in large letters or small.

        Each character of a piece looks only where those before it stood: 0.1 µs a text, where to make the batch lower
        case takes more than one.
        """
        return self.texts_at(np.concatenate([self._places_of(piece) for piece in pieces]))

    def texts_at(self, places: npt.NDArray[np.int64]) -> list[int]:
        """The indices of the texts that hold these places of `joined`."""
        found: list[int] = np.unique(np.searchsorted(self.bounds[0], places, side="right") - 1).tolist()
        return found

    def _places_of(self, piece: str) -> npt.NDArray[np.int64]:
        found = np.flatnonzero(_is_letter(self.codes, piece[0]))
        for at, sign in enumerate(piece[1:], 1):
            found = found[found + at < len(self.codes)]
            found = found[_is_letter(self.codes[found + at], sign)]
        return found

    def folded_text(self, index: int) -> str:
        """One text with its decimal digits as 0-9."""
        if self.folded is self.joined:
            return self._texts[index].text
        starts, ends = self.bounds
        return self.folded[starts[index] : ends[index]]

    def hits(
        self, pattern: re.Pattern[str], *, lower: bool = False, folded: bool = False
    ) -> Iterator[tuple[int, int, int, re.Match[str]]]:
        """Every match as (index of the text, start, end, match), in order; one across two texts is dropped."""
        starts, ends = self.bounds
        index = 0
        for match in pattern.finditer(self._form(lower=lower, folded=folded)):
            start, end = match.span()
            while ends[index] < start:
                index += 1
            if starts[index] <= start and end <= ends[index]:
                yield index, start - starts[index], end - starts[index], match

    def where(
        self,
        pattern: re.Pattern[str],
        *,
        lower: bool = False,
        folded: bool = False,
        among: Sequence[int] | None = None,
    ) -> list[int]:
        """The indices of the texts in which the pattern occurs, ascending; it must not match across two texts.

        `among` are the indices that an earlier, cheaper look left: then only these are looked at, one by one.
        """
        starts, ends = self.bounds
        form = self._form(lower=lower, folded=folded)
        if among is not None:
            return [index for index in among if pattern.search(form, starts[index], ends[index])]
        found, index, last = [], 0, len(self._texts)
        match = pattern.search(form)
        while match:
            start = match.start()
            while ends[index] < start:
                index += 1
            found.append(index)
            index += 1
            if index == last:
                break
            match = pattern.search(form, starts[index])
        return found

    def _form(self, *, lower: bool, folded: bool) -> str:
        if lower:
            return self.lower
        return self.folded if folded else self.joined


def batch_of(texts: Sequence[Text]) -> Batch:
    """The engine's own batch as it is, anything else made into one."""
    return texts if isinstance(texts, Batch) else Batch(texts)
