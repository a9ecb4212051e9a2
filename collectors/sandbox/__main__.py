"""`python -m collectors.sandbox --port 0 --seed 7`: serve the demo municipality on loopback.

Prints one JSON line once it listens: {"port": …, "seed": …, "start": …}. Stops on SIGINT and SIGTERM.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
from datetime import UTC, datetime

import uvicorn

from collectors.sandbox.app import build
from collectors.sandbox.demo import LASTS, demo, troubles
from collectors.sandbox.events import Events
from collectors.sandbox.faults import Faults
from collectors.sandbox.load import Load
from collectors.sandbox.scenario import Scenario

SECRET = "SIDEBLIK_META_APP_SECRET"  # noqa: S105 the variable's name


def main() -> None:
    options = _options()
    start = datetime.fromisoformat(options.start) if options.start else datetime.now(UTC).replace(microsecond=0)
    faults = Faults() if options.load or options.calm else troubles()
    scenario = _scenario(options, start)
    app = build(scenario, faults=faults, latency=options.latency, shown=True)
    if options.events:
        Events(scenario, app.state.t, options.events, os.environ.get(SECRET, "")).start()
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", options.port))
        listening.listen(128)
        told = {"port": listening.getsockname()[1], "seed": options.seed, "start": start.isoformat()}
        print(json.dumps(told), flush=True)  # noqa: T201 - whoever started it reads this line
        config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off")
        uvicorn.Server(config).run(sockets=[listening])


def _scenario(options: argparse.Namespace, start: datetime) -> Scenario:
    """The one that was asked for; a demo that began long ago goes on for as long again as a new one."""
    if not options.load:
        return demo(options.seed, start, lasts=max(0.0, (datetime.now(UTC) - start).total_seconds()) + LASTS)
    pages, _, size = options.load.partition("x")
    kinds = tuple(options.kinds.split(","))
    return Load(int(pages), int(size), seed=options.seed, start=start, kinds=kinds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m collectors.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--start", help="the scenario's start as ISO 8601; now if not given")
    parser.add_argument("--load", metavar="PAGESxCOMMENTS", help="30x2000 for measurements, in place of the demo")
    parser.add_argument("--kinds", default="facebook", help="what the pages of --load speak in turn, with commas")
    parser.add_argument("--calm", action="store_true", help="the demo without its own faults")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--events", metavar="URL", help=f"send Meta's events there, signed with the value of {SECRET}")
    return parser.parse_args()


if __name__ == "__main__":
    main()
