"""Made-up threads to judge: the labelled texts with other words and lengths, as often of each kind as on real pages.

One message in twenty opens a thread on a page, one in seventeen is the page's reply; of the others one in sixteen asks
something and one in sixty tells of somebody's private matters (the shares of `dataset`), the rest is small talk, with a
name in one of six and a word of illness, money and the like in one of ten, as in 3,500 real comments that were looked
at. Lengths are log-normal around 90 characters. Words that nobody wrote before keep coming, about one a text, as there.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from analysis.base import Text
from analysis.engine import Engine
from analysis.lexicon import names
from analysis.threads import EARLIER
from data.types import Kind

LABELLED = Path(__file__).parents[1] / "data" / "labelled"
THREAD, REPLIES = 20, 17
ASKS, BREACH, RUDE = 0.062, 0.017, 0.005  # shares of what others write
TELLING = 0.3  # share of small talk drawn from all of it; the rest names nobody
NUMBERS = 0.1  # share of texts with a number
NEW_WORDS = 0.045  # share of words
INSTITUTIONS = ("skole", "dagtilbud", "plejecenter", "bibliotek", "kultur", "vej_park", "kommune")
_WORD = re.compile(r"[a-zæøå]{4,}")
_NUMBERS = (
    *("140572-{0:04d}", "23 45 {0:04d}", "Elmevej {1}", "24/01{0:04d}", "kl. {1}.30", "{0:04d}"),
    *("AB 12 {2}", "d. {1}. maj 2026", "{1}", "{2} kr."),
)


class Comments:
    """Threads from a seed. `mixed` draws every comment from all labelled texts alike: hardly one that is easy."""

    def __init__(self, seed: int = 7, *, mixed: bool = False) -> None:
        self._dice = random.Random(seed)
        self._mixed = mixed
        self._pools = _pools()
        self._words = sorted({word for text in self._pools["talk"] for word in _WORD.findall(text)})
        self._given, self._family = sorted(names("given")), sorted(names("family"))

    def texts(self, count: int) -> list[Text]:
        """So many texts, thread after thread."""
        made: list[Text] = []
        while len(made) < count:
            made.extend(self._thread())
        return made[:count]

    def _thread(self) -> Iterator[Text]:
        institution = self._dice.choice(INSTITUTIONS)
        post = self._text("page")
        yield Text(post, by_page=True, kind=Kind.POST, platform="facebook", institution=institution)
        said: list[str] = []
        for _ in range(THREAD - 1):
            by_page = self._dice.random() < 1 / REPLIES
            text = self._text("page" if by_page else self._kind())
            author = "" if by_page else f"{self._dice.choice(self._given)} {self._dice.choice(self._family)}".title()
            earlier = tuple(said[-EARLIER:])
            yield Text(text, post, by_page, Kind.COMMENT, "facebook", institution, author, earlier)
            said.append(text)

    def _kind(self) -> str:
        if self._mixed:
            return "any"
        fall = self._dice.random()
        kinds = (("breach", BREACH), ("asks", BREACH + ASKS), ("rude", BREACH + ASKS + RUDE))
        return next((kind for kind, most in kinds if fall < most), "talk")

    def _text(self, kind: str) -> str:
        """One text of a kind, small talk cut to its length."""
        dice, pool = self._dice, self._pools[kind]
        plain = self._pools["plain"]
        text = dice.choice(plain if kind == "talk" and dice.random() > TELLING else pool)
        if kind in {"talk", "page"}:
            length = min(2000, max(3, int(dice.lognormvariate(4.45, 0.8))))
            while len(text) < length:
                text = f"{text} {dice.choice(plain)}"
            text = text[: text.find(" ", length) % (len(text) + 1)]
        return " ".join(self._changed(text.split(" ")))

    def _changed(self, words: list[str]) -> Iterator[str]:
        """The words, some of them new, and sometimes a number among them."""
        dice = self._dice
        place = dice.randrange(len(words)) if dice.random() < NUMBERS else -1
        for at, word in enumerate(words):
            if at == place:
                number = dice.choice(_NUMBERS)
                yield number.format(dice.randrange(10_000), dice.randrange(1, 30), dice.randrange(100, 999))
            new = dice.random() < NEW_WORDS
            yield dice.choice(self._words) + dice.choice(self._words) if new else word


def _pools() -> Mapping[str, list[str]]:
    """The labelled texts by what they are."""
    pools: dict[str, list[str]] = {"page": [], "any": [], "breach": [], "asks": [], "rude": [], "talk": []}
    for path in sorted(LABELLED.glob("dev_*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            pools[_kind_of(item)].append(item["text"])
            if not item["by_page"]:
                pools["any"].append(item["text"])
    pools["plain"] = list(_plain(pools["talk"]))
    return pools


def _plain(texts: list[str]) -> Iterator[str]:
    """The texts without a name or a private matter."""
    for text, judged in zip(texts, Engine().judge([Text(text) for text in texts]), strict=True):
        if not {finding.detector for finding in judged.findings} & {"person", "matter", "identifying"}:
            yield text


def _kind_of(item: Mapping[str, object]) -> str:
    if item["by_page"]:
        return "page"
    kinds = (("breach", "breach"), ("tone", "rude"), ("inquiry", "asks"))
    return next((kind for field, kind in kinds if item[field] != "none"), "talk")
