"""Judges texts: every detector over the whole batch, then the rules over what they found.

    Text … ──► Batch ──► each Detector.find ──► Finding … ──► rules.verdict ──► Judgement …

A detector is found by being a file in `analysis/detectors/` with a module-level `detector`. One that raises, or gives
a span outside the text, costs its own findings in that text and is named in `Judgement.failed`.
"""

from __future__ import annotations

import hashlib
import importlib
import logging
import pkgutil
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis import detectors as detector_folder
from analysis import rules
from analysis.base import Detector, Text
from analysis.scan import Batch
from data.types import Finding, Judgement

log = logging.getLogger(__name__)

_CONTACT_TYPES = frozenset({"phone", "email", "address", "account"})
_WHO = _CONTACT_TYPES | {"person", "identifying", "cpr", "case_number", "plate"}
_SCORED_BREACH = frozenset({"model_breach", "model_clear"})
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
        self._ignored = _Ignored(ignore or Ignore())
        self.version = _version(self.detectors)

    def judge(self, texts: Sequence[Text]) -> list[Judgement]:
        """One judgement a text, in order. A batch of about 1,000 is fastest; no text is too odd to be judged."""
        batch = Batch(texts)
        findings: list[list[Finding]] = [[] for _ in batch]
        failed: list[list[str]] = [[] for _ in batch]
        for detector in self.detectors:
            _run(detector, batch, findings, failed)
        return [self._verdict(*one) for one in zip(batch, findings, failed, strict=True)]

    def _verdict(self, text: Text, findings: list[Finding], failed: list[str]) -> Judgement:
        if findings:
            findings = self._ignored.without(text.text, findings)
            findings.sort(key=_place)
        try:
            judgement = rules.verdict(text, findings)
        except Exception as error:  # noqa: BLE001 a rule that fails must not cost the text
            log.warning("the rules failed on a text: %s", type(error).__name__)
            judgement = Judgement(findings=tuple(findings))
            failed = [*failed, "rules"]
        return Judgement(
            judgement.inquiry,
            judgement.topic,
            judgement.urgent,
            judgement.breach,
            judgement.tone,
            judgement.findings,
            judgement.because,
            tuple(failed),
            self.version,
        )


class _Ignored:
    """Takes out findings that the municipality listed as its own."""

    def __init__(self, ignore: Ignore) -> None:
        self.names = frozenset(name.casefold() for name in ignore.names)
        self.contacts = frozenset(_plain(contact) for contact in ignore.contacts if not contact.startswith("@"))
        self.domains = tuple(contact.casefold() for contact in ignore.contacts if contact.startswith("@"))

    def without(self, text: str, findings: list[Finding]) -> list[Finding]:
        if not (self.names or self.contacts or self.domains):
            return findings
        kept = [f for f in findings if not self._covers(f.type, text[f.start : f.end])]
        if len(kept) < len(findings) and not any(f.type in _WHO for f in kept):
            return [f for f in kept if f.reason not in _SCORED_BREACH]  # the score has read the name as well
        return kept

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


def _run(detector: Detector, batch: Batch, findings: list[list[Finding]], failed: list[list[str]]) -> None:
    try:
        found = list(_valid(detector.find(batch), batch))
    except Exception as error:  # noqa: BLE001 whatever a detector raises, the texts must be judged
        log.warning("detector %s failed on a batch, trying text by text: %s", detector.name, type(error).__name__)
        found = list(_one_by_one(detector, batch, failed))
    for index, finding in found:
        findings[index].append(finding)


def _one_by_one(detector: Detector, batch: Batch, failed: list[list[str]]) -> Iterator[tuple[int, Finding]]:
    for index, text in enumerate(batch):
        alone = Batch([text])
        try:
            found = [finding for _, finding in _valid(detector.find(alone), alone)]
        except Exception as error:  # noqa: BLE001 as above
            log.warning("detector %s could not judge a text: %s", detector.name, type(error).__name__)
            failed[index].append(detector.name)
        else:
            yield from ((index, finding) for finding in found)


def _valid(found: Iterator[tuple[int, Finding]], batch: Batch) -> Iterator[tuple[int, Finding]]:
    for index, finding in found:
        if not 0 <= index < len(batch) or not 0 <= finding.start < finding.end <= len(batch[index].text):
            raise BadSpanError(f"{finding.detector} gave a span that lies outside its text")
        yield index, finding


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
