"""Words that rise: what counts as more, and what is never shown."""

from __future__ import annotations

from analysis.rising import LEAST_BEFORE, Written, rising, words_of


def usual(count: int = LEAST_BEFORE) -> list[Written]:
    return [Written("Hvornår lukker svømmehallen om mandagen?", False, f"t{n}", f"k{n}", "A.B.") for n in range(count)]


def new(text: str, writers: int, texts: int = 6, **fields) -> list[Written]:
    given = {"thread": "t", "author_name": "", **fields}
    return [Written(text, True, author_key=f"k{n % writers}", **given) for n in range(texts)]


def found(written: list[Written]) -> dict[str, int]:
    return {one.word: one.texts for one in rising(written) or []}


def test_a_word_that_was_not_used_rises():
    """And one that everybody used all along does not."""
    written = usual() + new("Hvornår bliver fortovet ryddet for glatføre?", 4)
    assert {"glatføre", "fortovet", "ryddet", "bliver"} == set(found(written))


def test_more_texts_are_no_rise():
    """A week with ten times as many inquiries of the same kind has no rising word."""
    written = usual() + [Written(one.text, True, one.thread, one.author_key, "A.B.") for one in usual(300)]
    assert {} == found(written)


def test_few_texts_and_few_writers_are_left_out():
    """Four texts, or any number by two people, tell more of somebody than of the municipality."""
    assert "glatføre" not in found(usual() + new("glatføre", 4, texts=4))
    assert "glatføre" not in found(usual() + new("glatføre", 2, texts=40))
    assert "glatføre" in found(usual() + new("glatføre", 3, texts=5))


def test_one_person_in_many_threads_is_one():
    """Keys differ from thread to thread; initials do not."""
    same = [Written("glatføre", True, f"t{n}", f"k{n}", "C.D.") for n in range(9)]
    assert "glatføre" not in found(usual() + same)
    others = [Written("glatføre", True, f"t{n}", f"k{n}", f"{'ABC'[n % 3]}.D.") for n in range(9)]
    assert "glatføre" in found(usual() + others)


def test_nothing_is_told_of_too_little():
    """With next to nothing before, nobody can say what is usual."""
    assert rising(usual(LEAST_BEFORE - 1) + new("glatføre", 4)) is None


def test_names_are_never_counted():
    """Known ones in small letters, unknown ones by their capital, marked ones by their place, parts of addresses."""
    assert set() == words_of("karlas", ())
    assert set() == words_of("Hr. Xylofonsen og XYLOFONSEN", ())
    assert {"nabo"} == words_of("snurrebas nabo", [(0, 9)])
    assert {"skriv"} == words_of(
        "skriv @glatfører glatfører@nørreå.dk www.nørreå.dk/glatfører ███glatfører 8glatfører", ()
    ) - {"nørreå"}
