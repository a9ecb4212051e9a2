"""A text's judgement is its own: it does not depend on which other texts are judged with it, or in what order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.base import Text
from analysis.engine import Engine
from data.types import Judgement

ENGINE = Engine()
TEXTS = tuple(
    Text(words, context=context, by_page=by_page, institution="skole")
    for words in (
        "",
        "Hvornår åbner børnehaven igen",
        "Min nabo Lene Holm har fået en depression og ligger på psykiatrisk",
        "Ring til mig på 23 45 67 89, hilsen Karl Brink",
        "Hun er dement og bor på stue 4",
        "I er nogle idioter alle sammen!!",
        "Der lugter af gas på Elmevej 4, kom nu",
        "Tak for en dejlig dag ❤️",
        "Har stadig ikke fået svar",
    )
    for context in ("", "Vi siger tillykke til Lene Holm.")
    for by_page in (False, True)
)
ALONE = [ENGINE.judge([text])[0] for text in TEXTS]


def _in_batches(texts: tuple[Text, ...], size: int) -> list[Judgement]:
    return [judged for at in range(0, len(texts), size) for judged in ENGINE.judge(texts[at : at + size])]


def test_one_batch_and_batches_of_seven_answer_as_text_by_text() -> None:
    """The size of a batch changes nothing."""
    assert ALONE == _in_batches(TEXTS, len(TEXTS))
    assert ALONE == _in_batches(TEXTS, 7)


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(len(TEXTS))))
def test_any_order_gives_each_text_its_own_judgement(order: list[int]) -> None:
    """Shuffled texts keep their judgements."""
    assert [ALONE[at] for at in order] == ENGINE.judge([TEXTS[at] for at in order])
