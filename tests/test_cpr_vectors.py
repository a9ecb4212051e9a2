"""What other projects expect of CPR detection, and every disagreement with it, which docs/cpr.md must explain."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from analysis.base import Text
from analysis.detectors.cpr import detector

ROOT = Path(__file__).resolve().parent.parent
VECTORS = ROOT.parent / "shared" / "real" / "cpr_vectors.jsonl"
EXPLAINED = re.compile(r"^\| `([0-9a-f]{8})` \|", re.MULTILINE)


@pytest.mark.skipif(not VECTORS.exists(), reason="the vectors are not here")
def test_each_disagreement_is_explained():
    """A vector that we judge otherwise stands, by a hash of its text, in the table of docs/cpr.md; no row is stale."""
    disagreeing = set()
    for row in map(json.loads, VECTORS.read_text(encoding="utf-8").splitlines()):
        findings = [f for _, f in detector.find([Text(row["text"])]) if f.type == "cpr"]
        if [row["text"][f.start : f.end] for f in findings] != row["expected"]:
            disagreeing.add(hashlib.sha256(row["text"].encode()).hexdigest()[:8])
    explained = set(EXPLAINED.findall((ROOT / "docs" / "cpr.md").read_text(encoding="utf-8")))
    assert explained == disagreeing
