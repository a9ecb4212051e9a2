"""A batch as arrays says what its texts say one by one: tokens, digits, people and matters, the trained score."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.base import Text
from analysis.forms import ASKS
from analysis.keys import Index, keys_of
from analysis.lexicon import names
from analysis.model.features import cues, pairs, parts
from analysis.model.scorer import CUE, LEAST_WORDS, scorer
from analysis.model.sorts import answers
from analysis.pictures import scores, seen
from analysis.relations import picture
from analysis.scan import Batch, fold_digits
from analysis.tokens import tokens
from analysis.words import read

LABELLED = Path(__file__).parent.parent / "data" / "labelled"
TOKEN = re.compile(r"\w+(?:[.'’/-]\w+)*|[.!?؟？…\n]+|[,:@#;]|[\u2600\u2764\U0001f300-\U0001faff]")
ODD = st.text(alphabet="aÅé1²٣_.!?؟…\n,:@#;-'’/ \x00😀☀❤️█\ud800\U00020000\U000e0101", max_size=12)


def labelled(every: int) -> list[Text]:
    """Some of the labelled texts, each under its post."""
    lines = [line for path in sorted(LABELLED.glob("dev_*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    items = [json.loads(line) for line in lines[::every]]
    return [Text(one["text"], one["context"], one["by_page"], institution=one["institution"]) for one in items]


@settings(max_examples=300, deadline=None)
@given(st.lists(ODD, max_size=5))
def test_tokens_are_those_of_the_pattern(texts: list[str]) -> None:
    """Also beside the joints of a batch, and with signs of rare scripts; a NUL is a blank."""
    found = tokens(Batch([Text(text) for text in texts]))
    spans = list(zip(found.starts.tolist(), found.ends.tolist(), strict=True))
    for index, text in enumerate(texts):
        begin = found.begins[index]
        own = [(start - begin, end - begin) for start, end in spans[found.first[index] : found.first[index + 1]]]
        assert [match.span() for match in TOKEN.finditer(text.replace("\x00", " "))] == own


@settings(max_examples=200, deadline=None)
@given(st.lists(ODD, min_size=1, max_size=5))
def test_digits_of_a_batch_are_folded_as_text_by_text(texts: list[str]) -> None:
    """What another text of the batch holds changes nothing: "m²" stays beside a text in Arabic."""
    batch = Batch([Text(text) for text in texts])
    folded = [fold_digits(text) for text in texts]
    assert folded == [batch.folded_text(index) for index in range(len(texts))]
    counts = [sum(sign in "0123456789█" for sign in text) for text in folded]
    assert [at for at, count in enumerate(counts) if count >= 2] == batch.digits(2)


def test_no_two_names_share_a_key() -> None:
    """38,000 names, each found under its own number."""
    every = sorted({*names("given"), *names("family")})
    keys = keys_of(every)
    index = Index(keys[:-1])
    assert len(every) == len(set(keys.tolist()))
    assert [*range(len(every) - 1), -1] == index.find(keys).tolist()


def test_what_a_look_leaves_out_holds_nothing() -> None:
    """A picture of a batch is the one of a text read alone, with no look before."""
    texts = labelled(3)
    _, _, pictures = seen(Batch(texts))
    alone = {index: picture(read(text.text), text) for index, text in enumerate(texts)}
    assert {index: one for index, one in alone.items() if one.cues} == dict(pictures)


def test_the_score_is_the_sum_over_what_the_training_sees() -> None:
    """The tables of the scorer and the names of the features are two ways to one number."""
    model = scorer()
    texts = labelled(7)
    found = scores(Batch(texts))
    for row, text in zip(found, texts, strict=True):
        reading = read(text.text)
        counted = Counter(part for word in reading.words for part in parts(word.lower))
        counted.update(pairs(reading))
        total = np.array(model.bias, np.float64)
        for feature, count in counted.items():
            if feature in model.at:
                total += count * model.weights[model.at[feature]] / np.sqrt(max(LEAST_WORDS, len(reading.words)))
        for cue in set(cues(reading, text, picture(reading, text))) & model.at.keys():
            total += CUE * model.weights[model.at[cue]]
        told = answers(total[None].astype(np.float32), np.array([text.by_page]))[0]
        assert np.abs(told - row).max() < 1e-3


def test_every_question_mark_asks() -> None:
    """The Arabic one and the one of full width are read as the usual one."""
    usual, *others = (read(f"هل التطعيم مجاني{mark}") for mark in "?؟？")
    assert usual.all & ASKS
    assert [(usual.bits, usual.words[-1].lower)] * 2 == [(other.bits, other.words[-1].lower) for other in others]
