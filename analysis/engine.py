"""Judges texts: every detector over the whole batch, then the rules over what they found.

    Text … ──► Batch ──► each Detector.find ──► Finding … ──► rules.verdict ──► Judgement …

A detector is found by being a file in `analysis/detectors/` with a module-level `detector`. One that raises, or gives
a span outside the text, costs its own findings in that text and is named in `Judgement.failed`.
"""

from __future__ import annotations

import gc
import hashlib
import importlib
import logging
import pkgutil
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np

from analysis import detectors as detector_folder
from analysis import rules
from analysis.base import Detector, Shares, Text, Weigher
from analysis.scan import Batch
from data.types import Finding, Judgement

log = logging.getLogger(__name__)

BATCH = 1000

Found: TypeAlias = tuple[int, Finding]

_CONTACT_TYPES = frozenset({"phone", "email", "address", "account"})
_WHO = _CONTACT_TYPES | {"person", "identifying", "cpr", "case_number", "plate"}
_NO_BREACH = {"breach": 0.0, "clear": 0.0}
_NOT_CONTACT = re.compile(r"[^\w@]+")


@dataclass(frozen=True, slots=True)
class Ignore:
    """The municipality's own names and contact data, which are no one's secret.

    `contacts` holds phone numbers, addresses and e-mail addresses as anyone writes them; "@example.dk" stands for every
    address of that domain.
    """

    names: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()


class BadSpanError(ValueError):
    """A detector gave a place that the text does not have."""


def discover() -> tuple[Detector, ...]:
    """All detectors of the folder, by name. A file without `detector` is a helper of its neighbours."""
    names = sorted(found.name for found in pkgutil.iter_modules(detector_folder.__path__))
    modules = [importlib.import_module(f"{detector_folder.__name__}.{name}") for name in names]
    return tuple(module.detector for module in modules if hasattr(module, "detector"))


class Engine:
    """Judges batches; `version` changes whenever a detector or a rule may answer otherwise than before."""

    def __init__(self, detectors: Sequence[Detector] | None = None, *, ignore: Ignore | None = None) -> None:
        self.detectors = discover() if detectors is None else tuple(detectors)
        self._pairs = [(one, one if isinstance(one, Weigher) else None) for one in self.detectors]
        self._ignored = _Ignored(ignore or Ignore())
        self.version = _version(self.detectors)
        self._nothing = Judgement(rules=self.version)

    def judge(self, texts: Sequence[Text]) -> list[Judgement]:
        """One judgement a text, in order; no text is too odd to be judged.

        Most texts hold nothing and are told so by one and the same judgement. More texts than BATCH are taken in parts:
        larger ones are no faster and weigh more.
        """
        parts = [texts[at : at + BATCH] for at in range(0, len(texts), BATCH)]
        with collecting_later():
            return [judged for part in parts for judged in self._judge(Batch(part))]

    def _judge(self, batch: Batch) -> list[Judgement]:
        work = _Work(batch)
        for detector, weigher in self._pairs:
            work.run(detector, weigher)
        judged = [self._nothing] * len(batch)
        for index, decisive, shares in work.to_ask():
            failed = tuple(work.failed.get(index, ()))
            judged[index] = self._verdict(batch[index], work.findings.get(index, []), decisive, shares, failed)
        return judged

    def _verdict(
        self,
        text: Text,
        findings: list[Finding],
        decisive: bool,
        shares: Callable[[], Mapping[str, float]],
        failed: tuple[str, ...],
    ) -> Judgement:
        findings.sort(key=_place)
        kept = self._ignored.without(text.text, findings)
        if not decisive and rules.nothing_follows(text, kept):
            return Judgement(findings=kept, failed=failed, rules=self.version)
        try:
            weighed = self._ignored.lowered(shares(), findings, kept)
            return rules.verdict(text, kept, weighed, failed=failed, version=self.version)
        except Exception as error:  # noqa: BLE001 a rule that fails must not cost the text
            log.warning("the rules failed on a text: %s", type(error).__name__)
            return Judgement(findings=kept, failed=(*failed, "rules"), rules=self.version)


@contextmanager
def collecting_later() -> Iterator[None]:
    """Without Python's collector of circles, where it was on.

    A batch makes tens of thousands of objects and no circles; to look through all of them and the word lists again and
    again took a tenth of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Work:
    """What the detectors say of one batch so far; nothing is kept for a text of which nothing is said."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.findings: defaultdict[int, list[Finding]] = defaultdict(list)
        self.failed: defaultdict[int, list[str]] = defaultdict(list)
        self._heads: tuple[str, ...] = ()
        self._shares: Shares = np.zeros((len(batch), 0), np.float32)

    def run(self, detector: Detector, weigher: Weigher | None) -> None:
        """Ask a detector about the whole batch, and text by text where it fails on the whole."""
        try:
            found, weighed = _asked(detector, weigher, self.batch)
        except Exception as error:  # noqa: BLE001 whatever a detector raises, the texts must be judged
            log.warning("detector %s failed on a batch, trying text by text: %s", detector.name, type(error).__name__)
            found, weighed = self._one_by_one(detector, weigher)
        for index, finding in found:
            self.findings[index].append(finding)
        if weigher is not None and weighed is not None:
            self._heads += weigher.heads
            self._shares = np.concatenate([self._shares, weighed], axis=1)

    def _one_by_one(self, detector: Detector, weigher: Weigher | None) -> tuple[list[Found], Shares | None]:
        every: list[Found] = []
        rows = np.zeros((len(self.batch), len(weigher.heads)), np.float32) if weigher is not None else None
        for index, text in enumerate(self.batch):
            try:
                found, weighed = _asked(detector, weigher, Batch([text]))
            except Exception as error:  # noqa: BLE001 as above
                log.warning("detector %s could not judge a text: %s", detector.name, type(error).__name__)
                self.failed[index].append(detector.name)
            else:
                every += [(index, finding) for _, finding in found]
                if rows is not None and weighed is not None:
                    rows[index] = weighed[0]
        return every, rows

    def to_ask(self) -> Iterator[tuple[int, bool, Callable[[], Mapping[str, float]]]]:
        """The texts that the rules must see: something was found, a detector failed, or the score decides alone.

        Each with whether the score decides, and its shares by head, made when they are asked for.
        """
        columns = dict(zip(self._heads, self._shares.T, strict=True))
        decisive = rules.decisive(self.batch.by_page, columns)
        asked = sorted({*np.flatnonzero(decisive).tolist(), *self.findings, *self.failed})
        for index, decides, row in zip(asked, decisive[asked].tolist(), self._shares[asked].tolist(), strict=True):
            yield index, decides, partial(_by_head, self._heads, row)


def _by_head(heads: Sequence[str], row: Sequence[float]) -> dict[str, float]:
    return dict(zip(heads, row, strict=True))


def _asked(detector: Detector, weigher: Weigher | None, batch: Batch) -> tuple[list[Found], Shares | None]:
    """What a detector finds, each place within its text, and what it weighs where it does."""
    found = list(detector.find(batch))
    sizes = batch.sizes
    for index, finding in found:
        if not 0 <= index < len(sizes) or not 0 <= finding.start < finding.end <= sizes[index]:
            raise BadSpanError(f"{finding.detector} gave a span that lies outside its text")
    return found, weigher.weigh(batch) if weigher is not None else None


class _Ignored:
    """Takes out findings that the municipality listed as its own."""

    def __init__(self, ignore: Ignore) -> None:
        self.names = frozenset(name.casefold() for name in ignore.names)
        self.contacts = frozenset(_plain(contact) for contact in ignore.contacts if not contact.startswith("@"))
        self.domains = tuple(contact.casefold() for contact in ignore.contacts if contact.startswith("@"))

    def without(self, text: str, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        if not (self.names or self.contacts or self.domains):
            return tuple(findings)
        return tuple(f for f in findings if not self._covers(f.type, text[f.start : f.end]))

    def lowered(
        self, shares: Mapping[str, float], findings: Sequence[Finding], kept: Sequence[Finding]
    ) -> Mapping[str, float]:
        """The shares, a breach's left out where an own name was all that told of somebody: the score read it too."""
        if len(kept) < len(findings) and not any(f.type in _WHO for f in kept):
            return {**shares, **_NO_BREACH}
        return shares

    def _covers(self, kind: str, words: str) -> bool:
        if kind == "person":
            return words.casefold() in self.names
        if kind not in _CONTACT_TYPES:
            return False
        if kind == "email" and self.domains and words.casefold().endswith(self.domains):
            return True
        return _plain(words) in self.contacts


def _plain(contact: str) -> str:
    """A contact without blanks, points and the Danish country code, so that all ways to write it are one."""
    plain = _NOT_CONTACT.sub("", contact.casefold())
    for prefix in ("0045", "45"):
        if plain.isdigit() and plain.startswith(prefix) and len(plain) == len(prefix) + 8:
            return plain[len(prefix) :]
    return plain


def _place(finding: Finding) -> tuple[int, int, str]:
    return finding.start, -finding.end, finding.type


def _version(detectors: Sequence[Detector]) -> str:
    parts = sorted(f"{d.name}:{d.version}" for d in detectors)
    told = hashlib.sha256("|".join([f"rules:{rules.VERSION}", *parts]).encode())
    for path in _word_lists():
        told.update(path.read_bytes())
    return told.hexdigest()[:12]


def _word_lists() -> list[Path]:
    """The lexicons and the weights: a word more may change an answer as much as a rule does."""
    here = Path(__file__).parent
    return sorted([*here.glob("lexicons/*.toml"), *here.glob("lexicons/*.txt"), *here.glob("model/*.tsv")])
