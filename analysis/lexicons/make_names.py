"""Makes `names_given.txt` and `names_family.txt` from the name statistics inside a published wheel.

    pip download --no-deps genda-lens==0.0.3 && python analysis/lexicons/make_names.py genda_lens-0.0.3-py3-none-any.whl

Source: Statistics Denmark, names of the population on 1 January 2023 (free re-use, source to be named), as found in the
wheel of genda-lens 0.0.3 (MIT). A name with few bearers is itself a person, so rare ones are left out. A name that is
also a common word is marked with `*`: it counts as a name only where the sentence says so. What is common is asked of
wordfreq, at build time alone.
"""

from __future__ import annotations

import csv
import io
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from wordfreq import zipf_frequency

FOLDER = Path(__file__).parent
INSIDE = "genda_lens/data/name_aug_csv_files/"
GIVEN = ("first_names_2023_men.csv", "first_names_2023_women.csv")
FAMILY = ("last_names_2023.csv",)
COMMON = 4.3  # zipf; 372 given names are words so common
KNOWN_NAME = 900  # bearers; a common word with more is mostly met as a name ("peter", "anne")

HEADER = """# Source: Statistics Denmark, {kind} names of the population, 1 January 2023, by way of
# genda-lens 0.0.3 (MIT).
# Made by make_names.py; names with fewer than {least} bearers are left out. `*`: also a common word.
"""


def main(wheel: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        _write("names_given.txt", "given", 10, _read(archive, GIVEN))
        _write("names_family.txt", "family", 20, _read(archive, FAMILY))


def _read(archive: zipfile.ZipFile, files: tuple[str, ...]) -> Counter[str]:
    """Bearers of each single-word name, in lower case."""
    counts: Counter[str] = Counter()
    for file in files:
        for row in _rows(archive.read(INSIDE + file).decode("utf-8")):
            name, bearers = row
            if len(name) > 1 and name.replace("-", "").replace("'", "").isalpha():
                counts[name.lower()] += bearers
    return counts


def _rows(text: str) -> Iterator[tuple[str, int]]:
    rows = csv.reader(io.StringIO(text))
    next(rows)
    for name, bearers in rows:
        yield name.strip(), int(bearers)


def _write(file: str, kind: str, least: int, counts: Counter[str]) -> None:
    kept = sorted(name for name, bearers in counts.items() if bearers >= least)
    lines = [name + "*" * _is_word(name, counts[name]) for name in kept]
    text = HEADER.format(kind=kind, least=least) + "\n".join(lines) + "\n"
    (FOLDER / file).write_text(text, encoding="utf-8")


def _is_word(name: str, bearers: int) -> bool:
    frequency = zipf_frequency(name, "da")
    return frequency >= COMMON and (bearers < KNOWN_NAME or frequency >= COMMON + 0.9)


if __name__ == "__main__":
    main(sys.argv[1])
