"""The veil that the queries draw over what a reader without tasks is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class ThirdPartyVeil:
    """Takes those who are named, and the ways to them, out of texts of one thread; lengths are kept."""

    def masked(self, texts: Sequence[str], names: Iterable[str]) -> list[str]:
        """The texts, without the names that are known already and those that any of them tells."""
        from analysis.third_parties import ThirdParties  # noqa: PLC0415 the detectors cost a second that most views need not

        gathered = ThirdParties()
        for name in names:
            gathered.add_writer(name)
        for text in texts:
            gathered.add(text)
        return [gathered.masked(text) for text in texts]
