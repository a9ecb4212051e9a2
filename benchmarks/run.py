"""All figures in one run: `make bench`. Ratios are what can be compared between machines.

Each part is a program of its own and may be run alone; what it prints is passed on.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

FEW, MANY = 10_000, 1_000_000


def main() -> int:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sideblik-bench-") as folder:
        few, many = Path(folder) / "few.db", Path(folder) / "many.db"
        failed = [
            title
            for title, arguments in (
                ("Judging, one core", ["judging"]),
                ("Saving", ["saving"]),
                ("Visiting the sandbox", ["visiting"]),
                ("Every platform", ["platforms"]),
                (f"A database of {FEW:,} messages", ["dataset", str(few), str(FEW)]),
                (f"A database of {MANY:,} messages", ["dataset", str(many), str(MANY)]),
                ("Writing the weekly CSV", ["report", str(few), str(many)]),
                ("Henvendelser in a browser", ["screens", str(few), str(many)]),
                ("Every view against an empty page", ["views", str(many)]),
            )
            if _part(title, arguments)
        ]
    print(f"\nDone in {time.monotonic() - begun:.0f} s." + (f" Failed: {', '.join(failed)}." if failed else ""))
    return 1 if failed else 0


def _part(title: str, arguments: list[str]) -> int:
    print(f"\n{title}\n{'-' * len(title)}", flush=True)
    module, *rest = arguments
    return subprocess.run([sys.executable, "-m", f"benchmarks.{module}", *rest], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
