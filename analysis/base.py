"""What a detector is given, and what it must be able to do.

    Text ──► Detector.find ──► Finding …  ──► rules ──► Judgement

A detector is a file in `analysis/detectors/` with a module-level `detector`; the engine finds it by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

from data.types import Finding, Kind


@dataclass(frozen=True, slots=True)
class Text:
    """One text with what a judge must know of where it stands.

    `context` is the post that it answers, "" for a post or where it is not known. `institution` is one of the kinds
    of docs/judgement.md. `author` is the writer's name where the platform tells it: a writer naming themself is no
    third person. `earlier` are the texts before it in the same thread, oldest first, the post left out.
    """

    text: str
    context: str = ""
    by_page: bool = False
    kind: Kind = Kind.COMMENT
    platform: str = ""
    institution: str = ""
    author: str = ""
    earlier: tuple[str, ...] = ()


Shares: TypeAlias = npt.NDArray[np.float32]
"""A row a text, a column a head: how likely each is, 0 to 1; 0 where a head is silent."""


class Detector(Protocol):
    """Finds one kind of thing. A detector that raises costs its own findings, never the text."""

    @property
    def name(self) -> str:
        """Unique, and the name of its file."""

    @property
    def version(self) -> int:
        """Raised whenever it may answer otherwise than before."""

    def find(self, texts: Sequence[Text]) -> Iterator[tuple[int, Finding]]:
        """The findings of a whole batch, each with the index of its text, in any order."""


@runtime_checkable
class Weigher(Protocol):
    """A detector whose answer is a number a text and head, not a place: the rules take the rows as they are.

    Most of these numbers move nothing, and a `Finding` for each would cost more than to judge the text.
    """

    heads: tuple[str, ...]

    def weigh(self, texts: Sequence[Text]) -> Shares:
        """How likely each head is for each text."""
