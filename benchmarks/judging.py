"""How many texts a second one core judges with everything on, beside one compiled CPR pattern text by text.

    python benchmarks/judging.py [--texts 100000] [--profile]

Made-up comments of realistic lengths (median 90 characters), one in ten with a number. The ratio to the pattern, taken
in the same run, is what can be compared between machines.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import random
import re
import resource
import time
from collections.abc import Callable, Sequence
from statistics import median

from analysis.base import Text
from analysis.engine import Engine
from analysis.masking import mask

BATCH = 1000
PATTERN = re.compile(r"\b[0-3][0-9][01][0-9][0-9]{2}[- ]?[0-9]{4}\b")
WORDS = (  # noqa: SIM905 words read better as words
    "vi jeg det er ikke og at en på med til for har kan skal hvornår åbner børnehaven skolen lukket i dag tak fordi "
    "hjælp mor far barn sygdom Lene Holm plejehjem bussen vejen lygten slukket igen hver uge hej kommunen svar stadig "
    "venter rigtig god idé super arrangement hvad koster billetten fredag kl. hvem kontakter man når Skolevej Nørreå "
    "affald hentes igen cykelstien glat vinter saltet men ellers flot arbejde klapper af jer alle sammen 😀 ❤️ ?"
).split()
NUMBERS = (
    "140572-{0:04d}",
    "23 45 {0:04d}",
    "Elmevej {1}",
    "24/01{0:04d}",
    "kl. {1}.30",
    "{0:04d}",
    "AB 12 {2}",
    "d. 12. maj 2026",
)
SHARE_WITH_NUMBER = 0.1


def comments(count: int, seed: int = 7) -> list[Text]:
    """Made-up comments; lengths are log-normal around 90 characters, as measured on public pages."""
    rng = random.Random(seed)
    return [Text(_comment(rng), context="Vi holder lukket fredag.", institution="skole") for _ in range(count)]


def _comment(rng: random.Random) -> str:
    length = min(2000, max(3, int(rng.lognormvariate(4.5, 0.8))))
    words: list[str] = []
    size = 0
    while size < length:
        words.append(rng.choice(WORDS))
        size += len(words[-1]) + 1
    if rng.random() < SHARE_WITH_NUMBER:
        number = rng.choice(NUMBERS).format(rng.randrange(10_000), rng.randrange(1, 99), rng.randrange(100, 999))
        words.insert(rng.randrange(len(words) + 1), number)
    return " ".join(words)


def rate(work: Callable[[Sequence[Text]], object], texts: Sequence[Text]) -> float:
    """Texts a second over all batches."""
    started = time.process_time()
    for at in range(0, len(texts), BATCH):
        work(texts[at : at + BATCH])
    return len(texts) / (time.process_time() - started)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--texts", type=int, default=100_000)
    asked.add_argument("--profile", action="store_true")
    options = asked.parse_args()
    texts = comments(options.texts)
    started = time.process_time()
    engine = Engine()
    engine.judge(texts[:1])
    print(f"{'first judgement after':34} {time.process_time() - started:10.3f} s")
    if options.profile:
        with cProfile.Profile() as profile:
            rate(engine.judge, texts)
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)
        return
    floor = rate(lambda batch: [PATTERN.search(text.text) for text in batch], texts)
    _line("one CPR pattern, text by text", floor, floor)
    _line("judging, everything on", rate(engine.judge, texts), floor)
    for detector in engine.detectors:
        _line(f"  {detector.name} alone", rate(Engine([detector]).judge, texts), floor)
    _line("masking, text by text", rate(lambda batch: [mask(text.text) for text in batch], texts), floor)
    print(f"{'median length':34} {median(len(text.text) for text in texts):10.0f} characters")
    print(f"{'peak memory':34} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:10.0f} MB")


def _line(name: str, texts_a_second: float, floor: float) -> None:
    print(f"{name:34} {texts_a_second:10,.0f} texts/s   {texts_a_second / floor:5.2f} of the pattern")


if __name__ == "__main__":
    main()
