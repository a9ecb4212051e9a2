"""Words of insult, demeaning and threat (types `abuse`, `hate`, `threat`). The score weighs them in their company."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.base import Text
from analysis.lexicon import lexicon
from analysis.pictures import seen, speaking
from data.types import Finding

NAME, VERSION = "tone", 1

_BIT = lexicon().bit
_KINDS = {_BIT["tone.insult"]: "abuse", _BIT["tone.slur"]: "hate", _BIT["tone.threat"]: "threat"}
_ANY = sum(_KINDS)


class Tone:
    """Finds words of the lists in what citizens write."""

    name = NAME
    version = VERSION
    reasons = ("tone_abuse", "tone_hate", "tone_threat")

    def find(self, texts: Sequence[Text]) -> Iterator[tuple[int, Finding]]:
        batch, readings, _ = seen(texts)
        for index in speaking(batch, "tone"):
            reading, text = readings[index], batch[index]
            if text.by_page or not reading.all & _ANY:
                continue
            for bit, kind in _KINDS.items():
                for mark in reading.having(bit) if reading.all & bit else ():
                    yield index, Finding(NAME, VERSION, kind, *reading.place(mark.at, mark.end), 0.4, f"tone_{kind}")


detector = Tone()
