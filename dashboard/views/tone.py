"""Harsh tone, hate and threats: the queue beside the case. Only a person says that it is out of bounds."""

from __future__ import annotations

from dashboard.views._queue import draw
from data.types import Category

if __name__ == "__main__":
    draw(Category.TONE)
