"""Words of insult, demeaning and threat (types `abuse`, `hate`, `threat`). The score weighs them in their company."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.base import Text
from analysis.lexicon import lexicon
from analysis.pictures import cues
from data.types import Finding

NAME, VERSION = "tone", 1

_BIT = lexicon().bit
_KINDS = {_BIT["tone.insult"]: "abuse", _BIT["tone.slur"]: "hate", _BIT["tone.threat"]: "threat"}


class Tone:
    """Finds words of the lists in what citizens write."""

    name = NAME
    version = VERSION
    reasons = ("tone_abuse", "tone_hate", "tone_threat")

    def find(self, texts: Sequence[Text]) -> Iterator[tuple[int, Finding]]:
        for index, kind, place in cues(texts, "tone", _KINDS):
            yield index, Finding(NAME, VERSION, kind, *place, 0.4, f"tone_{kind}")


detector = Tone()
