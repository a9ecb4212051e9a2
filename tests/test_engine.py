"""The engine: every detector runs, none can cost a text, and the version tells when answers may change."""

from __future__ import annotations

import importlib
import pkgutil

import numpy as np
import pytest

from analysis import detectors as folder
from analysis.base import Text
from analysis.engine import Engine, Ignore, discover
from data.types import Breach, Finding, Tone


class Marks:
    """Finds every occurrence of a word; raises on the texts it was told to."""

    def __init__(self, name="marks", word="x", *, version=1, fails_on="", places=None, kind="cpr"):
        self.name, self.version = name, version
        self.word, self.fails_on, self.places, self.kind = word, fails_on, places, kind

    def find(self, texts):
        for index, text in enumerate(texts):
            if self.fails_on and self.fails_on in text.text:
                raise ValueError(text.text)
            start = text.text.find(self.word)
            if start >= 0:
                places = self.places or (start, start + len(self.word))
                yield index, Finding(self.name, self.version, self.kind, *places, 0.9, "r")


def texts(*words: str) -> list[Text]:
    return [Text(word) for word in words]


def test_a_detector_is_found_by_being_a_file():
    """Every module of the folder with a `detector` runs, under its file's name."""
    modules = [importlib.import_module(f"analysis.detectors.{m.name}") for m in pkgutil.iter_modules(folder.__path__)]
    expected = {m.__name__.rpartition(".")[2] for m in modules if hasattr(m, "detector")}
    assert expected == {detector.name for detector in discover()}
    assert {"cpr", "phone", "email", "address", "account", "case_number", "plate"} <= expected


def test_each_text_has_its_own_judgement():
    """Findings land in the text that they belong to, in the order of their places."""
    first, second, third = Engine([Marks(), Marks("other", "y", kind="phone")]).judge(texts("y x", "nothing", "x"))
    assert [(0, "phone"), (2, "cpr")] == [(f.start, f.type) for f in first.findings]
    assert () == second.findings
    assert Breach.CLEAR is third.breach


def test_no_texts_no_judgements():
    """An empty batch is no error."""
    assert [] == Engine().judge([])


def test_a_detector_that_raises_costs_its_own_text_only():
    """The batch is tried again text by text; the one that fails is named, all others keep their findings."""
    engine = Engine([Marks(fails_on="bad"), Marks("other", "b", kind="phone")])
    first, bad, last = engine.judge(texts("x", "x bad", "x"))
    assert ((), ("marks",), ()) == (first.failed, bad.failed, last.failed)
    assert (["marks"], ["other"], ["marks"]) == tuple([f.detector for f in j.findings] for j in (first, bad, last))


class Weighs(Marks):
    """Says of every text that it is rude; raises on the texts it was told to."""

    heads = ("tone",)

    def weigh(self, texts):
        list(self.find(texts))
        return np.ones((len(texts), 1), np.float32)


def test_a_detector_that_cannot_weigh_one_text_weighs_the_others():
    """Its rows go to the rules; the text that it fails on is told as not judged and has none."""
    first, bad = Engine([Weighs(word="-", fails_on="bad")]).judge(texts("x", "x bad"))
    assert (Tone.ABUSE, ()) == (first.tone, first.failed)
    assert (Tone.NONE, ("marks",)) == (bad.tone, bad.failed)


@pytest.mark.parametrize("places", [(-1, 1), (1, 1), (2, 1), (0, 99)])
def test_a_span_outside_the_text_is_a_failure(places):
    """What cannot be shown is not kept, and the text counts as not judged."""
    (judgement,) = Engine([Marks(places=places)]).judge(texts("x"))
    assert (("marks",), ()) == (judgement.failed, judgement.findings)


def test_failures_tell_the_log_no_word_of_the_text(caplog):
    """Detector and kind of error, never the message: it may hold what a citizen wrote."""
    Engine([Marks(fails_on="secret")]).judge(texts("secret"))
    assert "marks" in caplog.text
    assert "secret" not in caplog.text


def test_the_version_follows_the_detectors():
    """Another version or another detector is another rule set; the order is not."""
    one, two = Marks("one"), Marks("two")
    assert Engine([one, two]).version == Engine([two, one]).version
    assert Engine([one]).version != Engine([Marks("one", version=2)]).version
    assert Engine([one]).version != Engine([one, two]).version
    assert Engine([one]).version == Engine([one]).judge(texts("x"))[0].rules


def findings(text: str, **ignore: frozenset[str]) -> list[str]:
    (judgement,) = Engine(ignore=Ignore(**ignore)).judge([Text(text)])
    return [text[f.start : f.end] for f in judgement.findings if f.type in {"phone", "email"}]


def test_the_municipalitys_own_contacts_are_ignored():
    """A number in any way of writing it, an address, and a whole domain."""
    text = "Ring 75 62 10 20 eller 23 45 67 89, skriv til bo@eksempel.example eller lis@andet.example"
    own = frozenset({"+45 75621020", "@eksempel.example"})
    assert ["23 45 67 89", "lis@andet.example"] == findings(text, contacts=own)
    assert 4 == len(findings(text))


def test_what_the_score_saw_of_an_own_name_is_ignored_too():
    """A text whose one name is the municipality's own is no breach, though the trained score read that name."""
    told = Text("Torkild Vang er indlagt med en depression og har mistet sit job")
    (before,) = Engine().judge([told])
    (after,) = Engine(ignore=Ignore(names=frozenset({"Torkild Vang"}))).judge([told])
    assert (Breach.CLEAR, Breach.NONE) == (before.breach, after.breach)


def test_the_municipalitys_own_names_are_ignored():
    """A listed name is no person to protect."""
    engine = Engine([Marks("names", "Lene Holm", kind="person")], ignore=Ignore(names=frozenset({"lene holm"})))
    assert () == engine.judge(texts("Tak til Lene Holm"))[0].findings


def test_every_detector_declares_its_reasons():
    """The codes that a detector can give are data, so that each can be asked for its Danish sentence."""
    for detector in discover():
        assert bool(detector.reasons) != hasattr(detector, "heads"), f"{detector.name} weighs or finds"
        assert all(isinstance(reason, str) for reason in detector.reasons)


ODD = ["", " ", "\x00", "\n\x00\n", "😀" * 50, "İ" * 20, "0" * 10_000, "a" * 100_000, "\u202e1234", "█" * 40, "\ud800"]


def test_no_text_is_too_odd():
    """Empty, enormous, invisible and broken texts are judged, alone and together."""
    engine = Engine()
    together = engine.judge(texts(*ODD))
    assert [()] * len(ODD) == [judgement.failed for judgement in together]
    assert together == [engine.judge([Text(text)])[0] for text in ODD]
