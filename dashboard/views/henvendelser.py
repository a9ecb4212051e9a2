"""Citizens' questions, requests and complaints: the queue beside the case."""

from __future__ import annotations

from dashboard.views._queue import draw
from data.types import Category

if __name__ == "__main__":
    draw(Category.INQUIRY)
