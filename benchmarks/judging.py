"""How many texts a second one core judges with everything on, beside one compiled CPR pattern and presidio-analyzer.

    python -m benchmarks.judging [--texts 100000] [--profile]

Made-up threads of `benchmarks.comments`. The ratios, taken in the same run, are what can be compared between machines;
times are CPU seconds but for the processes, which are judged by the clock. The first pass meets about one word a text
that the process has not seen before, the second knows them all: a running collector lies between.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import re
import resource
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from statistics import median

from analysis.base import Text
from analysis.engine import Engine
from analysis.masking import mask
from benchmarks.comments import Comments
from benchmarks.peers import presidio
from data.types import Breach, Inquiry, Tone

BATCH = 1000
PATTERN = re.compile(r"\b[0-3][0-9][01][0-9][0-9]{2}[- ]?[0-9]{4}\b")
HARD, SLOW = 20_000, 5_000  # texts that are hard to judge; texts for what takes long


def rate(work: Callable[[Sequence[Text]], object], texts: Sequence[Text]) -> float:
    """Texts a second of CPU over all batches."""
    started = time.process_time()
    for at in range(0, len(texts), BATCH):
        work(texts[at : at + BATCH])
    return len(texts) / (time.process_time() - started)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--texts", type=int, default=100_000)
    asked.add_argument("--profile", action="store_true")
    options = asked.parse_args()
    texts = Comments().texts(options.texts)
    if options.profile:
        _profile(texts)
        return
    measure(texts)
    print(f"{'median length':34} {median(len(text.text) for text in texts):10.0f} characters")
    _processes(texts)


def measure(texts: Sequence[Text]) -> None:
    """All figures of one core."""
    engine = Engine()
    floor = rate(lambda batch: [PATTERN.search(text.text) for text in batch], texts)
    _line("one CPR pattern, text by text", floor, floor)
    _line("judging, everything on, first pass", rate(engine.judge, texts), floor)
    judging = rate(engine.judge, texts)
    print(f"{'peak memory, texts included':34} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:10.0f} MB")
    _line("the same texts again", judging, floor)
    hard = Comments(mixed=True).texts(HARD)
    rate(engine.judge, hard)
    _line("labelled texts alone, words known", rate(engine.judge, hard), floor)
    _line("masking, text by text", rate(lambda batch: [mask(text.text) for text in batch], texts), floor)
    peer = presidio()
    if peer is None:
        print("presidio-analyzer is not installed and was left out: pip install -e '.[bench]'")
    else:
        other = rate(peer, texts[:SLOW])
        _line("presidio-analyzer, seven patterns", other, floor)
        print(f"{'judging / presidio-analyzer':34} {judging / other:10.1f}")
    _shares(engine, texts)


def _shares(engine: Engine, texts: Sequence[Text]) -> None:
    """What was judged, so that the figures can be weighed: easy texts are fast."""
    counts: Counter[str] = Counter()
    for at in range(0, len(texts), BATCH):
        for one in engine.judge(texts[at : at + BATCH]):
            counts["with any finding"] += bool(one.findings)
            counts["inquiries"] += one.inquiry is not Inquiry.NONE
            counts["possible breaches"] += one.breach is not Breach.NONE
            counts["rude"] += one.tone is not Tone.NONE
    for name, count in counts.items():
        print(f"{name:34} {100 * count / len(texts):10.1f} % of the texts")


def _processes(texts: Sequence[Text]) -> None:
    """One process beside two, each judging all texts once its words are known."""
    one, two = _by_clock(texts, 1), _by_clock(texts, 2)
    print(f"{'one process, by the clock':34} {one:10,.0f} texts/s")
    print(f"{'two processes':34} {two:10,.0f} texts/s   {two / one:5.2f} of one")


def _by_clock(texts: Sequence[Text], processes: int) -> float:
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        list(pool.map(_judge_all, [len(texts)] * processes))
        started = time.perf_counter()
        list(pool.map(_judge_all, [len(texts)] * processes))
        return processes * len(texts) / (time.perf_counter() - started)


_own: tuple[Engine, list[Text]] | None = None


def _judge_all(count: int) -> None:
    """In a process of its own: the texts are made once, so that none must be sent."""
    global _own  # noqa: PLW0603 the process's own
    _own = _own or (Engine(), Comments().texts(count))
    rate(_own[0].judge, _own[1])


def _profile(texts: Sequence[Text]) -> None:
    engine = Engine()
    rate(engine.judge, texts)
    with cProfile.Profile() as profile:
        rate(engine.judge, texts)
    pstats.Stats(profile).sort_stats("tottime").print_stats(30)


def _line(name: str, texts_a_second: float, floor: float) -> None:
    print(f"{name:34} {texts_a_second:10,.0f} texts/s   {texts_a_second / floor:5.2f} of the pattern")


if __name__ == "__main__":
    main()
