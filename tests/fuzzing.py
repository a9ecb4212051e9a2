"""Foreign input bent out of shape: platforms' answers, export files, the configuration. All ends in a told error.

    python -m tests.fuzzing 10             ten minutes, told per door: runs, slowest, memory, and what nobody told
    python -m tests.fuzzing 10 --atheris   the doors that take bytes, guided by coverage (needs `pip install atheris`)

What the sandbox answers in every dialect, and files of every form, are the material; a drawn number says what is done
to them, so that a failure can be had again from its number.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import httpx

from collectors.http import Http
from collectors.sandbox.dialects import KINDS
from dashboard import settings
from data.errors import SideblikError
from data.types import Outcome
from tests.byte_doors import SEEDS, through
from tests.exported import FACEPAGER, FOURCAT, PAGE, csv_text, read, workbook, written
from tests.test_sandbox_all_dialects import SEED, Run

EXAMPLE = Path(__file__).parent.parent / "dashboard" / "texts" / "sideblik.example.toml"
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 10**30, 1e308, "", " ", "x" * 20_000, "\ud83d", "\x00", [], {}, [[]], [None], {"id": None},
    "2026-13-45T99:99:99+0000", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999+14:00", "1e400", "-0", "🇩🇰" * 99,
)  # fmt: skip
DEEP = 100_000
MOST_MB = 512
DOWNLOADS = (
    '{"comments_v2":[{"timestamp":1794816131,"data":[{"comment":{"comment":"Hej \\u00c3\\u00a5"}}],"title":"Nørreå"}]}',
    '[{"media":[{"uri":"a.jpg","creation_timestamp":1794816131,"title":"Ny legeplads"}]}]',
    '[{"tekst":"Hvornår åbner I?","skrevet":"2026-11-16 08:02","afsender":"Åse"}]',
)


def bent(body: bytes, random: Random) -> bytes:
    """An answer with something done to it: to its bytes, or to what its JSON says."""
    way = random.randrange(8)
    if way == 0:
        return body[: random.randrange(len(body) + 1)]
    if way == 1:
        return _smeared(body, random)
    if way == 2:
        return b"[" * DEEP + body if random.random() < 0.5 else b'{"data":' * 500 + body
    if way == 3:
        return body.decode("utf-8", "replace").encode(random.choice(["utf-16", "latin-1", "cp865"]), "replace")
    with suppress(ValueError):
        tree = json.loads(body)
        for _ in range(random.randint(1, 4)):
            tree = _grafted(tree, random)
        return json.dumps(tree).encode("utf-8", "surrogatepass")
    return _smeared(body, random)


def _smeared(body: bytes, random: Random) -> bytes:
    content = bytearray(body)
    for _ in range(random.randint(1, 8) if content else 0):
        place = random.randrange(len(content))
        content[place : place + random.randint(0, 4)] = random.randbytes(random.randint(0, 6))
    return bytes(content)


def _grafted(tree: Any, random: Random) -> Any:
    """The tree with one of its branches cut off, made many, or made something else."""
    if not isinstance(tree, dict | list) or not tree or random.random() < 0.15:
        return random.choice(ODD)
    keys = list(tree) if isinstance(tree, dict) else list(range(len(tree)))
    key = random.choice(keys)
    deed = random.random()
    if deed < 0.15:
        return {name: tree[name] for name in keys if name != key} if isinstance(tree, dict) else tree * 30
    grown = dict(tree) if isinstance(tree, dict) else list(tree)
    grown[key] = _grafted(tree[key], random)
    return grown


class Bent(httpx.BaseTransport):
    """Passes requests on, and bends some of the answers."""

    def __init__(self, inner: httpx.BaseTransport, random: Random, share: float = 0.35) -> None:
        self.inner, self.random, self.share = inner, random, share

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.inner.handle_request(request)
        if self.random.random() >= self.share:
            return response
        try:
            body = response.read()
        except httpx.HTTPError:
            return response
        headers = {"content-type": response.headers.get("content-type", "")}
        status = self.random.choice([response.status_code] * 8 + [204, 206, 299, 404, 418, 599])
        return httpx.Response(status, headers=headers, content=bent(body, self.random))


def visits(number: int, dialects: int | None = None) -> Counter[Outcome]:
    """Two bent visits and a straight one to pages of every dialect; what nobody told raises."""
    random = Random(number)
    outcomes: Counter[Outcome] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder), SEED, stormy=False)
        straight = run.http
        crooked = Http(
            transport=Bent(run.app, random), clock=run.hand, sleep=run._pause, addresses=lambda _: ["203.0.113.7"]
        )
        run.hand.move(3600)
        for place in random.sample(run.story.places, dialects or len(KINDS)):
            for http in (crooked, crooked, straight):
                run.http = http
                outcomes[run.visit(place)] += 1
                run.hand.move(7 * 3600)
        told = run.store._conn.execute("SELECT page_id, detail FROM visits WHERE error = 'UnexpectedError'").fetchall()
        run.store.close()
    assert [] == [tuple(row) for row in told], (
        f"number {number}: nobody told what was found: {sorted(map(tuple, told))}"
    )
    return outcomes


def files(number: int) -> Counter[str]:
    """A bent file of every form, read to its end or to a FileError."""
    random = Random(number)
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sheet = workbook(folder / "book.xlsx", FOURCAT).read_bytes()
        material = [
            sheet,
            *(text.encode() for text in DOWNLOADS),
            csv_text(FACEPAGER).encode(),
            csv_text(FOURCAT).encode(),
        ]
        for place, content in enumerate(material):
            try:
                found["read"] += bool(read(written(folder / f"any{place}", bent(content, random))))
            except SideblikError:
                found["told"] += 1
    return found


def configuration(number: int) -> Counter[str]:
    """The example configuration with its bytes bent: settings, or a SettingsError."""
    random = Random(number)
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sideblik.toml"
        path.write_bytes(_smeared(EXAMPLE.read_bytes(), random))
        try:
            settings.load(path)
            found["read"] += 1
        except SideblikError:
            found["told"] += 1
    return found


def parsers(number: int) -> Counter[str]:
    """A bent feed, sitemap, front page, robots.txt, event and address through every reader of bytes."""
    random = Random(number)
    return Counter(told=sum(through(bent(seed, random)) for seed in SEEDS))


DOORS: dict[str, Callable[[int], Counter[Any]]] = {
    "visits": visits, "files": files, "configuration": configuration, "parsers": parsers
}  # fmt: skip


def numbers(minutes: float) -> Iterator[int]:
    """New numbers until the time is up."""
    until, number = time.monotonic() + minutes * 60, int(time.time())
    while time.monotonic() < until:
        yield (number := number + 1)


def main(minutes: float) -> None:
    """Every door in turn; prints what it took. Visits log what they meet, and that is what is wanted here."""
    logging.getLogger("collectors").setLevel(logging.CRITICAL)
    runs: Counter[str] = Counter()
    failed: list[str] = []
    slowest: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    for number in numbers(minutes):
        for name, door in DOORS.items():
            began = time.monotonic()
            try:
                for end, count in door(number).items():
                    ends[f"{name} {end}"] += count
            except Exception as problem:  # noqa: BLE001 every kind of failure is what is looked for
                failed.append(f"{name} {number}: {type(problem).__name__} {problem}")
            runs[name] += 1
            slowest[name] = max(slowest[name], int((time.monotonic() - began) * 1000))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(dict(runs), dict(ends), f"slowest ms {dict(slowest)}", f"peak {peak:.0f} MB", *failed, sep="\n")  # noqa: T201 a program's own answer
    sys.exit(bool(failed) or peak > MOST_MB)


def guided(minutes: float) -> None:
    """Atheris on what takes bytes; it stops by itself at the first thing that nobody told."""
    import atheris  # noqa: PLC0415 asked for by name alone

    folder = Path(tempfile.mkdtemp())

    def one(data: bytes) -> None:
        through(data)
        with suppress(SideblikError):
            read(written(folder / "any", data), replace(PAGE))

    atheris.instrument_all()
    atheris.Setup([sys.argv[0], f"-max_total_time={int(minutes * 60)}", f"-rss_limit_mb={MOST_MB}", "-timeout=25"], one)
    atheris.Fuzz()


if __name__ == "__main__":
    (guided if "--atheris" in sys.argv else main)(float(sys.argv[1]))
